"""Count a person's figures by day or by ISO week, for pages and files.

Weeks long past are cached for each account, keyed by the version of its past, so a view of ten
years does not read them again. Two kinds of writes bump that version: a write to a day that long
ago (`bump_log_version`) and a write to the plan (`bump_regimen_version`). Other writes affect no
cached week.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.db.direct import fetch
from app.diary.regimen import PAST_AFTER, plans_between
from app.diary.series import ValueRows, Values, value_rows, values_between, values_of
from app.domain.day_states import day_state
from app.domain.figures import Figures, added, doses_by_item, tallied
from app.domain.ledger import Plan, Row, counted_event, unordered_ledger
from app.domain.logical_dates import days_between, weeks_between
from app.domain.lru import Lru
from app.domain.spans import DAY, WEEK
from app.domain.unchanged import Unchanged
from app.models import DoseEvent, User

# Two clocks may disagree by a day about how long ago a day is.
OVER_AFTER = PAST_AFTER + timedelta(days=2)


# Few rows are read at each look, and their figures computed again only if a row changed.
MOST_DAYS_KEPT = timedelta(days=100)
_recent = Unchanged(16)

# By account: the version of its past, and the figures of its weeks.
_weeks: Lru[UUID, tuple[int, Mapping[date, Figures]]] = Lru(16)


def figures_by_day(
    session: Session, user: User, first: date, last: date, *, today: date
) -> list[Figures]:
    """The figures of each day from `first` to `last`, inclusive."""
    return list(_figures(session, user, [(on, on) for on in days_between(first, last)], today))


def figures_by_week(
    session: Session, user: User, first: date, last: date, *, today: date
) -> list[Figures]:
    """The figures of each ISO week from that of `first` to that of `last`."""
    mondays = list(weeks_between(first, last))
    version, weeks = _weeks.get(user.id) or (user.log_version, {})
    known = weeks if version == user.log_version else {}
    # Weeks from then on may change without a new version. A clock that was ahead may have cached
    # some of them.
    open_from = today - OVER_AFTER - (WEEK - DAY)
    wanted = [
        (monday, monday + WEEK - DAY)
        for monday in mondays
        if monday >= open_from or monday not in known
    ]
    found = {each.first: each for each in _figures(session, user, wanted, today)}
    over = {on: each for on, each in found.items() if each.last < today - OVER_AFTER}
    if over and not session.get_bind().get_execution_options().get("writes", False):
        _weeks.put(user.id, (user.log_version, {**known, **over}))
    return [found.get(monday) or known[monday] for monday in mondays]


def tallies_between(session: Session, user: User, first: date, last: date) -> list[Figures]:
    """Tally the answers and counts of each day that has any, without doses."""
    values = values_between(session, user.id, first, last)
    return [
        Figures(on, on, tallies={key: tallied(numbers) for key, numbers in values[on].items()})
        for on in sorted(values)
    ]


def long_past(points: Sequence[Figures], today: date) -> int:
    """Return how many of the first points are so long past that weeks among them are cached."""
    return sum(each.last < today - OVER_AFTER for each in points)


def _figures(
    session: Session, user: User, parts: Sequence[tuple[date, date]], today: date
) -> tuple[Figures, ...]:
    """Read the figures of `parts`, which are in order and may skip days."""
    if not parts:
        return ()
    first, last = parts[0][0], parts[-1][1]
    made_of = (
        tuple(parts),
        tuple(plans_between(session, user, first, last)),
        tuple(fetch(session, DoseEvent.counted_between, user.id, first, last)),
        tuple(value_rows(session, user.id, first, last)),
        today,
        user.day_starts_time,
    )
    if last - first > MOST_DAYS_KEPT:
        return _counted(*made_of)
    return _recent.made((user.id, first, last), _counted, *made_of)


def _counted(
    parts: Sequence[tuple[date, date]],
    plans: Sequence[Plan],
    events: Sequence[Sequence[Any]],
    answers: Sequence[ValueRows],
    today: date,
    day_starts: time,
) -> tuple[Figures, ...]:
    """Compute the figures of `parts` from rows of the database."""
    span = parts[0][0], parts[-1][1]
    rows: defaultdict[date, list[Row]] = defaultdict(list)
    found = map(counted_event, events)
    for row in unordered_ledger(plans, found, *span, today=today, day_starts=day_starts):
        rows[row.on].append(row)
    values = values_of(*answers)
    return tuple([_part(rows, values, *part) for part in parts])


def _part(
    rows: Mapping[date, Sequence[Row]], values: Mapping[date, Values], first: date, last: date
) -> Figures:
    days = list(days_between(first, last))
    by_item = doses_by_item(row for on in days for row in rows.get(on, ()))
    joined = _joined(values[on] for on in days if on in values)
    return Figures(
        first,
        last,
        added(by_item.values()),
        by_item,
        {key: tallied(numbers) for key, numbers in joined.items()},
        tuple([day_state(rows.get(on, ())) for on in days]),
    )


def _joined(days: Iterable[Values]) -> Values:
    joined: defaultdict[str, list[float]] = defaultdict(list)
    for day in days:
        for key, numbers in day.items():
            joined[key].extend(numbers)
    return joined
