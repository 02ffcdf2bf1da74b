"""Nothing is due before the minute it began to be asked for."""

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

import pytest

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
    ledger,
)
from app.domain.logical_dates import instant_of, zone_named
from app.domain.timing import DoseTime, Slot, Timing, TimingKind

ITEM = UUID(int=1)
THREE = time(3)
MORNING, NOON, EVENING, NIGHT = time(8), time(12), time(21), time(1)
TODAY = date(2026, 11, 23)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
AFTERNOON = time(14, 30)


def dosage(
    *times: time,
    starts_on: date = TODAY,
    ends_on: date | None = None,
    entered_time: time | None = AFTERNOON,
    entered_on: date = TODAY,
) -> ScheduledDosage:
    """So much at each time every day, entered this afternoon."""
    each = tuple(DoseTime(at, 1) for at in times)
    timing = Timing(TimingKind.DAILY, starts_on, ends_on, each)
    return ScheduledDosage(UUID(int=2), "mg", timing, entered_on, entered_time)


def plan(*dosages: ScheduledDosage, starts_on: date = TODAY, slots_from: date = TODAY) -> Plan:
    """An item that is asked for from `slots_from` on."""
    return Plan(ITEM, starts_on, None, slots_from, dosages)


def event(on: date, at: time, status: DoseStatus = DoseStatus.TAKEN) -> Event:
    """A dose answered on time."""
    due_at = instant_of(on, at, zone_named("UTC"), THREE)
    item = UUID(int=9), ITEM, on, at, status, due_at, due_at, "UTC", 1.0, "mg"
    return Event(*item)


def standings(a_plan: Plan, *events: Event, on: date = TODAY, today: date = TODAY) -> list[str]:
    """How the slots of a day stand, as "08:00 before"."""
    rows = ledger([a_plan], events, on, on, today=today, day_starts=THREE)
    return [f"{row.at:%H:%M} {row.standing}" for row in rows]


def test_a_slot_before_the_item_was_added_is_nobodys_miss() -> None:
    added = plan(dosage(MORNING, EVENING))

    assert standings(added) == ["08:00 before", "21:00 waiting"]
    assert standings(added, today=TOMORROW) == ["08:00 before", "21:00 missed"]
    assert standings(added, on=TOMORROW) == ["08:00 waiting", "21:00 waiting"]


def test_a_slot_at_the_very_minute_is_due_and_the_night_comes_last() -> None:
    added = plan(dosage(AFTERNOON, NIGHT))

    assert standings(added) == ["14:30 waiting", "01:00 waiting"]


def test_what_was_added_in_the_night_leaves_out_the_whole_day_before_it() -> None:
    added = plan(dosage(MORNING, EVENING, time(2), entered_time=time(1, 30)))

    assert standings(added) == ["08:00 before", "21:00 before", "02:00 waiting"]


@pytest.mark.parametrize("status", list(DoseStatus))
def test_an_earlier_slot_that_is_answered_counts(status: DoseStatus) -> None:
    added = plan(dosage(MORNING, EVENING))
    (row, _evening) = ledger(
        [added], [event(TODAY, MORNING, status)], TODAY, TODAY, today=TODAY, day_starts=THREE
    )

    assert (row.standing.value, row.is_due) == (status.value, True)


def test_a_start_in_the_past_keeps_the_slots_of_every_day_since() -> None:
    backdated = plan(
        dosage(MORNING, starts_on=YESTERDAY), starts_on=YESTERDAY, slots_from=YESTERDAY
    )

    assert standings(backdated, on=YESTERDAY) == ["08:00 missed"]
    assert standings(backdated) == ["08:00 waiting"]


def test_a_start_before_the_log_is_asked_for_from_the_minute_the_log_began() -> None:
    long_ago = TODAY - timedelta(days=400)
    newcomer = plan(dosage(MORNING, EVENING, starts_on=long_ago), starts_on=long_ago)

    assert standings(newcomer) == ["08:00 before", "21:00 waiting"]


def test_a_start_that_is_corrected_to_an_earlier_day_hides_none_of_its_slots() -> None:
    moved = plan(dosage(MORNING, starts_on=YESTERDAY), starts_on=YESTERDAY, slots_from=YESTERDAY)

    assert standings(moved, on=YESTERDAY) == ["08:00 missed"]


def test_a_change_from_today_adds_no_earlier_slot_and_keeps_the_one_asked_for_before() -> None:
    earlier = dosage(MORNING, starts_on=YESTERDAY, ends_on=YESTERDAY, entered_time=None)
    changed = plan(
        earlier, dosage(MORNING, NOON, EVENING), starts_on=YESTERDAY, slots_from=YESTERDAY
    )

    assert standings(changed) == ["08:00 waiting", "12:00 before", "21:00 waiting"]
    assert standings(changed, today=TOMORROW) == ["08:00 missed", "12:00 before", "21:00 missed"]


def test_a_change_after_a_gap_asks_for_nothing_from_before_it() -> None:
    before_that = YESTERDAY - timedelta(days=3)
    earlier = dosage(MORNING, starts_on=before_that, ends_on=before_that, entered_time=None)
    changed = plan(earlier, dosage(MORNING), starts_on=before_that, slots_from=before_that)

    assert standings(changed) == ["08:00 before"]


def test_a_slot_before_a_pause_was_ended_today_is_not_due() -> None:
    running = dosage(MORNING, EVENING, starts_on=YESTERDAY, entered_time=None)
    resumed = replace(
        plan(running, starts_on=YESTERDAY, slots_from=YESTERDAY),
        pauses=(PauseSpan(YESTERDAY, YESTERDAY, AFTERNOON),),
    )

    assert standings(resumed, on=YESTERDAY) == ["08:00 paused", "21:00 paused"]
    assert standings(resumed) == ["08:00 before", "21:00 waiting"]


def test_a_slot_that_a_file_has_is_due_whenever_a_dosage_was_entered() -> None:
    in_file = Slot(ITEM, TODAY, MORNING, 1, "mg", 360)
    imported = replace(plan(dosage(MORNING, EVENING)), imported_slots=(in_file,))

    assert standings(imported, today=TOMORROW) == ["08:00 missed", "21:00 missed"]


def test_the_counts_of_a_day_leave_the_earlier_slot_out_until_it_is_answered() -> None:
    added = plan(dosage(MORNING, EVENING))
    answer = SlotAnswer(ITEM, TODAY, MORNING, DoseStatus.TAKEN)

    def count(*answers: SlotAnswer) -> DayCount:
        return count_days([added], answers, TODAY, TODAY, today=TOMORROW, day_starts=THREE)[TODAY]

    assert count() == DayCount(asked=1, due=1, taken=0)
    assert count(answer) == DayCount(asked=2, due=2, taken=1)


def test_rows_from_before_are_not_due() -> None:
    rows: list[Row] = ledger(
        [plan(dosage(MORNING))], [], TODAY, TODAY, today=TOMORROW, day_starts=THREE
    )

    assert [(row.standing, row.is_due) for row in rows] == [(Standing.BEFORE, False)]
