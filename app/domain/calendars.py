"""Convert dates that a phone wrote in another calendar to the Gregorian one.

A phone set to another calendar writes its own year even into a file: 2567-09-21 (Buddhist),
0006-09-21 (Japanese, Reiwa), 1403-06-31 (Persian), 5784-13-18 (Hebrew). The year tells them
apart: `CALENDARS` reads only years of 1950 to 2100 (Reiwa until 2043), and these never overlap.
The Islamic calendar is left out: its months follow sightings and tables, not a rule.

The rules are those of Reingold and Dershowitz, *Calendrical Calculations*. Months are numbered
as phones write them: Hebrew months count from Tishri, so that a leap year has 13.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from app.i18n import _

BUDDHIST_YEARS_AHEAD = 543
REIWA_BEGAN = date(2019, 5, 1)
MINGUO_YEARS_BEHIND = 1911
NOWRUZ_1403 = date(2024, 3, 20)
HEBREW_EPOCH = -1373427  # ordinal of 1 Tishri of the year 1, from 0001-01-01 as 1
PERSIAN_LONG_MONTHS = 6


def gregorian(year: int, month: int, day: int) -> date | None:
    """Return the date, or None for a year that none of the calendars has.

    A year from 1950 to 2100 is Gregorian. Raises `ValueError` for a day that does not exist.
    """
    if 1950 <= year <= 2100:
        return date(year, month, day)
    read = next((read for years, read in CALENDARS.items() if year in years), None)
    return read(year, month, day) if read else None


def is_islamic(year: int) -> bool:
    """Whether a year is one of the Islamic calendar around today."""
    return year in ISLAMIC_YEARS


def from_buddhist(year: int, month: int, day: int) -> date:
    """Thai Buddhist: 2567 is 2024."""
    return date(year - BUDDHIST_YEARS_AHEAD, month, day)


def from_minguo(year: int, month: int, day: int) -> date:
    """Republic of China: 113 is 2024."""
    return date(year + MINGUO_YEARS_BEHIND, month, day)


def from_reiwa(year: int, month: int, day: int) -> date:
    """Japanese, Reiwa era: 6 is 2024."""
    on = date(REIWA_BEGAN.year + year - 1, month, day)
    if on < REIWA_BEGAN:
        raise ValueError(_("day before the era"))
    return on


def from_persian(year: int, month: int, day: int) -> date:
    """Persian (Solar Hijri): 1403-01-01 is 2024-03-20. Exact from 1244 to 1472."""
    lengths = [31] * PERSIAN_LONG_MONTHS + [30] * 5 + [30 if _is_leap_persian(year) else 29]
    _check(month, day, lengths)
    if year >= 1403:
        days = sum(366 if _is_leap_persian(each) else 365 for each in range(1403, year))
    else:
        days = -sum(366 if _is_leap_persian(each) else 365 for each in range(year, 1403))
    return NOWRUZ_1403 + timedelta(days=days + sum(lengths[: month - 1]) + day - 1)


def from_hebrew(year: int, month: int, day: int) -> date:
    """Hebrew: 5785-01-01 (1 Tishri) is 2024-10-03."""
    length = _hebrew_new_year(year + 1) - _hebrew_new_year(year)
    is_leap = length > 365
    heshvan = 30 if length % 10 == 5 else 29
    kislev = 29 if length % 10 == 3 else 30
    adar = [30, 29] if is_leap else [29]
    lengths = [30, heshvan, kislev, 29, 30, *adar, 30, 29, 30, 29, 30, 29]
    _check(month, day, lengths)
    return date.fromordinal(_hebrew_new_year(year) + sum(lengths[: month - 1]) + day - 1)


def _check(month: int, day: int, lengths: list[int]) -> None:
    if not (1 <= month <= len(lengths) and 1 <= day <= lengths[month - 1]):
        raise ValueError(_("no such day"))


def _is_leap_persian(year: int) -> bool:
    return (year * 25 + 11) % 33 < 8


def _hebrew_new_year(year: int) -> int:
    """The ordinal of 1 Tishri."""
    days = _hebrew_days(year)
    before, after = _hebrew_days(year - 1), _hebrew_days(year + 1)
    if after - days == 356:
        days += 2
    elif days - before == 382:
        days += 1
    return HEBREW_EPOCH + days


def _hebrew_days(year: int) -> int:
    """Days from the epoch to the mean conjunction of Tishri, put off as the week demands."""
    months = (235 * year - 234) // 19
    parts = 12084 + 13753 * months
    days = 29 * months + parts // 25920
    return days + 1 if (3 * (days + 1)) % 7 < 3 else days


CALENDARS: Mapping[range, Callable[[int, int, int], date]] = MappingProxyType(
    {
        range(1, 26): from_reiwa,
        range(78, 190): from_minguo,
        range(1330, 1431): from_persian,
        range(2493, 2644): from_buddhist,
        range(5710, 5861): from_hebrew,
    }
)
ISLAMIC_YEARS = range(1431, 1526)
