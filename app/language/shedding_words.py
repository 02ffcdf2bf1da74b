"""Name counting methods, hair lengths and treatments, and describe sets of counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from app.domain.quantities import format_number
from app.domain.shedding import (
    SET_SIZES,
    ChemicalTreatment,
    CountMethod,
    CountSet,
    HairLength,
    is_begun,
)
from app.i18n import _, lazy, lazy_plural, ngettext
from app.language import words
from app.language.shared_messages import DAY_TO, DAYS_TO


@dataclass(frozen=True, slots=True)
class MethodWords:
    """The words of a counting method: its name, its readings and its unit."""

    method: CountMethod
    name: lazy
    detail: lazy
    icon: str
    reading: lazy
    readings: lazy
    size: lazy_plural
    unit: lazy
    wait: lazy

    def sized(self, readings: int) -> str:
        """Describe the size of a set: 3 mornings."""
        return self.size.of(readings, n=format_number(readings))


METHODS: Mapping[CountMethod, MethodWords] = MappingProxyType(
    {
        each.method: each
        for each in (
            MethodWords(
                CountMethod.SIXTY_SECOND,
                name=lazy("60-second count"),
                detail=lazy("Comb for a minute on three mornings. Varies least from day to day."),
                icon="comb",
                reading=lazy("Morning"),
                readings=lazy("mornings"),
                size=lazy_plural("{n} morning", "{n} mornings"),
                unit=lazy("hairs in 60 s"),
                wait=lazy("in two weeks"),
            ),
            MethodWords(
                CountMethod.WASH,
                name=lazy("Wash-day count"),
                detail=lazy("Collect the hair from three washes. If you don’t comb."),
                icon="drop",
                reading=lazy("Wash"),
                readings=lazy("washes"),
                size=lazy_plural("{n} wash", "{n} washes"),
                unit=lazy("hairs a wash"),
                wait=lazy("in four weeks"),
            ),
            MethodWords(
                CountMethod.PICTURE,
                name=lazy("Picture scale"),
                detail=lazy("Choose a bundle, 1 to 6. Nothing to count; for longer hair."),
                icon="hair",
                reading=lazy("Picture"),
                readings=lazy("pictures"),
                size=lazy_plural("{n} picture", "{n} pictures"),
                unit=lazy("of 6"),
                wait=lazy("in a week"),
            ),
            MethodWords(
                CountMethod.DAILY,
                name=lazy("Free daily count"),
                detail=lazy("Every hair you see in a day. Noisy: it jumps on wash days."),
                icon="calendar",
                reading=lazy("Day"),
                readings=lazy("days"),
                size=lazy_plural("{n} day", "{n} days"),
                unit=lazy("hairs a day"),
                wait=lazy("tomorrow"),
            ),
        )
    }
)
LENGTHS: Mapping[HairLength, lazy] = MappingProxyType(
    {
        HairLength.VERY_SHORT: lazy("Very short, up to 3 cm"),
        HairLength.SHORT: lazy("Short, above the ears"),
        HairLength.MEDIUM: lazy("Medium, above the shoulders"),
        HairLength.LONG: lazy("Long, over the shoulders"),
    }
)
TREATMENTS: Mapping[ChemicalTreatment, lazy] = MappingProxyType(
    {
        ChemicalTreatment.NONE: lazy("Not treated"),
        ChemicalTreatment.DYED: lazy("Dyed"),
        ChemicalTreatment.BLEACHED: lazy("Bleached"),
        ChemicalTreatment.PERMED: lazy("Permed"),
        ChemicalTreatment.STRAIGHTENED: lazy("Straightened"),
    }
)
BUNDLES: Mapping[int, lazy] = MappingProxyType(
    {
        1: lazy("hardly any"),
        2: lazy("a few"),
        3: lazy("a thin strand"),
        4: lazy("a strand"),
        5: lazy("a thick strand"),
        6: lazy("a handful"),
    }
)


def figure(value: float) -> str:
    """11.7, or 12: one decimal at most."""
    return format_number(round(value, 1))


def number_word(number: int) -> str:
    """five, or 13, within a sentence."""
    return words.count(number).lower()


def set_days(each: CountSet, today: date) -> str:
    """23 Nov; 21 to 23 Nov; 30 Nov to 2 Dec: with the year if it is not this year."""
    return days_words(each.first_on, each.last_on, today)


def days_words(first: date, last: date, today: date) -> str:
    """23 Nov; 21 to 23 Nov; 30 Nov to 2 Dec: with the year if it is not this year."""
    end = words.dated(last, today)
    if first == last:
        return end
    if first.year != last.year:
        begin = f"{words.short_day(first)} {first.year}"
        end = f"{words.short_day(last)} {last.year}"
    elif first.month != last.month:
        begin = words.short_day(first)
    else:
        return DAY_TO.of(first=first.day, last=end)
    return DAYS_TO.of(first=begin, last=end)


def next_words(said: MethodWords, latest: CountSet, next_on: date, today: date) -> str:
    """Say what comes after a set: its next morning, or the next set and its approximate day."""
    if is_begun(latest, said.method, today + timedelta(days=1)):
        return _(
            "Count again {what} ({place} of {size}).",
            what=again(said.method),
            place=latest.days + 1,
            size=SET_SIZES[said.method],
        )
    what = _("Next set") if said.method.is_standard else _("Next count")
    day = words.day_of_month(next_on)
    if latest.last_on == today:
        return _("{what} {wait}, about {day}.", what=what, wait=said.wait, day=day)
    return _("{what} about {day}.", what=what, day=day)


def again(method: CountMethod) -> str:
    """Say when the next reading of a set is taken."""
    is_morning = method is CountMethod.SIXTY_SECOND
    return _("tomorrow morning") if is_morning else _("tomorrow")


def set_words(method: CountMethod, each: CountSet, today: date) -> str:
    """18 to 20 May: 12.3 hairs, 3 mornings."""
    said = METHODS[method]
    mean = figure(each.mean)
    value = _("{mean} of 6", mean=mean) if method.is_score else hairs_words(mean)
    text = f"{set_days(each, today)}: {value}"
    if len(each.values) == 1:
        return text
    return f"{text}, {said.sized(len(each.values))}"


def hairs_words(number: str) -> str:
    """1 hair, 12.3 hairs."""
    return ngettext("{n} hair", "{n} hairs", 1 if number == "1" else 2, n=number)
