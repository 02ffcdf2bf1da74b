"""Amounts of one item in other units, where the item says how; never a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.conversions import Measures
from app.domain.labels import LabelStrength, StrengthUnit
from app.domain.quantities import UNITS

FIVE_PERCENT = LabelStrength(5, StrengthUnit.PERCENT)
MAGNESIUM = Measures("mg", piece_amount=667)
SOLUTION = Measures("mL", strength=FIVE_PERCENT)


@pytest.mark.parametrize(
    ("measures", "amount", "unit", "to", "expected"),
    [
        (MAGNESIUM, 1334, "mg", "capsule", 2),
        (MAGNESIUM, 333.5, "mg", "tablet", 0.5),
        (MAGNESIUM, 0.667, "g", "capsule", 1),
        (Measures("IU", piece_amount=1000), 2000, "IU", "capsule", 2),
        (Measures("spray"), 4, "spray", "mL", 0.2),
        (Measures("spray", ml_each=0.1), 4, "spray", "mL", 0.4),
        (Measures("drop", ml_each=0.04), 25, "drop", "mL", 1),
        (Measures("drop", ml_each=0.04), 4, "spray", "mL", 0.2),
        (SOLUTION, 50, "mg", "mL", 1),
        (Measures("mg", strength=FIVE_PERCENT), 60, "mL", "mg", 3000),
        (Measures("spray", strength=FIVE_PERCENT), 1, "spray", "mg", 2.5),
        (Measures("g", strength=FIVE_PERCENT), 60, "g", "mg", 3000),
        (Measures("wash"), 3, "wash", "wash", 3),
        (Measures("puff"), 3, "puff", "puff", 3),
    ],
)
def test_an_item_knows_how_its_units_are_related(
    measures: Measures, amount: float, unit: str, to: str, expected: float
) -> None:
    assert measures.convert(amount, unit, to) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("measures", "unit", "to"),
    [
        (Measures("mg"), "mg", "capsule"),
        (Measures("drop"), "drop", "mL"),
        (Measures("capsule", piece_amount=2), "capsule", "tablet"),
        (Measures("mL"), "mL", "mg"),
        (Measures("wash"), "wash", "mL"),
        (Measures("puff"), "puff", "mL"),
        (Measures("mg", strength=LabelStrength(2, StrengthUnit.PER_ML)), "g", "mg"),
    ],
)
def test_what_an_item_does_not_say_is_not_guessed(measures: Measures, unit: str, to: str) -> None:
    assert measures.convert(1, unit, to) is None


def test_the_units_to_choose_from_are_those_that_the_dose_can_be_converted_to() -> None:
    assert MAGNESIUM.units() == ["mg", "ug", "g", "capsule", "tablet", "count"]
    assert Measures("drop").units() == ["drop"]
    assert Measures("spray").units() == ["spray", "mL"]
    assert Measures("puff").units() == ["puff"]


positive = st.floats(0.01, 10_000)


@given(
    st.builds(
        Measures,
        st.sampled_from(list(UNITS)),
        st.none() | positive,
        st.none() | positive,
        st.none() | st.builds(LabelStrength, st.floats(0.01, 100), st.sampled_from(StrengthUnit)),
    ),
    st.sampled_from(list(UNITS)),
    st.sampled_from(list(UNITS)),
    positive,
)
def test_an_amount_that_is_converted_there_and_back_is_the_same(
    measures: Measures, unit: str, to: str, amount: float
) -> None:
    there = measures.convert(amount, unit, to)
    back = None if there is None else measures.convert(there, to, unit)

    assert (back is None) == (measures.convert(amount, to, unit) is None)
    assert back is None or back == pytest.approx(amount)
