"""Blood pressure, pulse and weight, as measured at home."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.sql.base import ExecutableStatement
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.measurements import COLUMNS, Values
from app.models.prepared import columns_between, prepared
from app.models.types import between


class Measurement(SQLModel, table=True):
    """One reading at one time; a day may have several.

    `measured_at` is None if only the day is known; `time_zone` is the zone of the typed time.
    Weight is stored in kilograms, whichever unit it was typed in.
    """

    __tablename__ = "measurement"
    __table_args__ = (
        Index(None, "user_id", "on"),
        between("systolic_mmhg", 50, 300),
        between("diastolic_mmhg", 20, 200),
        between("pulse_bpm", 20, 250),
        between("weight_kg", 20, 400),
        CheckConstraint(
            "(systolic_mmhg IS NULL) = (diastolic_mmhg IS NULL)", name="blood_pressure"
        ),
        CheckConstraint(
            "systolic_mmhg IS NOT NULL OR pulse_bpm IS NOT NULL OR weight_kg IS NOT NULL",
            name="values",
        ),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", ondelete="CASCADE")
    on: date
    iso_week: int
    measured_at: datetime | None = None
    time_zone: str = Field(max_length=64)
    systolic_mmhg: int | None = None
    diastolic_mmhg: int | None = None
    pulse_bpm: int | None = None
    weight_kg: float | None = None
    note: str = Field(default="", max_length=2000)
    logged_at: datetime

    @property
    def values(self) -> Values:
        """The measured values."""
        return Values(self.systolic_mmhg, self.diastolic_mmhg, self.pulse_bpm, self.weight_kg)

    @classmethod
    @prepared
    def between(cls, user_id: UUID, first: date, last: date) -> SelectOfScalar["Measurement"]:
        """Select one person's readings from `first` to `last`, inclusive, oldest first."""
        return (
            select(cls)
            .where(cls.user_id == user_id)
            .where(col(cls.on).between(first, last))
            .order_by(col(cls.on), col(cls.measured_at), col(cls.logged_at), col(cls.id))
        )

    @classmethod
    @prepared
    def values_between(cls, user_id: UUID, first: date, last: date) -> ExecutableStatement:
        """Select day, systolic, diastolic, pulse and weight of one person, oldest first."""
        return columns_between(cls, ("on", *COLUMNS), user_id, first, last)
