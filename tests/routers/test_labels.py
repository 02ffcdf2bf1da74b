"""Labels of items: strengths, any number of ingredients, capsules and packages."""

import csv
import io
from datetime import date
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.domain.labels import parse_strength
from app.models import Ingredient, RegimenItem, User
from app.services.items import IngredientInput, ItemEdit, edit_item, strength_on_label
from tests.routers.pages import read, search
from tests.support.databases import Rows
from tests.support.regimens import MORNING, add, daily, decided, log_dose, taken

TODAY = date(2026, 11, 23)
FOAM = {
    "name": "Minoxidil foam",
    "catalogue_id": "minoxidil-topical-foam",
    "route": "scalp",
    "kind_of_item": "otc",
    "unit": "g",
    "kind": "daily",
    "times": "08:00",
    "amounts": "1",
    "starts_on": str(TODAY),
}
OWN = {**FOAM, "name": "Own mixture", "catalogue_id": "", "unit": "mL"}


def create(client: TestClient, **fields: object) -> int:
    return client.post("/regimen", data={**OWN, **fields}).status_code


def execute_prepared(client: TestClient, file: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"/export/{file}.csv").text)))


def test_the_catalogue_s_strengths_are_offered_and_the_first_is_chosen(client: TestClient) -> None:
    form = client.get("/regimen/new?catalogue_id=minoxidil-topical-solution").text

    assert 'name="strength" value="5%" checked' in form
    assert 'name="strength" value="2%"' in form
    assert 'name="strength"' not in client.get("/regimen/new?catalogue_id=zinc").text


def test_a_foam_says_its_strength_and_its_milligrams_everywhere(
    client: TestClient, rows: Rows
) -> None:
    assert client.post("/regimen", data={**FOAM, "strength": "5%"}).status_code == 303
    (item,) = rows(RegimenItem)

    assert item.name == "Minoxidil foam"
    today = client.get("/").text
    assert "Minoxidil foam 5%" in today
    assert "1 g (50 mg)" in today
    page = client.get(f"/regimen/{item.id}").text
    assert "Minoxidil foam 5%" in unescape(page).replace("\u00a0", " ")
    assert "Holds 50 mg of minoxidil" in page
    assert "Minoxidil foam 5%" in client.get("/regimen").text
    assert [row["strength"] for row in execute_prepared(client, "regimen")] == ["5%"]
    assert [
        (row["substance"], row["strength"], row["strength_unit"])
        for row in execute_prepared(client, "ingredients")
    ] == [("minoxidil", "5", "%")]


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"strength": "5%"}, "Minoxidil foam 5%"),
        ({"strength": "5%", "strength_other": "7 %"}, "Minoxidil foam 7%"),
        ({"strength_other": "0,25%"}, "Minoxidil foam 0.25%"),
        ({"strength_other": "2 mg/mL"}, "Minoxidil foam 2 mg/mL"),
        ({"name": "Minoxidil foam 5 %", "strength": "5%"}, "Minoxidil foam 5 %"),
    ],
)
def test_another_strength_can_be_typed(
    client: TestClient, fields: dict[str, str], shown: str
) -> None:
    assert client.post("/regimen", data={**FOAM, **fields}).status_code == 303

    assert shown in client.get("/").text


def test_anything_but_a_strength_is_refused(client: TestClient, rows: Rows) -> None:
    page = client.post("/regimen", data={**FOAM, "strength_other": "strong"})

    assert page.status_code == 422
    assert "Enter a strength such as 5% or 2 mg/mL." in page.text
    assert 'value="strong"' in page.text
    assert rows(RegimenItem) == []


def test_sprays_become_milligrams(client: TestClient, session: Session, alice: User) -> None:
    strength = strength_on_label("finasteride", parse_strength("2.275 mg/mL"), "spray")
    item = add(
        session, alice, "Topical finasteride", daily((MORNING, 4), unit="spray"), route="scalp",
        catalogue_id="finasteride-topical", ingredients=(strength,),
    )  # fmt: skip
    log_dose(session, alice, item, taken(TODAY))

    assert "4 sprays (0.455 mg)" in client.get("/").text
    (dose,) = [row for row in execute_prepared(client, "doses") if row["status"] == "taken"]
    assert (dose["amount"], dose["unit"], dose["active_mg"]) == ("4", "spray", "0.455")
    assert dose["elemental_mg"] == ""


def test_an_own_item_with_a_strength_in_its_name_begins_with_it(client: TestClient) -> None:
    form = read(search(client, "/regimen/search", q="Minoxidil 7%", own="true")).fields

    assert form["label_substance"][0] == "Minoxidil"
    assert form["label_mass"][0] == "7"


