"""The state of a day, as one shape."""

from collections.abc import Sequence
from typing import Literal

from app.domain.ledger import Row, Standing

# "open": a dose can still be taken, so nothing is settled. "needed": no dose was due and one was
# taken as needed. "less": every dose was taken, at least one of them smaller than planned. "needed"
# and "less" exist only for the days of a single item.
DayState = Literal["all", "less", "part", "none", "skipped", "off", "paused", "open", "needed"]

# The states of days with due doses and none open.
SETTLED: frozenset[DayState] = frozenset({"all", "part", "none", "skipped"})


def day_state(rows: Sequence[Row]) -> DayState:
    """Return the state of a day, from its part of the ledger: of one item, or of all together."""
    standings = {row.standing for row in rows}
    if Standing.WAITING in standings:
        return "open"
    due = [row for row in rows if row.is_due]
    if not due:
        return "paused" if Standing.PAUSED in standings else "off"
    taken = sum(row.is_taken for row in due)
    if taken == len(due):
        return "all"
    if taken:
        return "part"
    return "skipped" if all(row.standing is Standing.SKIPPED for row in due) else "none"


def item_day_state(rows: Sequence[Row]) -> DayState:
    """Return the state of one item's day, with doses without a slot and partial doses."""
    state = day_state(rows)
    if state == "all" and any(row.is_less for row in rows):
        return "less"
    is_needed = state == "off" and any(row.standing is Standing.EXTRA for row in rows)
    return "needed" if is_needed else state
