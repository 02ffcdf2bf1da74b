"""The ways of counting hairs that are shed, and what can be said of the counts.

Methods never share a line: each measures something else. A count is compared with the
person's own earlier counts by the same method; no "normal" is shown.

* `sixty_second`: hairs in a comb and on a towel after 60 seconds of combing (Wasko et al.
  2008), on three mornings in a row.
* `wash`: hairs caught on a wash day (a simplified refined wash test, Li et al. 2022).
* `picture`: a score of 1 to 6 beside drawings of bundles, for those who will not count.
* `daily`: every hair seen in a day. Noisy: it jumps on wash days.

Readings are compared by the means of their *sets*. Combed and washed, a set is mornings that
follow each other, at most two days apart, whatever the week; a set that lasts for a week is
followed by the next. Pictures and free counts come one by one, so theirs are ISO weeks.

The person's own range is taken from the sets before a change: the last twelve, at least
four. The first two weeks of counting are practice and are left out of it, and so are the
weeks in which the catalogue expects that what was started has not settled.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from math import ceil, floor
from statistics import fmean
from types import MappingProxyType
from typing import Literal

from app.domain.logical_dates import iso_week
from app.domain.own_noise import Noise, pooled_noise

MOST_HAIRS = 5_000
MOST_RUNS = 3
MOST_DAYS_UNWASHED = 60
SCORES = (1, 2, 3, 4, 5, 6)
PRACTICE = timedelta(weeks=2)
FEWEST_SETS = 4
MOST_SETS = 12
MOST_DAYS_APART = timedelta(days=2)
LONGEST_SET = timedelta(days=7)
# One step of the picture scale may be chance; two are not.
LEAST_STEPS = 2.0

Days = tuple[date, date]


class CountMethod(StrEnum):
    """A method of counting hairs."""

    SIXTY_SECOND = "sixty_second"
    WASH = "wash"
    PICTURE = "picture"
    DAILY = "daily"

    @property
    def is_score(self) -> bool:
        """Whether the answer is a picture instead of a count."""
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
    """A treatment of the hair in the weeks before the count."""

    NONE = "none"
    DYED = "dyed"
    BLEACHED = "bleached"
    PERMED = "permed"
    STRAIGHTENED = "straightened"


# How many days of counting make a set, and how long after its last the next one is due.
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
    """Readings of one method that belong together, in order; never empty."""

    readings: tuple[Reading, ...]

    @property
    def first_on(self) -> date:
        """The day of the first reading."""
        return self.readings[0].on

    @property
    def last_on(self) -> date:
        """The day of the last reading."""
        return self.readings[-1].on

    @property
    def middle(self) -> date:
        """The day in its middle, the earlier of two."""
        return self.first_on + (self.last_on - self.first_on) // 2

    @property
    def days(self) -> int:
        """The number of days with a reading."""
        return len({reading.on for reading in self.readings})

    def takes(self, on: date) -> bool:
        """Whether a later reading, of the day `on`, still belongs to it."""
        is_near = on - self.last_on <= MOST_DAYS_APART
        return is_near and on - self.first_on < LONGEST_SET

    def touches(self, periods: Iterable[Days]) -> bool:
        """Whether any of its days is in one of these periods, ends included."""
        return any(first <= self.last_on and self.first_on <= last for first, last in periods)

    @property
    def values(self) -> list[int]:
        """The counted values, in order."""
        return [reading.value for reading in self.readings]

    @property
    def mean(self) -> float:
        """The mean, by which sets are compared."""
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
        """Return where a set's mean is relative to the range."""
        if mean < self.lowest:
            return "below"
        return "above" if mean > self.highest else "within"


def sets_by(method: CountMethod, readings: Iterable[Reading]) -> tuple[CountSet, ...]:
    """Return the sets of one method, oldest first."""
    return sets_of(readings) if method.is_standard else weeks_of(readings)


