"""Draw an outcome over time: points, a smoothed line, marks, and the doses beneath.

Positions are whole numbers in a box of `WIDE` by `HIGH` that is stretched to the available width,
while strokes and text keep their size. Points are strokes of no length with round ends: one path
draws ten years of them. Each position is relative to the one before, which compresses to half the
size.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10

from app.diary.series import SeriesValue
from app.domain.figures import Figures
from app.domain.quantities import format_number
from app.domain.spans import DAY, Span
from app.domain.trends import dense_stretches, ewma, stretches
from app.language import words
from app.web.pages.charts.geometry import Label

WIDE = 1000
HIGH = 100
LANE_HIGH = 20
FEWEST_DAYS_BETWEEN_TICKS = 6
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Axis:
    """The range of an outcome, and the numbers written beside the plot."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def y(self, value: float) -> int:
        """Return the position of a value, from the top of the box."""
        return round(HIGH * (self.high - value) / (self.high - self.low))


@dataclass(frozen=True, slots=True)
class FollowedOutcome:
    """One outcome followed over time.

    Without a `longest_gap` it is answered daily, and its line needs four answers in seven days.
    """

    key: str
    name: str
    axis: Axis
    half_life: timedelta
    longest_gap: timedelta | None
    has_range: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeChart:
    """Everything that a template draws for one outcome."""

    key: str
    line: str
    dots: str
    ranges: str
    grid: tuple[Label, ...]
    latest: Label | None
    spoken: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The days of a span, from the left edge to the right, and the names beneath them."""

    first: date
    last: date
    ticks: tuple[Label, ...]

    def x(self, on: date) -> int:
        """Return the position of the beginning of a day."""
        return self._place(on.toordinal())

    def percent(self, on: date) -> float:
        """Return that position in percent of the width."""
        return 100 * self.x(on) / WIDE

    def middle(self, first: date, last: date) -> int:
        """Return the position of the middle of so many days."""
        return self._place((first.toordinal() + last.toordinal() + 1) / 2)

    def shows(self, on: date) -> bool:
        """Whether a day is in the span."""
        return self.first <= on <= self.last

    def _place(self, ordinal: float) -> int:
        start, end = self.first.toordinal(), self.last.toordinal() + 1
        return round(WIDE * (ordinal - start) / (end - start))


def time_axis(span: Span) -> TimeAxis:
    """Return the axis of a span, with as many names as fit."""
    return TimeAxis(span.first, span.last, tuple(_ticks(span)))


def counting_axis(highest: float) -> Axis:
    """Return an axis from zero to a round number above the highest count."""
    wanted = max(highest, 4) * 1.08
    size = 10 ** floor(log10(wanted / 4))
    step = next(step * size for step in (1, 2, 2.5, 5, 10) if step * size * 4 >= wanted)
    step = max(1, step)
    count = ceil(wanted / step)
    return Axis(0, step * count, tuple(step * place for place in range(count + 1)))


def outcome_chart(
    outcome: FollowedOutcome, samples: Sequence[SeriesValue], time: TimeAxis
) -> OutcomeChart:
    """Draw the chart of one outcome; days or weeks without a value leave a gap.

    `samples` may begin before the span: the line comes from there, so that a day has the same
    height in every span.
    """
    axis = outcome.axis
    values = [(each.on, each.mean) for each in samples]
    smoothed = [axis.y(value) for value in ewma(values, outcome.half_life)]
    seen = [index for index, each in enumerate(samples) if time.shows(each.on)]
    begin = seen[0] if seen else len(samples)
    places = {index: time.middle(samples[index].first, samples[index].last) for index in seen}
    gap = outcome.longest_gap
    lines = dense_stretches(values) if gap is None else stretches(values, gap)
    line = "".join(
        _path([(places[index], smoothed[index]) for index in within])
        for start, end in lines
        if len(within := range(max(start, begin), min(end, begin + len(seen)))) > 1
    )
    return OutcomeChart(
        key=outcome.key,
        line=line,
        dots=_dots([(places[index], axis.y(samples[index].mean)) for index in seen]),
        ranges="".join(_ranges(axis, samples, places)) if outcome.has_range else "",
        grid=tuple(
            Label(0, 100 * axis.y(value) / HIGH, format_number(value)) for value in axis.ticks
        ),
        latest=Label(100 * places[seen[-1]] / WIDE, 100 * smoothed[seen[-1]] / HIGH, "")
        if seen
        else None,
    )


@dataclass(frozen=True, slots=True)
class DoseLane:
    """Paths of the doses beneath a chart: where any were due, and the share not taken."""

    due: str
    missed: str


@dataclass(frozen=True, slots=True)
class LanePart:
    """The bars of some days or weeks: from where to where any dose was due, and the notches."""

    due: tuple[tuple[int, int], ...]
    missed: str


def lane_part(points: Iterable[Figures], time: TimeAxis) -> LanePart:
    """Draw the share of due doses not taken in each day or week, as notches from below."""
    due: list[tuple[int, int]] = []
    missed: list[str] = []
    for each in points:
        share = each.doses.taken_of_due
        if share is None:
            continue
        left, right = time.x(each.first), time.x(each.last + DAY)
        due.append((left, right))
        height = round((1 - share) * LANE_HIGH) or (1 if share < 1 else 0)
        if height:
            missed.append(f"M{left} {LANE_HIGH}v{-height}h{right - left}v{height}z")
    return LanePart(_joined(due), "".join(missed))


def dose_lane(parts: Sequence[LanePart]) -> DoseLane | None:
    """Draw the parts of a lane as one; None if no dose was due."""
    due = _joined(bar for part in parts for bar in part.due)
    bars = (f"M{left} 0h{right - left}v{LANE_HIGH}H{left}z" for left, right in due)
    return DoseLane("".join(bars), "".join(part.missed for part in parts)) if due else None


def _joined(bars: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Join bars that touch."""
    joined: list[tuple[int, int]] = []
    for left, right in bars:
        if joined and joined[-1][1] == left:
            joined[-1] = (joined[-1][0], right)
        else:
            joined.append((left, right))
    return tuple(joined)


