"""Figures add up: days to weeks, weeks to spans, and every mean has its n."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.adherence import Doses
from app.domain.figures import Figures, added, tallied, together

FIRST = date(2026, 11, 2)
ITEM, OTHER = UUID(int=1), UUID(int=2)

numbers = st.lists(st.integers(0, 300), min_size=1, max_size=9)


def day(offset: int, **more: object) -> Figures:
    on = FIRST + timedelta(days=offset)
    return Figures(on, on, **more)  # type: ignore[arg-type]


@given(st.lists(numbers, min_size=1, max_size=10))
def test_the_mean_of_a_span_is_that_of_all_its_numbers(days: list[list[int]]) -> None:
    parts = [
        day(offset, tallies={"shed_daily": tallied(values)}) for offset, values in enumerate(days)
    ]
    whole = together(FIRST, FIRST, parts)
    every = [value for values in days for value in values]

    assert whole.n("shed_daily") == len(every)
    assert whole.mean("shed_daily") == sum(every) / len(every)
    tally = whole.tallies["shed_daily"]
    assert (tally.lowest, tally.highest) == (min(every), max(every))
    assert tally.above_zero == sum(value > 0 for value in every)


def test_what_was_not_asked_has_no_mean_and_is_not_zero() -> None:
    figures = together(FIRST, FIRST, [day(0), day(1, tallies={"headache": tallied([0])})])

    assert figures.mean("mood") is None
    assert figures.n("mood") == 0
    assert figures.mean("headache") == 0
    assert figures.n("headache") == 1


def test_doses_add_up_over_items_and_days() -> None:
    one, two = Doses(2, 1, 0, 1), Doses(1, 1, 0, 0, 1, 3)
    parts = [
        day(offset, doses=doses, by_item={ITEM: doses}) for offset, doses in enumerate((one, two))
    ]
    whole = together(FIRST, FIRST, parts)

    assert whole.by_item[ITEM] == Doses(3, 2, 0, 1, 1, 3)
    assert whole.doses == Doses(3, 2, 0, 1, 1, 3)
    assert whole.doses.taken_of_due == 2 / 3
    both = together(FIRST, FIRST, [day(0, by_item={ITEM: one, OTHER: two})])
    assert both.doses == added([one, two])


def test_nothing_due_is_not_a_share() -> None:
    assert day(0).doses == Doses()
    assert day(0).doses.taken_of_due is None


def test_the_shapes_of_the_days_stand_in_their_order() -> None:
    week = together(FIRST, FIRST, [day(0, states=("all",)), day(1, states=("none", "off"))])

    assert week.states == ("all", "none", "off")
