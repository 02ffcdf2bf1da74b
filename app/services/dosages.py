"""Change how much of an item is taken, and when.

Two things that are not the same: a *change from a date* ends one dosage and starts the
next, so that history is never rewritten; *correcting a mistake* edits the dosage, keeps
what it said before in the history, and moves the events that answered its times with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from uuid import UUID, uuid4

from pydantic import BaseModel
from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.domain.timing import DoseTime, TimingKind, day_before
from app.errors import Refused
from app.models import Dosage, DosageTime, DoseEvent, RegimenItem, slot_event_id
from app.services.history import Decision, plain, stands

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


def add_dosage(
    session: Session,
    item: RegimenItem,
    dosage: DosageInput,
    starts_on: date,
    ends_on: date | None = None,
    taper_id: UUID | None = None,
) -> Dosage:
    """Add one dosage; the caller has made room for it."""
    row = Dosage(
        user_id=item.user_id,
        regimen_item_id=item.id,
        starts_on=starts_on,
        ends_on=ends_on,
        taper_id=taper_id,
        kind=dosage.kind,
        unit=dosage.unit,
    )
    _fill(row, dosage)
    session.add(row)
    session.flush()
    _write_times(session, row, dosage.times)
    return row


def change_dosage(
    session: Session, item: RegimenItem, dosage: DosageInput, starts_on: date, decision: Decision
) -> Dosage:
    """From `starts_on` on, take it like this; what was planned from that day on gives way."""
    check_change_date(item, starts_on)
    make_room(session, item, starts_on, decision)
    _let_slots_begin(session, item, starts_on)
    return add_dosage(session, item, dosage, starts_on)


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
    make_room(session, item, dates[0], decision)
    _let_slots_begin(session, item, dates[0])
    taper_id = uuid4()
    for step, following in zip(steps, [*dates[1:], None], strict=True):
        times = tuple(DoseTime(t.at, step.amount, t.days_of_week) for t in dosage.times)
        usual = None if dosage.kind.has_slots else step.amount
        stepped = dosage.model_copy(update={"times": times, "usual_amount": usual})
        add_dosage(
            session,
            item,
            stepped,
            step.starts_on,
            day_before(following) if following else None,
            taper_id,
        )


def correct_dosage(
    session: Session, dosage: Dosage, corrected: DosageInput, decision: Decision
) -> None:
    """Put right what was typed wrong, for the whole span of the dosage.

    Events that answered a time move with it; an amount that was the planned one becomes
    the corrected one, and an amount of one's own stays.
    """
    before = session.exec(DosageTime.of_dosage(dosage.id)).all()
    stands(
        session,
        decision,
        kind="dosage",
        subject=f"dosage/{dosage.id}",
        state=_state(dosage, before),
    )
    was = dosage.timing(before)
    _fill(dosage, corrected)
    session.add(dosage)
    session.execute(delete(DosageTime).where(col(DosageTime.dosage_id) == dosage.id))
    _write_times(session, dosage, corrected.times)
    _move_events(session, dosage, was.times, corrected.times, decision)


def change_starts_on(session: Session, item: RegimenItem, today: date) -> date:
    """When a change starts by itself: today if nothing of today is answered, else tomorrow."""
    answered = session.exec(
        select(DoseEvent.id)
        .where(DoseEvent.regimen_item_id == item.id, DoseEvent.due_on == today)
        .limit(1)
    ).first()
    return max(today if answered is None else today + timedelta(days=1), item.starts_on)


def make_room(session: Session, item: RegimenItem, starts_on: date, decision: Decision) -> None:
    """End the dosage that holds on `starts_on` the day before, and drop those planned later."""
    for dosage in session.exec(Dosage.of_item(item.id)).all():
        if dosage.ends_on is not None and dosage.ends_on < starts_on:
            continue
        times = session.exec(DosageTime.of_dosage(dosage.id)).all()
        entry = replace(decision, entry_id=uuid4())
        subject = f"dosage/{dosage.id}"
        if dosage.starts_on >= starts_on:
            stands(session, entry, kind="dosage", subject=subject, state=None)
            session.delete(dosage)
        else:
            stands(session, entry, kind="dosage", subject=subject, state=_state(dosage, times))
            dosage.ends_on = day_before(starts_on)
            session.add(dosage)
    session.flush()


def check_change_date(item: RegimenItem, starts_on: date) -> None:
    """Refuse a change outside the item's own span."""
    if starts_on < item.starts_on:
        raise Refused(f"{item.name} starts on {item.starts_on}: choose a later day.", "starts_on")
    if item.ends_on is not None and starts_on > item.ends_on:
        raise Refused(f"{item.name} ended on {item.ends_on}: choose an earlier day.", "starts_on")


