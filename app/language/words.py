"""Say dates, times, amounts and shares in words, as pages show them."""

import gettext
from datetime import date, datetime, time, timedelta

from app.domain.logical_dates import zone_named
from app.domain.quantities import format_amount, format_number, unit_word
from app.domain.timing import ON_TIME

_ = gettext.NullTranslations().gettext

WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
MONTHS = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)
NUMBERS = (
    _("None"),
    _("One"),
    _("Two"),
    _("Three"),
    _("Four"),
    _("Five"),
    _("Six"),
    _("Seven"),
    _("Eight"),
    _("Nine"),
    _("Ten"),
    _("Eleven"),
    _("Twelve"),
)
NEAR_MINUTES = 90


def day(on: date) -> str:
    """Monday, 23 November."""
    return f"{WEEKDAYS[on.weekday()]}, {on.day} {MONTHS[on.month - 1]}"


def full_day(on: date) -> str:
    """Monday, 23 November 2026."""
    return f"{day(on)} {on.year}"


def short_day(on: date) -> str:
    """23 Nov."""
    return f"{on.day} {MONTHS[on.month - 1][:3]}"


def dated(on: date, today: date) -> str:
    """23 Nov, with the year where it is another one."""
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
    """The time on a wall clock in `zone`."""
    return f"{instant.astimezone(zone_named(zone)):%H:%M}"


def percent(share: float | None) -> str:
    """94%, or a dash where nothing is known. Never rounds up to 100 or down to 0."""
    if share is None:
        return "\N{EN DASH}"
    whole = round(share * 100)
    if whole == 100 and share < 1:
        whole = 99
    if whole == 0 and share > 0:
        whole = 1
    return f"{whole}%"


def count(number: int) -> str:
    """Three, or 13."""
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else format_number(number)


def to_go(number: int) -> str:
    """Three to go."""
    return _("All done") if number == 0 else _("{count} to go").format(count=count(number))


def due_words(due_at: datetime, now: datetime, at: time) -> str:
    """In 20 min, due now, due 40 min ago, due 21:00, was due at 08:00."""
    minutes = round((due_at - now) / timedelta(minutes=1))
    if timedelta(minutes=abs(minutes)) <= ON_TIME:
        return _("due now")
    if 0 < minutes <= NEAR_MINUTES:
        return _("in {minutes}").format(minutes=format_amount(minutes, "min"))
    if -NEAR_MINUTES <= minutes < 0:
        return _("due {minutes} ago").format(minutes=format_amount(-minutes, "min"))
    said = _("due {time}") if minutes > 0 else _("was due at {time}")
    return said.format(time=clock(at))


def unbroken(name: str) -> str:
    """A name that does not break at its hyphens: L-threonate."""
    return name.replace("-", "\N{NON-BREAKING HYPHEN}")


def plural(number: int, one: str, many: str) -> str:
    """1 day, 3 days."""
    return f"{format_number(number)} {one if number == 1 else many}"


def less_words(less: int) -> str:
    """Count the doses taken in a smaller amount than planned: 1 partial dose."""
    return plural(less, _("partial dose"), _("partial doses"))


def joined(parts: list[str]) -> str:
    """One, two and three."""
    if len(parts) < 2:
        return "".join(parts)
    return _("{first} and {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


def capitalize_first(text: str) -> str:
    """After Microneedling: the first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


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
