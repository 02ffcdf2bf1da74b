"""Measurements over HTTP: offered where they are turned on, saved, shown, exported, private."""

from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import Measurement, Preferences, User
from tests.routers.pages import (
    TODAY,
    YESTERDAY,
    as_entry,
    assert_can_be_repeated,
    assert_is_refused,
    read,
)
from tests.support.clock import Clock
from tests.support.databases import Rows
from tests.support.regimens import add

ADDRESS = f"/days/{TODAY}/measurements"
PRESSURE = {"systolic": "128", "diastolic": "82"}


def turn_on(client: TestClient, *measures: str, unit: str = "kg") -> None:
    data = {"asked": ["mood"], "measures": ["", *measures], "weight_unit": unit}
    assert client.post("/settings/check-in", data=data).status_code == 303


def test_a_blood_pressure_can_be_typed_in_full_width_and_arabic_digits(
    client: TestClient, rows: Rows
) -> None:
    arabic, full_width = "\N{ARABIC-INDIC DIGIT EIGHT}", "\N{FULLWIDTH DIGIT SIX}"
    typed = {"systolic": f"12{arabic}", "diastolic": f"{arabic}2", "pulse": f"{full_width}4"}
    assert client.post(ADDRESS, data=typed).status_code == 303

    (row,) = rows(Measurement)
    assert (row.systolic_mmhg, row.diastolic_mmhg, row.pulse_bpm) == (128, 82, 64)


def test_nothing_is_offered_until_it_is_turned_on(client: TestClient) -> None:
    assert "/measurements" not in client.get("/").text
    assert "Measurement" not in client.get(f"/days/{TODAY}/log").text

    turn_on(client, "pulse")

    assert ADDRESS in client.get("/").text
    assert "Measurement" in client.get(f"/days/{TODAY}/log").text
    fields = read(client.get(f"{ADDRESS}/new")).fields
    assert "pulse" in fields
    assert not {"systolic", "weight"} & fields.keys()


def test_the_questions_of_an_older_form_turn_no_measurement_off(
    client: TestClient, rows: Rows
) -> None:
    turn_on(client, "weight", unit="lb")
    client.post("/settings/check-in", data={"asked": ["mood"]})
    (chosen,) = rows(Preferences)
    assert (chosen.measures_on, chosen.weight_unit) == (("weight",), "lb")

    turn_on(client)
    assert rows(Preferences)[0].measures_on == ()


def test_a_reading_is_saved_shown_changed_and_deleted(
    client: TestClient, clock: Clock, rows: Rows
) -> None:
    turn_on(client, "blood_pressure", "pulse")
    data = {**PRESSURE, "pulse": "64", "at": "07:40", "id": str(uuid4())}
    assert client.post(ADDRESS, data=data).headers["location"] == f"/days/{TODAY}"
    page = client.get("/").text
    assert "128/82 mmHg, 64 bpm" in page
    assert "07:40" in page
    clock.advance(minutes=1)

    address = f"/measurements/{rows(Measurement)[0].id}"
    fields = read(client.get(f"{address}/edit")).fields
    assert (fields["systolic"], fields["at"]) == (["128"], ["07:40"])
    changed = {"systolic": "126", "diastolic": "82", "at": "07:40", "on": YESTERDAY}
    assert client.post(address, data=changed).headers["location"] == f"/days/{YESTERDAY}"
    (row,) = rows(Measurement)
    assert (row.systolic_mmhg, row.pulse_bpm, str(row.on)) == (126, None, YESTERDAY)
    clock.advance(minutes=1)

    assert client.post(f"{address}/delete").status_code == 303
    assert rows(Measurement) == []
    assert client.get(f"{address}/edit").status_code == 404


def test_a_form_sent_twice_is_one_reading_and_two_forms_are_two(
    client: TestClient, rows: Rows
) -> None:
    for _form in range(2):
        (own_id,) = read(client.get(f"{ADDRESS}/new")).fields["id"]
        for _tap in range(2):
            client.post(ADDRESS, data={"pulse": "64", "id": own_id})

    assert len(rows(Measurement)) == 2


def test_the_outbox_can_repeat_a_reading(client: TestClient, rows: Rows) -> None:
    assert_can_be_repeated(client, ADDRESS, {"pulse": "64", "id": str(uuid4())})
    assert len(rows(Measurement)) == 1


