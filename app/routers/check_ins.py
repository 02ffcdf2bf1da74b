"""The daily check-in."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import ConfigDict

from app.diary import Diary
from app.domain.symptoms import INTERFERENCE, red_flags_for
from app.errors import Refused
from app.i18n import _
from app.models import SymptomReport
from app.records import SYMPTOM_REPORT
from app.services.check_ins import (
    Question,
    answers_on,
    delete_symptom,
    questions_of,
    record_measure,
    record_symptom,
)
from app.web.http.deps import SessionRoute, TapDep, VisitDep
from app.web.http.entries import Saving, refused
from app.web.http.reading import Day, EntryForm, Submission, Text, submitted
from app.web.http.templating import path_for, render
from app.web.http.visit import Visit
from app.web.pages.day.check_in_card import check_in_card

router = APIRouter(prefix="/days/{on}/check-in", tags=["check-ins"], route_class=SessionRoute)


class CheckInForm(EntryForm):
    """Any of the answers. A field that is not sent does not change; an empty one is deleted.

    Besides `note`, the fields are named after the questions: `mood`, `symptom-headache`,
    `interference-headache`, `suspect-headache`, `note-headache`.
    """

    model_config = ConfigDict(extra="allow")

    note: Text = ""


CheckInSubmission = Annotated[Submission[CheckInForm], Depends(submitted(CheckInForm))]


@router.get("", name="edit_check_in")
def edit(request: Request, visit: VisitDep, on: Day) -> Response:
    """Show every question with room for details."""
    return render(request, "check_ins/edit.html", _context(visit.diary, on, Submission()))


@router.post("", name="update_check_in")
def update(request: Request, visit: TapDep, on: Day, submission: CheckInSubmission) -> Response:
    """Save the answers that were sent."""
    with Saving(visit.diary.session, submission) as entry:
        _record(visit, on, entry.form, submission.values)
        return entry.accepted(request, path_for(request, "show_day", on=on))
    context = _context(visit.diary, on, entry.submission)
    return refused(request, entry.submission, "check_ins/edit.html", context)


def _record(visit: Visit, on: date, form: CheckInForm, sent: Any) -> None:
    decision = visit.decision(form)
    session, user = visit.diary.session, visit.diary.owner
    _check_in, reports = answers_on(session, user, on)
    for question in questions_of(session, user):
        slug = question.slug
        if not question.is_symptom:
            if slug in sent:
                record_measure(session, user, on, slug, _answer(question, sent[slug]), decision)
            continue
        if not any(f"{part}-{slug}" in sent for part in SYMPTOM_PARTS):
            continue
        report = _report(visit.diary, on, question, sent, reports.get(slug))
        if report is None:
            delete_symptom(session, user, on, slug, decision)
        else:
            record_symptom(session, user, report, decision)
    if "note" in sent:
        record_measure(session, user, on, "note", form.note, decision)


SYMPTOM_PARTS = ("symptom", "interference", "suspect", "note")
LONGEST_NOTE = 2000


def _report(
    diary: Diary, on: date, question: Question, sent: Any, before: SymptomReport | None
) -> SymptomReport | None:
    """Return the report of a symptom: the sent values, else the stored ones; None deletes it."""
    slug = question.slug

    def part(name: str, column: str) -> object:
        return sent.get(f"{name}-{slug}", getattr(before, column) if before else "")

    severity = _answer(question, part("symptom", "severity"))
    report = SYMPTOM_REPORT.row(
        on=on,
        symptom=slug,
        severity=severity,
        interference=_interference(slug, part("interference", "interference")),
        regimen_item_id=_suspect(diary, slug, part("suspect", "regimen_item_id")),
        note=_note(slug, part("note", "note")),
    )
    return None if severity is None else report


def _answer(question: Question, sent: object) -> int | None:
    if sent in ("", None):
        return None
    lowest, highest = question.scale.lowest, question.scale.highest
    if str(sent) in {str(value) for value in question.scale.values}:
        return int(str(sent))
    field = f"symptom-{question.slug}" if question.is_symptom else question.slug
    raise Refused(
        _("{name} must be between {low} and {high}.", name=question.name, low=lowest, high=highest),
        field,
    )


def _note(slug: str, sent: object) -> str:
    note = str(sent).replace("\r\n", "\n").strip()
    if len(note) > LONGEST_NOTE:
        raise Refused(_("Use at most {most} characters.", most=LONGEST_NOTE), f"note-{slug}")
    return note


def _interference(slug: str, sent: object) -> int | None:
    if sent in ("", None):
        return None
    if str(sent) in {str(value) for value in INTERFERENCE.values}:
        return int(str(sent))
    raise Refused(_("Choose an answer from the list."), f"interference-{slug}")


def _suspect(diary: Diary, slug: str, sent: object) -> UUID | None:
    if sent in ("", None):
        return None
    try:
        return diary.item(UUID(str(sent))).id
    except ValueError as error:
        raise Refused(_("Choose one of your items."), f"suspect-{slug}") from error


def _context(diary: Diary, on: date, submission: Submission[CheckInForm]) -> dict[str, object]:
    items = diary.regimen.current_on(on)
    return {
        "nav": "today",
        "on": on,
        "check_in": check_in_card(diary, on, every=True),
        "items": items,
        "interference": INTERFERENCE,
        "red_flags": red_flags_for([each.id for item in items for each in item.catalogue_entries]),
        "submission": submission,
    }
