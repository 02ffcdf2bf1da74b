"""The trend page of a span; all of its numbers come from `Figures`."""

from dataclasses import dataclass

from app.diary import Diary
from app.diary.log_age import days_of_log
from app.diary.spans import SpanFigures, read_span
from app.domain.spans import Span
from app.web.http.visit import Visit
from app.web.pages.charts.marks import Lanes, Mark, lanes_of, marks_between, marks_of
from app.web.pages.item.suspects import SuspectLine, suspects_of
from app.web.pages.trends.charts import DoseLane, TimeAxis, time_axis
from app.web.pages.trends.doses import DoseSection, dose_section, lane_of_doses
from app.web.pages.trends.key_figures import KeyFigure, key_figures
from app.web.pages.trends.links import (
    Tab,
    address_name,
    dates_words,
    earlier_url,
    later_url,
    span_title,
    tabs_of,
)
from app.web.pages.trends.outcomes import before_words
from app.web.pages.trends.sections import (
    OutcomeSection,
    outcome_sections,
    questions_in,
)

# The width of the plot on the smallest phone, in pixels.
NARROW = 215


@dataclass(frozen=True, slots=True)
class Frame:
    """What the sections of a page share: the span, and what is drawn around every chart."""

    span: Span
    time: TimeAxis
    lanes: Lanes
    has_lane: bool
    is_by_week: bool
    is_running: bool
    csv_base: str
    csv_query: str


@dataclass(frozen=True, slots=True)
class TrendsPage:
    """Everything on a trend page."""

    frame: Frame
    title: str
    subtitle: str
    tabs: tuple[Tab, ...]
    earlier_url: str | None
    later_url: str | None
    calendar_url: str
    key_figures: tuple[KeyFigure, ...]
    doses: DoseSection
    shedding: OutcomeSection
    felt: OutcomeSection
    suspects: tuple[SuspectLine, ...]
    marks: tuple[Mark, ...]
    lane: DoseLane | None
    before_words: str
    is_blank: bool


def trends_page(visit: Visit, span: Span) -> TrendsPage:
    """Lay out a span."""
    reading = read_span(visit.diary, span)
    time = time_axis(span.around)
    marks = marks_between(marks_of(visit.diary), time.first, time.last)
    questions = questions_in(visit.diary, reading)
    lane = lane_of_doses(visit.diary, reading, time)
    shedding, felt = outcome_sections(visit.diary, reading, questions, time)
    return TrendsPage(
        frame=Frame(
            span=span,
            time=time,
            lanes=lanes_of(marks, time.percent, narrow=NARROW),
            has_lane=lane is not None,
            is_by_week=reading.is_by_week,
            is_running=span.first <= visit.diary.today <= span.last,
            csv_base=address_name(span),
            csv_query=f"?from={span.first}&to={span.last}",
        ),
        title=span_title(span),
        subtitle=dates_words(span.first, span.last, visit.diary.today),
        tabs=tuple(tabs_of(visit, span)),
        earlier_url=earlier_url(visit, span),
        later_url=later_url(visit, span),
        calendar_url=visit.paths("show_month", month=f"{span.last:%Y-%m}"),
        key_figures=tuple(key_figures(reading, questions, days_of_log(visit.diary))),
        doses=dose_section(visit, reading),
        shedding=shedding,
        felt=felt,
        suspects=tuple(suspects_of(visit.diary, span.first, span.last)),
        marks=tuple(marks),
        lane=lane,
        before_words=before_words(reading),
        is_blank=_is_blank(visit.diary, reading),
    )


def _is_blank(diary: Diary, reading: SpanFigures) -> bool:
    """Whether there is nothing to read yet, in this span or before it."""
    nothing = not reading.whole.by_item and not reading.whole.tallies
    return nothing and not diary.regimen.items and not reading.shown.tallies
