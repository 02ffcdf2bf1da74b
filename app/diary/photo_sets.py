"""Photos of the scalp: the series of each view, and when the next set is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.db.direct import fetch
from app.diary.diary import Diary
from app.domain.photo_views import WEEKS_BETWEEN_SETS, PhotoView
from app.models import HairReview, ProgressPhoto


@dataclass(frozen=True, slots=True)
class ViewSeries:
    """The photos of one view: their number, first day and last day."""

    view: PhotoView
    count: int = 0
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class NextSet:
    """The day of the next set, and the number of days left: 0 once it is due."""

    on: date
    days: int


def view_series(diary: Diary) -> list[ViewSeries]:
    """Read the series of all five views, in one query."""
    found = diary.session.exec(ProgressPhoto.series(diary.owner.id))
    known = {row[0]: row[1:] for row in found}
    return [ViewSeries(view, *known.get(view, (0, None, None))) for view in PhotoView]


def next_set(series: Iterable[ViewSeries], today: date) -> NextSet | None:
    """Return the next set, four weeks after the last photo of any view; None without photos."""
    days = [each.last for each in series if each.last is not None]
    if not days:
        return None
    on = max(days) + timedelta(weeks=WEEKS_BETWEEN_SETS)
    return NextSet(on, max(0, (on - today).days))


def photos_on(diary: Diary, on: date) -> Sequence[ProgressPhoto]:
    """Read the photos of one day."""
    return fetch(diary.session, ProgressPhoto.between, diary.owner.id, on, on)


def first_photo_to_compare(diary: Diary, series: ViewSeries) -> ProgressPhoto | None:
    """Return a view's first photo; None if all of its photos are of one day."""
    statement = ProgressPhoto.oldest_of_view(diary.owner.id, series.view)
    first = diary.session.exec(statement).first()
    return None if first is None or first.on == series.last else first


def hair_reviews(diary: Diary) -> Sequence[HairReview]:
    """Read every part width and overall change, oldest first."""
    return diary.session.exec(HairReview.between(diary.owner.id, date.min, date.max)).all()
