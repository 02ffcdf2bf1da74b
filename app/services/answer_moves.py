"""Keep answers with their slots when the plan of an item changes.

A change from a day on may remove a slot that was answered: a dose taken this morning at 08:00, and
from today on 2 mg at 09:00. Its answer is kept:

* The answer moves to the slot of the same day that replaces it (`matched_slots`). Its time, amount
  and note stay. So the new slot is not asked for.
* If the new plan has no slot left for it, its old slot is stored, so that it still counts as due
  and is not extra.
* Stored slots without an answer are dropped, as computed ones are.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from uuid import UUID, uuid4, uuid5

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.domain.ledger import Plan
from app.domain.logical_dates import time_order
from app.domain.slot_matching import matched_slots
from app.domain.timing import Slot
from app.models import (
    DoseEvent,
    EntryVersion,
    ImportedRow,
    ImportedSlot,
    RegimenItem,
    User,
    dose_subject,
    slot_event_id,
)
from app.records import DOSE_EVENT
from app.services.history import Decision, append_version, current_version, decided_by


@dataclass(frozen=True, slots=True)
class PlanChange:
    """The plan of an item before and after a change, on the days that it affects."""

    before: Plan
    after: Plan
    first: date
    last: date = date.max


def follow_plan(
    session: Session, item: RegimenItem, change: PlanChange, decision: Decision
) -> None:
    """Move answers to the slots of a changed plan. The plan must be written already."""
    if change.after.slots_from is None:
        return
    later = replace(
        decision,
        entry_id=uuid5(decision.entry_id, "answers follow the plan"),
        changed_at=decision.changed_at + timedelta(microseconds=1),
    )
    first = max(change.first, change.after.slots_from)
    stored: defaultdict[date, list[ImportedSlot]] = defaultdict(list)
    for slot in stored_slots(session, item.id, first, change.last):
        stored[slot.due_on].append(slot)
    events: defaultdict[date, list[DoseEvent]] = defaultdict(list)
    for event in answers_of(session, item.id, first, change.last):
        if event.due_time is not None:
            events[event.due_on].append(event)
    day_starts = session.get_one(User, item.user_id).day_starts_time
    for on in sorted(stored.keys() | events.keys()):
        day = _Day(on, stored[on], events[on], day_starts)
        _follow_on(session, item, change, day, later)
    session.flush()


def answers_of(
    session: Session, regimen_item_id: UUID, first: date, last: date
) -> Sequence[DoseEvent]:
    """Read the logged doses of an item from `first` to `last`, both inclusive."""
    return session.exec(
        select(DoseEvent)
        .where(DoseEvent.regimen_item_id == regimen_item_id)
        .where(col(DoseEvent.due_on).between(first, last))
        .order_by(col(DoseEvent.due_on), col(DoseEvent.occurred_at))
        .execution_options(populate_existing=True)
    ).all()


def stored_slots(
    session: Session, regimen_item_id: UUID, first: date, last: date
) -> Sequence[ImportedSlot]:
    """Read the stored slots of an item from `first` to `last`, both inclusive."""
    return session.exec(
        select(ImportedSlot)
        .where(ImportedSlot.regimen_item_id == regimen_item_id)
        .where(col(ImportedSlot.due_on).between(first, last))
        .order_by(col(ImportedSlot.due_on), col(ImportedSlot.due_time))
    ).all()


def write_event(session: Session, event: DoseEvent, decision: Decision) -> None:
    """Append an event's current state to the history."""
    state = event.model_dump(exclude={"id"})
    append_version(session, decision, kind=DOSE_EVENT.kind, subject=_subject(event), state=state)


def move_event(session: Session, event: DoseEvent, at: time | None, decision: Decision) -> None:
    """Make an event answer another slot of its day, or none.

    The decision that made the event moves with it. So a late answer is compared with that decision
    and not with the change of the plan.
    """
    versions = session.exec(EntryVersion.of_subject(event.user_id, _subject(event))).all()
    standing = current_version(versions)
    append_version(session, decision, kind=DOSE_EVENT.kind, subject=_subject(event), state=None)
    old_id = event.id
    event.due_time = at
    event.id = uuid4() if at is None else slot_event_id(event.regimen_item_id, event.due_on, at)
    session.execute(
        update(ImportedRow)
        .where(col(ImportedRow.user_id) == event.user_id, col(ImportedRow.due_on) == event.due_on)
        .where(col(ImportedRow.event_id) == old_id)
        .values(event_id=event.id)
        .execution_options(synchronize_session=False)
    )
    has_history = session.exec(EntryVersion.of_subject(event.user_id, _subject(event))).first()
    if standing is not None and has_history is None:
        decision = decided_by(standing)
    write_event(session, event, decision)


@dataclass(frozen=True, slots=True)
class _Day:
    """The stored events and slots of one item on one day."""

    on: date
    stored: Sequence[ImportedSlot]
    events: Sequence[DoseEvent]
    day_starts: time

    def times_of(self, slots: Sequence[Slot]) -> list[time]:
        """Return the times of slots, in order of the day."""
        return sorted({slot.at for slot in slots}, key=lambda at: time_order(at, self.day_starts))


def _follow_on(
    session: Session, item: RegimenItem, change: PlanChange, day: _Day, decision: Decision
) -> None:
    stored = [each.slot for each in day.stored]
    old = {slot.at: slot for slot in [*change.before.slots(day.on, day.on), *stored]}
    new = list(change.after.slots(day.on, day.on))
    answers = {event.due_time: event for event in day.events if event.due_time is not None}
    taken = [slot for slot in new if slot.at not in answers or slot.at in old]
    matches = matched_slots(
        day.times_of([*old.values()]), day.times_of(taken), answers.keys() & old.keys()
    )
    for at, event in answers.items():
        if at in old and matches.get(at, at) != at:
            move_event(session, event, matches[at], decision)
    kept = {at for at in answers.keys() & old.keys() if at not in matches}
    for slot in day.stored:
        is_answered = slot.due_time in kept or matches.get(slot.due_time) == slot.due_time
        if not is_answered:
            session.delete(slot)
    for at in kept - {slot.due_time for slot in day.stored}:
        session.add(stored_slot(item, old[at]))


def stored_slot(item: RegimenItem, slot: Slot) -> ImportedSlot:
    """Make a row for a slot that no dosage has any more."""
    return ImportedSlot(
        id=uuid5(item.id, f"kept slot {slot.on} {slot.at:%H:%M}"),
        user_id=item.user_id,
        regimen_item_id=item.id,
        due_on=slot.on,
        due_time=slot.at,
        amount=slot.amount,
        unit=slot.unit,
        window_minutes=slot.window_minutes,
    )


def _subject(event: DoseEvent) -> str:
    return dose_subject(event.id, event.regimen_item_id, event.due_on, event.due_time)
