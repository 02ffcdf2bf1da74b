"""Change how much of an item is taken, and when.

There are two ways, and they differ:

* A *change from a date* ends one dosage and starts the next, so history is never rewritten.
  Answers from that date on stay answers (`answer_moves`): nothing that was taken becomes
  extra, and nothing is asked for again. A new amount keeps the rhythm; a new rhythm counts
  from that date.
* *Correcting a mistake* edits the dosage, keeps the old state in the history, and moves the
  doses that answered its times, and the stored slots of an import, with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel
from sqlmodel import Session, select

from app.domain.ledger import DoseStatus
from app.domain.logical_dates import spelled_out
from app.domain.timing import DoseTime, Timing, TimingKind, day_before, window_minutes
from app.errors import Refused
from app.models import Dosage, DoseEvent, ImportedSlot, RegimenItem, User
from app.services.answer_moves import (
    PlanChange,
    answers_of,
    follow_plan,
    move_event,
    stored_slots,
    write_event,
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

MOST_TIMES = 12

# The logical day and the wall-clock time at which a dosage was entered.
Entered = tuple[date | None, time | None]
NOT_ENTERED: Entered = (None, None)


class DosageInput(BaseModel):
    """Unit and timing as a person means them."""

    unit: str
    kind: TimingKind
    times: tuple[DoseTime, ...] = ()
    usual_amount: float | None = None
    every_days: int = 1
    days_of_month: tuple[int, ...] = ()
    cycle_on: int = 0
    cycle_off: int = 0
    per_week: int = 0
    per_week_most: int = 0
    gap_hours: float | None = None
    daily_maximum: int | None = None


@dataclass(frozen=True, slots=True)
class TaperStep:
    """One dated step of a taper or ramp: from `starts_on` on, `amount` at every time."""

    starts_on: date
    amount: float


def new_dosage(
    item: RegimenItem,
    dosage: DosageInput,
    starts_on: date,
    ends_on: date | None = None,
    *,
    taper_id: UUID | None = None,
    dosage_id: UUID | None = None,
    rhythm_from: date | None = None,
    entered: Entered = NOT_ENTERED,
) -> PlannedDosage:
    """A dosage of an item, for a plan; the caller has made room for it."""
    entered_on, entered_time = entered
    values = {
        "id": dosage_id or uuid4(),
        "user_id": item.user_id,
        "regimen_item_id": item.id,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "taper_id": taper_id,
        "rhythm_from": rhythm_from,
        "entered_on": entered_on,
        "entered_time": entered_time,
        **_columns(dosage),
    }
    return PlannedDosage(values, dosage.times)


def entered_at(user: User, asked_from: date, instant: datetime) -> Entered:
    """The day and minute from which a dosage is asked for, where it begins as it is entered.

    A dosage that begins earlier or later is asked for on whole days: nothing is known here.
    """
    if user.today(instant) != asked_from:
        return NOT_ENTERED
    return asked_from, user.clock_at(instant)


def change_dosage(
    session: Session, item: RegimenItem, dosage: DosageInput, starts_on: date, decision: Decision
) -> None:
    """Take it like this from `starts_on` on; what was planned from that day on gives way."""
    check_change_date(item, starts_on)
    entered = _entered(session, item, starts_on, decision)
    _change_from(session, item, [new_dosage(item, dosage, starts_on, entered=entered)], decision)


def change_by_steps(
    session: Session,
    item: RegimenItem,
    dosage: DosageInput,
    steps: Sequence[TaperStep],
    decision: Decision,
) -> None:
    """Enter a taper or ramp once: dated steps that share the times of `dosage`, if it has any."""
    if len(steps) < 2:
        raise Refused("Enter at least two steps.", "steps")
    dates = [step.starts_on for step in steps]
    if sorted(set(dates)) != dates:
        raise Refused("Each step must start later than the one before.", "steps")
    check_change_date(item, dates[0])
    taper_id = uuid4()
    planned = []
    for step, following in zip(steps, [*dates[1:], None], strict=True):
        times = tuple(DoseTime(t.at, step.amount, t.days_of_week) for t in dosage.times)
        usual = None if dosage.kind.has_slots else step.amount
        stepped = dosage.model_copy(update={"times": times, "usual_amount": usual})
        ends_on = day_before(following) if following else None
        entered = _entered(session, item, step.starts_on, decision)
        planned.append(
            new_dosage(item, stepped, step.starts_on, ends_on, taper_id=taper_id, entered=entered)
        )
    _change_from(session, item, planned, decision)


def correct_dosage(
    session: Session,
    dosage: Dosage,
    corrected: DosageInput,
    decision: Decision,
    starts_on: date | None = None,
) -> None:
    """Correct what was typed wrong, for the whole span of the dosage; `starts_on` its first day.

    Doses that answered it move with their times. An amount that was the planned one becomes
    the corrected one; an amount that the person entered stays. The first day of the first
    dosage is the first day of the item. Raises `Refused`.
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


