"""The one ledger: what was due, and what happened to it.

Every list on a screen, every percentage, every CSV row and every item page is read from
`ledger`. What happened (events) is stored; what follows from it (missed, extra,
backfilled, due) is computed here and nowhere else.

* A slot is **waiting** until its logical day ends, then **missed**, unless an event
  answers it: **taken** or **skipped**. Answered slots count at once.
* Nothing is due before an item starts, after it ends, or before `slots_from`.
* Nothing is due before the minute from which it applies. On the day on which an item or a
  dosage was entered, or a pause was ended, earlier slots are **before** and not due. Slots that
  the previous dosage had as well stay due. Answered slots count.
* A slot in a pause is **paused** and not due, whether the pause was entered before or after
  the fact. A dose taken in a pause is extra; a dose skipped in a pause is not due.
* A dose taken without a slot, or for a slot that no dosage knows (any more), is **extra**:
  it stays visible and never raises adherence. A skip of such a slot is not due.
* **Backfilled** is derived: logged more than 24 hours after it was due; without a slot, logged
  on a later day without saying when it was taken (`at_no_known_time`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from app.domain.applications import Zone
from app.domain.date_range import DateRange, is_within
from app.domain.logical_dates import at_no_known_time, instant_of, time_order, zone_named
from app.domain.lru import Lru
from app.domain.timing import Slot, Timing, slots_between

BACKFILLED_AFTER = timedelta(hours=24)
LAST_MICROSECOND = 999_999
SHORT_SPAN = timedelta(days=14)
SHORT_SPANS = 8

SlotKey = tuple[date, time]


class DoseStatus(StrEnum):
    """What happened to a dose; all other standings are derived."""

    TAKEN = "taken"
    SKIPPED = "skipped"


class Standing(StrEnum):
    """The state of a dose in the ledger."""

    TAKEN = "taken"
    SKIPPED = "skipped"
    MISSED = "missed"
    WAITING = "waiting"
    BEFORE = "before"
    PAUSED = "paused"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class ScheduledDosage:
    """One effective-dated dosage: unit and timing.

    `entered_on` and `entered_time` are the logical day and the wall-clock time at which the dosage
    was entered; None if its first day was already over or still to come.
    """

    id: UUID
    unit: str
    timing: Timing
    entered_on: date | None = None
    entered_time: time | None = None


@dataclass(frozen=True, slots=True)
class PauseSpan:
    """Whole logical days on hold; an open end lasts until the pause is ended.

    `resumed_time` is the wall-clock time at which the pause was ended, on the day after `ends_on`.
    If the pause covers no whole day, that day is also its first.
    """

    starts_on: date
    ends_on: date | None
    resumed_time: time | None = None

    @property
    def days(self) -> DateRange:
        """The days on hold."""
        return DateRange(self.starts_on, self.ends_on)

    def covers(self, day: date) -> bool:
        """Whether the item is on hold on `day`."""
        return is_within(day, self.starts_on, self.ends_on)


class Beginning(NamedTuple):
    """A time of day before which no slot is due, except slots that were planned before."""

    at: time
    asked_before: frozenset[time] = frozenset()

    def leaves_out(self, at: time, day_starts: time) -> bool:
        """Whether a slot at this time is too early to be due."""
        is_earlier = time_order(at, day_starts) < time_order(self.at, day_starts)
        return is_earlier and at not in self.asked_before


@dataclass(frozen=True, slots=True)
class Plan:
    """One item's plan: bounds, dosages, pauses and imported slots."""

    regimen_item_id: UUID
    starts_on: date
    ends_on: date | None
    slots_from: date | None
    dosages: tuple[ScheduledDosage, ...] = ()
    pauses: tuple[PauseSpan, ...] = ()
    imported_slots: tuple[Slot, ...] = ()
    short_spans: Lru[tuple[date, date], Mapping[SlotKey, Slot]] = field(
        default_factory=lambda: Lru(SHORT_SPANS), init=False, repr=False, compare=False
    )

    def is_current(self, day: date) -> bool:
        """Whether `day` lies between start and end, paused or not."""
        return is_within(day, self.starts_on, self.ends_on)

    def is_paused(self, day: date) -> bool:
        """Whether a pause covers `day`."""
        return bool(self.pauses) and any(pause.covers(day) for pause in self.pauses)

    def dosage_on(self, day: date) -> ScheduledDosage | None:
        """The dosage that applies on `day`."""
        return next((each for each in self.dosages if each.timing.holds_on(day)), None)

    def beginnings(self) -> dict[date, list[Beginning]]:
        """The days on which a dosage, or the item after a pause, applies from a certain minute."""
        begun: defaultdict[date, list[Beginning]] = defaultdict(list)
        for place, dosage in enumerate(self.dosages):
            on, at = dosage.entered_on, dosage.entered_time
            if on is not None and at is not None and on == self._asked_from(dosage):
                earlier = self.dosages[place - 1] if place else None
                begun[on].append(Beginning(at, self._asked_before(on, earlier)))
        for pause in self.pauses:
            if pause.ends_on is not None and pause.resumed_time is not None:
                on = pause.ends_on + timedelta(days=1)
                begun[on].append(Beginning(pause.resumed_time, self._asked_before(on, None)))
        return begun

    def _asked_from(self, dosage: ScheduledDosage) -> date:
        """The first day on which a dosage has slots."""
        return max(dosage.timing.starts_on, self.slots_from or self.starts_on, self.starts_on)

    def _asked_before(self, on: date, earlier: ScheduledDosage | None) -> frozenset[time]:
        """The times of a day that were imported, or that the dosage up to the day before had."""
        times = {slot.at for slot in self.imported_slots if slot.on == on}
        if earlier is not None and earlier.timing.ends_on == on - timedelta(days=1):
            went_on = replace(earlier.timing, ends_on=None)
            if self._asked_from(earlier) < on:
                times |= {each.at for each in went_on.times_on(on)}
        return frozenset(times)

    def slots(self, first: date, last: date) -> Iterator[Slot]:
        """The item's slots from `first` to `last`, paused ones included."""
        first = max(first, self.starts_on)
        last = last if self.ends_on is None else min(last, self.ends_on)
        for slot in self.imported_slots:
            if first <= slot.on <= last:
                yield slot
        if self.slots_from is None:
            return
        for dosage in self.dosages:
            yield from slots_between(
                self.regimen_item_id, dosage.unit, dosage.timing, max(first, self.slots_from), last
            )

    def slots_by_key(self, first: date, last: date) -> Mapping[SlotKey, Slot]:
        """Each slot once; where an import and a dosage both have one, the imported slot counts.

        The last few short spans are cached: a plan never changes, and every page asks for a week.
        """
        known = self.short_spans.get((first, last))
        if known is not None:
            return known
        slots: dict[SlotKey, Slot] = {}
        for slot in self.slots(first, last):
            slots.setdefault((slot.on, slot.at), slot)
        if last - first <= SHORT_SPAN:
            self.short_spans.put((first, last), slots)
        return slots


