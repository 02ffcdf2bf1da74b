"""The forms for adding and editing an item."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import Field

from app.diary.regimen import Item
from app.domain.applications import Zone, in_order
from app.domain.catalogue import Treatment, treatment_for
from app.domain.matching import match_name
from app.domain.quantities import typed_number
from app.domain.text import folded
from app.domain.timing import Timing
from app.i18n import lazy, lazy_in
from app.language.donation_words import donation_passages
from app.services.items import IngredientInput, ItemEdit, ItemInput, label_from_catalogue
from app.web.forms.dosage import DosageForm, typed_values
from app.web.forms.label import LabelFields, values_from_name, with_strength
from app.web.http.reading import Day, Line, Minutes, NeedleLength, OneLine, ShutOutHours, Text

TONES = ("mint", "blue", "amber", "copper", "violet", "teal", "rose", "sand")
ICONS_BY_ROUTE = {
    "oral": "pill",
    "scalp": "drop",
    "scalp_wash": "bottle",
    "needling": "roller",
    "light": "light",
    "injection": "syringe",
}
KINDS = {
    "supplement": lazy("Supplement"),
    "otc": lazy("Medicine without prescription"),
    "prescription": lazy("Prescribed medicine"),
    "cosmetic": lazy("Cosmetic"),
    "device": lazy("Device"),
    "procedure": lazy("Procedure"),
}
ROUTES = {
    "oral": lazy("By mouth"),
    "scalp": lazy("On the scalp"),
    "scalp_wash": lazy("Scalp wash"),
    "needling": lazy("Needling"),
    "light": lazy_in("route", "Light"),
    "injection": lazy("Injection"),
}


class LabelForm(LabelFields):
    """The name of an item and its label, which can be changed at any time.

    `asks_donation`: the form had the field `donation_note`.
    """

    name: Annotated[Line, Field(min_length=1)]
    tone: Annotated[str, Field(pattern="^(" + "|".join(TONES) + ")$")] = "mint"
    instruction: Line = ""
    note: Text = ""
    zones: list[Zone] = Field(default_factory=list, max_length=20)
    minutes_on: Minutes | None = None
    dry_minutes: Minutes | None = None
    needle_mm: NeedleLength | None = None
    shut_out_hours: ShutOutHours | None = None
    neutral_name: Annotated[OneLine, Field(max_length=40)] = ""
    asks_donation: OneLine = ""
    donation_note: Annotated[OneLine, Field(max_length=200)] = ""

    def edit(self, item: Item, unit: str) -> ItemEdit:
        """Return the fields for the service, for an item whose dose is counted in `unit`."""
        details = {**self.details(unit), "donation_note": self._donation_note(item)}
        return ItemEdit(**details, ingredients=self.ingredients(unit))

    def details(self, unit: str) -> dict[str, Any]:
        """The fields that are stored as typed."""
        typed = self.model_dump(include=set(ItemEdit.model_fields))
        return {
            **typed,
            "zones": in_order(self.zones),
            "package_amount": self.package(),
            "spray_ml": self.ml_each(unit),
            "donation_note": None,
        }

    def _donation_note(self, item: Item) -> str | None:
        """Return the person's own note; None for the catalogue's own words."""
        if not self.asks_donation:
            return item.donation_note
        default = " ".join(str(each.text) for each in donation_passages(item))
        return None if self.donation_note == default else self.donation_note


class ItemForm(LabelForm, DosageForm):
    """A new item, from the catalogue or an own one; the page makes its id, so that it is one
    item however often the form is sent.
    """

    kind_of_item: Annotated[str, Field(pattern="^(" + "|".join(KINDS) + ")$")] = "supplement"
    route: Annotated[str, Field(pattern="^(" + "|".join(ROUTES) + ")$")] = "oral"
    catalogue_id: str | None = None
    offered_name: OneLine = ""
    starts_on: Day
    ends_on: Day | None = None
    id: UUID | None = None

    def item(self) -> ItemInput:
        """Return the new item for the service."""
        treatment = treatment_for(self.catalogue_id)
        dosage = self.dosage()
        return ItemInput(
            **self.details(dosage.unit),
            catalogue_id=treatment.id if treatment else None,
            kind=treatment.kind.value if treatment else self.kind_of_item,
            route=treatment.route.value if treatment else self.route,
            icon=treatment.icon if treatment else ICONS_BY_ROUTE[self.route],
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            dosage=dosage,
            ingredients=self.label(treatment, dosage.unit),
        )

    def label(self, treatment: Treatment | None, unit: str) -> tuple[IngredientInput, ...]:
        """Return the typed rows and chosen strength, else the amount by the catalogue's factor."""
        rows = self.ingredients(unit)
        if treatment is not None:
            rows = tuple(with_strength(rows, treatment, self.chosen_strength(), unit))
        return rows or label_from_catalogue(self.catalogue_id, unit)


def is_match_news(form: ItemForm) -> bool:
    """Whether the name matches catalogue entries that the form had not offered."""
    if treatment_for(form.catalogue_id) is not None:
        return False
    return folded(form.offered_name) != folded(form.name) and bool(match_name(form.name))


def values_of_treatment(treatment: Treatment, today: date) -> dict[str, Any]:
    """Fill the form in with the catalogue's usual values."""
    return {
        "id": str(uuid4()),
        "name": treatment.short_name,
        "catalogue_id": treatment.id,
        "kind_of_item": treatment.kind.value,
        "route": treatment.route.value,
        "tone": treatment.tone,
        "instruction": treatment.usual.instruction,
        "minutes_on": typed_number(treatment.usual.minutes_on),
        "starts_on": str(today),
        "strength": treatment.strengths[0].written if treatment.strengths else "",
        **usual_values(treatment, today),
    }


def values_of_own(name: str, today: date) -> dict[str, Any]:
    """Fill the form in for an item that is not in the catalogue."""
    return {
        "id": str(uuid4()),
        "name": name,
        "kind_of_item": "supplement",
        "route": "oral",
        "tone": "teal",
        "starts_on": str(today),
        "unit": "mg",
        "kind": "daily",
        "times": ["08:00"],
        "amounts": [""],
        **values_from_name(name),
    }


def usual_values(treatment: Treatment, today: date) -> dict[str, Any]:
    """Return the usual dose, as the fields of the dosage form hold it."""
    usual = treatment.usual
    timing = Timing(
        kind=usual.timing,
        starts_on=today,
        times=usual.times,
        usual_amount=usual.amount,
        every_days=usual.every_days,
        per_week=usual.per_week,
        per_week_most=usual.per_week_most,
    )
    return typed_values(timing, usual.unit)