def test_a_medicine_on_the_label_is_taken(client: TestClient, rows: Rows) -> None:
    fields = {"label_substance": "minoxidil", "label_mass": "70", "label_unit": "mg"}
    assert create(client, **fields) == 303

    (label,) = rows(Ingredient)
    assert (label.substance, label.mass_ug, label.unit) == ("minoxidil", 70_000, "mL")


@pytest.mark.parametrize("unit", ["tablet", "capsule", "drop", "count", "patch"])
def test_what_is_counted_shows_the_milligrams_that_its_label_names(
    client: TestClient, session: Session, alice: User, unit: str
) -> None:
    held = IngredientInput(substance="finasteride", mass_ug=5000, unit=unit)
    item = add(session, alice, "Tablets", daily((MORNING, 0.25), unit=unit), ingredients=(held,))
    log_dose(session, alice, item, taken(TODAY))

    for address in ("/", f"/regimen/{item.id}", f"/days/{TODAY}/doses/{item.id}/08:00"):
        assert "(1.25 mg)" in client.get(address).text, address
    (dose,) = [row for row in execute_prepared(client, "doses") if row["status"] == "taken"]
    assert (dose["amount"], dose["unit"], dose["active_mg"]) == ("0.25", unit, "1.25")


def test_several_ingredients_of_a_capsule_are_not_one_amount(
    client: TestClient, session: Session, alice: User
) -> None:
    held = tuple(
        IngredientInput(substance=each, mass_ug=5000, unit="capsule") for each in ("zinc", "iron")
    )
    add(session, alice, "Multi", daily((MORNING, 1), unit="capsule"), ingredients=held)

    assert "mg)" not in client.get("/").text


def test_drops_become_milligrams_once_their_size_is_said(client: TestClient, rows: Rows) -> None:
    fields = {
        **OWN, "name": "Melatonin", "unit": "drop", "amount": "6", "amounts": "",
        "label_substance": "melatonin", "label_mass": "2.5", "label_unit": "mg/mL",
    }  # fmt: skip
    assert create(client, **fields) == 303
    (item,) = rows(RegimenItem)
    page = client.get(f"/regimen/{item.id}").text
    assert "enter how many drops make 1 mL" in page
    assert "6 drops" in client.get("/").text
    assert "mg)" not in client.get("/").text

    form = read(client.get(f"/regimen/{item.id}/edit")).fields
    form = {name: values for name, values in form.items() if name}
    assert client.post(f"/regimen/{item.id}", data={**form, "drops_per_ml": "30"}).is_redirect
    assert "6 drops (0.5 mg)" in client.get("/").text
    assert "Holds 0.5 mg of melatonin" in client.get(f"/regimen/{item.id}").text
    assert read(client.get(f"/regimen/{item.id}/edit")).fields["drops_per_ml"] == ["30"]


def test_a_multivitamin_has_any_number_of_ingredients(client: TestClient, rows: Rows) -> None:
    named = [
        "Zinc",
        "Iron",
        "Vitamin D",
        "EPA",
        "DHA",
        "Vitamin C",
        "Retinol",
        "Redensyl",
        "Biotin",
    ]
    fields = {
        "unit": "tablet",
        "route": "oral",
        "label_substance": named,
        "label_mass": ["30", "14", "1000", "200", "300", "80", "800", "1", "50"],
        "label_unit": ["mg", "mg", "IU", "mg", "mg", "mg", "ug", "mg", "ug"],
        "label_per": ["2", "", "", "", "", "", "", "", ""],
    }
    assert create(client, **fields) == 303

    held = {each.substance: each.mass_ug / each.per_amount for each in rows(Ingredient)}
    assert held == {
        "zinc": 15_000, "iron": 14_000, "vitamin_d": 25, "epa": 200_000, "dha": 300_000,
        "vitamin_c": 80_000, "vitamin_a": 800, "Redensyl": 1_000, "biotin": 50,
    }  # fmt: skip
    (item,) = rows(RegimenItem)
    form = read(client.get(f"/regimen/{item.id}/edit")).fields
    assert form["label_substance"][:3] == ["Zinc", "Iron", "Vitamin D"]
    assert form["label_per"][0] == "2"
    totals = client.get("/regimen/totals").text
    assert "EPA and DHA" in totals
    assert ">500<" in totals.replace(" ", "")


