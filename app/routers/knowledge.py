"""Pages about the whole regimen: totals of substances, hours apart, notes for the lab."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.diary.pairs import pairs_of
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.reading import Day
from app.web.http.templating import render
from app.web.pages.regimen.hours_apart import hours_apart
from app.web.pages.regimen.lab_list import lab_list
from app.web.pages.regimen.totals import totals_page

router = APIRouter(tags=["knowledge"], route_class=SessionRoute)


@router.get("/regimen/totals", name="show_totals")
def show_totals(request: Request, visit: VisitDep) -> Response:
    """Show the daily totals of the items, against the upper levels."""
    context = {"nav": "regimen", "page": totals_page(visit)}
    return render(request, "knowledge/totals.html", context)


@router.get("/regimen/hours-apart", name="show_hours_apart")
def show_hours_apart(request: Request, visit: VisitDep) -> Response:
    """Show the pairs to take hours apart, with the times that are set."""
    context = {"nav": "regimen", "page": hours_apart(visit, pairs_of(visit.diary))}
    return render(request, "knowledge/hours_apart.html", context)


@router.get("/days/{on}/lab-list", name="show_lab_list")
def show_lab_list(request: Request, visit: VisitDep, on: Day) -> Response:
    """Show what the lab and the doctor need to know on a day; it prints on one page."""
    context = {"nav": "calendar", "page": lab_list(visit.diary, on)}
    return render(request, "knowledge/lab_list.html", context)
