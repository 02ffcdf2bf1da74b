"""Days on hold, which no denominator counts."""

from datetime import date, time
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.ledger import PauseSpan


class Pause(SQLModel, table=True):
    """Whole logical days on which an item is deliberately not taken; both ends inclusive.

    A break is the time between a stop and a restart. `resumed_time` is the person's wall-clock time
    at which the pause was ended, on the day after `ends_on`: earlier slots of that day are not due.
    A pause ended on its first day covers no whole day: `ends_on` is the day before `starts_on`.
    """

    __tablename__ = "pause"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    regimen_item_id: UUID = Field(foreign_key="regimen_item.id", index=True, ondelete="CASCADE")
    starts_on: date
    ends_on: date | None = None
    note: str = Field(default="", max_length=200)
    is_break: bool = False
    resumed_time: time | None = None

    @property
    def span(self) -> PauseSpan:
        """The pause, as the domain defines it."""
        return PauseSpan(self.starts_on, self.ends_on, self.resumed_time)

    @property
    def last_day(self) -> date | None:
        """The last day that the pause affects, even in part; None while it is open."""
        return None if self.ends_on is None else max(self.starts_on, self.ends_on)

    @classmethod
    def owned_by(cls, user_id: UUID) -> SelectOfScalar["Pause"]:
        """Select every pause of one person, item by item, oldest first."""
        return (
            select(cls)
            .where(cls.user_id == user_id)
            .order_by(col(cls.regimen_item_id), col(cls.starts_on))
        )

    @classmethod
    def of_item(cls, regimen_item_id: UUID) -> SelectOfScalar["Pause"]:
        """Select one item's pauses, oldest first."""
        return (
            select(cls).where(cls.regimen_item_id == regimen_item_id).order_by(col(cls.starts_on))
        )
