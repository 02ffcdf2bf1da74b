"""Stock follows from packs and doses; the day on which it runs out, from the plan."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from app.domain.conversions import Measures
from app.domain.ledger import PauseSpan, Plan, ScheduledDosage
from app.domain.logical_dates import days_between, week_start
from app.domain.supply import (
    Answered,
    Ending,
    Movement,
    Need,
    Outlook,
    Stock,
    SupplyKind,
    Taken,
    counted_from,
    needs_between,
    packs_for,
    refill_day,
    run_out,
    stock_of,
    total_of,
    used_up,
)
from app.domain.timing import DoseTime, Timing, TimingKind
from tests.domain.test_ledger_properties import spans, timings

ITEM = UUID(int=1)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = date(2026, 3, 10)
CAPSULES = Measures("mg", piece_amount=500)
PACK, RECOUNT, LOST = SupplyKind.PACK, SupplyKind.RECOUNT, SupplyKind.LOST
GIVEN_AWAY = SupplyKind.GIVEN_AWAY


class TakenDose(NamedTuple):
    """A dose that was taken."""

    at: datetime
    amount: float | None
    unit: str


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def moved(kind: SupplyKind, hours: float, amount: float, unit: str = "capsule") -> Movement:
    return Movement(kind, at(hours), amount, unit)


def dose(hours: float, amount: float | None = 500, unit: str = "mg") -> TakenDose:
    return TakenDose(at(hours), amount, unit)


def stock(movements: Sequence[Movement], doses: Sequence[TakenDose]) -> Stock | None:
    since = counted_from(movements)
    taken = Taken()
    for each in doses:
        if since is not None and each.at > since:
            taken = taken.and_of(each.unit, each.amount or 0, each.amount is None)
    return stock_of(sorted(movements, key=lambda each: each.at), taken, CAPSULES)


def left(movements: Sequence[Movement], doses: Sequence[TakenDose] = ()) -> float:
    found = stock(movements, doses)
    assert found is not None
    assert found.is_known
    return found.amount


def test_a_pack_minus_the_doses_taken_since() -> None:
    assert left([moved(PACK, 0, 60)], [dose(-1), dose(1), dose(2, 250), dose(3, 1, "g")]) == 56.5


def test_a_count_begins_anew_and_later_packs_and_losses_change_it() -> None:
    movements = [
        moved(PACK, 0, 60),
        moved(LOST, 1, 5),
        moved(RECOUNT, 10, 40),
        moved(PACK, 20, 30),
        moved(LOST, 21, 2),
        moved(GIVEN_AWAY, 22, 3),
    ]
    assert left(movements, [dose(5), dose(9.9), dose(11)]) == 64


def test_nothing_counted_is_no_stock_and_a_count_of_nothing_is_zero() -> None:
    assert stock([], [dose(1)]) is None
    assert stock([moved(LOST, 0, 3)], []) is None
    assert left([moved(RECOUNT, 0, 0)]) == 0


def test_stock_is_in_the_unit_of_the_latest_pack_or_count() -> None:
    movements = [moved(PACK, 0, 60), moved(PACK, 5, 10_000, "mg")]
    assert stock(movements, []) == Stock(40_000, "mg")


def test_more_doses_than_the_packs_held_are_missing_and_nothing_is_left() -> None:
    found = stock([moved(PACK, 0, 1)], [dose(1), dose(2), dose(3)])
    assert found is not None
    assert (found.left, found.missing) == (0, 2)


@pytest.mark.parametrize(
    ("movement", "taken", "others", "unknown"),
    [
        (moved(PACK, 0, 60), dose(1, 2, "drop"), {"drop"}, 0),
        (moved(PACK, 0, 60), dose(1, None), set(), 1),
    ],
)
def test_doses_that_cannot_be_counted_leave_the_stock_unknown(
    movement: Movement, taken: TakenDose, others: set[str], unknown: int
) -> None:
    found = stock([movement], [taken])
    assert found is not None
    assert not found.is_known
    assert set(found.other_units) == others
    assert found.unknown == unknown
    assert stock([movement, moved(RECOUNT, 2, 50)], [taken]) == Stock(50, "capsule")


amounts = st.integers(1, 200)
hours = st.integers(-200, 200)
moves = st.builds(
    moved, st.sampled_from((PACK, LOST, GIVEN_AWAY)), hours, amounts, st.just("capsule")
)
counts = st.builds(moved, st.just(RECOUNT), hours, amounts)
halves = st.builds(dose, hours, st.integers(1, 6).map(lambda each: each * 250.0))
SIGNS = {PACK: 1, LOST: -1, GIVEN_AWAY: -1}


@given(st.lists(moves, min_size=1, max_size=8), st.lists(halves, max_size=20), st.randoms())
def test_stock_is_packs_minus_doses_in_any_order(
    movements: list[Movement], doses: list[TakenDose], random: object
) -> None:
    packs = [each.at for each in movements if each.kind is PACK]
    first = min(packs, default=None)
    shuffled = [*doses]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    if first is None:
        assert stock(movements, shuffled) is None
        return
    came = sum(SIGNS[each.kind] * each.amount for each in movements if each.at >= first)
    taken = sum((each.amount or 0) / 500 for each in doses if each.at > first)
    assert left(movements, shuffled) == pytest.approx(came - taken)


@given(counts, st.lists(moves, max_size=8), st.lists(halves, max_size=20))
def test_only_what_comes_after_the_last_count_changes_it(
    count: Movement, movements: list[Movement], doses: list[TakenDose]
) -> None:
    later = [each for each in movements if each.at > count.at]
    earlier = [each for each in movements if each.at < count.at]
    since = [each for each in doses if each.at > count.at]
    assert left([*earlier, count, *later], doses) == left([count, *later], since)


# The day on which it runs out


def plan_of(*dosages: Timing, unit: str = "mg", **more: object) -> Plan:
    scheduled = tuple(
        ScheduledDosage(UUID(int=10 + number), unit, timing)
        for number, timing in enumerate(dosages)
    )
    bounds = {"starts_on": TODAY, "ends_on": None, "slots_from": TODAY, **more}
    return Plan(ITEM, dosages=scheduled, **bounds)  # type: ignore[arg-type]


def timing(kind: TimingKind = TimingKind.DAILY, *amounts: float, **more: object) -> Timing:
    times = tuple(DoseTime(time(8 + n), amount) for n, amount in enumerate(amounts))
    return Timing(kind, **{"starts_on": TODAY, "times": times, **more})  # type: ignore[arg-type]


def days_of(plan: Plan, amount: float, unit: str = "mg", most: int = 400) -> int | None:
    """The days until an amount runs out, counted from today."""
    needs = needs_between(plan, TODAY, TODAY + timedelta(days=most))
    found = run_out(amount, unit, needs, CAPSULES).runs_out_on
    return None if found is None else (found - TODAY).days


def test_it_runs_out_on_the_first_day_that_it_does_not_cover() -> None:
    plan = plan_of(timing(TimingKind.DAILY, 500, 1000))
    assert days_of(plan, 54, "capsule") == 18
    assert days_of(plan, 53.5, "capsule") == 17
    assert days_of(plan, 0, "capsule") == 0


def test_a_taper_a_pause_and_a_cycle_move_the_day() -> None:
    down = [
        timing(TimingKind.DAILY, 1000, ends_on=TODAY + timedelta(days=3)),
        timing(TimingKind.DAILY, 500, starts_on=TODAY + timedelta(days=4)),
    ]
    assert days_of(plan_of(*down), 6000) == 8
    pause = PauseSpan(TODAY + timedelta(days=1), TODAY + timedelta(days=10))
    assert days_of(plan_of(timing(TimingKind.DAILY, 500), pauses=(pause,)), 1000) == 12
    cycle = timing(TimingKind.CYCLE, 500, cycle_on=5, cycle_off=2)
    assert days_of(plan_of(cycle), 3500) == 9


def test_a_plan_that_ends_or_waits_does_not_run_out() -> None:
    ends = plan_of(timing(TimingKind.DAILY, 500), ends_on=TODAY + timedelta(days=9))
    needs = list(needs_between(ends, TODAY, date(2028, 1, 1)))
    assert run_out(5000, "mg", needs, CAPSULES) == Outlook(Ending.LASTS)
    assert run_out(4500, "mg", needs, CAPSULES).runs_out_on == TODAY + timedelta(days=9)
    paused = plan_of(timing(TimingKind.DAILY, 500), pauses=(PauseSpan(TODAY, None),))
    none = needs_between(paused, TODAY, date(2028, 1, 1))
    assert run_out(0, "mg", none, CAPSULES) == Outlook(Ending.NOTHING_PLANNED)


def test_what_nothing_limits_or_no_label_converts_has_no_day() -> None:
    free = plan_of(timing(TimingKind.AS_NEEDED, usual_amount=500))
    needs = list(needs_between(free, TODAY, date(2028, 1, 1)))
    assert run_out(9, "capsule", needs, CAPSULES) == Outlook(Ending.NO_LIMIT)
    assert total_of(needs, "capsule", CAPSULES) is None
    drops = plan_of(timing(TimingKind.DAILY, 3), unit="drop")
    needs = list(needs_between(drops, TODAY, date(2028, 1, 1)))
    assert run_out(9, "capsule", needs, CAPSULES) == Outlook(Ending.OTHER_UNIT)
    assert total_of(needs, "capsule", CAPSULES) is None


def test_flexible_and_as_needed_doses_count_by_their_upper_limit() -> None:
    # TODAY is a Tuesday.
    flexible = plan_of(
        timing(TimingKind.FLEXIBLE, usual_amount=1, per_week=2, per_week_most=3), unit="wash"
    )
    first = [TODAY + timedelta(days=each) for each in (0, 1, 2, 6, 7, 8)]
    needs = [each for each in needs_between(flexible, TODAY, first[-1]) if each.amount]
    assert needs == [Need(on, 1, "wash") for on in first]
    answered = Answered(free_today=1, free_in_week=2)
    needs = [each for each in needs_between(flexible, TODAY, first[-1], answered) if each.amount]
    assert [each.on for each in needs] == [first[1], *first[3:]]
    needed = plan_of(timing(TimingKind.AS_NEEDED, usual_amount=500, daily_maximum=3))
    assert days_of(needed, 4500) == 3
    by_gap = plan_of(timing(TimingKind.AS_NEEDED, usual_amount=500, gap_hours=7))
    assert days_of(by_gap, 4000) == 2


def test_a_day_that_needs_nothing_is_not_the_day_on_which_it_runs_out() -> None:
    needs = [Need(TODAY, 0, "mg"), Need(TODAY + timedelta(days=2), 500, "mg")]
    expected = Outlook(Ending.RUNS_OUT, TODAY + timedelta(days=2))
    assert run_out(-3, "capsule", needs, CAPSULES) == expected


def test_of_today_only_open_doses_are_needed() -> None:
    plan = plan_of(timing(TimingKind.DAILY, 500, 1000))
    answered = Answered(open_today=((1000, "mg"),))
    needs = needs_between(plan, TODAY, TODAY + timedelta(days=1), answered)
    assert [each.amount for each in needs] == [1000, 500, 1000]


@st.composite
def changing_plans(draw: DrawFn) -> Plan:
    """Tapers, gaps, cycles, pauses and doses without set times, in any combination."""
    dosages = []
    for number, span in enumerate(draw(spans(4))):
        made = draw(timings(*span))
        flexible = replace(
            made,
            per_week=draw(st.integers(1, 9)),
            per_week_most=draw(st.integers(0, 16)),
            daily_maximum=draw(st.integers(1, 4)),
        )
        dosages.append(ScheduledDosage(UUID(int=number + 1), "mg", flexible))
    days = st.dates(TODAY, date(2026, 4, 20))
    return Plan(
        ITEM,
        starts_on=draw(days),
        ends_on=draw(st.none() | days),
        slots_from=draw(st.none() | days),
        dosages=tuple(dosages),
        pauses=tuple(PauseSpan(*span) for span in draw(spans(3))),
    )


def simulated(plan: Plan, amount: float, last: date) -> date | None:
    """Take everything that the plan allows, day by day, until a day cannot be covered."""
    used: Counter[date] = Counter()
    for on in days_between(TODAY, last):
        wanted = sum(slot.amount for slot in plan.slots(on, on))
        dosage = plan.dosage_on(on)
        if dosage and plan.is_current(on) and not dosage.timing.kind.has_slots:
            many = dosage.timing.daily_maximum or 0
            if dosage.timing.kind is TimingKind.FLEXIBLE:
                most = max(dosage.timing.per_week, dosage.timing.per_week_most)
                many = min(ceil(most / 7), max(0, most - used[week_start(on)]))
            if not plan.is_paused(on):
                used[week_start(on)] += many
            wanted = many * (dosage.timing.usual_amount or 0)
        if not plan.is_paused(on):
            amount -= wanted
        if amount < -1e-6:
            return on
    return None


@given(changing_plans(), st.floats(0, 20_000))
def test_the_day_is_that_of_a_simulation_day_by_day(plan: Plan, amount: float) -> None:
    last = date(2026, 5, 31)
    needs = list(needs_between(plan, TODAY, last))
    assert run_out(amount, "mg", needs, CAPSULES).runs_out_on == simulated(plan, amount, last)
    total = total_of(needs, "mg", CAPSULES)
    assert total is not None
    assert run_out(total, "mg", needs, CAPSULES).runs_out_on is None


@given(changing_plans(), st.floats(0, 20_000), st.floats(0, 20_000))
def test_more_lasts_no_shorter(plan: Plan, amount: float, more: float) -> None:
    needs = list(needs_between(plan, TODAY, date(2026, 5, 31)))
    first = run_out(amount, "mg", needs, CAPSULES).runs_out_on
    second = run_out(amount + more, "mg", needs, CAPSULES).runs_out_on
    assert second is None or (first is not None and first <= second)


# Packs


def test_whole_packs_cover_what_is_missing() -> None:
    assert [packs_for(each, 60) for each in (0, 0.5, 60, 60.000000001, 61)] == [0, 1, 1, 1, 2]


def test_what_is_left_is_in_the_newest_packs() -> None:
    assert used_up([60, 120, 30], 54) == [True, False, False]
    assert used_up([60, 120], 0) == [True, True]
    assert used_up([60, 120], 500) == [False, False]


def test_the_refill_is_due_some_days_before() -> None:
    assert refill_day(date(2026, 12, 15), 14) == date(2026, 12, 1)
