"""Download one's own data."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel
from sqlalchemy import Engine

from app.db import reading
from app.errors import NotFound, Refused
from app.models import User
from app.services.csv_export import FILES, Flavour, csv_chunks, snapshot
from app.services.csv_rows import Extract
from app.web.deps import Now, Route, VisitDep
from app.web.forms import Submission
from app.web.templating import render
from app.web.words import _

router = APIRouter(tags=["exports"], route_class=Route)

CONTENTS = {
    "doses": _("Every dose: due, taken, skipped, missed and extra."),
    "regimen": _("What you take and took, from when to when."),
    "dosages": _("How much and how often, with every change."),
    "check-ins": _("Mood, energy, sleep, stress, focus and the day's note."),
    "symptoms": _("Symptoms by day, the worst of each."),
    "shedding": _("Hair counts, one row a reading."),
    "notes": _("Notes, and what happened."),
    "days": _("One row a day: doses, answers and counts side by side."),
    "weeks": _("The same by week: means, and how many numbers stand behind each."),
    "photos": _("What is said of each photo, and the name of its file."),
    "measures": _("Blood pressure, pulse and weight, one row a reading."),
    "hair-reviews": _("Part width, and the hair compared with the first photos, -3 to 3."),
    "pauses": _("When an item was on hold."),
    "medicines": _("What else you take, for hours apart and for the lab."),
    "hours-apart": _("Your own rules of hours apart."),
    "ingredients": _("What one dose of an item holds, by its label."),
}
MEANINGS = {
    "skipped": _("You said that you did not take it."),
    "missed": _("Its day ended without an answer. Worked out, so it has no id."),
    "extra": _("Taken without being due; it never raises a figure."),
    "backfilled": _("True where a dose was logged more than 24 hours after it was due."),
}
INTENDED_USE = _(
    "This is a personal diary. It stores and charts what you enter and shows general, cited "
    "information. It does not diagnose, treat, predict, or tell you what to take. "
    "It is not a medical device."
)

Typed = Annotated[str, Query(max_length=40)]
From = Annotated[str, Query(alias="from", max_length=40)]


@router.get("/export", name="show_export")
def show(request: Request, visit: VisitDep) -> Response:
    """List the files, and offer to narrow them."""
    return _show(request, Submission())


@router.get("/export/{name}.csv", name="download_csv")
def download(
    request: Request,
    visit: VisitDep,
    now: Now,
    name: str,
    first: From = "",
    to: Typed = "",
    flavour: Typed = Flavour.PLAIN,
) -> Response:
    """Send one file while it is being read, however long it is."""
    if name not in FILES:
        raise NotFound
    try:
        first_day, last_day = _day(first, "from"), _day(to, "to")
        if first_day and last_day and last_day < first_day:
            raise Refused(_("The last day lies before the first."), "to")
        chosen = _flavour(flavour)
    except Refused as refusal:
        values = {"from": first, "to": to, "flavour": flavour}
        return _show(request, Submission(values=values).refused(refusal), 422)
    engine: Engine = request.app.state.engine
    user_id = visit.user.id

    def chunks() -> Iterator[bytes]:
        with reading(snapshot(engine)) as session:
            user = session.get_one(User, user_id)
            extract = Extract(session, user, now, first_day, last_day)
            yield from csv_chunks(FILES[name], extract, chosen)

    filename = f"strand-{name}-{visit.today}.csv"
    headers = {"content-disposition": f'attachment; filename="{filename}"'}
    return StreamingResponse(chunks(), media_type="text/csv", headers=headers)


def _day(typed: str, field: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError as error:
        raise Refused(_("Enter a date such as 2026-11-23."), field) from error


def _flavour(typed: str) -> Flavour:
    try:
        return Flavour(typed or Flavour.PLAIN)
    except ValueError as error:
        raise Refused(_("Choose one of the list."), "flavour") from error


def _show(request: Request, submission: Submission[BaseModel], status_code: int = 200) -> Response:
    context = {
        "nav": "settings",
        "submission": submission,
        "files": CONTENTS,
        "meanings": MEANINGS,
        "intended_use": INTENDED_USE,
    }
    return render(request, "exports/show.html", context, status_code=status_code)
