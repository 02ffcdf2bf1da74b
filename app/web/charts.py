"""Turn numbers into the geometry of charts; templates only draw it.

Places are percent of the plot, so that a chart is drawn for the width it has: its text
keeps its size on every screen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.day_states import DayState
from app.domain.quantities import format_amount
from app.services.regimen import Item
from app.web import words
from app.web.words import _

WEEK = 7


@dataclass(frozen=True, slots=True)
class HeatDay:
    """One square of a heat-map; no state beyond the edge."""

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
    """A text at a place."""

    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Gap:
    """A pause, hatched."""

    x: float
    width: float
    label: str


@dataclass(frozen=True, slots=True)
class Point:
    """A place."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class StepChart:
    """The planned dose a day over time, as steps."""

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
    """Whole weeks from the Monday `first` to the one of `last`, and the month above each."""
    weeks: list[list[HeatDay]] = []
    months: list[str | None] = []
    monday = first
    while monday <= last:
        days = [monday + timedelta(days=offset) for offset in range(WEEK)]
        weeks.append([_heat_day(states, day, today) for day in days])
        begins = next((day for day in days if day.day == 1), None)
        is_first = monday == first and days[-1].day > WEEK
        months.append(
            words.MONTHS[(begins or monday).month - 1][:3] if begins or is_first else None
        )
        monday += timedelta(weeks=1)
    if len(months) > 1 and months[0] and months[1]:
        months[0] = None
    return weeks, months


def step_chart(item: Item, today: date) -> StepChart | None:
    """The dosage history of an item; None where days have no one amount to draw."""
    steps = [
        (dosage.timing.starts_on, dosage.timing.ends_on, dosage.timing.amount_a_day, dosage.unit)
        for dosage in item.plan.dosages
        if dosage.timing.starts_on <= today
    ]
    amounts = [amount for _first, _last, amount, _unit in steps if amount is not None]
    if not steps or len(amounts) < len(steps) or len({unit for *_rest, unit in steps}) > 1:
        return None
    start = item.starts_on
    last_planned = steps[-1][1] or today
    is_running = last_planned >= today and item.is_current(today)
    end = min(item.ends_on or last_planned, last_planned, today) + timedelta(days=1)
    days = max(1, (end - start).days)
    top = max(amounts) * 1.25

    def across(day: date) -> float:
        return round(100 * max(0, min(days, (day - start).days)) / days, 2)

    path: list[str] = []
    labels: list[Label] = []
    sentence: list[str] = []
    for first, last, amount, unit in steps:
        assert amount is not None
        left, right = across(first), across(min(last or today, today) + timedelta(days=1))
        y = round(100 - 100 * amount / top, 2)
        path.append(f"{'M' if not path else 'L'}{left} {y}H{right}")
        text = _("{amount} a day").format(amount=format_amount(amount, unit))
        if right - left > 18 or len(steps) == 1:
            labels.append(_step_label(left, right, y, text))
        sentence.append(_("{what} from {day}").format(what=text, day=words.dated(first, today)))
    line = "".join(path)
    return StepChart(
        path=line,
        area=f"{line}V100H{across(start)}Z",
        pauses=tuple(_gaps(item, today, start, days)),
        labels=tuple(labels),
        ticks=tuple(_month_ticks(start, end, days)),
        now=Point(100, round(100 - 100 * amounts[-1] / top, 2)) if is_running else None,
        sentence=_("Planned dose: {steps}.").format(steps=", ".join(sentence)),
    )


def _step_label(left: float, right: float, y: float, text: str) -> Label:
    """Above the step; at the right edge it ends there, so that nothing is cut off."""
    return Label(right, y, text, "end") if right > 75 and left > 25 else Label(left, y, text)


def _heat_day(states: Mapping[date, DayState], day: date, today: date) -> HeatDay:
    if day > today:
        return HeatDay(day, None, is_today=False)
    return HeatDay(day, states.get(day, "off"), is_today=day == today)


def _gaps(item: Item, today: date, start: date, days: int) -> list[Gap]:
    gaps = []
    for pause in item.pauses:
        if pause.starts_on > today:
            continue
        left = 100 * max(0, (pause.starts_on - start).days) / days
        last = min(pause.ends_on or today, today)
        width = 100 * ((last - pause.starts_on).days + 1) / days
        gaps.append(Gap(round(left, 2), round(min(width, 100 - left), 2), _("pause")))
    return gaps


def _month_ticks(start: date, end: date, days: int) -> list[Label]:
    """The first of each month, thinned out until the names have room."""
    firsts = []
    day = start.replace(day=1)
    while day < end:
        if day >= start:
            firsts.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    step = max(1, -(-len(firsts) // 5))
    ticks = [
        Label(round(100 * (day - start).days / days, 2), 0, words.MONTHS[day.month - 1][:3])
        for day in firsts[::step]
    ]
    return [tick for tick in ticks if tick.x <= 92] or [Label(0, 0, words.short_day(start))]
