"""Trends of doses, hair and check-ins, over any span."""

import re
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from app.diary import Diary
from app.diary.regimen import first_day_of
from app.diary.spans import read_span
from app.domain.spans import Span, SpanKind, between, everything, quarter_until, week_of, year_until
from app.errors import NotFound, Refused
from app.i18n import _
from app.interchange.csv_cells import csv_line
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.reading import FIRST_YEAR, LAST_YEAR, Submission, read_day
from app.web.http.templating import render
from app.web.http.visit import Visit
from app.web.pages.trends.page import trends_page
from app.web.pages.trends.sections import chart_rows

router = APIRouter(prefix="/trends", tags=["trends"], route_class=SessionRoute)

WEEK = re.compile(r"(\d{4})-W(\d{2})")
MOST_YEARS = 20
Typed = Annotated[str, Query(max_length=40)]
From = Annotated[str, Query(alias="from", max_length=40)]


@router.get("", name="show_trends")
def show_this_week(request: Request, visit: VisitDep) -> Response:
    """Show this week."""
    return _show(request, visit, week_of(visit.diary.today), Submission())


@router.get("/{span}", name="show_span")
def show(
    request: Request,
    visit: VisitDep,
    span: str,
    first: From = "",
    to: Typed = "",
) -> Response:
    """Show a week (2026-W47), 3 months, a year, everything, or custom dates."""
    try:
        chosen = _span(visit.diary, span, first, to)
    except Refused as refusal:
        values = {"from": first, "to": to}
        submission: Submission[BaseModel] = Submission(values=values).refused(refusal)
        return _show(request, visit, quarter_until(visit.diary.today), submission, 422)
    return _show(request, visit, chosen, Submission(values={"from": first, "to": to}))


@router.get("/{span}/chart-{number}.csv", name="download_chart")
def download(visit: VisitDep, span: str, number: int, first: From = "", to: Typed = "") -> Response:
    """Send the numbers of one chart, the same as on the page and in its table."""
    try:
        reading = read_span(visit.diary, _span(visit.diary, span, first, to))
    except Refused as refusal:
        raise NotFound from refusal
    rows = chart_rows(visit.diary, reading, number)
    if rows is None:
        raise NotFound
    filename = f"strand-chart-{reading.span.first}-{reading.span.last}.csv"
    headers = {"content-disposition": f'attachment; filename="{filename}"'}
    return Response("".join(map(csv_line, rows)), media_type="text/csv", headers=headers)


def _span(diary: Diary, name: str, first: str, to: str) -> Span:
    week = WEEK.fullmatch(name)
    if week:
        return _week(*map(int, week.groups()))
    until = min(_day(to, "to") or diary.today, diary.today)
    match name:
        case SpanKind.QUARTER:
            return quarter_until(until)
        case SpanKind.YEAR:
            return year_until(until)
        case SpanKind.ALL:
            begins = first_day_of(diary.session, diary.owner, diary.now)
            return everything(begins, diary.today)
        case SpanKind.DATES:
            return _own_dates(_day(first, "from"), _day(to, "to"))
        case _:
            raise NotFound


def _week(year: int, week: int) -> Span:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound
    try:
        return week_of(date.fromisocalendar(year, week, 1))
    except ValueError as error:
        raise NotFound from error


def _own_dates(first: date | None, last: date | None) -> Span:
    if first is None:
        raise Refused(_("Enter the first day."), "from")
    if last is None:
        raise Refused(_("Enter the last day."), "to")
    if last < first:
        raise Refused(_("The last day is before the first day."), "to")
    if last.year - first.year > MOST_YEARS:
        raise Refused(_("At most {years} years at once.", years=MOST_YEARS), "to")
    return between(first, last)


def _day(typed: str, field: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return read_day(typed.strip())
    except ValueError as error:
        sentence = _(
            "Enter a date from {first} to {last}, such as 2026-11-23.",
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
        raise Refused(sentence, field) from error


def _show(
    request: Request,
    visit: Visit,
    span: Span,
    submission: Submission[BaseModel],
    status_code: int = 200,
) -> Response:
    context = {"nav": "trends", "page": trends_page(visit, span), "submission": submission}
    return render(request, "trends/show.html", context, status_code=status_code)
