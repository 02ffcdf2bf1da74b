"""The ledger: due doses, and what happened to each."""

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest

from app.domain.ledger import (
    DoseStatus,
    Event,
    PauseSpan,
    Plan,
    Row,
    ScheduledDosage,
    Standing,
    ledger,
)
from app.domain.logical_dates import instant_of, zone_named
from app.domain.timing import DoseTime, Slot, Timing, TimingKind

ITEM = UUID(int=1)
THREE = time(3)
MORNING, EVENING = time(8), time(21)
MONDAY = date(2026, 11, 23)
BERLIN = "Europe/Berlin"


def day(number: int) -> date:
    """Day 0 is the Monday that is today; -1 the day before."""
    return MONDAY + timedelta(days=number)


def plan(
    *,
    starts_on: date = day(-20),
    ends_on: date | None = None,
    slots_from: date | None = day(-20),
    dosages: tuple[ScheduledDosage, ...] | None = None,
    pauses: tuple[PauseSpan, ...] = (),
    imported_slots: tuple[Slot, ...] = (),
) -> Plan:
    if dosages is None:
        dosages = (twice_daily(starts_on),)
    return Plan(ITEM, starts_on, ends_on, slots_from, dosages, pauses, imported_slots)


def twice_daily(starts_on: date, ends_on: date | None = None, amount: float = 1) -> ScheduledDosage:
    times = (DoseTime(MORNING, amount), DoseTime(EVENING, amount))
    return ScheduledDosage(uuid4(), "mg", Timing(TimingKind.DAILY, starts_on, ends_on, times))


def event(
    on: date,
    at: time | None = MORNING,
    *,
    status: DoseStatus = DoseStatus.TAKEN,
    minutes: int = 0,
    logged_after: timedelta = timedelta(0),
    zone: str = BERLIN,
) -> Event:
    occurred_at = instant_of(on, at or time(12), zone_named(zone), THREE) + timedelta(
        minutes=minutes
    )
    return Event(
        id=uuid4(),
        regimen_item_id=ITEM,
        due_on=on,
        due_time=at,
        status=status,
        occurred_at=occurred_at,
        logged_at=occurred_at + logged_after,
        time_zone=zone,
        amount=1,
        unit="mg",
    )


def execute_prepared(
    a_plan: Plan, *events: Event, first: date = day(-1), last: date = day(-1), today: date = MONDAY
) -> list[Row]:
    return ledger([a_plan], events, first, last, today=today, day_starts=THREE)


def standings(rows: list[Row]) -> list[tuple[date, time | None, str]]:
    return [(row.on, row.at, row.standing.value) for row in rows]


def test_a_slot_waits_until_its_day_ends_and_is_missed_afterwards() -> None:
    rows = execute_prepared(plan(), last=day(1))

    assert standings(rows) == [
        (day(-1), MORNING, "missed"),
        (day(-1), EVENING, "missed"),
        (day(0), MORNING, "waiting"),
        (day(0), EVENING, "waiting"),
        (day(1), MORNING, "waiting"),
        (day(1), EVENING, "waiting"),
    ]
    assert [row.is_due for row in rows] == [True, True, False, False, False, False]


def test_an_answered_slot_counts_at_once() -> None:
    taken, skipped = event(day(0)), event(day(0), EVENING, status=DoseStatus.SKIPPED)
    rows = execute_prepared(plan(), taken, skipped, first=day(0), last=day(0))

    assert [row.standing for row in rows] == [Standing.TAKEN, Standing.SKIPPED]
    assert all(row.is_due for row in rows)
    assert [row.event for row in rows] == [taken, skipped]


def test_a_dose_of_tomorrow_may_be_answered_today() -> None:
    rows = execute_prepared(plan(), event(day(1), minutes=-600), first=day(1), last=day(1))

    assert standings(rows) == [(day(1), MORNING, "taken"), (day(1), EVENING, "waiting")]
    assert rows[0].minutes_off == -600


def test_nothing_is_due_before_the_start_or_after_the_end() -> None:
    rows = execute_prepared(plan(starts_on=day(-3), ends_on=day(-2)), first=day(-9), last=day(0))

    assert {row.on for row in rows} == {day(-3), day(-2)}


def test_an_item_that_began_before_the_log_has_no_slots_from_before_it() -> None:
    rows = execute_prepared(plan(slots_from=day(-2)), first=day(-9), last=day(-1))

    assert {row.on for row in rows} == {day(-2), day(-1)}


