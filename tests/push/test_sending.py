"""Messages as a push service and a browser get them."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.push.addresses import PushServices
from app.push.keys import read_push_key
from app.push.message import Message, Sent, Subscription
from app.push.sending import PushSender
from tests.support.push_service import PushService, push_service


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as service:
        yield service


def sender_for(
    folder: Path,
    *named: str,
    transport: httpx.AsyncBaseTransport | None = None,
    lookup: str = "142.250.1.1",
) -> PushSender:
    return PushSender(
        read_push_key(folder),
        PushServices(named),
        resolve=lambda _host: [lookup],
        transport=transport,
    )


def message_to(service: PushService, endpoint: str = "") -> Message:
    to = Subscription(endpoint or service.endpoint(), service.p256dh, service.auth)
    return Message(to, {"n": 1}, topic="t", ttl=60, contact="strand@example.org")


def outcome_of(sender: PushSender, *messages: Message) -> list[Sent]:
    results = [result.outcome for result in sender.send(messages)]
    sender.close()
    return results


def test_a_message_is_read_by_the_browser_alone(service: PushService, tmp_path: Path) -> None:
    assert outcome_of(sender_for(tmp_path, service.origin), message_to(service)) == [Sent.SENT]

    [pushed] = service.take()
    assert pushed.content == {"n": 1}
    assert pushed.headers["content-encoding"] == "aes128gcm"


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (404, {}, Sent.GONE),
        (410, {}, Sent.GONE),
        (413, {}, Sent.REFUSED),
        (403, {}, Sent.REFUSED),
        (429, {"retry-after": "7"}, Sent.BUSY),
        (500, {}, Sent.BUSY),
        (307, {"location": "http://127.0.0.1:9/secret"}, Sent.REFUSED),
    ],
)
def test_each_answer_of_a_service_has_an_outcome(
    service: PushService, tmp_path: Path, status: int, headers: dict[str, str], outcome: Sent
) -> None:
    service.answers = [(status, headers)]
    assert outcome_of(sender_for(tmp_path, service.origin), message_to(service)) == [outcome]


def test_a_service_that_is_not_there_is_unreachable(service: PushService, tmp_path: Path) -> None:
    nowhere = "http://127.0.0.1:9"
    sender = sender_for(tmp_path, nowhere)
    assert outcome_of(sender, message_to(service, f"{nowhere}/x")) == [Sent.UNREACHABLE]


def test_the_address_that_was_checked_is_called_under_its_name(
    service: PushService, tmp_path: Path
) -> None:
    seen: list[tuple[str, str, object]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        host, name = request.headers["host"], request.extensions["sni_hostname"]
        seen.append((request.url.host, host, name))
        return httpx.Response(201)

    sender = sender_for(tmp_path, transport=httpx.MockTransport(answer))
    message = message_to(service, "https://fcm.googleapis.com/x")

    assert outcome_of(sender, message) == [Sent.SENT]
    assert seen == [("142.250.1.1", "fcm.googleapis.com", "fcm.googleapis.com")]


def test_a_name_that_was_pointed_home_meanwhile_is_not_called(
    service: PushService, tmp_path: Path
) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise AssertionError("called")

    sender = sender_for(tmp_path, transport=httpx.MockTransport(answer), lookup="169.254.169.254")
    message = message_to(service, "https://fcm.googleapis.com/x")

    assert outcome_of(sender, message) == [Sent.NOT_ALLOWED]


def test_one_hostile_subscription_holds_nobody_elses_message(
    service: PushService, tmp_path: Path
) -> None:
    broken = Message(
        Subscription(service.endpoint(), "AAAA", service.auth), {}, "t", 60, "strand@example.org"
    )
    hostile = message_to(service, "https://127.0.0.1/x")

    outcomes = outcome_of(
        sender_for(tmp_path, service.origin), broken, hostile, message_to(service)
    )

    assert outcomes == [Sent.GONE, Sent.NOT_ALLOWED, Sent.SENT]


def test_the_key_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    key = read_push_key(tmp_path / "data")

    assert read_push_key(tmp_path / "data") == key
    [file] = (tmp_path / "data").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
