"""A value that was made of equal parts is given out again, and no other."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from app.domain.unchanged import Unchanged
from app.i18n import GERMAN, _, speaking

rows = st.lists(st.tuples(st.integers(0, 2), st.text("ab", max_size=1)), max_size=3).map(tuple)


def said(parts: Sequence[object], today: int) -> list[str]:
    return [f"{today}: {part}" for part in parts]


def saved() -> str:
    return _("Save")


def test_equal_parts_give_the_very_value() -> None:
    made = Unchanged(1).made

    assert made("place", said, (1, 2), 3) is made("place", said, (1, 2), 3)


@given(st.lists(st.tuples(st.integers(0, 2), rows, st.integers(0, 1)), min_size=5, max_size=40))
def test_the_value_is_always_that_of_the_parts_given(
    looks: list[tuple[int, tuple[tuple[int, str], ...], int]],
) -> None:
    made = Unchanged(2).made

    for place, parts, today in looks:
        assert made(place, said, parts, today) == said(parts, today)


def test_each_language_has_a_value_of_its_own() -> None:
    made = Unchanged(2).made

    english = made("place", saved)
    with speaking(GERMAN.code):
        assert made("place", saved) != english
    assert made("place", saved) == english


def test_functions_in_one_place_do_not_mix() -> None:
    made = Unchanged(2).made

    assert made("place", str, 1) == "1"
    assert made("place", repr, "1") == "'1'"
    assert made("place", str, 1) == "1"
