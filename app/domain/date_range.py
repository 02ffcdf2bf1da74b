"""A range of whole days."""

from datetime import date
from typing import NamedTuple


class DateRange(NamedTuple):
    """The days from `first` to `last`, both inclusive; without a `last` it has no end."""

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether `day` is one of its days."""
        return is_within(day, self.first, self.last)

    def overlaps(self, other: "DateRange") -> bool:
        """Whether the two have a day in common."""
        return (self.last is None or other.first <= self.last) and (
            other.last is None or self.first <= other.last
        )


def is_within(day: date, first: date, last: date | None) -> bool:
    """Whether a range of days covers `day`.

    The ledger asks this for every slot, and need not make a `DateRange` for it.
    """
    return first <= day and (last is None or day <= last)
