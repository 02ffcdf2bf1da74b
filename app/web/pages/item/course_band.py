"""The expected course of an item as a band, with a sentence that says the same."""

from dataclasses import dataclass
from datetime import date

from app.diary import Diary
from app.diary.comparisons import usable_before_and_since
from app.diary.regimen import Item
from app.domain.courses import CoursePoint, CourseStage, CourseStart, course_start
from app.domain.shedding import FEWEST_SETS
from app.domain.treatments import Source
from app.i18n import _, lazy
from app.language import words
from app.web.pages.charts.geometry import Label, anchor_at

BEYOND = 1.16
ROOM_FOR_A_NAME = 22
ROOM_FOR_A_WEEK = 12
ROOM_FOR_A_DATE = 18


@dataclass(frozen=True, slots=True)
class CourseBand:
    """The band in percent of its width: where stages begin, their names, and the present."""

    title: str
    sentence: str
    shed: str
    note: str
    sources: tuple[Source, ...]
    left_out: float
    look: float
    now: float
    ticks: tuple[Label, ...]
    dates: tuple[Label, ...]
    names: tuple[Label, ...]
    pin: Label


def course_band(diary: Diary, item: Item) -> CourseBand | None:
    """Return the course of an item taken now; None if the catalogue has none.

    An item with several medicines follows the slowest of them.
    """
    today = diary.today
    courses = [each.course for each in item.catalogue_entries]
    if not courses or not item.is_current(today):
        return None
    own = (
        courses[0]
        if item.treatment
        else max(courses, key=lambda each: (each.judge_weeks, each.look_weeks))
    )
    start, why = course_start(item.plan, today)
    point = CoursePoint(own, start, today)
    before, since = usable_before_and_since(diary, start)
    course = point.course
    whole = course.judge_weeks * BEYOND

    def across(weeks: float) -> float:
        return round(min(100.0, 100 * weeks / whole), 2)

    ends = list(dict.fromkeys((course.leave_out_weeks, course.look_weeks, course.judge_weeks)))
    left_out, look, judge = (
        across(weeks) for weeks in (course.leave_out_weeks, course.look_weeks, course.judge_weeks)
    )
    now = across(point.weeks_done)
    return CourseBand(
        title=_title(point),
        sentence=" ".join(
            filter(None, (_restart(start, why, today), _sentence(point, today, before, since)))
        ),
        shed=_shed(point),
        note=str(course.note),
        sources=course.sources,
        left_out=left_out,
        look=look,
        now=now,
        ticks=tuple(Label(across(weeks), 0, str(weeks), "middle") for weeks in ends),
        dates=tuple(
            Label(x, 0, words.short_day(point.begins_on(weeks)), "middle")
            for weeks, x in _with_room([(weeks, across(weeks)) for weeks in ends])
        ),
        names=tuple(_names(left_out, look, judge)),
        pin=Label(now, 0, _("Week {week}", week=point.week), anchor_at(now, ROOM_FOR_A_WEEK)),
    )


def _title(point: CoursePoint) -> str:
    match point.stage:
        case CourseStage.TOO_EARLY:
            return _("Too early to say")
        case CourseStage.STILL_EARLY:
            return _("Still early")
        case CourseStage.FIRST_LOOK:
            return _("Time for a first look")
        case CourseStage.JUDGE:
            return _("Long enough to judge")


def _restart(start: date, why: CourseStart, today: date) -> str:
    """Say why the weeks are not counted from the first day."""
    day = words.dated(start, today)
    match why:
        case CourseStart.NEW_DOSE:
            return _("The dose changed on {day}, so the weeks start again.", day=day)
        case CourseStart.AFTER_BREAK:
            return _("You restarted on {day}, so the weeks start again.", day=day)
    return ""


def _sentence(point: CoursePoint, today: date, before: int, since: int) -> str:
    look, judge = point.course.look_weeks, point.course.judge_weeks
    first_look = words.dated(point.begins_on(look), today)
    match point.stage:
        case CourseStage.TOO_EARLY:
            said = lazy(
                "Week {week} of {weeks}: too early to see anything. A first look from {day}."
            )
            return said.of(week=point.week, weeks=look, day=first_look)
        case CourseStage.STILL_EARLY:
            said = lazy("Week {week} of {weeks}: still early. A first look from {day}.")
            return said.of(week=point.week, weeks=look, day=first_look)
        case CourseStage.FIRST_LOOK:
            said = lazy("Week {week} of {weeks}: time for a first look. Do not judge before {day}.")
            day = words.dated(point.begins_on(judge), today)
            return said.of(week=point.week, weeks=judge, day=day)
        case CourseStage.JUDGE:
            return _judgement(point, before, since)


def _judgement(point: CoursePoint, before: int, since: int) -> str:
    """Say that the weeks are over, and whether counts allow a comparison of before and after."""
    said = _("Week {week}: {weeks} weeks are over", week=point.week, weeks=point.course.judge_weeks)
    if not before:
        none = _("You have no hair counts from before, so there is nothing to compare with.")
        return f"{said}. {none}"
    if before < FEWEST_SETS:
        sets = words.counted("{n} set of counts", "{n} sets of counts", before)
        few = _("You have only {sets} from before: too few to compare with.", sets=sets)
        return f"{said}. {few}"
    if since < FEWEST_SETS:
        late = _("You have too few counts since then to compare: it takes four sets.")
        return f"{said}. {late}"
    return _("{said}. You can compare before and after.", said=said)


def _shed(point: CoursePoint) -> str:
    first, last = point.course.shed_from_week, point.course.shed_to_week
    if first is None or last is None or point.week > last:
        return ""
    return _(
        "More shedding than usual is often reported in weeks {first} to {last}.",
        first=first,
        last=last,
    )


def _names(left_out: float, look: float, judge: float) -> list[Label]:
    """Return the names of stages that are wide enough for a word, each in the middle."""
    stretches = [
        (0.0, left_out, _("left out")),
        (left_out, look, _("still early")),
        (look, judge, _("first look")),
        (judge, 100.0, _("judge")),
    ]
    return [
        Label(round((start + end) / 2, 2), 0, name, "middle")
        for start, end, name in stretches
        if end - start >= ROOM_FOR_A_NAME
    ]


def _with_room(places: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Return the positions whose dates do not touch; the last one is always among them."""
    kept = places[-1:]
    for place in reversed(places[:-1]):
        if kept[0][1] - place[1] >= ROOM_FOR_A_DATE:
            kept.insert(0, place)
    return kept
