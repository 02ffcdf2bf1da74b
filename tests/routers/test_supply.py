"""The supply on an item's page, its sheets, the lists, and the line on Today."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.domain.supply import SupplyKind
from app.domain.timing import TimingKind
from app.models import RegimenItem, SupplyEntry, User
from app.services.dosages import DosageInput
from tests.routers.pages import TODAY, as_entry, read
from tests.support.clock import NOW
from tests.support.databases import Rows
from tests.support.regimens import EVENING, MORNING, add, daily, decided, log_dose, taken
from tests.support.supplies import stock_now, supply

ON = NOW.date()
DAY = timedelta(days=1)
ONCE = daily((MORNING, 1), unit="mL")
RECOUNT = SupplyKind.RECOUNT


@pytest.fixture
def zinc(session: Session, alice: User) -> RegimenItem:
    """Once a day, and taken today."""
    item = add(session, alice, "Zinc", ONCE)
    log_dose(session, alice, item, taken(ON), decided(alice, 40))
    return item


def page_of(client: TestClient, item: RegimenItem) -> str:
    """The text of an item's page, without line breaks and tags."""
    return text_of(client, f"/regimen/{item.id}")


def text_of(client: TestClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    text = re.sub(r"<[^>]+>", " ", response.text).replace("\N{NO-BREAK SPACE}", " ")
    return " ".join(text.split())


def add_pack(client: TestClient, item: RegimenItem, amount: str = "60", **more: str) -> UUID:
    """Post the form of a pack; its id."""
    pack = uuid4()
    form = {"id": str(pack), "kind": "pack", "amount": amount, "unit": "mL", **more}
    assert client.post(f"/regimen/{item.id}/supply", data=form).status_code == 303
    return pack


def test_the_card_offers_to_begin_and_then_says_how_long_it_lasts(
    client: TestClient, session: Session, alice: User, zinc: RegimenItem
) -> None:
    assert "Count what you have, or add a pack." in page_of(client, zinc)
    add_pack(client, zinc, "18", price="9.50", use_by="2027-06-30")

    page = page_of(client, zinc)
    assert "Supply 18 mL 19 days left Runs out on Saturday, 12 December" in page
    assert "1 mL a day, as planned now" in page
    assert "9.50 for 18 mL, about 16 a month" in page
    assert "Reminder 14 days before, on 28 Nov" in page
    assert "23 Nov 18 mL Best before 30 Jun 2027 9.50" in page


def test_a_form_sent_twice_adds_one_pack(client: TestClient, rows: Rows, zinc: RegimenItem) -> None:
    entry = uuid4()
    form = {"amount": "60", "unit": "mL", "changed_at": NOW.isoformat()}
    for _time in range(2):
        response = client.post(f"/regimen/{zinc.id}/supply", data=form, headers=as_entry(entry))
        assert response.status_code == 204
    assert [each.amount for each in rows(SupplyEntry)] == [60]


def test_the_newer_of_two_devices_counts(client: TestClient, rows: Rows, zinc: RegimenItem) -> None:
    pack = add_pack(client, zinc, changed_at="2026-11-23T08:00:00+01:00")
    for amount, changed_at in (
        ("50", "2026-11-23T18:00:00+01:00"),
        ("40", "2026-11-23T17:00:00+01:00"),
    ):
        form = {
            "kind": "pack",
            "amount": amount,
            "unit": "mL",
            "on": TODAY,
            "changed_at": changed_at,
        }
        client.post(f"/supply/{pack}", data=form)
    (row,) = rows(SupplyEntry)
    assert row.amount == 50


def test_a_page_of_a_pack_deleted_elsewhere_says_that_it_is_gone(
    client: TestClient, rows: Rows, zinc: RegimenItem
) -> None:
    pack = add_pack(client, zinc)
    answer = client.post(f"/supply/{pack}/delete", headers=as_entry(uuid4()))
    assert answer.status_code == 204
    late = {"kind": "pack", "amount": "50", "unit": "mL"}
    answer = client.post(f"/supply/{pack}", data=late, headers=as_entry(uuid4()))
    assert answer.status_code == 404
    assert rows(SupplyEntry) == []


def test_deleting_a_pack_can_be_undone(client: TestClient, rows: Rows, zinc: RegimenItem) -> None:
    pack = add_pack(client, zinc)
    address = client.post(f"/supply/{pack}/delete").headers["location"]
    page = client.get(address)
    assert "Deleted from the supply." in page.text
    (form,) = re.findall(r'action="(/[^"]+/undo)"', page.text)
    assert client.post(form).status_code == 303
    assert [each.id for each in rows(SupplyEntry)] == [pack]


def test_ordered_packs_take_the_amber_away_and_count_when_they_come(
    client: TestClient, session: Session, alice: User, zinc: RegimenItem
) -> None:
    supply(session, alice, zinc, 5)
    assert '<p class="supply__figure" data-low>' in client.get(f"/regimen/{zinc.id}").text
    pack = add_pack(client, zinc, where="ordered", ordered_on="2026-11-20", price="9")
    page = client.get(f"/regimen/{zinc.id}").text
    assert '<p class="supply__figure">' in page
    assert "Ordered on 20 Nov" in page_of(client, zinc)
    assert client.post(f"/supply/{pack}/arrived").status_code == 303
    assert stock_now(session, alice, zinc) == 65
    assert "Order by 25 Jan: the last pack took 3 days" in page_of(client, zinc)


def test_a_count_a_loss_and_a_gift_change_what_is_left(
    client: TestClient, session: Session, alice: User, zinc: RegimenItem
) -> None:
    address = f"/regimen/{zinc.id}/supply"
    early = client.post(address, data={"kind": "lost", "amount": "2", "unit": "mL"})
    assert early.status_code == 422
    assert "Count what you have first, or add a pack." in early.text
    for minute, (kind, amount) in enumerate(
        (("recount", "0"), ("recount", "40"), ("lost", "2.5"), ("given_away", "1"))
    ):
        form = {
            "kind": kind,
            "amount": amount,
            "unit": "mL",
            "changed_at": f"2026-11-23T21:3{minute}:00+01:00",
        }
        assert client.post(address, data=form).status_code == 303
    assert stock_now(session, alice, zinc) == 36.5
    page = page_of(client, zinc)
    assert "Given away: 1 mL" in page
    assert "Earlier 23 Nov Counted: 0 mL" in page


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"amount": ""}, "Fill this in."),
        ({"amount": "0"}, "Enter an amount above 0."),
        ({"amount": "-1"}, "Enter 0 or more."),
        ({"amount": "5", "packs": "0"}, "Enter 1 or more."),
        ({"amount": "5", "on": "2026-11-24"}, "Choose today or an earlier day."),
        (
            {"amount": "5", "unit": "drop"},
            "The dose is in mL, and Strand can’t tell how many drops that is.",
        ),
        ({"amount": "5", "unit": "capsule"}, "Enter how much one capsule or tablet holds."),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    client: TestClient, rows: Rows, zinc: RegimenItem, form: dict[str, str], sentence: str
) -> None:
    typed = {"kind": "pack", "unit": "mL", "note": "from the chemist", **form}
    response = client.post(f"/regimen/{zinc.id}/supply", data=typed)
    assert response.status_code == 422
    assert sentence in response.text
    assert read(response).fields["note"] == ["from the chemist"]
    assert rows(SupplyEntry) == []


