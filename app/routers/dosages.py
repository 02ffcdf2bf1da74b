"""Dosages: change from a date, correct a mistake, enter a taper once."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field

from app.diary import Diary
from app.diary.regimen import Item
from app.domain.quantities import parse_amount
from app.errors import Refused
from app.i18n import _
from app.language import words
from app.language.dosage_words import next_due
from app.models import Dosage, RegimenItem
from app.services.dosage_corrections import correct_dosage
from app.services.dosages import TaperStep, change_by_steps, change_dosage, change_starts_on
from app.web.forms.dosage import DosageForm, dosage_fields, typed_values
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import Saving, saved_item
from app.web.http.reading import Day, Submission, asks_for_rows, read_day, submitted
from app.web.http.templating import render

router = APIRouter(tags=["dosages"], route_class=SessionRoute)

MOST_STEPS = 24
STEPS_SHOWN = 2


class CorrectForm(DosageForm):
    """The corrected dosage; without a first day, that stays."""

    starts_on: Day | None = None


class ChangeForm(DosageForm):
    """A new dosage, from a day on."""

    starts_on: Day


class TaperForm(DosageForm):
    """Dated steps; each has its amount, and all share the times."""

    step_dates: list[str] = Field(default_factory=list, max_length=MOST_STEPS)
    step_amounts: list[str] = Field(default_factory=list, max_length=MOST_STEPS)

    def steps(self) -> list[TaperStep]:
        """Return the lines that were filled in."""
        steps = []
        for starts_on, amount in zip(self.step_dates, self.step_amounts, strict=False):
            if not starts_on and not amount:
                continue
            try:
                steps.append(TaperStep(read_day(starts_on), parse_amount(amount)))
            except ValueError as error:
                sentence = _("Each step needs a date and an amount, such as 2.5.")
                raise Refused(sentence, "step_dates") from error
        return steps


ChangeSubmission = Annotated[Submission[ChangeForm], Depends(submitted(ChangeForm))]
CorrectSubmission = Annotated[Submission[CorrectForm], Depends(submitted(CorrectForm))]
TaperSubmission = Annotated[Submission[TaperForm], Depends(submitted(TaperForm))]


@router.get("/regimen/{regimen_item_id}/dosages/new", name="new_dosage")
def new(request: Request, visit: VisitDep, regimen_item_id: UUID) -> Response:
    """Show today's dosage, to change it from a day on."""
    item = visit.diary.item(regimen_item_id)
    row = visit.diary.own(RegimenItem, regimen_item_id)
    starts_on = change_starts_on(visit.diary.session, row, visit.diary.today)
    values = {**_values_now(item, visit.diary.today), "starts_on": str(starts_on)}
    return _show(request, visit.diary, "dosages/new.html", item, Submission(values=values))


@router.post("/regimen/{regimen_item_id}/dosages", name="create_dosage")
def create(
    request: Request, visit: VisitDep, regimen_item_id: UUID, submission: ChangeSubmission
) -> Response:
    """Change the dosage from a day on; earlier days stay unchanged."""
    row = visit.diary.own(RegimenItem, regimen_item_id)
    if asks_for_rows(submission):
        item = visit.diary.item(regimen_item_id)
        return _show(request, visit.diary, "dosages/new.html", item, submission.unchecked())
    with Saving(visit.diary.session, submission) as entry:
        form = entry.form
        change_dosage(visit.diary.session, row, form.dosage(), form.starts_on, visit.decision(form))
        return saved_item(request, row.id)
    item = visit.diary.item(regimen_item_id)
    return _show(request, visit.diary, "dosages/new.html", item, entry.submission, status_code=422)


@router.get("/regimen/{regimen_item_id}/taper", name="new_taper")
def new_taper(request: Request, visit: VisitDep, regimen_item_id: UUID) -> Response:
    """Ask for the steps of a taper or ramp."""
    item = visit.diary.item(regimen_item_id)
    row = visit.diary.own(RegimenItem, regimen_item_id)
    first = change_starts_on(visit.diary.session, row, visit.diary.today)
    now = _values_now(item, visit.diary.today)
    values = {**now, "step_dates": [str(first)], "step_amounts": [now["amount"]]}
    return _show(request, visit.diary, "dosages/taper.html", item, Submission(values=values))


