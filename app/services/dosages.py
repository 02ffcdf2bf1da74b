"""Change how much of an item is taken, and when.

Two things that are not the same: a *change from a date* ends one dosage and starts the
next, so that history is never rewritten; *correcting a mistake* edits the dosage, keeps
what it said before in the history, and moves the events that answered its times with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel
from sqlmodel import Session, col, select

from app.domain.timing import DoseTime, TimingKind, day_before
from app.errors import Refused
from app.models import Dosage, DoseEvent, RegimenItem, dose_subject, slot_event_id
from app.services.history import Decision, stands
from app.services.regimen_writes import PlannedDosage, change_item, plan_of, write_plan

MOST_TIMES = 12


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
) -> PlannedDosage:
    """A dosage of an item, for a plan; the caller has made room for it."""
    values = {
        "id": dosage_id or uuid4(),
        "user_id": item.user_id,
        "regimen_item_id": item.id,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "taper_id": taper_id,
        **_columns(dosage),
    }
    return PlannedDosage(values, dosage.times)


def change_dosage(
    session: Session, item: RegimenItem, dosage: DosageInput, starts_on: date, decision: Decision
) -> None:
    """From `starts_on` on, take it like this; what was planned from that day on gives way."""
    check_change_date(item, starts_on)
    _change_from(session, item, [new_dosage(item, dosage, starts_on)], decision)


def change_by_steps(
    session: Session,
    item: RegimenItem,
    dosage: DosageInput,
    steps: Sequence[TaperStep],
    decision: Decision,
) -> None:
    """Enter a taper or ramp once: dated steps that share the times of `dosage`, if it has any."""
    if len(steps) < 2:
        raise Refused("A taper has at least two steps.", "steps")
    dates = [step.starts_on for step in steps]
    if sorted(set(dates)) != dates:
        raise Refused("Each step starts later than the one before.", "steps")
    check_change_date(item, dates[0])
    taper_id = uuid4()
    planned = []
    for step, following in zip(steps, [*dates[1:], None], strict=True):
        times = tuple(DoseTime(t.at, step.amount, t.days_of_week) for t in dosage.times)
        usual = None if dosage.kind.has_slots else step.amount
        stepped = dosage.model_copy(update={"times": times, "usual_amount": usual})
        ends_on = day_before(following) if following else None
        planned.append(new_dosage(item, stepped, step.starts_on, ends_on, taper_id=taper_id))
    _change_from(session, item, planned, decision)


def correct_dosage(
    session: Session, dosage: Dosage, corrected: DosageInput, decision: Decision
) -> None:
    """Put right what was typed wrong, for the whole span of the dosage.

    Events that answered it move with their time; an amount that was the planned one becomes
    the corrected one, and an amount of one's own stays.
    """
    item = session.get_one(RegimenItem, dosage.regimen_item_id)
    plan = plan_of(session, item)
    (wrong,) = (each for each in plan if each.values["id"] == dosage.id)
    right = PlannedDosage({**wrong.values, **_columns(corrected)}, corrected.times)
    if write_plan(session, item, [right if each is wrong else each for each in plan], decision):
        _correct_events(session, wrong, right, decision)


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
    if starts_on < item.starts_on:
        raise Refused(f"{item.name} starts on {item.starts_on}: choose a later day.", "starts_on")
    if item.ends_on is not None and starts_on > item.ends_on:
        raise Refused(f"{item.name} ended on {item.ends_on}: choose an earlier day.", "starts_on")


def _change_from(
    session: Session, item: RegimenItem, planned: list[PlannedDosage], decision: Decision
) -> None:
    """End the dosage that holds on the first day the day before, and drop those planned later.

    From the first dosage set here on, an item that came from a file has slots of its own.
    """
    starts_on = planned[0].values["starts_on"]
    before = []
    for each in plan_of(session, item):
        ends_on = each.values["ends_on"]
        if each.values["starts_on"] >= starts_on:
            continue
        if ends_on is None or ends_on >= starts_on:
            ends_on = day_before(starts_on)
        before.append(replace(each, values={**each.values, "ends_on": ends_on}))
    has_stood = write_plan(session, item, [*before, *planned], decision)
    if has_stood and item.slots_from is None:
        change_item(session, item, decision, slots_from=starts_on)


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


def _correct_events(
    session: Session, wrong: PlannedDosage, right: PlannedDosage, decision: Decision
) -> None:
    """Let every answer follow its time, and every planned amount the plan.

    A new time was not planned before, so none is in the way but an answer from a stale page:
    that one keeps the slot, and the other is an extra dose.
    """
    moves = _moves(wrong.times, right.times)
    dosage = right.values
    answers = session.exec(
        select(DoseEvent)
        .where(DoseEvent.regimen_item_id == dosage["regimen_item_id"])
        .where(col(DoseEvent.due_on).between(dosage["starts_on"], dosage["ends_on"] or date.max))
        .execution_options(populate_existing=True)
    ).all()
    answered = {(event.due_on, event.due_time) for event in answers}
    for event in answers:
        at = event.due_time
        if at is None:
            _correct_amount(event, wrong, right, _usual(wrong), _usual(right))
        elif at in moves:
            on, to = event.due_on, moves[at]
            planned, corrected = _amount_at(wrong.times, on, at), _amount_at(right.times, on, to)
            _correct_amount(event, wrong, right, planned, corrected)
            if to != at:
                is_free = (on, to) not in answered
                _move_event(session, event, to if is_free else None, decision)
                continue
        if session.is_modified(event):
            _write_down(session, event, decision)
    session.flush()


def _usual(planned: PlannedDosage) -> float | None:
    """The amount of a dose without a slot."""
    usual: float | None = planned.values["usual_amount"]
    return usual if usual is not None or not planned.times else planned.times[0].amount


def _correct_amount(
    event: DoseEvent,
    wrong: PlannedDosage,
    right: PlannedDosage,
    planned: float | None,
    corrected: float | None,
) -> None:
    """Give a dose that was logged as planned the amount and unit that should have been planned."""
    if event.unit != wrong.values["unit"]:
        return
    if event.amount == planned:
        event.amount, event.unit = corrected, right.values["unit"]
    elif planned == corrected:
        event.unit = right.values["unit"]


def _write_down(session: Session, event: DoseEvent, decision: Decision) -> None:
    state = event.model_dump(exclude={"id"})
    stands(session, decision, kind="dose_event", subject=_subject(event), state=state)


def _move_event(session: Session, event: DoseEvent, at: time | None, decision: Decision) -> None:
    """Answer another slot, or none, with an event; its old slot is open from now on."""
    stands(session, decision, kind="dose_event", subject=_subject(event), state=None)
    event.due_time = at
    event.id = uuid4() if at is None else slot_event_id(event.regimen_item_id, event.due_on, at)
    _write_down(session, event, decision)


def _subject(event: DoseEvent) -> str:
    return dose_subject(event.id, event.regimen_item_id, event.due_on, event.due_time)
