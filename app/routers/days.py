"""Days: today, any day, and the month that leads to them."""

from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.domain.life_events import MOST_DAYS_AHEAD
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.reading import Day
from app.web.http.templating import path_for, render
from app.web.http.visit import Visit
from app.web.pages.day.check_in_card import check_in_card
from app.web.pages.day.month import month_page
from app.web.pages.day.notes import day_notes
from app.web.pages.day.page import day_page
from app.web.pages.day.shedding_tile import shedding_tile
from app.web.pages.measurements.page import measurement_lines
from app.web.pages.photos.page import shown_on
from app.web.pages.reminders.page import nothing_arrives

router = APIRouter(tags=["days"], route_class=SessionRoute)


@router.get("/", name="show_today")
def show_today(request: Request, visit: VisitDep) -> Response:
    """Show today's doses and check-in."""
    return _show(request, visit, visit.diary.today)


@router.get("/days/{on}", name="show_day")
def show(request: Request, visit: VisitDep, on: Day) -> Response:
    """Show any day: past days can be filled in, future ones only viewed."""
    return _show(request, visit, on)


@router.get("/calendar", name="show_this_month")
def show_this_month(request: Request, visit: VisitDep) -> Response:
    """Redirect to the current month."""
    month = f"{visit.diary.today:%Y-%m}"
    return RedirectResponse(path_for(request, "show_month", month=month), status_code=303)


@router.get("/calendar/{month}", name="show_month")
def show_month(request: Request, visit: VisitDep, month: str, day: Day | None = None) -> Response:
    """Show the days of a month: doses, notes and plans."""
    page = month_page(visit, month, day)
    weekdays = [(visit.diary.owner.preferences.first_weekday - 1 + i) % 7 for i in range(7)]
    context = {"nav": "calendar", "page": page, "weekday_order": weekdays}
    return render(request, "days/month.html", context)


@router.get("/days/{on}/log", name="show_log")
def show_log(request: Request, visit: VisitDep, on: Day) -> Response:
    """Offer everything that can be logged on a day."""
    page = day_page(visit, on)
    next_from = [each.next_text for each in page.as_needed if each.next_text]
    context = {
        "nav": "today",
        "on": on,
        "page": page,
        "as_needed_hint": next_from[0] if next_from else "",
    }
    return render(request, "days/log.html", context)


def _show(request: Request, visit: Visit, on: date) -> Response:
    if visit.diary.owner.preferences.is_large:
        turns_at = visit.diary.owner.day_turns_at(visit.diary.today)
        large = {"nav": "today", "page": day_page(visit, on), "turns_at": turns_at}
        return render(request, "days/large.html", large)
    notes, blood_test = day_notes(visit, on)
    context = {
        "nav": "today" if on == visit.diary.today else "calendar",
        "page": day_page(visit, on),
        "check_in": check_in_card(visit.diary, on),
        "measurements": measurement_lines(visit, on),
        "notes": notes,
        "blood_test": blood_test,
        "may_plan": on <= visit.diary.today + timedelta(days=MOST_DAYS_AHEAD),
        "shedding": shedding_tile(visit, on),
        "photos": shown_on(visit, on),
        "turns_at": visit.diary.owner.day_turns_at(visit.diary.today),
        "is_unreminded": on == visit.diary.today and nothing_arrives(visit.diary),
    }
    return render(request, "days/show.html", context)
