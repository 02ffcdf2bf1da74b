"""Folding text for searches."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import begins_as_one, folded

# The same examples as the test of the browser's own code reads.
EXAMPLES = json.loads((Path(__file__).parents[1] / "data" / "folding.json").read_text())


@pytest.mark.parametrize(("typed", "expected"), EXAMPLES["folded"])
def test_the_server_folds_as_the_browser_does(typed: str, expected: str) -> None:
    assert folded(typed) == expected


@pytest.mark.parametrize(("text", "wanted", "expected"), EXAMPLES["begins_as_one"])
def test_words_are_found_spaces_aside_as_the_browser_does(
    text: str, wanted: str, expected: bool
) -> None:
    assert begins_as_one(text, wanted) is expected


@pytest.mark.parametrize(
    "written", ["Omega3", "omega-3", "OMEGA 3", " omega  3 ", "oméga—3", "Omega\u00a03"]
)
def test_every_way_of_writing_a_name_folds_to_the_same_words(written: str) -> None:
    assert folded(written) == "omega 3"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("5%", "5"),
        ("5 %", "5"),
        ("Minoxidil5%", "minoxidil 5"),
        ("Größe", "grosse"),
        ("GRÖSSE", "grosse"),
        ("vitamin d₃", "vitamin d 3"),
        ("Ölkapseln", "olkapseln"),
        ("²", "2"),
        ("snake_case", "snake case"),
        ("L-threonate", "l threonate"),
        ("женьшень", "женьшень"),
        ("I\u0131rmak İzmir", "iirmak izmir"),
        ("Søren Łódź Đak", "soren lodz dak"),
        ("Œuf, Ægir", "oeuf aegir"),
        ("Vitamin D٣, ５％", "vitamin d 3 5"),  # noqa: RUF001
        ("...", ""),
        ("", ""),
    ],
)
def test_case_accents_punctuation_and_digits_beside_letters_do_not_count(
    written: str, plain: str
) -> None:
    assert folded(written) == plain


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
