"""A day has a shape only once it is settled."""

from datetime import date, time
from uuid import UUID

import pytest

from app.domain.day_states import day_state, item_day_state
from app.domain.ledger import Row, Standing

ON = date(2026, 11, 23)
DUE = {Standing.TAKEN, Standing.MISSED, Standing.SKIPPED}


def rows(*standings: str) -> list[Row]:
    """A day with a dose of each standing; "not due" is a skip that nothing asked for."""
    found = []
    for each in standings:
        standing = Standing("skipped" if each == "not due" else each)
        is_due = each != "not due" and standing in DUE
        found.append(
            Row(UUID(int=1), ON, time(8), standing, is_due, "mg", 1, 180, None, False, None)
        )
    return found


@pytest.mark.parametrize(
    ("standings", "state"),
    [
        (("taken", "waiting"), "open"),
        (("taken", "taken", "waiting"), "open"),
        (("skipped", "waiting"), "open"),
        (("missed", "waiting"), "open"),
        (("waiting",), "open"),
        (("extra", "waiting"), "open"),
        (("taken", "taken"), "all"),
        (("taken", "extra"), "all"),
        (("taken", "paused"), "all"),
        (("taken", "before"), "all"),
        (("taken", "missed"), "part"),
        (("taken", "skipped"), "part"),
        (("missed", "skipped"), "none"),
        (("missed", "extra"), "none"),
        (("skipped",), "skipped"),
        (("extra",), "off"),
        (("extra", "before"), "off"),
        (("before",), "off"),
        (("not due",), "off"),
        (("paused",), "paused"),
        (("extra", "paused"), "paused"),
        ((), "off"),
    ],
)
def test_the_shape_of_a_day(standings: tuple[str, ...], state: str) -> None:
    assert day_state(rows(*standings)) == state


def test_an_items_own_days_show_a_dose_that_was_taken_as_needed() -> None:
    assert item_day_state(rows("extra")) == "needed"
    assert item_day_state(rows("extra", "taken")) == "all"
    assert item_day_state(rows("extra", "waiting")) == "open"
    assert item_day_state(rows()) == "off"


def test_half_a_dose_shows_on_the_items_own_day_and_the_day_still_counts_as_whole() -> None:
    full, other = rows("taken", "taken")
    half = full._replace(is_less=True)
    assert item_day_state([half, other]) == "less"
    assert item_day_state([half, *rows("missed")]) == "part"
    assert day_state([half, other]) == "all"
