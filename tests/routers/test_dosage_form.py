"""The form of a dose: units as they came, other amounts on other days, and the first day."""

from datetime import date, time, timedelta
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import Dosage, DosageTime, DoseEvent, RegimenItem, User
from tests.routers.pages import TODAY, assert_is_refused, read
from tests.support.databases import Rows
from tests.support.regimens import MORNING, add, daily, log_dose, taken

ON = date.fromisoformat(TODAY)
UNITS = ["puff", "patch", "application", "inhalation", "%", "Milligrams", "suppositories", "x" * 40]


def send_again(client: TestClient, page: str, address: str, **changes: str | list[str]) -> int:
    """Send the form of a page as it is shown, with some fields changed."""
    shown = {name: values for name, values in read(client.get(page)).fields.items() if name}
    return client.post(address, data={**shown, **changes}).status_code


@pytest.fixture
def spray(session: Session, alice: User) -> RegimenItem:
    """Two puffs in the morning, taken yesterday."""
    item = add(session, alice, "Spray", daily((MORNING, 2), unit="puff"))
    log_dose(session, alice, item, taken(ON - timedelta(days=1)))
    return item


def dosage_of(rows: Rows) -> UUID:
    return rows(Dosage)[-1].id


@pytest.mark.parametrize("unit", UNITS)
def test_any_unit_comes_back_from_change_dose_and_from_correct(
    client: TestClient, session: Session, rows: Rows, alice: User, unit: str
) -> None:
    item = add(session, alice, "Any", daily((MORNING, 2), unit=unit))
    log_dose(session, alice, item, taken(ON - timedelta(days=1)))
    edit = f"/dosages/{dosage_of(rows)}"
    assert send_again(client, f"{edit}/edit", edit, times=["08:30"], amounts=[""]) == 303
    change = f"/regimen/{item.id}/dosages"
    assert send_again(client, f"{change}/new", change, starts_on=TODAY) == 303

    assert {each.unit for each in rows(Dosage)} == {unit}
    assert {each.unit for each in rows(DoseEvent)} == {unit}
    assert unit in client.get(f"/regimen/{item.id}").text


def test_a_note_to_a_dose_keeps_its_unit(
    client: TestClient, rows: Rows, spray: RegimenItem
) -> None:
    on = ON - timedelta(days=1)
    page = f"/days/{on}/doses/{spray.id}/08:00"
    fields = {"note": "left side", "due_on": str(on), "due_time": "08:00"}
    assert send_again(client, page, f"/regimen/{spray.id}/doses", **fields) == 303

    (event,) = rows(DoseEvent)
    assert (event.unit, event.amount, event.note) == ("puff", 2, "left side")


def test_an_own_unit_can_be_typed_and_is_offered_afterwards(client: TestClient, rows: Rows) -> None:
    item = {
        "name": "Patch", "unit": "other", "own_unit": " patch ", "kind": "daily",
        "amount": "1", "times": ["08:00"], "starts_on": TODAY,
    }  # fmt: skip
    assert client.post("/regimen", data=item).status_code == 303

    assert rows(Dosage)[0].unit == "patch"
    assert '<option value="patch"' in client.get("/regimen/new?catalogue_id=zinc").text


WEEKEND_LESS: dict[str, str | list[str]] = {
    "name": "Finasteride",
    "unit": "mg",
    "kind": "daily",
    "amount": "2",
    "times": ["08:00", "08:00"],
    "amounts": ["", "1"],
    "line_day": ["1:6", "1:7"],
    "days": [*"1234567", ""],
    "starts_on": TODAY,
}


def test_two_amounts_at_one_time_on_different_weekdays(client: TestClient, rows: Rows) -> None:
    assert client.post("/regimen", data=WEEKEND_LESS).status_code == 303

    lines = {(line.at, line.amount, line.days_of_week) for line in rows(DosageTime)}
    assert lines == {(time(8), 2, "12345"), (time(8), 1, "67")}
    page = client.get(f"/regimen/{rows(RegimenItem)[0].id}").text
    assert "1 to 2 mg" in page
    assert "Mon to Fri" in page
    assert "Sat and Sun" in page
    dosages = client.get("/export/dosages.csv").text
    assert "08:00;08:00,2;1,12345;67" in dosages


