"""The chart of one counting method: a dot for each set, and marks for changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.diary import Diary
from app.domain.shedding import CountMethod, CountSet, OwnRange
from app.i18n import _
from app.language.shedding_words import set_words
from app.web.pages.charts.geometry import Label
from app.web.pages.charts.marks import Lanes, Mark, lanes_of, marks_between, marks_of
from app.web.pages.charts.month_axis import MonthAxis, months_to_today, rounded_step

# Position of the first day, in percent of the width; the labels need room at the edge.
LEFT = 9.0
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1_000, 2_000)
# The width of the chart on the smallest phone, in pixels.
NARROW = 250


@dataclass(frozen=True, slots=True)
class Dot:
    """A set: its mean, and the bar from its lowest to its highest reading."""

    x: float
    y: float
    top: float
    bottom: float
    text: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class Band:
    """The person's own range."""

    y: float
    height: float


@dataclass(frozen=True, slots=True)
class SetChart:
    """Sets over time. Positions are in percent of the plot, y from its top."""

    dots: tuple[Dot, ...]
    lines: tuple[Label, ...]
    ticks: tuple[Label, ...]
    band: Band | None
    lanes: Lanes
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    months: MonthAxis
    top: int

    def y(self, value: float) -> float:
        return round(100 - 100 * min(value, self.top) / self.top, 2)


def set_chart(
    diary: Diary, method: CountMethod, sets: Sequence[CountSet], own: OwnRange | None
) -> SetChart:
    """Lay out the sets from the first one to today; at least one must exist."""
    months = months_to_today(sets[0].first_on, sets[-1].last_on, diary.today, left=LEFT)
    highest = max(max(each.values) for each in sets)
    step = 2 if method.is_score else rounded_step(max(highest, own.highest if own else 0), STEPS)
    scale = _Scale(months, 6 if method.is_score else step * _lines(highest, own, step))
    marks = marks_between(marks_of(diary), months.first + timedelta(days=1), diary.today)
    return SetChart(
        dots=tuple(
            _dot(method, each, scale, diary.today, is_last=each is sets[-1]) for each in sets
        ),
        lines=tuple(
            Label(0, scale.y(value), str(value)) for value in range(0, scale.top + 1, step)
        ),
        ticks=tuple(months.names()),
        band=_band(own, scale) if own else None,
        lanes=lanes_of(marks, scale.months.x, narrow=NARROW),
        marks=tuple(marks),
    )


def _dot(method: CountMethod, each: CountSet, scale: _Scale, today: date, *, is_last: bool) -> Dot:
    top, bottom = scale.y(max(each.values)), scale.y(min(each.values))
    text = set_words(method, each, today)
    if len(each.values) > 1:
        text = _("{text}, {low} to {high}", text=text, low=min(each.values), high=max(each.values))
    return Dot(scale.months.x(each.middle), scale.y(each.mean), top, bottom, text, is_last)


def _band(own: OwnRange, scale: _Scale) -> Band:
    top = scale.y(own.highest)
    return Band(top, round(max(1.5, scale.y(own.lowest) - top), 2))


def _lines(highest: int, own: OwnRange | None, step: int) -> int:
    return max(1, -(-max(highest, own.highest if own else 0) // step))
