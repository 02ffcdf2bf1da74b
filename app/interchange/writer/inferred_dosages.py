"""Write an imported item's dosages: those in the file, else those that repeat in its slots.

The imported span has no computed slots, so these dosages only describe it. They end with the last
slot: a later dosage is the person's decision and is only proposed. Dosages that the person
corrected or added stay; an inferred dosage that would overlap one is dropped.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session

from app.db.tables import table_of
from app.domain.ledger import DoseStatus, Event
from app.domain.quantities import format_number, unit_word
from app.domain.recurrence import InferredDosage
from app.domain.timing import DoseTime, Slot, Timing, TimingKind, window_minutes
from app.i18n import _
from app.language import words
from app.models import DoseEvent, EntryVersion, ImportedSlot, RegimenItem
from app.services.dosages import DosageInput, new_dosage
from app.services.history import Decision, record_state_before
from app.services.regimen_writes import PlannedDosage, plan_of, plan_subject, write_plan


def slots_of(session: Session, regimen_item_id: UUID) -> list[tuple[UUID, Slot]]:
    """Read the imported slots of an item, with their ids, in order."""
    columns = table_of(ImportedSlot).c
    rows = session.execute(
        select_columns(
            *(columns.id, columns.regimen_item_id, columns.due_on, columns.due_time),
            *(columns.amount, columns.unit, columns.window_minutes),
        )
        .where(columns.regimen_item_id == regimen_item_id)
        .where(columns.import_batch_id.is_not(None))
        .order_by(columns.due_on, columns.due_time)
    )
    return [(slot_id, Slot(*rest)) for slot_id, *rest in rows]


def set_windows(session: Session, slots: Sequence[tuple[UUID, Slot]]) -> None:
    """Set how far off each dose is still on time, by the number of doses of its day."""
    of_day = Counter(slot.on for _id, slot in slots)
    wrong = [
        {"slot_id": slot_id, "minutes": window_minutes(of_day[slot.on])}
        for slot_id, slot in slots
        if slot.window_minutes != window_minutes(of_day[slot.on])
    ]
    if wrong:
        table = table_of(ImportedSlot)
        setting = table.update().where(table.c.id == bindparam("slot_id"))
        session.execute(setting.values(window_minutes=bindparam("minutes")), wrong)


def write_inferred_dosages(
    session: Session,
    item: RegimenItem,
    inferred: Sequence[InferredDosage],
    decision: Decision,
) -> tuple[int, str | None]:
    """Write an item's inferred dosages.

    Returns their number, and a sentence about the pattern that seems to continue.
    """
    own = _own_dosages(session, item, decision.device)
    inferred = inferred or _as_needed(session, item.id)
    free = [
        each for each in inferred if not any(each.timing.days.overlaps(other.days) for other in own)
    ]
    plan = sorted([*own, *(_planned(item, each) for each in free)], key=lambda each: each.days[0])
    before = [each.state for each in plan_of(session, item)]
    if [each.state for each in plan] != before:
        if before:
            subject = plan_subject(item.id)
            record_state_before(session, decision, "dosages", subject, {"dosages": before})
        write_plan(session, item, plan, decision)
    return len(free), _proposal(item, inferred, own)


def in_words(unit: str, timing: Timing) -> str:
    """Describe a timing: every day at 08:30, 2 tablets."""
    said, days_before = "", ""
    for each in timing.times:
        amount = f"{format_number(each.amount)} {unit_word(unit, each.amount)}"
        at, days = words.clock(each.at), _days_in_words(timing, each)
        when = _("at {time}, {amount}", time=at, amount=amount)
        if days != days_before:
            when = _("{days} at {time}, {amount}", days=days, time=at, amount=amount)
        said = _("{first}, and {last}", first=said, last=when) if said else when
        days_before = days
    return said


def _days_in_words(timing: Timing, line: DoseTime) -> str:
    """Every day; every Monday and Thursday; every 3 days."""
    if timing.kind is TimingKind.DAILY:
        return _("every day")
    if timing.kind is TimingKind.WEEKDAYS:
        named = [words.weekday(int(digit) - 1) for digit in line.days_of_week]
        return _("every {days}", days=words.joined(named))
    return _("every {n} days", n=timing.every_days)


def _own_dosages(session: Session, item: RegimenItem, source: str) -> list[PlannedDosage]:
    """Return the dosages that the person set: those that differ from the last import's."""
    written = _last_written(session, item, source)
    return [
        each for each in plan_of(session, item) if written.get(str(each.values["id"])) != each.state
    ]


def _last_written(session: Session, item: RegimenItem, source: str) -> dict[str, dict[str, Any]]:
    """Return the dosages of the newest such import, by id, from the history."""
    versions = session.exec(EntryVersion.of_subject(item.user_id, plan_subject(item.id))).all()
    undone = {version.undoes for version in versions}
    plans = [
        version.state
        for version in versions
        if version.device == source and version.state and version.entry_id not in undone
    ]
    return {each["id"]: each for each in plans[-1]["dosages"]} if plans else {}


def _as_needed(session: Session, regimen_item_id: UUID) -> list[InferredDosage]:
    """Return the timing of an item without any slot: as needed."""
    events = [Event._make(row) for row in session.execute(DoseEvent.of_item(regimen_item_id))]
    taken = Counter(
        (event.unit, event.amount) for event in events if event.status is DoseStatus.TAKEN
    )
    if not taken:
        return []
    (unit, amount), _count = taken.most_common(1)[0]
    timing = Timing(TimingKind.AS_NEEDED, events[0].due_on, usual_amount=amount)
    return [InferredDosage(unit, timing)]


def _planned(item: RegimenItem, inferred: InferredDosage) -> PlannedDosage:
    timing = inferred.timing
    dosage = DosageInput(
        unit=inferred.unit,
        kind=timing.kind,
        times=timing.times,
        usual_amount=timing.usual_amount,
        every_days=timing.every_days,
        per_week=timing.per_week,
        per_week_most=timing.per_week_most,
    )
    dosage_id = uuid5(item.id, f"inferred dosage {timing.starts_on}")
    return new_dosage(item, dosage, timing.starts_on, timing.ends_on, dosage_id=dosage_id)


def _proposal(
    item: RegimenItem, inferred: Sequence[InferredDosage], own: list[PlannedDosage]
) -> str | None:
    """Describe the pattern at the end for the person to add; nothing if they have one already."""
    if not inferred or not inferred[-1].timing.kind.has_slots or item.slots_from is not None:
        return None
    last = inferred[-1]
    ends_on = last.timing.ends_on or last.timing.starts_on
    if any(until is None or until > ends_on for _since, until in (each.days for each in own)):
        return None
    rule = in_words(last.unit, last.timing)
    return _("{name} seems to repeat: {rule}. Add this on its page.", name=item.name, rule=rule)
