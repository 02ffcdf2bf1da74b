"""Sets by week, the person's own range, and how far readings differ by chance."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.logical_dates import week_start
from app.domain.shedding import (
    MOST_SETS,
    CountMethod,
    CountSet,
    Reading,
    baseline_ends,
    is_due,
    noise_of,
    own_range,
    sets_of,
)

MONDAY = date(2026, 1, 5)
WEEK = timedelta(weeks=1)

readings_of_two_years = st.lists(
    st.builds(
        Reading,
        on=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
        run=st.integers(1, 3),
        value=st.integers(0, 5000),
    ),
    unique_by=lambda reading: (reading.on, reading.run),
)


def sets_from(*weeks: Sequence[int], every: int = 1) -> tuple[CountSet, ...]:
    """A set in each of so many weeks, from Monday on."""
    return sets_of(
        Reading(MONDAY + number * every * WEEK + timedelta(days=day), 1, hairs)
        for number, week in enumerate(weeks)
        for day, hairs in enumerate(week)
    )


def test_readings_of_one_iso_week_are_a_set_and_sunday_ends_it() -> None:
    saturday, sunday, monday = (date(2026, 11, day) for day in (21, 22, 23))
    sets = sets_of([Reading(monday, 1, 14), Reading(saturday, 1, 12), Reading(sunday, 1, 9)])

    assert [each.values for each in sets] == [[12, 9], [14]]
    assert [each.week for each in sets] == [date(2026, 11, 16), monday]
    assert (sets[0].first_on, sets[0].last_on) == (saturday, sunday)


def test_a_week_across_the_new_year_is_one_set() -> None:
    sets = sets_of([Reading(date(2026, 12, 31), 1, 10), Reading(date(2027, 1, 2), 1, 12)])

    assert [each.mean for each in sets] == [11]


def test_none_is_a_count_and_a_week_without_one_is_not() -> None:
    sets = sets_of([Reading(MONDAY, 1, 0), Reading(MONDAY + 2 * WEEK, 1, 4)])

    assert [each.mean for each in sets] == [0, 4]


@given(readings_of_two_years)
def test_no_reading_is_lost_or_counted_twice(readings: list[Reading]) -> None:
    sets = sets_of(readings)

    assert [reading for each in sets for reading in each.readings] == sorted(readings)
    assert all(earlier.week < later.week for earlier, later in pairwise(sets))
    for each in sets:
        assert {week_start(reading.on) for reading in each.readings} == {each.week}
        assert min(each.values) <= each.mean <= max(each.values)


@given(readings_of_two_years, st.randoms())
def test_the_order_of_entry_does_not_matter(readings: list[Reading], random: Random) -> None:
    shuffled = list(readings)
    random.shuffle(shuffled)

    assert sets_of(shuffled) == sets_of(readings)


def test_measurement_noise_is_that_of_the_worked_example() -> None:
    noise = noise_of(sets_from([12, 10, 14], [9, 11, 8], [15, 13, 12], [10, 10, 13]))

    assert noise is not None
    assert noise.sem == pytest.approx(1.7078, abs=5e-5)
    assert noise.of_one == pytest.approx(4.7338, abs=5e-5)
    assert noise.of_means == pytest.approx(2.7331, abs=5e-5)
    assert noise.readings == 3


def test_noise_needs_readings_that_were_repeated() -> None:
    assert noise_of(()) is None
    assert noise_of(sets_from([12], [9], [15], [10], [11])) is None
    assert noise_of(sets_from([12, 10, 14], [9, 11])) is None
    assert noise_of(sets_from([12, 10, 14], [9, 11, 8], [15])) is not None


def test_mornings_that_never_differ_have_no_noise() -> None:
    noise = noise_of(sets_from([7, 7, 7], [9, 9, 9]))

    assert noise is not None
    assert noise.of_means == 0


def test_ones_own_range_leaves_practice_out_and_rounds_outwards() -> None:
    practice, *rest = [40, 40], [11, 12, 11], [14, 15, 15], [12], [13]
    sets = sets_from(practice, [30], *rest)
    own = own_range(sets, before=sets[-1].last_on + timedelta(days=1))

    assert own is not None
    assert (own.lowest, own.highest, own.sets) == (11, 15, 4)
    assert own.since == MONDAY + 2 * WEEK
    assert [own.place(mean) for mean in (10.9, 11, 13, 15, 15.1)] == [
        *("below", "within", "within", "within", "above")
    ]


def test_three_sets_are_too_few_for_a_range() -> None:
    sets = sets_from(*[[10]] * 5)

    assert own_range(sets, MONDAY + 5 * WEEK) is None
    assert own_range((), MONDAY) is None


def test_a_set_that_the_change_falls_into_is_not_before_it() -> None:
    sets = sets_from(*[[10]] * 6, [30, 30, 30])
    change = sets[-1].first_on + timedelta(days=1)
    own = own_range(sets, change)

    assert own is not None
    assert own.highest == 10


def test_the_range_is_that_of_the_last_twelve_sets() -> None:
    own = own_range(sets_from(*[[99]] * 5, *[[10]] * MOST_SETS), date.max)

    assert own is not None
    assert (own.sets, own.highest) == (MOST_SETS, 10)


def test_the_baseline_ends_with_the_first_change_that_enough_sets_come_before() -> None:
    sets = sets_from(*[[10, 12, 11]] * 10)
    too_early, first, later = (MONDAY + weeks * WEEK for weeks in (3, 7, 8))

    assert baseline_ends(sets, [later, too_early, first]) == first
    assert baseline_ends(sets, [too_early]) == sets[-1].first_on
    assert baseline_ends(sets, [MONDAY + 40 * WEEK]) == sets[-1].first_on
    assert baseline_ends((), [first]) is None


@pytest.mark.parametrize(
    ("method", "last", "readings", "today", "due"),
    [
        (CountMethod.SIXTY_SECOND, date(2026, 11, 16), 1, date(2026, 11, 16), False),
        (CountMethod.SIXTY_SECOND, date(2026, 11, 16), 1, date(2026, 11, 17), True),
        (CountMethod.SIXTY_SECOND, date(2026, 11, 16), 3, date(2026, 11, 19), False),
        (CountMethod.SIXTY_SECOND, date(2026, 11, 16), 2, date(2026, 11, 23), False),
        (CountMethod.SIXTY_SECOND, date(2026, 11, 16), 3, date(2026, 11, 29), False),
        (CountMethod.SIXTY_SECOND, date(2026, 11, 16), 3, date(2026, 11, 30), True),
        (CountMethod.WASH, date(2026, 11, 16), 3, date(2026, 12, 13), False),
        (CountMethod.WASH, date(2026, 11, 16), 3, date(2026, 12, 14), True),
        (CountMethod.PICTURE, date(2026, 11, 16), 1, date(2026, 11, 22), False),
        (CountMethod.PICTURE, date(2026, 11, 16), 1, date(2026, 11, 23), True),
        (CountMethod.DAILY, date(2026, 11, 16), 1, date(2026, 11, 17), True),
    ],
)
def test_when_the_next_count_is_due(
    method: CountMethod, last: date, readings: int, today: date, due: bool
) -> None:
    latest = CountSet(tuple(Reading(last, run, 10) for run in range(1, readings + 1)))

    assert is_due(latest, method, today) is due


def test_somebody_who_never_counted_may_begin_today() -> None:
    assert is_due(None, CountMethod.SIXTY_SECOND, MONDAY)
