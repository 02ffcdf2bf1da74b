"""The person whose regimen it is."""

from datetime import date, datetime, time, tzinfo
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.logical_dates import day_turns_at, logical_date, zone_named
from app.domain.measurements import Measure, WeightUnit
from app.domain.names import exact_key, name_key
from app.models.types import between, str_enum


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


class User(SQLModel, table=True):
    """An account: one tracked person, and the wall clock they live by.

    `regimen_version` grows with every change of regimen or settings; pages kept for
    offline reading are keyed by it. `log_version` grows with every write to a day long past
    or to what was due; figures of past weeks are kept in memory by it. `single_keys` says
    whether a letter alone does something (L opens the log): it must not for who speaks to the
    computer (WCAG 2.1.4).
    `is_discreet` keeps names of what is taken out of titles and notices, which others may see.
    `is_large` makes Today all there is, and big. `day_parts` is the order and the own names of
    the times of day, as `domain/day_parts.py` reads it; `hints_seen` are the hints that were
    closed for good, "today;install". `measures_on` are the measurements that are turned
    on, "blood_pressure;weight"; `weight_unit` is how weight is typed and shown.
    """

    __tablename__ = "user_account"
    __table_args__ = (between("first_weekday", 1, 7),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(max_length=80)
    name_key: str = Field(max_length=240, unique=True)
    password_hash: str = Field(max_length=255)
    time_zone: str = Field(default="UTC", max_length=64)
    day_starts_time: time = time(3)
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
    hints_seen: str = Field(default="", max_length=200)
    currency: str = Field(default="", max_length=8)
    measures_on: str = Field(default="", max_length=60)
    weight_unit: WeightUnit = Field(default=WeightUnit.KG, sa_type=str_enum(WeightUnit))
    began_on: date
    regimen_version: int = 1
    log_version: int = 1
    created_at: datetime

    @property
    def zone(self) -> tzinfo:
        """The person's time zone."""
        return zone_named(self.time_zone)

    @property
    def hints(self) -> frozenset[str]:
        """The hints that were closed."""
        return frozenset(each for each in self.hints_seen.split(";") if each)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Which measurements the person records besides the check-in, in the order of the list."""
        return tuple(each for each in Measure if each in self.measures_on.split(";"))

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        words = self.name.split() or ["?"]
        letters = [words[0][0], words[-1][0]] if len(words) > 1 else [words[0][0]]
        return "".join(letters).upper()

    def today(self, now: datetime) -> date:
        """The logical date at `now`."""
        return logical_date(now, self.zone, self.day_starts_time)

    def clock_at(self, instant: datetime) -> time:
        """The minute that the person's wall clock shows at `instant`."""
        local = instant.astimezone(self.zone)
        return time(local.hour, local.minute)

    def change_clock(self, time_zone: str, day_starts_time: time, now: datetime) -> None:
        """Go by another clock from `now` on; the log begins no later than the day it is there."""
        self.time_zone = time_zone
        self.day_starts_time = day_starts_time
        self.began_on = min(self.began_on, self.today(now))

    def day_turns_at(self, on: date) -> datetime:
        """The instant at which the logical day `on` is over."""
        return day_turns_at(on, self.zone, self.day_starts_time)

    @classmethod
    def named(cls, name: str) -> SelectOfScalar["User"]:
        """Select the accounts that a name, however spelled, may mean; the first match counts."""
        exact = exact_key(name)
        return (
            select(cls)
            .where(col(cls.name_key).in_([exact, name_key(name)]))
            .order_by((col(cls.name_key) == exact).desc())
        )

    @classmethod
    def count(cls) -> SelectOfScalar[int]:
        """How many accounts there are."""
        return select(func.count()).select_from(cls)

    @classmethod
    def oldest_first(cls) -> SelectOfScalar["User"]:
        """Every account, in the order they were made."""
        return select(cls).order_by(col(cls.created_at), col(cls.name))
