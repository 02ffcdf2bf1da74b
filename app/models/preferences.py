"""A person's settings for looks and behaviour."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from app.domain.measurements import MeasurementKind, WeightUnit
from app.domain.reminders import ReminderText
from app.models.types import Listed, StringList, between, str_enum


class Theme(StrEnum):
    """The colours of the pages."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class VitaminUnit(StrEnum):
    """The unit in which vitamin D is shown first."""

    UG = "ug"
    IU = "IU"


class Hint(StrEnum):
    """A hint that is shown once to new people."""

    TODAY = "today"
    INSTALL = "install"
    REMINDERS = "reminders"
    TRENDS = "trends"
    REGIMEN = "regimen"


class Preferences(SQLModel, table=True):
    """A person's choices in the settings; every account has exactly one row.

    `single_keys`: a letter alone does something (L opens the log); people who use voice control
    turn it off (WCAG 2.1.4). `is_discreet` keeps names of items out of titles and notices, which
    others may see. `is_large` shows only a large Today. `day_parts` is the order and the own names
    of the times of day, as `domain/day_parts.py` reads it. `hints_seen` are the hints closed for
    good. `measures_on` are the measurements that are turned on, in the order of the list.
    `weight_unit` is the unit for typing and showing weight. `language` is a language tag ("de");
    None if the person chose none. `reminds` turns reminders on; `reminder_times` has the times of
    day with a reminder of their own, as `domain/reminders.py` reads them; `quiet_hours` is empty or
    a pair of times. `reminds_of_refills` counts only while `reminds` is on.
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
    reminds: bool = False
    reminder_times: Listed[str] = Field(default=(), sa_type=StringList(200))
    reminder_text: ReminderText = Field(default=ReminderText.QUIET, sa_type=str_enum(ReminderText))
    quiet_hours: Listed[str] = Field(default=(), sa_type=StringList(11))
    reminds_of_refills: bool = True
