"""How much of an item, and when: effective-dated, never overlapping."""

from collections.abc import Iterable
from datetime import date, time
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.quantities import LONGEST_UNIT
from app.domain.timing import EVERY_WEEKDAY, DoseTime, Timing, TimingKind
from app.models.types import Listed, StringList, between, str_enum

MOST = 1_000_000


class Dosage(SQLModel, table=True):
    """Unit and timing of an item over whole logical days, both ends inclusive.

    "Change from a date" ends one and starts the next; "correct a mistake" edits the row. The steps
    of a taper or ramp share a `taper_id`. `rhythm_from` is the day that "every N days" and cycles
    count from; None: `starts_on`.

    `entered_on` and `entered_time` are the person's logical day and clock when the dosage was
    entered, if it starts on that same day: earlier slots of the day are not due.
    """

    __tablename__ = "dosage"
    __table_args__ = (
        between("every_days", 1, 366),
        between("cycle_on", 0, 366),
        between("cycle_off", 0, 366),
        between("per_week", 0, 99),
        between("per_week_most", 0, 99),
        between("usual_amount", 0, MOST),
        between("gap_hours", 0, 720),
        between("daily_maximum", 1, 99),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    regimen_item_id: UUID = Field(foreign_key="regimen_item.id", index=True, ondelete="CASCADE")
    starts_on: date
    ends_on: date | None = None
    unit: str = Field(max_length=LONGEST_UNIT)
    kind: TimingKind = Field(sa_type=str_enum(TimingKind))
    usual_amount: float | None = None
    every_days: int = 1
    days_of_month: Listed[int] = Field(default=(), sa_type=StringList(100, int))
    cycle_on: int = 0
    cycle_off: int = 0
    per_week: int = 0
    per_week_most: int = 0
    gap_hours: float | None = None
    daily_maximum: int | None = None
    taper_id: UUID | None = None
    rhythm_from: date | None = None
    entered_on: date | None = None
    entered_time: time | None = None

    def timing(self, times: Iterable["DosageTime"]) -> Timing:
        """The dosage's rule, as the domain defines it."""
        return Timing(
            kind=self.kind,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            times=tuple(DoseTime(each.at, each.amount, each.days_of_week) for each in times),
            usual_amount=self.usual_amount,
            every_days=self.every_days,
            days_of_month=self.days_of_month,
            cycle_on=self.cycle_on,
            cycle_off=self.cycle_off,
            per_week=self.per_week,
            per_week_most=self.per_week_most,
            gap_hours=self.gap_hours,
            daily_maximum=self.daily_maximum,
            rhythm_from=self.rhythm_from,
        )

    @classmethod
    def owned_by(cls, user_id: UUID) -> SelectOfScalar["Dosage"]:
        """Select every dosage of one person, item by item, oldest first."""
        return (
            select(cls)
            .where(cls.user_id == user_id)
            .order_by(col(cls.regimen_item_id), col(cls.starts_on))
        )

    @classmethod
    def of_item(cls, regimen_item_id: UUID) -> SelectOfScalar["Dosage"]:
        """Select one item's dosages, oldest first."""
        return (
            select(cls).where(cls.regimen_item_id == regimen_item_id).order_by(col(cls.starts_on))
        )


class DosageTime(SQLModel, table=True):
    """One time of day of a dosage, with its amount and its weekdays."""

    __tablename__ = "dosage_time"
    __table_args__ = (between("amount", 0, MOST),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    dosage_id: UUID = Field(foreign_key="dosage.id", index=True, ondelete="CASCADE")
    at: time
    amount: float
    days_of_week: str = Field(default=EVERY_WEEKDAY, max_length=7)

    @classmethod
    def owned_by(cls, user_id: UUID) -> SelectOfScalar["DosageTime"]:
        """Select every dosage time of one person, dosage by dosage, in order of the clock."""
        return select(cls).where(cls.user_id == user_id).order_by(col(cls.dosage_id), col(cls.at))

    @classmethod
    def of_dosage(cls, dosage_id: UUID) -> SelectOfScalar["DosageTime"]:
        """Select one dosage's times, in order of the clock."""
        return select(cls).where(cls.dosage_id == dosage_id).order_by(col(cls.at))
