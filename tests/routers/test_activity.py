"""The security log: who came in, what was changed and what left, for its owner to read."""

import csv
import io
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from app.db import writing
from app.domain.networks import shortened
from app.models import Activity, User
from app.services.activity import delete_old_activity
from tests.routers.pages import TODAY
from tests.support.clients import SignInAs
from tests.support.clock import Clock
from tests.support.databases import Rows
from tests.support.people import PASSWORD
from tests.support.set_up import printed_code

WRONG = "wrong wrong wrong"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CONFIRMED = {"current_password": PASSWORD}


def browser(
    application: FastAPI, host: str = "203.0.113.5", user_agent: str = FIREFOX
) -> TestClient:
    return TestClient(
        application,
        client=(host, 50_000),
        follow_redirects=False,
        headers={"sec-fetch-site": "same-origin", "user-agent": user_agent},
    )


def enter(client: TestClient, password: str = PASSWORD, name: str = "Alice") -> int:
    return client.post("/sign-in", data={"name": name, "password": password}).status_code


def log_of(rows: Rows, user: User) -> list[tuple[str, int, str, str, str]]:
    """What the log says, oldest first."""
    return [
        (each.kind.value, each.times, each.device_label, each.network, each.detail)
        for each in reversed(rows(Activity.newest_first(user.id)))
    ]


def test_sign_ins_good_and_bad_are_written_down_with_device_and_network(
    application: FastAPI, clock: Clock, rows: Rows, alice: User
) -> None:
    phone = browser(application)
    enter(phone, WRONG)
    clock.advance(minutes=5)
    enter(phone)
    clock.advance(minutes=5)
    phone.post("/sign-out")

    where = ("Firefox on Linux", "203.0.113.0/24", "")
    assert log_of(rows, alice) == [
        ("wrong_password", 1, *where),
        ("signed_in", 1, *where),
        ("signed_out", 1, *where),
    ]


def test_every_change_of_the_account_is_written_down(
    application: FastAPI, clock: Clock, rows: Rows, alice: User
) -> None:
    phone, laptop = browser(application), browser(application, user_agent="x Chrome Windows")
    enter(laptop)
    clock.advance(minutes=1)
    enter(phone)
    page = phone.get("/settings/devices").text
    (address,) = {line.split('"')[0] for line in page.split('href="') if "/sign-ins/" in line} - {
        "/settings/sign-ins/others/delete"
    }
    new = "nine loud paper lanterns"
    for path, data in (
        (address, {"current_password": WRONG}),
        (address, CONFIRMED),
        ("/settings/sign-ins/others/delete", CONFIRMED),
        ("/settings/name", {**CONFIRMED, "name": "Alicia"}),
        ("/settings/password", {**CONFIRMED, "password": new}),
    ):
        clock.advance(minutes=1)
        phone.post(path, data=data)

    assert [(kind, detail) for kind, *_more, detail in log_of(rows, alice)] == [
        ("signed_in", ""),
        ("signed_in", ""),
        ("wrong_current_password", ""),
        ("signed_out_device", "Chrome on Windows"),
        ("signed_out_others", ""),
        ("name_changed", ""),
        ("password_changed", ""),
    ]


def test_what_leaves_and_what_is_deleted_is_written_down(
    client: TestClient, clock: Clock, rows: Rows, alice: User
) -> None:
    client.get("/export/strand.zip")
    clock.advance(minutes=1)
    for _download in range(2):
        client.get("/export/notes.csv")
    clock.advance(minutes=1)
    client.post(f"/days/{TODAY}/notes", data={"text": "Xanthippe", "kind": "note"})
    page = client.get("/notes").text
    (note,) = {part.split("/")[0] for part in page.split('"/notes/')[1:] if "/edit" in part[:50]}
    client.post(f"/notes/{note}/delete")

    log = log_of(rows, alice)
    assert [(kind, times, detail) for kind, times, *_place, detail in log] == [
        ("exported", 1, "strand.zip"),
        ("exported", 2, "notes.csv"),
        ("deleted", 1, ""),
    ]
    assert "Xanthippe" not in str(log)


def test_a_new_account_begins_its_log(
    application: FastAPI, engine: Engine, clock: Clock, rows: Rows
) -> None:
    data = {"name": "Alice", "password": PASSWORD, "code": printed_code(engine, clock.now)}
    browser(application).post("/set-up", data=data)
    (user,) = rows(User)
    assert [line[0] for line in log_of(rows, user)] == ["created"]


