"""What a notification carries: the JSON of Declarative Web Push, read by our worker elsewhere.

Safari shows `notification` without running any script; other browsers pass the same JSON to
`static/js/worker.js`, which reads the rest from `data`. It has no personal data beyond the words
that the person chose: the doses that a button answers are named by their ids.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from app.push.message import Subscription

# As the specification asks for, so that Safari recognises the message.
DECLARATIVE = 8030
# Answers for more doses than these would not fit: the notification then opens the page.
MOST_SLOTS = 20
HOST_NAME = re.compile(r"([a-z0-9-]+\.)+[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a notification: what it does, and its word."""

    action: str
    title: str


def content(
    title: str,
    body: str,
    *,
    address: str,
    delivery_id: UUID,
    tag: str,
    **data: Any,
) -> dict[str, Any]:
    """Return the JSON of a notification that opens `address`.

    A notification replaces an older one with the same `tag`. `data` is for our worker.
    """
    return {
        "web_push": DECLARATIVE,
        "notification": {
            "title": title,
            "body": body,
            "navigate": address,
            "tag": tag,
            "data": {"delivery": str(delivery_id), "address": address, **data},
        },
    }


def answers(
    on: date, part: str, doses: Sequence[tuple[UUID, str]], buttons: Sequence[Button]
) -> dict[str, Any]:
    """Return the data with which buttons answer doses (id of the item, time of the slot)."""
    fits = len(doses) <= MOST_SLOTS
    return {
        "on": on.isoformat(),
        "part": part,
        "doses": [[str(item_id), at] for item_id, at in doses] if fits else [],
        "actions": [{"action": each.action, "title": each.title} for each in buttons]
        if fits
        else [],
    }


def contact_of(origin: str) -> str:
    """Return the e-mail address that push services are told; some refuse one without a domain."""
    host = urlsplit(origin).hostname or ""
    return f"strand@{host if HOST_NAME.fullmatch(host) else 'example.org'}"


def subscription_of(device: Any) -> Subscription:
    """Return how a device is reached."""
    return Subscription(device.endpoint, device.p256dh, device.auth)
