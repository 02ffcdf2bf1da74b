"""The regimen over HTTP: every timing from the form, what cannot be, stop, resume and delete."""

import re
from datetime import date, time
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlmodel import Session, select

from app.domain.catalogue import CATALOGUE
from app.domain.timing import TimingKind
from app.models import Dosage, DosageTime, DoseEvent, Ingredient, RegimenItem, User
from app.services.versions import bump_regimen_version
from tests.routers.pages import SCRIPT, TODAY, assert_is_refused, log, read, search
from tests.support.databases import Rows
from tests.support.regimens import add

Fields = dict[str, str | list[str]]

MAGNESIUM: Fields = {
    "name": "Magnesium",
    "unit": "mg",
    "kind": "daily",
    "times": ["08:00", "21:00"],
    "amounts": ["667", "1333"],
    "starts_on": TODAY,
}


def create(client: TestClient, **changes: str | list[str]) -> int:
    return client.post("/regimen", data={**MAGNESIUM, **changes}).status_code


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"kind": TimingKind.DAILY}),
        ({"kind": "weekdays", "days": ["1", "3", "5"]}, {"kind": TimingKind.WEEKDAYS}),
        (
            {"kind": "every_days", "every": "3", "every_unit": "days"},
            {"kind": TimingKind.EVERY_DAYS, "every_days": 3},
        ),
        (
            {"kind": "every_days", "every": "2", "every_unit": "weeks"},
            {"kind": TimingKind.EVERY_DAYS, "every_days": 14},
        ),
        (
            {"kind": "days_of_month", "days_of_month": "15, 1 and 31"},
            {"kind": TimingKind.DAYS_OF_MONTH, "days_of_month": (1, 15, 31)},
        ),
        (
            {"kind": "cycle", "cycle_on": "5", "cycle_off": "2"},
            {"kind": TimingKind.CYCLE, "cycle_on": 5, "cycle_off": 2},
        ),
        (
            {"kind": "every_hours", "every_hours": "8", "times": ["06:00"], "amounts": ["1"]},
            {"kind": TimingKind.DAILY},
        ),
        (
            {"kind": "every_hours", "every_hours": "5", "times": [""], "amounts": ["1"]},
            {"kind": TimingKind.AS_NEEDED, "gap_hours": 5, "usual_amount": 1},
        ),
        (
            {"kind": "flexible", "per_week": "2", "per_week_most": "3", "usual_amount": "1"},
            {"kind": TimingKind.FLEXIBLE, "per_week": 2, "per_week_most": 3, "usual_amount": 1},
        ),
        (
            {
                "kind": "as_needed",
                "usual_amount": "0,5",
                "gap_hours": "4,5",
                "daily_maximum": "3",
            },
            {
                "kind": TimingKind.AS_NEEDED,
                "usual_amount": 0.5,
                "gap_hours": 4.5,
                "daily_maximum": 3,
            },
        ),
    ],
)
def test_every_rhythm_is_kept_shown_and_comes_back_into_the_form(
    client: TestClient, rows: Rows, fields: Fields, expected: dict[str, Any]
) -> None:
    assert create(client, **fields) == 303

    (dosage,) = rows(Dosage)
    assert {name: getattr(dosage, name) for name in expected} == expected
    assert client.get("/").status_code == 200
    assert client.get("/regimen").status_code == 200
    assert client.get(f"/regimen/{dosage.regimen_item_id}").status_code == 200
    form = read(client.get(f"/dosages/{dosage.id}/edit")).fields
    again = {name: values for name, values in form.items() if name}
    assert client.post(f"/dosages/{dosage.id}", data=again).status_code == 303
    kept = rows(Dosage)[0]
    assert {name: getattr(kept, name) for name in expected} == expected


