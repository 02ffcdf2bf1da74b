"""What the ways of counting, and the state of the hair, are called on pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.quantities import format_number
from app.domain.shedding import ChemicalTreatment, CountMethod, HairLength
from app.web import words
from app.web.words import _


@dataclass(frozen=True, slots=True)
class MethodWords:
    """A way of counting: its name, what one reading of it is, and its unit."""

    method: CountMethod
    name: str
    detail: str
    icon: str
    reading: str
    readings: str
    unit: str
    how_often: str


METHODS: Mapping[CountMethod, MethodWords] = MappingProxyType(
    {
        each.method: each
        for each in (
            MethodWords(
                CountMethod.SIXTY_SECOND,
                name=_("60-second count"),
                detail=_("Comb for a minute on three mornings. Differs least from day to day."),
                icon="comb",
                reading=_("Morning"),
                readings=_("mornings"),
                unit=_("hairs in 60 s"),
                how_often=_("every two weeks"),
            ),
            MethodWords(
                CountMethod.WASH,
                name=_("Wash-day count"),
                detail=_("Catch what a wash takes, on three days. For those who do not comb."),
                icon="drop",
                reading=_("Wash"),
                readings=_("washes"),
                unit=_("hairs a wash"),
                how_often=_("once a month"),
            ),
            MethodWords(
                CountMethod.PICTURE,
                name=_("Picture scale"),
                detail=_("Choose a bundle, 1 to 6. Nothing to count; for longer hair."),
                icon="hair",
                reading=_("Picture"),
                readings=_("pictures"),
                unit=_("of 6"),
                how_often=_("once a week"),
            ),
            MethodWords(
                CountMethod.DAILY,
                name=_("Free daily count"),
                detail=_("Every hair you see in a day. Noisy: it jumps on wash days."),
                icon="calendar",
                reading=_("Day"),
                readings=_("days"),
                unit=_("hairs a day"),
                how_often=_("any day"),
            ),
        )
    }
)
LENGTHS: Mapping[HairLength, str] = MappingProxyType(
    {
        HairLength.VERY_SHORT: _("Very short, up to 3 cm"),
        HairLength.SHORT: _("Short, above the ears"),
        HairLength.MEDIUM: _("Medium, above the shoulders"),
        HairLength.LONG: _("Long, over the shoulders"),
    }
)
TREATMENTS: Mapping[ChemicalTreatment, str] = MappingProxyType(
    {
        ChemicalTreatment.NONE: _("Not treated"),
        ChemicalTreatment.DYED: _("Dyed"),
        ChemicalTreatment.BLEACHED: _("Bleached"),
        ChemicalTreatment.PERMED: _("Permed"),
        ChemicalTreatment.STRAIGHTENED: _("Straightened"),
    }
)
BUNDLES: Mapping[int, str] = MappingProxyType(
    {
        1: _("hardly any"),
        2: _("a few"),
        3: _("a thin strand"),
        4: _("a strand"),
        5: _("a thick strand"),
        6: _("a handful"),
    }
)


def figure(value: float) -> str:
    """11.7, or 12: one decimal at most."""
    return format_number(round(value, 1))


def number_word(number: int) -> str:
    """five, or 13, within a sentence."""
    return words.count(number).lower()
