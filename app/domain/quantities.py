"""Read and write numbers and amounts.

A person may type a decimal comma or a decimal point, whatever the language of the page:

* both separators: the later one is decimal ("1,333.5" and "1.333,5" are 1333.5);
* a lone point is decimal ("1.333" is 1.333);
* a lone comma is decimal ("0,5", "12,5", "0,500"), except where it can only be read as English
  pages print thousands: one to three digits without a leading zero, then groups of exactly
  three ("1,333" is 1333, "12,000" is 12000). On a German page it is always decimal.

Digits may be of any script (Arabic, full-width), and an apostrophe may separate thousands.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from types import MappingProxyType

from app.domain.text import in_ascii_digits
from app.i18n import ENGLISH, _, current, lazy, lazy_plural

LARGEST_AMOUNT = 1_000_000
MOST_DECIMALS = 4
MOST_DIGITS = 15
LONGEST_UNIT = 40
IU_PER_MICROGRAM_OF_VITAMIN_D = 40

_NOT_A_NUMBER = lazy("Enter a number such as 0.5.")
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]+")
_APOSTROPHE_BEFORE_THOUSANDS = re.compile(r"(?<=[0-9])['\u2019](?=[0-9]{3}(?![0-9]))")
_OTHER_SEPARATORS = str.maketrans("\u066b\u066c\uff0c\uff0e\u2212", ".,,.-")
_THOUSANDS_BY_COMMA = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_THOUSANDS_BY_POINT = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+,[0-9]+")
_WHOLE = re.compile(r"-?[0-9]+")
_PLAIN = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of dose: its words, and its mass in micrograms if it is a unit of mass."""

    slug: str
    words: lazy_plural
    micrograms: float | None = None


UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        unit.slug: unit
        for unit in (
            Unit("mg", lazy_plural("mg", "mg"), 1_000),
            Unit("ug", lazy_plural("µg", "µg"), 1),
            Unit("g", lazy_plural("g", "g"), 1_000_000),
            Unit("mL", lazy_plural("mL", "mL")),
            Unit("IU", lazy_plural("IU", "IU")),
            Unit("capsule", lazy_plural("capsule", "capsules")),
            Unit("tablet", lazy_plural("tablet", "tablets")),
            Unit("drop", lazy_plural("drop", "drops")),
            Unit("spray", lazy_plural("spray", "sprays")),
            Unit("wash", lazy_plural("wash", "washes")),
            Unit("session", lazy_plural("session", "sessions")),
            Unit("min", lazy_plural("min", "min")),
            Unit("count", lazy_plural("piece", "pieces")),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and its unit; written as `format_amount` does."""

    value: float
    unit: str

    def __str__(self) -> str:
        return format_amount(self.value, self.unit)


def parse_number(text: str, *, decimal: str | None = None) -> float:
    """Read a typed number; `ValueError` carries one sentence for the person.

    `decimal` is the decimal mark of the writer's language; by default the reader's.
    """
    typed = _in_ascii(text)
    if _is_in_thousands(typed, decimal or current().decimal):
        typed = typed.replace(",", "")
    elif _THOUSANDS_BY_POINT.fullmatch(typed):
        typed = typed.replace(".", "").replace(",", ".")
    elif _PLAIN.fullmatch(typed):
        typed = typed.replace(",", ".")
    else:
        raise ValueError(str(_NOT_A_NUMBER))
    number = float(typed)
    if not isfinite(number):
        raise ValueError(str(_NOT_A_NUMBER))
    return number


def parse_whole_number(text: str) -> int:
    """Read "64" or "1,200" in any script; `ValueError` carries one sentence for the person.

    A point is refused: "1.200" means a thousand to some readers and little more than one to others.
    """
    typed = _in_ascii(text)
    if _is_in_thousands(typed, current().decimal):
        typed = typed.replace(",", "")
    if not _WHOLE.fullmatch(typed):
        raise ValueError(_("Enter a whole number."))
    if len(typed) > MOST_DIGITS:
        raise ValueError(_("Enter a smaller number."))
    return int(typed)


def parse_amount(text: str) -> float:
    """Read an amount that can be stored; `ValueError` carries one sentence for the person."""
    number = parse_number(text)
    if number <= 0:
        raise ValueError(_("Enter an amount above 0."))
    if number > LARGEST_AMOUNT:
        raise ValueError(_("Enter an amount up to {most}.", most=format_number(LARGEST_AMOUNT)))
    if round(number, MOST_DECIMALS) != number:
        raise ValueError(_("Use at most {n} decimals.", n=MOST_DECIMALS))
    return number


def format_number(number: float) -> str:
    """Write a number in the reader's language: "1,333", "0.5", "0.625"."""
    text = english_number(number)
    language = current()
    return text if language is ENGLISH else language.number(text)


@lru_cache(maxsize=4096)
def english_number(number: float) -> str:
    """Write a number as English does, for every reader: in a name, for example.

    Cached, because Today writes forty amounts, mostly the same ones.
    """
    text = f"{number:,.{MOST_DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def plain_number(number: float) -> str:
    """Write a number for files: the shortest exact form, a decimal point, no exponent.

    Minus zero is written as zero: the two are equal, so a cache may hold either.
    """
    text = format(Decimal(repr(number or 0)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def typed_number(number: float | None) -> str:
    """Write a number for a text field, as its reader would type it: "1333.5", in German "1333,5".

    None leaves the field empty.
    """
    return "" if number is None else plain_number(number).replace(".", current().decimal)


def unit_word(unit: str, amount: float = 2) -> str:
    """Return the word of a unit for an amount; without one, the plural, for a list."""
    known = UNITS.get(unit)
    if known is None:
        return unit
    return known.words.of(1 if amount <= 1 else 2)


def format_amount(amount: float, unit: str) -> str:
    """Write an amount that does not break: "1,333 mg", "25 µg", "2 capsules", "0.5 capsule"."""
    return with_unit(format_number(amount), unit_word(unit, amount))


def with_unit(number: object, unit: str) -> str:
    """Write a number and its unit without a line break between them: "64 bpm"."""
    return f"{number}\N{NO-BREAK SPACE}{unit}" if unit else str(number)


def to_micrograms(amount: float, unit: str) -> float | None:
    """Convert an amount to micrograms; `None` if its unit has no mass."""
    known = UNITS.get(unit)
    if known is None or known.micrograms is None:
        return None
    return _clean(amount * known.micrograms)


def from_micrograms(micrograms: float, unit: str) -> float:
    """Convert micrograms to another unit of mass."""
    known = UNITS.get(unit)
    if known is None or known.micrograms is None:
        raise ValueError(_("{unit} is not a unit of mass.", unit=unit))
    return _clean(micrograms / known.micrograms)


def vitamin_d_units(micrograms: float) -> float:
    """International units in a mass of vitamin D (1 µg is 40 IU)."""
    return _clean(micrograms * IU_PER_MICROGRAM_OF_VITAMIN_D)


def vitamin_d_micrograms(units: float) -> float:
    """The mass of vitamin D in international units."""
    return _clean(units / IU_PER_MICROGRAM_OF_VITAMIN_D)


def with_units_of_vitamin_d(amount: float, unit: str, *, leading: str = "ug") -> str:
    """Write vitamin D both ways, the `leading` unit first: "25 µg (1,000 IU)"."""
    micrograms = vitamin_d_micrograms(amount) if unit == "IU" else to_micrograms(amount, unit)
    if micrograms is None:
        return format_amount(amount, unit)
    mass = format_amount(micrograms, "ug")
    units = format_amount(vitamin_d_units(micrograms), "IU")
    return f"{units} ({mass})" if leading == "IU" else f"{mass} ({units})"


def milligrams_at(percent: float, amount: float) -> float:
    """Milligrams of the active substance in `amount` mL or g of a product of that strength."""
    return _clean(percent * 10 * amount)


def share_of(amount: float, share: float) -> float:
    """Return the elemental part of a salt, in the unit of the salt: 325 mg at 0.2 is 65 mg."""
    return _clean(amount * share)


def _is_in_thousands(typed: str, decimal: str) -> bool:
    """Whether commas separate thousands, as English pages print them."""
    is_english = decimal == "." or "." in typed
    return is_english and _THOUSANDS_BY_COMMA.fullmatch(typed) is not None


def _in_ascii(text: str) -> str:
    """Return a typed number in ASCII digits and separators, without spaces."""
    typed = in_ascii_digits(_SPACES.sub("", text)).translate(_OTHER_SEPARATORS)
    return _APOSTROPHE_BEFORE_THOUSANDS.sub("", typed)


def _clean(number: float) -> float:
    """Round off the digits of binary fractions, far below any dose."""
    return round(number, 9)
