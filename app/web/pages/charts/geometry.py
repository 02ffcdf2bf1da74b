"""Turn numbers into the geometry of charts; templates only render it.

Positions are in percent of the plot, so that a chart fits any width and its text keeps its size on
every screen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Self

from app.diary.regimen import Item
from app.domain.day_states import DayState
from app.i18n import _
from app.language import words
from app.language.dosage_words import amount_a_day_words
from app.models import User

WEEK = 7
# In percent of the narrowest plot: the width of a character, the height of a line of text, and the
# distance from an edge within which a centred short word would cross that edge.
CHARACTER = 2.5
LINE = 18
EDGE = 6


def anchor_at(x: float, edge: float = EDGE) -> str:
    """Return where a text at `x` percent is anchored, so that it stays inside of both edges."""
    return "start" if x < edge else "end" if x > 100 - edge else "middle"


@dataclass(frozen=True, slots=True)
class HeatDay:
    """One square of a heatmap; it has no state outside the shown days."""

    on: date
    state: DayState | None
    is_today: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """A reference level on a meter."""

    share: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text and its position."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    is_below: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One dosage on the chart; its label is the daily dose."""

    left: float
    right: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class _Spot:
    """A label and the space that it takes."""

    label: Label
    first: float
    last: float
    top: float

    def is_free(self, step: Step, others: Iterable[Step], placed: Iterable[Self]) -> bool:
        """Whether no line of another step and no other label crosses the space."""
        side = -1 if self.label.is_below else 1
        return all(
            side * (other.y - step.y) >= 0
            for other in others
            if other.left < self.last and other.right > self.first
        ) and not any(
            spot.first < self.last and spot.last > self.first and abs(spot.top - self.top) < LINE
            for spot in placed
        )


@dataclass(frozen=True, slots=True)
class Gap:
    """A pause, hatched."""

    x: float
    width: float
    label: Label


