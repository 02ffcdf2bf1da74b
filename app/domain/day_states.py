"""What a whole day looks like, as one shape."""

from collections.abc import Sequence
from typing import Literal

from app.domain.ledger import Row, Standing

DayState = Literal["all", "part", "none", "skipped", "off", "paused", "waiting"]


def day_state(rows: Sequence[Row]) -> DayState:
    """The shape of a day, from its part of the ledger: of one item, or of all together."""
    due = [row for row in rows if row.is_due]
    standings = {row.standing for row in rows}
    if not due:
        if Standing.WAITING in standings:
            return "waiting"
        if Standing.PAUSED in standings:
            return "paused"
        return "all" if Standing.EXTRA in standings else "off"
    taken = sum(row.is_taken for row in due)
    if taken == len(due):
        return "waiting" if Standing.WAITING in standings and not taken else "all"
    if taken:
        return "part"
    return "skipped" if all(row.standing is Standing.SKIPPED for row in due) else "none"
