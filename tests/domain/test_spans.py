"""Spans are whole ISO weeks, and what they are compared with lies right before them."""

from datetime import date, timedelta

import pytest

from app.domain.logical_dates import weeks_between
from app.domain.spans import Span, between, everything, quarter_until, week_of, year_until

MONDAY = date(2026, 11, 23)
SUNDAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("span", "first", "days"),
    [
        (week_of(date(2026, 11, 25)), MONDAY, 7),
        (quarter_until(date(2026, 11, 25)), date(2026, 8, 31), 91),
        (year_until(date(2026, 11, 25)), date(2025, 12, 1), 364),
        (everything(date(2016, 5, 4), MONDAY), date(2016, 5, 2), 3_864),
    ],
)
def test_a_span_is_made_of_whole_weeks(span: Span, first: date, days: int) -> None:
    assert (span.first, span.last, span.days) == (first, SUNDAY, days)
    assert span.first.isoweekday() == 1
    assert len(list(weeks_between(span.first, span.last))) * 7 == days


def test_a_young_log_is_seen_in_three_months() -> None:
    assert everything(MONDAY, MONDAY).days == 91


def test_a_week_is_compared_with_the_four_before_and_seen_in_twelve() -> None:
    week = week_of(MONDAY)

    assert (week.before.first, week.before.last) == (date(2026, 10, 26), date(2026, 11, 22))
    assert (week.around.first, week.around.last) == (date(2026, 9, 7), SUNDAY)


def test_a_year_is_compared_with_as_many_days_before() -> None:
    year = year_until(MONDAY)

    assert year.before.days == year.days
    assert year.before.last == year.first - timedelta(days=1)
    assert year.around == year


def test_custom_dates_stay_while_days_are_the_points_and_widen_to_weeks_beyond() -> None:
    short = between(date(2026, 11, 3), date(2026, 11, 20))
    long = between(date(2026, 1, 14), date(2026, 11, 20))

    assert (short.first, short.last, short.is_by_week) == (
        date(2026, 11, 3),
        date(2026, 11, 20),
        False,
    )
    assert (long.first, long.last, long.is_by_week) == (date(2026, 1, 12), date(2026, 11, 22), True)


def test_the_last_week_of_a_year_may_be_a_53rd() -> None:
    week = week_of(date(2027, 1, 2))

    assert (week.first, week.last) == (date(2026, 12, 28), date(2027, 1, 3))
