"""How far the doses taken match the doses due; the figures were worked out by hand elsewhere."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest

from app.domain.adherence import (
    Adherence,
    Doses,
    count_doses,
    flexible_target_ratio,
    measure,
)
from app.domain.ledger import DoseStatus, Event, PauseSpan, Plan, Row, ScheduledDosage, ledger
from app.domain.logical_dates import instant_of, zone_named
from app.domain.timing import DoseTime, Timing, TimingKind
from tests.support.sums import added_up

ITEM = UUID(int=1)
BERLIN = "Europe/Berlin"
TIMES = (time(8), time(20))
FIRST = date(2026, 11, 10)
# Fourteen days of two doses: minutes off the clock, S skipped, M missed, B backfilled,
# P paused, W waiting. The eleventh day has an extra dose.
FORTNIGHT = (
    *(("5", "-20"), ("60", "10"), ("0", "M"), ("S", "15"), ("200", "5"), ("-10", "B")),
    *(("M", "M"), ("P", "P"), ("P", "P"), ("20", "30"), ("0", "0"), ("B", "B")),
    *(("-190", "S"), ("45", "W")),
)
EXTRA_ON = 10


def event(on: date, at: time | None, code: str) -> Event:
    is_skip, is_backfill = code == "S", code == "B"
    due_at = instant_of(on, at or time(14), zone_named(BERLIN), time(3))
    minutes = 0 if is_skip or is_backfill else int(code)
    occurred_at = due_at + timedelta(minutes=minutes)
    return Event(
        id=uuid4(),
        regimen_item_id=ITEM,
        due_on=on,
        due_time=at,
        status=DoseStatus.SKIPPED if is_skip else DoseStatus.TAKEN,
        occurred_at=occurred_at,
        logged_at=due_at + timedelta(hours=30) if is_backfill else occurred_at,
        time_zone=BERLIN,
        amount=1,
        unit="mg",
    )


def fortnight(days: Sequence[tuple[str, str]] = FORTNIGHT) -> list[Row]:
    """The ledger of the fortnight, seen from its last day."""
    events = [
        event(FIRST + timedelta(days=number), at, code)
        for number, codes in enumerate(days)
        for at, code in zip(TIMES, codes, strict=True)
        if code not in {"M", "W", "P"}
    ]
    events.append(event(FIRST + timedelta(days=EXTRA_ON), None, "0"))
    timing = Timing(TimingKind.DAILY, FIRST, times=tuple(DoseTime(at, 1) for at in TIMES))
    paused = PauseSpan(FIRST + timedelta(days=7), FIRST + timedelta(days=8))
    plan = Plan(ITEM, FIRST, None, FIRST, (ScheduledDosage(uuid4(), "mg", timing),), (paused,))
    last = FIRST + timedelta(days=len(days) - 1)
    return ledger([plan], events, FIRST, last, today=last, day_starts=time(3))


def test_a_fortnight_is_counted_as_by_hand() -> None:
    assert measure(fortnight()) == Adherence(
        Doses(due=23, taken=18, skipped=2, missed=3, backfilled=3, extra=1),
        timed=15,
        in_window=13,
        days_resolved=11,
        days_with_all_doses=7,
        days_dosed_correctly=6,
    )


def test_the_share_of_the_fortnight_is_that_of_the_oracle() -> None:
    assert count_doses(fortnight()).taken_of_due == pytest.approx(0.7826, abs=0.0001)


def test_two_or_three_times_a_week_is_measured_by_the_lower_end() -> None:
    assert flexible_target_ratio([2, 3, 1, 2], 2) == 0.875


@pytest.mark.parametrize(("counts", "target"), [([], 2), ([1, 2], 0), ([1], -1)])
def test_no_weeks_or_no_target_is_unknown(counts: list[int], target: int) -> None:
    assert flexible_target_ratio(counts, target) is None


def test_more_than_the_target_never_makes_up_for_another_week() -> None:
    assert flexible_target_ratio([7, 0], 2) == 0.5


def test_nothing_due_is_unknown_and_neither_none_nor_all() -> None:
    figures = measure([])

    assert figures == Adherence()
    assert figures.doses.taken_of_due is None


def test_extra_doses_never_raise_the_headline() -> None:
    rows = fortnight()
    without = [row for row in rows if row.at is not None]

    assert count_doses(rows).taken_of_due == count_doses(without).taken_of_due
    assert (count_doses(without).extra, count_doses(rows).extra) == (0, 1)


def test_a_week_and_a_week_are_a_fortnight() -> None:
    rows = fortnight()
    cut = FIRST + timedelta(days=7)
    one, other = (
        measure(row for row in rows if row.on < cut),
        measure(row for row in rows if row.on >= cut),
    )

    assert added_up([one, other]) == measure(rows)
