"""Every decision a person made about a subject: undo, history and sync are one table."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from app.models.prepared import prepared


class GivesWay(StrEnum):
    """To which earlier answers a later one gives way.

    `never`: a person saw what they changed. `to_more`: one tap on a row, which gives way to an
    answer that says more, or the same. `to_any`: Take all, which is about whatever is open.
    """

    NEVER = "never"
    TO_MORE = "to_more"
    TO_ANY = "to_any"


class EntryVersion(SQLModel, table=True):
    """The state a subject was put in, as decided at `changed_at`. Append-only.

    A state of null is the tombstone: the subject was taken back. Main tables hold the present
    only, which follows from all versions of a subject, whatever order they arrived in: the
    newest `changed_at` stands (a tie goes to the greater entry id), but for versions that give
    way to an earlier one, and for those taken back by the entry they came from (`undoes`). One
    entry may decide several subjects (a whole check-in). `short_answer` is the answer where it
    is one word ("taken"), and None where more was said: an amount, a note, a reason, a time.
    """

    __tablename__ = "entry_version"
    __table_args__ = (Index(None, "user_id", "subject", "changed_at", "entry_id"),)

    user_id: UUID = Field(foreign_key="user_account.id", primary_key=True, ondelete="CASCADE")
    entry_id: UUID = Field(primary_key=True)
    subject: str = Field(primary_key=True, max_length=120)
    kind: str = Field(max_length=24)
    changed_at: datetime
    received_at: datetime
    device: str = Field(default="", max_length=64)
    state: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    gives_way: str = Field(
        default=GivesWay.NEVER, max_length=8, sa_column_kwargs={"server_default": "never"}
    )
    short_answer: str | None = Field(default=None, max_length=16)
    undoes: UUID | None = None

    @classmethod
    @prepared
    def of_entry(cls, user_id: UUID, entry_id: UUID) -> SelectOfScalar[str]:
        """The subjects that an entry decided."""
        return select(cls.subject).where(cls.user_id == user_id, cls.entry_id == entry_id)

    @classmethod
    def of_subject(cls, user_id: UUID, subject: str) -> SelectOfScalar["EntryVersion"]:
        """Every version of a subject, the oldest decision first."""
        return (
            select(cls)
            .where(cls.user_id == user_id, cls.subject == subject)
            .order_by(col(cls.changed_at), col(cls.entry_id))
        )

    @classmethod
    @prepared
    def newest_of(cls, user_id: UUID, subject: str) -> Select[datetime, UUID]:
        """When the present state of a subject was decided, and by which entry."""
        return (
            select(cls.changed_at, cls.entry_id)
            .where(cls.user_id == user_id, cls.subject == subject)
            .order_by(col(cls.changed_at).desc(), col(cls.entry_id).desc())
            .limit(1)
        )
