"""Save readings of blood pressure, pulse and weight, and which of them a person records."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlmodel import Session

from app.domain.logical_dates import instant_of, zone_named
from app.domain.measurements import MeasurementKind, WeightUnit, mistake_in
from app.errors import Refused
from app.i18n import _
from app.models import Measurement, User
from app.records import MEASUREMENT
from app.services.deletions import delete_row
from app.services.history import Decision, append_version, record_row
from app.services.versions import bump_page_version
from app.services.writable_days import CLOCKS_MAY_DIFFER, check_day


def record_measurement(
    session: Session,
    user: User,
    reading: Measurement,
    decision: Decision,
    *,
    at: time | None = None,
    unit: WeightUnit = WeightUnit.KG,
    is_new: bool = True,
) -> bool:
    """Save one reading; return whether it is now the latest state. The caller commits.

    `at` is a wall-clock time in the reading's zone. Without it, a new reading of today gets the
    time at which it was saved. `unit` is the unit of the typed weight. Raises `Refused` for a day
    that cannot be written, a future time, or an impossible value.
    """
    check_day(user, reading.on, decision.received_at, "on")
    mistake = mistake_in(reading.values, unit)
    if mistake is not None:
        field, sentence = mistake
        raise Refused(sentence, field)
    reading.measured_at = _measured_at(user, reading, at, decision, is_new=is_new)
    return record_row(session, decision, MEASUREMENT, reading)


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
    """Save which measurements are on, and the unit of weight. Existing readings stay."""
    chosen = {"measures_on": tuple(measures), "weight_unit": unit}
    if append_version(
        session, decision, kind="settings", subject="settings/measures", state=chosen
    ):
        preferences = user.preferences
        preferences.measures_on, preferences.weight_unit = tuple(measures), unit
        session.add(user)
        session.flush()
        bump_page_version(session, user)


def _measured_at(
    user: User, reading: Measurement, at: time | None, decision: Decision, *, is_new: bool
) -> datetime | None:
    """Return the instant of the reading; None if only the day is known."""
    if at is None:
        is_now = is_new and user.today(decision.changed_at) == reading.on
        return decision.changed_at if is_now else None
    zone = zone_named(reading.time_zone)
    measured_at = instant_of(reading.on, at, zone, user.day_starts_time)
    if measured_at > decision.received_at + CLOCKS_MAY_DIFFER:
        raise Refused(_("This time is in the future."), "at")
    return measured_at
