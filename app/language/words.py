"""Write dates, times, amounts and shares in words."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from math import floor

from app.domain.logical_dates import zone_named
from app.domain.quantities import format_amount, format_number, unit_word
from app.domain.timing import ON_TIME
from app.i18n import Text, _, current, lazy, lazy_in, ngettext
from app.language.shared_messages import (
    ALL_DONE,
    COUNT_NOT_LOGGED,
    DUE_AT,
    DUE_BEFORE,
    DUE_NOW,
    DUE_SOON,
    SHORT_DAY,
    TO_GO,
    WAS_DUE_AT,
)

# Matches a hyphen after a single letter, or before one or two characters that end the name.
BESIDE_A_LETTER = r"(?<=\b\w)-|-(?=\w{1,2}(?![\w-]))"

WEEKDAYS = (
    lazy("Monday"),
    lazy("Tuesday"),
    lazy("Wednesday"),
    lazy("Thursday"),
    lazy("Friday"),
    lazy("Saturday"),
    lazy("Sunday"),
)
MONTHS = (
    lazy("January"),
    lazy("February"),
    lazy("March"),
    lazy("April"),
    lazy("May"),
    lazy("June"),
    lazy("July"),
    lazy("August"),
    lazy("September"),
    lazy("October"),
    lazy("November"),
    lazy("December"),
)
SHORT_WEEKDAYS = (
    lazy("Mon"),
    lazy("Tue"),
    lazy("Wed"),
    lazy("Thu"),
    lazy("Fri"),
    lazy("Sat"),
    lazy("Sun"),
)
SHORT_MONTHS = (
    lazy_in("short", "Jan"),
    lazy_in("short", "Feb"),
    lazy_in("short", "Mar"),
    lazy_in("short", "Apr"),
    lazy_in("short", "May"),
    lazy_in("short", "Jun"),
    lazy_in("short", "Jul"),
    lazy_in("short", "Aug"),
    lazy_in("short", "Sep"),
    lazy_in("short", "Oct"),
    lazy_in("short", "Nov"),
    lazy_in("short", "Dec"),
)
# As short as the head of a calendar column: M and T in English, Mo and Di in German.
WEEKDAY_LETTERS = (
    lazy_in("Monday", "M"),
    lazy_in("Tuesday", "T"),
    lazy_in("Wednesday", "W"),
    lazy_in("Thursday", "T"),
    lazy_in("Friday", "F"),
    lazy_in("Saturday", "S"),
    lazy_in("Sunday", "S"),
)
NUMBERS = (
    lazy("None"),
    lazy("One"),
    lazy("Two"),
    lazy("Three"),
    lazy("Four"),
    lazy("Five"),
    lazy("Six"),
    lazy("Seven"),
    lazy("Eight"),
    lazy("Nine"),
    lazy("Ten"),
    lazy("Eleven"),
    lazy("Twelve"),
)
NEAR_MINUTES = 90


def weekday(number: int) -> str:
    """Monday, for 0."""
    return str(WEEKDAYS[number])


def short_weekday(number: int) -> str:
    """Mon, for 0."""
    return str(SHORT_WEEKDAYS[number])


def weekday_letter(number: int) -> str:
    """M, for 0."""
    return str(WEEKDAY_LETTERS[number])


def every_second_weekday() -> list[str]:
    """M, nothing, W, nothing and so on: beside the rows of a heatmap."""
    return ["" if number % 2 else weekday_letter(number) for number in range(7)]


def short_month(number: int) -> str:
    """Jan, for 1."""
    return str(SHORT_MONTHS[number - 1])


def day_of_month(on: date) -> str:
    """23 November."""
    return _("{day} {month}", day=on.day, month=MONTHS[on.month - 1])


def day(on: date) -> str:
    """Monday, 23 November."""
    return _("{weekday}, {day}", weekday=weekday(on.weekday()), day=day_of_month(on))


def full_day(on: date) -> str:
    """Monday, 23 November 2026."""
    return f"{day(on)} {on.year}"


def short_day(on: date) -> str:
    """23 Nov."""
    return SHORT_DAY.of(day=on.day, month=short_month(on.month))


def spelled_out(on: date) -> str:
    """23 November 2026."""
    return f"{day_of_month(on)} {on.year}"


def day_of_week(on: date) -> str:
    """Mon 23."""
    return _("{weekday} {day}", weekday=short_weekday(on.weekday()), day=on.day)


def dated(on: date, today: date) -> str:
    """23 Nov, with the year if it is not this year."""
    return short_day(on) if on.year == today.year else f"{short_day(on)} {on.year}"


def month(on: date) -> str:
    """November 2026."""
    return f"{MONTHS[on.month - 1]} {on.year}"


def year_month(text: str) -> str:
    """November 2026, from 2026-11."""
    return month(date.fromisoformat(f"{text}-01"))


def clock(at: time) -> str:
    """08:05."""
    return at.isoformat("minutes")


def clock_in(instant: datetime, zone: str) -> str:
    """Return the wall-clock time in `zone`."""
    return f"{instant.astimezone(zone_named(zone)):%H:%M}"


def percent(share: float | None) -> str:
    """94%, or a dash if unknown. Never rounds up to 100 or down to 0."""
    if share is None:
        return "\N{EN DASH}"
    whole = round(share * 100)
    if whole == 100 and share < 1:
        whole = 99
    if whole == 0 and share > 0:
        whole = 1
    return _("{share}%", share=whole)


def count(number: int) -> str:
    """Three, or 13."""
    return str(NUMBERS[number]) if 0 <= number < len(NUMBERS) else format_number(number)


def to_go(number: int) -> str:
    """Three to go."""
    return str(ALL_DONE) if number == 0 else TO_GO.of(count=count(number))


def not_logged(number: int) -> str:
    """Three not logged."""
    return COUNT_NOT_LOGGED.of(count=count(number))


def due_words(due_at: datetime, now: datetime, at: time) -> str:
    """In 20 min, due now, due 40 min ago, due 21:00, was due at 08:00."""
    # Half a minute rounds up, as in the browser.
    minutes = floor((due_at - now) / timedelta(minutes=1) + 0.5)
    if timedelta(minutes=abs(minutes)) <= ON_TIME:
        return str(DUE_NOW)
    if 0 < minutes <= NEAR_MINUTES:
        return DUE_SOON.of(minutes=format_amount(minutes, "min"))
    if -NEAR_MINUTES <= minutes < 0:
        return DUE_BEFORE.of(minutes=format_amount(-minutes, "min"))
    return (DUE_AT if minutes > 0 else WAS_DUE_AT).of(time=clock(at))


def unbroken(name: Text) -> str:
    """Write a name that does not break at its hyphens: L-threonate.

    German joins long words with hyphens, and may break there: Minoxidil-Lösung, but not Omega-3.
    """
    hyphen = BESIDE_A_LETTER if current().has_capital_nouns else "-"
    return re.sub(hyphen, "\N{NON-BREAKING HYPHEN}", str(name))


def counted(one: str, many: str, number: float, /, **given: object) -> str:
    """1 day, 3 days: `counted("{n} day", "{n} days", number)`."""
    return ngettext(one, many, number, n=format_number(number), **given)


def less_words(less: int) -> str:
    """Count the doses taken in a smaller amount than planned: 1 partial dose."""
    return counted("{n} partial dose", "{n} partial doses", less)


def joined(parts: Iterable[Text]) -> str:
    """One, two and three."""
    said = list(map(str, parts))
    if len(said) < 2:
        return "".join(said)
    return _("{first} and {last}", first=", ".join(said[:-1]), last=said[-1])


def capitalize_first(text: Text) -> str:
    """After Microneedling: capitalize the first letter and leave the others unchanged."""
    said = str(text)
    return said[:1].upper() + said[1:]


def translated(text: str) -> str:
    """Translate a text that was copied from the catalogue; return any other text unchanged."""
    return _(text) if text else ""


def uncapitalized(text: Text) -> str:
    """Lower the first letter, for the middle of a sentence: A little more, a little more."""
    said = str(text)
    return said[:1].lower() + said[1:]


def noun(text: Text) -> str:
    """Write a noun for the middle of a sentence; German nouns keep their capital."""
    return str(text) if current().has_capital_nouns else uncapitalized(text)


FILTERS = {
    "amount": format_amount,
    "capitalize_first": capitalize_first,
    "clock": clock,
    "day": day,
    "full_day": full_day,
    "month": month,
    "number": format_number,
    "percent": percent,
    "unit_word": unit_word,
    "short_day": short_day,
    "unbroken": unbroken,
}
