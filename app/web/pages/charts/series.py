"""A plain chart of values over time: a dot each, and a bar if a value has a lower end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil, floor

from app.domain.quantities import format_number
from app.web.pages.charts.geometry import Label
from app.web.pages.charts.month_axis import MonthAxis, months_to_today, rounded_step

# Position of the first day, in percent of the width; the labels need room at the edge.
LEFT = 11.0
STEPS = (0.5, 1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One value of a day with its description, and its lower end if it has one."""

    on: date
    value: float
    text: str
    lower: float | None = None


@dataclass(frozen=True, slots=True)
class SeriesDot:
    """The position of a value, in percent of the plot; `low` is the position of its lower end."""

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
    """Values over time; `strokes` join them if a line was requested."""

    dots: tuple[SeriesDot, ...]
    strokes: tuple[Stroke, ...]
    lines: tuple[Label, ...]
    ticks: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    months: MonthAxis
    low: float
    high: float

    def y(self, value: float) -> float:
        return round(100 * (self.high - value) / (self.high - self.low), 2)


def series_chart(readings: Sequence[SeriesPoint], today: date, *, is_joined: bool) -> SeriesChart:
    """Lay out readings, oldest first, from the first one to today; at least one must exist."""
    values = [each.value for each in readings]
    lowest = min([*values, *(each.lower for each in readings if each.lower is not None)])
    step = rounded_step(max(values) - lowest, STEPS)
    low = floor(lowest / step) * step
    high = max(ceil(max(values) / step) * step, low + step)
    months = months_to_today(readings[0].on, readings[-1].on, today, left=LEFT)
    scale = _Scale(months, low, high)
    dots = tuple(
        SeriesDot(
            months.x(each.on),
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
        ticks=tuple(months.names()),
    )


def _lines(scale: _Scale, step: float) -> Iterable[Label]:
    for number in range(round((scale.high - scale.low) / step) + 1):
        value = scale.low + number * step
        yield Label(0, scale.y(value), format_number(value))
