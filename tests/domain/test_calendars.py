"""Dates of other calendars, held against published tables."""

from datetime import date

import pytest

from app.domain.calendars import from_persian, gregorian, is_islamic

PUBLISHED = [
    ((2024, 9, 21), date(2024, 9, 21)),
    ((2567, 9, 21), date(2024, 9, 21)),
    ((6, 9, 21), date(2024, 9, 21)),
    ((113, 9, 21), date(2024, 9, 21)),
    ((1403, 1, 1), date(2024, 3, 20)),
    ((1403, 6, 31), date(2024, 9, 21)),
    ((1403, 12, 30), date(2025, 3, 20)),
    ((1399, 12, 30), date(2021, 3, 20)),
    ((1394, 1, 1), date(2015, 3, 21)),
    ((5783, 1, 1), date(2022, 9, 26)),
    ((5784, 7, 14), date(2024, 3, 24)),
    ((5784, 13, 29), date(2024, 10, 2)),
    ((5785, 1, 1), date(2024, 10, 3)),
    ((5786, 1, 1), date(2025, 9, 23)),
]


@pytest.mark.parametrize(("written", "meant"), PUBLISHED)
def test_a_date_of_another_calendar_is_the_day_that_tables_give(
    written: tuple[int, int, int], meant: date
) -> None:
    assert gregorian(*written) == meant


@pytest.mark.parametrize("year", [26, 500, 1446, 1949, 3000, 9999])
def test_a_year_that_no_calendar_has_is_not_guessed(year: int) -> None:
    assert gregorian(year, 1, 1) is None


@pytest.mark.parametrize("written", [(1403, 7, 31), (1402, 12, 30), (5785, 13, 1), (2024, 2, 30)])
def test_a_day_that_does_not_exist_is_refused(written: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (any says it)
        gregorian(*written)


def test_the_era_begins_in_may() -> None:
    assert gregorian(1, 5, 1) == date(2019, 5, 1)
    with pytest.raises(ValueError, match="era"):
        gregorian(1, 4, 30)


def test_the_islamic_calendar_is_known_by_its_year() -> None:
    assert is_islamic(1446)
    assert not is_islamic(1403)


def test_every_persian_day_follows_the_one_before() -> None:
    days = [
        from_persian(year, month, day)
        for year in range(1399, 1405)
        for month in range(1, 13)
        for day in range(1, 30)
    ]
    assert days == sorted(set(days))
