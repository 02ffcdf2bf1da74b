"""Every decision a person made about a subject: undo, history and sync are one table."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index, false
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from app.models.prepared import prepared


class EntryVersion(SQLModel, table=True):
    """The state a subject was put in, as decided at `changed_at`. Append-only.

    A state of null is the tombstone: the subject was taken back. Main tables hold the
    present only; it is always the version with the newest `changed_at` (a tie goes to the
    greater entry id). One entry may decide several subjects (a whole check-in). A version that
    is `only_if_open` (Take all) counts only where the version before it left nothing, whenever
    that one arrives.
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
    only_if_open: bool = Field(default=False, sa_column_kwargs={"server_default": false()})

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
