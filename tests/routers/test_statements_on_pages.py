"""What medical pages print: sources as links, and nothing that editors wrote for themselves."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.domain.catalogue import CATALOGUE, SOURCES
from app.models import User
from tests.domain.test_catalogue_sources import REMARKS
from tests.routers.pages import TODAY, read
from tests.support.regimens import MORNING, add, daily

FIXED = (
    *("/about", "/about/sources", "/regimen", "/regimen/new", "/regimen/totals"),
    *("/regimen/hours-apart", f"/days/{TODAY}/lab-list", "/"),
)
HIDDEN = [source.remark for source in SOURCES.values() if source.remark]
UNCHECKED = [source.text for source in SOURCES.values() if source.status != "verified"]


@pytest.mark.slow
def test_no_page_prints_an_editors_remark_or_an_unchecked_source(
    client: TestClient, session: Session, alice: User
) -> None:
    items = [
        add(
            session,
            alice,
            str(each.short_name),
            daily((MORNING, 1), unit=each.unit),
            catalogue_id=key,
        )
        for key, each in CATALOGUE.items()
    ]
    addresses = [
        *FIXED,
        *(f"/regimen/{item.id}" for item in items),
        *(f"/regimen/new?catalogue_id={key}" for key in CATALOGUE),
    ]
    for address in addresses:
        text = read(client.get(address)).text
        assert not REMARKS.search(text), address
        assert not [each for each in (*HIDDEN, *UNCHECKED) if str(each) in text], address
        assert not re.search(r"\d %", text), address


def test_the_sources_stand_once_each_with_links_and_what_they_are_used_for(
    client: TestClient,
) -> None:
    page = client.get("/about/sources").text

    assert page.count('id="ul-table"') == 1
    assert 'href="https://pmc.ncbi.nlm.nih.gov/articles/PMC7231601/" rel="noopener' in page
    assert 'href="https://doi.org/10.3389/fnut.2025.1729164" rel="noopener' in page
    assert 'href="https://pubmed.ncbi.nlm.nih.gov/2328551/" rel="noopener' in page
    assert "Used for Minoxidil solution and Minoxidil foam." in page


def test_a_statement_without_a_source_is_commonly_stated(
    client: TestClient, session: Session, alice: User
) -> None:
    magnesium = add(session, alice, "Mg", daily((MORNING, 100)), catalogue_id="magnesium-other")
    text = read(client.get(f"/regimen/{magnesium.id}")).text

    assert re.search(
        r"no good trial shows that magnesium regrows hair\.\s+\(commonly stated\)", text
    )


def test_what_people_say_is_on_the_page_of_its_item(
    client: TestClient, session: Session, alice: User
) -> None:
    item = add(session, alice, "Saw", daily((MORNING, 320)), catalogue_id="saw-palmetto")
    text = read(client.get(f"/regimen/{item.id}")).text

    assert "What people say" in text
    assert "lowered DHT in the prostate by 32%" in text


def test_the_key_of_the_grades_is_above_the_sets(client: TestClient) -> None:
    page = client.get("/regimen/new").text

    assert page.index("How strong the evidence for hair is") < page.index("The classic")
    order = [page.index(f"<b>{name}") for name in ("The classic", "Topical only", "Women’s")]
    assert order == sorted(order)
    assert "strong evidence" in page
    assert "Minoxidil 5%" in page


@pytest.mark.parametrize("words", ["Each time", "Times", "mg", "mL"])
def test_the_fields_of_a_set_have_labels_that_can_be_seen(client: TestClient, words: str) -> None:
    page = client.get("/regimen/sets/classic").text

    assert words in re.sub(r'<span class="visually-hidden">.*?</span>', "", page)


def test_the_line_of_a_day_has_its_ends(client: TestClient, session: Session, alice: User) -> None:
    add(session, alice, "Zinc", daily((MORNING, 25)), catalogue_id="zinc")
    thyroid = {"name": "Levothyroxine", "kind": "antibiotics", "times": "07:00"}
    client.post("/regimen/medicines", data=thyroid)
    page = client.get("/regimen/hours-apart").text

    assert re.search(r">0</text>.*>24</text>", page)
