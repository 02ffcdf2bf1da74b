"""Doses over a span: a table of shapes for a week, squares for a year, shades beyond."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.diary import Diary
from app.diary.regimen import Item, ledger_between
from app.diary.spans import SpanFigures
from app.domain.adherence import Doses
from app.domain.day_states import SETTLED, DayState, item_day_state
from app.domain.figures import Figures
from app.domain.ledger import Row
from app.domain.logical_dates import days_between, weeks_between
from app.domain.quantities import format_number
from app.domain.spans import DAY, Span, SpanKind
from app.domain.unchanged import Unchanged
from app.i18n import _, lazy
from app.language import words
from app.language.dosage_words import amount_words, is_every_day, timing_words, unslotted_rule
from app.web.http.visit import Visit
from app.web.pages.charts.geometry import HeatDay, heat_weeks
from app.web.pages.trends.charts import DoseLane, TimeAxis, dose_lane, lane_part
from app.web.pages.trends.tables import Table, dose_rows, dose_table

WEEKS_IN_A_HEATMAP = 27
DAYS_OF_A_YEAR = 372
LEAST_DAYS = 7
NOTHING_DUE = lazy("Nothing was due.")


@dataclass(frozen=True, slots=True)
class ItemWeek:
    """One item in the week's table of shapes."""

    item: Item
    url: str
    dose: str
    days: tuple[tuple[date, DayState], ...]
    doses: Doses


@dataclass(frozen=True, slots=True)
class YearOfWeeks:
    """A year of a long span: the position and the shade of each week with a dose due."""

    year: int
    weeks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class DoseSection:
    """The doses of the span."""

    sentence: str
    items: tuple[ItemWeek, ...]
    heat: tuple[tuple[list[list[HeatDay]], list[str | None]], ...]
    years: tuple[YearOfWeeks, ...]
    by_item: tuple[tuple[Item, Doses], ...]
    table: Table


# By account and span: what was drawn of the days, and of each year.
_drawn, _drawn_years = Unchanged(64), Unchanged(512)


def dose_section(visit: Visit, reading: SpanFigures) -> DoseSection:
    """Draw the doses of a span, as its length allows."""
    span, whole, today = reading.span, reading.whole, visit.diary.today
    is_week = span.kind is SpanKind.WEEK
    is_long = span.days > DAYS_OF_A_YEAR
    place = (visit.diary.owner.id, span)
    years = () if is_week else reading.years
    return DoseSection(
        sentence=_dose_sentence(whole, today),
        items=tuple(_item_weeks(visit, span, whole)) if is_week else (),
        heat=() if is_week or is_long else _drawn.made(place, _heat, today, span, reading.within),
        years=tuple(
            [_drawn_years.made((*place, year[0].first), _year_of_weeks, year) for year in years]
        )
        if is_long
        else (),
        by_item=()
        if is_week
        else tuple(
            (item, whole.by_item[item.id])
            for item in visit.diary.regimen.items
            if item.id in whole.by_item
        ),
        table=dose_table(
            [_drawn_years.made((*place, year[0].first), dose_rows, year, today) for year in years]
        ),
    )


def lane_of_doses(diary: Diary, reading: SpanFigures, time: TimeAxis) -> DoseLane | None:
    """Draw the doses beneath the charts, year by year."""
    place = (diary.owner.id, reading.span)
    years = [reading.points] if reading.span.kind is SpanKind.WEEK else reading.years
    parts = [
        _drawn_years.made((*place, year[0].first), lane_part, year, time) for year in years if year
    ]
    return dose_lane(parts)


def _dose_sentence(whole: Figures, today: date) -> str:
    doses = whole.doses
    if not doses.due:
        if doses.extra:
            return _extra_words(doses.extra)
        return _("Nothing is due yet.") if "open" in whole.states else str(NOTHING_DUE)
    said = [
        _("{taken} of {due} taken", taken=format_number(doses.taken), due=format_number(doses.due))
    ]
    if doses.missed:
        said.append(_("{n} missed", n=format_number(doses.missed)))
    if doses.skipped:
        said.append(_("{n} skipped on purpose", n=format_number(doses.skipped)))
    if doses.backfilled:
        said.append(_("{n} filled in later", n=format_number(doses.backfilled)))
    sentence = ", ".join(said) + "."
    if doses.extra:
        sentence += f" {_extra_words(doses.extra)}"
    return f"{sentence} {_days_sentence(whole, today)}".strip()


