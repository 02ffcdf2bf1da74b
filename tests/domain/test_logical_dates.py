"""Which day an instant belongs to, over clock changes and journeys."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.logical_dates import (
    day_turns_at,
    days_between,
    instant_of,
    iso_week,
    logical_date,
    time_order,
    week_start,
    zone_named,
)

THREE = time(3)
BERLIN = ZoneInfo("Europe/Berlin")
# Each zone's days of 23 and of 25 hours in 2026; Lord Howe moves by half an hour.
CLOCK_CHANGES = [
    ("Europe/Berlin", date(2026, 3, 28), 23.0),
    ("Europe/Berlin", date(2026, 10, 24), 25.0),
    ("America/New_York", date(2026, 3, 7), 23.0),
    ("America/New_York", date(2026, 10, 31), 25.0),
    ("Australia/Adelaide", date(2026, 10, 3), 23.0),
    ("Australia/Adelaide", date(2026, 4, 4), 25.0),
    ("Australia/Lord_Howe", date(2026, 10, 3), 23.5),
    ("Australia/Lord_Howe", date(2026, 4, 4), 24.5),
]
over_clock_changes = pytest.mark.parametrize(("name", "on", "hours"), CLOCK_CHANGES)


@pytest.mark.parametrize(
    ("clock", "on"),
    [
        ("2026-11-23 02:59:59", date(2026, 11, 22)),
        ("2026-11-23 03:00:00", date(2026, 11, 23)),
        ("2026-11-23 23:59:59", date(2026, 11, 23)),
        ("2026-11-24 00:00:00", date(2026, 11, 23)),
        ("2027-01-01 01:30:00", date(2026, 12, 31)),
    ],
)
def test_a_day_turns_over_at_three_and_not_at_midnight(clock: str, on: date) -> None:
    instant = datetime.fromisoformat(clock).replace(tzinfo=BERLIN)

    assert logical_date(instant.astimezone(UTC), BERLIN, THREE) == on


def test_a_day_may_turn_over_at_midnight() -> None:
    instant = datetime(2026, 11, 23, 0, 0, tzinfo=BERLIN)

    assert logical_date(instant, BERLIN, time(0)) == date(2026, 11, 23)
    assert instant_of(date(2026, 11, 23), time(0), BERLIN, time(0)) == instant


def test_times_after_midnight_belong_to_the_night_that_ends_the_day() -> None:
    late = instant_of(date(2026, 11, 23), time(1, 30), BERLIN, THREE)

    assert late == datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    assert logical_date(late, BERLIN, THREE) == date(2026, 11, 23)


@over_clock_changes
def test_eight_stays_eight_over_a_clock_change(name: str, on: date, hours: float) -> None:
    zone = zone_named(name)

    for day in days_between(on - timedelta(days=1), on + timedelta(days=2)):
        instant = instant_of(day, time(8), zone, THREE)
        assert instant.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, time(8))
        assert logical_date(instant, zone, THREE) == day


@over_clock_changes
def test_the_day_of_a_clock_change_is_shorter_or_longer(name: str, on: date, hours: float) -> None:
    zone = zone_named(name)
    length = day_turns_at(on, zone, THREE) - day_turns_at(on - timedelta(days=1), zone, THREE)

    assert length == timedelta(hours=hours)


@over_clock_changes
@pytest.mark.parametrize("day_starts", [time(hour) for hour in range(7)])
def test_every_instant_belongs_to_the_day_that_is_not_over_yet(
    name: str, on: date, hours: float, day_starts: time
) -> None:
    zone = zone_named(name)
    instant = instant_of(on, time(12), zone, THREE)

    for _ in range(4 * 30):
        instant += timedelta(minutes=15)
        day = logical_date(instant, zone, day_starts)
        assert day_turns_at(day - timedelta(days=1), zone, day_starts) <= instant
        assert instant < day_turns_at(day, zone, day_starts)


def test_a_time_that_the_clock_skips_is_read_by_the_clock_before_the_change() -> None:
    skipped = instant_of(date(2026, 3, 28), time(2, 30), BERLIN, THREE)

    assert skipped == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_time_that_comes_twice_is_the_first_of_the_two() -> None:
    repeated = instant_of(date(2026, 10, 24), time(2, 30), BERLIN, THREE)

    assert repeated == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_an_instant_can_be_two_different_days_in_two_zones() -> None:
    instant = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)

    assert logical_date(instant, BERLIN, THREE) == date(2026, 11, 22)
    assert logical_date(instant, zone_named("Asia/Tokyo"), THREE) == date(2026, 11, 23)


def test_within_a_day_the_times_after_midnight_come_last_and_no_time_first() -> None:
    times = [time(1), None, time(23), time(3), time(8)]

    assert sorted(times, key=lambda at: time_order(at, THREE)) == [
        *(None, time(3), time(8), time(23), time(1)),
    ]


@pytest.mark.parametrize(
    ("on", "week"),
    [
        (date(2026, 11, 23), 202648),
        (date(2026, 1, 1), 202601),
        (date(2027, 1, 3), 202653),
        (date(2024, 12, 30), 202501),
    ],
)
def test_iso_weeks_sort_as_numbers(on: date, week: int) -> None:
    assert iso_week(on) == week


def test_a_week_starts_on_monday() -> None:
    assert {week_start(date(2026, 11, day)) for day in range(23, 30)} == {date(2026, 11, 23)}


def test_days_between_includes_both_ends_and_is_empty_backwards() -> None:
    first, last = date(2026, 2, 27), date(2026, 3, 1)

    assert list(days_between(first, last)) == [first, date(2026, 2, 28), last]
    assert list(days_between(last, first)) == []


@pytest.mark.parametrize(
    ("name", "hours"), [("+10:30", 10.5), ("-03:00", -3), ("+00:00", 0), ("UTC", 0)]
)
def test_a_zone_may_be_an_offset(name: str, hours: float) -> None:
    offset = datetime(2026, 11, 23, tzinfo=zone_named(name)).utcoffset()

    assert offset == timedelta(hours=hours)


@pytest.mark.parametrize(
    "name",
    [
        *("", "Mars/Phobos", "Europe", "../etc/passwd", "/etc/localtime", "A\0B"),
        *("+", "+10", "+aa:bb", "+99:00", "-1:2:3", "Zürich"),
    ],
)
def test_anything_else_is_not_a_zone(name: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        zone_named(name)
