"""Read what a label says a product contains: masses and strengths, and the amount in one dose.

A strength in percent is grams in 100 mL of a solution or spray (w/v), or in 100 g of a foam or
cream (w/w): 5% is 50 mg in 1 mL, and 50 mg in 1 g. One spray counts as 0.05 mL unless the person
enters another volume. Drops differ too much between bottles: if their size is unknown, so is the
amount.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.quantities import (
    english_number,
    milligrams_at,
    parse_amount,
    to_micrograms,
    vitamin_d_micrograms,
)
from app.i18n import _

ML_PER_SPRAY = 0.05
# Longer than the name of any item. A form passes on whatever was typed, and the time that the
# patterns below take grows with the square of its length.
LONGEST_NAME = 200
MOST_PERCENT = 100
MICROGRAMS_PER_MILLIGRAM = 1_000
MICROGRAMS_PER_IU_OF_RETINOL = 0.3

_PERCENT = re.compile(
    r"(?<=\d)\s*(?:percent|per cent|prozent|pour cent|por ciento|per cento|procent|pct)"
    r"(?![^\W\d_])\.?",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    r"(?P<value>[\d.,]+)\s*(?:%|mg\s*(?:/|per|in)\s*(?P<per>ml|g|spray|sprühstoß)\b)", re.IGNORECASE
)


class StrengthUnit(StrEnum):
    """How a strength is written."""

    PERCENT = "%"
    PER_ML = "mg/mL"
    PER_G = "mg/g"
    PER_SPRAY = "mg/spray"


@dataclass(frozen=True, slots=True)
class LabelStrength:
    """The strength of a solution, foam or spray; written "5%" or "2.275 mg/mL"."""

    value: float
    unit: StrengthUnit

    def __str__(self) -> str:
        number = english_number(self.value)
        is_percent = self.unit is StrengthUnit.PERCENT
        return f"{number}%" if is_percent else f"{number} {self.unit.value}"

    def milligrams_in(self, amount: float, unit: str, ml_each: float | None = None) -> float | None:
        """Return milligrams in a dose; None if the strength does not give it for that unit.

        `ml_each` is mL in one spray or drop, if the person entered it.
        """
        each = self._milligrams_per(unit, ml_each)
        return None if each is None else round(each * amount, 9)

    def _milligrams_per(self, unit: str, ml_each: float | None) -> float | None:
        if unit == "drop" and (ml_each is None or self.unit is StrengthUnit.PER_SPRAY):
            return None
        ml_per_spray = ml_each or ML_PER_SPRAY
        per_ml = {
            StrengthUnit.PERCENT: milligrams_at(self.value, 1),
            StrengthUnit.PER_ML: self.value,
            StrengthUnit.PER_SPRAY: self.value / ml_per_spray,
        }.get(self.unit)
        match unit:
            case "mL":
                return per_ml
            case "spray" | "drop":
                return None if per_ml is None else per_ml * ml_per_spray
            case "g":
                per_g = {
                    StrengthUnit.PERCENT: milligrams_at(self.value, 1),
                    StrengthUnit.PER_G: self.value,
                }
                return per_g.get(self.unit)
            case _:
                return None


@dataclass(frozen=True, slots=True)
class Content:
    """How much of a substance one `unit` of an item's dose contains.

    An empty `unit` fits any unit of dose. If a `strength` is given, it decides and `micrograms` is
    ignored; `ml_each` is mL in one spray or drop, if the person entered it.
    """

    substance: str
    micrograms: float
    unit: str = ""
    strength: LabelStrength | None = None
    ml_each: float | None = None

    def micrograms_in(self, amount: float, unit: str) -> float | None:
        """Return micrograms in a dose; None if the label does not give it for that unit."""
        if self.strength is not None:
            milligrams = self.strength.milligrams_in(amount, unit, self.ml_each)
            return None if milligrams is None else milligrams * MICROGRAMS_PER_MILLIGRAM
        if not self.unit or unit == self.unit:
            return self.micrograms * amount
        have, wanted = _mass_of_one(unit, self.substance), _mass_of_one(self.unit, self.substance)
        return None if not have or not wanted else self.micrograms * amount * have / wanted


def parse_strength(text: str) -> LabelStrength:
    """Read "5%", "0,25 %" or "2 mg/mL"; `ValueError` carries one sentence for the person."""
    found = _WRITTEN.fullmatch(with_percent_signs(text).strip())
    if found is None:
        raise ValueError(_("Enter a strength such as 5% or 2 mg/mL."))
    return strength_of(parse_amount(found["value"]), _unit_of(found["per"]))


def strength_of(value: float, unit: str) -> LabelStrength:
    """Make a strength; `ValueError` if it exceeds 100%."""
    strength = LabelStrength(value, StrengthUnit(unit))
    if strength.unit is StrengthUnit.PERCENT and value > MOST_PERCENT:
        raise ValueError(_("A strength is at most 100%."))
    return strength


def with_percent_signs(text: str) -> str:
    """Write percent as a plain sign: "5 percent foam", "5 Prozent" and full-width signs."""
    return _PERCENT.sub("%", unicodedata.normalize("NFKC", text))


def strength_in(text: str) -> LabelStrength | None:
    """Find a strength within a name: 5% in "Minoxidil 5 % foam" and in "5 percent foam"."""
    found = _WRITTEN.search(with_percent_signs(text[:LONGEST_NAME]))
    try:
        return None if found is None else parse_strength(found[0])
    except ValueError:
        return None


def name_with_strength(name: str, strengths: Sequence[LabelStrength]) -> str:
    """Name a product with its strengths ("Minoxidil 5%"), without repeating those in the name."""
    written = re.sub(r"\s", "", with_percent_signs(name)).casefold().replace(",", ".")
    missing = [str(each) for each in strengths if not _says(written, each)]
    return f"{name} {' + '.join(missing)}" if missing else name


def _says(written: str, strength: LabelStrength) -> bool:
    wanted = re.escape(re.sub(r"\s", "", str(strength)).casefold())
    return re.search(rf"(?<![\d.]){wanted}", written) is not None


def _unit_of(per: str | None) -> StrengthUnit:
    """The unit of milligrams `per` mL, g or spray; percent if `per` is empty."""
    units = {"ml": StrengthUnit.PER_ML, "g": StrengthUnit.PER_G}
    return units.get(per.casefold(), StrengthUnit.PER_SPRAY) if per else StrengthUnit.PERCENT


def _mass_of_one(unit: str, substance: str) -> float | None:
    """Micrograms of one unit of mass; for vitamin D and retinol of one IU too."""
    if unit != "IU":
        return to_micrograms(1, unit)
    return iu_micrograms(1, substance)


def iu_micrograms(units: float, substance: str) -> float | None:
    """Micrograms in international units: vitamin D (40 IU) and retinol (0.3 µg); else None."""
    if substance == "vitamin_d":
        return vitamin_d_micrograms(units)
    if substance == "vitamin_a":
        return round(units * MICROGRAMS_PER_IU_OF_RETINOL, 9)
    return None
