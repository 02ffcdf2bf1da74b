"""Record blood pressure, pulse and weight, and which of them a person wants to record."""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from app.domain.logical_dates import instant_of, iso_week, zone_named
from app.domain.measurements import MeasurementKind, Values, WeightUnit, mistake_in
from app.errors import Refused
from app.i18n import _
from app.models import Measurement, User
from app.records import MEASUREMENT
from app.services.deletions import delete_row
from app.services.dose_events import CLOCKS_MAY_DIFFER, check_day
from app.services.history import Decision, append_version, record_version
from app.services.versions import bump_page_version


class MeasurementInput(BaseModel):
    """One reading as typed. `at` is a wall-clock time in `time_zone`; weight is in `weight_unit`.

    Without `at`, a new reading of today was taken at the moment it was saved.
    """

    on: date
    at: time | None = None
    time_zone: str
    systolic: int | None = None
    diastolic: int | None = None
    pulse: int | None = None
    weight: float | None = None
    weight_unit: WeightUnit = WeightUnit.KG
    note: str = ""

    @property
    def values(self) -> Values:
        """The numbers in the units that are stored."""
        kg = None if self.weight is None else self.weight_unit.to_kg(self.weight)
        return Values(self.systolic, self.diastolic, self.pulse, kg)


def record_measurement(
    session: Session,
    user: User,
    measurement_id: UUID,
    reading: MeasurementInput,
    decision: Decision,
    before: Measurement | None = None,
) -> bool:
    """Save one reading; return whether it is now the latest state. The caller commits.

    `before` is the reading that is changed. Raises `Refused` for a day that cannot be written, a
    time to come, or a value no body has.
    """
    check_day(user, reading.on, decision.received_at, "on")
    mistake = mistake_in(reading.values, reading.weight_unit)
    if mistake is not None:
        field, sentence = mistake
        raise Refused(sentence, field)
    measured_at = _measured_at(user, reading, decision, is_new=before is None)
    values = reading.values
    return record_version(
        session,
        decision,
        MEASUREMENT,
        {"id": measurement_id},
        {
            "user_id": user.id,
            "on": reading.on,
            "iso_week": iso_week(reading.on),
            "measured_at": measured_at,
            "time_zone": reading.time_zone,
            "systolic_mmhg": values.systolic_mmhg,
            "diastolic_mmhg": values.diastolic_mmhg,
            "pulse_bpm": values.pulse_bpm,
            "weight_kg": values.weight_kg,
            "note": reading.note,
            "logged_at": decision.changed_at,
        },
    )


def delete_measurement(session: Session, row: Measurement, decision: Decision) -> None:
    """Delete a reading. The caller commits."""
    delete_row(session, MEASUREMENT, row.id, decision)


def choose_measures(
    session: Session,
    user: User,
    measures: Sequence[MeasurementKind],
    unit: WeightUnit,
    decision: Decision,
) -> None:
    """Save which measurements are turned on, and the unit of weight. Readings stay as they are."""
    chosen = {"measures_on": ";".join(measures), "weight_unit": unit.value}
    if append_version(
        session, decision, kind="settings", subject="settings/measures", state=chosen
    ):
        preferences = user.preferences
        preferences.measures_on, preferences.weight_unit = chosen["measures_on"], unit
        session.add(user)
        session.flush()
        bump_page_version(session, user)


def _measured_at(
    user: User, reading: MeasurementInput, decision: Decision, *, is_new: bool
) -> datetime | None:
    """The instant of the reading; None where only the day is known."""
    if reading.at is None:
        is_now = is_new and user.today(decision.changed_at) == reading.on
        return decision.changed_at if is_now else None
    zone = zone_named(reading.time_zone)
    measured_at = instant_of(reading.on, reading.at, zone, user.day_starts_time)
    if measured_at > decision.received_at + CLOCKS_MAY_DIFFER:
        raise Refused(_("This time is in the future."), "at")
    return measured_at
