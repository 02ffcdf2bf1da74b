"""Count a person's figures by day or by ISO week, for pages and files.

Weeks long past are cached for each account, keyed by the version of its past, so a view of ten
years does not read them again. Two kinds of writes bump that version: a write to a day that long
ago (`bump_log_version`) and a write to the plan (`bump_regimen_version`). Other writes affect no
cached week.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session

from app.diary.regimen import PAST_AFTER, counted_ledger_between
from app.diary.series import Values, values_between
from app.domain.day_states import day_state
from app.domain.figures import Figures, added, doses_by_item, tallied
from app.domain.ledger import Row
from app.domain.logical_dates import days_between, week_start, weeks_between
from app.domain.lru import Lru
from app.domain.spans import DAY, WEEK
from app.models import User

# Two clocks may disagree by a day about how long ago a day is.
OVER_AFTER = PAST_AFTER + timedelta(days=2)


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
    wanted = [(monday, monday + WEEK - DAY) for monday in mondays if monday not in known]
    found = {each.first: each for each in _figures(session, user, wanted, today)}
    over = {on: each for on, each in found.items() if each.last < today - OVER_AFTER}
    if over and not session.get_bind().get_execution_options().get("writes", False):
        _weeks.put(user.id, (user.log_version, {**known, **over}))
    return [found.get(monday) or known[monday] for monday in mondays]


def tallies_between(
    session: Session, user: User, first: date, last: date, *, by_week: bool
) -> list[Figures]:
    """Tally the answers and counts of each day or week that has any, without doses."""
    grouped: defaultdict[date, list[Values]] = defaultdict(list)
    for on, values in values_between(session, user.id, first, last).items():
        grouped[week_start(on) if by_week else on].append(values)
    length = WEEK - DAY if by_week else timedelta()
    return [
        Figures(
            on,
            on + length,
            tallies={key: tallied(numbers) for key, numbers in _joined(grouped[on]).items()},
        )
        for on in sorted(grouped)
    ]


def _figures(
    session: Session, user: User, parts: list[tuple[date, date]], today: date
) -> Iterator[Figures]:
    """Compute the figures of `parts`, which are in order and may skip days."""
    if not parts:
        return
    first, last = parts[0][0], parts[-1][1]
    rows: defaultdict[date, list[Row]] = defaultdict(list)
    for row in counted_ledger_between(session, user, first, last, today=today):
        rows[row.on].append(row)
    values = values_between(session, user.id, first, last)
    for starts_on, ends_on in parts:
        days = list(days_between(starts_on, ends_on))
        by_item = doses_by_item(row for on in days for row in rows.get(on, ()))
        yield Figures(
            starts_on,
            ends_on,
            added(by_item.values()),
            by_item,
            {
                key: tallied(numbers)
                for key, numbers in _joined(values[on] for on in days if on in values).items()
            },
            tuple(day_state(rows.get(on, ())) for on in days),
        )


def _joined(days: Iterable[Values]) -> Values:
    joined: defaultdict[str, list[float]] = defaultdict(list)
    for day in days:
        for key, numbers in day.items():
            joined[key].extend(numbers)
    return joined
