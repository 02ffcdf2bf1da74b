"""The page of one item: its dosage, its history and its contents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from app.diary import Diary
from app.diary.pairs import pairs_of
from app.diary.regimen import Item, ItemStanding, ledger_between
from app.domain.adherence import Adherence, Doses, flexible_target_ratio, measure
from app.domain.catalogue import SUBSTANCES
from app.domain.day_states import DayState, item_day_state
from app.domain.ledger import DoseStatus, Row, ScheduledDosage, Standing
from app.domain.logical_dates import week_start
from app.domain.matching import match_name
from app.domain.quantities import format_number
from app.domain.substance_totals import reached_by_product
from app.domain.timing import EVERY_WEEKDAY, Timing, TimingKind
from app.domain.treatments import Passage, Treatment, WarnThreshold
from app.i18n import _
from app.language import words
from app.language.application_words import shut_out_words, usual_words
from app.language.donation_words import donation_note
from app.language.dosage_words import (
    amount_words,
    days_words,
    dose_words,
    is_every_day,
    timing_words,
    unplanned_words,
)
from app.models import Pause
from app.web.http.visit import Visit
from app.web.pages.charts.geometry import HeatDay, StepChart, heat_weeks, step_chart
from app.web.pages.item.contents import Inside, holds_words, insides_of, levels_of
from app.web.pages.item.costs import cost_words
from app.web.pages.item.course_band import CourseBand, course_band
from app.web.pages.item.history import Episode, MonthLine, episodes_of, months_of
from app.web.pages.item.suspects import SuspectLine, suspects_of
from app.web.pages.regimen.hours_apart import HoursApart, hours_apart
from app.web.pages.supply.card import SupplyCard, supply_card

WEEKS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class PlannedTime:
    """One time of the current dosage."""

    time: str
    amount: str
    days: str


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Everything on the page of an item."""

    item: Item
    standing: ItemStanding
    standing_text: str
    eyebrow: str
    amount_a_day: str
    per: str
    rule: str
    times: tuple[PlannedTime, ...]
    holds: str
    use: str
    waits: str
    pause: Pause | None
    has_slots: bool
    is_imported: bool
    recent: Adherence
    recent_sentence: str
    figures: tuple[tuple[str, str], ...]
    suspects: tuple[SuspectLine, ...]
    weeks: list[list[HeatDay]]
    months_above: list[str | None]
    months: tuple[MonthLine, ...]
    chart: StepChart | None
    episodes: tuple[Episode, ...]
    insides: tuple[Inside, ...]
    apart: HoursApart
    course: CourseBand | None
    above: tuple[WarnThreshold, ...]
    levels: Mapping[str, Sequence[Passage]]
    donation: Sequence[Passage]
    matches: Sequence[Treatment]
    match_question: str
    cost: str
    supply: SupplyCard | None


def item_page(visit: Visit, item: Item) -> ItemPage:
    """Read the item's whole ledger once, and lay it out."""
    today = visit.diary.today
    rows = ledger_between(
        visit.diary.session, visit.diary.owner, item.starts_on, today, today=today, only=item.id
    )
    until = _last_day_shown(item, rows, today)
    since = week_start(until) - timedelta(weeks=WEEKS_SHOWN - 1)
    recent_rows = [row for row in rows if row.on >= since]
    recent = measure(recent_rows, today=today)
    dosage = item.dosage_on_or_last(today)
    timing = dosage.timing if dosage else None
    matches = match_name(item.own_name) if item.catalogue_id is None else ()
    weeks, months_above = heat_weeks(_day_states(recent_rows), since, until, today)
    return ItemPage(
        item=item,
        standing=item.standing_on(today),
        standing_text=_standing_text(item, today),
        eyebrow=_eyebrow(item),
        amount_a_day=_amount_a_day(visit.diary, item, dosage),
        per=_("a day") if timing and timing.amount_a_day and is_every_day(timing) else "",
        rule=timing_words(timing) if timing else "",
        times=_planned_times(visit.diary, item, dosage),
        holds=holds_words(item, dosage),
        use=usual_words(item),
        waits=_waits(visit.diary, item),
        pause=item.pause_on(today),
        has_slots=any(each.timing.kind.has_slots for each in item.plan.dosages),
        is_imported=item.plan.slots_from is None,
        recent=recent,
        recent_sentence=_recent_sentence(
            item, timing, recent.doses, recent_rows, _span_words(item, since, until, today), today
        ),
        figures=tuple(_figures(recent, recent_rows)),
        suspects=tuple(suspects_of(visit.diary, item.starts_on, today, item)),
        weeks=weeks,
        months_above=months_above,
        months=tuple(months_of(rows)),
        chart=step_chart(item, today, visit.diary.owner),
        episodes=tuple(episodes_of(visit, item, rows)),
        insides=insides_of(item, dosage),
        apart=hours_apart(visit, pairs_of(visit.diary).of(item.id)),
        course=course_band(visit.diary, item),
        above=_above_usual(item, dosage),
        levels={each.id: levels_of(each) for each in item.catalogue_entries},
        donation=donation_note(item),
        matches=matches,
        match_question=_match_question(matches),
        cost=cost_words(visit.diary, item),
        supply=supply_card(visit, item),
    )


