"""The contents of a label: strengths, masses and doses."""

import pytest

from app.domain.catalogue import CATALOGUE, elemental_amount
from app.domain.labels import (
    Content,
    LabelStrength,
    StrengthUnit,
    name_with_strength,
    parse_strength,
    strength_in,
    strength_of,
)
from app.domain.quantities import share_of, vitamin_d_micrograms, vitamin_d_units


@pytest.mark.parametrize(
    ("percent", "amount", "unit", "times", "milligrams"),
    [(5, 1, "mL", 2, 100), (2, 1, "mL", 2, 40), (5, 1, "g", 1, 50), (5, 0.5, "mL", 1, 25)],
)
def test_percent_becomes_milligrams_in_a_solution_and_in_a_foam(
    percent: float, amount: float, unit: str, times: int, milligrams: float
) -> None:
    strength = LabelStrength(percent, StrengthUnit.PERCENT)

    assert strength.milligrams_in(amount * times, unit) == milligrams


def test_four_sprays_of_the_licensed_finasteride_spray_hold_0_455_mg() -> None:
    assert parse_strength("2.275 mg/mL").milligrams_in(4, "spray") == 0.455


def test_the_other_kinds_of_dose_become_milligrams_too() -> None:
    magnesium = elemental_amount(CATALOGUE["magnesium-l-threonate"], 2000, "mg")

    assert magnesium is not None
    assert magnesium.value == 144.0
    assert vitamin_d_micrograms(2000) == 50.0
    assert vitamin_d_units(100) == 4000
    assert share_of(325, 0.2) == 65.0


def test_a_spray_may_be_larger_than_usual() -> None:
    assert parse_strength("5%").milligrams_in(7, "spray", ml_each=0.14) == 49.0
    assert parse_strength("0.1 mg/spray").milligrams_in(4, "spray") == 0.4
    assert parse_strength("0.1 mg/spray").milligrams_in(1, "mL", ml_each=0.05) == 2.0


@pytest.mark.parametrize(
    ("strength", "unit"),
    [("5%", "capsule"), ("5%", "mg"), ("5%", "drop"), ("2 mg/mL", "g"), ("50 mg/g", "mL")],
)
def test_what_a_strength_does_not_say_is_not_guessed(strength: str, unit: str) -> None:
    assert parse_strength(strength).milligrams_in(1, unit) is None


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("5%", "5%"),
        (" 5 % ", "5%"),
        ("0,25%", "0.25%"),
        ("2.275 mg/ml", "2.275 mg/mL"),
        ("2mg per mL", "2 mg/mL"),
        ("50 mg / g", "50 mg/g"),
        ("0.1 MG/SPRAY", "0.1 mg/spray"),
        ("0,1 mg/Sprühstoß", "0.1 mg/spray"),
        ("5 percent", "5%"),
        ("2,5 Prozent", "2.5%"),
        ("\uff15\uff05", "5%"),
    ],
)
def test_a_strength_is_read_as_people_write_it(typed: str, shown: str) -> None:
    assert str(parse_strength(typed)) == shown


@pytest.mark.parametrize("typed", ["", "five", "5", "%", "0%", "101%", "-5%", "5 mg", "1e3%"])
def test_anything_but_a_strength_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        parse_strength(typed)


def test_a_strength_is_found_within_a_name() -> None:
    assert strength_in("Minoxidil 5 % foam") == strength_of(5, "%")
    assert strength_in("Rogaine5%") == strength_of(5, "%")
    assert strength_in("minoxidil 5 percent foam") == strength_of(5, "%")
    assert strength_in("Minoxidil 5 per cent") == strength_of(5, "%")
    assert strength_in("5 percentiles") is None
    assert strength_in("Magnesium 400 mg") is None
    assert strength_in("500% better") is None


@pytest.mark.parametrize(
    ("name", "strengths", "shown"),
    [
        ("Minoxidil", ["5%"], "Minoxidil 5%"),
        ("Minoxidil 5%", ["5%"], "Minoxidil 5%"),
        ("Minoxidil 5 %", ["5%"], "Minoxidil 5 %"),
        ("Minoxidil 5 percent foam", ["5%"], "Minoxidil 5 percent foam"),
        ("Minoxidil 2,5%", ["2.5%"], "Minoxidil 2,5%"),
        ("Minoxidil 2.5%", ["5%"], "Minoxidil 2.5% 5%"),
        ("Pharmacy mixture", ["5%", "0.1%"], "Pharmacy mixture 5% + 0.1%"),
        ("Magnesium", [], "Magnesium"),
    ],
)
def test_a_product_is_named_with_its_strength_once(
    name: str, strengths: list[str], shown: str
) -> None:
    assert name_with_strength(name, [parse_strength(each) for each in strengths]) == shown


def test_a_label_in_milligrams_fits_grams_and_not_capsules() -> None:
    held = Content("magnesium", 72, unit="mg")

    assert held.micrograms_in(2000, "mg") == 144_000
    assert held.micrograms_in(2, "g") == 144_000
    assert held.micrograms_in(3, "capsule") is None


def test_vitamin_d_labelled_in_micrograms_fits_a_dose_in_units() -> None:
    assert Content("vitamin_d", 1, unit="ug").micrograms_in(2000, "IU") == 50
    assert Content("zinc", 1, unit="ug").micrograms_in(2000, "IU") is None


def test_a_strength_fits_the_dose_whatever_it_is_counted_in() -> None:
    held = Content("minoxidil", 50_000, unit="mL", strength=strength_of(5, "%"))

    assert held.micrograms_in(1, "mL") == 50_000
    assert held.micrograms_in(1, "g") == 50_000
    assert held.micrograms_in(20, "spray") == 50_000


def test_drops_hold_what_their_size_says_and_nothing_is_guessed_without_it() -> None:
    assert parse_strength("5%").milligrams_in(20, "drop", ml_each=0.05) == 50.0
    assert parse_strength("2 mg/mL").milligrams_in(30, "drop", ml_each=1 / 30) == 2.0
    assert parse_strength("5%").milligrams_in(20, "drop") is None
    assert parse_strength("0.1 mg/spray").milligrams_in(1, "drop", ml_each=0.05) is None
