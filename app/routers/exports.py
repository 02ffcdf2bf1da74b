"""Download your own data: everything as one ZIP, or single CSV files."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import Engine

from app.db import reading
from app.diary import Diary
from app.errors import NotFound, Refused
from app.i18n import _, lazy
from app.interchange.csv_export import FILES, Flavour, csv_chunks, snapshot
from app.interchange.csv_rows import Extract
from app.interchange.zip_export import Extracts, zip_chunks
from app.models import ActivityKind, User
from app.services.spool import spooled
from app.web.http.activity import record_apart
from app.web.http.deps import Now, SessionRoute, VisitDep
from app.web.http.downloads import Download
from app.web.http.reading import Submission
from app.web.http.templating import render
from app.web.pages.photos.page import store_of

router = APIRouter(tags=["exports"], route_class=SessionRoute)

MEANINGS = {
    "skipped": lazy("You chose not to take it."),
    "missed": lazy("The day ended without an answer. It is calculated, so it has no id."),
    "extra": lazy("Taken without being due. It is never counted in percentages."),
    "backfilled": lazy("True if a dose was logged more than 24 hours after it was due."),
}
INTENDED_USE = lazy(
    "This is a personal diary. It stores and charts what you enter and shows general, cited "
    "information. It does not diagnose, treat, predict, or tell you what to take. "
    "It is not a medical device."
)

Typed = Annotated[str, Query(max_length=40)]
From = Annotated[str, Query(alias="from", max_length=40)]


@router.get("/export", name="show_export")
def show(request: Request, visit: VisitDep) -> Response:
    """Show what can be downloaded."""
    return _show(request, Submission())


@router.get("/export/strand.zip", name="download_everything")
def download_everything(
    request: Request,
    visit: VisitDep,
    now: Now,
    first: From = "",
    to: Typed = "",
    flavour: Typed = Flavour.PLAIN,
) -> Response:
    """Send every CSV file and the photos as one archive."""
    try:
        choice = _choice(first, to, flavour)
    except Refused as refusal:
        values = {"from": first, "to": to, "flavour": flavour}
        return _show(request, Submission(values=values).refused(refusal), 422)
    extracts = _extracts(request, visit.diary, now, choice)
    headers = {"content-disposition": 'attachment; filename="strand.zip"'}
    chunks = zip_chunks(extracts, store_of(request), choice.flavour)
    answer = Download(chunks, visit.diary.owner.id, media_type="application/zip", headers=headers)
    record_apart(request, visit.diary.owner.id, ActivityKind.EXPORTED, now, "strand.zip")
    return answer


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
    """Send one file of any length."""
    if name not in FILES:
        raise NotFound
    try:
        choice = _choice(first, to, flavour)
    except Refused as refusal:
        values = {"from": first, "to": to, "flavour": flavour}
        return _show(request, Submission(values=values).refused(refusal), 422)
    extracts = _extracts(request, visit.diary, now, choice)

    def chunks() -> Generator[bytes]:
        with extracts() as extract:
            yield from csv_chunks(FILES[name], extract, choice.flavour)

    filename = f"strand-{name}-{visit.diary.today}.csv"
    headers = {"content-disposition": f'attachment; filename="{filename}"'}
    answer = Download(
        spooled(chunks()), visit.diary.owner.id, media_type="text/csv", headers=headers
    )
    record_apart(request, visit.diary.owner.id, ActivityKind.EXPORTED, now, f"{name}.csv")
    return answer


@dataclass(frozen=True, slots=True)
class Choice:
    """The wanted days, both inclusive, and the flavour."""

    first: date | None
    last: date | None
    flavour: Flavour


def _choice(first: str, to: str, flavour: str) -> Choice:
    choice = Choice(_day(first, "from"), _day(to, "to"), _flavour(flavour))
    if choice.first and choice.last and choice.last < choice.first:
        raise Refused(_("The last day is before the first day."), "to")
    return choice


def _extracts(request: Request, diary: Diary, now: datetime, choice: Choice) -> Extracts:
    """Return how a download opens the database: it outlasts the request's own session."""
    engine: Engine = request.app.state.database.engine
    user_id = diary.owner.id

    @contextmanager
    def opened() -> Iterator[Extract]:
        with reading(snapshot(engine)) as session:
            user = session.get_one(User, user_id)
            yield Extract(session, user, now, choice.first, choice.last)

    return opened


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
        raise Refused(_("Choose one from the list."), "flavour") from error


def _show(request: Request, submission: Submission[BaseModel], status_code: int = 200) -> Response:
    context = {
        "nav": "settings",
        "submission": submission,
        "files": {name: file.contents for name, file in FILES.items()},
        "meanings": MEANINGS,
        "intended_use": INTENDED_USE,
    }
    return render(request, "exports/show.html", context, status_code=status_code)
