"""Items without slots on a day: the doses taken, and when the next is allowed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.diary import Diary
from app.diary.agenda import AsNeededItem
from app.diary.regimen import Item
from app.domain.quantities import format_number
from app.domain.spans import week_of
from app.domain.timing import TimingKind
from app.i18n import _, lazy
from app.language import words
from app.language.dosage_words import amount_words, amounts_of, notice_words, unslotted_rule
from app.language.shared_messages import (
    LOG_ANYWAY_QUESTION,
    MOST_REACHED,
    NEXT_AT,
    NEXT_ON,
    NEXT_TOMORROW,
)
from app.services.dose_events import Limit
from app.web.http.visit import Visit
from app.web.pages.day.dose_lines import DoseLine, dose_line


@dataclass(frozen=True, slots=True)
class AsNeeded:
    """An item without slots on a day: the doses logged, and when the next is allowed.

    `last_at` is the newest dose of the last days, `gap_hours` the minimum gap before the next one.
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
    is_over: bool
    is_editable: bool
    is_planned: bool
    is_today: bool


def as_needed_line(visit: Visit, needed: AsNeededItem, on: date) -> AsNeeded:
    """Put an item without slots in words."""
    diary, item, dosage = visit.diary, needed.item, needed.dosage
    timing = dosage.timing
    return AsNeeded(
        item=item,
        amount=amount_words(item, timing.usual_amount, dosage.unit, diary.owner),
        notice_name=notice_words(item, "", diary.owner),
        amounts=amounts_of(item, timing.usual_amount, dosage.unit, diary.owner),
        rule=unslotted_rule(timing.kind, timing.per_week, timing.per_week_most),
        logged=tuple(dose_line(visit, dose) for dose in needed.logged),
        taken=needed.taken,
        most=timing.daily_maximum,
        week_text=_week_text(diary, on, needed),
        next_text=next_words(diary, needed.allowed_at),
        allowed_at=needed.allowed_at,
        last_at=needed.last_at,
        gap_hours=timing.gap_hours,
        is_over=needed.is_over,
        is_editable=diary.may_edit(on),
        is_planned=on > diary.today,
        is_today=on == diary.today,
    )


def limit_question(diary: Diary, limit: Limit) -> str:
    """Ask before a dose over a limit: Next at 18:40. Log it anyway?"""
    parts = []
    if limit.most is not None:
        parts.append(MOST_REACHED.of(most=limit.most))
    if limit.allowed_at is not None:
        parts.append(_next_sentence(diary, limit.allowed_at))
    return " ".join([*parts, str(LOG_ANYWAY_QUESTION)])


def next_words(diary: Diary, allowed_at: datetime | None) -> str:
    """Next from 20:04; "" if a dose is allowed already."""
    if allowed_at is None:
        return ""
    return _("next from {time}", time=_allowed_words(diary, allowed_at))


def _next_sentence(diary: Diary, instant: datetime) -> str:
    """Next at 18:40; next tomorrow at 01:41; next on 28 Nov at 18:40."""
    zone = diary.owner.zone
    at = words.clock_in(instant, diary.owner.time_zone)
    here, then = (each.astimezone(zone).date() for each in (diary.now, instant))
    if then == here:
        return NEXT_AT.of(time=at)
    if then == here + timedelta(days=1):
        return NEXT_TOMORROW.of(time=at)
    return NEXT_ON.of(day=words.dated(then, here), time=at)


def _week_text(diary: Diary, on: date, needed: AsNeededItem) -> str:
    if needed.dosage.timing.kind is not TimingKind.FLEXIBLE:
        return ""
    is_this_week = week_of(on).first == week_of(diary.today).first
    said = lazy("{count} this week") if is_this_week else lazy("{count} that week")
    return said.of(count=format_number(needed.taken_in_week))


def _allowed_words(diary: Diary, allowed_at: datetime) -> str:
    """18:40; with the day if it is not today: 18:40 on 28 Nov."""
    at = words.clock_in(allowed_at, diary.owner.time_zone)
    on = diary.owner.today(allowed_at)
    if on == diary.today:
        return at
    return _("{time} on {day}", time=at, day=words.dated(on, diary.today))
