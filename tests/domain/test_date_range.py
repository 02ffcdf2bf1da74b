"""Ranges of whole days: both ends belong to them, and an open end lasts for ever."""

from datetime import date

import pytest

from app.domain.date_range import DateRange

Days = tuple[int, int | None]


def days(of_march: Days) -> DateRange:
    first, last = of_march
    return DateRange(date(2026, 3, first), None if last is None else date(2026, 3, last))


@pytest.mark.parametrize(
    ("one", "other", "do"),
    [
        ((1, 5), (5, 9), True),
        ((1, 5), (6, 9), False),
        ((1, None), (9, 9), True),
        ((5, None), (1, 4), False),
        ((5, None), (1, None), True),
        ((2, 3), (1, 9), True),
    ],
)
def test_ranges_overlap_when_they_have_a_day_in_common(one: Days, other: Days, do: bool) -> None:
    assert days(one).overlaps(days(other)) is do
    assert days(other).overlaps(days(one)) is do


@pytest.mark.parametrize(
    ("of_march", "covered"),
    [((2, 3), [2, 3]), ((3, 3), [3]), ((3, None), [3, 4, 5]), ((4, 2), [])],
)
def test_a_range_covers_its_first_and_its_last_day(of_march: Days, covered: list[int]) -> None:
    found = [day for day in range(1, 6) if days(of_march).covers(date(2026, 3, day))]

    assert found == covered
