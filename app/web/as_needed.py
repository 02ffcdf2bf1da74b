"""Items without slots on a day: what was taken, and when the next is allowed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.ledger import DoseStatus, Event
from app.domain.logical_dates import week_start
from app.domain.timing import Timing, TimingKind
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


def as_needed_on(visit: Visit, on: date, first: date, last: date) -> Iterable[AsNeeded]:
    """What is taken now and then, by what was logged from `first` to `last`: since Monday."""
    needed = [
        (item, dosage)
        for item in visit.regimen.items
        if (dosage := item.dosage_on(on)) is not None
        and not dosage.timing.kind.has_slots
        and item.standing_on(on) == "taking"
    ]
    logged = events_between(visit.session, visit.user.id, first, last) if needed else []
    for item, dosage in needed:
        timing = dosage.timing
        events = [event for event in logged if event.regimen_item_id == item.id]
        taken = [event for event in events if event.status is DoseStatus.TAKEN]
        on_the_day = [event for event in taken if event.due_on == on]
        since_monday = [event for event in taken if week_start(on) <= event.due_on <= on]
        allowed_at = next_allowed_at(item, events, visit.now, on)
        is_over = bool(timing.daily_maximum and len(on_the_day) >= timing.daily_maximum)
        amount = amount_words(item, timing.usual_amount, dosage.unit, visit.user)
        yield AsNeeded(
            item=item,
            amount=amount,
            notice_name=notice_words(item, "", visit.user),
            amounts=amounts_of(item, timing.usual_amount, dosage.unit, visit.user),
            rule=unslotted_rule(timing.kind, timing.per_week, timing.per_week_most),
            standing=_standing(visit, timing, on_the_day, since_monday, allowed_at),
            allowed_at=allowed_at,
            is_over=is_over,
            is_editable=visit.may_edit(on) and on <= visit.today,
        )


def _standing(
    visit: Visit,
    timing: Timing,
    on_the_day: Sequence[Event],
    since_monday: Sequence[Event],
    allowed_at: datetime | None,
) -> str:
    if timing.kind is TimingKind.FLEXIBLE:
        return _("{count} this week").format(count=len(since_monday))
    most = timing.daily_maximum
    parts = []
    if on_the_day:
        last = max(on_the_day, key=lambda event: event.occurred_at)
        at = words.clock_in(last.occurred_at, last.time_zone)
        parts.append(_("taken {time}").format(time=at))
    if most:
        parts.append(_("{count} of {most} today").format(count=len(on_the_day), most=most))
    if allowed_at is not None:
        at = words.clock_in(allowed_at, visit.user.time_zone)
        parts.append(_("next from {time}").format(time=at))
    return " · ".join(parts)