def _match_question(matches: Sequence[Treatment]) -> str:
    """This looks like finasteride. Link it?"""
    substances = {SUBSTANCES[match.substance].in_sentence for match in matches}
    if len(substances) != 1:
        return _("Is this one of these?")
    name = matches[0].in_sentence if len(matches) == 1 else substances.pop()
    return _("This looks like {name}. Link it?", name=name)


def _above_usual(item: Item, dosage: ScheduledDosage | None) -> tuple[WarnThreshold, ...]:
    """Return the notes for amounts above the usual dose."""
    if item.treatment is None or dosage is None:
        return ()
    return reached_by_product(item.treatment, dosage)


def _last_day_shown(item: Item, rows: Sequence[Row], today: date) -> date:
    """Return today; for an item no longer taken, the last day of its history."""
    if item.dosage_on(today) is not None and item.is_current(today):
        return today
    return rows[-1].on if rows else today


def _day_states(rows: Sequence[Row]) -> dict[date, DayState]:
    return {on: item_day_state(list(day)) for on, day in groupby(rows, key=lambda row: row.on)}


def _standing_text(item: Item, today: date) -> str:
    pause = item.pause_on(today)
    match item.standing_on(today):
        case ItemStanding.STOPPED:
            assert item.ends_on is not None
            text = _("Stopped after {day}", day=words.dated(item.ends_on, today))
            return f"{text} · {item.end_reason}" if item.end_reason else text
        case ItemStanding.PLANNED:
            return _("Starts {day}", day=words.dated(item.starts_on, today))
        case ItemStanding.UNPLANNED:
            return unplanned_words(item, today)
        case ItemStanding.PAUSED if pause is not None:
            since = _("Paused since {day}", day=words.dated(pause.starts_on, today))
            if pause.ends_on is None:
                return since
            back = words.dated(pause.ends_on + timedelta(days=1), today)
            return _("{since}, back on {day}", since=since, day=back)
        case _:
            return ""


def _eyebrow(item: Item) -> str:
    if item.treatment is not None:
        return f"{item.treatment.kind_words} · {item.treatment.route_words}"
    return _("Your own item")


def _amount_a_day(diary: Diary, item: Item, dosage: ScheduledDosage | None) -> str:
    """2 mg; 1 to 2 mg if the days differ."""
    if dosage is None:
        return ""
    timing = dosage.timing
    by_weekday = timing.amounts_by_weekday
    amount = max(by_weekday, default=timing.usual_amount)
    said = amount_words(item, amount, dosage.unit, diary.owner)
    if len(by_weekday) < 2:
        return said
    low = format_number(min(by_weekday))
    return _("{low} to {amount}", low=low, amount=said)


def _planned_times(
    diary: Diary, item: Item, dosage: ScheduledDosage | None
) -> tuple[PlannedTime, ...]:
    if dosage is None:
        return ()
    return tuple(
        PlannedTime(
            time=words.clock(line.at),
            amount=dose_words(item, line.amount, dosage.unit, diary.owner),
            days="" if line.days_of_week == EVERY_WEEKDAY else days_words(line.days_of_week),
        )
        for line in dosage.timing.times
    )


def _waits(diary: Diary, item: Item) -> str:
    """Describe which items wait for this one, or what this one waits for now."""
    shut_out = diary.waiting_periods.get(item.id)
    if shut_out is not None:
        return shut_out_words(shut_out, diary.owner, diary.now)
    if item.shut_out_hours is None:
        return ""
    hours = format_number(item.shut_out_hours)
    return _("topicals wait {hours} hours after a session", hours=hours)


