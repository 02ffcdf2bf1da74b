"""Find the next hair count of a day, as data."""

from dataclasses import dataclass
from datetime import date

from app.db.direct import fetch
from app.diary.diary import Diary
from app.domain.shedding import CountMethod, CountSet, is_begun, is_due, sets_by
from app.models import SheddingCount


@dataclass(frozen=True, slots=True)
class NextCount:
    """The method last used, its latest set, and whether the next reading is due.

    `is_begun`: the latest set is not complete.
    """

    method: CountMethod
    latest: CountSet | None
    is_due: bool
    is_begun: bool


def next_count(diary: Diary, on: date) -> NextCount:
    """Read the latest readings up to a day, in one query."""
    rows = fetch(diary.session, SheddingCount.newest, diary.owner.id, on)
    method = rows[0].method if rows else CountMethod.SIXTY_SECOND
    sets = sets_by(method, (row.reading for row in rows if row.method is method))
    latest = sets[-1] if sets else None
    return NextCount(
        method=method,
        latest=latest,
        is_due=is_due(latest, method, on),
        is_begun=latest is not None and is_begun(latest, method, on),
    )
