"""Expand a dosage into the slots that fall due.

The vocabulary follows FHIR `Timing.repeat`: times of day, days of the week, a period in
days, bounds. A *slot* is one dose that falls due on a logical day at a wall-clock time;
it is computed and never stored. Flexible ("2 to 3 times a week") and as-needed dosages
have no slots: they are never due and never missed.

A dosage holds for whole logical days, `starts_on` to `ends_on` inclusive. Periods and
cycles count from `rhythm_from`, or from `starts_on` if that is empty: a new amount goes
on in the rhythm there was. In a month that is too short, a day of the month falls on its
last day.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.domain.date_range import DateRange, is_within
from app.domain.logical_dates import days_between

EVERY_WEEKDAY = "1234567"
HOURS_A_DAY = 24
DAYS_A_WEEK = 7
FOUR_YEARS = 1_461
# A dose this near to its time, before or after, is neither early nor late.
ON_TIME = timedelta(minutes=5)


class TimingKind(StrEnum):
    """The rule by which doses fall due."""

    DAILY = "daily"
    WEEKDAYS = "weekdays"
    EVERY_DAYS = "every_days"
    DAYS_OF_MONTH = "days_of_month"
    CYCLE = "cycle"
    FLEXIBLE = "flexible"
    AS_NEEDED = "as_needed"

    @property
    def has_slots(self) -> bool:
        """Whether doses of this kind fall due at set times."""
        return self not in {TimingKind.FLEXIBLE, TimingKind.AS_NEEDED}

    @property
    def has_rhythm(self) -> bool:
        """Whether due days are counted from a certain day."""
        return self in {TimingKind.EVERY_DAYS, TimingKind.CYCLE}


@dataclass(frozen=True, slots=True)
class DoseTime:
    """One time of day of a dosage; `days_of_week` are ISO weekday digits ("135")."""

    at: time
    amount: float
    days_of_week: str = EVERY_WEEKDAY


@dataclass(frozen=True, slots=True)
class Timing:
    """When the doses of one dosage fall due, and how much each is."""

    kind: TimingKind
    starts_on: date
    ends_on: date | None = None
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
    rhythm_from: date | None = None

    @property
    def counts_from(self) -> date:
        """The day that periods and cycles count from."""
        return self.rhythm_from or self.starts_on

    @property
    def rhythm(self) -> tuple[TimingKind, int, int, int]:
        """The values that decide which days are due, without weekdays and days of the month."""
        every = self.every_days if self.kind is TimingKind.EVERY_DAYS else 0
        is_cycle = self.kind is TimingKind.CYCLE
        on, off = (self.cycle_on, self.cycle_off) if is_cycle else (0, 0)
        return self.kind, every, on, off

    @property
    def days(self) -> DateRange:
        """The days that it covers."""
        return DateRange(self.starts_on, self.ends_on)

    def holds_on(self, day: date) -> bool:
        """Whether the dosage covers `day`."""
        return is_within(day, self.starts_on, self.ends_on)

    def falls_on(self, day: date) -> bool:
        """Whether the rule names `day`; the weekdays of each time are checked separately."""
        match self.kind:
            case TimingKind.DAILY | TimingKind.WEEKDAYS:
                return True
            case TimingKind.EVERY_DAYS:
                return (day - self.counts_from).days % self.every_days == 0
            case TimingKind.DAYS_OF_MONTH:
                last = monthrange(day.year, day.month)[1]
                return day.day in {min(named, last) for named in self.days_of_month}
            case TimingKind.CYCLE:
                period = max(1, self.cycle_on + self.cycle_off)
                return (day - self.counts_from).days % period < self.cycle_on
            case _:
                return False

    def times_on(self, day: date) -> Iterator[DoseTime]:
        """Return the times due on `day`, in stored order."""
        if self.holds_on(day) and self.falls_on(day):
            weekday = str(day.isoweekday())
            for dose_time in self.times:
                if weekday in dose_time.days_of_week:
                    yield dose_time

    def times_by_weekday(self) -> list[list[tuple[time, float, int]]]:
        """Return the times of each weekday from Monday on: time, amount, minutes of its window.

        Computed once for a span, because ten years have thousands of days.
        """
        days = [[each for each in self.times if day in each.days_of_week] for day in EVERY_WEEKDAY]
        return [[(each.at, each.amount, window_minutes(len(due))) for each in due] for due in days]

    @property
    def amount_a_day(self) -> float | None:
        """The total of a day with every time; `None` if the days differ too much to say."""
        by_weekday = self.amounts_by_weekday
        return next(iter(by_weekday)) if len(by_weekday) == 1 else None

    @property
    def amounts_by_weekday(self) -> set[float]:
        """The totals of the weekdays with doses, each once; empty without slots."""
        if not self.kind.has_slots:
            return set()
        return {
            sum(each.amount for each in self.times if digit in each.days_of_week)
            for digit in EVERY_WEEKDAY
        } - {0}

    def amount_on(self, day: date) -> float | None:
        """Return the planned amount of one day; the usual amount without set times."""
        if not self.kind.has_slots:
            return self.usual_amount
        return sum(each.amount for each in self.times_on(day))

    @property
    def average_a_day(self) -> float | None:
        """The average daily amount over the whole rhythm; `None` without a rhythm.

        "2 to 3 times a week" counts as its middle.
        """
        if self.kind is TimingKind.FLEXIBLE and self.usual_amount is not None:
            most = max(self.per_week, self.per_week_most)
            return self.usual_amount * (self.per_week + most) / 2 / DAYS_A_WEEK
        if not self.kind.has_slots or not self.times:
            return None
        days = days_between(self.starts_on, self.starts_on + timedelta(days=self._rhythm_days - 1))
        amounts = (
            each.amount
            for day in days
            if self.falls_on(day)
            for each in self.times
            if str(day.isoweekday()) in each.days_of_week
        )
        return sum(amounts) / self._rhythm_days

    @property
    def _rhythm_days(self) -> int:
        """Return the days after which the rhythm, weekdays included, repeats."""
        match self.kind:
            case TimingKind.EVERY_DAYS:
                return DAYS_A_WEEK * self.every_days
            case TimingKind.CYCLE:
                return DAYS_A_WEEK * max(1, self.cycle_on + self.cycle_off)
            case TimingKind.DAYS_OF_MONTH:
                return FOUR_YEARS
            case _:
                return DAYS_A_WEEK


class Slot(NamedTuple):
    """One dose that falls due, in local wall-clock time. A tuple: a year has thousands."""

    regimen_item_id: UUID
    on: date
    at: time
    amount: float
    unit: str
    window_minutes: int


def window_minutes(doses_a_day: int) -> int:
    """Return how far off a dose is still on time: a quarter of the dosing interval, in minutes.

    The convention of the electronic-monitoring literature: 6 h for one dose a day, 3 h for two.
    """
    return HOURS_A_DAY * 60 // (4 * max(1, doses_a_day))


def slots_between(
    regimen_item_id: UUID, unit: str, timing: Timing, first: date, last: date
) -> Iterator[Slot]:
    """The slots of one dosage from `first` to `last`, both inclusive, day by day."""
    first = max(first, timing.starts_on)
    last = last if timing.ends_on is None else min(last, timing.ends_on)
    by_weekday = timing.times_by_weekday()
    for day in days_between(first, last):
        if timing.falls_on(day):
            for at, amount, window in by_weekday[day.weekday()]:
                yield Slot(regimen_item_id, day, at, amount, unit, window)


def times_every(hours: int, first: time) -> tuple[time, ...]:
    """Return the fixed times of "every N hours" if N divides the day; else none."""
    if hours < 1 or HOURS_A_DAY % hours:
        return ()
    return tuple(
        time((first.hour + offset) % HOURS_A_DAY, first.minute)
        for offset in range(0, HOURS_A_DAY, hours)
    )


def day_before(day: date) -> date:
    """Return the day before `day`."""
    return day - timedelta(days=1)
