"""What items cost, from the price of a package."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.domain.timing import TimingKind
from app.models import EntryVersion, RegimenItem, User
from app.services.dosages import DosageInput
from tests.routers.pages import assert_is_refused, read
from tests.routers.test_knowledge import take
from tests.routers.test_settings_pages import PREFERENCES
from tests.support.databases import Rows
from tests.support.regimens import MORNING, daily


def price(client: TestClient, address: str, **fields: str) -> None:
    """Say what a package of an item costs."""
    typed = read(client.get(f"{address}/edit")).fields
    data = {name: values[-1] for name, values in typed.items()}
    assert client.post(address, data={**data, **fields}).status_code == 303


def test_an_items_page_says_what_a_month_costs_in_the_own_currency(
    client: TestClient, session: Session, alice: User, rows: Rows
) -> None:
    address = take(session, alice, "Zinc", daily((MORNING, 25)))
    assert "a month" not in client.get(address).text

    price(client, address, package_price="12,90", package_amount="2500")
    assert "About 3.93 a month" in client.get(address).text
    form = read(client.get(f"{address}/edit")).fields
    assert (form["package_price"], form["package_amount"]) == (["12.9"], ["2500"])
    states = [each.state for each in rows(EntryVersion) if each.kind == "regimen_item"]
    assert any(state and state.get("package_price") == 12.9 for state in states)

    client.post("/settings/preferences", data={**PREFERENCES, "currency": "CHF"})
    assert "About CHF 3.93 a month" in client.get(address).text
    assert 'value="CHF"' in client.get("/settings").text


def test_the_regimen_adds_up_what_is_known_and_says_how_much_that_is(
    client: TestClient, session: Session, alice: User
) -> None:
    zinc = take(session, alice, "Zinc", daily((MORNING, 25)))
    needed = DosageInput(unit="mg", kind=TimingKind.AS_NEEDED, usual_amount=500)
    spare = take(session, alice, "Spare", needed)
    iron = take(session, alice, "Iron", daily((MORNING, 10)))
    assert "a month" not in client.get("/regimen").text

    price(client, zinc, package_price="10", package_amount="2500")
    price(client, spare, package_price="5", package_amount="1000")
    assert "About 3.04 a month (1 of 3 items have a price)" in client.get("/regimen").text
    assert "a month" not in client.get(spare).text

    client.post(f"{spare}/stop", data={"ends_on": "2026-11-20"})
    price(client, iron, package_price="10", package_amount="1000")
    assert "About 6.09 a month" in client.get("/regimen").text


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"package_price": "-1"}, "package_price"),
        ({"package_price": "much"}, "package_price"),
        ({"package_amount": "0"}, "package_amount"),
    ],
)
def test_a_package_that_cannot_be_is_refused_at_its_field(
    client: TestClient, rows: Rows, minoxidil: RegimenItem, fields: dict[str, str], name: str
) -> None:
    typed: dict[str, str | list[str]] = {
        **{"name": "Minoxidil", "tone": "mint", "note": "kept"},
        **{"package_price": "1", "package_amount": "2", **fields},
    }
    assert_is_refused(client, f"/regimen/{minoxidil.id}", typed, name)
    assert rows(RegimenItem)[0].package_price is None


def test_a_currency_is_short(client: TestClient, alice: User) -> None:
    long = {**PREFERENCES, "currency": "Deutschmarks"}
    response = client.post("/settings/preferences", data=long)

    assert response.status_code == 422
    assert "At most 8 characters." in response.text
