"""The questions of the check-in, own symptoms, and the recorded measurements."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field

from app.diary import Diary
from app.domain.measurements import MeasurementKind, WeightUnit
from app.services.asked_questions import choose_questions
from app.services.check_ins import questions_of
from app.services.measurements import choose_measures
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import Saving
from app.web.http.reading import EntryForm, Submission, submitted
from app.web.http.templating import path_for, render
from app.web.pages.measurements.page import MEASURE_NAMES, WEIGHT_UNIT_NAMES

router = APIRouter(prefix="/settings/check-in", tags=["settings"], route_class=SessionRoute)


class AskedForm(EntryForm):
    """Which questions are asked, new own symptoms, and which measurements are recorded.

    `measures` is sent empty where none is turned on; a form without it leaves them as they are.
    """

    asked: list[str] = Field(default_factory=list, max_length=100)
    own: list[str] = Field(default_factory=list, max_length=100)
    measures: list[str] = Field(default_factory=list, max_length=10)
    weight_unit: WeightUnit = WeightUnit.KG


AskedSubmission = Annotated[Submission[AskedForm], Depends(submitted(AskedForm))]


@router.get("", name="edit_asked")
def edit(request: Request, visit: VisitDep) -> Response:
    """Show every question, and which ones are asked."""
    return _show(request, visit.diary, Submission())


@router.post("", name="update_asked")
def update(request: Request, visit: VisitDep, submission: AskedSubmission) -> Response:
    """Save the questions to ask; earlier answers stay."""
    session, viewer = visit.diary.session, visit.viewer
    with Saving(session, submission) as entry:
        form, decision = entry.form, visit.decision(entry.form)
        choose_questions(session, viewer, form.asked, form.own, decision)
        if "measures" in submission.values:
            chosen = [measure for measure in MeasurementKind if measure in form.measures]
            choose_measures(session, viewer, chosen, form.weight_unit, decision)
        return RedirectResponse(path_for(request, "show_settings") + "?saved=1", status_code=303)
    return _show(request, visit.diary, entry.submission, status_code=422)


def _show(
    request: Request, diary: Diary, submission: Submission[AskedForm], status_code: int = 200
) -> Response:
    context = {
        "nav": "settings",
        "questions": questions_of(diary.session, diary.owner),
        "measures": MEASURE_NAMES,
        "weight_units": WEIGHT_UNIT_NAMES,
        "submission": submission,
    }
    return render(request, "settings/check_in.html", context, status_code=status_code)
