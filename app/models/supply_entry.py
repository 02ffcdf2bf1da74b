"""What changes the supply of an item besides its doses: packs, counts, and what was lost."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, literal_column
from sqlalchemy import select as select_columns
from sqlalchemy.sql.base import ExecutableStatement
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.ledger import DoseStatus
from app.domain.quantities import LARGEST_AMOUNT, LONGEST_UNIT
from app.domain.supply import Movement, SupplyKind
from app.models.dose_event import DoseEvent
from app.models.prepared import prepared
from app.models.types import between, str_enum

MOST_PACKS = 100


class SupplyEntry(SQLModel, table=True):
    """One pack or several equal ones, a count of what is left, or what was lost or given away.

    `amount` and `price` are those of one pack; `amount` is in `unit`, which may differ from the
    unit of the dose. `on` is the day on which the packs came, and `at` the instant from which they
    count: both are empty while ordered packs are on their way.
    """

    __tablename__ = "supply_entry"
    __table_args__ = (
        between("amount", 0, LARGEST_AMOUNT),
        between("price", 0, LARGEST_AMOUNT),
        between("packs", 1, MOST_PACKS),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    regimen_item_id: UUID = Field(foreign_key="regimen_item.id", index=True, ondelete="CASCADE")
    kind: SupplyKind = Field(sa_type=str_enum(SupplyKind))
    on: date | None = None
    at: datetime | None = None
    packs: int = 1
    amount: float
    unit: str = Field(max_length=LONGEST_UNIT)
    price: float | None = None
    ordered_on: date | None = None
    opened_on: date | None = None
    use_by: date | None = None
    note: str = Field(default="", max_length=200)
    logged_at: datetime

    @property
    def total(self) -> float:
        """The amount of all its packs."""
        return self.amount * self.packs

    @property
    def is_on_its_way(self) -> bool:
        """Whether the packs were ordered and have not come."""
        return self.at is None

    @property
    def movement(self) -> Movement | None:
        """The change of the supply, as the domain defines it; None while it is on its way."""
        return None if self.at is None else Movement(self.kind, self.at, self.total, self.unit)

    @classmethod
    @prepared
    def taken_since(cls, user_id: UUID, first: date, last: date) -> ExecutableStatement:
        """Select what was taken of each item on these days since its supply was counted.

        One row per item and unit: the sum, and how many doses have no amount.
        """
        counted_at = func.max(case((col(cls.kind) == _written(SupplyKind.RECOUNT), cls.at)))
        first_pack_at = func.min(case((col(cls.kind) == _written(SupplyKind.PACK), cls.at)))
        since = func.coalesce(counted_at, first_pack_at).label("since")
        begun = (
            select_columns(col(cls.regimen_item_id), since)
            .where(col(cls.user_id) == user_id)
            .group_by(col(cls.regimen_item_id))
            .subquery()
        )
        amount, dose_of = col(DoseEvent.amount), col(DoseEvent.regimen_item_id)
        return (
            select_columns(
                dose_of, col(DoseEvent.unit), func.sum(amount), func.count() - func.count(amount)
            )
            .join(begun, begun.c.regimen_item_id == dose_of)
            .where(
                col(DoseEvent.user_id) == user_id,
                col(DoseEvent.due_on).between(first, last),
                col(DoseEvent.status) == _written(DoseStatus.TAKEN),
                col(DoseEvent.occurred_at) > begun.c.since,
            )
            .group_by(dose_of, col(DoseEvent.unit))
        )

    @classmethod
    def owned_by(cls, user_id: UUID) -> SelectOfScalar["SupplyEntry"]:
        """Select every entry of one person, item by item, oldest first; ordered packs last."""
        return (
            select(cls)
            .where(cls.user_id == user_id)
            .order_by(
                col(cls.regimen_item_id),
                col(cls.at).is_(None),
                col(cls.at),
                col(cls.ordered_on),
                col(cls.id),
            )
        )


def _written(value: StrEnum) -> ColumnElement[str]:
    """Write a constant into the statement: `db/direct.py` fills in named values only."""
    return literal_column(f"'{value.value}'")
