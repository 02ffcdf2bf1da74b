"""Find the pattern in a list of past slots, for a history that came without its rules.

Four steps, each as plain as it can be, so that the same slots always give the same answer:

0. A gap of more than two weeks, and of three times the usual gap, parts what is looked at.
1. A day's times and amounts *change for good* where the new ones last for three days with
   slots in a row; a single odd day belongs to what surrounds it.
2. Within such a span the weekdays change for good where the new ones last for two weeks
   (of seven days, counted from the span's first slot).
3. A weekday is *regular* where more than 60 % of its days have slots. Every weekday regular
   is daily; some, with few slots on other days, are weekdays; equal gaps of N days are every
   N days; all else is flexible: so many times a week, never due.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby, pairwise
from math import ceil, floor
from statistics import median

from app.domain.logical_dates import days_between
from app.domain.timing import EVERY_WEEKDAY, DoseTime, Slot, Timing, TimingKind, day_before

DAYS_THAT_LAST = 3
WEEKS_THAT_LAST = 2
FEWEST_DAYS = 3
FEWEST_GAPS = 3
REGULAR_FROM = 0.6
STRAY_AT_MOST = 0.2
WEEK = 7

Pattern = tuple[tuple[time, float, str], ...]
Days = Mapping[date, Pattern]


@dataclass(frozen=True, slots=True)
class InferredDosage:
    """A unit and a timing that explain a span of past slots; the timing ends with them."""

    unit: str
    timing: Timing


def infer_dosages(slots: Sequence[Slot]) -> list[InferredDosage]:
    """Return the dosages behind one item's slots, oldest first, never overlapping."""
    by_day: defaultdict[date, list[tuple[time, float, str]]] = defaultdict(list)
    for slot in slots:
        by_day[slot.on].append((slot.at, slot.amount, slot.unit))
    return [
        _dosage(_within(days, first, last), first, last)
        for days in _stretches({on: tuple(sorted(by_day[on])) for on in sorted(by_day)})
        for span_first, span_last in _spans_of_equal_days(days)
        for first, last in _spans_of_equal_weeks(days, span_first, span_last)
        if _within(days, first, last)
    ]


def _stretches(days: Days) -> Iterator[Days]:
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    longest = max(2 * WEEK, 3 * median(gaps)) if gaps else 0
    stretch: dict[date, Pattern] = {}
    for on, pattern in days.items():
        if stretch and (on - next(reversed(stretch))).days > longest:
            yield stretch
            stretch = {}
        stretch[on] = pattern
    if stretch:
        yield stretch


def _spans_of_equal_days(days: Days) -> Iterator[tuple[date, date]]:
    ordered = list(days)
    starts = [ordered[index] for index in _changes(list(days.values()), DAYS_THAT_LAST)]
    yield from zip(starts, [*map(day_before, starts[1:]), ordered[-1]], strict=True)


def _spans_of_equal_weeks(days: Days, first: date, last: date) -> Iterator[tuple[date, date]]:
    weeks: list[frozenset[int]] = []
    start = first
    while start <= last:
        covered = list(days_between(start, min(start + timedelta(days=WEEK - 1), last)))
        found = frozenset(day.isoweekday() for day in covered if day in days)
        if weeks and len(covered) < WEEK:
            looked_at = {day.isoweekday() for day in covered}
            found = weeks[-1] if weeks[-1] & looked_at == found else found
        weeks.append(found)
        start += timedelta(days=WEEK)
    starts = [first + timedelta(days=WEEK * index) for index in _changes(weeks, WEEKS_THAT_LAST)]
    yield from zip(starts, [*map(day_before, starts[1:]), last], strict=True)


def _changes(values: Sequence[Hashable], shortest: int) -> list[int]:
    """Return where a lasting value begins; slots before the first such value belong to it."""
    starts = [0]
    standing: Hashable = None
    index = 0
    for value, group in groupby(values):
        length = len(list(group))
        if length >= shortest:
            if standing is not None and value != standing:
                starts.append(index)
            standing = value
        index += length
    return starts


def _dosage(days: Days, first: date, last: date) -> InferredDosage:
    """Return the pattern of one span; it starts on the span's first slot."""
    first = next(iter(days))
    unit = Counter(unit for pattern in days.values() for _at, _amount, unit in pattern)
    timing = _every_days(days, first, last) or _weekly(days, first, last)
    return InferredDosage(unit.most_common(1)[0][0], timing)


def _every_days(days: Days, first: date, last: date) -> Timing | None:
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    if len(gaps) < FEWEST_GAPS or len(set(gaps)) > 1 or gaps[0] in {1, WEEK}:
        return None
    times = tuple(DoseTime(at, amount) for at, amount, _unit in _usual_pattern(days.values()))
    return Timing(TimingKind.EVERY_DAYS, first, last, times, every_days=gaps[0])


def _weekly(days: Days, first: date, last: date) -> Timing:
    possible = Counter(day.isoweekday() for day in days_between(first, last))
    found = Counter(day.isoweekday() for day in days)
    regular = {weekday for weekday in found if found[weekday] > REGULAR_FROM * possible[weekday]}
    stray = sum(count for weekday, count in found.items() if weekday not in regular)
    if len(days) < FEWEST_DAYS or stray > STRAY_AT_MOST * len(days):
        return _flexible(days, first, last)
    weekdays_of: defaultdict[tuple[time, float], set[int]] = defaultdict(set)
    for weekday in sorted(regular):
        on_it = [pattern for day, pattern in days.items() if day.isoweekday() == weekday]
        for at, amount, _unit in _usual_pattern(on_it):
            weekdays_of[(at, amount)].add(weekday)
    times = tuple(
        DoseTime(at, amount, _digits(weekdays, set(possible)))
        for (at, amount), weekdays in sorted(weekdays_of.items())
    )
    is_daily = all(each.days_of_week == EVERY_WEEKDAY for each in times)
    return Timing(TimingKind.DAILY if is_daily else TimingKind.WEEKDAYS, first, last, times)


def _flexible(days: Days, first: date, last: date) -> Timing:
    amounts = [amount for pattern in days.values() for _at, amount, _unit in pattern]
    weeks = max(1, ((last - first).days + 1) / WEEK)
    per_week = len(amounts) / weeks
    least = max(1, floor(per_week))
    return Timing(
        TimingKind.FLEXIBLE,
        first,
        last,
        usual_amount=Counter(amounts).most_common(1)[0][0],
        per_week=least,
        per_week_most=ceil(per_week) if ceil(per_week) > least else 0,
    )


def _usual_pattern(patterns: Iterable[Pattern]) -> Pattern:
    return Counter(patterns).most_common(1)[0][0]


def _digits(weekdays: set[int], possible: set[int]) -> str:
    """Return the weekdays as digits; all weekdays in the span count as every day."""
    return EVERY_WEEKDAY if weekdays == possible else "".join(map(str, sorted(weekdays)))


def _within(days: Days, first: date, last: date) -> Days:
    return {on: pattern for on, pattern in days.items() if first <= on <= last}
