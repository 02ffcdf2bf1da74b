"""Where an item stands in its expected course."""

from datetime import date, timedelta

import pytest

from app.domain.catalogue import CATALOGUE, Treatment
from app.domain.courses import CoursePoint, CourseStage

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


@pytest.mark.parametrize(("days", "is_possible"), [(6, False), (7, True), (55, True), (56, False)])
def test_more_hairs_may_fall_in_the_weeks_that_the_catalogue_names(
    days: int, is_possible: bool
) -> None:
    assert after(days).is_possible_shed is is_possible
    assert not after(days, "finasteride-oral").is_possible_shed


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
