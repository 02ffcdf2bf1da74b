"""Lines for the eye: they look back only, and a missing day is never zero."""

from datetime import date, timedelta

import pytest

from app.domain.trends import dense_stretches, ewma, stretches, trailing_mean

FIRST = date(2026, 11, 2)
COUNTS = [52, 61, None, 48, 70, 66, 59, 55, None, None, 49, 63, 58, 44]
DAYS = [FIRST + timedelta(days=offset) for offset in range(len(COUNTS))]
KNOWN = [(day, float(count)) for day, count in zip(DAYS, COUNTS, strict=True) if count is not None]


def test_the_trailing_mean_agrees_with_the_oracle() -> None:
    expected = [None] * 4 + [57.75, 59.4, 59.3333, 59.8333, 59.6, 59.6, 59.8, 58.4, 56.8, 53.8]

    found = [trailing_mean(KNOWN, day) for day in DAYS]

    assert [mean if mean is None else round(mean, 4) for mean in found] == expected


def test_the_smoothed_line_agrees_with_the_oracle() -> None:
    expected = [52.0, 56.7226, 53.3198, 58.3414, 60.252, 59.9816, 59.0225, 56.9599, 58.0782]
    expected += [58.065, 55.8452]

    assert [round(mean, 4) for mean in ewma(KNOWN)] == expected


def test_the_smoothed_line_looks_only_back() -> None:
    assert ewma(KNOWN)[:5] == ewma(KNOWN[:5])


def test_a_longer_half_life_follows_more_slowly() -> None:
    jump = [(FIRST, 0.0), (FIRST + timedelta(days=1), 10.0)]

    assert ewma(jump, timedelta(days=28))[1] < ewma(jump, timedelta(days=1))[1]


def test_no_values_make_no_line() -> None:
    assert ewma([]) == []
    assert stretches([], timedelta(days=1)) == []
    assert trailing_mean([], FIRST) is None


@pytest.mark.parametrize(
    ("longest", "expected"),
    [(1, [(0, 2), (2, 7), (7, 11)]), (2, [(0, 7), (7, 11)]), (9, [(0, 11)])],
)
def test_a_line_breaks_where_nothing_is_known_for_long(
    longest: int, expected: list[tuple[int, int]]
) -> None:
    assert stretches(KNOWN, timedelta(days=longest)) == expected


def test_a_line_of_daily_answers_needs_four_in_seven_days() -> None:
    assert dense_stretches(KNOWN[:3]) == []
    assert dense_stretches(KNOWN) == [(3, 11)]
    assert dense_stretches(KNOWN[::3]) == []
