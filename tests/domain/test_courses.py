"""The stage of an item's expected course."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from app.domain.catalogue import CATALOGUE, Treatment
from app.domain.courses import (
    CoursePoint,
    CourseStage,
    CourseStart,
    course_start,
    course_starts,
    left_out_weeks,
)
from app.domain.ledger import PauseSpan, Plan, ScheduledDosage
from app.domain.timing import DoseTime, Timing, TimingKind

START = date(2026, 1, 5)


def after(days: int, catalogue_id: str = "minoxidil-topical-solution") -> CoursePoint:
    return CoursePoint(CATALOGUE[catalogue_id].course, START, START + timedelta(days=days))


@pytest.mark.parametrize(
    ("days", "week", "stage"),
    [
        (0, 1, CourseStage.TOO_EARLY),
        (6, 1, CourseStage.TOO_EARLY),
        (7, 2, CourseStage.TOO_EARLY),
        (8 * 7 - 1, 8, CourseStage.TOO_EARLY),
        (8 * 7, 9, CourseStage.STILL_EARLY),
        (17 * 7 - 1, 17, CourseStage.STILL_EARLY),
        (17 * 7, 18, CourseStage.FIRST_LOOK),
        (52 * 7 - 1, 52, CourseStage.FIRST_LOOK),
        (52 * 7, 53, CourseStage.JUDGE),
        (-1, 0, CourseStage.TOO_EARLY),
    ],
)
def test_stages_last_for_whole_weeks(days: int, week: int, stage: CourseStage) -> None:
    assert (after(days).week, after(days).stage) == (week, stage)


def test_without_a_first_look_of_its_own_a_course_goes_on_to_the_judgement() -> None:
    assert after(26 * 7 - 1, "zinc").stage is CourseStage.STILL_EARLY
    assert after(26 * 7, "zinc").stage is CourseStage.JUDGE


@pytest.mark.parametrize("treatment", CATALOGUE.values(), ids=CATALOGUE)
def test_every_course_ends_in_a_judgement_on_the_day_it_names(treatment: Treatment) -> None:
    course = treatment.course
    judged_on = CoursePoint(course, START, START).begins_on(course.judge_weeks)

    assert CoursePoint(course, START, judged_on).stage is CourseStage.JUDGE
    day_before = judged_on - timedelta(days=1)
    assert CoursePoint(course, START, day_before).stage is not CourseStage.JUDGE


def plan_of(*doses: tuple[date, float], pauses: tuple[PauseSpan, ...] = ()) -> Plan:
    """An item taken once a day since START, its dose changed on such days."""
    dosages = [
        ScheduledDosage(
            uuid4(),
            "mg",
            Timing(TimingKind.DAILY, on, times=(DoseTime(time(8), amount),)),
        )
        for on, amount in doses
    ]
    return Plan(uuid4(), START, None, START, tuple(dosages), pauses)


def weeks(number: int) -> date:
    return START + timedelta(weeks=number)


def test_a_new_dose_restarts_the_clock_and_new_times_do_not() -> None:
    plan = plan_of((START, 1_000), (weeks(10), 1_000), (weeks(20), 2_000))

    assert course_start(plan, weeks(15)) == (START, CourseStart.FIRST_DAY)
    assert course_start(plan, weeks(24)) == (weeks(20), CourseStart.NEW_DOSE)
    assert list(course_starts(plan)) == [START, weeks(20)]


@pytest.mark.parametrize(("days", "is_anew"), [(27, False), (28, True), (90, True)])
def test_a_break_of_four_weeks_restarts_the_clock(days: int, is_anew: bool) -> None:
    pause = PauseSpan(weeks(10), weeks(10) + timedelta(days=days - 1))
    start, why = course_start(plan_of((START, 1), pauses=(pause,)), weeks(40))

    assert start == (weeks(10) + timedelta(days=days) if is_anew else START)
    assert why is (CourseStart.AFTER_BREAK if is_anew else CourseStart.FIRST_DAY)


def test_an_open_pause_starts_nothing() -> None:
    plan = plan_of((START, 1), pauses=(PauseSpan(weeks(10), None),))

    assert course_start(plan, weeks(40)) == (START, CourseStart.FIRST_DAY)


def test_the_first_weeks_of_each_start_are_left_out() -> None:
    course = CATALOGUE["minoxidil-topical-solution"].course
    plan = plan_of((START, 1), (weeks(20), 2))

    assert list(left_out_weeks(course, plan)) == [
        (START, weeks(8) - timedelta(days=1)),
        (weeks(20), weeks(28) - timedelta(days=1)),
    ]
