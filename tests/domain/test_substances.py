"""Names of substances on a label."""

import pytest

from app.domain.catalogue import CATALOGUE, SUBSTANCES, root_of, substance_named, treatments_of


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("magnesium", "magnesium"),
        ("Magnesium", "magnesium"),
        ("minoxidil", "minoxidil"),
        ("Vitamin D3", "vitamin_d"),
        ("vitamin_d", "vitamin_d"),
        ("Retinol", "vitamin_a"),
        ("vitamin A", "vitamin_a"),
        ("β-carotene", "beta_carotene"),
        ("Beta carotene", "beta_carotene"),
        ("Vitamin A (as beta-carotene)", "beta_carotene"),
        ("EPA", "epa"),
        ("dha", "dha"),
        ("omega-3", "omega_3"),
        ("magnesum", "magnesium"),
        ("Vitamin B12", "vitamin_b12"),
        ("vitamin b 4", "vitamin b 4"),
        ("Vitamin F", "Vitamin F"),
        (" Redensyl  X ", "Redensyl X"),
    ],
)
def test_a_substance_is_known_by_any_of_its_names_and_else_kept_as_typed(
    typed: str, slug: str
) -> None:
    assert substance_named(typed) == slug


def test_epa_and_dha_are_parts_of_omega_3() -> None:
    assert root_of("epa") == root_of("dha") == root_of("omega_3") == "omega_3"
    assert root_of("zinc") == "zinc"
    assert root_of("Redensyl") == "Redensyl"


def test_an_item_of_the_catalogue_speaks_for_what_else_its_label_names() -> None:
    solution = CATALOGUE["minoxidil-topical-solution"]
    spoken = treatments_of(solution, "scalp", ["minoxidil", "finasteride"])

    assert [each.id for each in spoken] == ["minoxidil-topical-solution", "finasteride-topical"]
    assert treatments_of(None, "oral", ["epa", "dha"]) == (CATALOGUE["omega-3"],)


@pytest.mark.parametrize(
    ("unit", "entry"),
    [
        ("mL", "minoxidil-topical-solution"),
        ("g", "minoxidil-topical-foam"),
        ("spray", "minoxidil-topical-solution"),
        ("", "minoxidil-topical-solution"),
    ],
)
def test_a_mixture_in_millilitres_is_described_as_a_solution_and_one_in_grams_as_a_foam(
    unit: str, entry: str
) -> None:
    assert [each.id for each in treatments_of(None, "scalp", ["minoxidil"], unit)] == [entry]


def test_no_two_substances_share_a_name() -> None:
    for slug, substance in SUBSTANCES.items():
        for name in (slug, str(substance.name), *substance.synonyms):
            assert substance_named(name) == slug, name
