"""The pages of reminders, as they are requested."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import Delivery, DeliveryState, Preferences, PushDevice, RegimenItem, Reminder, User
from tests.routers.pages import as_entry
from tests.support.clock import NOW, Clock
from tests.support.databases import Rows
from tests.support.push_service import PushService, push_service
from tests.support.regimens import add

TODAY = "2026-11-23"


@pytest.fixture
def minoxidil(session: Session, alice: User) -> RegimenItem:
    return add(session, alice)


@pytest.fixture
def service(application: FastAPI) -> Iterator[PushService]:
    """A push service that the administrator named."""
    with push_service() as service:
        application.state.settings.push_hosts = service.origin
        yield service


def subscription(service: PushService, **other: str) -> dict[str, str]:
    return {
        "endpoint": service.endpoint(),
        "p256dh": service.p256dh,
        "auth": service.auth,
        **other,
    }


def test_turning_on_a_device_turns_on_reminders(
    client: TestClient, rows: Rows, service: PushService, minoxidil: RegimenItem
) -> None:
    page = client.get("/reminders").text
    assert "No reminders yet" in page
    assert "Evening" in page

    assert client.post("/reminders/devices", data=subscription(service)).status_code == 204

    assert rows(Preferences)[0].reminds
    [device] = rows(PushDevice)
    assert (device.endpoint, device.origin) == (service.endpoint(), "http://testserver")
    page = client.get("/reminders").text
    assert "Reminders are on" in page
    assert "This device" in page


def test_a_browser_that_subscribes_again_is_the_same_device(
    client: TestClient, rows: Rows, service: PushService
) -> None:
    for name in ("phone", "phone-again"):
        way = subscription(service, endpoint=service.endpoint(name))
        assert client.post("/reminders/devices", data=way).status_code == 204

    assert [each.endpoint for each in rows(PushDevice)] == [service.endpoint("phone-again")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://192.168.1.1/x"},
        {"endpoint": "http://fcm.googleapis.com/x"},
        {"endpoint": "x" * 3_000},
        {"p256dh": "short"},
        {"auth": "<script>"},
    ],
)
def test_a_hostile_subscription_is_refused_in_a_sentence(
    client: TestClient, rows: Rows, service: PushService, wrong: dict[str, str]
) -> None:
    answer = client.post("/reminders/devices", data=subscription(service, **wrong))

    assert answer.status_code == 422
    assert answer.json()["sentence"].endswith(".")
    assert rows(PushDevice) == []


def test_signing_out_ends_reminders_on_that_device(
    client: TestClient, rows: Rows, service: PushService
) -> None:
    client.post("/reminders/devices", data=subscription(service))
    client.post("/sign-out")

    assert rows(PushDevice) == []


def test_a_test_is_sent_and_its_arrival_is_shown(
    client: TestClient, rows: Rows, service: PushService
) -> None:
    client.post("/reminders/devices", data=subscription(service))

    told = client.post("/reminders/test").json()

    [pushed] = service.take()
    assert pushed.title == "This is a test"
    assert told == {"delivery": pushed.data["delivery"], "sentence": ""}
    assert client.post("/reminders/shown", data={"delivery": told["delivery"]}).status_code == 204
    assert "Reminders are getting through" in client.get("/reminders").text


def test_a_test_that_fails_says_why(client: TestClient, rows: Rows, service: PushService) -> None:
    client.post("/reminders/devices", data=subscription(service))
    service.answers = [(410, {})]

    told = client.post("/reminders/test").json()

    assert told["sentence"].startswith("This browser no longer accepts notifications.")
    assert rows(PushDevice)[0].gone_at is not None
    assert "No device accepts notifications any more" in client.get("/reminders").text


def test_a_device_without_reminders_has_nothing_to_test(client: TestClient) -> None:
    told = client.post("/reminders/test").json()
    assert told == {"delivery": "", "sentence": "This device gets no reminders."}


def test_bob_can_neither_confirm_nor_switch_what_is_alices(
    client: TestClient, bobs_client: TestClient, rows: Rows, service: PushService
) -> None:
    client.post("/reminders/devices", data=subscription(service))
    told = client.post("/reminders/test").json()
    device = rows(PushDevice)[0]

    shown = bobs_client.post("/reminders/shown", data={"delivery": told["delivery"]})
    off = bobs_client.post(f"/reminders/devices/{device.id}", data={"is_on": "off"})

    assert (shown.status_code, off.status_code) == (404, 404)
    assert rows(Delivery)[0].shown_at is None


def test_each_choice_is_saved_alone(client: TestClient, rows: Rows, minoxidil: RegimenItem) -> None:
    for name, value in (("evening", "off"), ("quiet", "on"), ("reminder_text", "names")):
        answer = client.post("/reminders", data={name: value}, headers=as_entry(uuid4()))
        assert answer.status_code == 204, name
    client.post("/reminders", data={"quiet_ends": "06:30"}, headers=as_entry(uuid4()))

    chosen = rows(Preferences)[0]
    assert chosen.reminder_times == ("evening|off||15|3",)
    assert chosen.quiet_hours == ("22:30", "06:30")
    assert chosen.reminder_text == "names"


def test_a_form_without_a_script_changes_only_what_was_changed(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    client.post("/reminders", data={"morning": "off"}, headers=as_entry(uuid4()))
    stale = {"morning": "on", "was_morning": "on", "evening": "off", "was_evening": "on"}

    assert client.post("/reminders", data=stale).status_code == 303

    assert rows(Preferences)[0].reminder_times == ("morning|off||15|3", "evening|off||15|3")


def test_quiet_hours_that_begin_when_they_end_are_refused(client: TestClient) -> None:
    wrong = {"quiet_begins": "07:00", "quiet_ends": "07:00"}
    answer = client.post("/reminders", data=wrong)

    assert answer.status_code == 422
    assert "Quiet hours need two different times." in answer.text


def test_a_part_has_its_own_time_and_rule(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    assert "the time of the first dose, 21:00" in client.get("/reminders/times/evening").text
    form = {"at": "20:30", "again_after": "30", "again_times": "1"}
    assert client.post("/reminders/times/evening", data=form).status_code == 303

    assert rows(Preferences)[0].reminder_times == ("evening|on|20:30|30|1",)
    assert "Again after 30 min, once" in client.get("/reminders").text
    wrong = client.post("/reminders/times/evening", data={**form, "again_after": "7"})
    assert wrong.status_code == 422
    assert client.get("/reminders/times/noon").status_code == 404


def test_the_due_page_counts_down_and_says_what_is_left(
    client: TestClient, clock: Clock, minoxidil: RegimenItem
) -> None:
    page = client.get(f"/due/{TODAY}/evening").text
    assert "One due now" in page
    assert "Take it" in page

    slot = f"{minoxidil.id} 21:00"
    client.post(f"/days/{TODAY}/take-all", data={"slot": slot})

    page = client.get(f"/due/{TODAY}/evening").text
    assert "Evening done" in page
    assert "One more today, at 08:00." in page


def test_a_snooze_offers_only_times_of_today_and_is_shown(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    until = (NOW + timedelta(minutes=30)).isoformat()
    form = {"on": TODAY, "part": "evening", "until": until}
    answer = client.post("/reminders/snooze", data=form)

    assert answer.headers["location"] == f"/due/{TODAY}/evening?snoozed=1"
    assert "Back at 22:11" in client.get(answer.headers["location"]).text
    assert rows(Reminder)[0].snoozed_until == NOW + timedelta(minutes=30)


@pytest.mark.parametrize("minutes", [-5, 60 * 25])
def test_a_snooze_into_the_past_or_beyond_a_day_is_refused(
    client: TestClient, minoxidil: RegimenItem, minutes: int
) -> None:
    until = (NOW + timedelta(minutes=minutes)).isoformat()
    form = {"on": TODAY, "part": "evening", "until": until}

    answer = client.post("/reminders/snooze", data=form)

    assert answer.status_code == 422
    assert "Choose a later time today." in answer.text


def test_today_says_that_nothing_has_arrived_for_two_days(
    client: TestClient, session: Session, alice: User, rows: Rows, service: PushService
) -> None:
    client.post("/reminders/devices", data=subscription(service))
    device = rows(PushDevice)[0]
    for days in (3, 2, 1):
        sent = Delivery(
            user_id=alice.id,
            device_id=device.id,
            on=NOW.date(),
            part="morning",
            state=DeliveryState.SENT,
            sent_at=NOW - timedelta(days=days),
        )
        session.add(sent)
    session.commit()
    assert "Reminders are not getting through" in client.get("/").text

    last = session.exec(select(Delivery)).all()[-1]
    last.shown_at = NOW - timedelta(days=1)
    session.add(last)
    session.commit()

    assert "Reminders are not getting through" not in client.get("/").text
