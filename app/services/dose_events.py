"""Log doses."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, field_validator
from sqlmodel import Session

from app.diary.agenda import next_allowed_at
from app.diary.regimen import Item, events_between
from app.domain.applications import Application
from app.domain.ledger import DoseStatus
from app.domain.logical_dates import (
    at_no_known_time,
    instant_of,
    iso_week,
    logical_date,
    zone_named,
)
from app.errors import Refused
from app.i18n import _
from app.models import DoseEvent, GivesWay, SkipReason, User, slot_event_id
from app.records import DOSE_EVENT
from app.services.history import Decision, record_version
from app.services.moved_slots import time_of_slot
from app.services.writable_days import CLOCKS_MAY_DIFFER, check_day

LATE_FOR = timedelta(hours=16)


class Answer(StrEnum):
    """A person's answer to a dose; `nothing` takes an earlier answer back."""

    TAKEN = "taken"
    SKIPPED = "skipped"
    NOTHING = "nothing"


class FirstLogged(BaseModel):
    """When a dose was first logged, and in which time zone."""

    logged_at: datetime
    time_zone: str
    day_starts_time: time


class DoseInput(BaseModel):
    """One dose as logged. Without `due_time` it has no slot, and `id` names the event.

    `taken_now`: a dose without a slot was taken at the tap, though its day may be over by now.
    Without an `application`, the item's usual one applies. Pass `first_logged` if an existing dose
    only gets more detail (a note, an amount), to keep its original log time and time zone. `near`
    is when a dose without a slot was taken before the edit.

    `is_tap` is one tap on a row, which may be out of date; it keeps an existing note.
    `only_if_not_taken` changes nothing if the dose was taken already, `only_if_open` if it was
    answered at all. `undoes` names the entry to revert; if another answer has replaced that entry,
    nothing changes.
    """

    due_on: date
    due_time: time | None = None
    status: Answer
    id: UUID | None = None
    amount: float | None = None
    unit: str | None = None
    occurred_at: datetime | None = None
    occurred_time: time | None = None
    on_time: bool = False
    taken_now: bool = False
    reason: SkipReason | None = None
    note: str = ""
    time_zone: str | None = None
    first_logged: FirstLogged | None = None
    application: Application | None = None
    near: datetime | None = None
    gives_way: GivesWay = GivesWay.NEVER
    is_plain: bool = False
    undoes: UUID | None = None

    @field_validator("due_time", "occurred_time")
    @classmethod
    def is_a_minute_of_a_wall_clock(cls, at: time | None) -> time | None:
        """Drop seconds and offset: a slot is named by hour and minute."""
        return None if at is None else time(at.hour, at.minute)


