"""Stop, restart, delete and restore an item."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field

from app.diary import Diary
from app.errors import Refused
from app.i18n import _
from app.models import RegimenItem
from app.services.deleted_items import deleted_items, restore_item
from app.services.items import remove_item, restart_item, stop_item
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import Saving, deleted, saved_item
from app.web.http.reading import BareSubmission, Day, EntryForm, OneLine, Submission, submitted
from app.web.http.templating import path_for, render

router = APIRouter(prefix="/regimen", tags=["regimen"], route_class=SessionRoute)


class StopForm(EntryForm):
    """The last day on which an item is taken, and why."""

    ends_on: Day
    reason: Annotated[OneLine, Field(max_length=200)] = ""


class RestartForm(EntryForm):
    """The first day on which a stopped item is taken again; today if empty."""

    restarts_on: Day | None = None


class DeleteItemForm(EntryForm):
    """A ticked box that confirms the deletion."""

    confirm: str = ""


RestartSubmission = Annotated[Submission[RestartForm], Depends(submitted(RestartForm))]
StopSubmission = Annotated[Submission[StopForm], Depends(submitted(StopForm))]
DeleteSubmission = Annotated[Submission[DeleteItemForm], Depends(submitted(DeleteItemForm))]


@router.get("/deleted", name="index_deleted_items")
def index_deleted(request: Request, visit: VisitDep) -> Response:
    """List the items that were deleted and can be restored."""
    context = {"nav": "regimen", "deleted": deleted_items(visit.diary.session, visit.diary.owner)}
    return render(request, "regimen_items/deleted.html", context)


@router.post("/{regimen_item_id}/restore", name="restore_regimen_item")
def restore(
    request: Request, visit: VisitDep, regimen_item_id: UUID, submission: BareSubmission
) -> Response:
    """Restore a deleted item with all that belonged to it."""
    decision = visit.decision(submission.form or EntryForm())
    restore_item(visit.diary.session, visit.diary.owner, regimen_item_id, decision)
    visit.diary.session.commit()
    return saved_item(request, regimen_item_id)


@router.get("/{regimen_item_id}/stop", name="edit_stop")
def edit_stop(request: Request, visit: VisitDep, regimen_item_id: UUID) -> Response:
    """Ask for the last day."""
    values = {"ends_on": str(visit.diary.today)}
    return _show(request, visit.diary, "stop", regimen_item_id, Submission(values=values))


@router.post("/{regimen_item_id}/stop", name="update_stop")
def update_stop(
    request: Request, visit: VisitDep, regimen_item_id: UUID, submission: StopSubmission
) -> Response:
    """Stop an item; logged doses are kept."""
    row = visit.diary.own(RegimenItem, regimen_item_id)
    with Saving(visit.diary.session, submission) as entry:
        form = entry.form
        decision = visit.decision(form)
        stop_item(visit.diary.session, row, form.ends_on, form.reason, decision)
        return saved_item(request, row.id)
    return _show(request, visit.diary, "stop", regimen_item_id, entry.submission, status_code=422)


@router.get("/{regimen_item_id}/restart", name="edit_restart")
def edit_restart(request: Request, visit: VisitDep, regimen_item_id: UUID) -> Response:
    """Ask for the first day on which a stopped item is taken again."""
    values = {"restarts_on": str(visit.diary.today)}
    return _show(request, visit.diary, "restart", regimen_item_id, Submission(values=values))


@router.post("/{regimen_item_id}/resume", name="resume_regimen_item")
def resume(
    request: Request, visit: VisitDep, regimen_item_id: UUID, submission: RestartSubmission
) -> Response:
    """Restart a stopped item; the days between are a break."""
    row = visit.diary.own(RegimenItem, regimen_item_id)
    with Saving(visit.diary.session, submission) as entry:
        restarts_on = entry.form.restarts_on or visit.diary.today
        decision = visit.decision(entry.form)
        restart_item(visit.diary.session, visit.diary.owner, row, restarts_on, decision)
        return saved_item(request, row.id)
    return _show(
        request, visit.diary, "restart", regimen_item_id, entry.submission, status_code=422
    )


@router.get("/{regimen_item_id}/delete", name="confirm_delete_item")
def confirm_delete(request: Request, visit: VisitDep, regimen_item_id: UUID) -> Response:
    """Ask whether to delete the item and all its doses."""
    return _show(request, visit.diary, "delete", regimen_item_id, Submission())


@router.post("/{regimen_item_id}/delete", name="destroy_regimen_item")
def destroy(
    request: Request, visit: VisitDep, regimen_item_id: UUID, submission: DeleteSubmission
) -> Response:
    """Delete an item with all its doses, once confirmed."""
    row = visit.diary.own(RegimenItem, regimen_item_id)
    if submission.form is None or submission.form.confirm != "yes":
        refusal = Refused(_("Tick the box to confirm."), "confirm")
        refused = submission.refused(refusal)
        return _show(request, visit.diary, "delete", regimen_item_id, refused, status_code=422)
    decision = visit.decision(submission.form)
    remove_item(visit.diary.session, visit.diary.owner, row, decision)
    return deleted(request, decision, path_for(request, "index_regimen"))


def _show(
    request: Request,
    diary: Diary,
    template: str,
    regimen_item_id: UUID,
    submission: Submission[Any],
    status_code: int = 200,
) -> Response:
    context = {"nav": "regimen", "item": diary.item(regimen_item_id), "submission": submission}
    return render(request, f"regimen_items/{template}.html", context, status_code=status_code)
