"""When the doses of a dosage fall due."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from uuid import UUID

import pytest

from app.domain.logical_dates import days_between, instant_of, zone_named
from app.domain.timing import (
    DoseTime,
    Timing,
    TimingKind,
    slots_between,
    times_every,
    window_minutes,
)

ITEM = UUID(int=1)
MONDAY = date(2026, 11, 23)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
EIGHT = (DoseTime(time(8), 1),)


def days_of(timing: Timing, first: date, last: date) -> list[date]:
    return [slot.on for slot in slots_between(ITEM, "mg", timing, first, last)]


def daily(times: Sequence[DoseTime] = EIGHT, ends_on: date | None = None) -> Timing:
    return Timing(TimingKind.DAILY, YEAR[0], ends_on, tuple(times))


def test_a_daily_dose_falls_due_every_day_of_the_year() -> None:
    assert days_of(daily(), *YEAR) == list(days_between(*YEAR))


@pytest.mark.parametrize(
    "name",
    ["Europe/Berlin", "America/New_York", "Australia/Adelaide", "Australia/Lord_Howe"],
)
def test_days_of_23_and_25_hours_have_the_same_doses_at_the_same_clock_times(name: str) -> None:
    zone = zone_named(name)
    clock = [time(3), time(8), time(14), time(21), time(1, 30)]
    timing = daily([DoseTime(at, 1) for at in clock])
    slots = list(slots_between(ITEM, "mg", timing, *YEAR))
    instants = [instant_of(slot.on, slot.at, zone, time(3)) for slot in slots]

    assert len(slots) == 365 * 5
    assert instants == sorted(instants)
    local = [instant.astimezone(zone) for instant in instants]
    assert [each.time() for each in local] == [slot.at for slot in slots]


def test_a_dosage_holds_on_both_of_its_ends() -> None:
    timing = Timing(TimingKind.DAILY, MONDAY, MONDAY + timedelta(days=2), EIGHT)

    assert days_of(timing, *YEAR) == [MONDAY + timedelta(days=n) for n in range(3)]


def test_weekdays_belong_to_each_time_and_so_do_amounts() -> None:
    timing = Timing(
        TimingKind.WEEKDAYS,
        MONDAY,
        times=(DoseTime(time(8), 1, "135"), DoseTime(time(8), 2, "24"), DoseTime(time(21), 3, "7")),
    )
    slots = slots_between(ITEM, "mg", timing, MONDAY, MONDAY + timedelta(days=6))

    assert [(slot.on.isoweekday(), slot.at.hour, slot.amount) for slot in slots] == [
        *((1, 8, 1), (2, 8, 2), (3, 8, 1), (4, 8, 2), (5, 8, 1), (7, 21, 3)),
    ]


def test_every_third_day_counts_from_the_start_even_over_a_leap_day() -> None:
    timing = Timing(TimingKind.EVERY_DAYS, date(2028, 2, 27), times=EIGHT, every_days=3)

    assert days_of(timing, date(2028, 2, 28), date(2028, 3, 8)) == [
        date(2028, 3, 1),
        date(2028, 3, 4),
        date(2028, 3, 7),
    ]


def test_the_31st_falls_on_the_last_day_of_a_short_month() -> None:
    timing = Timing(TimingKind.DAYS_OF_MONTH, YEAR[0], times=EIGHT, days_of_month=(31,))

    assert [day.day for day in days_of(timing, *YEAR)] == [
        *(31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31),
    ]


def test_days_of_the_month_that_meet_on_the_last_day_are_one_dose() -> None:
    timing = Timing(
        TimingKind.DAYS_OF_MONTH, date(2028, 1, 1), times=EIGHT, days_of_month=(1, 29, 30, 31)
    )

    assert [day.day for day in days_of(timing, date(2028, 2, 1), date(2028, 2, 29))] == [1, 29]
    assert [day.day for day in days_of(timing, date(2027, 1, 1), date(2028, 1, 31))] == [
        *(1, 29, 30, 31),
    ]


def test_a_cycle_is_so_many_days_on_and_so_many_off() -> None:
    timing = Timing(TimingKind.CYCLE, MONDAY, times=EIGHT, cycle_on=5, cycle_off=2)

    weekdays = [day.isoweekday() for day in days_of(timing, *YEAR)]
    assert set(weekdays) == {1, 2, 3, 4, 5}


def test_a_cycle_without_any_days_is_never_due() -> None:
    timing = Timing(TimingKind.CYCLE, MONDAY, times=EIGHT)

    assert days_of(timing, *YEAR) == []


@pytest.mark.parametrize("kind", [TimingKind.FLEXIBLE, TimingKind.AS_NEEDED])
def test_flexible_and_as_needed_doses_are_never_due(kind: TimingKind) -> None:
    timing = Timing(kind, YEAR[0], times=EIGHT, usual_amount=1, per_week=2)

    assert days_of(timing, *YEAR) == []
    assert not kind.has_slots
    assert timing.amount_a_day is None


def test_a_dose_is_on_time_within_a_quarter_of_its_interval() -> None:
    twice = daily([DoseTime(time(8), 1), DoseTime(time(21), 1)])

    assert {slot.window_minutes for slot in slots_between(ITEM, "mg", twice, *YEAR)} == {180}
    assert [window_minutes(count) for count in (0, 1, 2, 3, 4)] == [360, 360, 180, 120, 90]


def test_the_amount_of_a_day_adds_up_and_is_unknown_where_days_differ() -> None:
    split = daily([DoseTime(time(8), 667), DoseTime(time(21), 1333)])
    uneven = Timing(
        TimingKind.WEEKDAYS, MONDAY, times=(DoseTime(time(8), 1, "1"), DoseTime(time(8), 2, "2"))
    )

    assert split.amount_a_day == 2000
    assert uneven.amount_a_day is None
    assert daily([]).amount_a_day is None


@pytest.mark.parametrize(
    ("hours", "first", "times"),
    [
        (8, time(8), ["08:00", "16:00", "00:00"]),
        (6, time(7, 30), ["07:30", "13:30", "19:30", "01:30"]),
        (24, time(21), ["21:00"]),
        (12, time(0), ["00:00", "12:00"]),
        (7, time(8), []),
        (36, time(8), []),
        (0, time(8), []),
        (-6, time(8), []),
    ],
)
def test_every_so_many_hours_is_fixed_times_where_they_divide_the_day(
    hours: int, first: time, times: list[str]
) -> None:
    assert [f"{at:%H:%M}" for at in times_every(hours, first)] == times