def test_the_page_tells_it_in_words_by_day(
    application: FastAPI, clock: Clock, alice: User, bob: User
) -> None:
    clock.advance(days=-1)
    stranger = browser(application, "198.51.100.77")
    for _try in range(3):
        enter(stranger, WRONG)
    clock.advance(days=1)
    phone = browser(application)
    enter(phone)
    phone.get("/export/strand.zip")

    page = phone.get("/settings/activity").text
    for words in ("Today", "Sunday, 22 November", "3 wrong passwords", "Access was refused."):
        assert words in page
    for words in ("Firefox on Linux, 198.51.100.0/24", "Signed in", "Downloaded strand.zip"):
        assert words in page
    assert "198.51.100.77" not in page
    assert "21:41" in page

    assert "wrong passwords" not in phone.get("/settings/activity?show=data").text
    assert "strand.zip" not in phone.get("/settings/activity?show=sign-ins").text
    for odd in ("?show=x", "?page=0", "?page=-1", "?page=99999999999999999999"):
        assert phone.get(f"/settings/activity{odd}").status_code == 200
    enter(phone, name="Bob")
    assert "wrong passwords" not in phone.get("/settings/activity").text


def test_the_page_names_devices_in_the_language_of_the_reader(
    application: FastAPI, rows: Rows, alice: User
) -> None:
    phone = browser(application)
    enter(phone)

    page = phone.get("/settings/activity", headers={"Accept-Language": "de"}).text

    assert "Firefox auf Linux" in page
    assert rows(Activity)[0].device_label == "Firefox on Linux"


def test_a_long_log_has_pages(
    client: TestClient, session: Session, clock: Clock, alice: User
) -> None:
    for hours in range(101):
        at = clock.now - timedelta(hours=hours * 2)
        session.add(
            Activity(user_id=alice.id, kind="signed_in", first_at=at, last_at=at)  # type: ignore[arg-type]
        )
    session.commit()
    assert client.get("/settings/activity").text.count("activity__time") == 100
    assert client.get("/settings/activity?page=2").text.count("activity__time") == 1


@pytest.mark.slow
def test_a_stranger_cannot_flood_the_log(
    application: FastAPI, clock: Clock, rows: Rows, alice: User
) -> None:
    for number in range(30):
        for _try in range(7):
            enter(browser(application, f"203.0.{number}.5"), WRONG)
        clock.advance(minutes=16)

    log = rows(Activity.newest_first(alice.id))
    assert len(log) <= 23
    many = [each for each in log if each.device_label == "Many devices"]
    assert {each.kind.value for each in many} == {"wrong_password", "too_many_tries"}
    assert sum(each.times for each in log if each.kind.value == "wrong_password") == 150


def test_tries_for_a_name_that_nobody_has_are_written_nowhere(
    application: FastAPI, rows: Rows, alice: User
) -> None:
    for _try in range(7):
        enter(browser(application), WRONG, "Nobody")
    assert rows(Activity) == []


def test_the_log_is_kept_for_180_days(
    client: TestClient, engine: Engine, clock: Clock, rows: Rows, alice: User
) -> None:
    client.get("/export/notes.csv")
    for days, left in ((179, 1), (2, 0)):
        clock.advance(days=days)
        with writing(engine) as session:
            delete_old_activity(session, clock.now)
            session.commit()
        assert len(rows(Activity)) == left


def test_the_log_can_be_taken_along(
    application: FastAPI, clock: Clock, sign_in_as: SignInAs, alice: User, bob: User
) -> None:
    phone = browser(application)
    enter(phone)
    table = list(csv.DictReader(io.StringIO(phone.get("/export/activity.csv").text)))
    assert [row["event"] for row in table] == ["signed_in"]
    assert table[0]["network"] == "203.0.113.0/24"
    assert table[0]["last_at"].startswith("2026-11-23T21:41:00")
    assert "signed_in" not in sign_in_as(bob).get("/export/activity.csv").text


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", ""),
        ("", ""),
    ],
)
def test_an_address_is_kept_in_part_only(host: str, network: str) -> None:
    assert shortened(host) == network
