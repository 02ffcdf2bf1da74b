"""The person whose regimen it is."""

from datetime import date, datetime, time, tzinfo
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import event
from sqlmodel import Field, Relationship, SQLModel, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.logical_dates import day_turns_at, logical_date, zone_named
from app.domain.names import exact_key, name_key
from app.models.preferences import Preferences


class User(SQLModel, table=True):
    """An account: one tracked person, and their wall clock.

    `regimen_version` grows with every change of regimen or settings; it is the key of pages cached
    for offline reading. `log_version` grows with every write to a day long past or to the plan; it
    is the key of cached figures of past weeks. A new account gets default preferences.
    """

    __tablename__ = "user_account"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(max_length=80)
    name_key: str = Field(max_length=240, unique=True)
    password_hash: str = Field(max_length=255)
    time_zone: str = Field(default="UTC", max_length=64)
    day_starts_time: time = time(3)
    began_on: date
    regimen_version: int = 1
    log_version: int = 1
    created_at: datetime

    preferences: Preferences = Relationship(
        sa_relationship_kwargs={"uselist": False, "passive_deletes": "all"}
    )

    @property
    def zone(self) -> tzinfo:
        """The person's time zone."""
        return zone_named(self.time_zone)

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
        """Return the minute on the person's wall clock at `instant`."""
        local = instant.astimezone(self.zone)
        return time(local.hour, local.minute)

    def change_clock(self, time_zone: str, day_starts_time: time, now: datetime) -> None:
        """Use another clock from `now` on; the log begins no later than the day it is there."""
        self.time_zone = time_zone
        self.day_starts_time = day_starts_time
        self.began_on = min(self.began_on, self.today(now))

    def day_turns_at(self, on: date) -> datetime:
        """The instant at which the logical day `on` is over."""
        return day_turns_at(on, self.zone, self.day_starts_time)

    @classmethod
    def named(cls, name: str) -> SelectOfScalar["User"]:
        """Select the accounts that a name, in any spelling, may mean; the first match counts."""
        exact = exact_key(name)
        return (
            select(cls)
            .where(col(cls.name_key).in_([exact, name_key(name)]))
            .order_by((col(cls.name_key) == exact).desc())
        )

    @classmethod
    def count(cls) -> SelectOfScalar[int]:
        """Count all accounts."""
        return select(func.count()).select_from(cls)

    @classmethod
    def oldest_first(cls) -> SelectOfScalar["User"]:
        """Select every account, in the order of creation."""
        return select(cls).order_by(col(cls.created_at), col(cls.name))


@event.listens_for(User, "init")
def _give_preferences(_user: User, _given: tuple[Any, ...], values: dict[str, Any]) -> None:
    values.setdefault("preferences", Preferences())
