"""Names that a person typed or imported, matched to the catalogue."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import CATALOGUE, Treatment
from app.domain.labels import strength_in
from app.domain.matching import match_name


def ids(text: str) -> list[str]:
    return [treatment.id for treatment in match_name(text)]


@pytest.mark.parametrize(
    "name",
    [
        "Finasteride",
        "finastéride",
        "FINASTERIDE 1MG",
        "Finasterid 1 mg Filmtabletten",
        "Finasteride tablets",
        "finasterida 1mg",
        "Propecia",
        "fin 1mg",
        "Proscar (5 mg, quartered)",
        "finastride",
        "Finasteride (generic) 1.25 mg",
    ],
)
def test_finasteride_is_recognised_however_it_is_written(name: str) -> None:
    assert ids(name)[0] == "finasteride-oral"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Minoxidil 5%", ["minoxidil-topical-solution", "minoxidil-topical-foam"]),
        ("minoxidil5%", ["minoxidil-topical-solution", "minoxidil-topical-foam"]),
        (
            "Minoxidil",
            ["minoxidil-topical-solution", "minoxidil-topical-foam", "minoxidil-oral-low"],
        ),
        ("Minoxidil foam", ["minoxidil-topical-foam"]),
        ("Rogaine 5% Foam", ["minoxidil-topical-foam"]),
        ("Regaine", ["minoxidil-topical-solution", "minoxidil-topical-foam"]),
        ("Minoxidil tablets", ["minoxidil-oral-low"]),
        ("minoxidil 2.5 mg tabs", ["minoxidil-oral-low"]),
        (
            "Minoxidil 50 mg/mL",
            ["minoxidil-topical-solution", "minoxidil-topical-foam", "minoxidil-oral-low"],
        ),
        ("Finasteride 0.25% spray", ["finasteride-topical"]),
        ("Topical finasteride", ["finasteride-topical"]),
        ("Avodart 0.5mg", ["dutasteride-oral"]),
        ("omega3", ["omega-3"]),
        ("Omega-3 fish oil 1000mg", ["omega-3"]),
        ("Vit D", ["vitamin-d3"]),
        ("Vitamin D3 1000IU", ["vitamin-d3"]),
        ("VITAMINE D", ["vitamin-d3"]),
        ("Magnesium L-threonate", ["magnesium-l-threonate"]),
        ("Magnesium-L-Threonat 2000 mg", ["magnesium-l-threonate"]),
        ("Magnésium", ["magnesium-other"]),
        ("magnesium glycinate 200 mg", ["magnesium-other"]),
        ("Sägepalme", ["saw-palmetto"]),
        ("Serenoa repens 320", ["saw-palmetto"]),
        ("Nizoral", ["ketoconazole-shampoo"]),
        ("Biotin 10,000 mcg gummies", ["biotin"]),
        ("Zinc picolinate", ["zinc"]),
        ("Dermaroller 0.5mm", ["microneedling"]),
        ("Spironolacton 25", ["spironolactone"]),
    ],
)
def test_brands_salts_strengths_and_forms_lead_to_the_entry_that_is_meant(
    name: str, meant: list[str]
) -> None:
    assert ids(name) == meant


def test_milligrams_speak_for_tablets() -> None:
    assert ids("Minoxidil 2.5 mg") == ["minoxidil-oral-low"]
    assert ids("Finasterid 1 mg") == ["finasteride-oral"]
    assert ids("Biotin 10 mg") == ["biotin"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "5%",
        "Paracetamol",
        "Collagen",
        "Final check",
        "Biotin shampoo",
        "Ketoconazole tablets",
        "Zinc cream",
        "Ironman drink",
        "Mg",
        "finasteride eye drops",
    ],
)
def test_other_names_are_not_forced_onto_an_entry(name: str) -> None:
    assert ids(name) == []


def test_a_mixture_suggests_each_entry_that_it_names() -> None:
    assert set(ids("Minoxidil + finasteride solution")) == {
        "minoxidil-topical-solution",
        "finasteride-topical",
    }


@pytest.mark.parametrize(
    "name",
    [
        "Magnesium lthreonate",
        "MagnesiumLThreonate 2000 mg",
        "magnesium l threonate",
        "Magnesium L\N{EN DASH}threonate",
    ],
)
def test_spaces_and_hyphens_within_a_name_do_not_matter(name: str) -> None:
    assert ids(name) == ["magnesium-l-threonate"]


@pytest.mark.parametrize("treatment", CATALOGUE.values(), ids=lambda each: each.id)
def test_every_entry_is_found_by_its_own_names(treatment: Treatment) -> None:
    assert treatment in match_name(str(treatment.short_name))
    assert treatment in match_name(str(treatment.name))
    for synonym in treatment.synonyms:
        assert treatment in match_name(synonym), synonym


def test_a_text_of_any_length_is_looked_up_at_once() -> None:
    began = process_time()

    assert ids("9" * 200_000) == []
    assert strength_in("9" * 200_000) is None
    assert process_time() - began < 1


@given(st.text(max_size=80))
def test_any_text_can_be_looked_up(text: str) -> None:
    assert isinstance(ids(text), list)
