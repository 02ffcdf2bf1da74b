"""Close hints for good."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.models import Hint
from app.services.preferences import close_hint
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import accepted
from app.web.http.reading import BareSubmission, EntryForm
from app.web.http.templating import path_for

router = APIRouter(prefix="/settings/hints", tags=["settings"], route_class=SessionRoute)

# The page of each hint.
HINTED = {
    Hint.TODAY: "show_today",
    Hint.INSTALL: "show_today",
    Hint.REMINDERS: "show_today",
    Hint.TRENDS: "show_trends",
    Hint.REGIMEN: "index_regimen",
}


@router.post("/{hint}/close", name="close_hint")
def close(request: Request, visit: VisitDep, hint: Hint, submission: BareSubmission) -> Response:
    """Never show a hint again."""
    decision = visit.decision(submission.form or EntryForm())
    close_hint(visit.diary.session, visit.viewer, hint, decision)
    visit.diary.session.commit()
    return accepted(request, path_for(request, HINTED[hint]))
