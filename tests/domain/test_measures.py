"""The registry of measures: one line a measure, and what its line on a chart bridges."""

from datetime import timedelta

import pytest

from app.domain.measurements import COLUMNS
from app.domain.measures import COUNTS, MEASURES, Cadence, Direction, measure_named
from app.domain.shedding import CountMethod
from app.domain.symptoms import CHECK_IN_SCALES, SYMPTOMS


def test_the_registry_holds_every_scale_symptom_count_and_measurement_once() -> None:
    counts = [measure.slug for measure in COUNTS.values()]

    assert list(MEASURES) == [*CHECK_IN_SCALES, *SYMPTOMS, *counts, *COLUMNS]
    assert all(slug == measure.slug for slug, measure in MEASURES.items())


@pytest.mark.parametrize("method", CountMethod)
def test_a_way_of_counting_has_the_slug_of_its_column(method: CountMethod) -> None:
    assert COUNTS[method].slug == f"shed_{method}"


@pytest.mark.parametrize("method", CountMethod)
def test_only_what_is_counted_alike_is_read_in_sets(method: CountMethod) -> None:
    assert (COUNTS[method].cadence is Cadence.SETS) is method.is_standard


@pytest.mark.parametrize(
    ("slug", "direction"),
    [
        ("mood", Direction.HIGHER),
        ("sleep", Direction.HIGHER),
        ("stress", Direction.LOWER),
        ("headache", Direction.LOWER),
        ("shed_wash", Direction.LOWER),
        ("weight_kg", Direction.NEITHER),
        ("pulse_bpm", Direction.NEITHER),
    ],
)
def test_a_measure_says_which_way_is_wanted(slug: str, direction: Direction) -> None:
    assert MEASURES[slug].direction is direction


@pytest.mark.parametrize(
    ("slug", "unit"), [("systolic_mmhg", "mmhg"), ("pulse_bpm", "bpm"), ("weight_kg", "kg")]
)
def test_a_measurement_has_the_unit_of_its_column(slug: str, unit: str) -> None:
    assert MEASURES[slug].unit == unit


def test_an_own_symptom_is_a_measure_like_those_of_the_list() -> None:
    own = measure_named("ringing_ears")

    assert own.slug == "ringing_ears"
    assert own.scale == (0.0, 4.0)
    assert MEASURES["headache"].scale == (0.0, 4.0)
    assert measure_named("headache") is MEASURES["headache"]


def test_a_line_of_weeks_bridges_a_month_more_than_a_line_of_days() -> None:
    month = timedelta(days=28)

    for measure in MEASURES.values():
        gap = measure.longest_gap or timedelta()
        assert measure.longest_gap_in(weeks=True) == gap + month
        assert measure.half_life_in(weeks=True) == month
    assert MEASURES["mood"].half_life_in(weeks=False) == timedelta(days=7)
    assert MEASURES["mood"].longest_gap_in(weeks=False) is None
