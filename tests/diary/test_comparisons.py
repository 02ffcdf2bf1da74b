"""What the latest counts are compared with, and what counts as a change, as data."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from app.diary import Diary
from app.diary.comparisons import (
    Difference,
    Place,
    compare_counts,
    compare_days,
    compare_doses,
    compare_means,
    left_out_of,
    usable_before_and_since,
)
from app.diary.series import count_sets, series_of_sets, values_between
from app.domain.adherence import Doses
from app.domain.figures import tallied
from app.domain.shedding import CountMethod, Reading, sets_by
from app.models import SheddingCount, User
from app.models.shedding_count import shedding_count_id
from tests.support.clock import NOW
from tests.support.people import save
from tests.support.regimens import MORNING, TWICE_A_DAY, add, daily

TODAY = NOW.date()
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
COMBED = CountMethod.SIXTY_SECOND
SOLUTION: dict[str, Any] = {"catalogue_id": "minoxidil-topical-solution", "route": "scalp"}


def count(session: Session, user: User, on: date, *hairs: int) -> None:
    """A set of counts by combing: one on each of the mornings from a day on."""
    for place, value in enumerate(hairs):
        day = on + place * DAY
        save(
            session,
            SheddingCount(
                id=shedding_count_id(user.id, day, COMBED, 1),
                user_id=user.id,
                on=day,
                iso_week=202601,
                method=COMBED,
                run=1,
                hairs=value,
                logged_at=NOW,
            ),
        )


def diary_of(session: Session, user: User) -> Diary:
    session.commit()
    session.refresh(user)
    return Diary(session, user, NOW)


def counted(session: Session, user: User, latest: tuple[int, ...]) -> Diary:
    """Eight sets of about 12 hairs, two weeks apart, and a latest one."""
    for number in range(8):
        count(session, user, TODAY - (18 - 2 * number) * WEEK, 11, 12, 13)
    count(session, user, TODAY - WEEK, *latest)
    return diary_of(session, user)


@pytest.mark.parametrize(
    ("latest", "place"),
    [
        ((12, 12, 12), Place.WITHIN),
        ((12, 13, 12), Place.SAME),
        ((30, 31, 32), Place.ABOVE),
        ((2, 3, 4), Place.BELOW),
    ],
)
def test_the_latest_set_has_a_place_beside_the_persons_own_range(
    session: Session, alice: User, latest: tuple[int, ...], place: Place
) -> None:
    diary = counted(session, alice, latest)

    compared = compare_counts(diary, COMBED, count_sets(diary)[COMBED])

    assert compared.own is not None
    assert (compared.own.lowest, compared.own.highest) == (12, 12)
    assert compared.place is place
    assert compared.has_enough_sets


def test_without_enough_sets_there_is_no_range(session: Session, alice: User) -> None:
    count(session, alice, TODAY - WEEK, 11, 12, 13)
    diary = diary_of(session, alice)

    compared = compare_counts(diary, COMBED, count_sets(diary)[COMBED])

    assert (compared.own, compared.place) == (None, None)
    assert not compared.has_enough_sets


def test_counts_from_the_first_weeks_of_an_item_are_left_out_and_the_item_is_named(
    session: Session, alice: User
) -> None:
    minoxidil = add(session, alice, "Minoxidil", TWICE_A_DAY, TODAY - 20 * WEEK, **SOLUTION)
    diary = counted(session, alice, (12, 12, 12))

    (first_weeks,) = left_out_of(diary)
    compared = compare_counts(diary, COMBED, count_sets(diary)[COMBED])

    assert first_weeks.item.id == minoxidil.id
    assert first_weeks.days == (TODAY - 20 * WEEK, TODAY - 12 * WEEK - DAY)
    assert [item.id for item in compared.left_out] == [minoxidil.id]
    assert compared.own is not None
    assert compared.own.sets == 5
    assert usable_before_and_since(diary, TODAY - 20 * WEEK) == (0, 6)


def test_what_was_started_is_the_end_of_the_baseline(session: Session, alice: User) -> None:
    add(session, alice, "Biotin", daily((MORNING, 5)), TODAY - 4 * WEEK)
    diary = counted(session, alice, (12, 12, 12))

    own = compare_counts(diary, COMBED, count_sets(diary)[COMBED]).own

    assert own is not None
    assert own.before == TODAY - 4 * WEEK


@pytest.mark.parametrize(
    ("now", "before", "difference"),
    [
        (Doses(due=100, taken=95), Doses(due=100, taken=60), Difference(35, is_real=True)),
        (Doses(due=10, taken=9), Doses(due=10, taken=8), Difference(10, is_real=False)),
        (Doses(due=10, taken=9), Doses(due=4, taken=2), None),
        (Doses(due=10, taken=9), Doses(), None),
        (Doses(), Doses(due=10, taken=8), None),
    ],
)
def test_shares_of_doses_are_compared_where_there_is_half_as_much_before(
    now: Doses, before: Doses, difference: Difference | None
) -> None:
    assert compare_doses(now, before) == difference


def test_days_with_a_symptom_are_compared_as_if_as_many_had_been_asked_before() -> None:
    now, before = tallied([2] * 20 + [0] * 8), tallied([2] * 2 + [0] * 12)

    assert compare_days(now, before) == Difference(16, is_real=True)
    assert compare_days(now, tallied([1])) is None
    assert compare_days(now, None) is None


def test_means_are_compared_by_how_far_the_persons_own_counts_differ() -> None:
    readings = [
        Reading(TODAY - 2 * week * WEEK + day * DAY, 1, 10 + day)
        for week in range(1, 6)
        for day in range(3)
    ]
    sets = sets_by(COMBED, readings)
    now, near, far = tallied([10, 11, 12]), tallied([11, 12, 13]), tallied([30, 31, 32])

    assert compare_means(COMBED, sets, now, near) == Difference(-1, is_real=False)
    assert compare_means(COMBED, sets, now, far) == Difference(-20, is_real=True)
    assert compare_means(COMBED, sets[:1], now, far) is None
    assert compare_means(COMBED, sets, now, None) is None


def test_a_set_is_one_value_in_its_middle(session: Session, alice: User, bob: User) -> None:
    count(session, alice, TODAY - WEEK, 10, 11, 15)
    count(session, bob, TODAY - WEEK, 99)
    diary = diary_of(session, alice)

    (value,) = series_of_sets(count_sets(diary)[COMBED])

    assert (value.on, value.mean) == (TODAY - WEEK + DAY, 12)
    assert (value.lowest, value.highest) == (10, 15)
    values = values_between(session, alice.id, TODAY - WEEK, TODAY)
    assert [values[TODAY - WEEK + day * DAY] for day in range(3)] == [
        {"shed_sixty_second": [10]},
        {"shed_sixty_second": [11]},
        {"shed_sixty_second": [15]},
    ]
