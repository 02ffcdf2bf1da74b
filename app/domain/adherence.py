"""Measure how far the doses taken match the doses that were due.

Measures of the *implementation* phase of adherence (Vrijens et al. 2012), read from the
ledger. Neither PDC nor MPR: those describe supply in refill data, not doses taken.

* `taken_of_due`: (taken + backfilled) / due. The headline. A skip counts as not taken,
  because the body did not get the dose.
* `in_window` of `timed`: taken within a quarter of the dosing interval, of the doses taken with a
  known time.
* days are *resolved* once they are over and no slot of theirs waits.

A measure over nothing due is `None`: unknown, which is neither 0% nor 100%.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from app.domain.ledger import Row, Standing


class Doses(NamedTuple):
    """Counts of the ledger."""

    due: int = 0
    taken: int = 0
    skipped: int = 0
    missed: int = 0
    backfilled: int = 0
    extra: int = 0

    @property
    def taken_of_due(self) -> float | None:
        """Doses taken / doses due."""
        return ratio(self.taken, self.due)


NO_DOSES = Doses()


@dataclass(frozen=True, slots=True)
class Adherence:
    """Counts over one span of the ledger: doses, those with a time of their own, and days."""

    doses: Doses = NO_DOSES
    timed: int = 0
    in_window: int = 0
    days_resolved: int = 0
    days_with_all_doses: int = 0
    days_dosed_correctly: int = 0


def measure(rows: Iterable[Row], *, today: date | None = None) -> Adherence:
    """Count one span of the ledger.

    Days from `today` on are not over, and not counted as days; without it every day is over
    that has no open dose.
    """
    by_day: defaultdict[date, list[Row]] = defaultdict(list)
    for row in rows:
        by_day[row.on].append(row)
    all_rows = [row for day in by_day.values() for row in day]
    timed = [row for row in all_rows if row.is_due and row.minutes_off is not None]
    over = [day for on, day in by_day.items() if today is None or on < today]
    resolved = [day for day in over if _is_resolved(day)]
    complete = [day for day in resolved if all(row.is_taken for row in day if row.is_due)]
    return Adherence(
        count_doses(all_rows),
        timed=len(timed),
        in_window=sum(abs(row.minutes_off or 0) <= row.window_minutes for row in timed),
        days_resolved=len(resolved),
        days_with_all_doses=len(complete),
        days_dosed_correctly=sum(not _has_extra(day) for day in complete),
    )


def count_doses(rows: Iterable[Row]) -> Doses:
    """Count due doses, those taken, skipped, missed and backfilled, and extra doses."""
    due = taken = skipped = missed = backfilled = extra = 0
    for row in rows:
        standing = row.standing
        if not row.is_due:
            extra += standing is Standing.EXTRA
            continue
        due += 1
        if standing is Standing.TAKEN:
            taken += 1
            backfilled += row.is_backfilled
        elif standing is Standing.SKIPPED:
            skipped += 1
        else:
            missed += standing is Standing.MISSED
    return Doses(due, taken, skipped, missed, backfilled, extra)


def flexible_target_ratio(counts: Sequence[int], target: int) -> float | None:
    """Mean over whole weeks of min(done, target) / target, for "2 to 3 times a week".

    `target` is the lower end of the range.
    """
    if not counts or target < 1:
        return None
    return sum(min(count, target) / target for count in counts) / len(counts)


def ratio(part: int, whole: int) -> float | None:
    """`part / whole`, or `None` if there is no whole."""
    return part / whole if whole else None


def _is_resolved(day: Sequence[Row]) -> bool:
    return any(row.is_due for row in day) and all(
        row.standing is not Standing.WAITING for row in day
    )


def _has_extra(day: Sequence[Row]) -> bool:
    return any(row.standing is Standing.EXTRA for row in day)
