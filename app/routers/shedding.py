"""Counts of shed hairs, compared with the person's own earlier counts."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.diary import Diary
from app.domain.quantities import parse_whole_number
from app.domain.shedding import (
    LONGEST_SET,
    MOST_HAIRS,
    MOST_RUNS,
    SCORES,
    CountMethod,
)
from app.errors import Refused
from app.i18n import _
from app.language.shedding_words import BUNDLES, LENGTHS, METHODS, TREATMENTS
from app.models import SheddingCount
from app.models.shedding_count import shedding_count_id
from app.records import SHEDDING_COUNT
from app.services.shedding import record_count, take_back_count
from app.web.forms.shedding_count import CountForm, CountSubmission
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import Saving, deleted, refused
from app.web.http.reading import Day, Submission, WholeNumber, read_day
from app.web.http.templating import path_for, render
from app.web.http.visit import Visit
from app.web.pages.shedding.count import count_page, field_of
from app.web.pages.shedding.page import shedding_page

router = APIRouter(tags=["shedding"], route_class=SessionRoute)

READING = re.compile(r"(hairs|score)-(\d{4}-\d{2}-\d{2})-([1-9])", re.ASCII)


@router.get("/shedding", name="index_shedding")
def index(
    request: Request,
    visit: VisitDep,
    method: CountMethod | None = None,
    since: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """Show the counts of one method beside the person's own range."""
    is_everything = since == "all"
    context = {
        "nav": "today",
        "page": shedding_page(visit, method, is_everything=is_everything),
        "methods": METHODS,
        "is_everything": is_everything,
    }
    return render(request, "shedding/index.html", context)


@router.get("/days/{on}/shedding", name="new_count")
def new(request: Request, visit: VisitDep, on: Day) -> Response:
    """Redirect to the counting method used last."""
    last = visit.diary.session.exec(
        SheddingCount.newest(visit.diary.owner.id, visit.diary.today)
    ).first()
    method = last.method if last else CountMethod.SIXTY_SECOND
    address = path_for(request, "edit_count", on=on, method=method)
    return RedirectResponse(f"{address}?{request.url.query}".removesuffix("?"), status_code=303)


@router.get("/days/{on}/shedding/{method}", name="edit_count")
def edit(
    request: Request,
    visit: VisitDep,
    on: Day,
    method: CountMethod,
    run: Annotated[WholeNumber, Query(ge=1, le=MOST_RUNS)] = 1,
) -> Response:
    """Guide through a count, or show the form for that day's count."""
    return render(
        request, "shedding/edit.html", _context(visit.diary, on, method, run, Submission())
    )


@router.post("/days/{on}/shedding/{method}", name="update_count")
def update(
    request: Request, visit: VisitDep, on: Day, method: CountMethod, submission: CountSubmission
) -> Response:
    """Save the readings that were sent."""
    with Saving(visit.diary.session, submission) as entry:
        _record(visit, on, method, entry.form, submission.values)
        address = path_for(request, "index_shedding")
        return entry.accepted(request, f"{address}?method={method.value}")
    run = submission.form.run if submission.form else 1
    context = _context(visit.diary, on, method, run, entry.submission)
    return refused(request, entry.submission, "shedding/edit.html", context)


@router.post("/shedding/{shedding_count_id}/delete", name="destroy_count")
def destroy(
    request: Request, visit: VisitDep, shedding_count_id: UUID, submission: CountSubmission
) -> Response:
    """Delete a reading."""
    row = visit.diary.own(SheddingCount, shedding_count_id)
    decision = visit.decision(submission.form or CountForm())
    take_back_count(visit.diary.session, row, decision)
    return deleted(request, decision, path_for(request, "index_shedding"))


def _record(
    visit: Visit, on: date, method: CountMethod, form: CountForm, sent: Mapping[str, Any]
) -> None:
    readings = [name for name in sent if READING.fullmatch(name)]
    if not readings:
        raise Refused(_missing(method), field_of(method, on, form.run))
    for name in readings:
        try:
            _record_one(visit, on, method, form, name, str(sent[name]))
        except Refused as refusal:
            raise Refused(str(refusal), name) from refusal


def _record_one(
    visit: Visit, on: date, method: CountMethod, form: CountForm, name: str, typed: str
) -> None:
    kind, day, run = _parts(name)
    if (kind == "score") is not method.is_score:
        raise Refused(_("Choose a picture from 1 to 6, or count hairs with another method."))
    if abs(day - on) >= LONGEST_SET:
        raise Refused(_("This day is too far from the set: open its own page."))
    value = _value(method, typed.strip())
    kept = visit.diary.session.get(
        SheddingCount, shedding_count_id(visit.diary.owner.id, day, method, run)
    )
    is_own = (day, run) == (on, form.run)
    if kept is not None and not is_own and kept.reading.value == value:
        return
    about = form.details() if is_own or kept is None else kept
    figure = {"hairs": None, "score": None, kind: value}
    count = SHEDDING_COUNT.like(about, on=day, method=method, run=run, logged_at=None, **figure)
    record_count(visit.diary.session, visit.diary.owner, count, visit.decision(form))


def _parts(name: str) -> tuple[str, date, int]:
    match = READING.fullmatch(name)
    assert match is not None
    kind, day, run = match.groups()
    if int(run) > MOST_RUNS:
        raise Refused(_("At most three counts a day."))
    try:
        return kind, read_day(day), int(run)
    except ValueError as error:
        raise Refused(_("Enter a date such as 2026-11-23.")) from error


def _value(method: CountMethod, typed: str) -> int:
    if not typed:
        raise Refused(_missing(method))
    try:
        value = parse_whole_number(typed)
    except ValueError:
        value = -1
    if method.is_score and value not in SCORES:
        raise Refused(_("Choose one of the six pictures."))
    if not 0 <= value <= MOST_HAIRS:
        raise Refused(_("Enter a whole number from 0 to 5,000."))
    return value


def _missing(method: CountMethod) -> str:
    if method.is_score:
        return _("Choose the picture that fits best.")
    return _("Enter how many hairs you counted. 0 is a count.")


def _context(
    diary: Diary, on: date, method: CountMethod, run: int, submission: Submission[CountForm]
) -> dict[str, object]:
    page = count_page(diary, on, method, run, submission)
    return {
        "nav": "today",
        "page": page,
        "typed": page.values,
        "lengths": LENGTHS,
        "treatments": TREATMENTS,
        "bundles": BUNDLES,
        "submission": submission,
    }
