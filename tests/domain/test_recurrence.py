from datetime import date, time, timedelta
from itertools import pairwise
from uuid import UUID

from app.domain.recurrence import InferredDosage, infer_dosages
from app.domain.timing import DoseTime, Slot, TimingKind

ITEM = UUID(int=1)
MONDAY = date(2026, 9, 7)
MORNING, EVENING = time(8), time(21)


def slot(day: int, at: time = MORNING, amount: float = 1) -> Slot:
    return Slot(ITEM, MONDAY + timedelta(days=day), at, amount, "tablet", 360)


def only(slots: list[Slot]) -> InferredDosage:
    (dosage,) = infer_dosages(slots)
    return dosage


def test_nothing_repeats_in_nothing() -> None:
    assert infer_dosages([]) == []


def test_a_slot_on_every_day_is_daily() -> None:
    timing = only([slot(day) for day in range(10)]).timing

    assert timing.kind is TimingKind.DAILY
    assert timing.times == (DoseTime(MORNING, 1),)
    assert (timing.starts_on, timing.ends_on) == (MONDAY, MONDAY + timedelta(days=9))


def test_two_times_a_day_keep_their_own_amounts() -> None:
    slots = [slot(day, at, amount) for day in range(9) for at, amount in
             ((MORNING, 1), (EVENING, 2))]  # fmt: skip

    assert only(slots).timing.times == (DoseTime(MORNING, 1), DoseTime(EVENING, 2))


def test_an_amount_that_changes_for_good_begins_a_new_dosage() -> None:
    slots = [slot(day, amount=1 if day < 10 else 2) for day in range(20)]

    first, second = infer_dosages(slots)

    assert first.timing.ends_on == MONDAY + timedelta(days=9)
    assert second.timing.starts_on == MONDAY + timedelta(days=10)
    assert second.timing.times == (DoseTime(MORNING, 2),)


def test_one_odd_day_changes_nothing() -> None:
    slots = [slot(day, amount=3 if day == 5 else 1) for day in range(20)]

    assert only(slots).timing.times == (DoseTime(MORNING, 1),)


def test_a_day_without_a_slot_leaves_it_daily() -> None:
    timing = only([slot(day) for day in range(30) if day != 12]).timing

    assert timing.kind is TimingKind.DAILY


def test_some_weekdays_are_weekdays() -> None:
    timing = only([slot(week * 7 + day) for week in range(4) for day in (0, 3)]).timing

    assert timing.kind is TimingKind.WEEKDAYS
    assert timing.times == (DoseTime(MORNING, 1, "14"),)


def test_a_time_may_differ_by_weekday() -> None:
    slots = [each for week in range(4) for each in
             (slot(week * 7), slot(week * 7 + 3, EVENING, 2))]  # fmt: skip

    assert only(slots).timing.times == (DoseTime(MORNING, 1, "1"), DoseTime(EVENING, 2, "4"))


def test_weekdays_that_change_for_good_begin_a_new_dosage() -> None:
    twice = [slot(week * 7 + day) for week in range(3) for day in (0, 3)]
    once = [slot(week * 7) for week in range(3, 6)]

    first, second = infer_dosages(twice + once)

    assert first.timing.times == (DoseTime(MORNING, 1, "14"),)
    assert second.timing.times == (DoseTime(MORNING, 1, "1"),)
    assert second.timing.starts_on == MONDAY + timedelta(days=21)


def test_equal_gaps_are_every_so_many_days() -> None:
    timing = only([slot(day) for day in range(0, 30, 3)]).timing

    assert (timing.kind, timing.every_days) == (TimingKind.EVERY_DAYS, 3)


def test_what_follows_no_rule_is_flexible() -> None:
    timing = only([slot(day) for day in (0, 3, 8, 12, 14, 20, 27, 30, 38)]).timing

    assert timing.kind is TimingKind.FLEXIBLE
    assert (timing.per_week, timing.per_week_most, timing.usual_amount) == (1, 2, 1)


def test_one_slot_alone_is_not_a_rule() -> None:
    assert only([slot(0)]).timing.kind is TimingKind.FLEXIBLE


def test_a_long_gap_is_not_a_dosage() -> None:
    dosages = infer_dosages([slot(day) for day in [*range(21), *range(60, 80)]])

    assert [each.timing.kind for each in dosages] == [TimingKind.DAILY, TimingKind.DAILY]
    assert dosages[1].timing.starts_on == MONDAY + timedelta(days=60)


def test_dosages_never_overlap() -> None:
    days = [0, 1, 2, 3, 9, 10, 16, 17, 30, 31, 32, 33, 34, 50, 57, 64, 71]
    spans = [
        (each.timing.starts_on, each.timing.ends_on)
        for each in infer_dosages([slot(day, amount=day % 4 // 2 + 1) for day in days])
    ]

    assert all(
        ends is not None and starts <= ends and ends < following
        for (starts, ends), (following, _) in pairwise(spans)
    )


def test_once_in_four_weeks_is_every_28_days() -> None:
    timing = only([slot(day) for day in range(0, 200, 28)]).timing

    assert (timing.kind, timing.every_days) == (TimingKind.EVERY_DAYS, 28)
