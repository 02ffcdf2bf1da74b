"""The chart of one way of counting: a dot for each set, and what changed in the regimen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.shedding import CountMethod, CountSet, OwnRange
from app.web import words
from app.web.charts import Label
from app.web.deps import Visit
from app.web.marks import Lanes, Mark, lanes_of, marks_between, marks_of
from app.web.shedding_words import spoken_set
from app.web.words import _

# Where the first and the last day lie, in percent: figures and dots need room at the edges.
LEFT, RIGHT = 9.0, 97.0
SHORTEST = timedelta(weeks=4)
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1_000, 2_000)
MOST_LINES = 4
# As wide as the chart is on the smallest phone, in pixels.
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
    """Sets over time. Places are percent of the plot, y from its top."""

    dots: tuple[Dot, ...]
    lines: tuple[Label, ...]
    ticks: tuple[Label, ...]
    band: Band | None
    lanes: Lanes
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date
    top: int

    def x(self, on: date) -> float:
        share = (on - self.first).days / max(1, (self.last - self.first).days)
        return round(LEFT + (RIGHT - LEFT) * share, 2)

    def y(self, value: float) -> float:
        return round(100 - 100 * min(value, self.top) / self.top, 2)


def set_chart(
    visit: Visit, method: CountMethod, sets: Sequence[CountSet], own: OwnRange | None
) -> SetChart:
    """Lay out the sets from the first of them to today; there is at least one."""
    first = min(sets[0].first_on, visit.today - SHORTEST)
    last = max(visit.today, sets[-1].last_on)
    highest = max(max(each.values) for each in sets)
    step = 2 if method.is_score else _step(max(highest, own.highest if own else 0))
    scale = _Scale(first, last, 6 if method.is_score else step * _lines(highest, own, step))
    marks = marks_between(marks_of(visit), first + timedelta(days=1), visit.today)
    return SetChart(
        dots=tuple(
            _dot(method, each, scale, visit.today, is_last=each is sets[-1]) for each in sets
        ),
        lines=tuple(
            Label(0, scale.y(value), str(value)) for value in range(0, scale.top + 1, step)
        ),
        ticks=tuple(_ticks(scale)),
        band=_band(own, scale) if own else None,
        lanes=lanes_of(marks, scale.x, narrow=NARROW),
        marks=tuple(marks),
    )


def _dot(method: CountMethod, each: CountSet, scale: _Scale, today: date, *, is_last: bool) -> Dot:
    top, bottom = scale.y(max(each.values)), scale.y(min(each.values))
    text = spoken_set(method, each, today)
    if len(each.values) > 1:
        text = _("{text}, {low} to {high}").format(
            text=text, low=min(each.values), high=max(each.values)
        )
    return Dot(scale.x(each.middle), scale.y(each.mean), top, bottom, text, is_last)


def _band(own: OwnRange, scale: _Scale) -> Band:
    top = scale.y(own.highest)
    return Band(top, round(max(1.5, scale.y(own.lowest) - top), 2))


def _step(highest: int) -> int:
    return next((step for step in STEPS if step * MOST_LINES >= highest), STEPS[-1])


def _lines(highest: int, own: OwnRange | None, step: int) -> int:
    return max(1, -(-max(highest, own.highest if own else 0) // step))


def _ticks(scale: _Scale) -> Iterable[Label]:
    """The first of each month, thinned out until the names have room."""
    firsts = []
    day = scale.first.replace(day=1)
    while day <= scale.last:
        if day >= scale.first:
            firsts.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    every = max(1, -(-len(firsts) // 5))
    for day in firsts[::every]:
        if scale.x(day) <= RIGHT - 6:
            yield Label(scale.x(day), 0, _tick_words(day, scale), "start")


def _tick_words(day: date, scale: _Scale) -> str:
    """A month, or in a chart of several years the year as well."""
    name = words.MONTHS[day.month - 1][:3]
    return f"{name} {day:%y}" if (scale.last - scale.first).days > 600 else name
