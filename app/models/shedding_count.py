"""Counts of shed hairs."""

from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.sql.base import ExecutableStatement
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.shedding import ChemicalTreatment, CountMethod, HairLength, Reading
from app.models.prepared import columns_between, prepared
from app.models.types import between, str_enum


class SheddingCount(SQLModel, table=True):
    """One reading by one method; `run` numbers the readings of a day.

    Readings of one method on consecutive days are a set. A picture has a score and no hairs, every
    other method hairs and no score. The id is the same on every device, so that a reading entered
    twice is one row.
    """

    __tablename__ = "shedding_count"
    __table_args__ = (
        UniqueConstraint("user_id", "on", "method", "run"),
        between("run", 1, 3),
        between("hairs", 0, 5_000),
        between("score", 1, 6),
        between("days_since_wash", 0, 60),
        CheckConstraint(
            "CASE WHEN method = 'picture' THEN hairs IS NULL AND score IS NOT NULL"
            " ELSE hairs IS NOT NULL AND score IS NULL END",
            name="reading",
        ),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", ondelete="CASCADE")
    on: date
    iso_week: int
    method: CountMethod = Field(sa_type=str_enum(CountMethod))
    run: int = 1
    hairs: int | None = None
    score: int | None = None
    days_since_wash: int | None = None
    hair_length: HairLength | None = Field(default=None, sa_type=str_enum(HairLength))
    chemical_treatment: ChemicalTreatment | None = Field(
        default=None, sa_type=str_enum(ChemicalTreatment)
    )
    comb: str = Field(default="", max_length=40)
    note: str = Field(default="", max_length=2000)
    logged_at: datetime

    @classmethod
    @prepared
    def between(cls, user_id: UUID, first: date, last: date) -> SelectOfScalar["SheddingCount"]:
        """Select one person's readings from `first` to `last`, by day, method and run."""
        return (
            select(cls)
            .where(cls.user_id == user_id)
            .where(col(cls.on).between(first, last))
            .order_by(col(cls.on), col(cls.method), col(cls.run))
        )

    @classmethod
    @prepared
    def readings_between(cls, user_id: UUID, first: date, last: date) -> ExecutableStatement:
        """Select day, method, hairs and score of one person's readings, oldest first."""
        return columns_between(cls, ("on", "method", "hairs", "score"), user_id, first, last)

    @classmethod
    @prepared
    def newest(cls, user_id: UUID, until: date) -> SelectOfScalar["SheddingCount"]:
        """Select one person's latest readings up to a day, newest first: a busy week's worth."""
        return (
            select(cls)
            .where(cls.user_id == user_id, col(cls.on) <= until)
            .order_by(col(cls.on).desc(), col(cls.logged_at).desc(), col(cls.run).desc())
            .limit(42)
        )

    @property
    def reading(self) -> Reading:
        """The count, or the score of the picture, as the domain defines it."""
        value = self.score if self.hairs is None else self.hairs
        assert value is not None
        return Reading(self.on, self.run, value)


def shedding_count_id(user_id: UUID, on: date, method: CountMethod, run: int) -> UUID:
    """Return the id of a reading, the same on every device."""
    return uuid5(user_id, f"shedding {on} {method} {run}")
