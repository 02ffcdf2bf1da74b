"""Whether reminders arrive: the last notifications, and which of them a device has shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.db.direct import fetch
from app.diary.diary import Diary
from app.models import Delivery, DeliveryState

# A notification that no device has shown by then did not arrive.
SHOWN_WITHIN = timedelta(hours=1)
SILENT_AFTER = timedelta(days=2)
FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The last notifications, the newest first.

    `is_silent`: for two days none arrived although some were sent, or none could be sent at all.
    The clock alone does not change that before `holds_until`.
    """

    deliveries: Sequence[Delivery]
    is_silent: bool
    holds_until: datetime


def arrivals_of(diary: Diary) -> Arrivals:
    """Read a person's last notifications."""
    if not diary.owner.preferences.reminds:
        return Arrivals((), is_silent=False, holds_until=FOR_EVER)
    deliveries = fetch(diary.session, Delivery.newest, diary.owner.id)
    return Arrivals(
        deliveries, _is_silent(deliveries, diary.now), _holds_until(deliveries, diary.now)
    )


def _is_silent(deliveries: Sequence[Delivery], now: datetime) -> bool:
    old = [each for each in deliveries if now - each.sent_at > SHOWN_WITHIN]
    shown = [each.shown_at for each in deliveries if each.shown_at]
    if not old or any(now - at <= SILENT_AFTER for at in shown):
        return False
    is_long = now - old[-1].sent_at > SILENT_AFTER
    return is_long or all(each.state is DeliveryState.FAILED for each in old)


def _holds_until(deliveries: Sequence[Delivery], now: datetime) -> datetime:
    instants = [each.sent_at + span for each in deliveries for span in (SHOWN_WITHIN, SILENT_AFTER)]
    instants += [each.shown_at + SILENT_AFTER for each in deliveries if each.shown_at]
    return min((at for at in instants if at >= now), default=FOR_EVER)
