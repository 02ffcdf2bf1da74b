"""Pauses: days on hold, which count for nothing."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field

from app.diary import Diary
from app.models import Pause, RegimenItem
from app.services.pauses import PauseInput, end_pause, remove_pause, save_pause
from app.web.forms.reading import BareSubmission, Day, EntryForm, OneLine, Submission, submitted
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import Saving, deleted, saved_item
from app.web.http.templating import path_for, render
from app.web.http.visit import Visit

router = APIRouter(tags=["pauses"], route_class=SessionRoute)


class PauseForm(EntryForm):
    """First and last day on hold; the page names a new pause, so that it is one pause however
    often the form is sent.
    """

    starts_on: Day
    ends_on: Day | None = None
    id: UUID | None = None
    note: Annotated[OneLine, Field(max_length=200)] = ""


PauseSubmission = Annotated[Submission[PauseForm], Depends(submitted(PauseForm))]


@router.get("/regimen/{regimen_item_id}/pauses/new", name="new_pause")
def new(request: Request, visit: VisitDep, regimen_item_id: UUID) -> Response:
    """Ask from when to when."""
    values = {"starts_on": str(visit.diary.today), "id": str(uuid4())}
    return _show(request, visit.diary, regimen_item_id, None, Submission(values=values))


@router.post("/regimen/{regimen_item_id}/pauses", name="create_pause")
def create(
    request: Request, visit: VisitDep, regimen_item_id: UUID, submission: PauseSubmission
) -> Response:
    """Put an item on hold."""
    item = visit.diary.own(RegimenItem, regimen_item_id)
    return _save(request, visit, item, None, submission)


@router.get("/pauses/{pause_id}/edit", name="edit_pause")
def edit(request: Request, visit: VisitDep, pause_id: UUID) -> Response:
    """Show a pause to be changed."""
    pause = visit.diary.own(Pause, pause_id)
    values = {
        "starts_on": str(pause.starts_on),
        "ends_on": str(pause.last_day or ""),
        "note": pause.note,
    }
    return _show(request, visit.diary, pause.regimen_item_id, pause, Submission(values=values))


@router.post("/pauses/{pause_id}", name="update_pause")
def update(
    request: Request, visit: VisitDep, pause_id: UUID, submission: PauseSubmission
) -> Response:
    """Keep a pause's days."""
    pause = visit.diary.own(Pause, pause_id)
    item = visit.diary.own(RegimenItem, pause.regimen_item_id)
    return _save(request, visit, item, pause, submission)


@router.post("/pauses/{pause_id}/end", name="end_pause")
def end(request: Request, visit: VisitDep, pause_id: UUID, submission: BareSubmission) -> Response:
    """Go on from today."""
    pause = visit.diary.own(Pause, pause_id)
    item_id = pause.regimen_item_id
    decision = visit.decision(submission.form or EntryForm())
    end_pause(visit.diary.session, visit.diary.owner, pause, visit.diary.today, decision)
    visit.diary.session.commit()
    return saved_item(request, item_id)


@router.post("/pauses/{pause_id}/delete", name="destroy_pause")
def destroy(
    request: Request, visit: VisitDep, pause_id: UUID, submission: BareSubmission
) -> Response:
    """Take a pause back: its days count again."""
    pause = visit.diary.own(Pause, pause_id)
    item_id = pause.regimen_item_id
    decision = visit.decision(submission.form or EntryForm())
    remove_pause(visit.diary.session, pause, decision)
    address = path_for(request, "show_regimen_item", regimen_item_id=item_id)
    return deleted(request, decision, address)


def _save(
    request: Request,
    visit: Visit,
    item: RegimenItem,
    pause: Pause | None,
    submission: Submission[PauseForm],
) -> Response:
    with Saving(visit.diary.session, submission) as entry:
        form = entry.form
        pause_id = pause.id if pause else form.id or uuid4()
        asked = PauseInput(starts_on=form.starts_on, ends_on=form.ends_on, note=form.note)
        decision = visit.decision(form)
        save_pause(visit.diary.session, visit.diary.owner, item, pause_id, asked, decision)
        return saved_item(request, item.id)
    return _show(request, visit.diary, item.id, pause, entry.submission, status_code=422)


def _show(
    request: Request,
    diary: Diary,
    regimen_item_id: UUID,
    pause: Pause | None,
    submission: Submission[PauseForm],
    status_code: int = 200,
) -> Response:
    context = {
        "nav": "regimen",
        "item": diary.item(regimen_item_id),
        "pause": pause,
        "submission": submission,
    }
    return render(request, "pauses/edit.html", context, status_code=status_code)
