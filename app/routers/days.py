"""Days: today, any day, and the month that leads to them."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.diary.arrivals import arrivals_of
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.page_cache import PageAt, answer_cached, cached_part
from app.web.http.reading import Day
from app.web.http.templating import draw, path_for, render
from app.web.http.visit import Visit
from app.web.pages.day.month import month_page
from app.web.pages.day.page import day_page
from app.web.pages.day.side import day_side

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
    return answer_cached(request, visit, lambda: _drawn(request, visit, on))


def _drawn(request: Request, visit: Visit, on: date) -> PageAt:
    diary = visit.diary
    context: dict[str, Any] = {"turns_at": diary.owner.day_turns_at(diary.today)}
    if diary.owner.preferences.is_large:
        page = day_page(visit, on)
        drawn = draw(request, "days/large.html", {**context, "nav": "today", "page": page})
        return PageAt(drawn, diary.now, page.holds_until)
    # Made first, so that its cache entry depends on none of the rows about doses.
    side = cached_part(request, visit, "side", lambda: day_side(request, visit, on))
    page = day_page(visit, on)
    arrivals = arrivals_of(diary)
    context |= {
        "nav": "today" if on == diary.today else "calendar",
        "page": page,
        "side": side.markup,
        "blood_test": side.blood_test,
        "is_unreminded": on == diary.today and arrivals.is_silent,
    }
    holds_until = min(page.holds_until, arrivals.holds_until)
    return PageAt(draw(request, "days/show.html", context), diary.now, holds_until)
