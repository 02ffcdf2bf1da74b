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
        """Whether the two ranges share a day."""
        return (self.last is None or other.first <= self.last) and (
            other.last is None or self.first <= other.last
        )


def is_within(day: date, first: date, last: date | None) -> bool:
    """Whether a range of days covers `day`.

    The ledger calls this for every slot, so no `DateRange` has to be made.
    """
    return first <= day and (last is None or day <= last)
