"""Ready-made sets: several items at once, edited before they are saved."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.diary import Diary
from app.domain.catalogue import GRADES, ReadyMadeSet
from app.services.dosages import MOST_TIMES
from app.services.ready_made_sets import add_set, set_named
from app.web.forms.ready_made_set import SetForm
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import Saving
from app.web.http.reading import Submission, asks_for_rows, submitted
from app.web.http.templating import path_for, render
from app.web.pages.regimen.ready_made_set import lines_of_set

router = APIRouter(prefix="/regimen/sets", tags=["regimen"], route_class=SessionRoute)

SetSubmission = Annotated[Submission[SetForm], Depends(submitted(SetForm))]


@router.get("/{set_id}", name="new_set")
def new(request: Request, visit: VisitDep, set_id: str) -> Response:
    """Show a set with its grades, to be edited."""
    return _show(request, visit.diary, set_named(set_id), Submission())


@router.post("/{set_id}", name="create_set")
def create(request: Request, visit: VisitDep, set_id: str, submission: SetSubmission) -> Response:
    """Add the ticked treatments, all or none."""
    ready_made, diary = set_named(set_id), visit.diary
    if asks_for_rows(submission):
        return _show(request, diary, ready_made, submission.unchecked())
    with Saving(diary.session, submission) as entry:
        form = entry.form
        chosen = form.chosen_treatments(ready_made)
        decision = visit.decision(form)
        add_set(diary.session, diary.owner, ready_made, chosen, decision, form.id)
        return RedirectResponse(path_for(request, "show_today"), status_code=303)
    return _show(request, diary, ready_made, entry.submission, status_code=422)


def _show(
    request: Request,
    diary: Diary,
    ready_made: ReadyMadeSet,
    submission: Submission[SetForm],
    status_code: int = 200,
) -> Response:
    context = {
        "nav": "regimen",
        "id": submission.values.get("id") or uuid4(),
        "set": ready_made,
        "lines": lines_of_set(ready_made, submission.values),
        "most_times": MOST_TIMES,
        "grades": GRADES,
        "submission": submission,
        "is_first": not diary.regimen.items,
    }
    return render(request, "ready_made_sets/new.html", context, status_code=status_code)
