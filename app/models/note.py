"""Notes, and life events that may explain a change."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy import select as select_columns
from sqlalchemy.sql.base import ExecutableStatement
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.models.prepared import prepared
from app.models.types import str_enum


class NoteKind(StrEnum):
    """A note, or a life event."""

    NOTE = "note"
    EVENT = "event"


class Note(SQLModel, table=True):
    """A note or life event on a day. `label` is a slug of the event list, or the person's own."""

    __tablename__ = "note"
    __table_args__ = (Index(None, "user_id", "on"),)

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", ondelete="CASCADE")
    on: date
    iso_week: int
    kind: NoteKind = Field(sa_type=str_enum(NoteKind))
    label: str = Field(default="", max_length=60)
    text: str = Field(default="", max_length=10_000)
    logged_at: datetime

    @classmethod
    @prepared
    def between(cls, user_id: UUID, first: date, last: date) -> SelectOfScalar["Note"]:
        """Select one person's notes and events from `first` to `last`, inclusive, oldest first."""
        return (
            select(cls)
            .where(cls.user_id == user_id)
            .where(col(cls.on).between(first, last))
            .order_by(col(cls.on), col(cls.logged_at), col(cls.id))
        )

    @classmethod
    @prepared
    def events_of(cls, user_id: UUID) -> ExecutableStatement:
        """Select day, label and text of one person's life events, oldest first."""
        columns = [getattr(cls, name) for name in ("on", "label", "text")]
        return (
            select_columns(*columns)
            .where(col(cls.user_id) == user_id)
            .where(col(cls.kind) == NoteKind.EVENT)
            .order_by(col(cls.on), col(cls.logged_at), col(cls.id))
        )

    @classmethod
    @prepared
    def days_of(cls, user_id: UUID) -> ExecutableStatement:
        """Select the day of each note and event of one person, in the order of `newest_first`."""
        return (
            select_columns(col(cls.on))
            .where(col(cls.user_id) == user_id)
            .order_by(col(cls.on).desc())
        )

    @classmethod
    def newest_first(cls, user_id: UUID) -> SelectOfScalar["Note"]:
        """Select one person's notes and events, newest first."""
        return (
            select(cls)
            .where(cls.user_id == user_id)
            .order_by(col(cls.on).desc(), col(cls.logged_at).desc(), col(cls.id))
        )

    @classmethod
    def texts_of(cls, user_id: UUID) -> ExecutableStatement:
        """Select id, label and text of one person's notes and events, newest first."""
        columns = [getattr(cls, name) for name in ("id", "label", "text")]
        return (
            select_columns(*columns)
            .where(col(cls.user_id) == user_id)
            .order_by(col(cls.on).desc(), col(cls.logged_at).desc(), col(cls.id))
        )
