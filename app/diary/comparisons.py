"""Compare figures with earlier ones, and tell differences from chance.

A comparison leaves out the weeks in which the catalogue expects that an item has not settled. A
change counts as real if it exceeds the noise of the person's own counts, or if the confidence
interval for the difference of two shares excludes zero.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from app.diary.changes import days_of_change
from app.diary.diary import Diary
from app.diary.regimen import Item
from app.diary.series import count_sets
from app.domain.adherence import Doses
from app.domain.courses import left_out_weeks
from app.domain.figures import Tally
from app.domain.own_noise import Noise, is_share_changed
from app.domain.shedding import (
    FEWEST_SETS,
    CountMethod,
    CountSet,
    Days,
    OwnRange,
    baseline_ends,
    noise_of,
    own_range,
    smallest_real_change,
    usable_sets,
)

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Weeks, ends included, in which the catalogue expects that an item has not settled."""

    item: Item
    days: Days


@dataclass(frozen=True, slots=True)
class Difference:
    """How much a figure changed, and whether by more than chance."""

    amount: float
    is_real: bool


class Place(Enum):
    """The position of the latest set relative to the person's own range.

    `UNCERTAIN`: outside the range, and the noise of counts is unknown. `SAME`: outside the range by
    less than chance.
    """

    BELOW = auto()
    WITHIN = auto()
    ABOVE = auto()
    SAME = auto()
    UNCERTAIN = auto()


@dataclass(frozen=True, slots=True)
class CountComparison:
    """The sets of one method compared with the person's own range.

    `own` is None if too few sets are comparable; `has_enough_sets` says whether there would be
    enough without the left-out weeks. `left_out` has the items whose weeks exclude sets.
    """

    latest: CountSet
    own: OwnRange | None
    place: Place | None
    noise: Noise | None
    least: float | None
    has_enough_sets: bool
    left_out: tuple[Item, ...]


def left_out_of(diary: Diary) -> list[LeftOut]:
    """Return the left-out weeks of every item: after a start, a new dose or a long break."""
    return [
        LeftOut(item, days)
        for item in diary.regimen.items
        for treatment in item.catalogue_entries
        for days in left_out_weeks(treatment.course, item.plan)
    ]


def compare_counts(diary: Diary, method: CountMethod, sets: Sequence[CountSet]) -> CountComparison:
    """Compare the latest set with the person's own range. At least one set must exist."""
    left_out = left_out_of(diary)
    days = [each.days for each in left_out]
    ends = baseline_ends(sets, days_of_change(diary), days)
    own = own_range(sets, ends, days) if ends else None
    until = own.before if own else diary.today + DAY
    return CountComparison(
        latest=sets[-1],
        own=own,
        place=_place(method, own, sets) if own else None,
        noise=noise_of(sets),
        least=smallest_real_change(method, sets),
        has_enough_sets=len(usable_sets(sets, diary.today)) >= FEWEST_SETS,
        left_out=tuple(_items_left_out(left_out, sets, until)),
    )


def usable_before_and_since(diary: Diary, start: date) -> tuple[int, int]:
    """Count the sets of the main method before a day, and since the left-out weeks after it."""
    days = [each.days for each in left_out_of(diary)]
    found = [
        (len(usable_sets(sets, start, days)), _settled(sets, start, days))
        for sets in count_sets(diary).values()
    ]
    return max(found, default=(0, 0))


def compare_doses(now: Doses, before: Doses) -> Difference | None:
    """Compare shares of doses taken, in whole percent; None if there are too few before."""
    share, earlier = now.taken_of_due, before.taken_of_due
    if share is None or earlier is None or not _is_enough(before.due, now.due):
        return None
    is_real = is_share_changed(now.taken, now.due, before.taken, before.due)
    return Difference(round(100 * share) - round(100 * earlier), is_real)


def compare_means(
    method: CountMethod, sets: Sequence[CountSet], now: Tally, before: Tally | None
) -> Difference | None:
    """Compare means of counts, to a tenth; None with too few before, or with unknown noise."""
    if before is None or not _is_enough(before.n, now.n):
        return None
    least = smallest_real_change(method, sets, now.n, before.n)
    if least is None:
        return None
    is_real = abs(now.mean - before.mean) >= least
    return Difference(round(now.mean, 1) - round(before.mean, 1), is_real)


def compare_days(now: Tally, before: Tally | None) -> Difference | None:
    """Compare the number of days with a symptom; None if there are too few days before."""
    if before is None or not _is_enough(before.n, now.n):
        return None
    usual = before.above_zero / before.n * now.n
    is_real = is_share_changed(now.above_zero, now.n, before.above_zero, before.n)
    return Difference(round(now.above_zero - usual), is_real)


def _place(method: CountMethod, own: OwnRange, sets: Sequence[CountSet]) -> Place:
    mean = sets[-1].mean
    place = own.place(mean)
    if place == "within":
        return Place.WITHIN
    least = smallest_real_change(method, sets, len(sets[-1].readings))
    if least is None:
        return Place.UNCERTAIN
    if max(own.lowest - mean, mean - own.highest) < least:
        return Place.SAME
    return Place.BELOW if place == "below" else Place.ABOVE


def _items_left_out(
    left_out: Iterable[LeftOut], sets: Iterable[CountSet], until: date
) -> Iterable[Item]:
    """Return the items whose first weeks exclude sets before a day, each once."""
    earlier = [each for each in sets if each.last_on < until]
    touched = [each for each in left_out if any(found.touches([each.days]) for found in earlier)]
    return {each.item.name: each.item for each in touched}.values()


def _is_enough(n_before: int, n: int) -> bool:
    """Whether there are at least half as many values before as now; fewer invite chance."""
    return n_before > 0 and 2 * n_before >= n


def _settled(sets: Sequence[CountSet], start: date, left_out: Sequence[Days]) -> int:
    return sum(each.first_on >= start and not each.touches(left_out) for each in sets)
