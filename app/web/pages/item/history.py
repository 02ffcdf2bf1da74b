"""The past of one item: its days as shapes, its dosages and pauses, its months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.diary.regimen import Item
from app.domain.adherence import Doses, count_doses
from app.domain.ledger import Row, ScheduledDosage
from app.domain.quantities import format_number
from app.i18n import _, lazy
from app.language import words
from app.language.dosage_words import amount_a_day_words, dosage_words
from app.models import Pause
from app.web.http.visit import Visit

MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Episode:
    """One entry of the time line: a dosage, or a pause within it."""

    span: str
    title: str
    detail: str
    figure: str
    is_pause: bool
    is_now: bool
    edit_url: str
    edit_label: str


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One calendar month of the ledger."""

    name: str
    doses: Doses


def months_of(rows: Sequence[Row]) -> list[MonthLine]:
    """Return the months in which anything was due or taken, newest first."""
    lines = []
    for (year, month), month_rows in groupby(rows, key=lambda row: (row.on.year, row.on.month)):
        lines.append(MonthLine(words.month(date(year, month, 1)), count_doses(month_rows)))
    return [line for line in lines[::-1] if line.doses.due or line.doses.extra][:MONTHS_SHOWN]


def episodes_of(visit: Visit, item: Item, rows: Sequence[Row]) -> list[Episode]:
    """Return dosages and pauses as a time line, newest first."""
    dated = [
        (dosage.timing.starts_on, 0, _dosage_episode(visit, item, dosage, rows))
        for dosage in item.plan.dosages
    ]
    dated += [(pause.starts_on, 1, _pause_episode(visit, pause)) for pause in item.pauses]
    return [episode for *_when, episode in sorted(dated, key=lambda each: each[:2])[::-1]]


def _dosage_episode(
    visit: Visit, item: Item, dosage: ScheduledDosage, rows: Sequence[Row]
) -> Episode:
    today, timing = visit.diary.today, dosage.timing
    counted = count_doses(row for row in rows if timing.holds_on(row.on))
    is_now = timing.holds_on(today) and item.is_current(today)
    what = dosage_words(item, dosage, visit.diary.owner)
    a_day = amount_a_day_words(item, dosage, visit.diary.owner)
    figure = _(
        "{taken} of {due} taken", taken=format_number(counted.taken), due=format_number(counted.due)
    )
    return Episode(
        span=_span(timing.starts_on, timing.ends_on or item.ends_on, today, is_now=is_now),
        title=a_day or what,
        detail=what if a_day else "",
        figure=figure if counted.due else "",
        is_pause=False,
        is_now=is_now,
        edit_url=visit.paths("edit_dosage", dosage_id=dosage.id),
        edit_label=_("Correct a mistake"),
    )


def _pause_episode(visit: Visit, pause: Pause) -> Episode:
    today = visit.diary.today
    return Episode(
        span=_span(pause.starts_on, pause.last_day, today, is_now=pause.ends_on is None),
        title=_pause_title(pause),
        detail=pause.note,
        figure="",
        is_pause=True,
        is_now=pause.span.covers(today),
        edit_url=visit.paths("edit_pause", pause_id=pause.id),
        edit_label=_("Change"),
    )


def _pause_title(pause: Pause) -> str:
    if pause.ends_on is None:
        return _("Paused")
    if pause.ends_on < pause.starts_on:
        return _("Paused for part of the day")
    said = lazy("Break, {days}") if pause.is_break else lazy("Paused, {days}")
    days = (pause.ends_on - pause.starts_on).days + 1
    return said.of(days=words.counted("{n} day", "{n} days", days))


def _span(first: date, last: date | None, today: date, *, is_now: bool) -> str:
    if is_now or last is None:
        return _("since {day}", day=words.dated(first, today))
    if first == last:
        return words.dated(first, today)
    return f"{words.dated(first, today)} \N{EN DASH} {words.dated(last, today)}"
