"""Draw a measured outcome over time: points, a smoothed line, marks, and the doses beneath.

Places are whole numbers in a box of `WIDE` by `HIGH` that is stretched to the width it gets,
while strokes and text keep their size. Points are strokes of no length with round ends: one
path draws ten years of them. Each place is told from the one before, which packs to half.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10

from app.domain.figures import Figures
from app.domain.quantities import format_number
from app.domain.spans import DAY, Span
from app.domain.trends import dense_stretches, ewma, stretches
from app.web import words
from app.web.charts import Label
from app.web.marks import Mark, grouped, signs

WIDE = 1000
HIGH = 100
LANE_HIGH = 20
FEWEST_DAYS_BETWEEN_TICKS = 6
# Marks closer than this share of the width are drawn as one.
MARK_ROOM = 0.068
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Axis:
    """The numbers an outcome can take, and those that are written beside the plot."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def y(self, value: float) -> int:
        """The place of a value, from the top of the box."""
        return round(HIGH * (self.high - value) / (self.high - self.low))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that is followed over time.

    Without a `longest_gap` it is answered daily, and its line needs four answers in seven days.
    """

    key: str
    name: str
    axis: Axis
    half_life: timedelta
    longest_gap: timedelta | None
    has_range: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark on the chart: one sign, or the first and last of several that lie close."""

    x: float
    text: str
    is_event: bool


@dataclass(frozen=True, slots=True)
class OutcomeChart:
    """Everything a template draws of one outcome."""

    key: str
    line: str
    dots: str
    ranges: str
    grid: tuple[Label, ...]
    flags: tuple[Flag, ...]
    stems: str
    latest: Label | None


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The days of a span, from the left edge to the right, and the names beneath them."""

    first: date
    last: date
    ticks: tuple[Label, ...]

    def x(self, on: date) -> int:
        """The place of the beginning of a day."""
        start, end = self.first.toordinal(), self.last.toordinal() + 1
        return round(WIDE * (on.toordinal() - start) / (end - start))

    def middles(self, points: Sequence[Figures]) -> dict[date, int]:
        """The places of the middles of days or weeks, by their first day."""
        start, end = self.first.toordinal(), self.last.toordinal() + 1
        step = WIDE / (end - start)
        half = step * ((points[0].last - points[0].first).days + 1) / 2 if points else 0
        return {
            each.first: round((each.first.toordinal() - start) * step + half) for each in points
        }


def time_axis(span: Span) -> TimeAxis:
    """The axis of a span, with as many names as have room."""
    return TimeAxis(span.first, span.last, tuple(_ticks(span)))


def counting_axis(highest: float) -> Axis:
    """From zero to a round number above the highest count."""
    wanted = max(highest, 4) * 1.08
    size = 10 ** floor(log10(wanted / 4))
    step = next(step * size for step in (1, 2, 2.5, 5, 10) if step * size * 4 >= wanted)
    step = max(1, step)
    count = ceil(wanted / step)
    return Axis(0, step * count, tuple(step * place for place in range(count + 1)))


def outcome_chart(
    outcome: Outcome,
    points: Sequence[Figures],
    middles: Mapping[date, int],
    flags: tuple[Flag, ...],
) -> OutcomeChart:
    """The chart of one outcome; days or weeks without a value leave a gap."""
    axis = outcome.axis
    known = [each for each in points if outcome.key in each.tallies]
    values = [(each.first, each.tallies[outcome.key].mean) for each in known]
    smoothed = ewma(values, outcome.half_life)
    places = [middles[on] for on, _value in values]
    heights = [axis.y(value) for value in smoothed]
    gap = outcome.longest_gap
    lines = dense_stretches(values) if gap is None else stretches(values, gap)
    line = "".join(
        _path(zip(places[start:end], heights[start:end], strict=True))
        for start, end in lines
        if end - start > 1
    )
    return OutcomeChart(
        key=outcome.key,
        line=line,
        dots=_dots(zip(places, (axis.y(value) for _on, value in values), strict=True)),
        ranges="".join(_ranges(axis, outcome.key, known, places)) if outcome.has_range else "",
        grid=tuple(
            Label(0, 100 * axis.y(value) / HIGH, format_number(value)) for value in axis.ticks
        ),
        flags=flags,
        stems="".join(f"M{round(flag.x * WIDE / 100)} 0V{HIGH}" for flag in flags),
        latest=_latest(places, heights),
    )


def dose_lane(points: Sequence[Figures], time: TimeAxis) -> str:
    """The share of due doses taken in each day or week, as one path that stands on its base."""
    path: list[str] = []
    x, height = None, 0
    for each in points:
        share = each.doses.taken_of_due
        if share is None:
            continue
        left, right = time.x(each.first), time.x(each.last + DAY)
        if left != x:
            path.append(f"V{LANE_HIGH}M{left} {LANE_HIGH}" if path else f"M{left} {LANE_HIGH}")
            height = 0
        wanted = max(1, round(share * LANE_HIGH))
        if wanted != height:
            path.append(f"v{height - wanted}")
        path.append(f"h{right - left}")
        x, height = right, wanted
    return "".join([*path, f"V{LANE_HIGH}"]) if path else ""


def flags_of(marks: Sequence[Mark], time: TimeAxis) -> Iterable[Flag]:
    """Regimen and life events in rows of their own; what lies too close shares a flag."""
    for is_event in (False, True):
        wanted = (mark for mark in marks if mark.is_event is is_event)
        for group in grouped(wanted, time.x, MARK_ROOM * WIDE):
            yield Flag(round(100 * time.x(group[0].on) / WIDE, 1), signs(group), is_event)


def _path(places: Iterable[tuple[int, int]]) -> str:
    """A line through places."""
    steps = list(places)
    (x, y), *rest = steps
    parts = [f"M{x} {y}"]
    for (x, y), (next_x, next_y) in zip(steps, rest, strict=False):
        parts.append(f"l{next_x - x} {next_y - y}")
    return "".join(parts)


def _dots(places: Iterable[tuple[int, int]]) -> str:
    """A dot at each place."""
    parts, x, y = [], 0, 0
    for next_x, next_y in places:
        parts.append(f"m{next_x - x} {next_y - y}h0")
        x, y = next_x, next_y
    return "".join(parts)


def _ranges(axis: Axis, key: str, known: Iterable[Figures], places: Iterable[int]) -> Iterable[str]:
    for each, x in zip(known, places, strict=True):
        tally = each.tallies[key]
        if tally.highest > tally.lowest:
            yield f"M{x} {axis.y(tally.lowest)}V{axis.y(tally.highest)}"


def _latest(places: Sequence[int], heights: Sequence[int]) -> Label | None:
    if not places:
        return None
    return Label(100 * places[-1] / WIDE, 100 * heights[-1] / HIGH, "")


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
    """What to name along the axis: weeks, months or years, and how."""
    if span.days <= 6 * FEWEST_DAYS_BETWEEN_TICKS:
        days = range(0, span.days, 7)
        return words.short_day, [span.first + timedelta(days=offset) for offset in days]
    months = _firsts_of_months(span.first, span.last)
    if len(months) <= 4 * MOST_TICKS:
        return (lambda day: words.MONTHS[day.month - 1][:3]), months
    return (lambda day: str(day.year)), [day for day in months if day.month == 1]


def _firsts_of_months(first: date, last: date) -> list[date]:
    days = []
    day = first if first.day == 1 else (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while day <= last:
        days.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return days