def test_a_refused_reading_keeps_what_was_typed(client: TestClient) -> None:
    turn_on(client, "blood_pressure", "pulse", "weight")
    typed: dict[str, str | list[str]] = {"systolic": "82", "diastolic": "128", "note": "left arm"}
    assert_is_refused(client, ADDRESS, typed, "systolic")
    assert_is_refused(client, ADDRESS, {"pulse": "4"}, "pulse")
    assert_is_refused(client, ADDRESS, {"weight": "4"}, "weight")
    assert_is_refused(client, ADDRESS, {"pulse": "64", "at": "23:30"}, "at")
    told = client.post(ADDRESS, data={"pulse": "4"}, headers=as_entry(uuid4()))
    assert told.text == "The pulse must be between 20 and 250 beats per minute."


def test_weight_is_typed_and_shown_in_pounds_and_stored_in_kilograms(
    client: TestClient, rows: Rows
) -> None:
    turn_on(client, "weight", unit="lb")
    client.post(ADDRESS, data={"weight": "172,8", "weight_unit": "lb"})

    (row,) = rows(Measurement)
    assert row.weight_kg == pytest.approx(78.38, abs=0.005)
    assert "172.8 lb" in client.get("/measurements").text
    assert read(client.get(f"/measurements/{row.id}/edit")).fields["weight"] == ["172.8"]

    # A page that was opened before the unit was changed still means what stood beside the field.
    turn_on(client, "weight", unit="kg")
    client.post(f"/measurements/{row.id}", data={"weight": "172.8", "weight_unit": "lb"})
    assert rows(Measurement)[0].weight_kg == row.weight_kg


def test_readings_stand_in_a_chart_and_in_a_table(client: TestClient) -> None:
    assert "No measurements yet" in client.get("/measurements").text
    for on, upper in ((YESTERDAY, "121"), (TODAY, "128")):
        data = {"systolic": upper, "diastolic": "82", "at": "07:40"}
        client.post(f"/days/{on}/measurements", data=data)

    page = client.get("/measurements").text
    assert "Latest: 128/82 on 23 Nov. 2 readings since 22 Nov." in page
    assert 'data-text="22 Nov, 07:40: 121/82"' in page
    assert page.count("<tr data-subject") == 2
    assert "normal" not in page.lower()


def test_oral_minoxidil_leads_to_a_place_for_blood_pressure_and_pulse(
    client: TestClient, session: Session, alice: User
) -> None:
    tablet = add(session, alice, "Minoxidil", catalogue_id="minoxidil-oral-low")
    other = add(session, alice, "Zinc")

    assert f'href="{ADDRESS}/new"' in client.get(f"/regimen/{tablet.id}").text
    assert f'href="{ADDRESS}/new"' not in client.get(f"/regimen/{other.id}").text
    assert "systolic" in read(client.get(f"{ADDRESS}/new")).fields


def test_measures_csv_has_a_row_for_each_reading(client: TestClient) -> None:
    data = {**PRESSURE, "pulse": "64", "weight": "78.4", "at": "07:40", "note": "left arm"}
    client.post(ADDRESS, data=data)

    header, line = client.get("/export/measures.csv").text.splitlines()
    assert header == (
        "id,on,measured_at,time_zone,systolic_mmhg,diastolic_mmhg,pulse_bpm,weight_kg,note"
        ",logged_at"
    )
    assert "2026-11-23T07:40:00+01:00,Europe/Berlin,128,82,64,78.4,left arm" in line
    (day,) = (
        row for row in client.get("/export/days.csv").text.splitlines() if row.startswith(TODAY)
    )
    assert day.endswith("128,82,64,78.4,0,0")


def test_a_reading_of_somebody_else_does_not_exist(
    client: TestClient, bobs_client: TestClient, rows: Rows
) -> None:
    client.post(ADDRESS, data={"pulse": "64"})
    (row,) = rows(Measurement)

    assert bobs_client.get(f"/measurements/{row.id}/edit").status_code == 404
    bobs_client.post(ADDRESS, data={"pulse": "99", "id": str(row.id)})
    assert [each.pulse_bpm for each in rows(Measurement)] == [64]
    assert "64 bpm" not in bobs_client.get("/measurements").text
