"""Convert amounts of one item between the units in which it is dosed and bought.

A factor is known only if the item says so: how much of the dose one capsule holds, mL in a spray or
drop, or the strength of a solution. Otherwise there is none, and callers say so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.domain.labels import ML_PER_SPRAY, LabelStrength
from app.domain.quantities import UNITS

PIECES = ("capsule", "tablet", "count")
SPRAY, DROP, ML = "spray", "drop", "mL"
GRAM, MILLIGRAM, MICROGRAM = "g", "mg", "ug"


@dataclass(frozen=True, slots=True)
class Measures:
    """What an item says about its units.

    `piece_amount` is how much of the dose, in `dose_unit`, one capsule or tablet holds. `ml_each`
    is mL in one spray, or in one drop if the dose is counted in drops. `strength` is that of the
    only ingredient: grams and mL are then of the product, milligrams of the ingredient.
    """

    dose_unit: str = ""
    piece_amount: float | None = None
    ml_each: float | None = None
    strength: LabelStrength | None = None

    def factor(self, unit: str, to: str) -> float | None:
        """Return how many of one unit make 1 of another; None if the item does not say."""
        return _factor(self, unit, to)

    def convert(self, amount: float, unit: str, to: str) -> float | None:
        """Convert an amount; None if the item does not say how."""
        if unit == to:
            return amount
        factor = _factor(self, unit, to)
        return None if factor is None else amount * factor

    def units(self) -> list[str]:
        """Return the known units that the dose can be converted to, its own first."""
        others = [slug for slug in UNITS if slug != self.dose_unit]
        return [self.dose_unit, *(each for each in others if self.factor(self.dose_unit, each))]

    def equalities(self) -> Iterator[tuple[str, float, str]]:
        """Yield what the item says: 1 of a unit is so many of another."""
        if self.piece_amount and self.dose_unit not in PIECES:
            yield from ((piece, self.piece_amount, self.dose_unit) for piece in PIECES)
        for each in (SPRAY, DROP):
            if ml := self._ml_in(each):
                yield each, ml, ML
        for of_product in (ML, GRAM):
            if self.strength and (held := self.strength.milligrams_in(1, of_product)):
                yield of_product, held, MILLIGRAM
        for unit in UNITS.values():
            # With a strength, grams are of the product.
            if unit.micrograms and not (self.strength and unit.slug == GRAM):
                yield unit.slug, unit.micrograms, MICROGRAM

    def _ml_in(self, unit: str) -> float | None:
        if unit == DROP:
            return self.ml_each if self.dose_unit == DROP else None
        return ML_PER_SPRAY if self.dose_unit == DROP else self.ml_each or ML_PER_SPRAY


@lru_cache(maxsize=1024)
def _factor(measures: Measures, unit: str, to: str) -> float | None:
    """Follow the equalities from one unit to the other. Cached: each logged dose asks."""
    found = {unit: 1.0}
    equalities = list(measures.equalities())
    for _step in equalities:
        for one, many, other in equalities:
            if one in found:
                found.setdefault(other, found[one] * many)
            elif other in found:
                found[one] = found[other] / many
    return found.get(to)
