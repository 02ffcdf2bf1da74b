"""Name a span, and link to its neighbours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.diary.regimen import first_day_of
from app.domain.logical_dates import iso_week, week_name, week_start
from app.domain.spans import DAY, Span, SpanKind, week_of
from app.i18n import _, pgettext
from app.language import words
from app.web.http.visit import Visit


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the ready spans."""

    name: str
    short: str
    url: str
    is_current: bool


def span_title(span: Span) -> str:
    """Return the title of a span."""
    match span.kind:
        case SpanKind.WEEK:
            return _("Week {week}", week=iso_week(span.first) % 100)
        case SpanKind.QUARTER:
            return _("3 months")
        case SpanKind.YEAR:
            return _("One year")
        case SpanKind.ALL:
            return _("Everything")
        case _:
            return _("Custom dates")


def dates_words(first: date, last: date, today: date) -> str:
    """16 – 22 November; 30 Nov – 6 Dec; with years if they differ or are not this year."""
    if first.year != last.year:
        return f"{words.short_day(first)} {first.year} – {words.short_day(last)} {last.year}"
    year = "" if last.year == today.year else f" {last.year}"
    if first == last:
        return f"{words.day_of_month(last)}{year}"
    if first.month == last.month:
        return _("{first} – {last}", first=first.day, last=words.day_of_month(last)) + year
    return f"{words.short_day(first)} – {words.short_day(last)}{year}"


def tabs_of(visit: Visit, span: Span) -> Iterator[Tab]:
    """Return the ready spans, each ending where this one does."""
    for kind, name, short in (
        (SpanKind.WEEK, _("Week"), _("Week")),
        (SpanKind.QUARTER, _("3 months"), _("3 mo")),
        (SpanKind.YEAR, _("Year"), _("Year")),
        (SpanKind.ALL, pgettext("period", "All"), pgettext("period", "All")),
    ):
        url = _url(visit, kind, min(span.last, visit.diary.today))
        yield Tab(name, short, url, is_current=kind is span.kind)


def earlier_url(visit: Visit, span: Span) -> str | None:
    """Return the address of the previous span; none before the log began."""
    begins = first_day_of(visit.diary.session, visit.diary.owner, visit.diary.now)
    if span.kind is SpanKind.ALL or span.first <= begins:
        return None
    if span.kind is SpanKind.DATES:
        return _own_dates_url(visit, span.first - span.days * DAY, span.first - DAY)
    return _url(visit, span.kind, span.first - DAY)


def later_url(visit: Visit, span: Span) -> str | None:
    """Return the address of the next span; none beyond today."""
    if span.kind is SpanKind.ALL or span.last >= visit.diary.today:
        return None
    if span.kind is SpanKind.DATES:
        return _own_dates_url(visit, span.last + DAY, span.last + span.days * DAY)
    return _url(
        visit, span.kind, span.last + (span.days if span.kind is not SpanKind.WEEK else 7) * DAY
    )


def address_name(span: Span) -> str:
    """Return the name of a span in addresses."""
    return week_name(span.first) if span.kind is SpanKind.WEEK else span.kind


def _url(visit: Visit, kind: SpanKind, until: date) -> str:
    """Return the address of a span that ends with the week of `until`; undated for this week."""
    is_now = week_start(until) >= week_start(visit.diary.today)
    match kind:
        case SpanKind.WEEK:
            year, week, _day = until.isocalendar()
            name = "show_trends"
            return (
                visit.paths(name) if is_now else visit.paths("show_span", span=f"{year}-W{week:02}")
            )
        case SpanKind.ALL:
            return visit.paths("show_span", span=kind)
        case _:
            address = visit.paths("show_span", span=kind)
            return address if is_now else f"{address}?to={week_of(until).last}"


def _own_dates_url(visit: Visit, first: date, last: date) -> str:
    return f"{visit.paths('show_span', span=SpanKind.DATES)}?from={first}&to={last}"
