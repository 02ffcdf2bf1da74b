"""Correct a mistake in a dosage.

The dosage is edited and its old state stays in the history. The doses that answered its times, and
the stored slots of an import, move with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from uuid import UUID

from sqlmodel import Session

from app.domain.ledger import DoseStatus
from app.domain.logical_dates import time_order
from app.domain.timing import DoseTime, Timing, day_before, window_minutes
from app.errors import Refused
from app.i18n import _
from app.language.words import spelled_out
from app.models import Dosage, DoseEvent, ImportedSlot, RegimenItem, User
from app.services.answer_moves import (
    PlanChange,
    answers_of,
    follow_plan,
    move_event,
    stored_slots,
    write_event,
)
from app.services.dosages import (
    DosageInput,
    check_not_after_end,
    columns_of,
    counting_from,
    in_rhythm,
)
from app.services.history import Decision
from app.services.regimen_writes import (
    PlannedDosage,
    change_item,
    plan_of,
    plan_value,
    write_plan,
)
from app.services.restored_slots import restore_slots


def correct_dosage(
    session: Session,
    dosage: Dosage,
    corrected: DosageInput,
    decision: Decision,
    starts_on: date | None = None,
) -> None:
    """Correct a mistake for the whole span of a dosage; `starts_on` is its first day.

    Doses that answered its times move with them. Amounts logged as planned become the corrected
    amount; amounts that the person entered stay. The first day of the first dosage is the first day
    of the item. Raises `Refused`.
    """
    item = session.get_one(RegimenItem, dosage.regimen_item_id)
    plan = plan_of(session, item)
    (place,) = (i for i, each in enumerate(plan) if each.values["id"] == dosage.id)
    wrong = plan[place]
    right = _corrected(plan, place, corrected)
    in_place = [*plan[:place], right, *plan[place + 1 :]]
    moved = _with_first_day(session, item, in_place, place, starts_on)
    if not write_plan(session, item, moved, decision):
        return
    _correct_answers(session, wrong, right, decision)
    if moved != in_place:
        _follow_first_day(session, item, (in_place, moved), place, decision)


def _corrected(plan: Sequence[PlannedDosage], place: int, corrected: DosageInput) -> PlannedDosage:
    """Return the dosage with the corrected unit and timing; a changed rhythm restarts."""
    wrong = plan[place]
    right = replace(wrong, values={**wrong.values, **columns_of(corrected)}, times=corrected.times)
    if right.timing.rhythm == wrong.timing.rhythm:
        return right
    (alone,) = in_rhythm(plan[:place], [right])
    return alone


def _with_first_day(
    session: Session,
    item: RegimenItem,
    plan: Sequence[PlannedDosage],
    place: int,
    starts_on: date | None,
) -> list[PlannedDosage]:
    """Return the plan with a new first day for a dosage; the previous one ends the day before."""
    moved = list(plan)
    this = plan[place]
    first, last = this.days
    if starts_on is None or starts_on == first:
        return moved
    if last is not None and starts_on > last:
        ended = _("This dose ended on {day}: choose an earlier day.", day=spelled_out(last))
        raise Refused(ended, "starts_on")
    check_not_after_end(item, starts_on)
    if place == 0:
        _check_nothing_taken(session, item, first, starts_on)
    else:
        before = plan[place - 1]
        if starts_on <= before.values["starts_on"]:
            since = spelled_out(before.values["starts_on"])
            raise Refused(
                _("The previous dose starts on {since}: choose a later day.", since=since),
                "starts_on",
            )
        is_next = before.values["ends_on"] == day_before(first)
        ends_on = day_before(starts_on)
        if is_next or before.values["ends_on"] > ends_on:
            moved[place - 1] = replace(before, values={**before.values, "ends_on": ends_on})
    moved[place] = replace(this, values={**this.values, "starts_on": starts_on})
    if this.values["rhythm_from"] is None:
        # Later dosages that continue this rhythm count from the corrected day as well.
        moved[place + 1 :] = [
            counting_from(each, starts_on) if each.values["rhythm_from"] == first else each
            for each in plan[place + 1 :]
        ]
    return moved


def _check_nothing_taken(session: Session, item: RegimenItem, first: date, starts_on: date) -> None:
    """Refuse a later first day if earlier doses were taken."""
    if starts_on <= first:
        return
    taken = [
        event.due_on
        for event in answers_of(session, item.id, first, day_before(starts_on))
        if event.status is DoseStatus.TAKEN
    ]
    if taken:
        logged_on = spelled_out(taken[0])
        sentence = _(
            "You logged a dose on {day}: choose that day or an earlier one.", day=logged_on
        )
        raise Refused(sentence, "starts_on")


def _follow_first_day(
    session: Session,
    item: RegimenItem,
    plans: tuple[Sequence[PlannedDosage], Sequence[PlannedDosage]],
    place: int,
    decision: Decision,
) -> None:
    """Move the item's first day and the answers with a dosage whose first day moved."""
    old, new = (plan[place].values["starts_on"] for plan in plans)
    before = plan_value(item, plans[0], item.slots_from)
    if place == 0:
        change_item(session, item, decision, **_first_day_of_item(session, item, old, new))
    after = plan_value(item, plans[1], item.slots_from)
    days = PlanChange(before, after, min(old, new), day_before(max(old, new)))
    follow_plan(session, item, days, decision)


