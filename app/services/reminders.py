"""Reminders: whom to call now, devices, snoozes, and what arrived.

A call is claimed before it is sent: a process that is killed in between loses the call, but nobody
is called twice. A tap writes nothing here. Answered doses are noticed at the next look.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.diary import Diary
from app.diary.refills import due_refills, refills_told_at
from app.diary.reminders import Look, look_at
from app.diary.supply import Supply
from app.domain.reminders import PARTS, Calls
from app.errors import NotFound, Refused
from app.i18n import _
from app.models import (
    Delivery,
    DeliveryState,
    PushDevice,
    RefillCall,
    Reminder,
    ReminderClock,
    User,
)

# Earlier than any clock: the next look is due at once.
AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
# Reminders that were turned on within the last minute call for doses of this minute too.
A_MINUTE = timedelta(minutes=1)
# The part of a day's reminders that is about what runs low.
REFILLS = "refills"
DELIVERIES_ARE_KEPT_FOR = timedelta(days=60)
# The longest snooze: until tomorrow morning.
LONGEST_SNOOZE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one person is to be told now, on which devices."""

    user: User
    look: Look
    refills: Sequence[Supply]
    devices: Sequence[PushDevice]


@dataclass(frozen=True, slots=True)
class Subscribed:
    """How to reach a browser, as it said itself, and the address of Strand there."""

    endpoint: str
    p256dh: str
    auth: str
    origin: str


def wind_clock(session: Session, user: User, now: datetime) -> None:
    """Start or stop reminders as the person chose. Nothing planned before now is called for."""
    if not user.preferences.reminds:
        session.execute(delete(ReminderClock).where(col(ReminderClock.user_id) == user.id))
        return
    session.merge(ReminderClock(user_id=user.id, next_at=AT_ONCE, since=now - A_MINUTE))
    session.flush()


def look_again(session: Session, user_id: UUID) -> None:
    """Have a person's reminders looked at within seconds: what is due may have changed."""
    session.execute(
        update(ReminderClock).where(col(ReminderClock.user_id) == user_id).values(next_at=AT_ONCE)
    )


def due_clocks(session: Session, now: datetime, most: int) -> Sequence[ReminderClock]:
    """Return up to `most` clocks that have run down, which no other process holds."""
    return session.exec(ReminderClock.due(now, most).with_for_update(skip_locked=True)).all()


def claim_calls(session: Session, clock: ReminderClock, now: datetime) -> Claim | None:
    """Work out what a person is called for now, and record it as sent.

    Returns None if another process has done so meanwhile. The caller commits, and sends after that.
    """
    user = session.get_one(User, clock.user_id)
    diary = Diary(session, user, now)
    before = {each.part: each for each in session.exec(Reminder.of_day(user.id, diary.today))}
    look = look_at(diary, {part: _calls(row) for part, row in before.items()}, clock.since)
    told_at = None if REFILLS in before else refills_told_at(diary)
    is_told_now = told_at is not None and told_at <= now
    next_at = look.next_at if told_at is None or is_told_now else min(look.next_at, told_at)
    if session.execute(clock.claim(next_at)).first() is None:
        return None
    refills = _new_refills(diary) if is_told_now else []
    for part, calls in look.calls.items():
        if part not in before or calls != _calls(before[part]):
            _put(session, user.id, diary.today, part, calls)
    devices = session.exec(PushDevice.of_user(user.id)).all()
    usable = [each for each in devices if each.is_on and each.gone_at is None]
    return Claim(user, look, refills, usable)


def _new_refills(diary: Diary) -> list[Supply]:
    """Return the low items of which the person was not told since they had enough."""
    session, user_id, now = diary.session, diary.owner.id, diary.now
    _put(session, user_id, diary.today, REFILLS, Calls(1, now))
    told = {each.regimen_item_id: each for each in session.exec(RefillCall.of_user(user_id))}
    due = {supply.item.id: supply for supply in due_refills(diary)}
    for item_id, call in told.items():
        if item_id not in due:
            session.delete(call)
    new = [supply for item_id, supply in due.items() if item_id not in told]
    for supply in new:
        session.add(RefillCall(regimen_item_id=supply.item.id, user_id=user_id))
    session.flush()
    return new