def test_amounts_differ_by_time_and_times_by_weekday(client: TestClient, rows: Rows) -> None:
    create(client, line_days=["12345", "67"])

    lines = [(line.at, line.amount, line.days_of_week) for line in rows(DosageTime)]
    assert sorted(lines) == [(time(8), 667, "12345"), (time(21), 1333, "67")]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"amounts": ["-5", "1"]}, "amounts"),
        ({"amounts": ["0", "1"]}, "amounts"),
        ({"amounts": ["1e9", "1"]}, "amounts"),
        ({"amounts": ["1000000001", "1"]}, "amounts"),
        ({"amounts": ["abc", "1"]}, "amounts"),
        ({"amounts": ["", "1"]}, "amounts"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"note": "x" * 10_000}, "note"),
        ({"instruction": "x" * 81}, "instruction"),
        ({"starts_on": "1850-01-01"}, "starts_on"),
        ({"starts_on": "2300-01-01"}, "starts_on"),
        ({"starts_on": "2026-02-30"}, "starts_on"),
        ({"starts_on": ""}, "starts_on"),
        ({"ends_on": "2026-11-22"}, "ends_on"),
        ({"ends_on": "soon"}, "ends_on"),
        ({"times": [f"{hour:02}:00" for hour in range(13)], "amounts": ["1"] * 13}, "times"),
        ({"times": ["08:00", "08:00"]}, "times"),
        ({"times": ["", ""]}, "times"),
        ({"times": ["25:00", "21:00"]}, "times"),
        ({"kind": "hourly"}, "kind"),
        ({"unit": "x" * 41}, "unit"),
        ({"unit": "other"}, "own_unit"),
        ({"kind": "weekdays", "days": []}, "days"),
        ({"kind": "every_days", "every": "0"}, "every"),
        ({"kind": "every_days", "every": "53", "every_unit": "weeks"}, "every"),
        ({"kind": "every_days", "every": "99999999999999999999"}, "every"),
        ({"kind": "days_of_month", "days_of_month": "0, 32"}, "days_of_month"),
        ({"kind": "days_of_month", "days_of_month": "9" * 5000}, "days_of_month"),
        ({"kind": "cycle", "cycle_on": "0", "cycle_off": "2"}, "cycle_on"),
        ({"kind": "cycle", "cycle_on": "2", "cycle_off": ""}, "cycle_off"),
        ({"kind": "flexible", "per_week": "3", "per_week_most": "2"}, "per_week_most"),
        ({"kind": "flexible", "per_week": "100"}, "per_week"),
        ({"kind": "flexible", "per_week": "2", "usual_amount": ""}, "usual_amount"),
        ({"kind": "as_needed", "usual_amount": "-1"}, "usual_amount"),
        ({"kind": "as_needed", "usual_amount": "1", "gap_hours": "721"}, "gap_hours"),
        ({"kind": "as_needed", "usual_amount": "1", "daily_maximum": "0"}, "daily_maximum"),
        ({"label_mass": "144", "label_substance": ""}, "label_substance"),
        ({"label_mass": "5", "label_substance": "zinc", "label_unit": "IU"}, "label_unit"),
        ({"label_mass": "101", "label_substance": "zinc", "label_unit": "%"}, "label_mass"),
        ({"label_mass": "", "label_substance": "zinc"}, "label_mass"),
        ({"label_mass": "lots", "label_substance": "zinc"}, "label_mass"),
        ({"label_mass": "1", "label_substance": "zinc", "label_per": "0"}, "label_per"),
        ({"tone": "plaid"}, "tone"),
        ({"route": "by post"}, "route"),
        ({"kind_of_item": "poison"}, "kind_of_item"),
    ],
)
def test_an_item_that_cannot_be_names_the_field_and_loses_nothing_that_was_typed(
    client: TestClient, rows: Rows, fields: Fields, name: str
) -> None:
    typed = {**MAGNESIUM, "note": "from the pharmacy", **fields}
    # A value in a list of choices cannot come back, and what is not shown need not.
    chosen = {"kind", "unit", "tone", "route", "kind_of_item", "label_substance", "days"}
    response = client.post("/regimen", data=typed)
    page = read(response)

    assert response.status_code == 422
    assert f'href="#field-{name}"' in response.text
    assert "cannot be read" not in response.text
    for each in typed.keys() - chosen:
        values = typed[each] if isinstance(typed[each], list) else [typed[each]]
        for value in filter(None, values):
            assert value in page.fields.get(each, []), f"{each} has lost {value!r}"
    assert [*rows(RegimenItem), *rows(Dosage)] == []


@pytest.mark.parametrize(
    "name", ["\N{PILE OF POO}", "Магний", "x" * 80, "=1+1", "%s {0} {{7*7}}", "a &amp; b"]
)
def test_a_name_may_be_anything_that_can_be_written(
    client: TestClient, rows: Rows, name: str
) -> None:
    assert create(client, name=f" {name}\x00 ") == 303

    (item,) = rows(RegimenItem)
    assert item.name == name
    assert client.get("/").status_code == client.get("/regimen").status_code == 200
    assert read(client.get(f"/regimen/{item.id}/edit")).fields["name"] == [name]


