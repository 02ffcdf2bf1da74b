"""One person's diary at one instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session, SQLModel

from app.diary.regimen import Item, Regimen, regimen_of
from app.diary.waiting_periods import WaitingPeriod, waiting_periods
from app.domain.memo import memo
from app.errors import NotFound
from app.models import User

Row = TypeVar("Row", bound=SQLModel)


@dataclass(frozen=True)
class Diary:
    """One person's log, read through one session, at one instant."""

    session: Session
    owner: User
    now: datetime

    @memo
    def today(self) -> date:
        """The owner's logical date."""
        return self.owner.today(self.now)

    @memo
    def regimen(self) -> Regimen:
        """Everything the owner takes."""
        return regimen_of(self.session, self.owner)

    @memo
    def waiting_periods(self) -> Mapping[UUID, WaitingPeriod]:
        """The items that must wait now after a needling session."""
        return waiting_periods(self.session, self.owner, self.now)

    def item(self, regimen_item_id: UUID) -> Item:
        """Return an item of the owner; raise `NotFound` for anyone else's."""
        item = self.regimen.by_id.get(regimen_item_id)
        if item is None:
            raise NotFound
        return item

    def own(self, table: type[Row], row_id: UUID) -> Row:
        """Return a row of the owner, from any table; raise `NotFound` for anyone else's."""
        row = self.session.get(table, row_id)
        if row is None or getattr(row, "user_id", None) != self.owner.id:
            raise NotFound
        return row

    def may_edit(self, on: date) -> bool:
        """Whether a day can be edited: from the log's first day to today.

        Entries from a phone are accepted up to tomorrow (`check_day`): that day may have begun
        there.
        """
        return self.owner.began_on <= on <= self.today