def test_capsules_are_counted_once_the_person_says_what_one_holds(
    client: TestClient, session: Session, rows: Rows, alice: User
) -> None:
    item = add(session, alice, "Magnesium", daily((MORNING, 667), (EVENING, 1334)))
    assert "One capsule or tablet holds" in text_of(client, f"/regimen/{item.id}/supply/new")
    form = {"kind": "pack", "amount": "60", "unit": "capsule", "piece_amount": "667"}
    assert client.post(f"/regimen/{item.id}/supply", data=form).status_code == 303
    (row,) = rows(RegimenItem)
    assert row.piece_amount == 667
    page = page_of(client, item)
    assert "3 capsules a day, as planned now" in page
    assert "60 capsules 20 days left" in page


def test_the_reminder_is_kept_with_the_item(
    client: TestClient, rows: Rows, session: Session, alice: User, zinc: RegimenItem
) -> None:
    supply(session, alice, zinc, 20)
    address = f"/regimen/{zinc.id}/supply/reminder"
    assert read(client.get(address)).fields["days"] == ["14"]
    assert client.post(address, data={"days": "121"}).status_code == 422
    assert client.post(address, data={"days": "30"}, headers=as_entry(uuid4())).status_code == 204
    (row,) = rows(RegimenItem)
    assert row.refill_days == 30
    assert "Reminder 30 days before" in page_of(client, zinc)


def test_today_warns_within_a_week_in_the_row_and_below(
    client: TestClient, session: Session, alice: User
) -> None:
    item = add(session, alice, "Zinc", daily((EVENING, 1), unit="mL"))
    supply(session, alice, item, 8)
    assert "Running low" not in text_of(client, "/")
    supply(session, alice, item, 6, RECOUNT, 20)
    page = client.get("/").text
    assert page.count('class="dose__low"') == 1
    assert "Running low Shopping list Zinc Runs out on 29 November 6 days left" in text_of(
        client, "/"
    )
    supply(session, alice, item, 60, on=None, ordered_on=ON, ago=10)
    page = client.get("/").text
    assert "dose__low" not in page
    assert "Ordered on 23 Nov 6 days left" in text_of(client, "/")
    assert "data-low" not in page


