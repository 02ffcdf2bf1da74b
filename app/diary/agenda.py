"""Compute the doses of a day, as data: due, open, taken, late, missed, and allowed next.

Today, the calendar, the offline plan and every reminder read this module. Pages add words and
addresses and decide nothing themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from uuid import UUID

from app.diary.diary import Diary
from app.diary.regimen import Item, events_between, ledger_between
from app.diary.waiting_periods import WaitingPeriod
from app.domain.adherence import ratio
from app.domain.applications import dry_at
from app.domain.day_parts import DayPart, day_parts, part_of
from app.domain.ledger import (
    NOTHING_ASKED,
    DayCount,
    DoseStatus,
    Event,
    Row,
    ScheduledDosage,
    Standing,
    count_rows,
)
from app.domain.logical_dates import instant_of
from app.domain.spans import Span, week_of
from app.domain.timing import HOURS_A_DAY, ON_TIME, Timing
from app.errors import NotFound

ANSWERED = frozenset({Standing.TAKEN, Standing.SKIPPED, Standing.EXTRA})
OPEN = frozenset({Standing.WAITING, Standing.MISSED})


@dataclass(frozen=True, slots=True)
class AgendaDose:
    """One dose of a day: a slot, or a dose logged without one.

    `part` is the slug of its part of the day. `due_at` is None without a slot. `dry_at` is set only
    while a dose that was taken is drying. `waiting_period` is set only if the dose has to wait
    after a needling session.
    """

    item: Item
    row: Row
    part: str
    due_at: datetime | None
    is_late: bool
    dry_at: datetime | None
    waiting_period: WaitingPeriod | None

    @property
    def is_waiting(self) -> bool:
        """Whether the dose can still be answered in time."""
        return self.row.standing is Standing.WAITING

    @property
    def is_open(self) -> bool:
        """Whether the dose was due and has no answer, in time or not."""
        return self.row.standing in OPEN

    @property
    def is_answered(self) -> bool:
        """Whether the dose was taken or skipped."""
        return self.row.standing in ANSWERED

    def distance_to(self, now: datetime) -> timedelta:
        """Return the time between the slot and an instant, before or after it."""
        return abs(now - self.due_at) if self.due_at else timedelta.max


@dataclass(frozen=True, slots=True)
class AgendaGroup:
    """The doses of one part of the day."""

    part: DayPart
    doses: tuple[AgendaDose, ...]

    @property
    def is_done(self) -> bool:
        """Whether at least one dose is answered and none is left to answer."""
        is_answered = any(dose.is_answered for dose in self.doses)
        return is_answered and not any(dose.is_open for dose in self.doses)


@dataclass(frozen=True, slots=True)
class AsNeededItem:
    """An item without slots on a day: its doses, and when the next one is allowed.

    `allowed_at` is None if a dose is allowed already. `last_at` is the time of the newest dose in
    the week and in the longest gap before the day.
    """

    item: Item
    dosage: ScheduledDosage
    logged: tuple[AgendaDose, ...]
    taken: int
    taken_in_week: int
    allowed_at: datetime | None
    last_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether the daily maximum is reached."""
        most = self.dosage.timing.daily_maximum
        return most is not None and self.taken >= most


@dataclass(frozen=True, slots=True)
class Agenda:
    """The doses of one day.

    `doses` has all of them, in order of time. `groups` leaves out doses without a slot that
    `as_needed` holds. `count` is the day's counts from the ledger.
    """

    on: date
    doses: tuple[AgendaDose, ...]
    groups: tuple[AgendaGroup, ...]
    as_needed: tuple[AsNeededItem, ...]
    count: DayCount

    @property
    def waiting(self) -> list[AgendaDose]:
        """The doses that can still be answered in time."""
        return [dose for dose in self.doses if dose.is_waiting]

    @property
    def missed(self) -> list[AgendaDose]:
        """The unanswered doses of a day that is over."""
        return [dose for dose in self.doses if dose.row.standing is Standing.MISSED]

    def nearest_open(self, item: Item, now: datetime) -> AgendaDose | None:
        """Return the item's open slot nearest to an instant, to propose and never to assume."""
        found = [dose for dose in self.doses if dose.item.id == item.id and dose.is_open]
        return min(found, key=lambda dose: dose.distance_to(now), default=None)


def agenda_on(diary: Diary, on: date) -> Agenda:
    """Read the doses of a day: one query, two if an item is taken as needed."""
    rows = ledger_between(diary.session, diary.owner, on, on, today=diary.today)
    doses = tuple(_dose(diary, row) for row in rows)
    as_needed = tuple(_as_needed(diary, on, doses))
    apart = {each.item.id for each in as_needed}
    in_groups = [dose for dose in doses if dose.row.at is not None or dose.item.id not in apart]
    groups = tuple(_groups(in_groups, day_parts(diary.owner.preferences.day_parts)))
    return Agenda(on, doses, groups, as_needed, count_rows(rows))


