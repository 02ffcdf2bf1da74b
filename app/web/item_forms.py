"""The forms by which an item is added and edited."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import Field

from app.domain.applications import Zone, joined_zones
from app.domain.catalogue import Treatment, treatment_for
from app.domain.timing import Timing
from app.errors import Refused
from app.services.items import IngredientInput, ItemEdit, ItemInput, label_from_catalogue
from app.web.costs import plain_or_empty
from app.web.dosage_form import DosageForm, typed_values
from app.web.forms import (
    Amount,
    Day,
    EntryForm,
    Line,
    Minutes,
    NeedleLength,
    Number,
    OneLine,
    ShutOutHours,
    Text,
)
from app.web.words import _

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
    "supplement": _("Supplement"),
    "otc": _("Medicine without prescription"),
    "prescription": _("Prescribed medicine"),
    "cosmetic": _("Cosmetic"),
    "device": _("Device"),
    "procedure": _("Procedure"),
}
ROUTES = {
    "oral": _("By mouth"),
    "scalp": _("On the scalp"),
    "scalp_wash": _("Scalp wash"),
    "needling": _("Needling"),
    "light": _("Light"),
    "injection": _("Injection"),
}
SUBSTANCES = {
    "magnesium": _("magnesium"),
    "zinc": _("zinc"),
    "iron": _("iron"),
    "vitamin_d": _("vitamin D"),
    "biotin": _("biotin"),
    "selenium": _("selenium"),
    "vitamin_a": _("vitamin A"),
    "vitamin_e": _("vitamin E"),
}
MASS_UNITS = {"mg": 1000.0, "ug": 1.0, "g": 1_000_000.0}


class LabelForm(EntryForm):
    """What an item is called, and what its label says: it can be changed at any time."""

    name: Annotated[Line, Field(min_length=1)]
    tone: Annotated[str, Field(pattern="^(" + "|".join(TONES) + ")$")] = "mint"
    instruction: Line = ""
    note: Text = ""
    label_substance: str = ""
    label_mass: Amount | None = None
    label_unit: Annotated[str, Field(pattern="^(mg|ug|g)$")] = "mg"
    label_per: Amount | None = None
    package_price: Annotated[Number, Field(ge=0, le=1_000_000)] | None = None
    package_amount: Amount | None = None
    zones: list[Zone] = Field(default_factory=list, max_length=20)
    minutes_on: Minutes | None = None
    dry_minutes: Minutes | None = None
    needle_mm: NeedleLength | None = None
    shut_out_hours: ShutOutHours | None = None
    neutral_name: Annotated[OneLine, Field(max_length=40)] = ""

    def edit(self) -> ItemEdit:
        """What the form says, for the service."""
        return ItemEdit(**self.details(), ingredients=self.ingredients())

    def details(self) -> dict[str, Any]:
        """The fields that are kept as they were typed."""
        typed = self.model_dump(include=set(ItemEdit.model_fields))
        return {**typed, "zones": joined_zones(self.zones)}

    def ingredients(self) -> tuple[IngredientInput, ...]:
        """The label's figure, if one was typed."""
        if self.label_mass is None:
            return ()
        if self.label_substance not in SUBSTANCES:
            raise Refused(_("Choose what the label names."), "label_substance")
        return (
            IngredientInput(
                substance=self.label_substance,
                mass_ug=self.label_mass * MASS_UNITS[self.label_unit],
                per_amount=self.label_per or 1,
            ),
        )


class ItemForm(LabelForm, DosageForm):
    """A new item, from the catalogue or one's own; the page names its id, so that it is one
    item however often the form is sent.
    """

    kind_of_item: Annotated[str, Field(pattern="^(" + "|".join(KINDS) + ")$")] = "supplement"
    route: Annotated[str, Field(pattern="^(" + "|".join(ROUTES) + ")$")] = "oral"
    catalogue_id: str | None = None
    starts_on: Day
    ends_on: Day | None = None
    id: UUID | None = None

    def item(self) -> ItemInput:
        """What the form says, for the service."""
        treatment = treatment_for(self.catalogue_id)
        dosage = self.dosage()
        label = self.ingredients() or label_from_catalogue(self.catalogue_id, dosage.unit)
        return ItemInput(
            **self.details(),
            catalogue_id=treatment.id if treatment else None,
            kind=self.kind_of_item,
            route=self.route,
            icon=treatment.icon if treatment else ICONS_BY_ROUTE[self.route],
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            dosage=dosage,
            ingredients=label,
        )


def values_of_treatment(treatment: Treatment, today: date) -> dict[str, Any]:
    """The form filled in with what the catalogue calls usual."""
    return {
        "id": str(uuid4()),
        "name": treatment.short_name,
        "catalogue_id": treatment.id,
        "kind_of_item": treatment.kind.value,
        "route": treatment.route.value,
        "tone": treatment.tone,
        "instruction": treatment.usual.instruction,
        "minutes_on": plain_or_empty(treatment.usual.minutes_on),
        "starts_on": str(today),
        **usual_values(treatment, today),
    }


def values_of_own(name: str, today: date) -> dict[str, Any]:
    """The form for an item that the catalogue does not know."""
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
    }


def usual_values(treatment: Treatment, today: date) -> dict[str, Any]:
    """The usual dose, as the fields of the dosage form hold it."""
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
