"""Every decision of a person about a subject: undo, history and sync in one table."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from app.models.prepared import prepared


class GivesWay(StrEnum):
    """The earlier answers that a later one gives way to.

    `never`: the person saw what they changed. `to_more`: one tap on a row, which gives way to an
    answer that says more, or the same. `to_any`: Take all, which only fills in open doses.
    """

    NEVER = "never"
    TO_MORE = "to_more"
    TO_ANY = "to_any"


class EntryVersion(SQLModel, table=True):
    """The state that a subject was put in, as decided at `changed_at`. Append-only.

    A null state is the tombstone: the subject was deleted. Main tables hold only the current state,
    which follows from all versions of a subject, in whatever order they arrived: the newest
    `changed_at` counts (on a tie, the greater entry id), except versions that give way to an
    earlier one and versions whose entry was undone (`undoes`). One entry may decide several
    subjects (a whole check-in). `short_answer` is an answer of one word ("taken"); None if it says
    more: an amount, a note, a reason, a time. `import_batch_id` is the import that decided.
    """

    __tablename__ = "entry_version"
    __table_args__ = (
        Index(None, "user_id", "subject", "changed_at", "entry_id"),
        Index(
            None,
            *("user_id", "import_batch_id", "subject"),
            sqlite_where=text("import_batch_id IS NOT NULL"),
        ),
    )

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
    import_batch_id: UUID | None = None

    @classmethod
    @prepared
    def of_entry(cls, user_id: UUID, entry_id: UUID) -> SelectOfScalar[str]:
        """Select the subjects that an entry decided."""
        return select(cls.subject).where(cls.user_id == user_id, cls.entry_id == entry_id)

    @classmethod
    def of_subject(cls, user_id: UUID, subject: str) -> SelectOfScalar["EntryVersion"]:
        """Select every version of a subject, the oldest decision first."""
        return (
            select(cls)
            .where(cls.user_id == user_id, cls.subject == subject)
            .order_by(col(cls.changed_at), col(cls.entry_id))
        )

    @classmethod
    @prepared
    def newest_of(cls, user_id: UUID, subject: str) -> Select[datetime, UUID]:
        """Select when the current state of a subject was decided, and by which entry."""
        return (
            select(cls.changed_at, cls.entry_id)
            .where(cls.user_id == user_id, cls.subject == subject)
            .order_by(col(cls.changed_at).desc(), col(cls.entry_id).desc())
            .limit(1)
        )
