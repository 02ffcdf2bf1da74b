"""Smooth a series for the eye: for display only, never tested and never extrapolated.

Both lines look only back, so a new value never changes what was drawn before. A day
without a value is missing: it is never zero, and adds nothing to a mean.
"""

from collections.abc import Sequence
from datetime import date, timedelta

DAYS_OF_TRAILING_MEAN = 7
FEWEST_OF_TRAILING_MEAN = 4
HALF_LIFE = timedelta(days=7)

Values = Sequence[tuple[date, float]]


def trailing_mean(values: Values, on: date) -> float | None:
    """Return the mean of the seven days that end `on`; `None` with fewer than four values."""
    earliest = on - timedelta(days=DAYS_OF_TRAILING_MEAN - 1)
    near = [value for day, value in values if earliest <= day <= on]
    return sum(near) / len(near) if len(near) >= FEWEST_OF_TRAILING_MEAN else None


def ewma(values: Values, half_life: timedelta = HALF_LIFE) -> list[float]:
    """Return the exponentially weighted mean at each of the values, which are in order of day.

    z(t) = sum of y(i) w(i) / sum of w(i), with w(i) = 2^(-(t - t(i)) / half_life) over all values
    up to t (Roberts, Technometrics 1959;1:239-250; pandas' `ewm(halflife, times)`).
    """
    smoothed: list[float] = []
    total = weight = 0.0
    before: date | None = None
    for day, value in values:
        fade = 1.0 if before is None else 2 ** -((day - before) / half_life)
        total, weight, before = total * fade + value, weight * fade + 1, day
        smoothed.append(total / weight)
    return smoothed


def stretches(values: Values, longest_gap: timedelta) -> list[tuple[int, int]]:
    """Return where a line is drawn: index ranges without a gap longer than `longest_gap`."""
    if not values:
        return []
    breaks = [
        index
        for index in range(1, len(values))
        if values[index][0] - values[index - 1][0] > longest_gap
    ]
    return list(zip([0, *breaks], [*breaks, len(values)], strict=True))


def dense_stretches(values: Values) -> list[tuple[int, int]]:
    """Return where daily answers suffice for a line: four in the seven days that end with each."""
    ranges: list[tuple[int, int]] = []
    for index, (on, _value) in enumerate(values):
        near = values[max(0, index - DAYS_OF_TRAILING_MEAN + 1) : index + 1]
        if trailing_mean(near, on) is None:
            continue
        if ranges and ranges[-1][1] == index:
            ranges[-1] = (ranges[-1][0], index + 1)
        else:
            ranges.append((index, index + 1))
    return ranges
