"""Dosages over HTTP: changed from a date, put right, tapered."""

from datetime import date, time

import pytest
from fastapi.testclient import TestClient

from app.models import Dosage, DosageTime, DoseEvent, RegimenItem
from tests.routers.pages import TODAY, TOMORROW, YESTERDAY, assert_is_refused, log, read
from tests.support.databases import Rows

Fields = dict[str, str | list[str]]

ONCE: Fields = {"unit": "mL", "kind": "daily", "times": ["09:00"], "amounts": ["2"]}


def starts_of(rows: Rows) -> list[tuple[date, date | None]]:
    return sorted((dosage.starts_on, dosage.ends_on) for dosage in rows(Dosage))


def test_a_change_starts_today_unless_something_of_today_is_answered(
    client: TestClient, minoxidil: RegimenItem
) -> None:
    address = f"/regimen/{minoxidil.id}/dosages/new"
    assert read(client.get(address)).fields["starts_on"] == [TODAY]

    log(client, minoxidil)
    assert read(client.get(address)).fields["starts_on"] == [TOMORROW]


def test_a_change_from_a_date_leaves_what_was_before(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil, on=YESTERDAY)
    response = client.post(f"/regimen/{minoxidil.id}/dosages", data={**ONCE, "starts_on": TOMORROW})

    assert response.headers["location"] == f"/regimen/{minoxidil.id}"
    assert starts_of(rows) == [
        (date(2026, 9, 1), date(2026, 11, 23)),
        (date(2026, 11, 24), None),
    ]
    assert rows(DoseEvent)[0].amount == 1
    assert client.get(f"/days/{TOMORROW}").text.count('data-status="waiting"') == 1


def test_a_correction_moves_the_doses_logged_with_their_times(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil, on=YESTERDAY)
    (dosage,) = rows(Dosage)
    fields = {**ONCE, "times": ["09:00", "21:00"], "amounts": ["2", "1"]}
    assert client.post(f"/dosages/{dosage.id}", data=fields).status_code == 303

    event = rows(DoseEvent)[0]
    assert (event.due_time, event.amount) == (time(9), 2)
    assert starts_of(rows) == [(date(2026, 9, 1), None)]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"starts_on": "2026-08-31"}, "starts_on"),
        ({"starts_on": "1850-01-01"}, "starts_on"),
        ({"starts_on": "2300-01-01"}, "starts_on"),
        ({"starts_on": TODAY, "amounts": ["-1"]}, "amounts"),
        ({"starts_on": TODAY, "times": ["09:00", "09:00"], "amounts": ["1", "2"]}, "times"),
    ],
)
def test_a_change_that_cannot_be_is_named_and_stays_typed(
    client: TestClient, rows: Rows, minoxidil: RegimenItem, fields: Fields, name: str
) -> None:
    address = f"/regimen/{minoxidil.id}/dosages"
    assert_is_refused(client, address, {**ONCE, **fields}, name)

    assert starts_of(rows) == [(date(2026, 9, 1), None)]


def test_a_correction_that_cannot_be_changes_nothing(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    (dosage,) = rows(Dosage)
    assert_is_refused(client, f"/dosages/{dosage.id}", {**ONCE, "amounts": ["x"]}, "amounts")

    assert sorted(line.at for line in rows(DosageTime)) == [time(8), time(21)]


def test_a_taper_is_entered_once(client: TestClient, rows: Rows, minoxidil: RegimenItem) -> None:
    steps: Fields = {
        **ONCE,
        "amounts": [],
        "step_dates": [TOMORROW, "2026-12-01", "2026-12-08", "", ""],
        "step_amounts": ["5", "2,5", "1.25", "", ""],
    }
    assert client.post(f"/regimen/{minoxidil.id}/taper", data=steps).status_code == 303

    assert starts_of(rows)[1:] == [
        (date(2026, 11, 24), date(2026, 11, 30)),
        (date(2026, 12, 1), date(2026, 12, 7)),
        (date(2026, 12, 8), None),
    ]
    assert {line.amount for line in rows(DosageTime)} == {1, 5, 2.5, 1.25}


@pytest.mark.parametrize(
    ("dates", "amounts"),
    [
        ([TOMORROW], ["5"]),
        ([TOMORROW, TOMORROW], ["5", "2"]),
        (["2026-12-01", TOMORROW], ["5", "2"]),
        ([TOMORROW, "2026-12-01"], ["5", "0"]),
        ([TOMORROW, "2026-12-01"], ["5", "1e9"]),
        ([TOMORROW, "2026-12-01"], ["5", "1000000001"]),
        ([TOMORROW, "2026-12-01"], ["5", "-1"]),
        ([TOMORROW, "2026-12-01"], ["5", ""]),
        ([TOMORROW, "9999-12-31"], ["5", "4"]),
        (["0001-01-01", TOMORROW], ["5", "4"]),
        ([TOMORROW, "soon"], ["5", "4"]),
    ],
)
def test_a_taper_that_cannot_be_is_named_and_stays_typed(
    client: TestClient, rows: Rows, minoxidil: RegimenItem, dates: list[str], amounts: list[str]
) -> None:
    typed: Fields = {**ONCE, "step_dates": dates, "step_amounts": amounts}
    response = client.post(f"/regimen/{minoxidil.id}/taper", data=typed)

    assert response.status_code == 422
    fields = read(response).fields
    assert fields["step_dates"][: len(dates)] == dates
    assert fields["step_amounts"][: len(amounts)] == amounts
    assert starts_of(rows) == [(date(2026, 9, 1), None)]


def test_another_persons_dosage_does_not_exist(
    client: TestClient, rows: Rows, bobs_item: RegimenItem
) -> None:
    (dosage,) = rows(Dosage)
    assert client.get(f"/dosages/{dosage.id}/edit").status_code == 404
    data: Fields = {**ONCE, "starts_on": TODAY, "step_dates": [TODAY], "step_amounts": ["1"]}
    for address in (
        f"/dosages/{dosage.id}",
        f"/regimen/{bobs_item.id}/dosages",
        f"/regimen/{bobs_item.id}/taper",
    ):
        assert client.post(address, data=data).status_code == 404
    assert len(rows(Dosage)) == 1