@dataclass(frozen=True, slots=True)
class Point:
    """A position on the plot."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class StepChart:
    """The planned daily dose over time, as steps."""

    path: str
    area: str
    pauses: tuple[Gap, ...]
    labels: tuple[Label, ...]
    ticks: tuple[Label, ...]
    now: Point | None
    sentence: str


def heat_weeks(
    states: Mapping[date, DayState], first: date, last: date, today: date
) -> tuple[list[list[HeatDay]], list[str | None]]:
    """Return whole weeks from the Monday `first` to that of `last`, with the month above each."""
    weeks: list[list[HeatDay]] = []
    months: list[str | None] = []
    monday = first
    while monday <= last:
        days = [monday + timedelta(days=offset) for offset in range(WEEK)]
        weeks.append([_heat_day(states, day, today) for day in days])
        begins = next((day for day in days if day.day == 1), None)
        is_first = monday == first and days[-1].day > WEEK
        months.append(words.short_month((begins or monday).month) if begins or is_first else None)
        monday += timedelta(weeks=1)
    if len(months) > 1 and months[0] and months[1]:
        months[0] = None
    return weeks, months


def step_chart(item: Item, today: date, user: User) -> StepChart | None:
    """Draw the dosage history of an item; None if its days have no single amount."""
    dosages = [each for each in item.plan.dosages if each.timing.starts_on <= today]
    amounts = [each.timing.amount_a_day for each in dosages]
    if not dosages or None in amounts or len({each.unit for each in dosages}) > 1:
        return None
    start = item.starts_on
    last_planned = dosages[-1].timing.ends_on or today
    is_running = last_planned >= today and item.is_current(today)
    end = min(item.ends_on or last_planned, last_planned, today) + timedelta(days=1)
    days = max(1, (end - start).days)
    top = max(amount for amount in amounts if amount is not None) * 1.25

    def across(day: date) -> float:
        return round(100 * max(0, min(days, (day - start).days)) / days, 2)

    steps = [
        Step(
            left=across(dosage.timing.starts_on),
            right=across(min(dosage.timing.ends_on or today, today) + timedelta(days=1)),
            y=round(100 - 100 * (amount or 0) / top, 2),
            text=amount_a_day_words(item, dosage, user),
        )
        for dosage, amount in zip(dosages, amounts, strict=True)
    ]
    sentence = [
        _("{what} from {day}", what=step.text, day=words.dated(dosage.timing.starts_on, today))
        for dosage, step in zip(dosages, steps, strict=True)
    ]
    line = "L".join(f"{step.left} {step.y}H{step.right}" for step in steps)
    return StepChart(
        path=f"M{line}",
        area=f"M{line}V100H{across(start)}Z",
        pauses=tuple(_gaps(item, today, start, days)),
        labels=step_labels(steps),
        ticks=tuple(_month_ticks(start, end, days)),
        now=Point(100, steps[-1].y) if is_running else None,
        sentence=_("Planned dose: {steps}.", steps=", ".join(sentence)),
    )


def step_labels(steps: Sequence[Step]) -> tuple[Label, ...]:
    """Label each step that has room for a label, the newest first.

    No label covers a line or another label. A step with the same text as the next one has no label.
    """
    placed: list[_Spot] = []
    for place, step in reversed(list(enumerate(steps))):
        if place + 1 < len(steps) and steps[place + 1].text == step.text:
            continue
        others = [*steps[:place], *steps[place + 1 :]]
        free = (spot for spot in _spots(step) if spot.is_free(step, others, placed))
        placed += islice(free, 1)
    return tuple(spot.label for spot in placed)


def _spots(step: Step) -> Iterator[_Spot]:
    """Yield the places for a label, best first: above its step, then below."""
    width = min(100, len(step.text) * CHARACTER)
    middle = (step.left + step.right) / 2
    for is_below in (False, True):
        for anchor, x, first in (
            ("start", step.left, step.left),
            ("end", step.right, step.right - width),
            ("middle", middle, middle - width / 2),
        ):
            label = Label(x, step.y, step.text, anchor, is_below=is_below)
            top = step.y if is_below else step.y - LINE
            spot = _Spot(label, first, first + width, top)
            if first >= 0 and spot.last <= 100 and top + LINE <= 100:
                yield spot


def _heat_day(states: Mapping[date, DayState], day: date, today: date) -> HeatDay:
    if day > today:
        return HeatDay(day, None, is_today=False)
    return HeatDay(day, states.get(day, "off"), is_today=day == today)


def _gaps(item: Item, today: date, start: date, days: int) -> list[Gap]:
    gaps = []
    for pause in item.pauses:
        covers_no_day = pause.ends_on is not None and pause.ends_on < pause.starts_on
        if pause.starts_on > today or covers_no_day:
            continue
        left = 100 * max(0, (pause.starts_on - start).days) / days
        last = min(pause.ends_on or today, today)
        width = 100 * ((last - pause.starts_on).days + 1) / days
        width = round(min(width, 100 - left), 2)
        gaps.append(Gap(round(left, 2), width, _gap_label(left, width)))
    return gaps


def _gap_label(left: float, width: float) -> Label:
    """Label the middle of a pause; at an edge of the plot, align the label inwards."""
    if left + width > 100 - EDGE:
        return Label(left + width, 0, _("pause"), "end")
    if left < EDGE:
        return Label(left, 0, _("pause"))
    return Label(left + width / 2, 0, _("pause"), "middle")


def _month_ticks(start: date, end: date, days: int) -> list[Label]:
    """Label the first of each month, thinned out until the names fit."""
    firsts = []
    day = start.replace(day=1)
    while day < end:
        if day >= start:
            firsts.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    step = max(1, -(-len(firsts) // 5))
    ticks = [
        Label(round(100 * (day - start).days / days, 2), 0, words.short_month(day.month))
        for day in firsts[::step]
    ]
    return [tick for tick in ticks if tick.x <= 92] or [Label(0, 0, words.short_day(start))]
