"""Messages to browsers, and their results."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class Sent(StrEnum):
    """The outcome of a message. All but `SENT` and `GONE` name a sentence about the failure."""

    SENT = "sent"
    GONE = "gone"
    BUSY = "busy"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True)
class Subscription:
    """How to reach a browser, as it said itself."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Message:
    """A notification for one browser.

    A newer message of the same `topic` replaces one that was not delivered yet. It is dropped after
    `ttl` seconds. `contact` is the address that a push service may write to.
    """

    to: Subscription
    content: dict[str, Any]
    topic: str
    ttl: int
    contact: str


@dataclass(frozen=True, slots=True)
class Result:
    """The result of sending a message; `retry_after` in seconds, if the service named it."""

    outcome: Sent
    retry_after: int = 0


class Sender(Protocol):
    """Hands messages to push services (`app/push/sending.py`)."""

    def send(self, messages: Sequence[Message]) -> list[Result]:
        """Send messages; return their results in the same order."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...
