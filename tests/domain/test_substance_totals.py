"""What a day of all items adds up to, against the levels."""

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.domain.catalogue import CATALOGUE, SUBSTANCES, Comparison, WarnThreshold
from app.domain.labels import Content
from app.domain.ledger import PauseSpan, Plan, ScheduledDosage
from app.domain.substance_totals import (
    LabelledItem,
    SubstanceTotal,
    reached_by_product,
    substance_totals,
)
from app.domain.timing import DoseTime, Timing, TimingKind

ON = date(2026, 11, 23)
MORNING = time(8)
LABELS = {
    "threonate": Content("magnesium", 72),
    "magnesium": Content("magnesium", 1000),
    "zinc": Content("zinc", 1000),
    "vitamin D in IU": Content("vitamin_d", 0.025),
}
SUBSTANCE_THRESHOLDS = [each for held in SUBSTANCES.values() for each in held.warn_at]
PRODUCT_THRESHOLDS = [
    (treatment.id, threshold)
    for treatment in CATALOGUE.values()
    for threshold in treatment.warn_at
    if threshold.compares is Comparison.PRODUCT
]


def dosage(amount: float, unit: str = "mg", **rule: Any) -> ScheduledDosage:
    values = {"kind": TimingKind.DAILY, "starts_on": date(2026, 9, 1), **rule}
    timing = Timing(times=(DoseTime(MORNING, amount),), **values)
    return ScheduledDosage(uuid4(), unit, timing)


def taken(label: str, amount: float, **rule: Any) -> LabelledItem:
    return item(dosage(amount, **rule), LABELS[label])


def item(
    dose: ScheduledDosage, *label: Content, pauses: tuple[PauseSpan, ...] = ()
) -> LabelledItem:
    plan = Plan(uuid4(), dose.timing.starts_on, None, None, (dose,), pauses)
    return LabelledItem(plan.regimen_item_id, plan, label)


def total_of(slug: str, *items: LabelledItem, on: date = ON) -> SubstanceTotal:
    return next(
        total for total in substance_totals(items, on).substances if total.substance.slug == slug
    )


@pytest.mark.parametrize(("amount", "elemental"), [(2000, 144.0), (1500, 108.0)])
def test_magnesium_l_threonate_holds_what_its_label_says(amount: float, elemental: float) -> None:
    assert total_of("magnesium", taken("threonate", amount)).amount == elemental


@pytest.mark.parametrize(("units", "micrograms"), [(2000, 50.0), (4000, 100.0)])
def test_vitamin_d_counts_in_micrograms_whatever_it_is_taken_in(
    units: float, micrograms: float
) -> None:
    assert total_of("vitamin_d", taken("vitamin D in IU", units)).amount == micrograms


def test_a_tablet_of_a_fifth_iron_holds_a_fifth() -> None:
    assert total_of("iron", item(dosage(325), Content("iron", 200))).amount == 65.0


def test_items_of_one_substance_add_up_and_each_is_named() -> None:
    threonate, other = taken("threonate", 2000), taken("magnesium", 250)
    total = total_of("magnesium", threonate, other)

    assert total.amount == 394.0
    assert [(part.item_id, part.micrograms) for part in total.parts] == [
        (threonate.id, 144_000),
        (other.id, 250_000),
    ]
    assert [level.authority for level in total.levels_passed] == ["EFSA", "NASEM"]
    assert total.highest_reached is not None
    assert total.highest_reached.code == "magnesium-nasem"


def test_an_item_with_two_ingredients_counts_for_both() -> None:
    both = item(dosage(1, unit="tablet"), Content("zinc", 10_000), Content("iron", 14_000))

    assert total_of("zinc", both).amount == 10
    assert total_of("iron", both).amount == 14


def test_a_weekly_dose_is_a_seventh_a_day_and_says_so() -> None:
    weekly = taken("magnesium", 350, kind=TimingKind.EVERY_DAYS, every_days=7)
    total = total_of("magnesium", weekly, taken("threonate", 1000))

    assert total.amount == 122
    assert [part.is_averaged for part in total.parts] == [True, False]


