"""Pauses: days on hold, which count for nothing."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from app.errors import Refused
from app.models import Pause, RegimenItem
from app.services.items import check_pause
from app.services.regimen import grow_version
from app.web.deps import Route, Visit, VisitDep
from app.web.forms import Day, OneLine, Submission, submitted
from app.web.templating import path_for, render

router = APIRouter(tags=["pauses"], route_class=Route)


class PauseForm(BaseModel):
    """First and last day on hold; without a last day it lasts until it is ended."""

    starts_on: Day
    ends_on: Day | None = None
    note: Annotated[OneLine, Field(max_length=200)] = ""


PauseSubmission = Annotated[Submission[PauseForm], Depends(submitted(PauseForm))]


@router.get("/regimen/{regimen_item_id}/pauses/new", name="new_pause")
def new(request: Request, visit: VisitDep, regimen_item_id: UUID) -> Response:
    """Ask from when to when."""
    values = {"starts_on": str(visit.today)}
    return _show(request, visit, regimen_item_id, None, Submission(values=values))


@router.post("/regimen/{regimen_item_id}/pauses", name="create_pause")
def create(
    request: Request, visit: VisitDep, regimen_item_id: UUID, submission: PauseSubmission
) -> Response:
    """Put an item on hold."""
    item = visit.own(RegimenItem, regimen_item_id)
    return _save(request, visit, item, None, submission)


@router.get("/pauses/{pause_id}/edit", name="edit_pause")
def edit(request: Request, visit: VisitDep, pause_id: UUID) -> Response:
    """Show a pause to be changed."""
    pause = visit.own(Pause, pause_id)
    values = {
        "starts_on": str(pause.starts_on),
        "ends_on": str(pause.ends_on or ""),
        "note": pause.note,
    }
    return _show(request, visit, pause.regimen_item_id, pause, Submission(values=values))


@router.post("/pauses/{pause_id}", name="update_pause")
def update(
    request: Request, visit: VisitDep, pause_id: UUID, submission: PauseSubmission
) -> Response:
    """Keep a pause's days."""
    pause = visit.own(Pause, pause_id)
    item = visit.own(RegimenItem, pause.regimen_item_id)
    return _save(request, visit, item, pause, submission)


@router.post("/pauses/{pause_id}/end", name="end_pause")
def end(request: Request, visit: VisitDep, pause_id: UUID) -> Response:
    """Go on from today: the pause ends with yesterday, or goes if it began today."""
    pause = visit.own(Pause, pause_id)
    yesterday: date = visit.today - timedelta(days=1)
    if pause.starts_on > yesterday:
        visit.session.delete(pause)
    else:
        pause.ends_on = yesterday
        visit.session.add(pause)
    return _done(request, visit, pause.regimen_item_id)


@router.post("/pauses/{pause_id}/delete", name="destroy_pause")
def destroy(request: Request, visit: VisitDep, pause_id: UUID) -> Response:
    """Take a pause back: its days count again."""
    pause = visit.own(Pause, pause_id)
    visit.session.delete(pause)
    return _done(request, visit, pause.regimen_item_id)


def _save(
    request: Request,
    visit: Visit,
    item: RegimenItem,
    pause: Pause | None,
    submission: Submission[PauseForm],
) -> Response:
    form = submission.form
    if form is not None:
        try:
            but = pause.id if pause else None
            check_pause(visit.session, item, form.starts_on, form.ends_on, but=but)
        except Refused as refusal:
            submission = submission.refused(refusal)
        else:
            row = pause or Pause(
                user_id=item.user_id, regimen_item_id=item.id, starts_on=form.starts_on
            )
            row.starts_on, row.ends_on, row.note = form.starts_on, form.ends_on, form.note
            visit.session.add(row)
            return _done(request, visit, item.id)
    return _show(request, visit, item.id, pause, submission, status_code=422)


def _done(request: Request, visit: Visit, regimen_item_id: UUID) -> Response:
    grow_version(visit.session, visit.user)
    visit.session.commit()
    address = path_for(request, "show_regimen_item", regimen_item_id=regimen_item_id)
    return RedirectResponse(address, status_code=303)


def _show(
    request: Request,
    visit: Visit,
    regimen_item_id: UUID,
    pause: Pause | None,
    submission: Submission[PauseForm],
    status_code: int = 200,
) -> Response:
    context = {
        "nav": "regimen",
        "item": visit.item(regimen_item_id),
        "pause": pause,
        "submission": submission,
    }
    return render(request, "pauses/edit.html", context, status_code=status_code)