def test_html_in_any_text_of_an_item_is_text_on_every_page(client: TestClient, rows: Rows) -> None:
    for fields in ({}, {"kind": "as_needed", "usual_amount": "1"}):
        texts = {name: SCRIPT for name in ("name", "instruction", "note")}
        assert create(client, **{**texts, **fields}) == 303
    item = rows(RegimenItem)[0]
    log(client, item, note=SCRIPT)
    client.post(f"/regimen/{item.id}/stop", data={"ends_on": TODAY, "reason": SCRIPT})
    dosage = rows(Dosage)[0]

    for address in (
        *("/", "/regimen", "/calendar/2026-11", f"/days/{TODAY}/log", f"/days/{TODAY}/as-needed"),
        *(f"/days/{TODAY}/take-all/morning", f"/days/{TODAY}/check-in"),
        *(f"/regimen/{item.id}{page}" for page in ("", "/edit", "/stop", "/delete", "/taper")),
        *(f"/regimen/{item.id}/dosages/new", f"/regimen/{item.id}/pauses/new"),
        *(f"/dosages/{dosage.id}/edit", "/regimen/new"),
    ):
        page = client.get(address)
        assert page.status_code == 200, address
        assert "<script>alert" not in page.text, address
        assert "<img src=x" not in page.text, address


def test_an_own_item_and_one_of_the_catalogue_start_from_a_filled_form(
    client: TestClient,
) -> None:
    own = search(client, "/regimen/search", q=" Nettle  tea", own="true")
    assert read(own).fields["name"] == ["Nettle tea"]
    known = read(client.get("/regimen/new?catalogue_id=minoxidil-topical-solution")).fields
    assert known["catalogue_id"] == ["minoxidil-topical-solution"]
    assert known["times"][:2] == ["08:00", "21:00"]
    found = search(client, "/regimen/search", q="finas")
    assert read(found).fields["q"] == ["finas"]
    assert found.text.count("data-words=") == 2
    assert client.get("/regimen/new").text.count("data-words=") == len(CATALOGUE)
    assert client.get("/regimen/new?catalogue_id=unheard-of").status_code == 200


def test_a_search_of_the_catalogue_is_put_into_no_address_and_stays_text(
    client: TestClient,
) -> None:
    for data in ({"q": SCRIPT}, {"q": SCRIPT, "own": "true"}, {"q": "w" * 81}):
        page = search(client, "/regimen/search", **data)
        assert page.status_code == (422 if len(data["q"]) > 80 else 200)
        assert "<script>alert" not in page.text
        assert [data["q"]] in read(page).fields.values()
        assert not re.search(r'(?:href|action)="[^"]*(?:alert|www)', page.text)


def test_the_own_label_wins_and_can_be_put_right(client: TestClient, rows: Rows) -> None:
    create(client, label_substance="magnesium", label_mass="144", label_per="2000")
    item = rows(RegimenItem)[0]
    label = rows(Ingredient)[0]
    assert (label.substance, label.mass_ug, label.per_amount) == ("magnesium", 144_000, 2000)

    form = read(client.get(f"/regimen/{item.id}/edit")).fields
    assert (form["label_mass"][0], form["label_per"][0]) == ("144", "2000")
    changed = {"name": "Magtein", "label_substance": "magnesium", "label_mass": "72"}
    assert client.post(f"/regimen/{item.id}", data=changed).status_code == 303
    assert [(each.mass_ug, each.per_amount) for each in rows(Ingredient)] == [(72_000, 1)]
    assert rows(RegimenItem)[0].name == "Magtein"


def test_a_name_that_is_too_long_is_refused_on_editing_too(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    typed: Fields = {"name": "x" * 81, "note": "keep me", "instruction": "with food"}
    assert_is_refused(client, f"/regimen/{minoxidil.id}", typed, "name")

    assert rows(RegimenItem)[0].name == "Minoxidil"


def test_an_item_is_stopped_with_a_reason_and_resumed(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil)
    data = {"ends_on": "2026-11-22", "reason": "x" * 200}
    assert client.post(f"/regimen/{minoxidil.id}/stop", data=data).status_code == 303
    assert rows(RegimenItem)[0].ends_on == date(2026, 11, 22)
    assert "Stopped" in client.get("/regimen").text
    assert len(rows(DoseEvent)) == 1

    client.post(f"/regimen/{minoxidil.id}/resume")
    assert (rows(RegimenItem)[0].ends_on, rows(RegimenItem)[0].end_reason) == (None, "")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"ends_on": "2026-08-01", "reason": "it itched"}, "ends_on"),
        ({"ends_on": "", "reason": "it itched"}, "ends_on"),
        ({"ends_on": "1850-01-01"}, "ends_on"),
        ({"ends_on": TODAY, "reason": "x" * 201}, "reason"),
    ],
)
def test_a_stop_that_cannot_be_is_named(
    client: TestClient, rows: Rows, minoxidil: RegimenItem, fields: Fields, name: str
) -> None:
    assert_is_refused(client, f"/regimen/{minoxidil.id}/stop", fields, name)

    assert rows(RegimenItem)[0].ends_on is None


