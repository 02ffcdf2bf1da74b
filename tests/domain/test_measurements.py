"""Which readings can be right, and weight in two units."""

import pytest

from app.domain.catalogue import CATALOGUE
from app.domain.measurements import MEASURED_WITH, Values, WeightUnit, mistake_in


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        (Values(), "", "Enter at least one value."),
        (Values(systolic_mmhg=120), "diastolic", "Enter both numbers of the blood pressure."),
        (Values(diastolic_mmhg=80), "systolic", "Enter both numbers of the blood pressure."),
        (Values(80, 120), "systolic", "The upper number is the larger one of the two."),
        (Values(80, 80), "systolic", "The upper number is the larger one of the two."),
        (Values(49, 30), "systolic", "The upper number must be between 50 and 300 mmHg."),
        (Values(301, 80), "systolic", "The upper number must be between 50 and 300 mmHg."),
        (Values(120, 19), "diastolic", "The lower number must be between 20 and 200 mmHg."),
        (Values(pulse_bpm=19), "pulse", "The pulse must be between 20 and 250 beats per minute."),
        (Values(pulse_bpm=251), "pulse", "The pulse must be between 20 and 250 beats per minute."),
        (Values(weight_kg=19.9), "weight", "The weight must be between 20 and 400 kg."),
        (Values(weight_kg=401), "weight", "The weight must be between 20 and 400 kg."),
    ],
)
def test_what_no_body_has_is_named_in_one_sentence(
    values: Values, field: str, sentence: str
) -> None:
    assert mistake_in(values, WeightUnit.KG) == (field, sentence)


@pytest.mark.parametrize(
    "values",
    [Values(50, 20), Values(300, 200), Values(pulse_bpm=20), Values(weight_kg=400)],
)
def test_the_limits_themselves_can_be_right(values: Values) -> None:
    assert mistake_in(values, WeightUnit.KG) is None


def test_limits_of_weight_are_given_in_the_unit_that_was_typed() -> None:
    told = mistake_in(Values(weight_kg=10), WeightUnit.LB)

    assert told == ("weight", "The weight must be between 44 and 882 lb.")


@pytest.mark.parametrize("unit", WeightUnit)
def test_a_weight_comes_back_as_it_was_typed(unit: WeightUnit) -> None:
    for tenths in range(450, 3000):
        assert unit.from_kg(unit.to_kg(tenths / 10)) == tenths / 10


def test_what_is_measured_with_a_product_names_products_of_the_catalogue() -> None:
    assert MEASURED_WITH.keys() <= CATALOGUE.keys()