class Event(NamedTuple):
    """A dose as it was logged. `due_time` is None without a slot.

    `day_starts_time` is when the person's day began at the time of logging. So an early slot
    stays with its night if they change that setting later. None: as it is now.
    A tuple, like a row, because events are made by the thousand.
    """

    id: UUID
    regimen_item_id: UUID
    due_on: date
    due_time: time | None
    status: DoseStatus
    occurred_at: datetime
    logged_at: datetime
    time_zone: str
    amount: float | None
    unit: str
    reason: str | None = None
    note: str = ""
    day_starts_time: time | None = None
    zones: tuple[Zone, ...] = ()
    minutes_on: float | None = None
    needle_mm: float | None = None

    @property
    def has_time(self) -> bool:
        """Whether the time of the dose is known, from the person or from its slot."""
        if self.due_time is not None or self.occurred_at.microsecond != LAST_MICROSECOND:
            return True
        zone, starts = zone_named(self.time_zone), self.day_starts_time
        return starts is None or self.occurred_at != at_no_known_time(self.due_on, zone, starts)


# The fields of an event that figures are made of, in an order that `counted_event` knows. To read
# only these takes half as long, and ten years have thousands of events.
COUNTED_FIELDS = (*Event._fields[1:10], "day_starts_time")
NO_ID = UUID(int=0)