def sets_of(readings: Iterable[Reading]) -> tuple[CountSet, ...]:
    """Group mornings at most two days apart into sets of at most a week."""
    sets: list[list[Reading]] = []
    for reading in sorted(readings):
        if sets and CountSet(tuple(sets[-1])).takes(reading.on):
            sets[-1].append(reading)
        else:
            sets.append([reading])
    return tuple(CountSet(tuple(each)) for each in sets)


def weeks_of(readings: Iterable[Reading]) -> tuple[CountSet, ...]:
    """Group readings by ISO week; a week without readings has no set."""
    weeks = groupby(sorted(readings), key=lambda reading: iso_week(reading.on))
    return tuple(CountSet(tuple(of_week)) for _week, of_week in weeks)


def set_around(method: CountMethod, readings: Iterable[Reading], on: date) -> list[Reading]:
    """Return the readings of the set that a reading of `on` belongs to, or would belong to.

    If `on` has no reading yet, the result leaves it out.
    """
    known = list(readings)
    thought = [] if any(each.on == on for each in known) else [Reading(on, 1, 0)]
    found = next(
        each for each in sets_by(method, known + thought) if each.first_on <= on <= each.last_on
    )
    return [each for each in found.readings if each not in thought]


def own_range(
    sets: Sequence[CountSet], before: date, left_out: Sequence[Days] = ()
) -> OwnRange | None:
    """Return the person's own range from the sets that ended before a day; None for too few.

    Leaves out practice sets and sets in one of the periods `left_out`.
    """
    earlier = usable_sets(sets, before, left_out)[-MOST_SETS:]
    if len(earlier) < FEWEST_SETS:
        return None
    means = [each.mean for each in earlier]
    return OwnRange(floor(min(means)), ceil(max(means)), len(earlier), earlier[0].first_on, before)


def usable_sets(
    sets: Sequence[CountSet], before: date, left_out: Sequence[Days] = ()
) -> list[CountSet]:
    """Return the sets that ended before a day and can be compared with."""
    practised = sets[0].first_on + PRACTICE if sets else before
    return [
        each
        for each in sets
        if practised <= each.first_on and each.last_on < before and not each.touches(left_out)
    ]


def baseline_ends(
    sets: Sequence[CountSet], changes: Iterable[date], left_out: Sequence[Days] = ()
) -> date | None:
    """The day before which the sets are the baseline.

    It is the first change of the regimen that enough sets come before: later ones may have
    moved the counts already. Without such a change, the first day of the latest set.
    """
    if not sets:
        return None
    for change in sorted(changes):
        if change <= sets[-1].first_on and own_range(sets, change, left_out) is not None:
            return change
    return sets[-1].first_on


def noise_of(sets: Sequence[CountSet]) -> Noise | None:
    """Return how far the readings of one set differ; None while too few are repeated."""
    return pooled_noise(each.values for each in sets)


def smallest_real_change(
    method: CountMethod, sets: Sequence[CountSet], *counts: int
) -> float | None:
    """Return the smallest difference between two means that is more than chance; None if unknown.

    `counts` are the readings behind the means; a missing one counts as a whole set's. In whole
    hairs, rounded up, at least one; for pictures in steps.
    """
    if method.is_score:
        return LEAST_STEPS
    noise = noise_of(sets)
    if noise is None:
        return None
    n, n_before = (*counts, noise.readings, noise.readings)[:2]
    return max(1, ceil(round(noise.between(n, n_before), 2)))


def is_due(latest: CountSet | None, method: CountMethod, today: date) -> bool:
    """Whether a count is due today: the next reading of a set, or a new set."""
    if latest is None:
        return True
    if latest.last_on >= today:
        return False
    if is_begun(latest, method, today):
        return True
    return today >= next_due(latest, method)


def is_begun(latest: CountSet, method: CountMethod, today: date) -> bool:
    """Whether the set is incomplete, and a reading of today would belong to it."""
    return method.is_standard and latest.takes(today) and latest.days < SET_SIZES[method]


def next_due(latest: CountSet, method: CountMethod) -> date:
    """The first day of the next set."""
    return latest.last_on + DUE_EVERY[method]
