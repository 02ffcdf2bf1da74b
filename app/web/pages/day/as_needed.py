"""Items without slots on a day: what was taken, and when the next is allowed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from app.diary import Diary
from app.diary.regimen import Item, events_between
from app.domain.ledger import DoseStatus, Event
from app.domain.quantities import format_number
from app.domain.spans import week_of
from app.domain.timing import HOURS_A_DAY, Timing, TimingKind
from app.language import words
from app.language.dosage_words import amount_words, amounts_of, notice_words, unslotted_rule
from app.language.words import _
from app.services.dose_events import Limit, next_allowed_at
from app.web.pages.day.dose_lines import DoseLine


@dataclass(frozen=True, slots=True)
class AsNeeded:
    """An item without slots on a day: the doses logged, and when the next is allowed.

    `last_at` is the newest dose of the last days, `gap_hours` how long the next one waits.
    """

    item: Item
    amount: str
    notice_name: str
    amounts: str
    rule: str
    logged: tuple[DoseLine, ...]
    taken: int
    most: int | None
    week_text: str
    next_text: str
    allowed_at: datetime | None
    last_at: datetime | None
    gap_hours: float | None
    is_editable: bool
    is_planned: bool
    is_today: bool

    @property
    def is_over(self) -> bool:
        """Whether the day's maximum is reached."""
        return self.most is not None and self.taken >= self.most


def as_needed_on(diary: Diary, on: date, lines: Sequence[DoseLine]) -> Iterable[AsNeeded]:
    """What is taken now and then: by what was logged in the week, and in the longest gap.

    `lines` are the doses of the day.
    """
    needed = [
        (item, dosage)
        for item in diary.regimen.items
        if (dosage := item.dosage_on(on)) is not None
        and not dosage.timing.kind.has_slots
        and item.standing_on(on) == "taking"
    ]
    week = week_of(on)
    first = min(week.first, on - _longest_gap(dosage.timing for _item, dosage in needed))
    logged = events_between(diary.session, diary.owner.id, first, week.last) if needed else []
    for item, dosage in needed:
        timing = dosage.timing
        events = [event for event in logged if event.regimen_item_id == item.id]
        taken = [event for event in events if event.status is DoseStatus.TAKEN]
        in_week = [event for event in taken if week.first <= event.due_on <= week.last]
        is_past = on < diary.today
        allowed_at = None if is_past else next_allowed_at(item, events, diary.now, on)
        amount = amount_words(item, timing.usual_amount, dosage.unit, diary.owner)
        yield AsNeeded(
            item=item,
            amount=amount,
            notice_name=notice_words(item, "", diary.owner),
            amounts=amounts_of(item, timing.usual_amount, dosage.unit, diary.owner),
            rule=unslotted_rule(timing.kind, timing.per_week, timing.per_week_most),
            logged=tuple(line for line in lines if is_without_slot(line, item)),
            taken=sum(event.due_on == on for event in taken),
            most=timing.daily_maximum,
            week_text=_week_text(diary, on, timing, in_week),
            next_text=next_words(diary, allowed_at),
            allowed_at=allowed_at,
            last_at=max((event.occurred_at for event in taken), default=None),
            gap_hours=timing.gap_hours,
            is_editable=diary.may_edit(on),
            is_planned=on > diary.today,
            is_today=on == diary.today,
        )


def _longest_gap(timings: Iterable[Timing]) -> timedelta:
    """How far back a dose may lie that says when the next one is allowed, in whole days."""
    hours = max((timing.gap_hours or 0 for timing in timings), default=0)
    return timedelta(days=ceil(hours / HOURS_A_DAY) + 1)


def is_without_slot(line: DoseLine, item: Item) -> bool:
    """Whether a dose of the day is one of the item's that no slot asked for."""
    return line.item.id == item.id and line.row.at is None


def limit_question(diary: Diary, limit: Limit) -> str:
    """What is asked before a dose over a limit: Next at 18:40. Log it anyway?"""
    parts = []
    if limit.most is not None:
        parts.append(_("You’ve reached the daily maximum ({most}).").format(most=limit.most))
    if limit.allowed_at is not None:
        parts.append(_("Next {time}.").format(time=_at(diary, limit.allowed_at)))
    return " ".join([*parts, _("Log it anyway?")])


def next_words(diary: Diary, allowed_at: datetime | None) -> str:
    """Next from 20:04; nothing where a dose is allowed by now."""
    if allowed_at is None:
        return ""
    return _("next from {time}").format(time=_allowed_words(diary, allowed_at))


def _at(diary: Diary, instant: datetime) -> str:
    """At 18:40; tomorrow at 01:41; on 28 Nov at 18:40."""
    zone = diary.owner.zone
    at = words.clock_in(instant, diary.owner.time_zone)
    here, then = (each.astimezone(zone).date() for each in (diary.now, instant))
    if then == here:
        return _("at {time}").format(time=at)
    if then == here + timedelta(days=1):
        return _("tomorrow at {time}").format(time=at)
    return _("on {day} at {time}").format(day=words.dated(then, here), time=at)


def _week_text(diary: Diary, on: date, timing: Timing, in_week: Sequence[Event]) -> str:
    if timing.kind is not TimingKind.FLEXIBLE:
        return ""
    is_this_week = week_of(on).first == week_of(diary.today).first
    said = _("{count} this week") if is_this_week else _("{count} that week")
    return said.format(count=format_number(len(in_week)))


def _allowed_words(diary: Diary, allowed_at: datetime) -> str:
    """18:40; with the day where it is not today: 18:40 on 28 Nov."""
    at = words.clock_in(allowed_at, diary.owner.time_zone)
    on = diary.owner.today(allowed_at)
    if on == diary.today:
        return at
    return _("{time} on {day}").format(time=at, day=words.dated(on, diary.today))
