"""Make the messages of a claim: one for each call and device, in the person's language."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.diary.reminders import PartCall
from app.i18n import _, speaking
from app.language.reminder_words import (
    call_body,
    call_title,
    missed_body,
    missed_title,
    part_named,
    refill_body,
    refill_title,
)
from app.models import PushDevice
from app.push.content import Button, answers, contact_of, content, subscription_of
from app.push.message import Message
from app.services.reminders import REFILLS, Claim, new_delivery

# A push service that cannot reach a browser for longer drops the message.
SHORTEST_TTL = 60


def messages_of(session: Session, claim: Claim, now: datetime) -> dict[UUID, Message]:
    """Return the messages of a claim, by the deliveries that are recorded for them."""
    messages = {}
    with speaking(claim.user.preferences.language):
        for device in claim.devices:
            for delivery_id, message in _messages_to(session, device, claim, now):
                messages[delivery_id] = message
    return messages


def _messages_to(
    session: Session, device: PushDevice, claim: Claim, now: datetime
) -> Iterator[tuple[UUID, Message]]:
    user, look = claim.user, claim.look
    on = user.today(now)
    for call in look.now:
        delivery = new_delivery(session, device, now, on, call.part)
        ends_at = call.again_at or user.day_turns_at(on)
        data = content(
            call_title(user, call),
            call_body(user, call),
            address=f"{device.origin}/due/{on}/{call.part}",
            delivery_id=delivery.id,
            tag=f"due/{on}/{call.part}",
            account=str(user.id),
            label=part_named(user, call.part).name,
            **answers(on, call.part, _slots(call), _buttons()),
        )
        yield delivery.id, _message(device, data, f"{on:%Y%m%d}-{call.part}", now, ends_at)
    if claim.refills:
        yield _refill_message(session, device, claim, now)
    if look.missed:
        delivery = new_delivery(session, device, now, on, look.missed[0].part)
        data = content(
            missed_title(),
            missed_body(user, look.missed),
            address=f"{device.origin}/",
            delivery_id=delivery.id,
            tag=f"due/{on}/missed",
            account=str(user.id),
        )
        ends_at = user.day_turns_at(on)
        yield delivery.id, _message(device, data, f"{on:%Y%m%d}-missed", now, ends_at)


def _refill_message(
    session: Session, device: PushDevice, claim: Claim, now: datetime
) -> tuple[UUID, Message]:
    user = claim.user
    on = user.today(now)
    delivery = new_delivery(session, device, now, on, REFILLS)
    data = content(
        refill_title(user, claim.refills),
        refill_body(user, claim.refills),
        address=f"{device.origin}/regimen/shopping",
        delivery_id=delivery.id,
        tag="refills",
        account=str(user.id),
    )
    return delivery.id, _message(device, data, "refills", now, user.day_turns_at(on))


def _message(
    device: PushDevice, data: dict[str, object], topic: str, now: datetime, ends_at: datetime
) -> Message:
    return Message(
        to=subscription_of(device),
        content=data,
        topic=topic,
        ttl=max(int((ends_at - now).total_seconds()), SHORTEST_TTL),
        contact=contact_of(device.origin),
    )


def _slots(call: PartCall) -> Sequence[tuple[UUID, str]]:
    return [
        (dose.item.id, dose.row.at.isoformat("minutes"))
        for dose in call.doses
        if dose.row.at is not None
    ]


def _buttons() -> Sequence[Button]:
    return (
        Button("taken", _("Taken")),
        Button("snooze", _("Snooze")),
        Button("skipped", _("Skip")),
    )
