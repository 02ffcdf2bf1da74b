"""The figures of a span, of its points and of the span before: what every part of a page reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.diary import Diary
from app.diary.figures import figures_by_day, figures_by_week, tallies_between
from app.domain.figures import Figures, Tally, tallied, together
from app.domain.memo import memo
from app.domain.shedding import CountMethod, CountSet, Days
from app.domain.spans import DAY, Span, SpanKind
from app.web.pages.charts.baselines import count_sets, left_out_of

# So far back a smoothed line begins before the span: sixteen times the span in which the weight
# of a value halves, so that what is older weighs nothing any more.
LEAD_BY_DAY = timedelta(weeks=16)
LEAD_BY_WEEK = timedelta(weeks=64)


@dataclass(frozen=True)
class SpanFigures:
    """The figures of a span, each point of it, and the span before: what all parts read.

    `earlier` are answers and counts from before the first point, for the lines that pass
    through; `sets` every set that was ever counted; `left_out` weeks not to compare with.
    """

    span: Span
    points: list[Figures]
    earlier: list[Figures]
    sets: Mapping[CountMethod, Sequence[CountSet]]
    left_out: list[Days]
    whole: Figures
    before: Figures

    @property
    def within(self) -> list[Figures]:
        """The points of the span itself; a week's charts begin earlier."""
        return [each for each in self.points if each.first >= self.span.first]

    @memo
    def keys(self) -> frozenset[str]:
        """Everything that was asked or counted in any of the points."""
        return frozenset(key for each in self.points for key in each.tallies)

    def counted_before(self, method: CountMethod) -> Tally | None:
        """The readings of the span before, without those of left-out weeks."""
        first, last = self.span.before.first, self.span.before.last
        found = [
            value
            for each in self.sets.get(method, ())
            if first <= each.middle <= last and not each.touches(self.left_out)
            for value in each.values
        ]
        return tallied(found) if found else None

    def last_set(self, method: CountMethod) -> CountSet | None:
        """The latest set that began by the end of the span."""
        begun = [each for each in self.sets.get(method, ()) if each.first_on <= self.span.last]
        return begun[-1] if begun else None

    @property
    def is_by_week(self) -> bool:
        """Whether the points are weeks."""
        return self.span.around.is_by_week


def read_span(diary: Diary, span: Span) -> SpanFigures:
    """Read everything that a span shows: in as many queries for ten years as for a week."""
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
        count_sets(diary, diary.today),
        [each.days for each in left_out_of(diary)],
        together(span.first, span.last, (each for each in points if each.first >= span.first)),
        together(before.first, before.last, earlier),
    )