def _let_slots_begin(session: Session, item: RegimenItem, starts_on: date) -> None:
    """From the first dosage set here on, an item that came from a file has slots of its own."""
    if item.slots_from is None:
        item.slots_from = starts_on
        session.add(item)


def _fill(row: Dosage, dosage: DosageInput) -> None:
    row.unit = dosage.unit
    row.kind = dosage.kind
    row.usual_amount = dosage.usual_amount
    row.every_days = dosage.every_days
    row.days_of_month = ";".join(str(day) for day in sorted(set(dosage.days_of_month)))
    row.cycle_on = dosage.cycle_on
    row.cycle_off = dosage.cycle_off
    row.per_week = dosage.per_week
    row.per_week_most = dosage.per_week_most
    row.gap_hours = dosage.gap_hours
    row.daily_maximum = dosage.daily_maximum


def _write_times(session: Session, dosage: Dosage, times: Sequence[DoseTime]) -> None:
    session.add_all(
        DosageTime(
            user_id=dosage.user_id,
            dosage_id=dosage.id,
            at=each.at,
            amount=each.amount,
            days_of_week=each.days_of_week,
        )
        for each in times
    )
    session.flush()


def _state(dosage: Dosage, times: Sequence[DosageTime]) -> dict[str, object]:
    written = [f"{t.at:%H:%M} {t.amount:g} {t.days_of_week}" for t in times]
    return {**plain(dosage.model_dump()), "times": ";".join(written)}


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


def _move_events(
    session: Session,
    dosage: Dosage,
    before: Sequence[DoseTime],
    after: Sequence[DoseTime],
    decision: Decision,
) -> None:
    """Let every answer follow its time. A new time was not planned before, so none is in the way
    but an answer from a stale page: that one keeps the slot, and the other is an extra dose.
    """
    moves = _moves(before, after)
    answers = session.exec(
        select(DoseEvent)
        .where(DoseEvent.regimen_item_id == dosage.regimen_item_id)
        .where(col(DoseEvent.due_on).between(dosage.starts_on, dosage.ends_on or date.max))
        .where(col(DoseEvent.due_time).is_not(None))
        .execution_options(populate_existing=True)
    ).all()
    answered = {(event.due_on, event.due_time) for event in answers}
    for event in answers:
        at = event.due_time
        if at is None or at not in moves:
            continue
        planned, corrected = (
            _amount_at(before, event.due_on, at),
            _amount_at(after, event.due_on, moves[at]),
        )
        if event.amount == planned:
            event.amount, event.unit = corrected, dosage.unit
        elif planned == corrected:
            event.unit = dosage.unit
        session.add(event)
        if moves[at] != at:
            is_free = (event.due_on, moves[at]) not in answered
            _move_event(session, event, moves[at] if is_free else None, decision)
    session.flush()


def _move_event(session: Session, event: DoseEvent, at: time | None, decision: Decision) -> None:
    """Answer another slot, or none, with an event; its old slot is open from now on."""
    left = _subject(event)
    event.due_time = at
    event.id = uuid4() if at is None else slot_event_id(event.regimen_item_id, event.due_on, at)
    state = event.model_dump(exclude={"id"})
    for subject, stood in ((left, None), (_subject(event), plain(state))):
        entry = replace(decision, entry_id=uuid4())
        stands(session, entry, kind="dose_event", subject=subject, state=stood)


def _subject(event: DoseEvent) -> str:
    if event.due_time is None:
        return f"dose/{event.id}"
    return f"dose/{event.regimen_item_id}/{event.due_on}/{event.due_time:%H:%M}"