def test_an_item_is_deleted_only_when_that_is_confirmed(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil)
    address = f"/regimen/{minoxidil.id}/delete"
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 422
    assert len(rows(RegimenItem)) == len(rows(DoseEvent)) == 1

    assert client.post(address, data={"confirm": "yes"}).status_code == 303
    assert [*rows(RegimenItem), *rows(DoseEvent), *rows(Dosage), *rows(DosageTime)] == []
    assert client.post(address, data={"confirm": "yes"}).status_code == 404


def test_a_regimen_holds_two_hundred_items_and_says_so(
    client: TestClient, session: Session, alice: User
) -> None:
    for number in range(200):
        session.add(
            RegimenItem(
                user_id=alice.id,
                name=f"Item {number}",
                kind="supplement",
                route="oral",
                icon="pill",
                tone="mint",
                starts_on=date(2026, 11, 1),
                created_at=alice.created_at,
            )
        )
    session.commit()

    assert_is_refused(client, "/regimen", {**MAGNESIUM}, "name")


def test_another_persons_item_does_not_exist(
    client: TestClient, rows: Rows, bobs_item: RegimenItem
) -> None:
    for page in ("", "/edit", "/stop", "/delete", "/taper", "/dosages/new", "/pauses/new"):
        assert client.get(f"/regimen/{bobs_item.id}{page}").status_code == 404
    data = {"name": "Mine", "ends_on": TODAY, "confirm": "yes"}
    for action in ("", "/stop", "/resume", "/delete"):
        assert client.post(f"/regimen/{bobs_item.id}{action}", data=data).status_code == 404
    item = rows(RegimenItem)[0]
    assert (item.name, item.ends_on) == ("Bob's minoxidil", None)


def test_the_same_day_starts_an_item_for_two_people_apart(
    client: TestClient, bobs_client: TestClient, session: Session, bob: User
) -> None:
    create(client)
    add(session, bob, "Biotin")

    assert "Biotin" not in client.get("/regimen").text
    assert "Magnesium" not in bobs_client.get("/regimen").text


def test_an_amount_below_zero_is_distinguished_from_what_is_not_a_number(
    client: TestClient,
) -> None:
    for typed, sentence in (("-1", "Enter an amount above 0."), ("one", "Enter a number such as")):
        page = client.post("/regimen", data={**MAGNESIUM, "amounts": [typed, "1"]})
        assert sentence in page.text


def test_what_a_file_brought_and_nothing_goes_on_with_is_not_taken_now(
    client: TestClient, session: Session, alice: User
) -> None:
    item = add(session, alice, "Iron", starts_on=date(2026, 9, 1))
    session.execute(update(Dosage).values(ends_on=date(2026, 10, 5)))
    bump_regimen_version(session, alice)
    session.commit()

    page = client.get("/regimen").text
    assert "Taking now" not in page
    assert "No times set since 5 Oct" in page
    assert "No times set since 5 Oct" in client.get(f"/regimen/{item.id}").text


def test_a_weekly_dose_is_not_said_to_be_daily(client: TestClient, session: Session) -> None:
    create(
        client, name="Needling", kind="every_days", every="1", every_unit="weeks", unit="session"
    )
    item = session.exec(select(RegimenItem)).one()

    page = client.get(f"/regimen/{item.id}").text
    assert "every week" in page
    assert "1 session a day" not in page


def test_who_has_a_regimen_finds_the_search_before_the_sets(
    client: TestClient, minoxidil: RegimenItem
) -> None:
    page = client.get("/regimen/new").text

    assert page.index('id="catalogue-search"') < page.index("Ready-made sets")


def test_an_item_is_moved_up_and_down_and_keeps_its_place_on_today(
    client: TestClient, session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    zinc = add(session, alice, "Zinc")

    def order(address: str) -> bool:
        page = read(client.get(address)).text
        return page.index("Zinc") < page.index("Minoxidil")

    assert not order("/")
    moved = client.post(f"/regimen/{zinc.id}/move", data={"to": "up"})
    assert moved.headers["location"] == f"/regimen/order#item-{zinc.id}"
    assert order("/")
    assert order("/regimen/order")
    client.post(f"/regimen/{zinc.id}/move", data={"to": "up"})
    assert order("/")
    client.post(f"/regimen/{zinc.id}/move", data={"to": "down"})
    assert not order("/")
    client.post(f"/regimen/{zinc.id}/move", data={"to": "sideways"})
    assert not order("/")


def test_a_deleted_item_is_brought_back_from_its_list(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil)
    address = f"/regimen/{minoxidil.id}/delete"
    answer = client.post(address, data={"confirm": "yes"}, follow_redirects=False)
    assert answer.status_code == 303
    assert "Minoxidil" in client.get("/regimen/deleted").text

    restored = client.post(f"/regimen/{minoxidil.id}/restore", follow_redirects=False)
    assert restored.status_code == 303
    assert len(rows(DoseEvent)) == 1
    assert "Nothing was deleted" in client.get("/regimen/deleted").text
