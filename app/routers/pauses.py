"""Pauses: days that count for nothing."""

from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.diary import Diary
from app.models import Pause, RegimenItem
from app.services.pauses import end_pause, remove_pause, save_pause
from app.web.forms.pause import PauseForm, PauseSubmission, values_of_pause
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import Saving, deleted, saved_item
from app.web.http.reading import BareSubmission, EntryForm, Submission
from app.web.http.templating import path_for, render
from app.web.http.visit import Visit

router = APIRouter(tags=["pauses"], route_class=SessionRoute)


@router.get("/regimen/{regimen_item_id}/pauses/new", name="new_pause")
def new(request: Request, visit: VisitDep, regimen_item_id: UUID) -> Response:
    """Ask for the first and the last day."""
    values = {"starts_on": str(visit.diary.today), "id": str(uuid4())}
    return _show(request, visit.diary, regimen_item_id, None, Submission(values=values))


@router.post("/regimen/{regimen_item_id}/pauses", name="create_pause")
def create(
    request: Request, visit: VisitDep, regimen_item_id: UUID, submission: PauseSubmission
) -> Response:
    """Pause an item."""
    item = visit.diary.own(RegimenItem, regimen_item_id)
    return _save(request, visit, item, None, submission)


@router.get("/pauses/{pause_id}/edit", name="edit_pause")
def edit(request: Request, visit: VisitDep, pause_id: UUID) -> Response:
    """Show the form for a pause."""
    pause = visit.diary.own(Pause, pause_id)
    submission: Submission[PauseForm] = Submission(values=values_of_pause(pause))
    return _show(request, visit.diary, pause.regimen_item_id, pause, submission)


@router.post("/pauses/{pause_id}", name="update_pause")
def update(
    request: Request, visit: VisitDep, pause_id: UUID, submission: PauseSubmission
) -> Response:
    """Save a pause's days."""
    pause = visit.diary.own(Pause, pause_id)
    item = visit.diary.own(RegimenItem, pause.regimen_item_id)
    return _save(request, visit, item, pause, submission)


@router.post("/pauses/{pause_id}/end", name="end_pause")
def end(request: Request, visit: VisitDep, pause_id: UUID, submission: BareSubmission) -> Response:
    """End a pause now."""
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
    """Delete a pause: its days count again."""
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
        asked, decision = form.pause(pause_id, item.id), visit.decision(form)
        save_pause(visit.diary.session, visit.diary.owner, asked, decision)
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