def change_starts_on(session: Session, item: RegimenItem, today: date) -> date:
    """When a change starts by itself: today if nothing of today is answered, else tomorrow."""
    answered = session.exec(
        select(DoseEvent.id)
        .where(DoseEvent.regimen_item_id == item.id, DoseEvent.due_on == today)
        .limit(1)
    ).first()
    return max(today if answered is None else today + timedelta(days=1), item.starts_on)


def check_change_date(item: RegimenItem, starts_on: date) -> None:
    """Refuse a change outside the item's own span."""
    check_not_before_start(item, starts_on, "starts_on")
    _check_not_after_end(item, starts_on)


def check_not_before_start(item: RegimenItem, on: date, field: str) -> None:
    """Refuse a day before the item's first."""
    if on < item.starts_on:
        first = spelled_out(item.starts_on)
        raise Refused(f"{item.name} starts on {first}: choose a later day.", field)


def _check_not_after_end(item: RegimenItem, starts_on: date) -> None:
    if item.ends_on is not None and starts_on > item.ends_on:
        last = spelled_out(item.ends_on)
        raise Refused(f"{item.name} ended on {last}: choose an earlier day.", "starts_on")


def _entered(session: Session, item: RegimenItem, starts_on: date, decision: Decision) -> Entered:
    user = session.get_one(User, item.user_id)
    return entered_at(user, starts_on, decision.changed_at)


def _change_from(
    session: Session, item: RegimenItem, planned: list[PlannedDosage], decision: Decision
) -> None:
    """End the dosage that holds on the first day the day before, and drop those planned later.

    From the first dosage set here on, an item that came from a file has slots of its own.
    """
    starts_on = planned[0].values["starts_on"]
    plan = plan_of(session, item)
    planned = in_rhythm(plan, planned)
    before = []
    for each in plan:
        ends_on = each.values["ends_on"]
        if each.values["starts_on"] >= starts_on:
            continue
        if ends_on is None or ends_on >= starts_on:
            ends_on = day_before(starts_on)
        before.append(replace(each, values={**each.values, "ends_on": ends_on}))
    after = [*before, *planned]
    slots_from = item.slots_from or starts_on
    if not write_plan(session, item, after, decision):
        return
    change = PlanChange(
        plan_value(item, plan, item.slots_from),
        plan_value(item, after, slots_from),
        starts_on,
    )
    follow_plan(session, item, change, decision)
    if item.slots_from is None:
        change_item(session, item, decision, slots_from=starts_on)


def in_rhythm(
    plan: Sequence[PlannedDosage], planned: Sequence[PlannedDosage]
) -> list[PlannedDosage]:
    """Let dosages go on in the rhythm there was, where theirs is the same.

    A rhythm that differs counts from the first of them; the steps of a taper share one.
    """
    first: date = planned[0].values["starts_on"]
    before = rhythm_before([each.timing for each in plan], first)
    is_same = before is not None and before.rhythm == planned[0].timing.rhythm
    counts_from = before.counts_from if before is not None and is_same else first
    return [_counting_from(each, counts_from) for each in planned]


def rhythm_before(timings: Sequence[Timing], on: date) -> Timing | None:
    """The rule that a dosage from `on` goes on from: that of the day, else of the day before."""
    holding = (each for day in (on, day_before(on)) for each in timings if each.holds_on(day))
    return next(holding, None)


def _counting_from(planned: PlannedDosage, counts_from: date) -> PlannedDosage:
    """The dosage with its rhythm counted from a day; None where that is its own first day."""
    is_own = counts_from == planned.values["starts_on"] or not planned.timing.kind.has_rhythm
    return replace(
        planned, values={**planned.values, "rhythm_from": None if is_own else counts_from}
    )


def _corrected(plan: Sequence[PlannedDosage], place: int, corrected: DosageInput) -> PlannedDosage:
    """A dosage with another unit and timing; a rhythm that is another now starts anew."""
    wrong = plan[place]
    right = replace(wrong, values={**wrong.values, **_columns(corrected)}, times=corrected.times)
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
    """The plan with another first day of one dosage; the one before it ends the day before."""
    moved = list(plan)
    this = plan[place]
    first, last = this.days
    if starts_on is None or starts_on == first:
        return moved
    if last is not None and starts_on > last:
        ended = f"This dose ended on {spelled_out(last)}: choose an earlier day."
        raise Refused(ended, "starts_on")
    _check_not_after_end(item, starts_on)
    if place == 0:
        _check_nothing_taken(session, item, first, starts_on)
    else:
        before = plan[place - 1]
        if starts_on <= before.values["starts_on"]:
            since = spelled_out(before.values["starts_on"])
            raise Refused(f"The dose before starts on {since}: choose a later day.", "starts_on")
        is_next = before.values["ends_on"] == day_before(first)
        ends_on = day_before(starts_on)
        if is_next or before.values["ends_on"] > ends_on:
            moved[place - 1] = replace(before, values={**before.values, "ends_on": ends_on})
    moved[place] = replace(this, values={**this.values, "starts_on": starts_on})
    if this.values["rhythm_from"] is None:
        # What went on in this rhythm counts from the corrected day as well.
        moved[place + 1 :] = [
            _counting_from(each, starts_on) if each.values["rhythm_from"] == first else each
            for each in plan[place + 1 :]
        ]
    return moved


