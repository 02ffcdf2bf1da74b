"""The figures of a span of days: doses, answers and counts, stored as sums.

Days add up to weeks and weeks to spans, so a page, its tables, its sentences and the CSV files read
the same numbers. Means are computed from sums: n is known for each mean, and a mean over nothing is
`None`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from app.domain.adherence import NO_DOSES, Doses, count_doses
from app.domain.day_states import DayState
from app.domain.ledger import Row
from app.domain.memo import memo


class Tally(NamedTuple):
    """Numbers of one kind: how many, their sum and range, and how many are above zero."""

    n: int
    total: float
    lowest: float
    highest: float
    above_zero: int

    @property
    def mean(self) -> float:
        """The mean of the numbers; at least one must exist."""
        return self.total / self.n


@dataclass(frozen=True)
class Figures:
    """The figures of the days `first` to `last`.

    `doses` are those of every item together, `states` the states of the days. `tallies` are keyed
    by the measure: a scale ("mood"), a symptom ("headache"), a counting method ("shed_wash"). A
    measure that was not asked has no key.
    """

    first: date
    last: date
    doses: Doses = NO_DOSES
    by_item: Mapping[UUID, Doses] = field(default_factory=dict)
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    states: tuple[DayState, ...] = ()

    @memo
    def answers(self) -> "Figures":
        """The same without doses: what is drawn of answers alone stays the same after a dose."""
        return Figures(self.first, self.last, tallies=self.tallies)

    @memo
    def year(self) -> int:
        """The ISO year of the first day."""
        return self.first.isocalendar().year

    def mean(self, key: str) -> float | None:
        """Return the mean of one measure, if there is any value."""
        tally = self.tallies.get(key)
        return tally.mean if tally else None

    def n(self, key: str) -> int:
        """Return the number of values behind the mean."""
        tally = self.tallies.get(key)
        return tally.n if tally else 0


def doses_by_item(rows: Iterable[Row]) -> dict[UUID, Doses]:
    """The counts of each item in one part of the ledger."""
    by_item: dict[UUID, list[Row]] = {}
    for row in rows:
        by_item.setdefault(row.regimen_item_id, []).append(row)
    counted = {item_id: count_doses(rows) for item_id, rows in by_item.items()}
    return {item_id: doses for item_id, doses in counted.items() if doses.due or doses.extra}


def tallied(values: Iterable[float]) -> Tally:
    """Tally numbers; at least one must exist."""
    numbers = list(values)
    above = sum(number > 0 for number in numbers)
    return Tally(len(numbers), sum(numbers), min(numbers), max(numbers), above)


def added(parts: Iterable[Doses]) -> Doses:
    """Counts of parts that share no dose, together."""
    counts = list(parts)
    return Doses(*map(sum, zip(*counts, strict=True))) if counts else NO_DOSES


def together(first: date, last: date, parts: Iterable[Figures]) -> Figures:
    """Add up a span's figures from those of its days or weeks, in order."""
    states: list[DayState] = []
    counts: defaultdict[UUID, list[Doses]] = defaultdict(list)
    tallies: defaultdict[str, list[Tally]] = defaultdict(list)
    for part in parts:
        states.extend(part.states)
        for item_id, counted in part.by_item.items():
            counts[item_id].append(counted)
        for key, tally in part.tallies.items():
            tallies[key].append(tally)
    by_item = {item_id: added(counted) for item_id, counted in counts.items()}
    return Figures(
        first,
        last,
        added(by_item.values()),
        by_item,
        {key: _merged(found) for key, found in tallies.items()},
        tuple(states),
    )


def _merged(tallies: list[Tally]) -> Tally:
    n, total, lowest, highest, above_zero = zip(*tallies, strict=True)
    return Tally(sum(n), sum(total), min(lowest), max(highest), sum(above_zero))
