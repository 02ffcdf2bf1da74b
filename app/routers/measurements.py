"""Blood pressure, pulse and weight: any number of readings a day."""

from datetime import date
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.diary import Diary
from app.domain.measurements import MeasurementKind
from app.models import Measurement
from app.records import MEASUREMENT
from app.services.measurements import delete_measurement, record_measurement
from app.web.forms.measurement import (
    MeasurementForm,
    MeasurementSubmission,
    values_of_measurement,
)
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import Saving, deleted, refused
from app.web.http.reading import BareSubmission, Day, EntryForm, Submission
from app.web.http.templating import path_for, render
from app.web.http.visit import Visit
from app.web.pages.measurements.page import MEASURE_NAMES, measurements_page

router = APIRouter(tags=["measurements"], route_class=SessionRoute)


@router.get("/measurements", name="index_measurements")
def index(request: Request, visit: VisitDep, since: str = "") -> Response:
    """Show every reading of the last year, or of all years, as charts and as a table."""
    context = {
        "nav": "today",
        "page": measurements_page(visit, is_everything=since == "all"),
        "is_everything": since == "all",
    }
    return render(request, "measurements/index.html", context)


@router.get("/days/{on}/measurements/new", name="new_measurement")
def new(request: Request, visit: VisitDep, on: Day) -> Response:
    """Offer an empty reading."""
    values = {"id": str(uuid4()), "on": str(on)}
    context = _context(visit.diary, on, None, Submission(values=values))
    return render(request, "measurements/edit.html", context)


@router.post("/days/{on}/measurements", name="create_measurement")
def create(
    request: Request, visit: VisitDep, on: Day, submission: MeasurementSubmission
) -> Response:
    """Save a reading."""
    return _save(request, visit, on, None, submission)


@router.get("/measurements/{measurement_id}/edit", name="edit_measurement")
def edit(request: Request, visit: VisitDep, measurement_id: UUID) -> Response:
    """Show the form for a saved reading."""
    row = visit.diary.own(Measurement, measurement_id)
    values = values_of_measurement(row, visit.diary.owner.preferences.weight_unit)
    context = _context(visit.diary, row.on, row, Submission(values=values))
    return render(request, "measurements/edit.html", context)


@router.post("/measurements/{measurement_id}", name="update_measurement")
def update(
    request: Request, visit: VisitDep, measurement_id: UUID, submission: MeasurementSubmission
) -> Response:
    """Save a changed reading, on another day if wanted."""
    row = visit.diary.own(Measurement, measurement_id)
    return _save(request, visit, row.on, row, submission)


@router.post("/measurements/{measurement_id}/delete", name="destroy_measurement")
def destroy(
    request: Request, visit: VisitDep, measurement_id: UUID, submission: BareSubmission
) -> Response:
    """Delete a reading."""
    row = visit.diary.own(Measurement, measurement_id)
    on, decision = row.on, visit.decision(submission.form or EntryForm())
    delete_measurement(visit.diary.session, row, decision)
    return deleted(request, decision, path_for(request, "show_day", on=on))


def _save(
    request: Request,
    visit: Visit,
    on: date,
    row: Measurement | None,
    submission: Submission[MeasurementForm],
) -> Response:
    with Saving(visit.diary.session, submission) as entry:
        saved_on = _record(visit, on, row, entry.form)
        return entry.accepted(request, path_for(request, "show_day", on=saved_on))
    context = _context(visit.diary, on, row, entry.submission)
    return refused(request, entry.submission, "measurements/edit.html", context)


def _record(visit: Visit, on: date, row: Measurement | None, form: MeasurementForm) -> date:
    owner, decision = visit.diary.owner, visit.decision(form)
    measurement_id = row.id if row else form.id or decision.entry_id
    zone = row.time_zone if row else form.time_zone or owner.time_zone
    unit = form.weight_unit or owner.preferences.weight_unit
    reading = form.reading(measurement_id, on, zone, unit)
    record_measurement(
        visit.diary.session, owner, reading, decision, at=form.at, unit=unit, is_new=row is None
    )
    return reading.on


def _context(
    diary: Diary, on: date, row: Measurement | None, submission: Submission[MeasurementForm]
) -> dict[str, object]:
    return {
        "nav": "today",
        "on": on,
        "row": row,
        "subject": MEASUREMENT.subject({"id": row.id}) if row else None,
        "fields": _fields(diary, row),
        "names": MEASURE_NAMES,
        "submission": submission,
    }


def _fields(diary: Diary, row: Measurement | None) -> set[MeasurementKind]:
    """Return the form's fields: measurements turned on (else all), and those in the reading."""
    asked = set(diary.owner.preferences.measures_on or MeasurementKind)
    if row is None:
        return asked
    held = {
        MeasurementKind.BLOOD_PRESSURE: row.systolic_mmhg,
        MeasurementKind.PULSE: row.pulse_bpm,
        MeasurementKind.WEIGHT: row.weight_kg,
    }
    return asked | {measure for measure, value in held.items() if value is not None}
