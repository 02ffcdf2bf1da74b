"""Read dates and times as phones write them into files.

A phone follows its own settings even in a file: a 12-hour clock ("7:57:00 pm", with a space,
U+00A0 or U+202F before it), the digits of its language, another calendar, invisible marks of
writing direction. The offset from UTC is always needed.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from types import MappingProxyType

from app.domain.calendars import gregorian, is_islamic
from app.i18n import _

FIRST_YEAR = 1950
WIDEST_OFFSET = timedelta(hours=14)
MINUS_SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{NON-BREAKING HYPHEN}": "-"})

INSTANT = re.compile(
    r"(?P<year>\d{3,4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
    r"(?:[t,]\s*|\s*,?\s+)(?P<before>[^\d\s+-][^\d+-]*?)?\s*"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<after>[^\d\s+-][^\d+-]*?)?\s*"
    r"(?P<offset>[+-]\d{1,2}(?::?\d{2}(?::?\d{2})?)?)?"
)
UNIVERSAL_TIME = re.compile(r"\b(?:gmt|utc|z)\b|z$")
# Halves of the day by language, without points, spaces and quotation marks.
MARKS_IN_HALVES = re.compile(r"[\s.'\"\u05f3\u05f4]")
MORNING, EVENING = "am", "pm"
HALVES: Mapping[str, str] = MappingProxyType(
    {
        marker: half
        for half, markers in {
            MORNING: "am a vorm vm fm de öö sa dop rano ap πμ дп ص صباحا قظ לפנהצ पूर्वाह्न पूर्व"
            " 上午 午前 오전 ก่อนเที่ยง",
            EVENING: "pm p nachm nm em du ös ch odp popołudniu ip μμ пп م مساء بظ אחהצ अपराह्न अपर"
            " 下午 午後 오후 หลังเที่ยง",
        }.items()
        for marker in unicodedata.normalize("NFKC", markers).split()
    }
)


class Unreadable(ValueError):
    """A date and time that cannot be read; `str(error)` is one sentence for the person."""


def read_instant(text: str) -> datetime:
    """Read an instant, with the offset it was written by.

    Raises `Unreadable`.
    """
    found = INSTANT.fullmatch(_plain(text))
    if found is None:
        raise _unreadable(text)
    offset = _offset(text, found["offset"])
    try:
        on = _date(text, *(int(found[name]) for name in ("year", "month", "day")))
        hour = _hour(int(found["hour"]), found["before"] or found["after"] or "")
        at = time(hour, int(found["minute"]), int(found["second"] or 0))
    except Unreadable:
        raise
    except (ValueError, OverflowError) as error:
        raise _unreadable(text) from error
    return datetime.combine(on, at, timezone(offset))


def shortened(text: str, most: int = 40) -> str:
    """Shorten what a file says for a sentence, and join its lines."""
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _plain(text: str) -> str:
    """Return the text with ASCII digits, common spaces and no invisible marks, in lower case."""
    if not text.isascii():
        text = _in_ascii_digits(text)
    plain = " ".join(text.casefold().split())
    local = UNIVERSAL_TIME.sub("", plain).rstrip()
    is_universal = local != plain and re.search(r"[+-]\d{1,2}(?::?\d{2})?$", local[10:]) is None
    return f"{local}+0000" if is_universal else local


def _in_ascii_digits(text: str) -> str:
    composed = unicodedata.normalize("NFKC", text).translate(MINUS_SIGNS)
    visible = (each for each in composed if unicodedata.category(each) != "Cf")
    return "".join(str(unicodedata.decimal(each, each)) for each in visible)


def _date(text: str, year: int, month: int, day: int) -> date:
    on = gregorian(year, month, day)
    if on is not None:
        return on
    if is_islamic(year):
        sentence = _(
            '"{text}" is in the Islamic calendar, which Strand cannot read: set the phone to the '
            "Gregorian calendar and export again.",
            text=shortened(text),
        )
        raise Unreadable(sentence)
    raise Unreadable(
        _('"{text}" is before {year}, or too far ahead.', text=shortened(text), year=FIRST_YEAR)
    )


def _hour(hour: int, marker: str) -> int:
    """Return the hour on a 24-hour clock; "13:05 pm" is read as 13:05."""
    if not marker:
        return hour
    half = HALVES.get(MARKS_IN_HALVES.sub("", marker), "")
    is_possible = half and (hour <= 12 or half == EVENING)
    if not is_possible:
        raise ValueError(marker)
    return hour % 12 + (12 if half == EVENING else 0)


def _offset(text: str, offset: str | None) -> timedelta:
    if offset is None:
        raise Unreadable(_('"{text}" has no offset such as +0100.', text=shortened(text)))
    digits = offset[1:].replace(":", "")
    digits = digits.zfill(4) if len(digits) > 2 else f"{digits.zfill(2)}00"
    hours, minutes, seconds = int(digits[:2]), int(digits[2:4]), int(digits[4:6] or 0)
    size = timedelta(hours=hours, minutes=minutes)
    if size > WIDEST_OFFSET or minutes > 59 or seconds:
        raise Unreadable(
            _('"{text}" has an offset that no place on earth uses.', text=shortened(text))
        )
    return -size if offset.startswith("-") else size


def _unreadable(text: str) -> Unreadable:
    return Unreadable(
        _(
            '"{text}" is not a date and time such as 2026-11-23 08:00:00 +0100.',
            text=shortened(text),
        )
    )
