"""The noise of a person's own figures: how far they differ while nothing has changed.

A smaller difference is chance: no page shows an arrow, or a word of change, for it. Readings of one
set, and answers of one week, are repeated measures of the same thing; shares of days are compared
by an interval.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance

FEWEST_REPEATS = 4
TWO_SIDED_95 = 1.96


@dataclass(frozen=True, slots=True)
class Noise:
    """How far repeated readings differ while nothing has changed.

    `sem` is the standard error of measurement, pooled over the sets; `readings` how many a set has
    on average. Changes are the smallest that are more than chance (95 %).
    """

    sem: float
    readings: float

    def between(self, n: float, n_before: float) -> float:
        """Smallest real change between the means of `n` and of `n_before` readings.

        More readings than a set has are no more certain: sets differ among themselves as well.
        """
        fewer, fewer_before = (min(count, self.readings) for count in (n, n_before))
        return TWO_SIDED_95 * self.sem * sqrt(1 / fewer + 1 / fewer_before)


def pooled_noise(groups: Iterable[Sequence[float]]) -> Noise | None:
    """Return the noise of repeated measures, by set or by week; None with too few of them.

    SEM = sqrt(sum of (k - 1) * s^2 / sum of (k - 1)) over groups of k readings.
    """
    repeated = [values for values in groups if len(values) > 1]
    freedom = sum(len(values) - 1 for values in repeated)
    if freedom < FEWEST_REPEATS:
        return None
    pooled = sum((len(values) - 1) * variance(values) for values in repeated) / freedom
    return Noise(sqrt(pooled), fmean(len(values) for values in repeated))


def wilson(x: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of `x` in `n`, from 0 to 1 (Wilson 1927).

    `n` must be above 0.
    """
    z = TWO_SIDED_95
    p = x / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def difference_of_shares(x: int, n: int, x_before: int, n_before: int) -> tuple[float, float]:
    """Return the 95 % interval of x/n - x_before/n_before (Newcombe's hybrid score, 1998)."""
    share, before = x / n, x_before / n_before
    low, high = wilson(x, n)
    low_before, high_before = wilson(x_before, n_before)
    difference = share - before
    return (
        difference - sqrt((share - low) ** 2 + (high_before - before) ** 2),
        difference + sqrt((high - share) ** 2 + (before - low_before) ** 2),
    )


def is_share_changed(x: int, n: int, x_before: int, n_before: int) -> bool:
    """Whether two shares differ by more than chance: their interval excludes zero."""
    low, high = difference_of_shares(x, n, x_before, n_before)
    return low > 0 or high < 0
