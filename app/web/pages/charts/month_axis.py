"""Lay out the days below a chart, with the names of the months."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from app.language import words
from app.web.pages.charts.geometry import Label

# In percent of the width: the position of the last day, and the margin that is too narrow for a
# name.
RIGHT = 97.0
ROOM_FOR_A_NAME = 6
SHORTEST = timedelta(weeks=4)
SEVERAL_YEARS = timedelta(days=600)
MOST_NAMES = 5
MOST_LINES = 4

Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True)
class MonthAxis:
    """The days from `first` to `last`; `left` is where `first` is, in percent of the width."""

    first: date
    last: date
    left: float

    def x(self, on: date) -> float:
        """Return the position of a day, in percent of the width."""
        share = (on - self.first).days / max(1, (self.last - self.first).days)
        return round(self.left + (RIGHT - self.left) * share, 2)

    def names(self) -> Iterator[Label]:
        """Label the first of each month, thinned out until the names fit."""
        firsts = list(self._firsts())
        for day in firsts[:: max(1, -(-len(firsts) // MOST_NAMES))]:
            if self.x(day) <= RIGHT - ROOM_FOR_A_NAME:
                yield Label(self.x(day), 0, self._name(day))

    def _firsts(self) -> Iterator[date]:
        day = self.first.replace(day=1)
        while day <= self.last:
            if day >= self.first:
                yield day
            day = (day + timedelta(days=32)).replace(day=1)

    def _name(self, day: date) -> str:
        """Name a month, with its year in a chart of several years."""
        name = words.short_month(day.month)
        return f"{name} {day:%y}" if self.last - self.first > SEVERAL_YEARS else name


def months_to_today(first: date, last: date, today: date, *, left: float) -> MonthAxis:
    """Make the axis from the first value to today, or to a later last one; at least `SHORTEST`."""
    return MonthAxis(min(first, today - SHORTEST), max(today, last), left)


def rounded_step(spread: float, steps: Sequence[Number]) -> Number:
    """Return the smallest of `steps` that covers a spread with at most `MOST_LINES` lines."""
    return next((step for step in steps if step * MOST_LINES >= spread), steps[-1])