def test_today_says_that_nothing_is_left_as_a_number(
    client: TestClient, session: Session, alice: User
) -> None:
    item = add(session, alice, "Zinc", daily((EVENING, 1), unit="mL"))
    supply(session, alice, item, 0, RECOUNT)
    assert "Zinc Not enough for today 0 days left" in text_of(client, "/")


def test_the_shopping_list_has_packs_dates_and_a_total(
    client: TestClient, session: Session, alice: User, zinc: RegimenItem
) -> None:
    supply(session, alice, zinc, 10, price=12)
    iron = add(session, alice, "Iron", ONCE)
    supply(session, alice, iron, 90)
    add(session, alice, "Biotin", ONCE)
    page = text_of(client, "/regimen/shopping")
    assert "What runs out by 23 Dec if you carry on as planned" in page
    assert "Zinc 24.00 2 packs of 10 mL · runs out on 4 Dec" in page
    assert "Together about 24 of it for these 30 days 24.00" in page
    assert "Enough for now 1 Iron Until 21 Feb 2027 90 days left" in page
    assert "Not counted yet 1 Biotin" in page
    assert "5 packs of 10 mL" in text_of(client, "/regimen/shopping?days=60")
    assert text_of(client, "/regimen/shopping?days=31") == page
    bought = re.findall(r'class="tickbox" href="([^"]+)"', client.get("/regimen/shopping").text)
    fields = read(client.get(bought[0].replace("&amp;", "&"))).fields
    assert (fields["packs"], fields["amount"], fields["price"]) == (["2"], ["10"], ["12.00"])
    form = {each: values[0] for each, values in fields.items() if values[0]}
    answer = client.post(
        f"/regimen/{zinc.id}/supply", data={**form, "kind": "pack", "where": "here"}
    )
    assert answer.headers["location"] == "/regimen/shopping"
    assert "Nothing to buy" in text_of(client, "/regimen/shopping")


def test_the_packing_list_is_for_the_days_of_the_trip(
    client: TestClient, session: Session, alice: User, zinc: RegimenItem
) -> None:
    supply(session, alice, zinc, 12)
    free = DosageInput(unit="mg", kind=TimingKind.AS_NEEDED, usual_amount=400, daily_maximum=3)
    add(session, alice, "Ibuprofen", free)
    page = text_of(client, "/regimen/packing?from=2026-11-29&to=2026-12-08")
    assert "To pack 2 10 days" in page
    assert "Zinc 10 mL 3 mL short" in page
    assert "Ibuprofen 12,000 mg At most" in page
    assert "You will have enough" in text_of(client, "/regimen/packing")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=2026-11-22&to=2026-11-25", "Choose today or a later day."),
        ("from=2026-11-25&to=2026-11-24", "The last day is before the first day."),
        ("from=2026-11-25&to=2028-11-24", "A trip can last at most a year."),
    ],
)
def test_a_trip_that_cannot_be_is_refused(
    client: TestClient, zinc: RegimenItem, query: str, sentence: str
) -> None:
    response = client.get(f"/regimen/packing?{query}")
    assert response.status_code == 422
    assert sentence in response.text


def test_the_regimen_says_how_many_days_are_left(
    client: TestClient, session: Session, alice: User, zinc: RegimenItem
) -> None:
    supply(session, alice, zinc, 5)
    page = client.get("/regimen").text
    assert '<span class="row__figure" data-low><b>6</b> days left</span>' in page
    assert "1 item is running low" in page


def test_a_unit_that_cannot_be_converted_is_said_plainly(
    client: TestClient, session: Session, alice: User, zinc: RegimenItem
) -> None:
    supply(session, alice, zinc, 60, on=ON - 5 * DAY)
    log_dose(session, alice, zinc, taken(ON - DAY, None, unit="drop", amount=4))
    sentence = "Some packs or doses are in drops, and Strand can’t tell how many mL that is."
    assert sentence in page_of(client, zinc)
    assert f"Can’t be worked out 1 Zinc {sentence}" in text_of(client, "/regimen/shopping")


def test_an_item_as_needed_without_a_limit_lasts_so_many_doses(
    client: TestClient, session: Session, alice: User
) -> None:
    free = DosageInput(unit="mg", kind=TimingKind.AS_NEEDED, usual_amount=400)
    item = add(session, alice, "Ibuprofen", free)
    supply(session, alice, item, 8_000, unit="mg")
    assert "Enough for 20 doses of 400 mg" in page_of(client, item)
