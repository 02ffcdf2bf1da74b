"""The stages of an item's expected course: too early, a first look, long enough to judge.

The weeks are conventions for looking at hair, based on how long resting hairs stay, and not
evidence. They count from the item's first day, and again from each day on which its dose changed or
a long break ended. Week 1 is the first seven days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from app.domain.ledger import Plan, ScheduledDosage
from app.domain.treatments import Course

DAYS_A_WEEK = 7
# A shorter pause does not restart the course: a convention, like the weeks.
LONG_BREAK = timedelta(weeks=4)


class CourseStart(StrEnum):
    """The reason why the weeks of a course count from a day."""

    FIRST_DAY = "first_day"
    NEW_DOSE = "new_dose"
    AFTER_BREAK = "after_break"


class CourseStage(StrEnum):
    """How much can be said about an item's effect by now."""

    TOO_EARLY = "too_early"
    STILL_EARLY = "still_early"
    FIRST_LOOK = "first_look"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """A day within a course that began on `starts_on`."""

    course: Course
    starts_on: date
    on: date

    @property
    def week(self) -> int:
        """The current week, from 1; 0 or less before the start."""
        return (self.on - self.starts_on).days // DAYS_A_WEEK + 1

    @property
    def weeks_done(self) -> float:
        """Weeks since the start, with fractions."""
        return (self.on - self.starts_on).days / DAYS_A_WEEK

    @property
    def stage(self) -> CourseStage:
        """The stage, which lasts for whole weeks: week 12 is the last that 12 weeks leave out."""
        if self.week <= self.course.leave_out_weeks:
            return CourseStage.TOO_EARLY
        if self.week <= self.course.look_weeks:
            return CourseStage.STILL_EARLY
        if self.week <= self.course.judge_weeks:
            return CourseStage.FIRST_LOOK
        return CourseStage.JUDGE

    def begins_on(self, weeks: int) -> date:
        """Return the day after so many weeks of the course."""
        return self.starts_on + timedelta(weeks=weeks)


def course_starts(plan: Plan) -> dict[date, CourseStart]:
    """Return every day from which the course of an item counts, oldest first."""
    starts = {plan.starts_on: CourseStart.FIRST_DAY}
    for before, after in pairwise(plan.dosages):
        if after.timing.starts_on <= plan.starts_on:
            continue
        if dose_of(before) != dose_of(after):
            starts[after.timing.starts_on] = CourseStart.NEW_DOSE
        elif _days_without(before, after) >= LONG_BREAK:
            starts[after.timing.starts_on] = CourseStart.AFTER_BREAK
    starts |= {on: CourseStart.AFTER_BREAK for on in _ends_of_long_breaks(plan)}
    return {on: starts[on] for on in sorted(starts) if plan.ends_on is None or on <= plan.ends_on}


def course_start(plan: Plan, today: date) -> tuple[date, CourseStart]:
    """Return the day from which the course counts today, and why; the first if it is planned."""
    starts = course_starts(plan)
    begun = [on for on in starts if on <= today] or [plan.starts_on]
    return begun[-1], starts.get(begun[-1], CourseStart.FIRST_DAY)


def left_out_weeks(course: Course, plan: Plan) -> Iterator[tuple[date, date]]:
    """Return the periods that a comparison leaves out: the first weeks of each start.

    Both ends are included.
    """
    length = timedelta(weeks=course.leave_out_weeks)
    if length:
        for on in course_starts(plan):
            yield on, on + length - timedelta(days=1)


def dose_of(dosage: ScheduledDosage) -> tuple[str, float | None, float | None]:
    """Return the unit, the average amount a day, and a single dose if there is no average."""
    average = dosage.timing.average_a_day
    if average is not None:
        return dosage.unit, round(average, 4), None
    return dosage.unit, None, dosage.timing.usual_amount


def _days_without(before: ScheduledDosage, after: ScheduledDosage) -> timedelta:
    """Return how many days lie between two consecutive dosages."""
    last = before.timing.ends_on
    return timedelta() if last is None else after.timing.starts_on - last - timedelta(days=1)


def _ends_of_long_breaks(plan: Plan) -> Iterator[date]:
    """Return the days on which a pause of `LONG_BREAK` or longer ended."""
    for pause in plan.pauses:
        if pause.ends_on is not None and pause.starts_on > plan.starts_on:
            again = pause.ends_on + timedelta(days=1)
            if again - pause.starts_on >= LONG_BREAK and not plan.is_paused(again):
                yield again
