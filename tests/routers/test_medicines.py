"""Other medicines, own rules, and what is said where times lie too close."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import ApartRule, Medicine, RegimenItem, User
from tests.routers.pages import Response, assert_is_refused, read
from tests.routers.test_knowledge import take
from tests.support.databases import Rows
from tests.support.regimens import EVENING, MORNING, daily

MEDICINES, RULES = "/regimen/medicines", "/regimen/hours-apart"
THYROID = {"name": "Levothyroxine", "kind": "levothyroxine", "times": "07:00"}
TOO_CLOSE = "Iron at 08:00 and Levothyroxine at 07:00, 1 hour apart."


def enter(client: TestClient, **fields: object) -> Response:
    return client.post(MEDICINES, data={**THYROID, **fields})


def test_a_medicine_is_listed_edited_and_taken_off_the_list(client: TestClient, rows: Rows) -> None:
    response = enter(client, times=["19:00", "", "07:00"], note="50 µg", ends_on="2027-03-01")
    assert (response.status_code, response.headers["location"]) == (303, MEDICINES)
    assert "07:00 and 19:00 · Levothyroxine (thyroid) · until 1 Mar 2027 · 50 µg" in (
        client.get(MEDICINES).text
    )

    address = f"{MEDICINES}/{rows(Medicine)[0].id}"
    fields = read(client.get(f"{address}/edit")).fields
    assert fields["times"][:2] == ["07:00", "19:00"]
    assert (fields["kind"], fields["ends_on"]) == (["levothyroxine"], ["2027-03-01"])

    client.post(address, data={**THYROID, "name": "Thyroid tablet", "ends_on": "2026-11-01"})
    page = client.get(MEDICINES).text
    assert "Thyroid tablet" in page
    assert "No longer taken" in page

    deleted = client.post(f"{address}/delete")
    assert deleted.headers["location"].startswith(f"{MEDICINES}?deleted=")
    assert "Anything else you take?" in client.get(MEDICINES).text


def test_a_double_click_adds_one_medicine_and_one_rule(
    client: TestClient, session: Session, rows: Rows, minoxidil: RegimenItem
) -> None:
    minted = read(client.get(f"{MEDICINES}/new")).fields["id"][0]
    for _click in range(2):
        assert enter(client, id=minted).status_code == 303
    assert len(rows(Medicine)) == 1

    sides = {"first": str(minoxidil.id), "second": str(rows(Medicine)[0].id), "hours": "1,5"}
    minted = read(client.get(f"{RULES}/new")).fields["id"][0]
    for _click in range(2):
        assert client.post(RULES, data={**sides, "id": minted}).status_code == 303
    assert [each.hours for each in rows(ApartRule)] == [1.5]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"name": ""}, "name"),
        ({"kind": "sweets", "note": "kept"}, "kind"),
        ({"times": "seven", "note": "kept"}, "times"),
        ({"starts_on": "2026-11-02", "ends_on": "2026-11-01"}, "ends_on"),
    ],
)
def test_a_medicine_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    client: TestClient, rows: Rows, fields: dict[str, str], name: str
) -> None:
    typed = {**THYROID, **fields}
    shown = {key: value for key, value in typed.items() if (key, value) != ("kind", "sweets")}
    response = client.post(MEDICINES, data=typed)

    assert response.status_code == 422
    assert f'href="#field-{name}"' in response.text
    assert all(value in read(response).fields[key] for key, value in shown.items() if value)
    assert rows(Medicine) == []


@pytest.mark.parametrize(
    ("fields", "name"),
    [({"hours": "0"}, "hours"), ({"hours": "73"}, "hours"), ({"second": "perhaps"}, "second")],
)
def test_a_rule_that_cannot_be_is_refused_at_its_field(
    client: TestClient, rows: Rows, minoxidil: RegimenItem, fields: dict[str, str], name: str
) -> None:
    enter(client)
    sides = {"first": str(minoxidil.id), "second": str(rows(Medicine)[0].id), "hours": "4"}
    typed: dict[str, str | list[str]] = {**sides, "note": "kept", **fields}
    if name == "second":
        response = client.post(RULES, data=typed)
        assert response.status_code == 422
        assert 'href="#field-second"' in response.text
    else:
        assert_is_refused(client, RULES, typed, name)
    assert rows(ApartRule) == []


def test_an_own_rule_is_shown_changed_and_removed(
    client: TestClient, session: Session, alice: User, rows: Rows
) -> None:
    foam = take(session, alice, "Foam", daily((MORNING, 1))).rsplit("/", 1)[1]
    serum = take(session, alice, "Serum", daily((EVENING, 1))).rsplit("/", 1)[1]
    sides = {"first": foam, "second": serum}
    client.post(RULES, data={**sides, "hours": "12", "note": "It stings"})
    page = client.get(RULES).text
    assert "Your own rule: 12 hours apart." in page
    assert "Foam at 08:00 and Serum at 21:00, 11 hours apart." in page
    assert "It stings" in page

    rule = f"{RULES}/{rows(ApartRule)[0].id}"
    assert read(client.get(f"{rule}/edit")).fields["hours"] == ["12"]
    client.post(rule, data={**sides, "hours": "11"})
    assert "Yours are far enough apart. The closest: Foam at 08:00" in client.get(RULES).text

    client.post(f"{rule}/delete")
    assert "No pair to keep apart" in client.get(RULES).text


def test_times_that_are_too_close_are_said_everywhere_and_never_refused(
    client: TestClient, session: Session, alice: User
) -> None:
    address = take(session, alice, "Iron", daily((MORNING, 65)), catalogue_id="iron")
    assert "1 pair is closer" not in client.get("/regimen").text
    enter(client)

    assert "1 pair is too close together" in client.get("/regimen").text
    for page in (RULES, address):
        text = client.get(page).text
        assert TOO_CLOSE in text
        assert "People are advised to take levothyroxine and iron at least 4 hours apart." in text


def test_a_changed_dose_says_at_once_that_its_times_are_too_close(
    client: TestClient, session: Session, alice: User
) -> None:
    address = take(session, alice, "Iron", daily((EVENING, 65)), catalogue_id="iron")
    enter(client)
    page = client.get(address).text
    assert (
        "Yours are far enough apart. The closest: Iron at 21:00 and Levothyroxine at 07:00" in page
    )

    changed = {"unit": "mg", "kind": "daily", "times": "08:00", "amounts": "65"}
    response = client.post(f"{address}/dosages", data={**changed, "starts_on": "2026-11-24"})

    assert response.status_code == 303
    assert TOO_CLOSE in client.get(response.headers["location"]).text


def test_a_new_item_that_is_too_close_leads_to_its_own_page_which_says_so(
    client: TestClient, rows: Rows
) -> None:
    iron = {
        **{"name": "Iron", "catalogue_id": "iron", "unit": "mg", "kind": "daily"},
        **{"times": "08:00", "amounts": "14", "starts_on": "2026-11-23"},
    }
    assert client.post("/regimen", data=iron).headers["location"] == "/"
    enter(client)
    response = client.post("/regimen", data={**iron, "name": "More iron"})

    assert response.headers["location"] in {f"/regimen/{each.id}" for each in rows(RegimenItem)}
    assert "More iron at 08:00 and Levothyroxine at 07:00" in (
        client.get(response.headers["location"]).text
    )


def test_what_is_only_to_be_mentioned_is_listed_apart(
    client: TestClient, session: Session, alice: User
) -> None:
    take(session, alice, "Omega-3", daily((MORNING, 1000)), catalogue_id="omega-3")
    enter(client, name="Apixaban", kind="anticoagulants")
    page = client.get(RULES).text

    assert "Ask about these pairs" in page
    assert "People who take anticoagulants are advised to tell their prescriber" in page
    assert "closer" not in client.get("/regimen").text


def test_a_medicine_that_is_over_is_not_compared(
    client: TestClient, session: Session, alice: User
) -> None:
    take(session, alice, "Iron", daily((MORNING, 65)), catalogue_id="iron")
    enter(client, ends_on="2026-11-22")

    assert "No pair to keep apart" in client.get(RULES).text


def test_medicines_are_private(client: TestClient, bobs_client: TestClient) -> None:
    enter(client)

    assert "Levothyroxine" not in bobs_client.get(MEDICINES).text
    assert "Levothyroxine" not in bobs_client.get(f"{RULES}/new").text
    assert "Levothyroxine" in client.get(f"{RULES}/new").text


def test_more_times_of_a_medicine_are_given_without_losing_any(
    client: TestClient, rows: Rows
) -> None:
    typed = {"name": "Iron", "times": ["07:00", "19:00"], "more": "times"}
    page = read(client.post(MEDICINES, data=typed))
    assert page.fields["times"] == ["07:00", "19:00", "", "", ""]
    assert page.fields["name"] == ["Iron"]
    assert rows(Medicine) == []


@pytest.mark.parametrize(
    ("times", "is_close"),
    [
        (["12:00"], False),
        (["12:00", "07:00"], True),
        (["12:00", "", "09:30"], True),
        (["12:00", "21:00"], False),
    ],
)
def test_each_time_of_a_medicine_is_held_against_the_items(
    client: TestClient, session: Session, alice: User, times: list[str], is_close: bool
) -> None:
    take(session, alice, "Iron", daily((MORNING, 65)), catalogue_id="iron")
    enter(client, times=times)

    assert ("too close" in client.get("/regimen").text) is is_close
