"""What wants hours between, against the times that are set."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import CATALOGUE, SUBSTANCES, treatments_of
from app.domain.hours_apart import (
    OTHER_KINDS,
    OwnRule,
    Pairs,
    Side,
    days_looked_at,
    moments_every_day,
    moments_of_plan,
    pairs_to_space,
)
from app.domain.ledger import PauseSpan, Plan, ScheduledDosage
from app.domain.timing import DoseTime, Timing, TimingKind

TODAY = date(2026, 11, 23)
FIRST, LAST = days_looked_at(TODAY)
DAY_STARTS = time(3)
# Said of a blood test or of the items themselves, and no medicine to enter.
NO_MEDICINES = {"blood_tests", "topical_medicines"}


def item(name: str, catalogue_id: str | None, *times: time, label: Iterable[str] = ()) -> Side:
    treatment = CATALOGUE[catalogue_id] if catalogue_id else None
    moments = moments_every_day(times, FIRST, LAST, DAY_STARTS)
    return Side(uuid4(), name, moments, treatments_of(treatment, "", label))


def medicine(kind: str, *times: time) -> Side:
    return Side(uuid4(), kind, moments_every_day(times, FIRST, LAST, DAY_STARTS), kind=kind)


def planned(catalogue_id: str, timing: Timing, *pauses: PauseSpan) -> Side:
    plan = Plan(uuid4(), TODAY, None, TODAY, (ScheduledDosage(uuid4(), "mg", timing),), pauses)
    moments = moments_of_plan(plan, FIRST, LAST, DAY_STARTS)
    return Side(plan.regimen_item_id, catalogue_id, moments, (CATALOGUE[catalogue_id],))


def said(pairs: Pairs) -> list[tuple[str, str, bool | None]]:
    return [(pair.one.name, pair.other.name, pair.is_enough) for pair in pairs.spaced]


def nearest(pairs: Pairs) -> tuple[time, time, int, bool]:
    (pair,) = pairs.spaced
    meeting = pair.tightest
    assert meeting is not None
    return meeting.one_at, meeting.other_at, meeting.minutes, meeting.is_enough


def test_every_kind_that_the_catalogue_names_can_be_entered() -> None:
    named = {each.other_slug for entry in CATALOGUE.values() for each in entry.interactions}

    assert named == set(OTHER_KINDS) | NO_MEDICINES


@pytest.mark.parametrize(
    ("thyroid", "iron", "minutes", "is_enough"),
    [
        (time(7), time(8), 60, False),
        (time(7), time(11), 240, True),
        (time(7), time(10, 59), 239, False),
        (time(23), time(1), 120, False),
        (time(1), time(23), 120, False),
        (time(22), time(2), 240, True),
        (time(7), time(7), 0, False),
        (time(7), time(19), 720, True),
    ],
)
def test_the_clock_is_round(thyroid: time, iron: time, minutes: int, is_enough: bool) -> None:
    pairs = pairs_to_space([item("Iron", "iron", iron)], [medicine("levothyroxine", thyroid)])

    assert nearest(pairs) == (iron, thyroid, minutes, is_enough)


@pytest.mark.parametrize(
    ("antibiotic", "is_enough"),
    [
        (time(6), True),
        (time(6, 1), False),
        (time(8), False),
        (time(11, 59), False),
        (time(12), True),
    ],
)
def test_an_antibiotic_comes_two_hours_before_or_four_hours_after(
    antibiotic: time, is_enough: bool
) -> None:
    pairs = pairs_to_space([item("Zinc", "zinc", time(8))], [medicine("antibiotics", antibiotic)])
    (pair,) = pairs.spaced

    assert (pair.hours_before, pair.hours_after) == (2, 4)
    assert pair.is_enough is is_enough


def test_what_is_too_close_counts_even_where_another_time_is_nearer_and_early_enough() -> None:
    zinc, antibiotic = item("Zinc", "zinc", time(8)), medicine("antibiotics", time(5), time(11))

    assert nearest(pairs_to_space([zinc], [antibiotic])) == (time(8), time(11), 180, False)


def test_every_time_that_is_too_close_is_named_the_closest_first() -> None:
    magnesium = item("Magnesium", "magnesium-other", time(8), time(21))
    (pair,) = pairs_to_space([magnesium], [medicine("levothyroxine", time(7), time(20, 30))]).spaced

    assert [(each.one_at, each.minutes) for each in pair.too_close] == [
        (time(21), 30),
        (time(8), 60),
    ]


def test_a_weekly_session_is_held_against_the_night_and_the_morning_after_it() -> None:
    weekly = Timing(TimingKind.EVERY_DAYS, TODAY, times=(DoseTime(time(20), 1),), every_days=7)
    twice = Timing(TimingKind.DAILY, TODAY, times=(DoseTime(time(8), 1), DoseTime(time(21), 1)))
    pairs = pairs_to_space(
        [planned("microneedling", weekly), planned("minoxidil-topical-solution", twice)]
    )
    (pair,) = pairs.spaced

    assert (pair.hours_before, pair.hours_after) == (0, 24)
    assert nearest(pairs) == (time(20), time(21), 60, False)
    assert all(each.one_at == time(20) for each in pair.too_close)


def test_sessions_and_doses_on_other_days_are_far_enough() -> None:
    monday = Timing(TimingKind.WEEKDAYS, TODAY, times=(DoseTime(time(20), 1, "1"),))
    thursday = Timing(TimingKind.WEEKDAYS, TODAY, times=(DoseTime(time(21), 1, "4"),))
    pairs = pairs_to_space(
        [planned("microneedling", monday), planned("minoxidil-topical-foam", thursday)]
    )

    assert said(pairs) == [("microneedling", "minoxidil-topical-foam", True)]


def test_a_time_after_midnight_belongs_to_the_night_before() -> None:
    monday_night = Timing(TimingKind.WEEKDAYS, TODAY, times=(DoseTime(time(1), 1, "1"),))
    tuesday = Timing(TimingKind.WEEKDAYS, TODAY, times=(DoseTime(time(2, 59), 1, "1"),))
    morning = Timing(TimingKind.WEEKDAYS, TODAY, times=(DoseTime(time(3), 1, "2"),))

    for other, minutes in ((tuesday, 119), (morning, 120)):
        pairs = pairs_to_space(
            [planned("microneedling", monday_night), planned("finasteride-topical", other)]
        )
        assert nearest(pairs)[2] == minutes


def test_what_is_on_hold_has_no_times_to_be_compared() -> None:
    daily = Timing(TimingKind.DAILY, TODAY, times=(DoseTime(time(8), 1),))
    paused = planned("iron", daily, PauseSpan(TODAY, None))
    pairs = pairs_to_space([paused], [medicine("levothyroxine", time(8))])

    assert said(pairs) == [("iron", "levothyroxine", None)]


def test_without_set_times_nothing_is_said_of_the_hours() -> None:
    pairs = pairs_to_space([item("Iron", "iron")], [medicine("levothyroxine", time(7))])
    (pair,) = pairs.spaced

    assert pair.tightest is None
    assert pair.is_enough is None
    assert pairs.too_close == ()


def test_a_pair_without_hours_is_to_be_mentioned_together() -> None:
    omega, thinner = item("Omega-3", "omega-3", time(8)), medicine("anticoagulants", time(8))
    pairs = pairs_to_space([omega], [thinner])

    assert pairs.spaced == ()
    assert [(each.one.name, each.interaction.hours_apart) for each in pairs.mentions] == [
        ("Omega-3", None)
    ]


def test_items_are_compared_with_each_other_and_listed_once() -> None:
    tension = item("Minoxidil", "minoxidil-oral-low", time(8))
    water = item("Spironolactone", "spironolactone", time(8))
    pairs = pairs_to_space([water, tension])

    assert [(each.one.name, each.other.name) for each in pairs.mentions] == [
        ("Minoxidil", "Spironolactone")
    ]


def test_an_own_product_is_known_by_what_its_label_says_it_holds() -> None:
    multi = item("Multivitamin", None, time(8), label=["iron", "zinc"])
    pairs = pairs_to_space([multi], [medicine("levothyroxine", time(7))])

    assert said(pairs) == [("Multivitamin", "levothyroxine", False)]
    assert pairs_to_space([multi], [medicine("", time(8))]).spaced == ()
    assert {each.id for each in treatments_of(None, "", SUBSTANCES)} == {
        *("magnesium-other", "zinc", "iron", "vitamin-d3", "biotin", "omega-3")
    }


def test_an_own_rule_counts_like_any_other() -> None:
    one, other = item("Shampoo", None, time(20)), item("Foam", None, time(21))
    rule = OwnRule(uuid4(), one.id, other.id, 2, "It would wash off")
    pairs = pairs_to_space([one, other], rules=[rule])

    assert nearest(pairs) == (time(20), time(21), 60, False)
    assert pairs.spaced[0].rule == rule
    assert pairs.of(one.id) == pairs.of(other.id) == pairs
    assert pairs.of(uuid4()) == Pairs((), ())


def test_a_rule_about_what_is_taken_no_more_is_silent() -> None:
    one = item("Shampoo", None, time(20))

    assert pairs_to_space([one], rules=[OwnRule(uuid4(), one.id, uuid4(), 2)]).spaced == ()


def test_the_closest_pair_comes_first_and_the_unknown_last() -> None:
    iron, zinc = item("Iron", "iron", time(8)), item("Zinc", "zinc", time(14))
    bare = item("Magnesium", "magnesium-other")
    pairs = pairs_to_space([bare, zinc, iron], [medicine("antibiotics", time(9))])

    assert said(pairs) == [
        ("Iron", "antibiotics", False),
        ("Zinc", "antibiotics", True),
        ("Magnesium", "antibiotics", None),
    ]


minutes_of_a_day = st.integers(min_value=0, max_value=24 * 60 - 1)


@given(
    st.sets(minutes_of_a_day, min_size=1, max_size=4),
    st.sets(minutes_of_a_day, min_size=1, max_size=4),
    st.integers(min_value=-48, max_value=48),
    st.sampled_from(["levothyroxine", "antibiotics", "bisphosphonates"]),
)
def test_moving_both_by_the_same_hours_changes_nothing(
    ones: set[int], others: set[int], hours: int, kind: str
) -> None:
    def moved(minutes: set[int], by: int) -> list[time]:
        turned = sorted((minute + by * 60) % (24 * 60) for minute in minutes)
        return [time(minute // 60, minute % 60) for minute in turned]

    def judged(by: int) -> tuple[bool | None, float, list[int]]:
        magnesium = item("Magnesium", "magnesium-other", *moved(ones, by))
        (pair,) = pairs_to_space([magnesium], [medicine(kind, *moved(others, by))]).spaced
        assert pair.tightest is not None
        gaps = sorted(meeting.minutes for meeting in pair.too_close)
        return pair.is_enough, pair.tightest.slack, gaps

    assert judged(hours) == judged(0)


@given(minutes_of_a_day, minutes_of_a_day)
def test_two_daily_times_are_never_more_than_half_a_day_apart(one: int, other: int) -> None:
    iron = item("Iron", "iron", time(one // 60, one % 60))
    thyroid = medicine("levothyroxine", time(other // 60, other % 60))
    (pair,) = pairs_to_space([iron], [thyroid]).spaced
    gap = abs(one - other)

    assert pair.tightest is not None
    assert pair.tightest.minutes == min(gap, 24 * 60 - gap)
    assert replace(pair.tightest, minutes=240).is_enough


def test_the_days_looked_at_begin_with_tomorrow() -> None:
    assert days_looked_at(TODAY) == (TODAY + timedelta(days=1), TODAY + timedelta(days=35))
