"""The items that a person takes."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.applications import LONGEST_NEEDLE_MM, MOST_MINUTES, MOST_SHUT_OUT_HOURS, Zone
from app.domain.labels import Content, LabelStrength, StrengthUnit
from app.models.types import Listed, StringList, between


class RegimenItem(SQLModel, table=True):
    """One treatment in the regimen (FHIR `MedicationStatement`).

    Slots are computed from `slots_from` on: the day the item was added, if it was started
    earlier. It is empty for an imported history, which has only the slots in the file.
    `package_amount` is in the unit of the dose.

    How it is usually applied: `zones`, minutes left on, minutes until dry,
    needle length in mm, hours after a session without topicals (None: as in the catalogue).
    `neutral_name` replaces the name in titles and notices in discreet mode.

    `piece_amount` is how much of the dose one capsule or tablet holds (667 mg), for labels and
    packages counted in capsules. `spray_ml` is mL in one spray (None: the usual 0.05), or in one
    drop (None: not known).
    `refill_days` is how many days before it runs out it is to be bought again (None: as usual).
    `donation_note` is the person's own note about blood donation: None shows the catalogue's,
    an empty one shows none. An empty `catalogue_id` means that no entry fits; None, that the
    person was not asked.
    """

    __tablename__ = "regimen_item"
    __table_args__ = (
        between("minutes_on", 0, MOST_MINUTES),
        between("dry_minutes", 0, MOST_MINUTES),
        between("needle_mm", 0, LONGEST_NEEDLE_MM),
        between("shut_out_hours", 0, MOST_SHUT_OUT_HOURS),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    name: str = Field(max_length=80)
    neutral_name: str = Field(default="", max_length=40)
    catalogue_id: str | None = Field(default=None, max_length=40)
    kind: str = Field(max_length=20)
    route: str = Field(max_length=20)
    icon: str = Field(max_length=20)
    tone: str = Field(max_length=12)
    instruction: str = Field(default="", max_length=80)
    starts_on: date
    ends_on: date | None = None
    end_reason: str = Field(default="", max_length=200)
    slots_from: date | None = None
    note: str = Field(default="", max_length=2000)
    position: int = 0
    package_price: float | None = None
    package_amount: float | None = None
    piece_amount: float | None = None
    spray_ml: float | None = None
    refill_days: int | None = None
    donation_note: str | None = Field(default=None, max_length=200)
    zones: Listed[Zone] = Field(default=(), sa_type=StringList(80, Zone))
    minutes_on: float | None = None
    dry_minutes: float | None = None
    needle_mm: float | None = None
    shut_out_hours: float | None = None
    created_at: datetime

    @classmethod
    def owned_by(cls, user_id: UUID) -> SelectOfScalar["RegimenItem"]:
        """Select every item of one person, in their own order."""
        return (
            select(cls)
            .where(cls.user_id == user_id)
            .order_by(col(cls.position), col(cls.starts_on), col(cls.name))
        )


class Ingredient(SQLModel, table=True):
    """One ingredient of an item, as its label says.

    `mass_ug` is micrograms of `substance` in `per_amount` of the dose, counted in `unit` (empty: in
    the dose's own unit). A `strength`, in `strength_unit`, takes precedence. `substance` is a slug
    of the catalogue, or else the name that was typed.
    """

    __tablename__ = "ingredient"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    regimen_item_id: UUID = Field(foreign_key="regimen_item.id", index=True, ondelete="CASCADE")
    substance: str = Field(max_length=40)
    mass_ug: float
    per_amount: float = 1
    unit: str = Field(default="", max_length=40)
    strength: float | None = None
    strength_unit: str = Field(default="", max_length=10)
    position: int = 0

    @property
    def label_strength(self) -> LabelStrength | None:
        """The strength, if one is given."""
        if self.strength is None:
            return None
        return LabelStrength(self.strength, StrengthUnit(self.strength_unit))

    def content(self, spray_ml: float | None = None) -> Content:
        """The content of one unit of the dose."""
        return Content(
            self.substance,
            self.mass_ug / self.per_amount,
            self.unit,
            self.label_strength,
            spray_ml,
        )

    @classmethod
    def owned_by(cls, user_id: UUID) -> SelectOfScalar["Ingredient"]:
        """Select every ingredient of one person's items, item by item."""
        return (
            select(cls)
            .where(cls.user_id == user_id)
            .order_by(col(cls.regimen_item_id), col(cls.position), col(cls.substance))
        )
