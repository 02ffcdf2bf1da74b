"""Reminders: who is called next, on which devices, and what arrived.

Nothing here is typed by a person, so nothing is in the history or in a file. What people choose
about reminders is in `Preferences`.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.models.prepared import prepared
from app.models.types import str_enum

LONGEST_ADDRESS = 2_048
# As many strokes as the card about arrivals has.
NOTIFICATIONS_SHOWN = 28


class ReminderClock(SQLModel, table=True):
    """When a person's reminders are looked at next. Exists while reminders are on.

    Nothing planned before `since` is sent: reminders were off or set otherwise then.
    """

    __tablename__ = "reminder_clock"

    user_id: UUID | None = Field(
        default=None, primary_key=True, foreign_key="user_account.id", ondelete="CASCADE"
    )
    next_at: datetime = Field(index=True)
    since: datetime

    @classmethod
    def due(cls, now: datetime, most: int) -> SelectOfScalar["ReminderClock"]:
        """Select the clocks that have run down, the longest due first."""
        return select(cls).where(cls.next_at <= now).order_by(col(cls.next_at)).limit(most)

    def claim(self, next_at: datetime) -> ReturningUpdate[tuple[UUID]]:
        """Set the clock on, unless another process has done so since it was read.

        Returns no row then.
        """
        return (
            update(ReminderClock)
            .where(col(ReminderClock.user_id) == self.user_id)
            .where(col(ReminderClock.next_at) == self.next_at)
            .values(next_at=next_at)
            .returning(col(ReminderClock.user_id))
        )


class Reminder(SQLModel, table=True):
    """The calls sent for one part of one day, and how long they are snoozed."""

    __tablename__ = "reminder"

    user_id: UUID | None = Field(
        default=None, primary_key=True, foreign_key="user_account.id", ondelete="CASCADE"
    )
    on: date = Field(primary_key=True)
    part: str = Field(primary_key=True, max_length=16)
    sent: int = 0
    last_at: datetime | None = None
    snoozed_until: datetime | None = None

    @classmethod
    def of_day(cls, user_id: UUID, on: date) -> SelectOfScalar["Reminder"]:
        """Select what was sent to a person for a day."""
        return select(cls).where(cls.user_id == user_id).where(cls.on == on)


class RefillCall(SQLModel, table=True):
    """An item of which a person was told that it runs low. Goes once it does no longer."""

    __tablename__ = "refill_call"

    regimen_item_id: UUID | None = Field(
        default=None, primary_key=True, foreign_key="regimen_item.id", ondelete="CASCADE"
    )
    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")

    @classmethod
    def of_user(cls, user_id: UUID) -> SelectOfScalar["RefillCall"]:
        """Select the items of which a person was told."""
        return select(cls).where(cls.user_id == user_id)


class PushDevice(SQLModel, table=True):
    """A browser that accepts notifications, and how to reach it.

    It belongs to a sign-in: a browser that is signed out gets nothing more. `origin` is the address
    of Strand as this browser knows it. `gone_at` is when the push service said that the browser
    takes no more; `failure` says in one word why the last notification did not leave.
    """

    __tablename__ = "push_device"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    sign_in_id: UUID = Field(foreign_key="sign_in.id", unique=True, ondelete="CASCADE")
    endpoint: str = Field(max_length=LONGEST_ADDRESS)
    p256dh: str = Field(max_length=120)
    auth: str = Field(max_length=40)
    origin: str = Field(max_length=300)
    is_on: bool = True
    created_at: datetime
    gone_at: datetime | None = None

    @classmethod
    def of_user(cls, user_id: UUID) -> SelectOfScalar["PushDevice"]:
        """Select a person's devices, the oldest first."""
        return select(cls).where(cls.user_id == user_id).order_by(col(cls.created_at), col(cls.id))


class DeliveryState(StrEnum):
    """The last known state of a notification.

    `claimed`: about to be sent. `sent`: the push service took it. `failed`: it did not leave.
    """

    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


class Delivery(SQLModel, table=True):
    """One notification to one device. `shown_at` is when the device said that it showed it.

    `on` and `part` are None for a test. `failure` is a sentence's key in
    `language/reminder_words.py`.
    """

    __tablename__ = "delivery"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    device_id: UUID = Field(foreign_key="push_device.id", index=True, ondelete="CASCADE")
    on: date | None = None
    part: str | None = Field(default=None, max_length=16)
    state: DeliveryState = Field(default=DeliveryState.CLAIMED, sa_type=str_enum(DeliveryState))
    sent_at: datetime = Field(index=True)
    shown_at: datetime | None = None
    failure: str = Field(default="", max_length=40)

    @classmethod
    @prepared
    def newest(cls, user_id: UUID) -> SelectOfScalar["Delivery"]:
        """Select a person's last notifications, the newest first."""
        return (
            select(cls)
            .where(cls.user_id == user_id)
            .order_by(col(cls.sent_at).desc(), col(cls.id))
            .limit(NOTIFICATIONS_SHOWN)
        )
