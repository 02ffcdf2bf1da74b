"""The answer to "How was today?"."""

from datetime import date, datetime
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import select as select_columns
from sqlalchemy.sql.base import ExecutableStatement
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.models.prepared import columns_between, prepared
from app.models.types import between

FIELDS = ("mood", "energy", "sleep", "stress", "focus", "note")


class CheckIn(SQLModel, table=True):
    """One row per person and day; the last answer wins, field by field. Empty is not asked."""

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("user_id", "on"),
        between("mood", 1, 5),
        between("energy", 1, 5),
        between("sleep", 0, 10),
        between("stress", 0, 10),
        between("focus", 1, 5),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", ondelete="CASCADE")
    on: date
    iso_week: int
    mood: int | None = None
    energy: int | None = None
    sleep: int | None = None
    stress: int | None = None
    focus: int | None = None
    note: str = Field(default="", max_length=2000)
    logged_at: datetime

    @property
    def is_empty(self) -> bool:
        """Whether no question has an answer."""
        return all(getattr(self, field) in {None, ""} for field in FIELDS)

    @classmethod
    @prepared
    def between(cls, user_id: UUID, first: date, last: date) -> SelectOfScalar["CheckIn"]:
        """Select one person's check-ins from `first` to `last`, inclusive, oldest first."""
        return (
            select(cls)
            .where(cls.user_id == user_id)
            .where(col(cls.on).between(first, last))
            .order_by(col(cls.on))
        )

    @classmethod
    @prepared
    def scales_between(cls, user_id: UUID, first: date, last: date) -> ExecutableStatement:
        """Select day, mood, energy, sleep, stress and focus of one person, oldest first."""
        return columns_between(
            cls, ("on", "mood", "energy", "sleep", "stress", "focus"), user_id, first, last
        )


class SymptomReport(SQLModel, table=True):
    """One symptom on one day, at its worst. Severity 0 is an answer: "none"."""

    __tablename__ = "symptom_report"
    __table_args__ = (
        UniqueConstraint("user_id", "on", "symptom"),
        Index(None, "user_id", "symptom", "on"),
        between("severity", 0, 4),
        between("interference", 0, 4),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", ondelete="CASCADE")
    on: date
    iso_week: int
    symptom: str = Field(max_length=48)
    severity: int
    interference: int | None = None
    regimen_item_id: UUID | None = Field(
        default=None, foreign_key="regimen_item.id", ondelete="SET NULL"
    )
    note: str = Field(default="", max_length=2000)
    logged_at: datetime

    @classmethod
    @prepared
    def between(cls, user_id: UUID, first: date, last: date) -> SelectOfScalar["SymptomReport"]:
        """Select one person's reports from `first` to `last`, inclusive, by day and symptom."""
        return (
            select(cls)
            .where(cls.user_id == user_id)
            .where(col(cls.on).between(first, last))
            .order_by(col(cls.on), col(cls.symptom))
        )

    @classmethod
    @prepared
    def severities_between(cls, user_id: UUID, first: date, last: date) -> ExecutableStatement:
        """Select day, symptom and severity of one person, oldest first."""
        return columns_between(cls, ("on", "symptom", "severity"), user_id, first, last)

    @classmethod
    @prepared
    def suspected_between(cls, user_id: UUID, first: date, last: date) -> ExecutableStatement:
        """Select day, symptom, severity and item of reports with a suspect, oldest first."""
        columns = [getattr(cls, name) for name in ("on", "symptom", "severity", "regimen_item_id")]
        return (
            select_columns(*columns)
            .where(col(cls.user_id) == user_id)
            .where(col(cls.on).between(first, last))
            .where(col(cls.regimen_item_id).is_not(None), col(cls.severity) > 0)
            .order_by(col(cls.on), col(cls.symptom))
        )


class TrackedSymptom(SQLModel, table=True):
    """A question of one person's check-in, in their order; own symptoms have their own name.

    A measure ("energy", "sleep") is listed here too, so that one list has all questions.
    """

    __tablename__ = "tracked_symptom"
    __table_args__ = (UniqueConstraint("user_id", "slug"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    slug: str = Field(max_length=48)
    name: str = Field(default="", max_length=60)
    position: int = 0
    is_asked: bool = True

    @classmethod
    @prepared
    def of_user(cls, user_id: UUID) -> SelectOfScalar["TrackedSymptom"]:
        """Select one person's list, in their order."""
        return select(cls).where(cls.user_id == user_id).order_by(col(cls.position), col(cls.slug))


def check_in_id(user_id: UUID, on: date) -> UUID:
    """Return the id of a day's check-in, the same on every device."""
    return uuid5(user_id, f"check-in {on}")


def symptom_report_id(user_id: UUID, on: date, symptom: str) -> UUID:
    """Return the id of a day's report of one symptom, the same on every device."""
    return uuid5(user_id, f"symptom {on} {symptom}")
