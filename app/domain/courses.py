"""Where an item stands in its expected course: too early, a first look, or long enough to judge.

The weeks are conventions for looking at hair, from how long resting hairs stay, and not evidence;
they count from the item's first day. Week 1 is its first seven days.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.treatments import Course

DAYS_A_WEEK = 7


class CourseStage(StrEnum):
    """What can be said of an item's effect by now."""

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
        """The running week, from 1; 0 or less before the start."""
        return (self.on - self.starts_on).days // DAYS_A_WEEK + 1

    @property
    def weeks_done(self) -> float:
        """Weeks since the start, with their fractions."""
        return (self.on - self.starts_on).days / DAYS_A_WEEK

    @property
    def stage(self) -> CourseStage:
        """A stage lasts for whole weeks: week 12 is the last that 12 weeks leave out."""
        if self.week <= self.course.leave_out_weeks:
            return CourseStage.TOO_EARLY
        if self.week <= self.course.look_weeks:
            return CourseStage.STILL_EARLY
        if self.week <= self.course.judge_weeks:
            return CourseStage.FIRST_LOOK
        return CourseStage.JUDGE

    @property
    def is_possible_shed(self) -> bool:
        """Whether extra shedding is often reported in this week."""
        first, last = self.course.shed_from_week, self.course.shed_to_week
        return first is not None and last is not None and first <= self.week <= last

    def begins_on(self, weeks: int) -> date:
        """The day after so many weeks of the course."""
        return self.starts_on + timedelta(weeks=weeks)
