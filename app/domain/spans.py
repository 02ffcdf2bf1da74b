"""The spans of days for trends, and how they are divided into points.

All spans except short custom dates are whole ISO weeks, so that a week is never counted in part. Up
to a hundred days each day is a point; beyond, each week is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.logical_dates import days_between, week_start

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
MOST_DAYS_BY_DAY = 100
WEEKS_OF_QUARTER = 13
WEEKS_OF_YEAR = 52
WEEKS_BEFORE_A_WEEK = 4
# The outcome charts of a week reach back this far.
WEEKS_AROUND = 12


class SpanKind(StrEnum):
    """How a span was requested."""

    WEEK = "week"
    QUARTER = "3-months"
    YEAR = "year"
    ALL = "all"
    DATES = "dates"


@dataclass(frozen=True, slots=True)
class Span:
    """Whole logical days from `first` to `last`, both inclusive."""

    kind: SpanKind
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def every_day(self) -> Iterator[date]:
        """Its days, in order."""
        return days_between(self.first, self.last)

    @property
    def is_by_week(self) -> bool:
        """Whether its points are weeks; short spans have days."""
        return self.days > MOST_DAYS_BY_DAY

    @property
    def before(self) -> "Span":
        """The span it is compared with: as many days before it; four weeks for a week."""
        length = WEEKS_BEFORE_A_WEEK * WEEK if self.kind is SpanKind.WEEK else self.days * DAY
        return Span(SpanKind.DATES, self.first - length, self.first - DAY)

    @property
    def around(self) -> "Span":
        """The first day of the outcome charts: a week is shown at the end of twelve."""
        if self.kind is not SpanKind.WEEK:
            return self
        return Span(SpanKind.DATES, self.last - WEEKS_AROUND * WEEK + DAY, self.last)


def week_of(on: date) -> Span:
    """The ISO week that `on` falls in."""
    return Span(SpanKind.WEEK, week_start(on), week_start(on) + 6 * DAY)


def quarter_until(on: date) -> Span:
    """The thirteen weeks that end with the week of `on`."""
    return _weeks_until(SpanKind.QUARTER, on, WEEKS_OF_QUARTER)


def year_until(on: date) -> Span:
    """The fifty-two weeks that end with the week of `on`."""
    return _weeks_until(SpanKind.YEAR, on, WEEKS_OF_YEAR)


def everything(first: date, today: date) -> Span:
    """Every week from that of `first` to that of `today`; never less than a quarter."""
    last = week_of(today).last
    earliest = last - WEEKS_OF_QUARTER * WEEK + DAY
    return Span(SpanKind.ALL, min(week_start(first), earliest), last)


def between(first: date, last: date) -> Span:
    """Return custom dates, widened to whole weeks if weeks are the points."""
    span = Span(SpanKind.DATES, first, last)
    if not span.is_by_week:
        return span
    return Span(SpanKind.DATES, week_start(first), week_of(last).last)


def _weeks_until(kind: SpanKind, on: date, weeks: int) -> Span:
    last = week_of(on).last
    return Span(kind, last - weeks * WEEK + DAY, last)