def _check_nothing_taken(session: Session, item: RegimenItem, first: date, starts_on: date) -> None:
    """Refuse a later first day where doses before it were taken."""
    if starts_on <= first:
        return
    taken = [
        event.due_on
        for event in answers_of(session, item.id, first, day_before(starts_on))
        if event.status is DoseStatus.TAKEN
    ]
    if taken:
        sentence = f"You logged a dose on {taken[0]}: choose that day or an earlier one."
        raise Refused(sentence, "starts_on")


def _follow_first_day(
    session: Session,
    item: RegimenItem,
    plans: tuple[Sequence[PlannedDosage], Sequence[PlannedDosage]],
    place: int,
    decision: Decision,
) -> None:
    """Let item and answers follow a dosage whose first day moved."""
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
    """The columns of an item whose first dosage starts on `new` and not on `old`."""
    starts_on = new if item.starts_on == old else min(item.starts_on, new)
    began_on = session.get_one(User, item.user_id).began_on
    slots_from = item.slots_from
    if slots_from == max(item.starts_on, began_on):
        slots_from = max(starts_on, began_on)
    return {"starts_on": starts_on, "slots_from": slots_from}


def _columns(dosage: DosageInput) -> dict[str, Any]:
    """What a dosage says of unit and timing, as its row holds it."""
    named = dosage.model_dump(exclude={"times", "days_of_month"})
    days = sorted(set(dosage.days_of_month))
    return {**named, "days_of_month": ";".join(str(day) for day in days)}


def _moves(before: Sequence[DoseTime], after: Sequence[DoseTime]) -> dict[time, time]:
    """Which old time became which new one: equal times first, then the rest by the clock."""
    old, new = sorted({each.at for each in before}), sorted({each.at for each in after})
    left = [at for at in old if at not in new]
    free = [at for at in new if at not in old]
    return {at: at for at in old if at in new} | dict(zip(left, free, strict=False))


def _amount_at(times: Sequence[DoseTime], on: date, at: time) -> float | None:
    """The planned amount of a time on a weekday, else of that time on any day."""
    named = [each for each in times if each.at == at]
    holds = [each for each in named if str(on.isoweekday()) in each.days_of_week]
    return next((each.amount for each in [*holds, *named]), None)


def _correct_answers(
    session: Session, wrong: PlannedDosage, right: PlannedDosage, decision: Decision
) -> None:
    """Let every answer and stored slot follow its time, and every planned amount the plan.

    A new time was not planned before, so none is in the way but an answer from a stale page:
    that one keeps the slot, and the other is an extra dose.
    """
    moves = _moves(wrong.times, right.times)
    item_id: UUID = right.values["regimen_item_id"]
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
    _correct_slots(session, wrong, right, stored_slots(session, item_id, *days))
    session.flush()
    restore_slots(session, wrong, right)


def _correct_slots(
    session: Session,
    wrong: PlannedDosage,
    right: PlannedDosage,
    slots: Sequence[ImportedSlot],
) -> None:
    """Move the stored slots as their answers move; what the plan never asked for goes."""
    moves = _moves(wrong.times, right.times)
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
    """When a stored slot is due after a correction; None where the plan does not ask for it.

    A slot at a time that the dosage never had is from the file alone, and stays.
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
    """Whether the rule names a time of a day, wherever the dosage starts and ends."""
    weekday = str(on.isoweekday())
    named = (each.at == at and weekday in each.days_of_week for each in timing.times)
    return timing.falls_on(on) and any(named)


def _amounts(
    wrong: PlannedDosage,
    right: PlannedDosage,
    moves: Mapping[time, time],
    dose: DoseEvent | ImportedSlot,
) -> tuple[float | None, float | None]:
    """The planned amount of a dose before and after a correction."""
    at, on = dose.due_time, dose.due_on
    if at is None or at not in moves:
        return _usual(wrong), _usual(right)
    return _amount_at(wrong.times, on, at), _amount_at(right.times, on, moves[at])


def _usual(planned: PlannedDosage) -> float | None:
    """The amount of a dose without a slot."""
    usual: float | None = planned.values["usual_amount"]
    return usual if usual is not None or not planned.times else planned.times[0].amount


def _correct_amount(
    dose: DoseEvent | ImportedSlot,
    wrong: PlannedDosage,
    right: PlannedDosage,
    planned: float | None,
    corrected: float | None,
) -> None:
    """Give a dose that was logged as planned the amount and unit that should have been planned."""
    if dose.unit != wrong.values["unit"]:
        return
    if dose.amount == planned and corrected is not None:
        dose.amount, dose.unit = corrected, right.values["unit"]
    elif planned == corrected:
        dose.unit = right.values["unit"]
