"""A log of what happened to an account: sign-ins, changes and downloads."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.models.types import str_enum

KEPT_FOR = timedelta(days=180)


class ActivityKind(StrEnum):
    """The kind of an activity. Diary entries have their own history and are not listed here."""

    CREATED = "created"
    SIGNED_IN = "signed_in"
    WRONG_PASSWORD = "wrong_password"
    TOO_MANY_TRIES = "too_many_tries"
    WRONG_CURRENT = "wrong_current_password"
    SIGNED_OUT = "signed_out"
    REVOKED = "signed_out_device"
    REVOKED_OTHERS = "signed_out_others"
    PASSWORD = "password_changed"
    RESET = "password_reset"
    NAME = "name_changed"
    EXPORTED = "exported"
    DELETED = "deleted"


FAILED = frozenset(
    {ActivityKind.WRONG_PASSWORD, ActivityKind.TOO_MANY_TRIES, ActivityKind.WRONG_CURRENT}
)


class Activity(SQLModel, table=True):
    """One line of a person's security log; a repeat within an hour only raises its count.

    `network` is a shortened address (IPv4 /24, IPv6 /64). `detail` names a file or a device, never
    anything from the diary.
    """

    __tablename__ = "activity"
    __table_args__ = (Index(None, "user_id", "last_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", ondelete="CASCADE")
    kind: ActivityKind = Field(sa_type=str_enum(ActivityKind))
    first_at: datetime
    last_at: datetime
    times: int = 1
    device_label: str = Field(default="", max_length=80)
    network: str = Field(default="", max_length=45)
    detail: str = Field(default="", max_length=80)

    @classmethod
    def newest_first(cls, user_id: UUID) -> SelectOfScalar["Activity"]:
        """Select one person's log."""
        return (
            select(cls).where(cls.user_id == user_id).order_by(col(cls.last_at).desc(), col(cls.id))
        )