def _first_day_of_item(
    session: Session, item: RegimenItem, old: date, new: date
) -> dict[str, date | None]:
    """Return the columns of an item whose first dosage starts on `new` instead of `old`."""
    starts_on = new if item.starts_on == old else min(item.starts_on, new)
    began_on = session.get_one(User, item.user_id).began_on
    slots_from = item.slots_from
    if slots_from == max(item.starts_on, began_on):
        slots_from = max(starts_on, began_on)
    return {"starts_on": starts_on, "slots_from": slots_from}


def _moves(
    before: Sequence[DoseTime], after: Sequence[DoseTime], day_starts: time
) -> dict[time, time]:
    """Map old times to new ones: equal times first, then the rest in order of the day."""
    old, new = (
        sorted({each.at for each in times}, key=lambda at: time_order(at, day_starts))
        for times in (before, after)
    )
    left = [at for at in old if at not in new]
    free = [at for at in new if at not in old]
    return {at: at for at in old if at in new} | dict(zip(left, free, strict=False))


def _amount_at(times: Sequence[DoseTime], on: date, at: time) -> float | None:
    """Return the planned amount of a time on a weekday, else of that time on any day."""
    named = [each for each in times if each.at == at]
    holds = [each for each in named if str(on.isoweekday()) in each.days_of_week]
    return next((each.amount for each in [*holds, *named]), None)


def _correct_answers(
    session: Session, wrong: PlannedDosage, right: PlannedDosage, decision: Decision
) -> None:
    """Move every answer and stored slot with its time, and every planned amount with the plan.

    A new time was not planned before, so only an answer from a stale page can be in the way: that
    answer keeps the slot, and the moved one becomes an extra dose.
    """
    item_id: UUID = right.values["regimen_item_id"]
    user_id = session.get_one(RegimenItem, item_id).user_id
    day_starts = session.get_one(User, user_id).day_starts_time
    moves = _moves(wrong.times, right.times, day_starts)
    days = (wrong.values["starts_on"], wrong.values["ends_on"] or date.max)
    answers = answers_of(session, item_id, *days)
    answered = {(event.due_on, event.due_time) for event in answers}
    for event in answers:
        _correct_amount(event, wrong, right, *_amounts(wrong, right, moves, event))
        to = moves.get(event.due_time) if event.due_time else None
        if to is not None and to != event.due_time:
            is_free = (event.due_on, to) not in answered
            move_event(session, event, to if is_free else None, decision)
        elif session.is_modified(event):
            write_event(session, event, decision)
    _correct_slots(session, wrong, right, moves, stored_slots(session, item_id, *days))
    session.flush()
    restore_slots(session, wrong, right)


def _correct_slots(
    session: Session,
    wrong: PlannedDosage,
    right: PlannedDosage,
    moves: Mapping[time, time],
    slots: Sequence[ImportedSlot],
) -> None:
    """Move the stored slots as their answers move; delete those that the plan never had."""
    there = {(slot.due_on, slot.due_time) for slot in slots}
    kept: dict[date, list[ImportedSlot]] = {}
    for slot in slots:
        to = _slot_time(slot, wrong.timing, right.timing, moves)
        is_taken = to != slot.due_time and (slot.due_on, to) in there
        if to is None or is_taken:
            session.delete(slot)
            continue
        _correct_amount(slot, wrong, right, *_amounts(wrong, right, moves, slot))
        slot.due_time = to
        session.add(slot)
        kept.setdefault(slot.due_on, []).append(slot)
    for of_day in kept.values():
        for slot in of_day:
            slot.window_minutes = window_minutes(len(of_day))


def _slot_time(
    slot: ImportedSlot, wrong: Timing, right: Timing, moves: Mapping[time, time]
) -> time | None:
    """Return when a stored slot is due after a correction; None if the plan does not have it.

    A slot at a time that the dosage never had comes from the file alone, and stays.
    """
    if not right.kind.has_slots:
        return None
    at, on = slot.due_time, slot.due_on
    if at not in {each.at for each in wrong.times}:
        return at
    to = moves.get(at)
    is_planned = to is not None and _asks_at(right, on, to)
    return to if is_planned or not _asks_at(wrong, on, at) else None


def _asks_at(timing: Timing, on: date, at: time) -> bool:
    """Whether the rule has this time on a day, wherever the dosage starts and ends."""
    weekday = str(on.isoweekday())
    named = (each.at == at and weekday in each.days_of_week for each in timing.times)
    return timing.falls_on(on) and any(named)


def _amounts(
    wrong: PlannedDosage,
    right: PlannedDosage,
    moves: Mapping[time, time],
    dose: DoseEvent | ImportedSlot,
) -> tuple[float | None, float | None]:
    """Return the planned amount of a dose before and after a correction."""
    at, on = dose.due_time, dose.due_on
    if at is None or at not in moves:
        return _usual(wrong), _usual(right)
    return _amount_at(wrong.times, on, at), _amount_at(right.times, on, moves[at])


def _usual(planned: PlannedDosage) -> float | None:
    """Return the amount of a dose without a slot."""
    usual: float | None = planned.values["usual_amount"]
    return usual if usual is not None or not planned.times else planned.times[0].amount


def _correct_amount(
    dose: DoseEvent | ImportedSlot,
    wrong: PlannedDosage,
    right: PlannedDosage,
    planned: float | None,
    corrected: float | None,
) -> None:
    """Give a dose that was logged as planned the corrected amount and unit."""
    if dose.unit != wrong.values["unit"]:
        return
    if dose.amount == planned and corrected is not None:
        dose.amount, dose.unit = corrected, right.values["unit"]
    elif planned == corrected:
        dose.unit = right.values["unit"]
