"""Topicals and procedures over HTTP: where, how long, how deep, and what waits after needling."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.domain.applications import Zone
from app.models import DoseEvent, RegimenItem, User
from app.services.items import IngredientInput
from tests.routers.pages import TODAY, TOMORROW, YESTERDAY, log, read
from tests.support.clients import SignInAs
from tests.support.clock import NOW, Clock
from tests.support.databases import Rows
from tests.support.regimens import EVENING, MORNING, add, daily

SOLUTION: dict[str, Any] = {"catalogue_id": "minoxidil-topical-solution", "route": "scalp"}
WAIT = "After Microneedling: wait until"


@pytest.fixture
def solution(session: Session, alice: User) -> RegimenItem:
    """Minoxidil on the crown and the temples, dry after 20 minutes."""
    return add(session, alice, zones=(Zone.TEMPLES, Zone.CROWN), dry_minutes=20, **SOLUTION)


@pytest.fixture
def needling(session: Session, alice: User) -> RegimenItem:
    """Needling of the crown at 20:00, every day."""
    how: dict[str, Any] = {
        "catalogue_id": "microneedling",
        "route": "needling",
        "zones": (Zone.CROWN,),
    }
    dosage = daily((time(20), 1), unit="session")
    return add(session, alice, "Microneedling", dosage, needle_mm=0.5, **how)


def only(rows: Rows) -> DoseEvent:
    (event,) = rows(DoseEvent)
    return event


def told(event: DoseEvent) -> tuple[tuple[Zone, ...], float | None, float | None]:
    return event.zones, event.minutes_on, event.needle_mm


def test_a_tap_logs_it_as_it_usually_goes(
    client: TestClient, rows: Rows, solution: RegimenItem
) -> None:
    log(client, solution)

    assert told(only(rows)) == ((Zone.TEMPLES, Zone.CROWN), None, None)
    page = client.get(f"/days/{TODAY}").text
    assert "taken 21:41, dry 22:01</span> · temples and crown" in page


def test_what_was_put_on_is_dry_after_its_minutes(
    client: TestClient, clock: Clock, solution: RegimenItem
) -> None:
    log(client, solution)
    sheet = f"/days/{TODAY}/doses/{solution.id}/08:00"

    clock.set(NOW + timedelta(minutes=19, seconds=59))
    assert "dry 22:01" in client.get("/").text
    assert 'data-until="2026-11-23T21:01:00' in client.get(sheet).text
    clock.set(NOW + timedelta(minutes=20, seconds=1))
    assert ", dry" not in client.get("/").text
    assert "<dose-timer" not in client.get(sheet).text


def test_the_sheet_says_where_it_went_this_time(
    client: TestClient, rows: Rows, solution: RegimenItem
) -> None:
    sheet = client.get(f"/days/{TODAY}/doses/{solution.id}/21:00")
    assert read(sheet).fields["zones"] == ["temples", "crown"]

    data = {"due_on": TODAY, "due_time": "21:00", "status": "taken", "applied": "told"}
    answer = client.post(
        f"/regimen/{solution.id}/doses",
        data={**data, "zones": ["whole_scalp", "hairline"], "minutes_on": "240"},
    )

    assert answer.status_code == 303
    assert told(only(rows)) == ((Zone.HAIRLINE, Zone.WHOLE_SCALP), 240, None)
    again = read(client.get(f"/days/{TODAY}/doses/{solution.id}/21:00"))
    assert again.fields["zones"] == ["hairline", "whole_scalp"]
    assert again.fields["minutes_on"] == ["240"]
    assert "240 min on" in client.get("/").text


def test_nowhere_is_an_answer_too(client: TestClient, rows: Rows, solution: RegimenItem) -> None:
    log(client, solution, applied="told")

    assert told(only(rows)) == ((), None, None)


def test_a_skipped_dose_went_nowhere(client: TestClient, rows: Rows, solution: RegimenItem) -> None:
    log(client, solution, status="skipped", applied="told", zones="crown", minutes_on="5")

    assert told(only(rows)) == ((), None, None)
    assert (
        "crown"
        not in client.get(f"/days/{TODAY}/doses/{solution.id}/08:00")
        .text.split("sheet__state")[1]
        .split("</p>")[0]
    )


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("minutes_on", "-1"),
        ("minutes_on", "1441"),
        ("minutes_on", "soon"),
        ("needle_mm", "5.1"),
        ("needle_mm", "-0.5"),
        ("zones", "elbow"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    client: TestClient, rows: Rows, needling: RegimenItem, field: str, typed: str
) -> None:
    answer = log(client, needling, at="20:00", applied="told", note="Kept", **{field: typed})

    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert "Kept" in answer.text
    assert rows(DoseEvent) == []


@pytest.mark.parametrize(("typed", "kept"), [("0,5", 0.5), ("1.5", 1.5), ("5", 5), ("0", None)])
def test_a_needle_has_a_length(
    client: TestClient, rows: Rows, needling: RegimenItem, typed: str, kept: float | None
) -> None:
    log(client, needling, at="20:00", applied="told", needle_mm=typed)

    assert only(rows).needle_mm == kept


def test_after_needling_topical_minoxidil_waits_for_a_day(
    client: TestClient, clock: Clock, solution: RegimenItem, needling: RegimenItem
) -> None:
    assert WAIT not in client.get("/").text
    log(client, needling, at="20:00")

    assert f"{WAIT} Tuesday 21:41" in client.get("/").text
    assert client.get("/").text.count(WAIT) == 2
    tomorrow = client.get(f"/days/{TOMORROW}").text
    assert tomorrow.count(WAIT) == 2
    sheet = client.get(f"/days/{TODAY}/doses/{solution.id}/21:00").text
    assert "People are advised to wait about 24 hours after needling" in sheet
    clock.set(NOW + timedelta(hours=23))
    assert f"{WAIT} 21:41" in client.get("/").text
    clock.set(NOW + timedelta(hours=24, minutes=1))
    assert WAIT not in client.get("/").text


def test_a_dose_due_after_the_hours_does_not_wait(
    client: TestClient, session: Session, alice: User, needling: RegimenItem
) -> None:
    add(
        session,
        alice,
        "Minoxidil foam",
        daily((MORNING, 1), (time(22), 1), unit="g"),
        catalogue_id="minoxidil-topical-foam",
        route="scalp",
    )
    log(client, needling, at="20:00")

    assert client.get(f"/days/{TOMORROW}").text.count(WAIT) == 1


def test_a_session_taken_back_shuts_out_nothing(
    client: TestClient, solution: RegimenItem, needling: RegimenItem
) -> None:
    log(client, needling, at="20:00")
    log(client, needling, at="20:00", status="nothing")
    assert WAIT not in client.get("/").text
    log(client, needling, at="20:00", status="skipped")
    assert WAIT not in client.get("/").text


def test_what_is_swallowed_does_not_wait(
    client: TestClient, minoxidil: RegimenItem, needling: RegimenItem
) -> None:
    log(client, needling, at="20:00")
    assert WAIT not in client.get("/").text


def test_a_mixture_from_the_pharmacy_waits_like_what_it_holds(
    client: TestClient, session: Session, alice: User, needling: RegimenItem
) -> None:
    held = (IngredientInput(substance="minoxidil", mass_ug=70_000),)
    mixture = add(session, alice, "Pharmacy mixture", route="scalp", ingredients=held)
    log(client, needling, at="20:00")

    sheet = client.get(f"/days/{TODAY}/doses/{mixture.id}/21:00").text
    assert f"{WAIT} Tuesday 21:41" in sheet


@pytest.mark.parametrize(("typed", "said"), [("48", "Wednesday 21:41"), ("0", ""), ("1", "22:41")])
def test_the_hours_may_be_the_persons_own(
    client: TestClient, solution: RegimenItem, needling: RegimenItem, typed: str, said: str
) -> None:
    page = read(client.get(f"/regimen/{needling.id}/edit"))
    assert page.fields["needle_mm"] == ["0.5"]
    changed = {"name": "Microneedling", "needle_mm": "1", "zones": ["crown", "temples"]}
    answer = client.post(f"/regimen/{needling.id}", data={**changed, "shut_out_hours": typed})
    assert answer.status_code == 303
    log(client, needling, at="20:00")

    page_text = client.get("/").text
    assert (f"{WAIT} {said}" in page_text) if said else (WAIT not in page_text)
    if typed == "48":
        sheet = client.get(f"/days/{TODAY}/doses/{solution.id}/21:00").text
        assert "Your own rule: wait 48 hours after Microneedling." in sheet
    item = client.get(f"/regimen/{needling.id}").text
    assert "Temples and crown, 1 mm" in item
    assert (f"Topicals wait {typed} hours after a session" in item) == (typed != "0")


def test_a_stranger_sees_nothing_of_it(
    sign_in_as: SignInAs, bob: User, client: TestClient, needling: RegimenItem, session: Session
) -> None:
    add(session, bob, **SOLUTION)
    log(client, needling, at="20:00")

    assert WAIT not in sign_in_as(bob).get("/").text


def test_a_shampoo_is_left_on_with_a_timer(
    client: TestClient, session: Session, alice: User, rows: Rows
) -> None:
    how: dict[str, Any] = {
        "catalogue_id": "ketoconazole-shampoo",
        "route": "scalp_wash",
        "minutes_on": 5,
    }
    dosage = daily((EVENING, 1), unit="wash")
    shampoo = add(session, alice, "Ketoconazole", dosage, **how)
    sheet = client.get(f"/days/{TODAY}/doses/{shampoo.id}/21:00").text

    assert 'data-seconds="300"' in sheet
    log(client, shampoo, at="21:00")
    assert only(rows).minutes_on == 5
    assert "5 min on" in client.get("/").text


def test_a_session_under_light_has_the_timer_of_its_own_minutes(
    client: TestClient, session: Session, alice: User
) -> None:
    cap = add(session, alice, "Cap", daily((EVENING, 12), unit="min"), route="light")
    sheet = client.get(f"/days/{TODAY}/doses/{cap.id}/21:00")

    assert 'data-seconds="720"' in sheet.text
    assert "minutes_on" not in read(sheet).fields


def test_an_item_of_the_catalogue_is_added_with_how_it_is_used(
    client: TestClient, rows: Rows
) -> None:
    form = read(client.get("/regimen/new?catalogue_id=ketoconazole-shampoo"))
    assert form.fields["minutes_on"] == ["5"]
    assert "dry_minutes" not in form.fields
    foam = read(client.get("/regimen/new?catalogue_id=minoxidil-topical-foam")).fields
    data = {**foam, "zones": ["crown", "hairline"], "dry_minutes": "10", "minutes_on": ""}
    assert client.post("/regimen", data=data).status_code == 303

    (item,) = rows(RegimenItem)
    assert (item.zones, item.dry_minutes, item.minutes_on) == (("hairline", "crown"), 10, None)
    assert "Hairline and crown, dry after 10 min" in client.get(f"/regimen/{item.id}").text


def test_what_is_swallowed_is_asked_for_no_zone(client: TestClient, minoxidil: RegimenItem) -> None:
    sheet = read(client.get(f"/days/{TODAY}/doses/{minoxidil.id}/21:00"))
    assert not {"zones", "minutes_on", "needle_mm", "applied"} & set(sheet.fields)
    edit = read(client.get(f"/regimen/{minoxidil.id}/edit"))
    assert not {"zones", "minutes_on", "needle_mm", "dry_minutes"} & set(edit.fields)


def test_yesterdays_zones_stay_when_the_usual_ones_change(
    client: TestClient, rows: Rows, solution: RegimenItem
) -> None:
    log(client, solution, on=YESTERDAY)
    data = {"name": "Minoxidil", "zones": ["whole_scalp"]}
    client.post(f"/regimen/{solution.id}", data=data)
    log(client, solution)

    kept = {event.due_on: event.zones for event in rows(DoseEvent)}
    assert kept == {
        date.fromisoformat(YESTERDAY): (Zone.TEMPLES, Zone.CROWN),
        date.fromisoformat(TODAY): (Zone.WHOLE_SCALP,),
    }