def _days_sentence(whole: Figures, today: date) -> str:
    """Count the past days with due doses on which every dose was taken."""
    over = whole.states[: max(0, (today - whole.first).days)]
    asked = [state for state in over if state in SETTLED]
    if len(asked) <= LEAST_DAYS:
        return ""
    return _(
        "All doses taken on {days} of {asked} days.",
        days=format_number(asked.count("all")),
        asked=format_number(len(asked)),
    )


def _extra_words(extra: int) -> str:
    doses = words.counted("{n} dose", "{n} doses", extra)
    return _("{doses} as needed or extra.", doses=doses)


def _item_weeks(visit: Visit, span: Span, whole: Figures) -> Iterator[ItemWeek]:
    rows: dict[UUID, dict[date, list[Row]]] = {}
    for row in ledger_between(
        visit.diary.session, visit.diary.owner, span.first, span.last, today=visit.diary.today
    ):
        rows.setdefault(row.regimen_item_id, {}).setdefault(row.on, []).append(row)
    days = list(days_between(span.first, span.last))
    for item in visit.diary.regimen.items:
        is_taken = any(item.is_current(day) for day in days)
        if item.id in rows or is_taken:
            yield ItemWeek(
                item=item,
                url=visit.paths("show_regimen_item", regimen_item_id=item.id),
                dose=_dose_words(visit.diary, item, span.last),
                days=tuple(
                    (day, item_day_state(rows.get(item.id, {}).get(day, ()))) for day in days
                ),
                doses=whole.by_item.get(item.id, Doses()),
            )


def _dose_words(diary: Diary, item: Item, on: date) -> str:
    """1 mL ×2; 667 + 1,333 mg; 320 mg, Tue and Fri."""
    dosage = item.dosage_on_or_last(on)
    if dosage is None:
        return ""
    timing = dosage.timing
    if not timing.kind.has_slots:
        rule = unslotted_rule(timing.kind, timing.per_week, timing.per_week_most)
        return f"{amount_words(item, timing.usual_amount, dosage.unit, diary.owner)} {rule}".strip()
    rule = timing_words(timing)
    amounts = [line.amount for line in timing.times]
    if len(set(amounts)) == 1:
        said = amount_words(item, amounts[0], dosage.unit, diary.owner)
        said += f" ×{len(amounts)}" if len(amounts) > 1 else ""
    else:
        first = " + ".join(format_number(amount) for amount in amounts[:-1])
        said = f"{first} + {amount_words(item, amounts[-1], dosage.unit, diary.owner)}"
    return said if is_every_day(timing) else f"{said}, {rule}"


def _heat(
    today: date, span: Span, points: Sequence[Figures]
) -> tuple[tuple[list[list[HeatDay]], list[str | None]], ...]:
    """Draw days as shapes, cut into pieces that fit a phone."""
    states = {
        figures.first + offset * DAY: state
        for figures in points
        for offset, state in enumerate(figures.states)
    }
    mondays = list(weeks_between(span.first, span.last))
    size = -(-len(mondays) // -(-len(mondays) // WEEKS_IN_A_HEATMAP))
    pieces = [mondays[start : start + size] for start in range(0, len(mondays), size)]
    return tuple(heat_weeks(states, each[0], each[-1] + 6 * DAY, today) for each in pieces)


def _year_of_weeks(weeks: Sequence[Figures]) -> YearOfWeeks:
    """Draw an ISO year in five shades of the share taken."""
    return YearOfWeeks(weeks[0].year, tuple(_shades(weeks)))


def _shades(weeks: Iterable[Figures]) -> Iterator[tuple[int, int]]:
    for each in weeks:
        level = _level(each.doses)
        if level is not None:
            yield 10 * (each.first.isocalendar().week - 1), level


def _level(doses: Doses) -> int | None:
    share = doses.taken_of_due
    if share is None:
        return None
    return sum(share >= least for least in (0.5, 0.75, 0.9, 0.98))