def test_two_amounts_on_different_weekdays_come_back_into_the_form(
    client: TestClient, rows: Rows
) -> None:
    client.post("/regimen", data=WEEKEND_LESS)
    before = {(line.at, line.amount, line.days_of_week) for line in rows(DosageTime)}
    edit = f"/dosages/{dosage_of(rows)}"
    assert send_again(client, f"{edit}/edit", edit) == 303

    assert {(line.at, line.amount, line.days_of_week) for line in rows(DosageTime)} == before


def test_weekdays_that_are_all_unticked_are_refused(client: TestClient) -> None:
    response = client.post("/regimen", data={**WEEKEND_LESS, "days": [""]})

    assert response.status_code == 422
    assert 'href="#field-days"' in response.text


def test_one_time_twice_on_the_same_day_is_refused(client: TestClient) -> None:
    typed: dict[str, str | list[str]] = {**WEEKEND_LESS, "line_day": []}
    assert_is_refused(client, "/regimen", typed, "times")


def test_a_first_day_typed_wrongly_is_corrected_and_earlier_doses_can_be_logged(
    client: TestClient, session: Session, rows: Rows, alice: User
) -> None:
    item = add(session, alice, "Zinc", daily((MORNING, 10)), starts_on=ON)
    edit = f"/dosages/{dosage_of(rows)}"
    first = ON - timedelta(days=5)
    assert send_again(client, f"{edit}/edit", edit, starts_on=str(first)) == 303

    assert rows(RegimenItem)[0].starts_on == first
    fields = {"due_on": str(first), "due_time": "08:00"}
    assert client.post(f"/regimen/{item.id}/doses", data=fields).status_code == 303
    assert "Zinc" in client.get(f"/days/{first}").text


def test_a_change_says_what_becomes_of_the_rhythm(client: TestClient, rows: Rows) -> None:
    fields = {
        "name": "Vitamin D", "unit": "IU", "kind": "every_days", "every": "2",
        "every_unit": "weeks", "amount": "7000", "times": ["08:00"], "starts_on": TODAY,
    }  # fmt: skip
    client.post("/regimen", data=fields)
    page = client.get(f"/regimen/{rows(RegimenItem)[0].id}/dosages/new").text

    assert "The days stay as they are unless you change how often." in page
    assert "The next dose is on 7 Dec." in page


def test_a_dose_without_an_amount_is_asked_for_it_in_every_rhythm(client: TestClient) -> None:
    for kind in ["daily", "every_days", "every_hours", "as_needed"]:
        fields = {**WEEKEND_LESS, "kind": kind, "amount": "", "usual_amount": "", "amounts": []}
        page = client.post("/regimen", data=fields)
        assert page.status_code == 422
        assert "<b>Amount:</b> Enter how much one dose is." in page.text, kind


DOSE: dict[str, str | list[str]] = {
    "unit": "mg", "kind": "daily", "amount": "2", "times": ["08:00"], "amounts": ["", "1"],
    "days": [*"1234567", ""], "starts_on": TODAY, "step_dates": [TODAY], "step_amounts": ["2"],
}  # fmt: skip


@pytest.mark.parametrize("button", ["times", "lines", "steps"])
@pytest.mark.parametrize("form", ["new", "change", "correct", "taper"])
def test_a_button_gives_more_rows_and_keeps_what_was_typed(
    client: TestClient, rows: Rows, minoxidil: RegimenItem, form: str, button: str
) -> None:
    dosage = dosage_of(rows)
    address = {
        "new": "/regimen",
        "change": f"/regimen/{minoxidil.id}/dosages",
        "correct": f"/dosages/{dosage}",
        "taper": f"/regimen/{minoxidil.id}/taper",
    }[form]
    before = rows(Dosage)
    page = client.post(address, data={**DOSE, "more": button})
    fields = read(page).fields

    assert (page.status_code, rows(Dosage)) == (200, before)
    assert fields["times"][0] == "08:00"
    assert "Fill this in" not in page.text
    if button == "times":
        assert len(fields["times"]) >= 4
    if button == "steps" and form == "taper":
        assert (len(fields["step_dates"]), fields["step_dates"][0]) == (4, TODAY)
