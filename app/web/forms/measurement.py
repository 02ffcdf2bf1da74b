"""The form of a reading of blood pressure, pulse and weight."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends

from app.domain.measurements import Values, WeightUnit
from app.domain.quantities import format_number
from app.language.words import clock_in
from app.models import Measurement
from app.records import MEASUREMENT
from app.web.forms.rows import shown, shown_columns, typed_columns
from app.web.http.reading import (
    ClockTime,
    Day,
    EntryForm,
    Number,
    Submission,
    Text,
    WholeNumber,
    submitted,
)


class MeasurementForm(EntryForm):
    """One reading; `weight_unit` is the unit beside the field when the weight was typed."""

    id: UUID | None = None
    on: Day | None = None
    at: ClockTime | None = None
    systolic: WholeNumber | None = None
    diastolic: WholeNumber | None = None
    pulse: WholeNumber | None = None
    weight: Number | None = None
    weight_unit: WeightUnit | None = None
    note: Text = ""

    def reading(
        self, measurement_id: UUID, on: date, time_zone: str, unit: WeightUnit
    ) -> Measurement:
        """Return the reading, in the units that are stored; the service finds its instant.

        Its day is `on` if the form names none.
        """
        kg = None if self.weight is None else unit.to_kg(self.weight)
        values = Values(self.systolic, self.diastolic, self.pulse, kg)
        typed = {**typed_columns(self, MEASUREMENT), **asdict(values), "on": self.on or on}
        return MEASUREMENT.row(id=measurement_id, time_zone=time_zone, **typed)


def values_of_measurement(row: Measurement, unit: WeightUnit) -> Mapping[str, Any]:
    """Fill the form in with a stored reading."""
    return {
        **shown_columns(MeasurementForm, MEASUREMENT, row),
        "at": clock_of(row),
        "systolic": shown(row.systolic_mmhg),
        "diastolic": shown(row.diastolic_mmhg),
        "pulse": shown(row.pulse_bpm),
        "weight": "" if row.weight_kg is None else format_number(unit.from_kg(row.weight_kg)),
    }


def clock_of(row: Measurement) -> str:
    """Return the wall-clock time of a reading in its own zone; empty if only the day is known."""
    return clock_in(row.measured_at, row.time_zone) if row.measured_at else ""


MeasurementSubmission = Annotated[Submission[MeasurementForm], Depends(submitted(MeasurementForm))]