def counted_event(values: Sequence[Any]) -> Event:
    """Make an event of the values of `COUNTED_FIELDS`; what figures do not need is empty."""
    return Event._make((NO_ID, *values[:-1], None, "", values[-1], (), None, None))


class SlotAnswer(NamedTuple):
    """The part of an event that says how a slot was answered; enough for counting."""

    regimen_item_id: UUID
    due_on: date
    due_time: time
    status: DoseStatus
    amount: float | None = None
    unit: str = ""


class DayCount(NamedTuple):
    """How many slots a day has, how many of them count as due, and how many were taken.

    `less`: how many of the doses taken were smaller than planned. They count as taken.
    """

    asked: int = 0
    due: int = 0
    taken: int = 0
    less: int = 0


NOTHING_ASKED = DayCount()
# No event, not backfilled, no minutes off.
NO_ANSWER = (None, False, None)
NOT_ASKED = frozenset({Standing.PAUSED, Standing.BEFORE})


class Row(NamedTuple):
    """One line of the ledger. `is_less`: taken, in a smaller amount than planned."""

    regimen_item_id: UUID
    on: date
    at: time | None
    standing: Standing
    is_due: bool
    unit: str
    planned_amount: float | None
    window_minutes: int
    event: Event | None
    is_backfilled: bool
    minutes_off: int | None
    is_less: bool = False

    @property
    def amount(self) -> float | None:
        """The amount taken, or the amount planned."""
        return self.event.amount if self.event is not None else self.planned_amount

    @property
    def is_taken(self) -> bool:
        """Whether the dose was taken in its slot; an extra dose was not."""
        return self.standing is Standing.TAKEN

    @property
    def is_asked(self) -> bool:
        """Whether it is a slot that should be answered."""
        return self.planned_amount is not None and self.standing not in NOT_ASKED


def ledger(
    plans: Iterable[Plan],
    events: Iterable[Event],
    first: date,
    last: date,
    *,
    today: date,
    day_starts: time,
) -> list[Row]:
    """Every slot and every event from `first` to `last`, inclusive, in order of day and time.

    `today` is the person's logical date: the days before it are over.
    """
    rows = unordered_ledger(plans, events, first, last, today=today, day_starts=day_starts)
    rows.sort(key=lambda row: (row.on, time_order(row.at, day_starts)))
    return rows


def unordered_ledger(
    plans: Iterable[Plan],
    events: Iterable[Event],
    first: date,
    last: date,
    *,
    today: date,
    day_starts: time,
) -> list[Row]:
    """Return the rows of the ledger in any order, for readers that sort or count them."""
    answers, unslotted = _sorted_events(events, first, last)
    rows: list[Row] = []
    for plan in plans:
        begun, of_item = plan.beginnings(), answers.get(plan.regimen_item_id, {})
        for key, slot in plan.slots_by_key(first, last).items():
            if plan.is_paused(slot.on):
                if key not in of_item:
                    rows.append(_unanswered(slot, Standing.PAUSED))
                continue
            answer = of_item.pop(key, None)
            if answer is not None:
                rows.append(_answered(slot, answer, day_starts))
            else:
                rows.append(_unanswered(slot, _open_standing(slot, begun, today, day_starts)))
    left = (event for of_item in answers.values() for event in of_item.values())
    rows.extend(map(_without_slot, chain(left, unslotted)))
    return rows


def _sorted_events(
    events: Iterable[Event], first: date, last: date
) -> tuple[Mapping[UUID, dict[SlotKey, Event]], list[Event]]:
    """Sort the events of a span into those that name a slot, by item, and those that do not."""
    answers: defaultdict[UUID, dict[SlotKey, Event]] = defaultdict(dict)
    unslotted: list[Event] = []
    for event in events:
        if not first <= event.due_on <= last:
            continue
        if event.due_time is None:
            unslotted.append(event)
        else:
            answers[event.regimen_item_id][event.due_on, event.due_time] = event
    return answers, unslotted


