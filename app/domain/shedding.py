"""The ways of counting hairs that are shed, and what can be said of the counts.

Methods never share a line: each measures something else. A count is compared with the
person's own earlier counts by the same method; no "normal" is shown.

* `sixty_second`: hairs in a comb and on a towel after 60 seconds of combing (Wasko et al.
  2008), on three mornings in a row.
* `wash`: hairs caught on a wash day (a simplified refined wash test, Li et al. 2022).
* `picture`: a score of 1 to 6 beside drawings of bundles, for those who will not count.
* `daily`: every hair seen in a day. Noisy: it jumps on wash days.

The readings of one method within one ISO week are a *set*; its mean is what is compared.
The person's own range is taken from the sets before a change: the last twelve, at least
four. The first two weeks of counting are practice and are left out of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from math import ceil, floor, sqrt
from statistics import fmean, variance
from types import MappingProxyType
from typing import Literal

from app.domain.logical_dates import iso_week, week_start

MOST_HAIRS = 5_000
MOST_RUNS = 3
SCORES = (1, 2, 3, 4, 5, 6)
PRACTICE = timedelta(weeks=2)
FEWEST_SETS = 4
MOST_SETS = 12
FEWEST_REPEATS = 4
TWO_SIDED_95 = 1.96


class CountMethod(StrEnum):
    """How hairs were counted."""

    SIXTY_SECOND = "sixty_second"
    WASH = "wash"
    PICTURE = "picture"
    DAILY = "daily"

    @property
    def is_score(self) -> bool:
        """Whether a picture is chosen, and nothing is counted."""
        return self is CountMethod.PICTURE

    @property
    def is_standard(self) -> bool:
        """Whether readings are taken alike, so that their spread within a set is noise."""
        return self in {CountMethod.SIXTY_SECOND, CountMethod.WASH}


class HairLength(StrEnum):
    """How long the hair was when it was counted."""

    VERY_SHORT = "very_short"
    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class ChemicalTreatment(StrEnum):
    """What was done to the hair in the weeks before the count."""

    NONE = "none"
    DYED = "dyed"
    BLEACHED = "bleached"
    PERMED = "permed"
    STRAIGHTENED = "straightened"


# How many readings make a set, and how many days after its first the next one is due.
SET_SIZES: Mapping[CountMethod, int] = MappingProxyType(
    {
        CountMethod.SIXTY_SECOND: 3,
        CountMethod.WASH: 3,
        CountMethod.PICTURE: 1,
        CountMethod.DAILY: 1,
    }
)
DUE_EVERY: Mapping[CountMethod, timedelta] = MappingProxyType(
    {
        CountMethod.SIXTY_SECOND: timedelta(weeks=2),
        CountMethod.WASH: timedelta(weeks=4),
        CountMethod.PICTURE: timedelta(weeks=1),
        CountMethod.DAILY: timedelta(days=1),
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Reading:
    """One count, or the score of a picture; `run` tells the readings of a day apart."""

    on: date
    run: int
    value: int


@dataclass(frozen=True, slots=True)
class CountSet:
    """The readings of one method within one ISO week, in order; never empty."""

    readings: tuple[Reading, ...]

    @property
    def week(self) -> date:
        """The Monday of the week."""
        return week_start(self.first_on)

    @property
    def first_on(self) -> date:
        """The day of the first reading."""
        return self.readings[0].on

    @property
    def last_on(self) -> date:
        """The day of the last reading."""
        return self.readings[-1].on

    @property
    def values(self) -> list[int]:
        """What was counted, in order."""
        return [reading.value for reading in self.readings]

    @property
    def mean(self) -> float:
        """What sets are compared by."""
        return fmean(self.values)


@dataclass(frozen=True, slots=True)
class OwnRange:
    """The means of the sets before a day, in whole hairs: from `lowest` to `highest`."""

    lowest: int
    highest: int
    sets: int
    since: date
    before: date

    def place(self, mean: float) -> Literal["below", "within", "above"]:
        """Where a set's mean lies."""
        if mean < self.lowest:
            return "below"
        return "above" if mean > self.highest else "within"


@dataclass(frozen=True, slots=True)
class Noise:
    """How far repeated readings differ where nothing has changed.

    `sem` is the standard error of measurement, pooled over the sets; `of_one` the smallest
    change between two readings that is more than chance (95 %), `of_means` the same between
    two means of `readings` readings.
    """

    sem: float
    readings: float

    @property
    def of_one(self) -> float:
        """Smallest real change between two single readings."""
        return TWO_SIDED_95 * sqrt(2) * self.sem

    @property
    def of_means(self) -> float:
        """Smallest real change between the means of two sets."""
        return self.of_one / sqrt(self.readings)


def sets_of(readings: Iterable[Reading]) -> tuple[CountSet, ...]:
    """The sets of one method, oldest first; a week without a reading has none."""
    weeks = groupby(sorted(readings), key=lambda reading: iso_week(reading.on))
    return tuple(CountSet(tuple(of_week)) for _week, of_week in weeks)


def own_range(sets: Sequence[CountSet], before: date) -> OwnRange | None:
    """The person's own range from the sets that ended before a day; None for too few."""
    earlier = _beyond_practice(sets, before)[-MOST_SETS:]
    if len(earlier) < FEWEST_SETS:
        return None
    means = [each.mean for each in earlier]
    return OwnRange(floor(min(means)), ceil(max(means)), len(earlier), earlier[0].first_on, before)


def baseline_ends(sets: Sequence[CountSet], changes: Iterable[date]) -> date | None:
    """The day before which the sets are the baseline.

    It is the first change of the regimen that enough sets come before: later ones may have
    moved the counts already. Without such a change, the first day of the latest set.
    """
    if not sets:
        return None
    for change in sorted(changes):
        if change <= sets[-1].first_on and own_range(sets, change) is not None:
            return change
    return sets[-1].first_on


def noise_of(sets: Sequence[CountSet]) -> Noise | None:
    """How far readings of one set differ, pooled; None while too few are repeated.

    SEM = sqrt(sum of (k - 1) * s^2 / sum of (k - 1)) over sets of k readings.
    """
    repeated = [each.values for each in sets if len(each.readings) > 1]
    freedom = sum(len(values) - 1 for values in repeated)
    if freedom < FEWEST_REPEATS:
        return None
    pooled = sum((len(values) - 1) * variance(values) for values in repeated) / freedom
    return Noise(sqrt(pooled), fmean(len(values) for values in repeated))


def is_due(latest: CountSet | None, method: CountMethod, today: date) -> bool:
    """Whether something is to be counted today: the next of a begun set, or a new one."""
    if latest is None:
        return True
    if latest.last_on >= today:
        return False
    if latest.week == week_start(today):
        return len(latest.readings) < SET_SIZES[method] or method is CountMethod.DAILY
    return today >= latest.first_on + DUE_EVERY[method]


def _beyond_practice(sets: Sequence[CountSet], before: date) -> list[CountSet]:
    practised = sets[0].first_on + PRACTICE if sets else before
    return [each for each in sets if practised <= each.first_on and each.last_on < before]