def test_periods_count_from_the_dosage_and_not_from_where_the_log_begins() -> None:
    every_three = Timing(
        TimingKind.EVERY_DAYS, day(-20), times=(DoseTime(MORNING, 1),), every_days=3
    )
    a_plan = plan(slots_from=day(-6), dosages=(ScheduledDosage(uuid4(), "mg", every_three),))

    assert [row.on for row in execute_prepared(a_plan, first=day(-20))] == [day(-5), day(-2)]


def test_an_item_stopped_before_it_began_is_never_due() -> None:
    assert execute_prepared(plan(starts_on=day(-3), ends_on=day(-4)), first=day(-9)) == []


def test_a_paused_slot_is_due_to_nobody() -> None:
    rows = execute_prepared(plan(pauses=(PauseSpan(day(-2), day(-1)),)), first=day(-3), last=day(0))

    assert [(row.on, row.standing, row.is_due) for row in rows if row.at == MORNING] == [
        (day(-3), Standing.MISSED, True),
        (day(-2), Standing.PAUSED, False),
        (day(-1), Standing.PAUSED, False),
        (day(0), Standing.WAITING, False),
    ]


def test_an_open_pause_lasts_until_it_is_ended() -> None:
    rows = execute_prepared(plan(pauses=(PauseSpan(day(-1), None),)), last=day(30))

    assert {row.standing for row in rows} == {Standing.PAUSED}


def test_a_dose_taken_during_a_pause_is_extra_and_shown_once() -> None:
    taken = event(day(-1))
    rows = execute_prepared(plan(pauses=(PauseSpan(day(-1), None),)), taken)

    assert standings(rows) == [(day(-1), MORNING, "extra"), (day(-1), EVENING, "paused")]
    assert not any(row.is_due for row in rows)


def test_a_dose_of_a_time_that_no_dosage_knows_stays_and_is_extra() -> None:
    rows = execute_prepared(plan(), event(day(-1), time(13)))

    assert standings(rows) == [
        (day(-1), MORNING, "missed"),
        (day(-1), time(13), "extra"),
        (day(-1), EVENING, "missed"),
    ]


def test_a_skip_of_a_time_that_no_dosage_knows_is_shown_and_not_due() -> None:
    rows = execute_prepared(plan(), event(day(-1), time(13), status=DoseStatus.SKIPPED))

    assert (rows[1].standing, rows[1].is_due) == (Standing.SKIPPED, False)


def test_doses_without_a_slot_are_extra_and_stand_first() -> None:
    rows = execute_prepared(plan(), event(day(-1), None), event(day(-1), None))

    assert [row.at for row in rows] == [None, None, MORNING, EVENING]
    assert [row.standing for row in rows[:2]] == [Standing.EXTRA] * 2
    assert not any(row.is_backfilled or row.is_due for row in rows[:2])


@pytest.mark.parametrize(
    ("after", "is_backfilled"),
    [
        (timedelta(hours=24), False),
        (timedelta(hours=24, seconds=1), True),
        (timedelta(hours=-3), False),
    ],
)
def test_backfilled_is_logged_more_than_24_hours_after_it_was_due(
    after: timedelta, is_backfilled: bool
) -> None:
    (row, _evening) = execute_prepared(plan(), event(day(-1), logged_after=after))

    assert row.is_backfilled is is_backfilled
    assert row.standing is Standing.TAKEN
    assert (row.minutes_off is None) is is_backfilled


def test_a_skip_is_never_backfilled_and_has_no_time() -> None:
    late = event(day(-1), status=DoseStatus.SKIPPED, logged_after=timedelta(days=3))
    (row, _evening) = execute_prepared(plan(), late)

    assert not row.is_backfilled
    assert row.minutes_off is None


def test_the_slot_of_a_night_is_timed_by_the_clock_after_midnight() -> None:
    at_night = Timing(TimingKind.DAILY, day(-5), times=(DoseTime(time(1), 1),))
    a_plan = plan(dosages=(ScheduledDosage(uuid4(), "mg", at_night),))
    (row,) = execute_prepared(a_plan, event(day(-1), time(1), minutes=7))

    assert (row.on, row.minutes_off) == (day(-1), 7)


@pytest.mark.parametrize(("began", "now"), [(THREE, time(1)), (time(1), THREE)])
def test_a_day_that_begins_otherwise_later_moves_no_dose_of_the_night(
    began: time, now: time
) -> None:
    on_time = instant_of(day(-1), time(2), zone_named(BERLIN), began)
    night = event(day(-1), time(2))._replace(
        occurred_at=on_time, logged_at=on_time, day_starts_time=began
    )
    dosage = ScheduledDosage(
        uuid4(), "mg", Timing(TimingKind.DAILY, day(-9), None, (DoseTime(time(2), 1),))
    )
    (row,) = ledger(
        [plan(dosages=(dosage,))], [night], day(-1), day(-1), today=MONDAY, day_starts=now
    )

    assert (row.standing, row.is_backfilled, row.minutes_off) == (Standing.TAKEN, False, 0)


