"""What a day of an item contains of a substance, compared with the upper levels."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.diary.regimen import Item
from app.diary.totals import contents_a_day
from app.domain.catalogue import (
    SUBSTANCES,
    Substance,
    Treatment,
    UpperLevel,
    elemental_amount,
)
from app.domain.ledger import ScheduledDosage
from app.domain.quantities import format_amount, format_number, from_micrograms, unit_word
from app.domain.treatments import Passage
from app.i18n import _, ngettext
from app.language import words
from app.language.dosage_words import mass_words
from app.web.pages.charts.geometry import Limit

CLOSE_SHARE = 22.0


@dataclass(frozen=True, slots=True)
class Inside:
    """What a day of the item contains of a substance, compared with the upper levels."""

    substance: str
    sentence: str
    amount: str
    of: str
    share: float
    limits: tuple[Limit, ...]
    note: str


def insides_of(item: Item, dosage: ScheduledDosage | None) -> tuple[Inside, ...]:
    """Return the label's substances that have upper levels."""
    contents = contents_a_day(item, dosage)
    if contents is None:
        return ()
    return tuple(
        _inside(item, contents.unit, contents.amount, substance, mass)
        for slug, mass in contents.by_substance.items()
        if (substance := SUBSTANCES.get(slug)) is not None and substance.limits
    )


def holds_words(item: Item, dosage: ScheduledDosage | None) -> str:
    """Describe what a day contains, by the label: 144 mg of magnesium and 10 mg of zinc."""
    contents = contents_a_day(item, dosage)
    if contents is None:
        return ""
    said = [
        _(
            "{amount} of {substance}",
            amount=mass_words(held.substance, mass),
            substance=in_sentence(held.substance),
        )
        for held, mass in contents.masses
        if mass
    ]
    if said:
        return _("Holds {contents}", contents=words.joined(said))
    if contents.unit == "drop" and item.strengths:
        return _("To see what a dose contains, edit the item and enter how many drops make 1 mL.")
    return ""


def in_sentence(slug: str) -> str:
    """Return a substance's name for a sentence; one outside the catalogue as it was typed."""
    substance = SUBSTANCES.get(slug)
    return substance.in_sentence if substance else slug


def _inside(
    item: Item, dose_unit: str, amount: float, substance: Substance, micrograms: float
) -> Inside:
    mass = from_micrograms(micrograms, substance.unit)
    levels = substance.shown_limits
    top = max(levels[-1].amount, mass) * 8 / 7
    unit = substance.unit
    return Inside(
        substance=str(substance.name),
        sentence=_inside_sentence(item, dose_unit, amount, mass, substance),
        amount=format_number(mass),
        of=of_levels(levels, unit),
        share=round(100 * mass / top, 1),
        limits=limits_of(levels, top),
        note=str(levels[0].note),
    )


def levels_of(treatment: Treatment) -> list[Passage]:
    """Return a treatment's upper levels as statements, and the notes on its limits."""
    levels = sorted(treatment.upper_levels, key=lambda level: level.amount)
    said = [Passage("", level_words(level), sources=level.sources) for level in levels]
    if treatment.limit_note:
        said.append(Passage("", treatment.limit_note, sources=treatment.limit_sources))
    return said


def level_words(level: UpperLevel) -> str:
    """EFSA: 250 mg, adults, from supplements."""
    said = f"{level.authority}: {format_amount(level.amount, level.unit)}, {level.applies_to}."
    return f"{said} {level.note}".strip()


def of_levels(levels: Sequence[UpperLevel], unit: str) -> str:
    """Of 250/350 mg, each number once; "with food" for levels that include food."""
    numbers = "/".join(dict.fromkeys(format_number(level.amount) for level in levels))
    said = _("of {levels} {unit}", levels=numbers, unit=unit_word(unit))
    is_total = any(level.basis == "total" for level in levels)
    return _("{said} with food", said=said) if is_total else said


def limits_of(levels: Sequence[UpperLevel], top: float) -> tuple[Limit, ...]:
    """Return the levels, the lowest first, as marks of a meter that ends at `top`.

    Equal levels are one mark; of two close marks, the text of the lower ends at its mark.
    """
    by_amount: dict[float, list[str]] = {}
    for level in levels:
        by_amount.setdefault(level.amount, []).append(level.authority)
    shares = [round(100 * amount / top, 1) for amount in by_amount]
    following = [*shares[1:], 100 + CLOSE_SHARE][: len(shares)]
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
    """Say what the label says and, if there is one, what the catalogue's factor gives."""
    dose, held = format_amount(amount, unit), format_amount(mass, substance.unit)
    said = ngettext(
        "{dose} contains {mass}, according to your label.",
        "{dose} contain {mass}, according to your label.",
        amount,
        dose=dose,
        mass=held,
    )
    treatment = item.treatment
    if treatment is None or treatment.elemental is None or treatment.substance != substance.slug:
        return said
    known = elemental_amount(treatment, amount, unit)
    if known is None or known.value == amount:
        return said
    factor = format_number(treatment.elemental.factor)
    if abs(known.value - mass) < 0.005 * mass:
        same = _("The catalogue’s factor (× {factor}) gives the same.", factor=factor)
        return f"{said} {same}"
    other = _(
        "The catalogue’s factor (× {factor}) gives {mass}; Strand uses your label.",
        factor=factor,
        mass=known,
    )
    return f"{said} {other}"
