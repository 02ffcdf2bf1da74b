"""Read the figures of a span, of its points and of the previous span, for a trend page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.diary.comparisons import left_out_of
from app.diary.diary import Diary
from app.diary.figures import figures_by_day, figures_by_week, tallies_between
from app.diary.series import SeriesValue, SetsByMethod, count_sets, series_in, series_of_sets
from app.domain.figures import Figures, Tally, tallied, together
from app.domain.measures import COUNTS, Cadence, Measure
from app.domain.memo import memo
from app.domain.shedding import CountMethod, CountSet, Days
from app.domain.spans import DAY, Span, SpanKind

# A smoothed line begins this far before the span: sixteen half-lives of a value's weight, so that
# older values no longer matter.
LEAD_BY_DAY = timedelta(weeks=16)
LEAD_BY_WEEK = timedelta(weeks=64)


@dataclass(frozen=True)
class SpanFigures:
    """The figures of a span, of each of its points, and of the previous span.

    `earlier` are answers and counts before the first point, for lines that pass through it; `sets`
    every set ever counted; `left_out` the weeks that comparisons exclude.
    """

    span: Span
    points: list[Figures]
    earlier: list[Figures]
    sets: SetsByMethod
    left_out: list[Days]
    whole: Figures
    before: Figures

    @property
    def within(self) -> list[Figures]:
        """The points of the span itself; the charts of a week begin earlier."""
        return [each for each in self.points if each.first >= self.span.first]

    @memo
    def slugs(self) -> frozenset[str]:
        """The measures with a value in any of the points."""
        return frozenset(slug for each in self.points for slug in each.tallies)

    @property
    def is_by_week(self) -> bool:
        """Whether the points are weeks."""
        return self.span.around.is_by_week

    @property
    def methods(self) -> list[CountMethod]:
        """The counting methods used in the points shown."""
        return [method for method, measure in COUNTS.items() if measure.slug in self.slugs]

    @property
    def main_method(self) -> CountMethod | None:
        """The counting method used most in the points shown."""
        found = {
            method: sum(each.n(COUNTS[method].slug) for each in self.points)
            for method in self.methods
        }
        return max(found, key=lambda method: found[method], default=None)

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
        earlier = [each for each in points if before.first <= each.first <= before.last]
    elif span.kind is SpanKind.ALL:
        earlier = []
    else:
        reader = figures_by_week if span.is_by_week else figures_by_day
        earlier = reader(diary.session, diary.owner, before.first, before.last, today=diary.today)
    lead = LEAD_BY_WEEK if around.is_by_week else LEAD_BY_DAY
    return SpanFigures(
        span,
        points,
        tallies_between(
            diary.session,
            diary.owner,
            around.first - lead,
            around.first - DAY,
            by_week=around.is_by_week,
        ),
        count_sets(diary),
        [each.days for each in left_out_of(diary)],
        together(span.first, span.last, (each for each in points if each.first >= span.first)),
        together(before.first, before.last, earlier),
    )
