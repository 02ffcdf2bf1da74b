"""Signed-in browsers, and failed tries."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

IDLE_FOR = timedelta(days=30)
AT_MOST = timedelta(days=180)


class SignIn(SQLModel, table=True):
    """One signed-in browser. Only the SHA-256 of its token is stored.

    It ends after 30 days without use or 180 days in all: an installed app on a person's own phone
    should not ask every week, and each can be revoked in the settings.
    """

    __tablename__ = "sign_in"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    token_hash: str = Field(max_length=64, unique=True)
    device_label: str = Field(max_length=80)
    created_at: datetime
    last_seen_at: datetime

    def holds_at(self, now: datetime) -> bool:
        """Whether the sign-in is still valid."""
        return now - self.last_seen_at < IDLE_FOR and now - self.created_at < AT_MOST

    @property
    def ends_at(self) -> datetime:
        """When the sign-in ends, however often it is used."""
        return self.created_at + AT_MOST

    @classmethod
    def of_user(cls, user_id: UUID) -> SelectOfScalar["SignIn"]:
        """Select one person's sign-ins, the most recently used first."""
        return (
            select(cls)
            .where(cls.user_id == user_id)
            .order_by(col(cls.last_seen_at).desc(), col(cls.id))
        )


class FailedSignIn(SQLModel, table=True):
    """A wrong password, stored for a few minutes to slow down guessing."""

    __tablename__ = "failed_sign_in"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name_hash: str = Field(max_length=64, index=True)
    network_hash: str = Field(max_length=64, index=True)
    failed_at: datetime = Field(index=True)
