"""Store slots of an imported file again when a correction needs them again.

A correction removes the stored slots that the corrected dosage does not ask for: "as needed" leaves
none. When that correction is itself corrected, answered slots count again, and so do the file's
slots without an answer. Slots that were in no file are never stored.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, time
from uuid import UUID

from sqlmodel import Session, col, select

from app.domain.timing import Slot, Timing, day_before, window_minutes
from app.models import DoseEvent, ImportedRow, ImportedSlot, RegimenItem
from app.services.answer_moves import answers_of, stored_slot, stored_slots
from app.services.regimen_writes import PlannedDosage


def restore_slots(session: Session, wrong: PlannedDosage, right: PlannedDosage) -> None:
    """Store the slots that `right` asks for and `wrong` did not, within the span of a file."""
    item = session.get_one(RegimenItem, right.values["regimen_item_id"])
    first, last = right.days[0], right.days[1] or date.max
    if item.slots_from is not None:
        last = min(last, day_before(item.slots_from))
    unanswered = _unanswered_rows(session, item.id, first, last)
    answers: defaultdict[date, set[time | None]] = defaultdict(set)
    for event in answers_of(session, item.id, first, last):
        answers[event.due_on].add(event.due_time)
    slots: defaultdict[date, list[ImportedSlot]] = defaultdict(list)
    for slot in stored_slots(session, item.id, first, last):
        slots[slot.due_on].append(slot)
    for on in answers.keys() | unanswered.keys():
        there = {slot.due_time for slot in slots[on]}
        missing = unanswered[on] - len(there - answers[on])
        for asked in _asked_again(wrong.timing, right, on):
            is_answered = asked.at in answers[on]
            if asked.at in there or not (is_answered or missing > 0):
                continue
            missing -= not is_answered
            slots[on].append(stored_slot(item, asked))
        for slot in slots[on]:
            slot.window_minutes = window_minutes(len(slots[on]))
            session.add(slot)
    session.flush()


def _asked_again(wrong: Timing, right: PlannedDosage, on: date) -> Iterator[Slot]:
    """Return the slots of a day in `right` but not in `wrong`, whatever days they cover."""
    timing = right.timing
    if not timing.falls_on(on):
        return
    weekday = str(on.isoweekday())
    named = {each.at for each in wrong.times if weekday in each.days_of_week}
    before = named if wrong.falls_on(on) else set()
    for each in timing.times:
        if weekday in each.days_of_week and each.at not in before:
            yield Slot(
                right.values["regimen_item_id"], on, each.at, each.amount, right.values["unit"], 0
            )


def _unanswered_rows(session: Session, item_id: UUID, first: date, last: date) -> Counter[date]:
    """Count the scheduled doses of a day in a file that have no answer in the log."""
    rows = session.exec(
        select(ImportedRow)
        .outerjoin(DoseEvent, col(DoseEvent.id) == col(ImportedRow.event_id))
        .where(ImportedRow.regimen_item_id == item_id, col(DoseEvent.id).is_(None))
        .where(col(ImportedRow.due_on).between(first, last))
        .where(col(ImportedRow.source_key).startswith("slot"))
    )
    return Counter(row.due_on for row in rows if row.due_on is not None)
