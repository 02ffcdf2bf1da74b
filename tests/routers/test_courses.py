"""How far an item's course is, on its page: from the last dose on, and beside which counts."""

from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.domain.shedding import CountMethod
from app.models import RegimenItem, User
from app.records import SHEDDING_COUNT
from app.services.dosages import change_dosage
from app.services.shedding import record_count
from tests.routers.test_knowledge import take
from tests.support.databases import Rows
from tests.support.regimens import MORNING, daily, decided


@pytest.mark.parametrize(
    ("before", "since", "sentence"),
    [
        (0, 8, "You have no hair counts from before, so there is nothing to compare with."),
        (4, 8, "You have only 2 sets of counts from before: too few to compare with."),
        (8, 2, "You have too few counts since then to compare: it takes four sets."),
        (8, 8, "Week 56: 52 weeks are over. You can compare before and after."),
    ],
)
def test_without_counts_from_before_a_page_says_so(
    client: TestClient, session: Session, alice: User, before: int, since: int, sentence: str
) -> None:
    alice.began_on = date(2025, 1, 1)
    session.add(alice)
    began = date(2025, 11, 3)
    counted = [*range(-before, 0), *range(20, 20 + since)]
    for on in (began + timedelta(weeks=week) for week in counted):
        decision = decided(alice)
        count = SHEDDING_COUNT.row(on=on, method=CountMethod.SIXTY_SECOND, hairs=12)
        record_count(session, alice, count, decision)
    foam = "minoxidil-topical-solution"
    dose = daily((MORNING, 1), unit="mL")
    page = client.get(take(session, alice, "Foam", dose, catalogue_id=foam, since=began)).text

    assert sentence in page


def test_a_dose_that_changed_starts_the_course_again(
    client: TestClient, session: Session, alice: User
) -> None:
    magnesium = "magnesium-l-threonate"
    dose = daily((MORNING, 1_000), unit="mg")
    began = date(2025, 11, 3)
    address = take(session, alice, "Magnesium", dose, catalogue_id=magnesium, since=began)
    item = session.exec(select(RegimenItem)).one()
    raised = daily((MORNING, 2_000), unit="mg")
    change_dosage(session, item, raised, date(2026, 10, 26), decided(alice))
    session.commit()
    page = client.get(address).text

    assert "<h2>Too early to say</h2>" in page
    assert "The dose changed on 26 Oct, so the weeks start again." in page
    assert "Week 5 of 26" in page


@pytest.mark.parametrize(
    ("label", "unit", "weeks"),
    [(["finasteride"], "mg", 26), (["minoxidil"], "mL", 17), (["redensyl"], "mL", None)],
)
def test_an_item_that_only_its_label_tells_has_the_course_of_what_it_holds(
    client: TestClient, rows: Rows, label: list[str], unit: str, weeks: int | None
) -> None:
    fields = {
        "name": "From the pharmacy", "unit": unit, "kind": "daily", "times": "08:00",
        "amounts": "1", "starts_on": "2026-11-01", "route": "scalp" if unit == "mL" else "oral",
        "label_substance": label, "label_mass": ["1"] * len(label),
        "label_unit": ["mg"] * len(label),
    }  # fmt: skip
    assert client.post("/regimen", data=fields).status_code == 303
    page = client.get(f"/regimen/{rows(RegimenItem)[0].id}").text

    assert ("<h2>Too early to say</h2>" in page) == bool(weeks)
    assert f"Week 4 of {weeks}" in page or weeks is None


def test_what_holds_two_medicines_takes_as_long_as_the_slower(
    client: TestClient, rows: Rows
) -> None:
    fields = {
        "name": "Mixture", "unit": "mL", "kind": "daily", "times": "08:00", "amounts": "1",
        "starts_on": "2026-11-01", "route": "scalp", "label_mass": ["50", "1"],
        "label_substance": ["minoxidil", "finasteride"], "label_unit": ["mg", "mg"],
    }  # fmt: skip
    assert client.post("/regimen", data=fields).status_code == 303
    page = client.get(f"/regimen/{rows(RegimenItem)[0].id}").text

    assert "Week 4 of 26" in page
    assert "What the evidence says: Minoxidil solution" in page
