"""Other medicines, and own rules of hours apart."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.diary import Diary
from app.models import ApartRule, Medicine
from app.services.medicines import remove_medicine, remove_rule, save_medicine, save_rule
from app.web.forms.medicine import (
    KINDS,
    MOST_TIMES,
    ApartRuleForm,
    MedicineForm,
    sides_to_choose,
    times_shown,
    values_of_medicine,
    values_of_rule,
)
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import Saving, deleted
from app.web.http.reading import BareSubmission, EntryForm, Submission, asks_for_rows, submitted
from app.web.http.templating import path_for, render
from app.web.http.visit import Visit
from app.web.pages.regimen.medicines import medicine_lines

router = APIRouter(prefix="/regimen", tags=["medicines"], route_class=SessionRoute)

MedicineSubmission = Annotated[Submission[MedicineForm], Depends(submitted(MedicineForm))]
RuleSubmission = Annotated[Submission[ApartRuleForm], Depends(submitted(ApartRuleForm))]


@router.get("/medicines", name="index_medicines")
def index(request: Request, visit: VisitDep) -> Response:
    """List the other medicines."""
    context = {"nav": "regimen", "lines": medicine_lines(visit)}
    return render(request, "medicines/index.html", context)


@router.get("/medicines/new", name="new_medicine")
def new(request: Request, visit: VisitDep) -> Response:
    """Ask for a name, a kind and the times."""
    return _show(request, None, Submission(values={"id": str(uuid4())}))


@router.post("/medicines", name="create_medicine")
def create(request: Request, visit: VisitDep, submission: MedicineSubmission) -> Response:
    """Add another medicine."""
    return _save(request, visit, None, submission)


@router.get("/medicines/{medicine_id}/edit", name="edit_medicine")
def edit(request: Request, visit: VisitDep, medicine_id: UUID) -> Response:
    """Show the form for another medicine."""
    medicine = visit.diary.own(Medicine, medicine_id)
    return _show(request, medicine, Submission(values=values_of_medicine(medicine)))


@router.post("/medicines/{medicine_id}", name="update_medicine")
def update(
    request: Request, visit: VisitDep, medicine_id: UUID, submission: MedicineSubmission
) -> Response:
    """Save another medicine."""
    return _save(request, visit, visit.diary.own(Medicine, medicine_id), submission)


@router.post("/medicines/{medicine_id}/delete", name="destroy_medicine")
def destroy(
    request: Request, visit: VisitDep, medicine_id: UUID, submission: BareSubmission
) -> Response:
    """Delete another medicine, with the rules that name it."""
    medicine = visit.diary.own(Medicine, medicine_id)
    decision = visit.decision(submission.form or EntryForm())
    remove_medicine(visit.diary.session, visit.diary.owner, medicine, decision)
    return deleted(request, decision, path_for(request, "index_medicines"))


@router.get("/hours-apart/new", name="new_apart_rule")
def new_rule(request: Request, visit: VisitDep) -> Response:
    """Ask for two sides and the hours."""
    return _show_rule(request, visit.diary, None, Submission(values={"id": str(uuid4())}))


@router.post("/hours-apart", name="create_apart_rule")
def create_rule(request: Request, visit: VisitDep, submission: RuleSubmission) -> Response:
    """Add an own rule."""
    return _save_rule(request, visit, None, submission)


@router.get("/hours-apart/{apart_rule_id}/edit", name="edit_apart_rule")
def edit_rule(request: Request, visit: VisitDep, apart_rule_id: UUID) -> Response:
    """Show the form for an own rule."""
    rule = visit.diary.own(ApartRule, apart_rule_id)
    return _show_rule(request, visit.diary, rule, Submission(values=values_of_rule(rule)))


@router.post("/hours-apart/{apart_rule_id}", name="update_apart_rule")
def update_rule(
    request: Request, visit: VisitDep, apart_rule_id: UUID, submission: RuleSubmission
) -> Response:
    """Save an own rule."""
    return _save_rule(request, visit, visit.diary.own(ApartRule, apart_rule_id), submission)


@router.post("/hours-apart/{apart_rule_id}/delete", name="destroy_apart_rule")
def destroy_rule(
    request: Request, visit: VisitDep, apart_rule_id: UUID, submission: BareSubmission
) -> Response:
    """Delete an own rule."""
    rule = visit.diary.own(ApartRule, apart_rule_id)
    decision = visit.decision(submission.form or EntryForm())
    remove_rule(visit.diary.session, rule, decision)
    return deleted(request, decision, path_for(request, "show_hours_apart"))


def _save(
    request: Request,
    visit: Visit,
    medicine: Medicine | None,
    submission: Submission[MedicineForm],
) -> Response:
    if asks_for_rows(submission):
        return _show(request, medicine, submission.unchecked())
    with Saving(visit.diary.session, submission) as entry:
        form, decision = entry.form, visit.decision(entry.form)
        medicine_id = medicine.id if medicine else form.id or form.entry_id
        save_medicine(visit.diary.session, visit.diary.owner, form.medicine(medicine_id), decision)
        return RedirectResponse(path_for(request, "index_medicines"), status_code=303)
    return _show(request, medicine, entry.submission, status_code=422)


def _save_rule(
    request: Request,
    visit: Visit,
    rule: ApartRule | None,
    submission: Submission[ApartRuleForm],
) -> Response:
    with Saving(visit.diary.session, submission) as entry:
        form, decision = entry.form, visit.decision(entry.form)
        rule_id = rule.id if rule else form.id or form.entry_id
        sides = (form.first, form.second)
        save_rule(visit.diary.session, visit.diary.owner, form.rule(rule_id), sides, decision)
        return RedirectResponse(path_for(request, "show_hours_apart"), status_code=303)
    return _show_rule(request, visit.diary, rule, entry.submission, status_code=422)


def _show(
    request: Request,
    medicine: Medicine | None,
    submission: Submission[MedicineForm],
    status_code: int = 200,
) -> Response:
    context = {
        "nav": "regimen",
        "medicine": medicine,
        "submission": submission,
        "kinds": KINDS,
        "times": times_shown(submission.values),
        "most_times": MOST_TIMES,
    }
    return render(request, "medicines/edit.html", context, status_code=status_code)


def _show_rule(
    request: Request,
    diary: Diary,
    rule: ApartRule | None,
    submission: Submission[ApartRuleForm],
    status_code: int = 200,
) -> Response:
    context = {
        "nav": "regimen",
        "rule": rule,
        "submission": submission,
        "sides": sides_to_choose(diary, rule),
    }
    return render(request, "medicines/rule.html", context, status_code=status_code)
