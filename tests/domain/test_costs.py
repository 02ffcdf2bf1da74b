"""What an item costs a month."""

from datetime import date, time
from typing import Any

import pytest

from app.domain.costs import Costs, Package, cost_a_month, sum_of
from app.domain.timing import DoseTime, Timing, TimingKind

START = date(2026, 9, 1)
PACKAGE = Package(price=24, amount=60)


def taken(amount: float, **rule: Any) -> Timing:
    values: dict[str, Any] = {"kind": TimingKind.DAILY, "starts_on": START, **rule}
    return Timing(times=(DoseTime(time(8), amount),), **values)


@pytest.mark.parametrize(
    ("timing", "cost"),
    [
        (taken(2), 2 * 30.44 / 60 * 24),
        (taken(7, kind=TimingKind.EVERY_DAYS, every_days=7), 30.44 / 60 * 24),
        (
            taken(0, kind=TimingKind.FLEXIBLE, usual_amount=7, per_week=2, per_week_most=4),
            3 * 30.44 / 60 * 24,
        ),
    ],
)
def test_a_month_costs_its_share_of_packages(timing: Timing, cost: float) -> None:
    assert cost_a_month(timing, PACKAGE) == pytest.approx(cost)


@pytest.mark.parametrize(
    ("timing", "package"),
    [
        (taken(2), Package(price=24)),
        (taken(2), Package(amount=60)),
        (taken(2), Package()),
        (None, PACKAGE),
        (taken(2, kind=TimingKind.AS_NEEDED, usual_amount=2), PACKAGE),
    ],
)
def test_what_is_not_known_stays_unknown(timing: Timing | None, package: Package) -> None:
    assert cost_a_month(timing, package) is None


def test_what_is_free_costs_nothing_and_is_known() -> None:
    assert cost_a_month(taken(2), Package(price=0, amount=60)) == 0


def test_the_sum_says_how_many_it_holds() -> None:
    assert sum_of([1.5, None, 0, 2]) == Costs(3.5, 3, 4)
    assert sum_of([]) == Costs(0, 0, 0)
