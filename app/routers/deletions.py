"""Undo a deletion of any kind."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.services.undo import Deletion, undo_deletion
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import accepted
from app.web.http.reading import BareSubmission, EntryForm
from app.web.http.templating import path_for
from app.web.pages.photos.page import store_of

router = APIRouter(prefix="/deleted", tags=["deletions"], route_class=SessionRoute)


@router.post("/{entry_id}/undo", name="undo_deletion")
def undo(request: Request, visit: VisitDep, entry_id: UUID, submission: BareSubmission) -> Response:
    """Restore what an entry deleted, and show it."""
    decision = visit.decision(submission.form or EntryForm())
    deletion = undo_deletion(
        visit.diary.session, visit.diary.owner, store_of(request), entry_id, decision
    )
    visit.diary.session.commit()
    return accepted(request, _place_of(request, deletion))


def _place_of(request: Request, deletion: Deletion) -> str:
    """Return the page that shows the restored row."""
    before = deletion.before or {}
    match deletion.kind:
        case "note" | "measurement":
            return path_for(request, "show_day", on=before["on"])
        case "shedding_count":
            return f"{path_for(request, 'index_shedding')}?method={before['method'].value}"
        case "photo":
            return path_for(request, "show_photo", photo_id=deletion.id)
        case "medicine":
            return path_for(request, "index_medicines")
        case "apart_rule":
            return path_for(request, "show_hours_apart")
        case _:
            # That of a pause or a supply; an item has its own id.
            item_id = before.get("regimen_item_id", deletion.id)
            return path_for(request, "show_regimen_item", regimen_item_id=item_id)
