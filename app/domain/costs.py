"""Compute what an item costs a month, from the price and contents of a package.

A month is 30.44 days, a twelfth of a mean year. Days that differ are averaged over the rhythm.
Unknown costs are `None`: as-needed doses have no rhythm, and a price without an amount is useless.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.timing import Timing

DAYS_A_MONTH = 30.44


@dataclass(frozen=True, slots=True)
class Package:
    """The price of a package, and how much of the item is in it, in the unit of the dose."""

    price: float | None = None
    amount: float | None = None


@dataclass(frozen=True, slots=True)
class Costs:
    """The total of the items with a known cost."""

    a_month: float
    priced: int
    items: int


def cost_a_month(timing: Timing | None, package: Package) -> float | None:
    """Return the monthly cost of one item, in the currency of its price."""
    a_day = timing.average_a_day if timing is not None else None
    if a_day is None or package.price is None or not package.amount:
        return None
    return a_day * DAYS_A_MONTH / package.amount * package.price


def sum_of(costs: Iterable[float | None]) -> Costs:
    """Add up known costs, and count all items."""
    every = list(costs)
    known = [cost for cost in every if cost is not None]
    return Costs(sum(known), len(known), len(every))