@pytest.mark.parametrize(
    ("rule", "a_day"),
    [
        ({"kind": TimingKind.DAILY}, 70),
        ({"kind": TimingKind.EVERY_DAYS, "every_days": 2}, 35),
        ({"kind": TimingKind.CYCLE, "cycle_on": 5, "cycle_off": 2}, 50),
        ({"kind": TimingKind.DAYS_OF_MONTH, "days_of_month": (1,)}, 70 * 48 / 1461),
        ({"kind": TimingKind.FLEXIBLE, "usual_amount": 70, "per_week": 2, "per_week_most": 4}, 30),
        ({"kind": TimingKind.FLEXIBLE, "usual_amount": 70, "per_week": 3}, 30),
        ({"kind": TimingKind.AS_NEEDED, "usual_amount": 70}, None),
        ({"kind": TimingKind.FLEXIBLE}, None),
    ],
)
def test_a_rhythm_has_an_average_day_unless_it_is_none(
    rule: dict[str, Any], a_day: float | None
) -> None:
    assert dosage(70, **rule).timing.average_a_day == (
        None if a_day is None else pytest.approx(a_day)
    )


def test_weekdays_count_with_their_own_amounts() -> None:
    times = (DoseTime(MORNING, 7, "135"), DoseTime(MORNING, 14, "67"))
    timing = Timing(TimingKind.WEEKDAYS, ON, times=times)

    assert timing.average_a_day == 7


def test_what_is_taken_as_needed_is_named_and_not_counted() -> None:
    needed = taken("zinc", 25, kind=TimingKind.AS_NEEDED, usual_amount=25)
    totals = substance_totals([needed], ON)

    assert totals.substances == ()
    assert totals.as_needed == (needed.id,)


def test_what_is_on_hold_stopped_or_still_to_come_is_not_counted() -> None:
    held = item(dosage(25), LABELS["zinc"], pauses=(PauseSpan(ON, ON),))
    later = item(dosage(25, starts_on=ON + timedelta(days=1)), LABELS["zinc"])
    stopped = LabelledItem(
        uuid4(), Plan(uuid4(), date(2026, 1, 1), ON - timedelta(days=1), None, (dosage(25),)), ()
    )
    totals = substance_totals([held, later, stopped], ON)

    assert (totals.substances, totals.on_hold) == ((), (held.id,))
    assert total_of("zinc", held, on=ON + timedelta(days=1)).amount == 25


def test_an_item_without_a_label_is_named() -> None:
    bare = item(dosage(500))

    assert substance_totals([bare], ON).unlabelled == (bare.id,)


def amounts_round(threshold: WarnThreshold) -> list[tuple[float, bool]]:
    """Below, at and above the number, and whether the sentence is due."""
    step = threshold.amount / 1000
    return [
        (threshold.amount - step, False),
        (threshold.amount, threshold.operator == ">="),
        (threshold.amount + step, True),
    ]


@pytest.mark.parametrize("threshold", SUBSTANCE_THRESHOLDS, ids=lambda each: str(each.code))
def test_every_threshold_of_a_substance_fires_from_its_number_on_and_not_below(
    threshold: WarnThreshold,
) -> None:
    one = Content(threshold.substance, 1 if threshold.unit == "ug" else 1000)

    for amount, is_due in amounts_round(threshold):
        total = total_of(threshold.substance, item(dosage(amount), one))
        found = total.highest_reached
        assert (found is not None and found.amount >= threshold.amount) == is_due, amount


@pytest.mark.parametrize(
    ("treatment_id", "threshold"), PRODUCT_THRESHOLDS, ids=lambda each: getattr(each, "code", "")
)
def test_every_threshold_of_a_product_fires_from_its_number_on_and_not_below(
    treatment_id: str, threshold: WarnThreshold
) -> None:
    rule: dict[str, Any] = {}
    if threshold.per == "week":
        rule = {"kind": TimingKind.EVERY_DAYS, "every_days": 7}

    for amount, is_due in amounts_round(threshold):
        reached = reached_by_product(
            CATALOGUE[treatment_id], dosage(amount, unit=threshold.unit, **rule)
        )
        assert (threshold in reached) == is_due, amount


def test_grams_are_held_against_a_threshold_in_milligrams_and_capsules_are_not() -> None:
    finasteride = CATALOGUE["finasteride-oral"]

    assert reached_by_product(finasteride, dosage(0.005, unit="g"))
    assert reached_by_product(finasteride, dosage(5, unit="capsule")) == ()
    assert reached_by_product(finasteride, dosage(5, kind=TimingKind.AS_NEEDED)) == ()


def test_a_limit_that_is_met_exactly_by_many_small_doses_is_met_and_not_passed() -> None:
    timing = Timing(
        TimingKind.DAILY, ON, times=tuple(DoseTime(time(hour), 0.1) for hour in range(8, 18))
    )
    tenth = LabelledItem(
        UUID(int=1),
        Plan(UUID(int=1), ON, None, None, (ScheduledDosage(uuid4(), "g", timing),)),
        (Content("zinc", 25_000),),
    )

    assert total_of("zinc", tenth).amount == 25
    assert total_of("zinc", tenth).highest_reached is None
