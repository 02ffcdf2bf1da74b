"""The part of an item's form with its label and its package."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Annotated, Any

from pydantic import Field

from app.diary.regimen import Item
from app.domain.catalogue import SUBSTANCES, Treatment, substance_named
from app.domain.labels import (
    MICROGRAMS_PER_MILLIGRAM,
    LabelStrength,
    StrengthUnit,
    iu_micrograms,
    parse_strength,
    strength_in,
    strength_of,
)
from app.domain.matching import match_name
from app.domain.quantities import parse_amount, to_micrograms, typed_number, unit_word
from app.errors import Refused
from app.i18n import _
from app.models import Ingredient
from app.services.items import IngredientInput, strength_on_label
from app.web.http.reading import Amount, EntryForm, Number, OneLine

MOST_INGREDIENTS = 60
LONGEST_SUBSTANCE = 40
ROWS_AT_FIRST, ROWS_MORE = 2, 5
PIECES = "piece"
DROP = "drop"
MORE_ROWS = "ingredients"
LABEL_UNITS = ("mg", "ug", "g", "IU", *(unit.value for unit in StrengthUnit))
STRENGTH_UNITS = frozenset(unit.value for unit in StrengthUnit)
GROUPS = ("vitamin", "mineral", "other", "medicine")

Texts = Annotated[list[str], Field(default_factory=list, max_length=MOST_INGREDIENTS)]


class LabelFields(EntryForm):
    """The rows of a label, in parallel lists, and the package.

    `label_per` and `package_amount` count in the dose's unit, or in capsules (`piece`), each of
    which holds `piece_amount` of it. For a new item, `strength` and `strength_other` are the choice
    among the catalogue's strengths.
    """

    label_substance: Texts
    label_mass: Texts
    label_unit: Texts
    label_per: Texts
    label_per_unit: OneLine = ""
    strength: OneLine = ""
    strength_other: OneLine = ""
    piece_amount: Amount | None = None
    spray_ml: Annotated[Number, Field(gt=0, le=10)] | None = None
    drops_per_ml: Annotated[Number, Field(gt=0, le=200)] | None = None
    package_price: Annotated[Number, Field(ge=0, le=1_000_000)] | None = None
    package_amount: Amount | None = None
    package_unit: OneLine = ""

    def ingredients(self, unit: str) -> tuple[IngredientInput, ...]:
        """Return the filled-in rows, for a dose counted in `unit`; raise `Refused`."""
        rows = zip_longest(
            self.label_substance, self.label_mass, self.label_unit, self.label_per, fillvalue=""
        )
        return tuple(
            self._ingredient(Row(place, *(text.strip() for text in row)), unit)
            for place, row in enumerate(rows)
            if row[0].strip() or row[1].strip()
        )

    def chosen_strength(self) -> LabelStrength | None:
        """Return the strength chosen or typed for a new item; raise `Refused`."""
        text = self.strength_other or self.strength
        try:
            return parse_strength(text) if text else None
        except ValueError as error:
            raise Refused(str(error), "strength_other") from error

    def ml_each(self, unit: str) -> float | None:
        """Return the volume of one spray or drop in mL, if entered."""
        if unit != DROP:
            return self.spray_ml
        return None if self.drops_per_ml is None else 1 / self.drops_per_ml

    def package(self) -> float | None:
        """Return the amount in a package, in the unit of the dose."""
        if self.package_amount is None:
            return None
        return self.package_amount * self._each(self.package_unit)

    def _ingredient(self, row: "Row", unit: str) -> IngredientInput:
        substance = row.substance()
        if row.unit in STRENGTH_UNITS:
            return strength_on_label(substance, row.strength(), unit, self.ml_each(unit))
        return IngredientInput(
            substance=substance,
            mass_ug=row.micrograms(substance),
            per_amount=row.per() * self._each(self.label_per_unit),
            unit=unit,
        )

    def _each(self, counted_in: str) -> float:
        """Return how much of the dose one counted piece holds."""
        if counted_in != PIECES:
            return 1
        if self.piece_amount is None:
            raise Refused(_("Enter how much one capsule or tablet holds."), "piece_amount")
        return self.piece_amount


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a label, as it was typed."""

    place: int
    name: str = ""
    mass: str = ""
    unit: str = ""
    amount: str = ""

    def field(self, name: str) -> str:
        """Return the id of a field of this row; the first row has the plain name."""
        return f"{name}-{self.place}" if self.place else name

    def substance(self) -> str:
        """Return the slug, or the name as typed."""
        if not self.name:
            raise Refused(_("Enter an ingredient from the label."), self.field("label_substance"))
        found = substance_named(self.name)
        if len(found) > LONGEST_SUBSTANCE:
            sentence = _("At most {n} characters.", n=LONGEST_SUBSTANCE)
            raise Refused(sentence, self.field("label_substance"))
        return found

    def micrograms(self, substance: str) -> float:
        """Return the mass in micrograms."""
        unit = self.unit or "mg"
        value = self._number(self.mass, "label_mass")
        mass = iu_micrograms(value, substance) if unit == "IU" else to_micrograms(value, unit)
        if mass is None:
            sentence = _("IU can be used for vitamin D and vitamin A only. Enter mg or µg.")
            raise Refused(sentence, self.field("label_unit"))
        return mass

    def strength(self) -> LabelStrength:
        """Return the strength of the row."""
        value = self._number(self.mass, "label_mass")
        try:
            return strength_of(value, self.unit)
        except ValueError as error:
            raise Refused(str(error), self.field("label_mass")) from error

    def per(self) -> float:
        """Return the amount of the dose that the mass refers to."""
        return self._number(self.amount, "label_per") if self.amount else 1

    def _number(self, text: str, name: str) -> float:
        try:
            return parse_amount(text)
        except ValueError as error:
            raise Refused(str(error), self.field(name)) from error


