"""Change how much of an item is taken, and when, from a date on.

A change from a date ends one dosage and starts the next, so history is never rewritten. Answers
from that date on stay answers (`answer_moves`): no dose taken becomes extra, and none is asked for
again. A new amount keeps the rhythm; a new rhythm counts from that date. Typing mistakes are
corrected in `dosage_corrections`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel
from sqlmodel import Session, select

from app.domain.timing import DoseTime, Timing, TimingKind, day_before
from app.errors import Refused
from app.i18n import _
from app.language.words import spelled_out
from app.models import DoseEvent, RegimenItem, User
from app.services.answer_moves import (
    PlanChange,
    follow_plan,
)
from app.services.history import Decision
from app.services.regimen_writes import (
    PlannedDosage,
    change_item,
    plan_of,
    plan_value,
    write_plan,
)

MOST_TIMES = 12

# The logical day and the wall-clock time at which a dosage was entered.
Entered = tuple[date | None, time | None]
NOT_ENTERED: Entered = (None, None)


class DosageInput(BaseModel):
    """Unit and timing, as a person enters them."""

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
    """Make a dosage for a plan, whose other dosages must leave its days free."""
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
        **columns_of(dosage),
    }
    return PlannedDosage(values, dosage.times)


def entered_at(user: User, asked_from: date, instant: datetime) -> Entered:
    """Return the day and minute from which a dosage that starts on its entry day can be due.

    A dosage that starts earlier or later is due on whole days.
    """
    if user.today(instant) != asked_from:
        return NOT_ENTERED
    return asked_from, user.clock_at(instant)


def change_dosage(
    session: Session, item: RegimenItem, dosage: DosageInput, starts_on: date, decision: Decision
) -> None:
    """Change the dosage from `starts_on` on, replacing what was planned from that day on."""
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
    """Enter a taper or ramp at once: dated steps that share the times of `dosage`, if any."""
    if len(steps) < 2:
        raise Refused(_("Enter at least two steps."), "steps")
    dates = [step.starts_on for step in steps]
    if sorted(set(dates)) != dates:
        raise Refused(_("Each step must start later than the one before."), "steps")
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


def change_starts_on(session: Session, item: RegimenItem, today: date) -> date:
    """Return the default first day of a change: today if nothing is answered, else tomorrow."""
    answered = session.exec(
        select(DoseEvent.id)
        .where(DoseEvent.regimen_item_id == item.id, DoseEvent.due_on == today)
        .limit(1)
    ).first()
    return max(today if answered is None else today + timedelta(days=1), item.starts_on)


def check_change_date(item: RegimenItem, starts_on: date) -> None:
    """Refuse a change outside the item's own span."""
    check_not_before_start(item, starts_on, "starts_on")
    check_not_after_end(item, starts_on)


def check_not_before_start(item: RegimenItem, on: date, field: str) -> None:
    """Refuse a day before the item's first day."""
    if on < item.starts_on:
        first = spelled_out(item.starts_on)
        raise Refused(
            _("{name} starts on {first}: choose a later day.", name=item.name, first=first), field
        )


def check_not_after_end(item: RegimenItem, starts_on: date) -> None:
    """Refuse a first day of a dosage after the item's last day."""
    if item.ends_on is not None and starts_on > item.ends_on:
        last = spelled_out(item.ends_on)
        raise Refused(
            _("{name} ended on {last}: choose an earlier day.", name=item.name, last=last),
            "starts_on",
        )


def _entered(session: Session, item: RegimenItem, starts_on: date, decision: Decision) -> Entered:
    user = session.get_one(User, item.user_id)
    return entered_at(user, starts_on, decision.changed_at)


def _change_from(
    session: Session, item: RegimenItem, planned: list[PlannedDosage], decision: Decision
) -> None:
    """End the dosage of the first day on the day before, and drop later ones.

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
    """Let dosages continue the existing rhythm if theirs is the same.

    A different rhythm counts from the first of them; the steps of a taper share one.
    """
    first: date = planned[0].values["starts_on"]
    before = rhythm_before([each.timing for each in plan], first)
    is_same = before is not None and before.rhythm == planned[0].timing.rhythm
    counts_from = before.counts_from if before is not None and is_same else first
    return [counting_from(each, counts_from) for each in planned]


def rhythm_before(timings: Sequence[Timing], on: date) -> Timing | None:
    """Return the rule that a dosage from `on` can continue: of that day or the day before."""
    holding = (each for day in (on, day_before(on)) for each in timings if each.holds_on(day))
    return next(holding, None)


def counting_from(planned: PlannedDosage, counts_from: date) -> PlannedDosage:
    """Return the dosage with its rhythm counted from a day.

    `rhythm_from` is None if that day is its own first day, or if its timing has no rhythm.
    """
    is_own = counts_from == planned.values["starts_on"] or not planned.timing.kind.has_rhythm
    return replace(
        planned, values={**planned.values, "rhythm_from": None if is_own else counts_from}
    )


def columns_of(dosage: DosageInput) -> dict[str, Any]:
    """Return the columns of a row that hold a dosage's unit and timing."""
    days = tuple(sorted(set(dosage.days_of_month)))
    return {**dosage.model_dump(exclude={"times"}), "days_of_month": days}
