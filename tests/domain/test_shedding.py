"""Sets of mornings, the person's own range, and how far readings differ by chance."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.shedding import (
    MOST_SETS,
    CountMethod,
    CountSet,
    Reading,
    baseline_ends,
    is_due,
    noise_of,
    own_range,
    set_around,
    sets_by,
    sets_of,
    smallest_real_change,
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


def values_of(*readings: tuple[date, int]) -> list[list[int]]:
    """The values of each set of such readings."""
    return [each.values for each in sets_of(Reading(on, 1, hairs) for on, hairs in readings)]


def test_saturday_sunday_and_monday_are_one_set() -> None:
    saturday, sunday, monday = (date(2026, 11, day) for day in (21, 22, 23))
    (only,) = sets_of([Reading(monday, 1, 14), Reading(saturday, 1, 12), Reading(sunday, 1, 9)])

    assert only.values == [12, 9, 14]
    assert (only.first_on, only.middle, only.last_on) == (saturday, sunday, monday)


def test_a_set_goes_on_across_the_new_year() -> None:
    days = [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 3)]

    assert values_of(*((day, 10) for day in days)) == [[10, 10, 10]]


@pytest.mark.parametrize(("apart", "sets"), [(1, 1), (2, 1), (3, 2), (7, 2)])
def test_mornings_at_most_two_days_apart_are_one_set(apart: int, sets: int) -> None:
    assert len(values_of((MONDAY, 10), (MONDAY + timedelta(days=apart), 12))) == sets


def test_two_sets_in_one_week_stay_apart() -> None:
    monday, tuesday, saturday, sunday = (MONDAY + timedelta(days=day) for day in (0, 1, 5, 6))

    assert values_of((monday, 1), (tuesday, 2), (saturday, 3), (sunday, 4)) == [[1, 2], [3, 4]]


def test_somebody_who_combs_every_morning_begins_a_set_each_week() -> None:
    days = [(MONDAY + timedelta(days=day), day) for day in range(21)]

    assert [len(values) for values in values_of(*days)] == [7, 7, 7]


def test_pictures_and_free_counts_are_taken_together_by_week() -> None:
    sunday, monday = MONDAY - timedelta(days=1), MONDAY
    for method in (CountMethod.PICTURE, CountMethod.DAILY):
        assert len(sets_by(method, [Reading(sunday, 1, 3), Reading(monday, 1, 4)])) == 2
    for method in (CountMethod.SIXTY_SECOND, CountMethod.WASH):
        assert len(sets_by(method, [Reading(sunday, 1, 3), Reading(monday, 1, 4)])) == 1


def test_a_day_between_two_mornings_belongs_to_both_their_sets() -> None:
    first, last = Reading(MONDAY, 1, 10), Reading(MONDAY + timedelta(days=3), 1, 12)
    between = MONDAY + timedelta(days=2)

    assert set_around(CountMethod.SIXTY_SECOND, [first, last], between) == [first, last]
    assert set_around(CountMethod.SIXTY_SECOND, [first, last], MONDAY) == [first]
    assert set_around(CountMethod.SIXTY_SECOND, [], MONDAY) == []


def test_none_is_a_count_and_a_week_without_one_is_not() -> None:
    sets = sets_of([Reading(MONDAY, 1, 0), Reading(MONDAY + 2 * WEEK, 1, 4)])

    assert [each.mean for each in sets] == [0, 4]


@given(readings_of_two_years)
def test_no_reading_is_lost_or_counted_twice(readings: list[Reading]) -> None:
    sets = sets_of(readings)

    assert [reading for each in sets for reading in each.readings] == sorted(readings)
    assert all(earlier.last_on < later.first_on for earlier, later in pairwise(sets))
    for each in sets:
        days = sorted({reading.on for reading in each.readings})
        assert all((later - earlier).days <= 2 for earlier, later in pairwise(days))
        assert (days[-1] - days[0]).days < 7
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
    assert noise.between(1, 1) == pytest.approx(4.7338, abs=5e-5)
    assert noise.between(3, 3) == pytest.approx(2.7331, abs=5e-5)
    assert noise.readings == 3


def test_the_smallest_real_change_is_in_whole_hairs_and_never_below_one() -> None:
    comb, wash, picture, _daily = CountMethod
    sets = sets_from([12, 10, 14], [9, 11, 8], [15, 13, 12], [10, 10, 13])

    assert smallest_real_change(comb, sets) == 3
    assert smallest_real_change(wash, sets_from([7, 7, 7], [9, 9, 9])) == 1
    assert smallest_real_change(comb, sets_from([12], [9])) is None
    assert smallest_real_change(picture, sets_from([3], [4])) == 2


def test_more_readings_than_a_set_has_make_no_smaller_change_real() -> None:
    noise = noise_of(sets_from([12, 10, 14], [9, 11, 8], [15, 13, 12], [10, 10, 13]))

    assert noise is not None
    assert noise.between(75, 40) == pytest.approx(noise.between(3, 3))
    assert noise.between(1, 3) > noise.between(3, 3)


def test_sets_of_left_out_weeks_are_not_in_the_range() -> None:
    shed = [[30, 31, 32]] * 4
    sets = sets_from(*[[10, 11, 12]] * 6, *shed, *[[10, 11, 12]] * 2)
    began = MONDAY + 6 * WEEK
    left_out = [(began, began + 4 * WEEK - timedelta(days=1))]

    with_shed = own_range(sets, date.max)
    own = own_range(sets, date.max, left_out)
    assert with_shed is not None
    assert own is not None
    assert (with_shed.highest, own.highest, own.sets) == (31, 11, 6)
    assert baseline_ends(sets[6:], [began + 4 * WEEK], left_out) == sets[-1].first_on


def test_noise_needs_readings_that_were_repeated() -> None:
    assert noise_of(()) is None
    assert noise_of(sets_from([12], [9], [15], [10], [11])) is None
    assert noise_of(sets_from([12, 10, 14], [9, 11])) is None
    assert noise_of(sets_from([12, 10, 14], [9, 11, 8], [15])) is not None


def test_mornings_that_never_differ_have_no_noise() -> None:
    noise = noise_of(sets_from([7, 7, 7], [9, 9, 9]))

    assert noise is not None
    assert noise.between(3, 3) == 0


def test_the_own_range_leaves_practice_out_and_rounds_outwards() -> None:
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
