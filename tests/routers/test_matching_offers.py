"""Matches of typed names to the catalogue: offered, linked, undone, and never forced."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import Ingredient, RegimenItem, User
from tests.routers.pages import TODAY, read, search
from tests.support.databases import Rows
from tests.support.regimens import MORNING, add, daily

OWN = {
    "name": "Finasterid 1 mg",
    "kind_of_item": "supplement",
    "route": "oral",
    "unit": "mg",
    "kind": "daily",
    "times": "08:00",
    "amounts": "1",
    "starts_on": TODAY,
}


@pytest.fixture
def own(session: Session, alice: User) -> RegimenItem:
    """An item as an import or an own name makes it."""
    return add(session, alice, "Finasterid 1 mg", daily((MORNING, 1)))


def link(client: TestClient, item: RegimenItem, to: str) -> str:
    response = client.post(f"/regimen/{item.id}/link", data={"to": to})
    assert response.status_code == 303
    return client.get(f"/regimen/{item.id}").text


def test_the_page_of_an_item_offers_the_entry_that_its_name_means(
    client: TestClient, own: RegimenItem
) -> None:
    page = client.get(f"/regimen/{own.id}").text

    assert "This looks like finasteride. Link it?" in page
    assert 'name="to" value="finasteride-oral"' in page
    assert 'name="to" value="finasteride-topical"' not in page


def test_a_linked_item_gets_its_safety_line_its_lab_note_and_its_course(
    client: TestClient, own: RegimenItem, rows: Rows
) -> None:
    low = {"mood": "1"}
    client.post(f"/days/{TODAY}/check-in", data=low)
    assert "European Medicines Agency" not in client.get("/").text

    page = link(client, own, "finasteride-oral")

    assert "This looks like" not in page
    assert "What the evidence says" in page
    assert "Too early to say" in page
    assert "PSA test" in client.get(f"/days/{TODAY}/lab-list").text
    assert "European Medicines Agency" in client.get("/").text
    (item,) = rows(RegimenItem)
    assert (item.name, item.kind, item.catalogue_id) == (
        *("Finasterid 1 mg", "prescription", "finasteride-oral"),
    )


def test_a_link_can_be_undone(client: TestClient, own: RegimenItem, rows: Rows) -> None:
    assert "Unlink it" in link(client, own, "finasteride-oral")

    page = link(client, own, "undo")

    assert rows(RegimenItem)[0].catalogue_id is None
    assert "This looks like finasteride. Link it?" in page


def test_an_offer_that_was_declined_is_not_made_again(
    client: TestClient, own: RegimenItem, rows: Rows
) -> None:
    page = link(client, own, "none")

    assert "This looks like" not in page
    assert "What the evidence says" not in page
    assert rows(RegimenItem)[0].catalogue_id == ""


def test_nothing_is_linked_by_a_word_that_is_not_an_entry(
    client: TestClient, own: RegimenItem, rows: Rows
) -> None:
    link(client, own, "unheard-of")

    assert rows(RegimenItem)[0].catalogue_id is None


def test_a_strength_in_the_name_comes_onto_the_label_when_it_is_linked(
    client: TestClient, session: Session, alice: User, rows: Rows
) -> None:
    item = add(session, alice, "Rogaine 5%", daily((MORNING, 1), unit="mL"), route="scalp")
    assert "Minoxidil topical solution" in client.get(f"/regimen/{item.id}").text

    page = link(client, item, "minoxidil-topical-solution")

    assert "Holds 50 mg of minoxidil" in page
    assert [(each.substance, each.strength) for each in rows(Ingredient)] == [("minoxidil", 5)]


def test_another_person_s_item_cannot_be_linked(
    bobs_client: TestClient, own: RegimenItem, rows: Rows
) -> None:
    assert bobs_client.post(f"/regimen/{own.id}/link", data={"to": "zinc"}).status_code == 404
    assert rows(RegimenItem)[0].catalogue_id is None


def test_the_form_of_an_own_item_offers_the_match_and_forces_nothing(
    client: TestClient, rows: Rows
) -> None:
    form = search(client, "/regimen/search", q="Finasterid 1 mg", own="true")

    assert "Is it this?" in form.text
    assert 'value="finasteride-oral"' in form.text
    fields = read(form).fields
    assert fields["catalogue_id"] == [""]
    offered = {**OWN, "offered_name": "Finasterid 1 mg"}
    answer = client.post("/regimen", data=offered, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert rows(RegimenItem)[0].catalogue_id is None


def test_the_match_that_is_chosen_on_the_form_is_linked(client: TestClient, rows: Rows) -> None:
    fields = {**OWN, "catalogue_id": "finasteride-oral", "offered_name": "Finasterid 1 mg"}
    assert client.post("/regimen", data=fields).status_code == 303

    (item,) = rows(RegimenItem)
    assert (item.catalogue_id, item.kind) == ("finasteride-oral", "prescription")


def test_a_name_that_was_typed_into_the_form_is_matched_after_saving(
    client: TestClient, rows: Rows
) -> None:
    answer = client.post("/regimen", data=OWN, follow_redirects=False)
    (item,) = rows(RegimenItem)

    assert answer.headers["location"] == f"/regimen/{item.id}"
    assert "This looks like finasteride" in client.get(f"/regimen/{item.id}").text


def test_a_search_by_a_brand_with_its_strength_finds_the_entry(client: TestClient) -> None:
    found = search(client, "/regimen/search", q="Propecia 1mg tablets").text

    assert "catalogue_id=finasteride-oral" in found


def test_an_own_mixture_is_recognised_at_low_mood(
    client: TestClient, session: Session, alice: User
) -> None:
    from_label = {"label_substance": "finasteride", "label_mass": "0.1", "label_unit": "%"}
    client.post(
        "/regimen", data={**OWN, "name": "Mix", "route": "scalp", "unit": "mL", **from_label}
    )
    client.post(f"/days/{TODAY}/check-in", data={"mood": "2"})

    today = client.get("/").text
    assert "it changed nothing for the skin spray" in today
    assert "advises stopping" not in today


def test_finasteride_tablets_are_shown_with_advice_on_sexual_problems(
    client: TestClient, own: RegimenItem
) -> None:
    link(client, own, "finasteride-oral")
    client.post(f"/days/{TODAY}/check-in", data={"mood": "2"})

    assert "problems with sexual function" in client.get("/").text


@pytest.mark.parametrize("catalogue_id", ["finasteride-oral", "finasteride-topical"])
def test_the_note_on_blood_donation_can_be_changed_and_hidden(
    client: TestClient, session: Session, alice: User, catalogue_id: str
) -> None:
    item = add(session, alice, "Finasteride", daily((MORNING, 1)), catalogue_id=catalogue_id)
    page = f"/regimen/{item.id}"
    assert "UK: no donation until 4 weeks after the last dose" in client.get(page).text
    form = read(client.get(f"{page}/edit")).fields

    mine = {"name": "Finasteride", "asks_donation": "true", "donation_note": "Germany: ask first."}
    client.post(page, data=mine)
    assert "Germany: ask first." in client.get(page).text
    assert "UK: no donation" not in client.get(page).text
    client.post(page, data={**mine, "donation_note": ""})
    assert "Blood donation" not in client.get(page).text
    client.post(page, data={**mine, "donation_note": form["donation_note"][0]})
    assert "UK: no donation until 4 weeks" in client.get(page).text


def test_dutasteride_says_six_months(client: TestClient, session: Session, alice: User) -> None:
    item = add(session, alice, "Dut", daily((MORNING, 0.5)), catalogue_id="dutasteride-oral")

    assert (
        "no donation until 6 months after the last dose" in client.get(f"/regimen/{item.id}").text
    )