def record_dose(
    session: Session, user: User, item: Item, dose: DoseInput, decision: Decision
) -> UUID:
    """Put a dose in the state that the person decided; return the event's id.

    `due_on` must be between the account's first day and tomorrow. A dose without an amount takes
    the planned one. A time in the future is refused. If the slot's time was corrected or changed
    since, the answer goes to its current time. Raises `Refused`. The caller commits.
    """
    check_day(user, dose.due_on, decision.received_at)
    if dose.due_time is None:
        at, event_id = None, dose.id or decision.entry_id
    else:
        at = time_of_slot(session, user, item, dose.due_on, dose.due_time)
        event_id = slot_event_id(item.id, dose.due_on, at)
    slot = {"regimen_item_id": item.id, "due_on": dose.due_on, "due_time": at}
    values: dict[str, Any] | None = None
    if dose.status is not Answer.NOTHING:
        amount, unit = _amount(item, dose, at)
        first = dose.first_logged or FirstLogged(
            logged_at=decision.changed_at,
            time_zone=dose.time_zone or user.time_zone,
            day_starts_time=user.day_starts_time,
        )
        values = {
            "user_id": user.id,
            **slot,
            "iso_week": iso_week(dose.due_on),
            "status": DoseStatus(dose.status),
            "occurred_at": _occurred_at(user, dose, decision),
            "logged_at": min(first.logged_at, decision.changed_at),
            "time_zone": first.time_zone,
            "amount": amount,
            "unit": unit,
            "reason": dose.reason.value if dose.reason else None,
            "note": dose.note,
            "day_starts_time": first.day_starts_time,
            **_applied(item, dose).columns,
        }
    record_version(
        session,
        replace(
            decision,
            gives_way=dose.gives_way,
            short_answer=dose.status.value if dose.is_plain else None,
            undoes=dose.undoes,
        ),
        DOSE_EVENT,
        {"id": event_id, **slot},
        values,
    )
    return event_id


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that a dose would exceed: the gap until `allowed_at`, or `most` doses a day."""

    allowed_at: datetime | None
    most: int | None


def limit_broken(
    session: Session, user: User, item: Item, dose: DoseInput, decision: Decision
) -> Limit | None:
    """Return the limit that a new dose would exceed; the person may still confirm it.

    A dose that is logged already is only changed, so no limit applies.
    """
    dosage = item.dosage_on(dose.due_on)
    event_id = dose.id or decision.entry_id
    is_new = dose.due_time is None and dose.status is Answer.TAKEN
    if dosage is None or not is_new or session.get(DoseEvent, event_id) is not None:
        return None
    gap = timedelta(hours=dosage.timing.gap_hours or 0)
    first = dose.due_on - gap - timedelta(days=1)
    events = events_between(session, user.id, first, dose.due_on + timedelta(days=1))
    own = [event for event in events if event.regimen_item_id == item.id]
    is_today = dose.due_on == user.today(decision.received_at)
    allowed_at = next_allowed_at(item, own, decision.changed_at, dose.due_on) if is_today else None
    most = dosage.timing.daily_maximum
    taken = sum(e.due_on == dose.due_on and e.status is DoseStatus.TAKEN for e in own)
    limit = Limit(allowed_at, most if most and taken >= most else None)
    return limit if limit.allowed_at or limit.most else None


def _amount(item: Item, dose: DoseInput, at: time | None) -> tuple[float | None, str]:
    dosage = item.dosage_on(dose.due_on)
    planned, unit = None, dose.unit or "count"
    if dosage is not None:
        unit = dose.unit or dosage.unit
        timing = dosage.timing
        nearest = [*timing.times_on(dose.due_on), *timing.times]
        planned = timing.usual_amount or next(
            (each.amount for each in nearest if each.at == at),
            nearest[0].amount if nearest else None,
        )
    return (planned if dose.amount is None else dose.amount), unit


def _applied(item: Item, dose: DoseInput) -> Application:
    """Return where and how the dose went: as entered, else as usual; nothing if it was skipped."""
    told = Application() if dose.status is Answer.SKIPPED else dose.application
    return told or item.application


def _occurred_at(user: User, dose: DoseInput, decision: Decision) -> datetime:
    """Return the instant of the dose: the time typed, else on time for a past day, else the tap.

    A dose without a slot on a past day has no known time (`at_no_known_time`).
    """
    zone = zone_named(dose.time_zone or user.time_zone)
    if dose.occurred_time is not None:
        occurred_at = _typed_instant(user, dose, dose.occurred_time, decision.received_at)
    elif dose.occurred_at is not None:
        occurred_at = dose.occurred_at
    elif dose.due_time is not None and (dose.on_time or _is_over(user, dose, decision)):
        occurred_at = instant_of(dose.due_on, dose.due_time, zone, user.day_starts_time)
    elif dose.due_time is None and _is_filled_in(user, dose, decision):
        occurred_at = at_no_known_time(dose.due_on, zone, user.day_starts_time)
    else:
        occurred_at = decision.changed_at
    is_future = occurred_at > decision.received_at + CLOCKS_MAY_DIFFER
    if is_future and not dose.on_time:
        raise Refused(_("That time is in the future."), "occurred_time")
    return occurred_at


def _typed_instant(user: User, dose: DoseInput, typed: time, now: datetime) -> datetime:
    """Return the instant of a typed wall-clock time: the one nearest to when the dose was due.

    A dose due at 23:00 and taken at "03:30" was taken the next morning. The same logical day up to
    16 hours after the dose was due counts as late, not as early the day before. A dose without a
    slot lies within its day, or nearest to when it was taken before the edit.
    """
    zone = zone_named(dose.time_zone or user.time_zone)
    within = instant_of(dose.due_on, typed, zone, user.day_starts_time)
    due_at = dose.near
    if dose.due_time is not None:
        due_at = instant_of(dose.due_on, dose.due_time, zone, user.day_starts_time)
    if due_at is None or timedelta() <= within - due_at <= LATE_FOR:
        return within
    local = due_at.astimezone(zone).date()
    days = (local + timedelta(days=offset) for offset in (-1, 0, 1))
    instants = [datetime.combine(day, typed, tzinfo=zone).astimezone(UTC) for day in days]
    nearest = min(instants, key=lambda instant: abs(instant - due_at))
    return within if nearest > now + CLOCKS_MAY_DIFFER else nearest


def _is_filled_in(user: User, dose: DoseInput, decision: Decision) -> bool:
    """Whether a dose without a slot is on a past day, both for the page and for the device."""
    is_past = user.today(decision.changed_at) > dose.due_on
    return is_past and not dose.taken_now and _is_over(user, dose, decision)


def _is_over(user: User, dose: DoseInput, decision: Decision) -> bool:
    zone = zone_named(dose.time_zone or user.time_zone)
    return logical_date(decision.changed_at, zone, user.day_starts_time) > dose.due_on
