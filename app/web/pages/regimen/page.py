"""The regimen as a list: current items, then earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.diary import Diary
from app.diary.pairs import pairs_of
from app.diary.regimen import Item, ItemStanding, ledger_between
from app.diary.supply import Supply, supplies_of
from app.domain.adherence import count_doses
from app.domain.day_states import DayState, item_day_state
from app.domain.ledger import DoseStatus, Row
from app.domain.logical_dates import week_start
from app.domain.quantities import format_number, unit_word
from app.i18n import _
from app.language import words
from app.language.dosage_words import amount_words, days_words, timing_words, unplanned_words
from app.language.supply_words import days_left_unit, number_left, stock_words
from app.web.http.visit import Visit
from app.web.pages.item.costs import costs_words
from app.web.pages.regimen.hours_apart import apart_words
from app.web.pages.regimen.medicines import medicine_lines
from app.web.pages.regimen.totals import totals_line
from app.web.pages.supply.lists import running_low_words

DAYS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item: its dosage, thirty days as strokes, and how many doses were taken."""

    item: Item
    url: str
    detail: str
    days: tuple[DayState, ...]
    figure: str
    label: str
    standing_text: str
    count_this_week: int | None
    left: str = ""
    left_unit: str = ""
    left_text: str = ""
    is_low: bool = False


@dataclass(frozen=True, slots=True)
class RegimenPage:
    """The items by their standing today."""

    taking: tuple[ItemLine, ...]
    as_needed: tuple[ItemLine, ...]
    paused: tuple[ItemLine, ...]
    planned: tuple[ItemLine, ...]
    unplanned: tuple[ItemLine, ...]
    stopped: tuple[ItemLine, ...]
    sentence: str
    until: date

    @property
    def can_be_ordered(self) -> bool:
        """Whether there are at least two items to reorder."""
        groups = (self.taking, self.as_needed, self.paused, self.planned, self.unplanned)
        return sum(map(len, (*groups, self.stopped))) > 1

    totals: str
    apart: str
    medicines: str
    costs: str
    shopping: str


def regimen_page(visit: Visit) -> RegimenPage:
    """Read thirty days of the ledger once, and lay the list out."""
    today = visit.diary.today
    until = today - timedelta(days=1)
    first = today - timedelta(days=DAYS_SHOWN)
    by_item: dict[object, list[Row]] = {}
    for row in ledger_between(visit.diary.session, visit.diary.owner, first, today, today=today):
        by_item.setdefault(row.regimen_item_id, []).append(row)
    current = visit.diary.regimen.current_on(today)
    supplies = supplies_of(visit.diary, current)
    groups: dict[str, list[ItemLine]] = {}
    for item in visit.diary.regimen.items:
        group = _group(item, today)
        line = _line(visit, item, by_item.get(item.id, []), first, until)
        line = _with_supply(line, supplies.get(item.id))
        groups.setdefault(group, []).append(line)
    return RegimenPage(
        taking=tuple(groups.get("taking", ())),
        as_needed=tuple(groups.get("as_needed", ())),
        paused=tuple(groups.get("paused", ())),
        planned=tuple(groups.get("planned", ())),
        unplanned=tuple(groups.get("unplanned", ())),
        stopped=tuple(groups.get("stopped", ())),
        sentence=_sentence(groups),
        until=until,
        totals=totals_line(visit.diary),
        apart=apart_words(pairs_of(visit.diary)),
        costs=costs_words(visit.diary),
        shopping=running_low_words(supplies.values()),
        medicines=words.joined([each.name for each in medicine_lines(visit) if not each.is_over]),
    )


def _with_supply(line: ItemLine, supply: Supply | None) -> ItemLine:
    """Add how many days are left, or how much if no day is known."""
    if supply is None or not supply.stock.is_known:
        return line
    days, stock = supply.days_left, supply.stock
    if supply.is_ordered:
        unit = _("ordered")
    else:
        unit = days_left_unit(days) if days is not None else unit_word(stock.unit, stock.left)
    return replace(
        line,
        left=number_left(stock.left if days is None else days),
        left_unit=unit,
        left_text=_("{amount} left", amount=stock_words(supply)),
        is_low=supply.needs_refill,
    )


