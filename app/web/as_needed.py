"""Items without slots on a day: what was taken, and when the next is allowed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from app.domain.ledger import DoseStatus, Event
from app.domain.quantities import format_number
from app.domain.spans import week_of
from app.domain.timing import HOURS_A_DAY, Timing, TimingKind
from app.services.dose_events import next_allowed_at
from app.services.regimen import Item, events_between
from app.web import words
from app.web.deps import Visit
from app.web.dosage_words import amount_words, amounts_of, notice_words, unslotted_rule
from app.web.words import _


@dataclass(frozen=True, slots=True)
class AsNeeded:
    """An item without slots on a day: what was taken, and when the next is allowed."""

    item: Item
    amount: str
    notice_name: str
    amounts: str
    rule: str
    standing: str
    allowed_at: datetime | None
    is_over: bool
    is_editable: bool


def as_needed_on(visit: Visit, on: date) -> Iterable[AsNeeded]:
    """What is taken now and then: by what was logged in the week, and in the longest gap."""
    needed = [
        (item, dosage)
        for item in visit.regimen.items
        if (dosage := item.dosage_on(on)) is not None
        and not dosage.timing.kind.has_slots
        and item.standing_on(on) == "taking"
    ]
    week = week_of(on)
    first = min(week.first, on - _longest_gap(dosage.timing for _item, dosage in needed))
    logged = events_between(visit.session, visit.user.id, first, week.last) if needed else []
    for item, dosage in needed:
        timing = dosage.timing
        events = [event for event in logged if event.regimen_item_id == item.id]
        taken = [event for event in events if event.status is DoseStatus.TAKEN]
        on_the_day = [event for event in taken if event.due_on == on]
        in_week = [event for event in taken if week.first <= event.due_on <= week.last]
        allowed_at = next_allowed_at(item, events, visit.now, on)
        is_over = bool(timing.daily_maximum and len(on_the_day) >= timing.daily_maximum)
        amount = amount_words(item, timing.usual_amount, dosage.unit, visit.user)
        yield AsNeeded(
            item=item,
            amount=amount,
            notice_name=notice_words(item, "", visit.user),
            amounts=amounts_of(item, timing.usual_amount, dosage.unit, visit.user),
            rule=unslotted_rule(timing.kind, timing.per_week, timing.per_week_most),
            standing=_standing(visit, on, timing, on_the_day, in_week, allowed_at),
            allowed_at=allowed_at,
            is_over=is_over,
            is_editable=visit.may_edit(on) and on <= visit.today,
        )


def _longest_gap(timings: Iterable[Timing]) -> timedelta:
    """How far back a dose may lie that says when the next one is allowed, in whole days."""
    hours = max((timing.gap_hours or 0 for timing in timings), default=0)
    return timedelta(days=ceil(hours / HOURS_A_DAY) + 1)


def _standing(
    visit: Visit,
    on: date,
    timing: Timing,
    on_the_day: Sequence[Event],
    in_week: Sequence[Event],
    allowed_at: datetime | None,
) -> str:
    if timing.kind is TimingKind.FLEXIBLE:
        is_this_week = week_of(on).first == week_of(visit.today).first
        said = _("{count} this week") if is_this_week else _("{count} that week")
        return said.format(count=format_number(len(in_week)))
    most = timing.daily_maximum
    parts = []
    if on_the_day:
        last = max(on_the_day, key=lambda event: event.occurred_at)
        at = words.clock_in(last.occurred_at, last.time_zone)
        parts.append(_("taken {time}").format(time=at))
    if most:
        parts.append(_("{count} of {most} today").format(count=len(on_the_day), most=most))
    if allowed_at is not None:
        parts.append(_("next from {time}").format(time=_allowed_words(visit, allowed_at)))
    return " · ".join(parts)


def _allowed_words(visit: Visit, allowed_at: datetime) -> str:
    """18:40; with the day where it is not today: 18:40 on 28 Nov."""
    at = words.clock_in(allowed_at, visit.user.time_zone)
    on = visit.user.today(allowed_at)
    if on == visit.today:
        return at
    return _("{time} on {day}").format(time=at, day=words.dated(on, visit.today))
