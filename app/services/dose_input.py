"""A person's answer to a dose, and the instant that it means."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, field_validator

from app.domain.applications import Application
from app.domain.logical_dates import at_no_known_time, instant_of, logical_date, zone_named
from app.errors import Refused
from app.i18n import _
from app.models import GivesWay, SkipReason, User
from app.services.history import Decision
from app.services.writable_days import CLOCKS_MAY_DIFFER

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


def instant_of_dose(user: User, dose: DoseInput, decision: Decision) -> datetime:
    """Return the instant of the dose: the time typed, else on time for a past day, else the tap.

    A dose without a slot on a past day has no known time (`at_no_known_time`). Raises `Refused` for
    a time in the future.
    """
    zone = zone_named(dose.time_zone or user.time_zone)
    day = _DayOfDose(dose, zone, user.day_starts_time)
    occurred_at = decision.changed_at
    if dose.occurred_time is not None:
        occurred_at = day.typed(dose.occurred_time, decision.received_at)
    elif dose.occurred_at is not None:
        occurred_at = dose.occurred_at
    elif dose.due_time is not None:
        if dose.on_time or day.is_over_at(decision.changed_at):
            occurred_at = day.at(dose.due_time)
    elif _is_filled_in(user, day, decision):
        occurred_at = at_no_known_time(dose.due_on, zone, user.day_starts_time)
    is_future = occurred_at > decision.received_at + CLOCKS_MAY_DIFFER
    if is_future and not dose.on_time:
        raise Refused(_("That time is in the future."), "occurred_time")
    return occurred_at


@dataclass(frozen=True, slots=True)
class _DayOfDose:
    """The day of a dose, by the clock of the dose."""

    dose: DoseInput
    zone: tzinfo
    begins: time

    def at(self, clock: time) -> datetime:
        """Return the instant of a wall-clock time within the day."""
        return instant_of(self.dose.due_on, clock, self.zone, self.begins)

    def is_over_at(self, instant: datetime) -> bool:
        """Whether another day has begun."""
        return logical_date(instant, self.zone, self.begins) > self.dose.due_on

    def typed(self, clock: time, now: datetime) -> datetime:
        """Return the instant of a typed wall-clock time: the one nearest to when the dose was due.

        A dose due at 23:00 and taken at "03:30" was taken the next morning. The same logical day up
        to 16 hours after the dose was due counts as late, not as early the day before. A dose
        without a slot lies within its day, or nearest to when it was taken before the edit.
        """
        within = self.at(clock)
        due_at = self.dose.near if self.dose.due_time is None else self.at(self.dose.due_time)
        if due_at is None or timedelta() <= within - due_at <= LATE_FOR:
            return within
        local = due_at.astimezone(self.zone).date()
        days = (local + timedelta(days=offset) for offset in (-1, 0, 1))
        instants = [datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC) for day in days]
        nearest = min(instants, key=lambda instant: abs(instant - due_at))
        return within if nearest > now + CLOCKS_MAY_DIFFER else nearest


def _is_filled_in(user: User, day: _DayOfDose, decision: Decision) -> bool:
    """Whether a dose without a slot is on a past day, both for the page and for the device."""
    is_past = user.today(decision.changed_at) > day.dose.due_on
    return is_past and not day.dose.taken_now and day.is_over_at(decision.changed_at)
