"""A plain chart of values over time: a dot each, a bar where a value has a lower end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, floor

from app.domain.quantities import format_number
from app.web import words
from app.web.charts import Label

# Where the first and the last day lie, in percent of the width: labels need room at the edges.
LEFT, RIGHT = 11.0, 97.0
SHORTEST = timedelta(weeks=4)
STEPS = (0.5, 1, 2, 5, 10, 20, 50, 100)
MOST_LINES = 4
MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a day, what is said of it, and its lower end where it has one."""

    on: date
    value: float
    text: str
    lower: float | None = None


@dataclass(frozen=True, slots=True)
class SeriesDot:
    """A value in its place, in percent of the plot; `low` is the place of its lower end."""

    x: float
    y: float
    text: str
    low: float | None


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line from one dot to the next."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class SeriesChart:
    """Values over time; `strokes` join them where a line was asked for."""

    dots: tuple[SeriesDot, ...]
    strokes: tuple[Stroke, ...]
    lines: tuple[Label, ...]
    ticks: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date
    low: float
    high: float

    def x(self, on: date) -> float:
        share = (on - self.first).days / max(1, (self.last - self.first).days)
        return round(LEFT + (RIGHT - LEFT) * share, 2)

    def y(self, value: float) -> float:
        return round(100 * (self.high - value) / (self.high - self.low), 2)


def series_chart(readings: Sequence[Reading], today: date, *, is_joined: bool) -> SeriesChart:
    """Lay out readings, oldest first, from the first of them to today; there is at least one."""
    values = [each.value for each in readings]
    lowest = min([*values, *(each.lower for each in readings if each.lower is not None)])
    step = _step(max(values) - lowest)
    low = floor(lowest / step) * step
    high = max(ceil(max(values) / step) * step, low + step)
    first = min(readings[0].on, today - SHORTEST)
    scale = _Scale(first, max(today, readings[-1].on), low, high)
    dots = tuple(
        SeriesDot(
            scale.x(each.on),
            scale.y(each.value),
            each.text,
            None if each.lower is None else scale.y(each.lower),
        )
        for each in readings
    )
    pairs = pairwise(dots) if is_joined else ()
    return SeriesChart(
        dots=dots,
        strokes=tuple(Stroke(one.x, one.y, two.x, two.y) for one, two in pairs),
        lines=tuple(_lines(scale, step)),
        ticks=tuple(_ticks(scale)),
    )


def _step(spread: float) -> float:
    return next((step for step in STEPS if step * MOST_LINES >= spread), STEPS[-1])


def _lines(scale: _Scale, step: float) -> Iterable[Label]:
    for number in range(round((scale.high - scale.low) / step) + 1):
        value = scale.low + number * step
        yield Label(0, scale.y(value), format_number(value))


def _ticks(scale: _Scale) -> Iterable[Label]:
    """The first of each month, thinned out until the names have room."""
    firsts = []
    day = scale.first.replace(day=1)
    while day <= scale.last:
        if day >= scale.first:
            firsts.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    is_long = (scale.last - scale.first).days > 600
    for day in firsts[:: max(1, -(-len(firsts) // MOST_TICKS))]:
        if scale.x(day) <= RIGHT - 6:
            name = words.MONTHS[day.month - 1][:3]
            yield Label(scale.x(day), 0, f"{name} {day:%y}" if is_long else name)