def test_a_compounded_solution_waits_and_is_listed_for_both_of_its_medicines(
    client: TestClient, rows: Rows
) -> None:
    fields = {
        "label_substance": ["minoxidil", "finasteride"],
        "label_mass": ["5", "0.1"],
        "label_unit": ["%", "%"],
    }
    assert create(client, **fields) == 303
    (item,) = rows(RegimenItem)

    page = client.get(f"/regimen/{item.id}").text
    assert "Own mixture 5% + 0.1%" in client.get("/").text
    assert "Holds 50 mg of minoxidil and 1 mg of finasteride" in page
    lab = client.get(f"/days/{TODAY}/lab-list").text
    assert "PSA test" in lab


def test_more_rows_are_given_without_saving_or_losing_anything(
    client: TestClient, rows: Rows
) -> None:
    fields = {**OWN, "name": "Half typed", "label_substance": "Zinc", "label_mass": "10"}
    page = client.post("/regimen", data={**fields, "amounts": "", "more": "ingredients"})

    assert page.status_code == 200
    assert rows(RegimenItem) == []
    form = read(page).fields
    assert form["name"] == ["Half typed"]
    assert form["label_substance"][0] == "Zinc"
    assert len(form["label_substance"]) == 6
    assert "Fill this in" not in page.text


def test_labels_and_packages_can_be_counted_in_capsules(
    client: TestClient, session: Session, alice: User, rows: Rows
) -> None:
    item = add(session, alice, "Magnesium", daily((MORNING, 2000)), route="oral")
    fields = {
        "name": "Magnesium", "label_substance": "magnesium", "label_mass": "144",
        "label_per": "3", "label_per_unit": "piece", "piece_amount": "667",
        "package_amount": "90", "package_unit": "piece", "package_price": "34.90",
    }  # fmt: skip
    assert client.post(f"/regimen/{item.id}", data=fields).status_code == 303

    (label,) = rows(Ingredient)
    assert (label.mass_ug, label.per_amount, label.unit) == (144_000, 2001, "mg")
    assert rows(RegimenItem)[0].package_amount == 60_030
    form = read(client.get(f"/regimen/{item.id}/edit")).fields
    assert (form["label_per"][0], form["package_amount"]) == ("3", ["90"])
    assert form["piece_amount"] == ["667"]


def test_capsules_without_their_size_are_refused(
    client: TestClient, session: Session, alice: User, rows: Rows
) -> None:
    item = add(session, alice, "Magnesium", daily((MORNING, 2000)), route="oral")
    page = client.post(
        f"/regimen/{item.id}",
        data={"name": "Magnesium", "package_amount": "90", "package_unit": "piece"},
    )

    assert page.status_code == 422
    assert "Enter how much one capsule or tablet holds." in page.text
    assert rows(RegimenItem)[0].package_amount is None


def test_a_dose_in_another_unit_than_the_label_is_not_counted_wrongly(
    client: TestClient, session: Session, alice: User
) -> None:
    item = add(session, alice, "Zinc", daily((MORNING, 25)), route="oral")
    fields = {"name": "Zinc", "label_substance": "zinc", "label_mass": "1", "label_per": "1"}
    client.post(f"/regimen/{item.id}", data=fields)
    assert ">25<" in client.get("/regimen/totals").text.replace(" ", "")
    capsules = {"unit": "capsule", "kind": "daily", "times": "08:00", "amounts": "1"}
    client.post(f"/regimen/{item.id}/dosages", data={**capsules, "starts_on": str(TODAY)})

    totals = client.get("/regimen/totals").text
    assert "no label figure" in totals
    assert ">1<" not in totals.replace(" ", "")


def test_a_label_can_be_put_back_with_the_item(session: Session, alice: User, rows: Rows) -> None:
    item = add(session, alice, "Minoxidil")
    strength = strength_on_label("minoxidil", parse_strength("5%"), "mL")
    edit_item(session, item, ItemEdit(name="Minoxidil", ingredients=(strength,)), decided(alice))
    session.commit()
    ids = [each.id for each in rows(Ingredient)]
    edit_item(session, item, ItemEdit(name="Minox", ingredients=(strength,)), decided(alice))
    session.commit()

    assert [each.id for each in rows(Ingredient)] == ids
    assert [(each.strength, each.strength_unit) for each in rows(Ingredient)] == [(5, "%")]


def test_the_classic_set_says_minoxidil_5_percent_on_today(client: TestClient) -> None:
    page = client.get("/regimen/sets/classic")
    assert "Minoxidil 5%" in page.text
    form = read(page).fields
    client.post("/regimen/sets/classic", data=form)

    today = client.get("/").text
    assert "Minoxidil 5%" in today
    assert "1 mL (50 mg)" in today