def items_for_an_extra_dose(diary: Diary, agenda: Agenda) -> list[Item]:
    """Return the items with a dosage on a day, except those taken as needed."""
    as_needed = {each.item.id for each in agenda.as_needed}
    current = diary.regimen.current_on(agenda.on)
    return [item for item in current if item.id not in as_needed and item.dosage_on(agenda.on)]


def dose_in_slot(diary: Diary, item: Item, on: date, due_time: time) -> AgendaDose:
    """Read the dose of one slot of an item; raise `NotFound` if there is none."""
    rows = ledger_between(diary.session, diary.owner, on, on, today=diary.today, only=item.id)
    row = next((row for row in rows if row.at == due_time), None)
    if row is None:
        raise NotFound
    return _dose(diary, row)


def dose_of_event(diary: Diary, event_id: UUID, on: date) -> AgendaDose:
    """Read the dose that an event of a day logged; raise `NotFound` if there is none."""
    rows = ledger_between(diary.session, diary.owner, on, on, today=diary.today)
    row = next((row for row in rows if row.event and row.event.id == event_id), None)
    if row is None:
        raise NotFound
    return _dose(diary, row)


def taken_of_due(counts: Mapping[date, DayCount], span: Span) -> float | None:
    """Return the share of a span's due doses that was taken; None if none was due."""
    days = [counts.get(on, NOTHING_ASKED) for on in span.every_day]
    return ratio(sum(day.taken for day in days), sum(day.due for day in days))


def next_allowed_at(
    item: Item, events: Sequence[Event], now: datetime, on: date
) -> datetime | None:
    """Return when the minimum gap allows the next as-needed dose; None if it does already.

    The person is asked before a dose that is sooner, or over the daily maximum, is saved.
    """
    dosage = item.dosage_on(on)
    taken = [event.occurred_at for event in events if event.status is DoseStatus.TAKEN]
    if dosage is None or dosage.timing.gap_hours is None or not taken:
        return None
    allowed_at = max(taken) + timedelta(hours=dosage.timing.gap_hours)
    return allowed_at if allowed_at > now else None


def _dose(diary: Diary, row: Row) -> AgendaDose:
    owner, item = diary.owner, diary.item(row.regimen_item_id)
    is_waiting = row.standing is Standing.WAITING
    due_at = None
    if row.at is not None:
        due_at = instant_of(row.on, row.at, owner.zone, owner.day_starts_time)
    return AgendaDose(
        item=item,
        row=row,
        part=part_of(row.at, owner.day_starts_time),
        due_at=due_at,
        is_late=is_waiting and due_at is not None and diary.now - due_at > ON_TIME,
        dry_at=_dry_at(diary, item, row),
        waiting_period=_waiting_period(diary, item, due_at) if is_waiting else None,
    )


def _dry_at(diary: Diary, item: Item, row: Row) -> datetime | None:
    is_taken = row.standing in {Standing.TAKEN, Standing.EXTRA}
    if row.event is None or not is_taken or not item.dry_minutes:
        return None
    return dry_at(row.event.occurred_at, item.dry_minutes, diary.now)


def _waiting_period(diary: Diary, item: Item, due_at: datetime | None) -> WaitingPeriod | None:
    """Return the waiting period that covers the time of a slot."""
    period = diary.waiting_periods.get(item.id)
    is_over = period is not None and due_at is not None and due_at >= period.until
    return None if is_over else period


def _groups(doses: Iterable[AgendaDose], parts: Iterable[DayPart]) -> Iterator[AgendaGroup]:
    by_part: defaultdict[str, list[AgendaDose]] = defaultdict(list)
    for dose in doses:
        by_part[dose.part].append(dose)
    for part in parts:
        if part.slug in by_part:
            yield AgendaGroup(part, tuple(by_part[part.slug]))


def _as_needed(diary: Diary, on: date, doses: Sequence[AgendaDose]) -> Iterator[AsNeededItem]:
    """Read the doses of the items without slots, in the week and in the longest gap."""
    needed = [
        (item, dosage)
        for item in diary.regimen.items
        if (dosage := item.unslotted_dosage_on(on)) is not None
    ]
    week = week_of(on)
    first = min(week.first, on - _longest_gap(dosage.timing for _item, dosage in needed))
    logged = events_between(diary.session, diary.owner.id, first, week.last) if needed else []
    for item, dosage in needed:
        events = [event for event in logged if event.regimen_item_id == item.id]
        taken = [event for event in events if event.status is DoseStatus.TAKEN]
        is_past = on < diary.today
        yield AsNeededItem(
            item=item,
            dosage=dosage,
            logged=tuple(d for d in doses if d.item.id == item.id and d.row.at is None),
            taken=sum(event.due_on == on for event in taken),
            taken_in_week=sum(week.first <= event.due_on <= week.last for event in taken),
            allowed_at=None if is_past else next_allowed_at(item, events, diary.now, on),
            last_at=max((event.occurred_at for event in taken), default=None),
        )


def _longest_gap(timings: Iterable[Timing]) -> timedelta:
    """Return how many whole days back a dose can delay the next one."""
    hours = max((timing.gap_hours or 0 for timing in timings), default=0)
    return timedelta(days=ceil(hours / HOURS_A_DAY) + 1)
