"""Days: today turns at three, past days can be filled in, days that never were are not there."""

import re
from datetime import UTC, date, datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import CheckIn, DoseEvent, Note, RegimenItem, User
from tests.routers.pages import BEFORE, LATER, TODAY, YESTERDAY, log, read
from tests.support.clients import SignInAs
from tests.support.clock import Clock
from tests.support.databases import Rows
from tests.support.people import make_user, save
from tests.support.regimens import add

NOWHERE = ["2026-02-30", "abc", "0001-01-01", "9999-12-31", "10000-01-01", "2026-W47-1", "-1"]


def status_buttons(text: list[str]) -> list[str]:
    return [each for each in text if each.startswith("status=")]


def test_today_turns_at_three_oclock_on_the_persons_own_clock(
    client: TestClient, clock: Clock, minoxidil: RegimenItem
) -> None:
    clock.set(datetime(2026, 11, 24, 1, 59, tzinfo=UTC))
    assert 'data-today="2026-11-23"' in client.get("/").text

    clock.set(datetime(2026, 11, 24, 2, 0, tzinfo=UTC))
    assert 'data-today="2026-11-24"' in client.get("/").text


def test_everyone_has_a_today_of_their_own(session: Session, sign_in_as: SignInAs) -> None:
    for name, zone, today in (
        ("Kiri", "Pacific/Kiritimati", "2026-11-24"),
        ("Niue", "Pacific/Niue", "2026-11-23"),
        ("Offset", "+10:30", "2026-11-24"),
    ):
        person = save(session, make_user(name, zone))
        assert f'data-today="{today}"' in sign_in_as(person).get("/").text


@pytest.mark.parametrize("on", [TODAY, YESTERDAY, "2026-09-01"])
def test_a_day_of_the_log_has_buttons_to_answer_with(
    client: TestClient, minoxidil: RegimenItem, on: str
) -> None:
    page = read(client.get(f"/days/{on}"))

    assert "status=taken" in page.buttons
    assert log(client, minoxidil, on=on, time_choice="on_time").status_code == 303


@pytest.mark.parametrize("on", [BEFORE, LATER, "2150-01-01", "1951-01-01"])
def test_a_day_outside_the_log_can_be_looked_at_only(
    client: TestClient, session: Session, rows: Rows, alice: User, on: str
) -> None:
    item = add(session, alice, starts_on=date(2026, 1, 1))
    page = read(client.get(f"/days/{on}"))

    assert status_buttons(page.buttons) == []
    assert log(client, item, on=on, time_choice="on_time").status_code == 422
    assert client.post(f"/days/{on}/check-in", data={"mood": "3"}).status_code == 422
    assert client.post(f"/days/{on}/notes", data={"text": "x"}).status_code == 422
    slot = {"slot": f"{item.id} 08:00"}
    assert client.post(f"/days/{on}/take-all", data=slot).status_code == 422
    assert [*rows(DoseEvent), *rows(CheckIn), *rows(Note)] == []


@pytest.mark.parametrize("on", NOWHERE)
@pytest.mark.parametrize(
    "address",
    [
        "/days/{on}",
        "/days/{on}/log",
        "/days/{on}/as-needed",
        "/days/{on}/take-all/morning",
        "/days/{on}/check-in",
        "/days/{on}/notes/new",
    ],
)
def test_a_day_that_does_not_exist_is_not_there(client: TestClient, on: str, address: str) -> None:
    response = client.get(address.format(on=on))

    assert response.status_code == 404
    assert "This page does not exist." in response.text


@pytest.mark.parametrize(
    "month", ["2026-13", "2026-00", "0001-01", "9999-12", "abc", "2026", "2026-1", "2026-11-01"]
)
def test_a_month_that_does_not_exist_is_not_there(client: TestClient, month: str) -> None:
    assert client.get(f"/calendar/{month}").status_code == 404


@pytest.mark.parametrize("month", ["1950-01", "2026-02", "2024-02", "2200-12"])
def test_a_month_from_either_end_of_time_can_be_looked_at(client: TestClient, month: str) -> None:
    assert client.get(f"/calendar/{month}").status_code == 200


@pytest.mark.parametrize("on", ["1950-01-01", "2200-12-31"])
def test_the_first_and_the_last_day_there_are_can_be_looked_at(
    client: TestClient, minoxidil: RegimenItem, on: str
) -> None:
    assert client.get(f"/days/{on}").status_code == 200
    assert client.get(f"/days/{on}/log").status_code == 200


def test_the_calendar_leads_to_the_month_of_today(client: TestClient) -> None:
    assert client.get("/calendar").headers["location"] == "/calendar/2026-11"


def test_the_calendar_shows_what_was_taken_noted_and_answered(
    client: TestClient, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil, on="2026-11-20")
    client.post("/days/2026-11-20/notes", data={"text": "a walk"})
    client.post("/days/2026-11-20/check-in", data={"mood": "4"})

    page = client.get("/calendar/2026-11")
    assert page.status_code == 200
    assert f'href="/days/{TODAY}"' in page.text
    assert "1 of 2" in page.text


def test_a_day_without_a_regimen_says_what_to_do_next(client: TestClient) -> None:
    page = client.get("/")

    assert page.status_code == 200
    assert 'href="/regimen/new"' in page.text


def test_the_sheet_of_the_plus_offers_what_can_be_logged(
    client: TestClient, minoxidil: RegimenItem
) -> None:
    page = client.get(f"/days/{TODAY}/log").text

    for address in ("as-needed", "notes/new", "check-in"):
        assert f"/days/{TODAY}/{address}" in page


def test_nobody_sees_the_doses_of_another(
    bobs_client: TestClient, client: TestClient, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil)

    for address in ("/", f"/days/{TODAY}", "/calendar/2026-11", f"/days/{TODAY}/log"):
        page = bobs_client.get(address)
        assert page.status_code == 200
        assert "Minoxidil" not in page.text


def test_no_line_breaks_between_an_amount_and_its_unit_and_files_have_plain_spaces(
    application: FastAPI, client: TestClient, minoxidil: RegimenItem
) -> None:
    raw = TestClient(application, cookies=dict(client.cookies))
    log(client, minoxidil)

    for address in ("/", f"/regimen/{minoxidil.id}", f"/days/{TODAY}/doses/{minoxidil.id}/08:00"):
        page = raw.get(address).text
        assert "1\N{NO-BREAK SPACE}mL" in page, address
        assert not re.search(r">[^<]*\b1 mL", page), address
    for file in ("doses", "items", "dosages", "notes", "days"):
        assert "\N{NO-BREAK SPACE}" not in raw.get(f"/export/{file}.csv").text
