"""Other medicines that a person takes, for hours apart and for the lab; they are not logged."""

from datetime import date, time
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.date_range import DateRange
from app.models.types import Listed, StringList, between


class Medicine(SQLModel, table=True):
    """Another medicine: its name, and its kind in the catalogue, if any.

    `times` are wall-clock times of every day, the earliest first. An empty end is open.
    """

    __tablename__ = "medicine"

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    name: str = Field(max_length=80)
    kind: str = Field(default="", max_length=40)
    times: Listed[time] = Field(default=(), sa_type=StringList(100, time.fromisoformat))
    starts_on: date | None = None
    ends_on: date | None = None
    note: str = Field(default="", max_length=200)

    def is_taken_on(self, day: date) -> bool:
        """Whether `day` lies between from and until."""
        return DateRange(self.starts_on or date.min, self.ends_on).covers(day)

    @classmethod
    def owned_by(cls, user_id: UUID) -> SelectOfScalar["Medicine"]:
        """Select every other medicine of one person, by name."""
        return select(cls).where(cls.user_id == user_id).order_by(col(cls.name), col(cls.id))


def _one_of(item: str, medicine: str, name: str) -> CheckConstraint:
    """Return a CHECK that a side is an item or a medicine, and not both."""
    return CheckConstraint(f"({item} IS NULL) <> ({medicine} IS NULL)", name=name)


class ApartRule(SQLModel, table=True):
    """A person's own rule: keep these two so many hours apart."""

    __tablename__ = "apart_rule"
    __table_args__ = (
        _one_of("first_item_id", "first_medicine_id", "first_side"),
        _one_of("second_item_id", "second_medicine_id", "second_side"),
        between("hours", 0, 72),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    first_item_id: UUID | None = Field(
        default=None, foreign_key="regimen_item.id", index=True, ondelete="CASCADE"
    )
    first_medicine_id: UUID | None = Field(
        default=None, foreign_key="medicine.id", index=True, ondelete="CASCADE"
    )
    second_item_id: UUID | None = Field(
        default=None, foreign_key="regimen_item.id", index=True, ondelete="CASCADE"
    )
    second_medicine_id: UUID | None = Field(
        default=None, foreign_key="medicine.id", index=True, ondelete="CASCADE"
    )
    hours: float
    note: str = Field(default="", max_length=200)

    @property
    def first_id(self) -> UUID:
        """The id of the first side, item or medicine."""
        found = self.first_item_id or self.first_medicine_id
        assert found is not None
        return found

    @property
    def second_id(self) -> UUID:
        """The id of the second side."""
        found = self.second_item_id or self.second_medicine_id
        assert found is not None
        return found

    @classmethod
    def owned_by(cls, user_id: UUID) -> SelectOfScalar["ApartRule"]:
        """Select every rule of one person, the longest first."""
        return (
            select(cls).where(cls.user_id == user_id).order_by(col(cls.hours).desc(), col(cls.id))
        )

    @classmethod
    def naming(cls, side_id: UUID) -> SelectOfScalar[UUID]:
        """Select the ids of the rules that name an item or medicine."""
        columns = (
            *(col(cls.first_item_id), col(cls.first_medicine_id)),
            *(col(cls.second_item_id), col(cls.second_medicine_id)),
        )
        named = columns[0] == side_id
        for column in columns[1:]:
            named = named | (column == side_id)
        return select(cls.id).where(named)