def snooze(
    session: Session, user: User, on: date, part: str, until: datetime, now: datetime
) -> None:
    """Call for a part again at `until`, on every device, and not before.

    Raises `Refused` for a time that is over or more than a day away.
    """
    if part not in PARTS:
        raise NotFound
    if not now < until <= now + LONGEST_SNOOZE:
        raise Refused(_("Choose a later time today."), "until")
    row = session.get(Reminder, (user.id, on, part)) or Reminder(user_id=user.id, on=on, part=part)
    row.snoozed_until = until
    # Without a call before, the snooze still silences those that are planned until then.
    row.last_at = row.last_at or now
    session.add(row)
    session.flush()
    look_again(session, user.id)


def add_device(
    session: Session, user: User, sign_in_id: UUID, way: Subscribed, now: datetime
) -> PushDevice:
    """Send notifications to a browser from now on; a browser has one subscription at a time."""
    of_this = PushDevice.of_user(user.id).where(PushDevice.sign_in_id == sign_in_id)
    device = session.exec(of_this).first() or PushDevice(
        user_id=user.id,
        sign_in_id=sign_in_id,
        created_at=now,
        endpoint=way.endpoint,
        p256dh=way.p256dh,
        auth=way.auth,
        origin=way.origin,
    )
    device.endpoint, device.p256dh, device.auth = way.endpoint, way.p256dh, way.auth
    device.origin = way.origin
    device.gone_at, device.is_on = None, True
    session.add(device)
    session.flush()
    return device


def new_delivery(
    session: Session, device: PushDevice, now: datetime, on: date | None, part: str | None
) -> Delivery:
    """Record that a notification is about to be sent to a device."""
    delivery = Delivery(
        id=uuid4(), user_id=device.user_id, device_id=device.id, on=on, part=part, sent_at=now
    )
    session.add(delivery)
    return delivery


def note_sent(session: Session, failures: Mapping[UUID, str], now: datetime) -> None:
    """Record which notifications were sent: "" if one was, else why not.

    A device that is gone gets nothing more, until its browser turns reminders on again.
    """
    for failure in set(failures.values()):
        state = DeliveryState.FAILED if failure else DeliveryState.SENT
        alike = [each for each, other in failures.items() if other == failure]
        session.execute(
            update(Delivery)
            .where(col(Delivery.id).in_(alike))
            .values(state=state, failure=failure)
            .execution_options(synchronize_session=False)
        )
    gone = [each for each, failure in failures.items() if failure == "gone"]
    if gone:
        devices = select(Delivery.device_id).where(col(Delivery.id).in_(gone))
        session.execute(
            update(PushDevice).where(col(PushDevice.id).in_(devices)).values(gone_at=now)
        )


def note_shown(session: Session, user: User, delivery_id: UUID, now: datetime) -> None:
    """Record that a device showed a notification; a repetition changes nothing."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None or delivery.user_id != user.id:
        raise NotFound
    delivery.shown_at = delivery.shown_at or now
    session.add(delivery)
    session.flush()


def delete_old_reminders(session: Session, now: datetime) -> None:
    """Delete what was sent more than 60 days ago. The caller commits."""
    before = now - DELIVERIES_ARE_KEPT_FOR
    session.execute(delete(Delivery).where(col(Delivery.sent_at) < before))
    session.execute(delete(Reminder).where(col(Reminder.on) < before.date()))


def _calls(row: Reminder) -> Calls:
    return Calls(row.sent, row.last_at, row.snoozed_until)


def _put(session: Session, user_id: UUID, on: date, part: str, calls: Calls) -> None:
    session.merge(
        Reminder(
            user_id=user_id,
            on=on,
            part=part,
            sent=calls.sent,
            last_at=calls.last_at,
            snoozed_until=calls.snoozed_until,
        )
    )
    session.flush()