@dataclass(frozen=True, slots=True)
class LabelPart:
    """The values for the label's template; `unit` is the dose's, or "" while it is chosen."""

    rows: Sequence[Row]
    units: Mapping[str, str]
    substances: Sequence[str]
    strengths: Sequence[tuple[str, str]]
    unit: str

    @property
    def counts_pieces(self) -> bool:
        """Whether capsules can be counted besides the unit of the dose."""
        return self.unit not in {"capsule", "tablet", "count", "mL", "spray", "drop", "wash"}

    @property
    def has_sprays(self) -> bool:
        """Whether to ask how large a spray is."""
        return self.unit in {"", "spray"}

    @property
    def has_drops(self) -> bool:
        """Whether to ask how many drops make 1 mL."""
        return self.unit in {"", DROP}

    @property
    def counted_in(self) -> list[tuple[str, str]]:
        """The units in which amounts can be counted."""
        of_dose = unit_word(self.unit) if self.unit else _("of the dose")
        return [("", of_dose), (PIECES, _("capsules"))]


def label_part(values: Mapping[str, Any], treatment: Treatment | None, unit: str) -> LabelPart:
    """Lay out the label of a form."""
    return LabelPart(
        rows=rows_shown(values),
        units={unit: label_unit_word(unit) for unit in LABEL_UNITS},
        substances=substance_names(),
        strengths=strength_choices(treatment),
        unit=unit,
    )


def label_unit_word(unit: str) -> str:
    """Return the word of a unit in the list; the posted value is the unit itself."""
    return _("mg/spray") if unit == StrengthUnit.PER_SPRAY else unit_word(unit)


def rows_shown(values: Mapping[str, Any]) -> list[Row]:
    """Return the typed rows, with empty ones after them."""
    columns = [
        values.get(name) or []
        for name in ("label_substance", "label_mass", "label_unit", "label_per")
    ]
    typed = [row for row in zip_longest(*columns, fillvalue="") if row[0] or row[1]]
    empty = ROWS_MORE if values.get("more") == MORE_ROWS else 1
    count = max(ROWS_AT_FIRST, len(typed) + empty)
    padded = [*typed, *[("", "", "", "")] * (count - len(typed))]
    return [Row(place, *row) for place, row in enumerate(padded[:MOST_INGREDIENTS])]


def label_values(item: Item) -> dict[str, Any]:
    """Fill the form in with the stored label and package."""
    piece = item.piece_amount
    each = piece or 1
    rows = [_typed(ingredient, each) for ingredient in item.ingredients]
    package = item.package
    return {
        "label_substance": [row[0] for row in rows],
        "label_mass": [row[1] for row in rows],
        "label_unit": [row[2] for row in rows],
        "label_per": [row[3] for row in rows],
        "label_per_unit": PIECES if piece else "",
        "piece_amount": typed_number(piece),
        "spray_ml": typed_number(item.spray_ml),
        "drops_per_ml": "" if item.spray_ml is None else _short(round(1 / item.spray_ml, 4)),
        "package_price": typed_number(package.price),
        "package_amount": "" if package.amount is None else _short(package.amount / each),
        "package_unit": PIECES if piece else "",
    }


def substance_name(slug: str) -> str:
    """Return the name of a substance; one outside the catalogue as it was typed."""
    substance = SUBSTANCES.get(slug)
    return str(substance.name) if substance else slug


def substance_names() -> list[str]:
    """Return the names to choose from, vitamins first."""
    return [
        str(substance.name)
        for group in GROUPS
        for substance in SUBSTANCES.values()
        if substance.group == group
    ]


def strength_choices(treatment: Treatment | None) -> Sequence[tuple[str, str]]:
    """Return the catalogue's strengths, as (value, label)."""
    if treatment is None:
        return ()
    return list(dict.fromkeys((each.written, str(each.label)) for each in treatment.strengths))


def values_from_name(name: str) -> dict[str, Any]:
    """Fill in the label's first row from a name such as "Minoxidil 5%"."""
    strength, matches = strength_in(name), match_name(name)
    if strength is None or not matches:
        return {}
    return {
        "label_substance": [SUBSTANCES[matches[0].substance].name],
        "label_mass": [typed_number(strength.value)],
        "label_unit": [strength.unit.value],
        "label_per": [""],
    }


def with_strength(
    rows: Iterable[IngredientInput], treatment: Treatment, strength: LabelStrength | None, unit: str
) -> Iterator[IngredientInput]:
    """Yield the rows of a label, preceded by the chosen strength of the item's own substance."""
    typed = list(rows)
    if strength is not None and treatment.substance not in {row.substance for row in typed}:
        yield strength_on_label(treatment.substance, strength, unit)
    yield from typed


def _typed(ingredient: Ingredient, each: float) -> tuple[str, str, str, str]:
    """Return a row of a label as it is typed; `each` is how much of the dose one capsule holds."""
    name = substance_name(ingredient.substance)
    if ingredient.strength is not None:
        return name, _short(ingredient.strength), ingredient.strength_unit, ""
    unit = "mg" if ingredient.mass_ug >= MICROGRAMS_PER_MILLIGRAM else "ug"
    mass = ingredient.mass_ug / (MICROGRAMS_PER_MILLIGRAM if unit == "mg" else 1)
    return name, _short(mass), unit, _short(ingredient.per_amount / each)


def _short(number: float) -> str:
    """Write a quotient for a text field, without the digits of binary fractions."""
    return typed_number(float(f"{number:.10g}"))