def test_a_change_of_dose_neither_doubles_nor_loses_a_day() -> None:
    a_plan = plan(dosages=(twice_daily(day(-20), day(-3), 1), twice_daily(day(-2), None, 2)))
    rows = execute_prepared(a_plan, first=day(-4))

    assert [(row.on, row.planned_amount) for row in rows if row.at == MORNING] == [
        (day(-4), 1),
        (day(-3), 1),
        (day(-2), 2),
        (day(-1), 2),
    ]


def test_the_row_keeps_the_amount_that_was_taken_beside_the_planned_one() -> None:
    (row, evening) = execute_prepared(
        plan(dosages=(twice_daily(day(-9), None, 4),)), event(day(-1))
    )

    assert (row.amount, row.planned_amount) == (1, 4)
    assert (evening.amount, evening.planned_amount) == (4, 4)


def test_an_imported_span_has_a_slot_only_where_the_file_has_one() -> None:
    slot = Slot(ITEM, day(-5), time(9, 15), 2, "mg", 360)
    a_plan = plan(slots_from=day(-2), imported_slots=(slot,))
    rows = execute_prepared(a_plan, event(day(-5), time(9, 15)), first=day(-9), last=day(-2))

    assert standings(rows) == [
        (day(-5), time(9, 15), "taken"),
        (day(-2), MORNING, "missed"),
        (day(-2), EVENING, "missed"),
    ]


def test_a_history_that_came_from_elsewhere_has_no_slots_of_ours() -> None:
    slot = Slot(ITEM, day(-5), time(9, 15), 2, "mg", 360)
    rows = execute_prepared(
        plan(slots_from=None, imported_slots=(slot,)), first=day(-9), last=day(9)
    )

    assert standings(rows) == [(day(-5), time(9, 15), "missed")]


def test_an_imported_slot_that_a_dosage_also_names_is_one_slot() -> None:
    slot = Slot(ITEM, day(-1), MORNING, 2, "mg", 360)
    rows = execute_prepared(plan(imported_slots=(slot,)))

    assert standings(rows) == [(day(-1), MORNING, "missed"), (day(-1), EVENING, "missed")]


def test_a_flight_from_berlin_to_tokyo_doubles_and_loses_nothing() -> None:
    """Two days in Berlin, two in Tokyo, taken by the clock on the wall."""
    zones = {day(-4): BERLIN, day(-3): BERLIN, day(-2): "Asia/Tokyo", day(-1): "Asia/Tokyo"}
    events = [
        event(on, at, minutes=5, zone=zone)
        for on, zone in zones.items()
        for at in (MORNING, EVENING)
    ]
    rows = execute_prepared(plan(), *events, first=day(-4))

    assert [row.standing for row in rows] == [Standing.TAKEN] * 8
    assert {row.minutes_off for row in rows} == {5}


def test_an_event_that_lies_outside_the_span_is_not_shown() -> None:
    assert len(execute_prepared(plan(), event(day(-9)), event(day(3), None))) == 2


def test_the_ledger_runs_by_day_then_by_the_clock_from_three_to_three() -> None:
    times = tuple(DoseTime(at, 1) for at in (time(1), time(8), time(23)))
    dosage = ScheduledDosage(uuid4(), "mg", Timing(TimingKind.DAILY, day(-9), None, times))
    rows = execute_prepared(plan(dosages=(dosage,)), first=day(-2))

    assert [(row.on, row.at) for row in rows] == [
        (on, at) for on in (day(-2), day(-1)) for at in (time(8), time(23), time(1))
    ]


def test_the_dosage_of_a_day_is_the_one_that_holds_then() -> None:
    before, since = twice_daily(day(-20), day(-3)), twice_daily(day(-2))
    a_plan = plan(dosages=(before, since))

    assert a_plan.dosage_on(day(-3)) is before
    assert a_plan.dosage_on(day(-2)) is since
    assert a_plan.dosage_on(day(-21)) is None


def test_instants_decide_how_far_off_a_dose_was_over_a_clock_change() -> None:
    """21:00 on the day before the clocks go back, taken at 20:00 UTC: an hour late by the sun."""
    on = date(2026, 10, 25)
    late = event(on)._replace(occurred_at=datetime.fromisoformat("2026-10-25T07:30:00+00:00"))
    (row, _evening) = execute_prepared(
        plan(starts_on=date(2026, 10, 1), slots_from=date(2026, 10, 1)), late, first=on, last=on
    )

    assert row.minutes_off == 30
