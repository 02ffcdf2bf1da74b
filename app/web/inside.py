"""What a day of an item holds of a substance, against the upper levels."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.catalogue import SUBSTANCES, Substance, Treatment, UpperLevel, elemental_amount
from app.domain.ledger import Dosage
from app.domain.quantities import format_amount, format_number, from_micrograms, unit_word
from app.services.regimen import Item
from app.web import words
from app.web.charts import Limit
from app.web.words import _

CLOSE_SHARE = 22.0


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
        of=of_levels(levels, unit),
        share=round(100 * mass / top, 1),
        limits=limits_of(levels, top),
        note=levels[0].note,
    )


def levels_of(treatment: Treatment) -> list[str]:
    """The upper levels of a treatment as sentences, and what else is said of its limits."""
    levels = sorted(treatment.upper_levels, key=lambda level: level.amount)
    return [*map(level_words, levels), *filter(None, [treatment.limit_note])]


def level_words(level: UpperLevel) -> str:
    """EFSA: 250 mg, adults, from supplements."""
    said = f"{level.authority}: {format_amount(level.amount, level.unit)}, {level.applies_to}."
    return f"{said} {level.note}".strip()


def of_levels(levels: Sequence[UpperLevel], unit: str) -> str:
    """Of 250/350 mg; each number once."""
    numbers = "/".join(dict.fromkeys(format_number(level.amount) for level in levels))
    return _("of {levels} {unit}").format(levels=numbers, unit=unit_word(unit))


def limits_of(levels: Sequence[UpperLevel], top: float) -> tuple[Limit, ...]:
    """The levels, the lowest first, as marks of a meter that ends at `top`.

    Equal levels are one mark; of two that lie close, the lower one's text ends at its mark.
    """
    by_amount: dict[float, list[str]] = {}
    for level in levels:
        by_amount.setdefault(level.amount, []).append(level.authority)
    shares = [round(100 * amount / top, 1) for amount in by_amount]
    following = [*shares[1:], 100 + CLOSE_SHARE]
    return tuple(
        Limit(
            share=share,
            text=f"{words.joined(authorities)} {format_number(amount)}",
            anchor="end" if after - share < CLOSE_SHARE or len(authorities) > 1 else "middle",
        )
        for (amount, authorities), share, after in zip(
            by_amount.items(), shares, following, strict=True
        )
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