def _span_words(item: Item, since: date, until: date, today: date) -> str:
    """12 weeks; 12 weeks to 16 May 2023; since 2 Nov for a shorter history."""
    first = max(item.starts_on, item.plan.slots_from or item.starts_on)
    if until < today:
        last = words.dated(until, today)
        return _("{weeks} weeks to {day}", weeks=WEEKS_SHOWN, day=last)
    if first > since:
        return _("Since {day}", day=words.dated(first, today))
    return _("{weeks} weeks", weeks=WEEKS_SHOWN)


def _recent_sentence(
    item: Item,
    timing: Timing | None,
    recent: Doses,
    rows: Sequence[Row],
    span: str,
    today: date,
) -> str:
    if timing is not None and timing.kind is TimingKind.FLEXIBLE:
        return _flexible_sentence(item, timing, rows, today)
    if timing is not None and timing.kind is TimingKind.AS_NEEDED:
        taken = sum(row.event is not None and row.event.status is DoseStatus.TAKEN for row in rows)
        doses = words.counted("{n} dose", "{n} doses", taken)
        return _("{span}: {doses}.", span=span, doses=doses)
    if recent.taken_of_due is None:
        return _nothing_due(span, rows)
    parts = [
        _(
            "{span}: {taken} of {due} taken ({share}).",
            span=span,
            taken=format_number(recent.taken),
            due=format_number(recent.due),
            share=words.percent(recent.taken_of_due),
        )
    ]
    counts = [
        (recent.missed, _("not logged")),
        (recent.skipped, _("skipped")),
        (recent.backfilled, _("filled in later")),
        (recent.extra, _("extra")),
    ]
    said = [f"{format_number(number)} {word}" for number, word in counts if number]
    if said:
        parts.append(words.capitalize_first(words.joined(said)) + ".")
    return " ".join(parts)


def _nothing_due(span: str, rows: Sequence[Row]) -> str:
    """Return the sentence for a span in which no dose counts: one may still be open today."""
    if any(row.standing is Standing.WAITING for row in rows):
        return _("{span}: nothing to count yet. A dose is still open today.", span=span)
    return _("{span}: no dose was due.", span=span)


def _figures(recent: Adherence, rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """Return the figures beside the headline: whole days, doses on time, doses not skipped."""
    if recent.days_resolved:
        yield _("Days with all doses taken"), _of(recent.days_with_all_doses, recent.days_resolved)
        if recent.doses.extra:
            correct = _of(recent.days_dosed_correctly, recent.days_resolved)
            yield _("Days with all doses taken and no extra one"), correct
    if less := sum(row.is_less for row in rows if row.is_due):
        yield _("Partial doses"), format_number(less)
    if recent.timed:
        windows = {row.window_minutes for row in rows if row.minutes_off is not None}
        hours = format_number(round(windows.pop() / 60, 1)) if len(windows) == 1 else ""
        within = _("On time, within {hours} hours", hours=hours) if hours else _("On time")
        yield within, _of(recent.in_window, recent.timed)
    if recent.doses.skipped:
        yield (
            _("Taken, skipped doses left out"),
            _of(recent.doses.taken, recent.doses.due - recent.doses.skipped),
        )


def _of(part: int, whole: int) -> str:
    """70 of 84 (83%)."""
    share = words.percent(part / whole) if whole else words.percent(None)
    return _(
        "{part} of {whole} ({share})",
        part=format_number(part),
        whole=format_number(whole),
        share=share,
    )


def _flexible_sentence(item: Item, timing: Timing, rows: Sequence[Row], today: date) -> str:
    """Count whole weeks since the dosage began; weeks with a pause are left out."""
    first = max(timing.starts_on, item.plan.slots_from or timing.starts_on)
    monday = week_start(first) if first.isoweekday() == 1 else week_start(first) + timedelta(7)
    monday = max(monday, week_start(today) - timedelta(weeks=WEEKS_SHOWN - 1))
    counts = []
    while monday + timedelta(days=6) < today:
        days = [monday + timedelta(days=offset) for offset in range(7)]
        if not any(item.plan.is_paused(day) for day in days):
            counts.append(sum(row.on in days and row.standing.value == "extra" for row in rows))
        monday += timedelta(weeks=1)
    ratio = flexible_target_ratio(counts, timing.per_week)
    if ratio is None:
        return _("Not enough days yet: the first full week isn’t over.")
    return _(
        "{share} of the planned {rule}, over {weeks}.",
        share=words.percent(ratio),
        rule=timing_words(timing),
        weeks=words.counted("{n} full week", "{n} full weeks", len(counts)),
    )
