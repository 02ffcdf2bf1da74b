"""The page that moves the first day of the diary."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.services.first_day import move_first_day
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import Saving
from app.web.http.reading import Day, EntryForm, Submission, submitted
from app.web.http.templating import path_for, render

router = APIRouter(prefix="/settings/first-day", tags=["settings"], route_class=SessionRoute)


class FirstDayForm(EntryForm):
    """The new first day of the diary."""

    began_on: Day


FirstDaySubmission = Annotated[Submission[FirstDayForm], Depends(submitted(FirstDayForm))]


@router.get("", name="edit_first_day")
def edit(request: Request, visit: VisitDep) -> Response:
    """Show the form for the first day."""
    values = {"began_on": str(visit.viewer.began_on)}
    return _show(request, Submission(values=values))


@router.post("", name="update_first_day")
def update(request: Request, visit: VisitDep, submission: FirstDaySubmission) -> Response:
    """Move the first day."""
    with Saving(visit.diary.session, submission) as entry:
        decision = visit.decision(entry.form)
        move_first_day(visit.diary.session, visit.viewer, entry.form.began_on, decision)
        return RedirectResponse(path_for(request, "show_settings") + "?saved=1", 303)
    return _show(request, entry.submission, status_code=422)


def _show(
    request: Request, submission: Submission[FirstDayForm], status_code: int = 200
) -> Response:
    context = {"nav": "settings", "submission": submission}
    return render(request, "settings/first_day.html", context, status_code=status_code)
