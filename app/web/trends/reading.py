"""The figures of a span, of its points and of the span before: what every part of a page reads."""

from dataclasses import dataclass
from functools import cached_property

from app.domain.figures import Figures, together
from app.domain.spans import Span, SpanKind
from app.services.figures import figures_by_day, figures_by_week
from app.web.deps import Visit


@dataclass(frozen=True)
class Reading:
    """The figures of a span, each point of it, and the span before: what all parts read."""

    span: Span
    points: list[Figures]
    whole: Figures
    before: Figures

    @property
    def within(self) -> list[Figures]:
        """The points of the span itself; a week's charts begin earlier."""
        return [each for each in self.points if each.first >= self.span.first]

    @cached_property
    def keys(self) -> frozenset[str]:
        """Everything that was asked or counted in any of the points."""
        return frozenset(key for each in self.points for key in each.tallies)

    @property
    def is_by_week(self) -> bool:
        """Whether the points are weeks."""
        return self.span.around.is_by_week


def read_span(visit: Visit, span: Span) -> Reading:
    """Read everything that a span shows: in as many queries for ten years as for a week."""
    around, before = span.around, span.before
    read = figures_by_week if around.is_by_week else figures_by_day
    points = read(visit.session, visit.user, around.first, around.last, today=visit.today)
    if span.kind is SpanKind.WEEK:
        earlier = [each for each in points if before.first <= each.first <= before.last]
    elif span.kind is SpanKind.ALL:
        earlier = []
    else:
        reader = figures_by_week if span.is_by_week else figures_by_day
        earlier = reader(visit.session, visit.user, before.first, before.last, today=visit.today)
    return Reading(
        span,
        points,
        together(span.first, span.last, (each for each in points if each.first >= span.first)),
        together(before.first, before.last, earlier),
    )