def _path(places: Iterable[tuple[int, int]]) -> str:
    """Draw a line through positions."""
    steps = list(places)
    (x, y), *rest = steps
    parts = [f"M{x} {y}"]
    for (x, y), (next_x, next_y) in zip(steps, rest, strict=False):
        parts.append(f"l{next_x - x} {next_y - y}")
    return "".join(parts)


def _dots(places: Iterable[tuple[int, int]]) -> str:
    """Draw a dot at each position."""
    parts, x, y = [], 0, 0
    for next_x, next_y in places:
        parts.append(f"m{next_x - x} {next_y - y}h0")
        x, y = next_x, next_y
    return "".join(parts)


def _ranges(axis: Axis, samples: Sequence[SeriesValue], places: Mapping[int, int]) -> Iterable[str]:
    for index, x in places.items():
        each = samples[index]
        if each.highest > each.lowest:
            yield f"M{x} {axis.y(each.lowest)}V{axis.y(each.highest)}"


def _ticks(span: Span) -> list[Label]:
    name, firsts = _calendar_steps(span)
    step = max(1, ceil(len(firsts) / MOST_TICKS))
    whole = (span.last + DAY - span.first).days
    ticks = [
        Label(round(100 * (day - span.first).days / whole, 1), 0, name(day))
        for day in firsts[::step]
    ]
    return [tick for tick in ticks if tick.x <= 93]


def _calendar_steps(span: Span) -> tuple[Callable[[date], str], list[date]]:
    """Return the names along the axis: weeks, months or years."""
    if span.days <= 6 * FEWEST_DAYS_BETWEEN_TICKS:
        days = range(0, span.days, 7)
        return words.short_day, [span.first + timedelta(days=offset) for offset in days]
    months = _firsts_of_months(span.first, span.last)
    if len(months) <= 4 * MOST_TICKS:
        return (lambda day: words.short_month(day.month)), months
    return (lambda day: str(day.year)), [day for day in months if day.month == 1]


def _firsts_of_months(first: date, last: date) -> list[date]:
    days = []
    day = first if first.day == 1 else (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while day <= last:
        days.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return days