def _group(item: Item, today: date) -> str:
    return "as_needed" if item.unslotted_dosage_on(today) else item.standing_on(today)


def _line(visit: Visit, item: Item, rows: Sequence[Row], first: date, until: date) -> ItemLine:
    today = visit.diary.today
    past = [row for row in rows if row.on <= until]
    by_day: dict[date, list[Row]] = {}
    for row in past:
        by_day.setdefault(row.on, []).append(row)
    days = tuple(
        item_day_state(by_day.get(first + timedelta(days=offset), []))
        for offset in range(DAYS_SHOWN)
    )
    counted = count_doses(past)
    figure = _(
        "{taken} of {due}", taken=format_number(counted.taken), due=format_number(counted.due)
    )
    dosage = item.dosage_on(today)
    has_slots = dosage is not None and dosage.timing.kind.has_slots
    this_week = [
        row
        for row in rows
        if row.on >= week_start(today) and row.event and row.event.status is DoseStatus.TAKEN
    ]
    less = sum(row.is_less for row in past)
    label = _("{figure} doses taken in {days} days", figure=figure, days=DAYS_SHOWN)
    return ItemLine(
        item=item,
        url=visit.paths("show_regimen_item", regimen_item_id=item.id),
        detail=_detail(visit.diary, item),
        days=days,
        figure=figure if counted.due else "",
        label=f"{label}, {words.less_words(less)}" if less else label,
        standing_text=_standing_text(item, today),
        count_this_week=None if has_slots else len(this_week),
    )


def _detail(diary: Diary, item: Item) -> str:
    """2,000 mg · 08:00 and 21:00; 1 wash · 2 to 3 times a week."""
    dosage = item.dosage_on_or_last(diary.today)
    if dosage is None:
        return ""
    timing = dosage.timing
    amounts = {line.amount for line in timing.times}
    amount = timing.usual_amount or (amounts.pop() if len(amounts) == 1 else timing.amount_a_day)
    parts = [amount_words(item, amount, dosage.unit, diary.owner)]
    times = [words.clock(line.at) for line in timing.times]
    when = words.joined(times) if len(times) <= 3 else _("{n} times a day", n=len(times))
    rule = timing_words(timing)
    if not timing.kind.has_slots:
        when = rule
    elif rule != days_words("1234567"):
        when = f"{rule}, {when}"
    return " · ".join(part for part in [*parts, when, words.translated(item.instruction)] if part)


def _standing_text(item: Item, today: date) -> str:
    pause = item.pause_on(today)
    match item.standing_on(today):
        case ItemStanding.STOPPED:
            assert item.ends_on is not None
            first, last = words.dated(item.starts_on, today), words.dated(item.ends_on, today)
            return _("{first} to {last}", first=first, last=last)
        case ItemStanding.UNPLANNED:
            return unplanned_words(item, today)
        case ItemStanding.PLANNED:
            return _("Starts {day}", day=words.dated(item.starts_on, today))
        case ItemStanding.PAUSED if pause is not None and pause.ends_on is not None:
            back = pause.ends_on + timedelta(days=1)
            return _("Back on {day}", day=words.day(back))
        case ItemStanding.PAUSED if pause is not None:
            return _("Paused since {day}", day=words.dated(pause.starts_on, today))
        case _:
            return ""


def _sentence(groups: dict[str, list[ItemLine]]) -> str:
    names = (
        ("taking", _("daily and weekly")),
        ("as_needed", _("as needed")),
        ("paused", _("paused")),
        ("planned", _("planned")),
    )
    parts = [f"{len(groups[key])} {name}" for key, name in names if groups.get(key)]
    return ", ".join(parts)
