"""What a day of an item holds of a substance, against the upper levels."""

from dataclasses import dataclass

from app.domain.catalogue import SUBSTANCES, Substance, elemental_amount
from app.domain.ledger import Dosage
from app.domain.quantities import format_amount, format_number, from_micrograms, unit_word
from app.services.regimen import Item
from app.web.charts import Limit
from app.web.words import _


@dataclass(frozen=True, slots=True)
class Inside:
    """What a day of the item holds of a substance, against the upper levels."""

    substance: str
    sentence: str
    amount: str
    of: str
    share: float
    limits: tuple[Limit, ...]
    note: str


def inside_of(item: Item, dosage: Dosage | None) -> Inside | None:
    """The substance of the label, where it has upper levels to be compared with."""
    if dosage is None or not item.ingredients:
        return None
    label = item.ingredients[0]
    amount = dosage.timing.amount_a_day or dosage.timing.usual_amount
    substance: Substance | None = SUBSTANCES.get(label.substance)
    if amount is None or substance is None or not substance.upper_levels:
        return None
    mass = from_micrograms(label.mass_in(amount), substance.unit)
    levels = sorted(substance.upper_levels, key=lambda level: level.amount)
    top = max(levels[-1].amount, mass) * 8 / 7
    unit = substance.unit
    return Inside(
        substance=substance.name,
        sentence=_inside_sentence(item, dosage.unit, amount, mass, substance),
        amount=format_number(mass),
        of=_("of {levels}").format(
            levels="/".join(dict.fromkeys(format_number(level.amount) for level in levels))
        )
        + f" {unit_word(unit)}",
        share=round(100 * mass / top, 1),
        limits=tuple(
            Limit(
                share=round(100 * level.amount / top, 1),
                text=f"{level.authority} {format_number(level.amount)}",
                anchor="middle",
            )
            for level in levels
        ),
        note=levels[0].note,
    )


def _inside_sentence(
    item: Item, unit: str, amount: float, mass: float, substance: Substance
) -> str:
    """What the label says; beside it what the catalogue's factor gives, where there is one."""
    dose, held = format_amount(amount, unit), format_amount(mass, substance.unit)
    said = _("{dose} hold {mass}, by your label.").format(dose=dose, mass=held)
    treatment = item.treatment
    known = elemental_amount(treatment, amount, unit) if treatment else None
    if treatment is None or treatment.elemental is None or known is None or known.value == amount:
        return said
    factor = format_number(treatment.elemental.factor)
    if abs(known.value - mass) < 0.005 * mass:
        same = _("The catalogue’s factor, × {factor}, gives the same.")
        return f"{said} {same.format(factor=factor)}"
    other = _("The catalogue’s factor, × {factor}, gives {mass}; your label wins.")
    return f"{said} {other.format(factor=factor, mass=known)}"