def count_days(
    plans: Iterable[Plan],
    answers: Iterable[SlotAnswer],
    first: date,
    last: date,
    *,
    today: date,
    day_starts: time,
) -> dict[date, DayCount]:
    """Count the ledger from `first` to `last` by day, without making its rows.

    Slots in a pause, and slots that came too early to be due, are left out. Doses without a slot
    raise no count.
    """
    answered: defaultdict[UUID, dict[tuple[date, time], SlotAnswer]] = defaultdict(dict)
    for answer in answers:
        answered[answer.regimen_item_id][answer.due_on, answer.due_time] = answer
    counts: defaultdict[date, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for plan in plans:
        of_item, begun = answered.get(plan.regimen_item_id, {}), plan.beginnings()
        for slot in plan.slots_by_key(first, last).values():
            _item, on, at, *_rest = slot
            if plan.is_paused(on):
                continue
            said = of_item.get((on, at))
            if said is None and on in begun and _is_before(begun[on], at, day_starts):
                continue
            count = counts[on]
            count[0] += 1
            # Missed, by the rule of `_open_standing`.
            count[1] += said is not None or on < today
            if said is not None and said.status is DoseStatus.TAKEN:
                count[2] += 1
                count[3] += _is_less(slot, said)
    return {on: DayCount(*count) for on, count in counts.items()}


def count_rows(rows: Iterable[Row]) -> DayCount:
    """Count the rows of one day, where they are read anyway; equal to `count_days`."""
    asked = [row for row in rows if row.is_asked]
    return DayCount(
        asked=len(asked),
        due=sum(row.is_due for row in asked),
        taken=sum(row.is_taken for row in asked),
        less=sum(row.is_less for row in asked),
    )


def _is_less(slot: Slot, answer: SlotAnswer | Event) -> bool:
    """Whether less was taken than planned; amounts in different units are not compared."""
    amount, unit = answer.amount, answer.unit
    return amount is not None and unit == slot.unit and amount < slot.amount


def _is_before(begun: Iterable[Beginning], at: time, day_starts: time) -> bool:
    return any(each.leaves_out(at, day_starts) for each in begun)


def _open_standing(
    slot: Slot, begun: Mapping[date, Sequence[Beginning]], today: date, day_starts: time
) -> Standing:
    """The standing of an unanswered slot."""
    if slot.on in begun and _is_before(begun[slot.on], slot.at, day_starts):
        return Standing.BEFORE
    return Standing.WAITING if slot.on >= today else Standing.MISSED


def _unanswered(slot: Slot, standing: Standing) -> Row:
    item_id, on, at, amount, unit, window = slot
    is_due = standing is Standing.MISSED
    # By place: naming each field takes twice as long, and ten years have thousands of rows.
    return Row(*(item_id, on, at, standing, is_due, unit, amount, window), *NO_ANSWER)


def _answered(slot: Slot, event: Event, day_starts: time) -> Row:
    item_id, on, at, amount, _unit, window = slot
    began = day_starts if event.day_starts_time is None else event.day_starts_time
    due_at = instant_of(on, at, zone_named(event.time_zone), began)
    standing, is_backfilled, is_less, minutes_off = Standing.SKIPPED, False, False, None
    if event.status is DoseStatus.TAKEN:
        standing, is_less = Standing.TAKEN, _is_less(slot, event)
        is_backfilled = event.logged_at - due_at > BACKFILLED_AFTER
        if not is_backfilled:
            minutes_off = round((event.occurred_at - due_at).total_seconds() / 60)
    return Row(
        *(item_id, on, at, standing, True, event.unit, amount, window, event),
        *(is_backfilled, minutes_off, is_less),
    )


def _without_slot(event: Event) -> Row:
    is_taken = event.status is DoseStatus.TAKEN
    standing = Standing.EXTRA if is_taken else Standing.SKIPPED
    return Row(
        *(event.regimen_item_id, event.due_on, event.due_time, standing, False, event.unit),
        *(None, 0, event, is_taken and not event.has_time, None),
    )
