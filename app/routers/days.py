"""Days: today, any day, and the month that leads to them."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.domain.ledger import Row
from app.domain.life_events import MOST_DAYS_AHEAD
from app.domain.logical_dates import week_name, weeks_between
from app.errors import NotFound
from app.models import CheckIn, Note, SymptomReport
from app.services.regimen import ledger_between
from app.web.check_in_card import check_in_card
from app.web.day_page import NOT_ASKED, day_page
from app.web.deps import Route, Visit, VisitDep
from app.web.forms import FIRST_YEAR, LAST_YEAR, Day
from app.web.measurements_page import measurements_on
from app.web.note_lines import day_notes
from app.web.offline_plan import DAYS_AHEAD
from app.web.photo_pages import photos_on
from app.web.shedding_tile import shedding_tile
from app.web.templating import path_for, render

router = APIRouter(tags=["days"], route_class=Route)


@router.get("/", name="show_today")
def show_today(request: Request, visit: VisitDep) -> Response:
    """Show the doses of today, and how it was."""
    return _show(request, visit, visit.today)


@router.get("/days/{on}", name="show_day")
def show(request: Request, visit: VisitDep, on: Day) -> Response:
    """Show any day: past ones can be filled in, later ones be looked at."""
    return _show(request, visit, on)


@router.get("/days/{on}/ahead", name="show_day_ahead")
def show_ahead(request: Request, visit: VisitDep, on: Day) -> Response:
    """Show today, or a day of the coming week as it will be when it begins: to be kept offline."""
    if not visit.today <= on <= visit.today + timedelta(days=DAYS_AHEAD):
        raise NotFound
    if on > visit.today:
        begins_at = visit.user.day_turns_at(on - timedelta(days=1))
        request.state.visit = visit = replace(visit, now=begins_at)
    return _show(request, visit, on)


@router.get("/calendar", name="show_this_month")
def show_this_month(request: Request, visit: VisitDep) -> Response:
    """Lead to the month of today."""
    month = f"{visit.today:%Y-%m}"
    return RedirectResponse(path_for(request, "show_month", month=month), status_code=303)


@router.get("/calendar/{month}", name="show_month")
def show_month(request: Request, visit: VisitDep, month: str) -> Response:
    """Show a month of days, each with its share taken and what was noted."""
    first = _first_of(month)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    context = {
        "nav": "calendar",
        "first": first,
        "cells": _cells(visit, first, last),
        "weekday_order": [(visit.user.first_weekday - 1 + i) % 7 for i in range(7)],
        "earlier": f"{first - timedelta(days=1):%Y-%m}",
        "later": f"{last + timedelta(days=1):%Y-%m}",
        "weeks": [week_name(monday) for monday in weeks_between(first, last)],
    }
    return render(request, "days/month.html", context)


@router.get("/days/{on}/log", name="show_log")
def show_log(request: Request, visit: VisitDep, on: Day) -> Response:
    """Offer everything that can be logged on a day."""
    page = day_page(visit, on)
    next_from = [each.standing for each in page.as_needed if each.allowed_at is not None]
    context = {
        "nav": "today",
        "on": on,
        "page": page,
        "as_needed_hint": next_from[0] if next_from else "",
    }
    return render(request, "days/log.html", context)


@dataclass(frozen=True, slots=True)
class MonthCell:
    """One day of the month."""

    on: date
    share: float | None
    taken: int
    due: int
    is_in_month: bool
    is_today: bool
    is_future: bool
    is_before: bool
    has_check_in: bool
    has_note: bool


def _show(request: Request, visit: Visit, on: date) -> Response:
    if visit.user.is_large:
        turns_at = visit.user.day_turns_at(visit.today)
        large = {"nav": "today", "page": day_page(visit, on), "turns_at": turns_at}
        return render(request, "days/large.html", large)
    notes, blood_test = day_notes(visit, on)
    context = {
        "nav": "today" if on == visit.today else "calendar",
        "page": day_page(visit, on),
        "check_in": check_in_card(visit, on),
        "measurements": measurements_on(visit, on),
        "notes": notes,
        "blood_test": blood_test,
        "may_plan": on <= visit.today + timedelta(days=MOST_DAYS_AHEAD),
        "shedding": shedding_tile(visit, on),
        "photos": photos_on(visit, on),
        "turns_at": visit.user.day_turns_at(visit.today),
    }
    return render(request, "days/show.html", context)


def _first_of(month: str) -> date:
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise NotFound from error
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise NotFound
    return first


def _cells(visit: Visit, first: date, last: date) -> list[MonthCell]:
    user, today = visit.user, visit.today
    lead = (first.isoweekday() - user.first_weekday) % 7
    grid_first = first - timedelta(days=lead)
    weeks = (lead + (last - first).days) // 7 + 1
    grid_last = grid_first + timedelta(days=7 * weeks - 1)
    rows: dict[date, list[Row]] = {}
    for row in ledger_between(visit.session, user, grid_first, grid_last, today=today):
        rows.setdefault(row.on, []).append(row)
    noted = {note.on for note in visit.session.exec(Note.between(user.id, grid_first, grid_last))}
    answered = {
        each.on
        for table in (CheckIn, SymptomReport)
        for each in visit.session.exec(table.between(user.id, grid_first, grid_last))
    }
    cells = []
    for offset in range(7 * weeks):
        on = grid_first + timedelta(days=offset)
        asked = [
            row
            for row in rows.get(on, [])
            if row.planned_amount is not None and row.standing not in NOT_ASKED
        ]
        taken = sum(row.is_taken for row in asked)
        cells.append(
            MonthCell(
                on=on,
                share=taken / len(asked) if asked else None,
                taken=taken,
                due=len(asked),
                is_in_month=first <= on <= last,
                is_today=on == today,
                is_future=on > today,
                is_before=on < user.began_on,
                has_check_in=on in answered,
                has_note=on in noted,
            )
        )
    return cells
