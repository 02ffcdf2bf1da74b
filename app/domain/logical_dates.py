"""Decide which day an instant belongs to, and when on the clock a day's times fall.

The *logical date* is the day a person would say it was: it turns over at their `day_starts_time`
(03:00 unless they change it), so a dose at 01:00 still belongs to the evening before. All
arithmetic is on local wall-clock time; a zone is applied only when an instant enters or leaves. A
wall-clock time that a clock change skips or repeats resolves as `datetime` does with `fold=0`.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.i18n import _


@lru_cache(maxsize=1024)
def zone_named(name: str) -> tzinfo:
    """Return the zone of an IANA name, or of an offset such as "+10:30" if only that is known.

    Raises ValueError for a name that is neither.
    """
    if name[:1] in {"+", "-"}:
        hours, minutes = name[1:].split(":")
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(offset if name[0] == "+" else -offset)
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as error:
        raise ValueError(_("{name} is not a time zone.", name=name)) from error


def logical_date(instant: datetime, zone: tzinfo, day_starts: time) -> date:
    """The day that `instant` counts for on a wall clock in `zone`."""
    local = instant.astimezone(zone)
    return local.date() if local.time() >= day_starts else local.date() - timedelta(days=1)


def instant_of(on: date, at: time, zone: tzinfo, day_starts: time) -> datetime:
    """The UTC instant of the wall-clock time `at` within the logical day `on`.

    Times before `day_starts` belong to the night that ends the day.
    """
    day = on if at >= day_starts else on + timedelta(days=1)
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def day_turns_at(on: date, zone: tzinfo, day_starts: time) -> datetime:
    """The UTC instant at which the logical day `on` is over."""
    return datetime.combine(on + timedelta(days=1), day_starts, tzinfo=zone).astimezone(UTC)


def at_no_known_time(on: date, zone: tzinfo, day_starts: time) -> datetime:
    """Return the UTC instant that stands for "at some time on this day": its last microsecond.

    No real time is that late, so whatever must wait after the dose waits long enough.
    """
    return day_turns_at(on, zone, day_starts) - timedelta(microseconds=1)


@lru_cache(maxsize=2_048)
def time_order(at: time | None, day_starts: time) -> tuple[int, time]:
    """Sort key of a time within a logical day: after midnight comes last, no time before all."""
    if at is None:
        return (0, time.min)
    return (1 if at >= day_starts else 2, at)


def iso_week(on: date) -> int:
    """The ISO 8601 week as one sortable number: 2026-W47 is 202647."""
    year, week, _ = on.isocalendar()
    return year * 100 + week


@lru_cache(maxsize=2_048)
def week_name(on: date) -> str:
    """The ISO week as people and addresses write it: 2026-W47."""
    year, week, _ = on.isocalendar()
    return f"{year}-W{week:02}"


def week_start(on: date) -> date:
    """The Monday of the ISO week that `on` falls in."""
    return on - timedelta(days=on.weekday())


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both inclusive; none if `last` is earlier."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def weeks_between(first: date, last: date) -> Iterator[date]:
    """The Monday of every ISO week that has one of the days `first` to `last`."""
    monday = week_start(first)
    while monday <= last:
        yield monday
        monday += timedelta(days=7)
