"""Read the figures of a span, of its points and of the previous span, for a trend page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from app.diary.comparisons import left_out_of
from app.diary.diary import Diary
from app.diary.figures import figures_by_day, figures_by_week, long_past, tallies_between
from app.diary.series import SeriesValue, SetsByMethod, count_sets, series_in, series_of_sets
from app.domain.figures import Figures, Tally, tallied, together
from app.domain.measures import COUNTS, Cadence, Measure
from app.domain.memo import memo
from app.domain.shedding import CountMethod, CountSet, Days
from app.domain.spans import DAY, Span, SpanKind
from app.domain.unchanged import Unchanged

# A smoothed line begins this far before the span: sixteen half-lives of a value's weight, so that
# older values no longer matter.
LEAD_BY_DAY = timedelta(weeks=16)
LEAD_BY_WEEK = timedelta(weeks=64)

# The sums of points long past, by account and span.
_sums = Unchanged(64)


@dataclass(frozen=True)
class SpanFigures:
    """The figures of a span, of each of its points, and of the previous span.

    `earlier` are answers and counts before the first point, for lines that pass through it; `sets`
    every set ever counted; `left_out` the weeks that comparisons exclude.
    """

    span: Span
    points: tuple[Figures, ...]
    earlier: tuple[Figures, ...]
    sets: SetsByMethod
    left_out: tuple[Days, ...]
    whole: Figures
    before: Figures

    @property
    def within(self) -> tuple[Figures, ...]:
        """The points of the span itself; the charts of a week begin earlier."""
        return tuple([each for each in self.points if each.first >= self.span.first])

    @memo
    def years(self) -> tuple[tuple[Figures, ...], ...]:
        """The points of the span by ISO year."""
        return tuple(tuple(points) for _year, points in groupby(self.within, attrgetter("year")))

    @memo
    def answers(self) -> "SpanFigures":
        """The same without doses."""
        return replace(
            self,
            points=tuple([each.answers for each in self.points]),
            earlier=tuple(each.answers for each in self.earlier),
            whole=self.whole.answers,
            before=self.before.answers,
        )

    @memo
    def shown(self) -> Figures:
        """The points together."""
        around = self.span.around
        is_whole = around is self.span
        return self.whole if is_whole else together(around.first, around.last, self.points)

    @property
    def is_by_week(self) -> bool:
        """Whether the points are weeks."""
        return self.span.around.is_by_week

    @property
    def methods(self) -> list[CountMethod]:
        """The counting methods used in the points shown."""
        return [method for method, measure in COUNTS.items() if measure.slug in self.shown.tallies]

    @property
    def main_method(self) -> CountMethod | None:
        """The counting method used most in the points shown."""
        return max(self.methods, key=lambda method: self.shown.n(COUNTS[method].slug), default=None)

    def main_symptom(self, slugs: Sequence[str]) -> str | None:
        """The symptom of most days, in this span or before; None if none was asked."""
        known = self.whole.tallies.keys() | self.before.tallies.keys()
        asked = [slug for slug in slugs if slug in known]
        return max(asked, key=self._days_with, default=None)

    def series_of(self, measure: Measure) -> list[SeriesValue]:
        """Return a measure's values over time; one per set for counts taken in sets."""
        if measure.cadence is Cadence.SETS:
            method = next(method for method, each in COUNTS.items() if each is measure)
            return series_of_sets(self.sets.get(method, ()))
        return series_in([*self.earlier, *self.points], measure)

    def counted_before(self, method: CountMethod) -> Tally | None:
        """Return the readings of the previous span, without left-out weeks."""
        first, last = self.span.before.first, self.span.before.last
        found = [
            value
            for each in self.sets.get(method, ())
            if first <= each.middle <= last and not each.touches(self.left_out)
            for value in each.values
        ]
        return tallied(found) if found else None

    def last_set(self, method: CountMethod) -> CountSet | None:
        """Return the latest set that began by the end of the span."""
        begun = [each for each in self.sets.get(method, ()) if each.first_on <= self.span.last]
        return begun[-1] if begun else None

    def _days_with(self, slug: str) -> int:
        both = (self.whole.tallies.get(slug), self.before.tallies.get(slug))
        return sum(tally.above_zero for tally in both if tally is not None)


def read_span(diary: Diary, span: Span) -> SpanFigures:
    """Read everything that the page of a span shows; ten years take no more queries than a week."""
    around, before = span.around, span.before
    read = figures_by_week if around.is_by_week else figures_by_day
    points = read(diary.session, diary.owner, around.first, around.last, today=diary.today)
    if span.kind is SpanKind.WEEK:
        previous = [each for each in points if before.first <= each.first <= before.last]
    elif span.kind is SpanKind.ALL:
        previous = []
    else:
        reader = figures_by_week if span.is_by_week else figures_by_day
        previous = reader(diary.session, diary.owner, before.first, before.last, today=diary.today)
    within = [each for each in points if each.first >= span.first]
    return SpanFigures(
        span,
        tuple(points),
        tuple(_answers_before(diary, around)),
        count_sets(diary),
        tuple(each.days for each in left_out_of(diary)),
        _together(diary, span.first, span.last, within),
        _together(diary, before.first, before.last, previous),
    )


def _answers_before(diary: Diary, around: Span) -> list[Figures]:
    """Read the answers before the first point that still count in a smoothed line."""
    session, owner, last = diary.session, diary.owner, around.first - DAY
    if not around.is_by_week:
        return tallies_between(session, owner, around.first - LEAD_BY_DAY, last)
    weeks = figures_by_week(session, owner, around.first - LEAD_BY_WEEK, last, today=diary.today)
    return [each.answers for each in weeks if each.tallies]


def _together(diary: Diary, first: date, last: date, points: Sequence[Figures]) -> Figures:
    """Add up points; the sums of those long past are kept."""
    over = long_past(points, diary.today)
    past = _sums.made((diary.owner.id, first, last), together, first, last, tuple(points[:over]))
    return together(first, last, [past, *points[over:]])