@router.post("/regimen/{regimen_item_id}/taper", name="create_taper")
def create_taper(
    request: Request, visit: VisitDep, regimen_item_id: UUID, submission: TaperSubmission
) -> Response:
    """Enter every step at once."""
    row = visit.diary.own(RegimenItem, regimen_item_id)
    if asks_for_rows(submission):
        item = visit.diary.item(regimen_item_id)
        return _show(request, visit.diary, "dosages/taper.html", item, submission.unchecked())
    with Saving(visit.diary.session, submission) as entry:
        form = entry.form
        steps = form.steps()
        each_step_says = {"amount": "1", "amounts": [], "usual_amount": 1}
        base = form.model_copy(update=each_step_says).dosage()
        change_by_steps(visit.diary.session, row, base, steps, visit.decision(form))
        return saved_item(request, row.id)
    item = visit.diary.item(regimen_item_id)
    typed = entry.submission
    return _show(request, visit.diary, "dosages/taper.html", item, typed, status_code=422)


@router.get("/dosages/{dosage_id}/edit", name="edit_dosage")
def edit(request: Request, visit: VisitDep, dosage_id: UUID) -> Response:
    """Show one dosage, to correct it for its whole span."""
    dosage = visit.diary.own(Dosage, dosage_id)
    item = visit.diary.item(dosage.regimen_item_id)
    known = next(each for each in item.plan.dosages if each.id == dosage.id)
    values = {**typed_values(known.timing, known.unit), "starts_on": str(dosage.starts_on)}
    return _show(
        request, visit.diary, "dosages/edit.html", item, Submission(values=values), dosage=dosage
    )


@router.post("/dosages/{dosage_id}", name="update_dosage")
def update(
    request: Request, visit: VisitDep, dosage_id: UUID, submission: CorrectSubmission
) -> Response:
    """Correct a mistake; the logged doses move with the dosage."""
    dosage = visit.diary.own(Dosage, dosage_id)
    if asks_for_rows(submission):
        item = visit.diary.item(dosage.regimen_item_id)
        typed = submission.unchecked()
        return _show(request, visit.diary, "dosages/edit.html", item, typed, dosage=dosage)
    with Saving(visit.diary.session, submission) as entry:
        form, decision = entry.form, visit.decision(entry.form)
        correct_dosage(visit.diary.session, dosage, form.dosage(), decision, form.starts_on)
        return saved_item(request, dosage.regimen_item_id)
    item = visit.diary.item(dosage.regimen_item_id)
    typed = entry.submission
    return _show(
        request, visit.diary, "dosages/edit.html", item, typed, dosage=dosage, status_code=422
    )


def _values_now(item: Item, today: date) -> dict[str, object]:
    """Return today's dosage, else the nearest one before or after."""
    now = item.dosage_on_or_before(today) or item.plan.dosages[0]
    return typed_values(now.timing, now.unit)


def _rhythm_note(item: Item, today: date) -> str:
    """Say what a change does to the present rhythm; "" if no days are counted."""
    dosage = item.dosage_on(today)
    if dosage is None or not dosage.timing.kind.has_rhythm:
        return ""
    said = _("The days stay as they are unless you change how often. ")
    following = next_due(item, today)
    if following is not None:
        said += _("The next dose is on {day}. ", day=words.dated(following, today))
    return said + _("A new rhythm starts on the day of the change.")


def _steps_shown(values: Mapping[str, Any]) -> int:
    """Return the typed steps, and two more if a button asked for them."""
    typed = sum(1 for each in values.get("step_dates", []) if each)
    more = STEPS_SHOWN if values.get("more") == "steps" else 0
    return min(max(typed, STEPS_SHOWN) + more, MOST_STEPS)


def _show(
    request: Request,
    diary: Diary,
    template: str,
    item: Item,
    submission: Submission[Any],
    *,
    dosage: Dosage | None = None,
    status_code: int = 200,
) -> Response:
    context = {
        "nav": "regimen",
        "item": item,
        "dosage": dosage,
        "submission": submission,
        "steps_shown": _steps_shown(submission.values),
        "most_steps": MOST_STEPS,
        "rhythm_note": _rhythm_note(item, diary.today),
        **dosage_fields(submission.values, diary.regimen),
    }
    return render(request, template, context, status_code=status_code)
