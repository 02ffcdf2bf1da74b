"""How a person wants Strand to look and behave."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from app.domain.measurements import MeasurementKind, WeightUnit
from app.models.types import Listed, StringList, between, str_enum


class Theme(StrEnum):
    """Which colours to draw in."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class VitaminUnit(StrEnum):
    """How amounts of vitamin D are shown first."""

    UG = "ug"
    IU = "IU"


class Hint(StrEnum):
    """What is said once to who is new here."""

    TODAY = "today"
    INSTALL = "install"
    TRENDS = "trends"
    REGIMEN = "regimen"


class Preferences(SQLModel, table=True):
    """What one person chose in the settings; every account has exactly one row.

    `single_keys` says whether a letter alone does something (L opens the log): it must not for
    who speaks to the computer (WCAG 2.1.4). `is_discreet` keeps names of what is taken out of
    titles and notices, which others may see. `is_large` makes Today all there is, and big.
    `day_parts` is the order and the own names of the times of day, as `domain/day_parts.py` reads
    it. `hints_seen` are the hints that were closed for good. `measures_on` are
    the measurements that are turned on, in the order of the list. `weight_unit` is how weight is
    typed and shown. `language` is a language tag ("de"); None if the person chose none.
    """

    __tablename__ = "preferences"
    __table_args__ = (between("first_weekday", 1, 7),)

    user_id: UUID | None = Field(
        default=None, primary_key=True, foreign_key="user_account.id", ondelete="CASCADE"
    )
    first_weekday: int = 1
    theme: Theme = Field(default=Theme.SYSTEM, sa_type=str_enum(Theme))
    vitamin_unit: VitaminUnit = Field(default=VitaminUnit.UG, sa_type=str_enum(VitaminUnit))
    emergency_line: str = Field(default="", max_length=200)
    single_keys: bool = True
    is_discreet: bool = False
    is_large: bool = False
    day_parts: list[list[str]] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    hints_seen: Listed[str] = Field(default=(), sa_type=StringList(200))
    currency: str = Field(default="", max_length=8)
    measures_on: Listed[MeasurementKind] = Field(
        default=(), sa_type=StringList(60, MeasurementKind)
    )
    weight_unit: WeightUnit = Field(default=WeightUnit.KG, sa_type=str_enum(WeightUnit))
    language: str | None = Field(default=None, max_length=16)
