"""Properties of the ledger, whatever a person takes and however they log it."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from app.domain.adherence import measure
from app.domain.ledger import (
    DayCount,
    DoseStatus,
    Event,
    PauseSpan,
    Plan,
    Row,
    ScheduledDosage,
    SlotAnswer,
    Standing,
    count_days,
    count_rows,
    ledger,
)
from app.domain.logical_dates import days_between, instant_of, zone_named
from app.domain.timing import DoseTime, Slot, Timing, TimingKind
from tests.support.sums import added_up

FIRST = date(2026, 3, 10)
LAST = date(2026, 4, 20)
THREE = time(3)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo", "+05:45")
CLOCK = tuple(time(hour, minute) for hour in (0, 1, 2, 3, 8, 14, 21) for minute in (0, 30))

# For the two properties from which the others follow where they are broken.
many_examples = settings(max_examples=2 * settings().max_examples)

days = st.dates(FIRST, LAST)
maybe_days = st.none() | days
clock_times = st.sampled_from(CLOCK)


@dataclass(frozen=True)
class Log:
    """What some people take, and what they logged."""

    plans: tuple[Plan, ...]
    events: tuple[Event, ...]
    today: date

    def rows(self, first: date = FIRST, last: date = LAST, day_starts: time = THREE) -> list[Row]:
        events = [event for event in self.events if first <= event.due_on <= last]
        return ledger(self.plans, events, first, last, today=self.today, day_starts=day_starts)


@st.composite
def timings(draw: DrawFn, starts_on: date, ends_on: date | None) -> Timing:
    weekdays = st.sets(st.sampled_from("1234567"), min_size=1).map(lambda d: "".join(sorted(d)))
    times = draw(
        st.lists(
            st.builds(DoseTime, clock_times, st.floats(0.5, 2000), weekdays),
            max_size=4,
            unique_by=lambda each: each.at,
        )
    )
    return Timing(
        kind=draw(st.sampled_from(TimingKind)),
        starts_on=starts_on,
        ends_on=ends_on,
        times=tuple(times),
        usual_amount=1,
        every_days=draw(st.integers(1, 9)),
        days_of_month=tuple(draw(st.lists(st.integers(1, 31), max_size=3))),
        cycle_on=draw(st.integers(0, 5)),
        cycle_off=draw(st.integers(0, 5)),
    )


@st.composite
def spans(draw: DrawFn, most: int) -> list[tuple[date, date | None]]:
    """Spans of whole days that do not overlap; the last may be open."""
    edges = sorted(draw(st.sets(days, max_size=2 * most)))
    closed: list[tuple[date, date | None]] = [
        (a, b - timedelta(days=1)) for a, b in pairwise(edges)
    ]
    flags = st.lists(st.booleans(), min_size=len(closed), max_size=len(closed))
    chosen = [span for span, is_chosen in zip(closed, draw(flags), strict=True) if is_chosen]
    is_open = draw(st.booleans())
    if edges and is_open:
        chosen.append((edges[-1], None))
    return chosen


@st.composite
def plans(draw: DrawFn, number: int) -> Plan:
    item = UUID(int=number)
    imported = draw(
        st.lists(
            st.builds(
                Slot,
                st.just(item),
                days,
                clock_times,
                st.just(1.0),
                st.just("mg"),
                st.just(180),
            ),
            max_size=5,
        )
    )
    return Plan(
        regimen_item_id=item,
        starts_on=draw(days),
        ends_on=draw(maybe_days),
        slots_from=draw(maybe_days),
        dosages=tuple(
            ScheduledDosage(
                UUID(int=100 * number + n),
                "mg",
                draw(timings(*span)),
                span[0],
                draw(st.none() | clock_times),
            )
            for n, span in enumerate(draw(spans(3)))
        ),
        pauses=tuple(PauseSpan(*span, draw(st.none() | clock_times)) for span in draw(spans(2))),
        imported_slots=tuple(imported),
    )


@st.composite
def events(draw: DrawFn, plan: Plan) -> list[Event]:
    """Answers to slots, and doses at other times, on other days and at no time at all."""
    slots = [(slot.on, slot.at) for slot in plan.slots(FIRST, LAST)]
    anywhere = st.tuples(days, clock_times)
    keys = st.lists(
        (st.sampled_from(slots) | anywhere) if slots else anywhere, max_size=12, unique=True
    )
    free = st.lists(st.tuples(days, st.none()), max_size=3)
    logged: list[Event] = []
    for on, at in [*draw(keys), *draw(free)]:
        zone = draw(st.sampled_from(ZONES))
        due_at = instant_of(on, at or time(12), zone_named(zone), THREE)
        occurred_at = due_at + timedelta(minutes=draw(st.integers(-600, 600)))
        logged.append(
            Event(
                id=UUID(int=10_000 * plan.regimen_item_id.int + len(logged)),
                regimen_item_id=plan.regimen_item_id,
                due_on=on,
                due_time=at,
                status=draw(st.sampled_from(DoseStatus)),
                occurred_at=occurred_at,
                logged_at=occurred_at + timedelta(hours=draw(st.integers(0, 60))),
                time_zone=zone,
                amount=draw(st.sampled_from((1, 0.5))),
                unit="mg",
            )
        )
    return logged


@st.composite
def logs(draw: DrawFn) -> Log:
    taken = tuple(draw(plans(number)) for number in range(1, draw(st.integers(1, 3)) + 1))
    logged = [event for plan in taken for event in draw(events(plan))]
    return Log(taken, tuple(logged), draw(days))


def key(row: Row | Slot) -> tuple[UUID, date, time | None]:
    return (row.regimen_item_id, row.on, row.at)


@given(logs())
def test_due_is_taken_and_skipped_and_missed_and_nothing_else(log: Log) -> None:
    rows = log.rows()
    figures = measure(rows)

    doses = figures.doses
    assert doses.due == doses.taken + doses.skipped + doses.missed
    assert doses.due == sum(row.is_due for row in rows)
    assert doses.backfilled + figures.timed == doses.taken
    assert figures.in_window <= figures.timed
    assert figures.days_dosed_correctly <= figures.days_with_all_doses <= figures.days_resolved


@many_examples
@given(logs())
def test_every_event_appears_exactly_once(log: Log) -> None:
    shown = Counter(row.event.id for row in log.rows() if row.event)

    assert shown == Counter(event.id for event in log.events)


@given(logs())
def test_every_slot_appears_at_most_once(log: Log) -> None:
    counts = Counter(key(row) for row in log.rows() if row.at is not None)

    assert set(counts.values()) <= {1}


@given(logs())
def test_every_slot_of_a_plan_has_its_row(log: Log) -> None:
    shown = {key(row) for row in log.rows()}

    assert {key(slot) for plan in log.plans for slot in plan.slots(FIRST, LAST)} <= shown


@given(logs())
def test_nothing_is_due_before_the_start_after_the_end_or_in_a_pause(log: Log) -> None:
    by_item = {plan.regimen_item_id: plan for plan in log.plans}

    for row in log.rows():
        plan = by_item[row.regimen_item_id]
        if row.is_due or row.standing is Standing.WAITING:
            assert plan.starts_on <= row.on
            assert plan.ends_on is None or row.on <= plan.ends_on
            assert not plan.is_paused(row.on)


@given(logs())
def test_nothing_is_due_that_neither_a_dosage_nor_a_file_asks_for(log: Log) -> None:
    slots = {key(slot) for plan in log.plans for slot in plan.slots(FIRST, LAST)}

    assert {key(row) for row in log.rows() if row.is_due} <= slots
    for plan in log.plans:
        if plan.slots_from is None:
            asked = {key(slot) for slot in plan.slots(FIRST, LAST)}
            assert asked <= {key(slot) for slot in plan.imported_slots}


@given(logs())
def test_no_day_to_come_is_missed_and_no_day_gone_waits(log: Log) -> None:
    for row in log.rows():
        assert not (row.standing is Standing.MISSED and row.on >= log.today)
        assert not (row.standing is Standing.WAITING and row.on < log.today)


@given(logs(), days)
def test_two_spans_give_the_same_rows_as_the_whole(log: Log, cut: date) -> None:
    halves = log.rows(FIRST, cut) + log.rows(cut + timedelta(days=1), LAST)

    assert halves == log.rows()


@many_examples
@given(logs())
def test_day_by_day_gives_the_same_rows_and_figures_as_the_whole(log: Log) -> None:
    single = [log.rows(day, day) for day in days_between(FIRST, LAST)]

    assert [row for day in single for row in day] == log.rows()
    assert added_up([measure(day) for day in single]) == measure(log.rows())


@given(logs(), days)
def test_the_figures_of_two_spans_add_up(log: Log, cut: date) -> None:
    rows = log.rows()
    parts = [
        measure(row for row in rows if row.on <= cut),
        measure(row for row in rows if row.on > cut),
    ]

    assert added_up(parts) == measure(rows)


@given(logs(), days)
def test_the_passing_of_days_turns_only_waiting_into_missed(log: Log, later: date) -> None:
    before = {id_of(row): row.standing for row in log.rows()}
    after = {id_of(row): row.standing for row in replace(log, today=later).rows()}

    assert before.keys() == after.keys()
    changed = {(before[name], after[name]) for name in before if before[name] != after[name]}
    assert changed <= {
        (Standing.WAITING, Standing.MISSED),
        (Standing.MISSED, Standing.WAITING),
    }
    assert Standing.BEFORE not in {standing for change in changed for standing in change}


@given(logs())
def test_the_order_of_the_events_does_not_matter(log: Log) -> None:
    backwards = replace(log, events=log.events[::-1])

    assert sorted(log.rows(), key=repr) == sorted(backwards.rows(), key=repr)


@given(logs(), st.sampled_from((time(0), time(4), time(6))))
def test_another_start_of_the_day_later_moves_no_dose_to_another_day(
    log: Log, day_starts: time
) -> None:
    def placed(rows: list[Row]) -> list[tuple[str, date, bool, Standing | None]]:
        answered = {Standing.TAKEN, Standing.SKIPPED, Standing.EXTRA, Standing.PAUSED}
        return sorted(
            (id_of(row), row.on, row.event is None, row.standing)
            if row.standing in answered
            else (id_of(row), row.on, True, None)
            for row in rows
        )

    assert placed(log.rows()) == placed(log.rows(day_starts=day_starts))


@given(logs(), st.integers(1, 40))
def test_a_dose_keeps_its_distance_in_whatever_zone_it_is_looked_at(log: Log, hours: int) -> None:
    """A journey after the fact: only the zone that an event was logged in counts."""
    for row in log.rows():
        if row.event is not None and row.minutes_off is not None and row.at is not None:
            zone = zone_named(row.event.time_zone)
            due_at: datetime = instant_of(row.on, row.at, zone, THREE)
            off = row.event.occurred_at - due_at
            assert row.minutes_off == round(off / timedelta(minutes=1))


def id_of(row: Row) -> str:
    name = row.event.id if row.event else "slot"
    return f"{row.regimen_item_id} {row.on} {row.at} {name}"


@given(logs())
def test_the_counts_of_a_day_are_those_of_its_rows(log: Log) -> None:
    answers = [
        SlotAnswer(*(getattr(event, name) for name in SlotAnswer._fields))
        for event in log.events
        if event.due_time is not None
    ]
    counts = count_days(log.plans, answers, FIRST, LAST, today=log.today, day_starts=THREE)

    for on in days_between(FIRST, LAST):
        rows = [row for row in log.rows() if row.on == on]
        asked = [row for row in rows if row.planned_amount is not None]
        asked = [row for row in asked if row.standing not in {Standing.PAUSED, Standing.BEFORE}]
        assert (
            counts.get(on, DayCount())
            == count_rows(rows)
            == DayCount(
                asked=len(asked),
                due=sum(row.is_due for row in rows),
                taken=sum(row.is_taken for row in asked),
                less=sum(row.is_less for row in asked),
            )
        )
