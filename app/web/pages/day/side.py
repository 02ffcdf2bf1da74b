"""The cards beside the doses of a day: check-in, measurements, notes, photos, hair counts."""

from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import Request
from markupsafe import Markup

from app.domain.life_events import MOST_DAYS_AHEAD
from app.web.http.templating import template
from app.web.http.visit import Visit
from app.web.pages.day.check_in_card import check_in_card
from app.web.pages.day.notes import BloodTest, day_notes
from app.web.pages.day.shedding_tile import shedding_tile
from app.web.pages.measurements.page import measurement_lines
from app.web.pages.photos.page import shown_on


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day, and whether it can be edited."""

    on: date
    is_editable: bool
    is_today: bool
    is_future: bool


@dataclass(frozen=True, slots=True)
class DaySide:
    """The markup beside the doses, and the blood test to announce below them."""

    markup: Markup
    blood_test: BloodTest | None


def day_side(request: Request, visit: Visit, on: date) -> DaySide:
    """Read and draw everything but doses; it changes with the day, not with the time."""
    diary = visit.diary
    notes, blood_test = day_notes(visit, on)
    context = {
        "viewer": visit.viewer,
        "page": ShownDay(on, diary.may_edit(on), on == diary.today, on > diary.today),
        "check_in": check_in_card(diary, on),
        "measurements": measurement_lines(visit, on),
        "notes": notes,
        "may_plan": on <= diary.today + timedelta(days=MOST_DAYS_AHEAD),
        "shedding": shedding_tile(visit, on),
        "photos": shown_on(visit, on),
    }
    return DaySide(Markup(template(request, "days/_side.html").render(context)), blood_test)
