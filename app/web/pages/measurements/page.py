"""Blood pressure, pulse and weight: as lines, and one chart each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.diary import Diary
from app.diary.entries import measurements_on
from app.domain.measurements import MeasurementKind, WeightUnit
from app.domain.quantities import format_number, with_unit
from app.i18n import _, lazy
from app.language import words
from app.models import Measurement
from app.web.forms.measurement import clock_of
from app.web.http.visit import Visit
from app.web.pages.charts.series import SeriesChart, SeriesPoint, series_chart

SHOWN = timedelta(days=365)
FEWEST_FOR_A_CHART = 2
MEASURE_NAMES = {
    MeasurementKind.BLOOD_PRESSURE: lazy("Blood pressure"),
    MeasurementKind.PULSE: lazy("Pulse"),
    MeasurementKind.WEIGHT: lazy("Weight"),
}
WEIGHT_UNIT_NAMES = {WeightUnit.KG: lazy("kilograms (kg)"), WeightUnit.LB: lazy("pounds (lb)")}


@dataclass(frozen=True, slots=True)
class MeasurementLine:
    """One reading in words; a missing value is empty."""

    subject: str
    url: str
    day: str
    time: str
    blood_pressure: str
    pulse: str
    weight: str
    note: str

    @property
    def text(self) -> str:
        """Every value with its unit: 128/82 mmHg, 64 bpm, 78.4 kg."""
        return ", ".join(each for each in (self.blood_pressure, self.pulse, self.weight) if each)


@dataclass(frozen=True, slots=True)
class MeasurePanel:
    """One measure over time: a sentence and, with two readings or more, a chart."""

    name: str
    unit: str
    sentence: str
    chart: SeriesChart | None


@dataclass(frozen=True, slots=True)
class MeasurementsPage:
    """The readings of the span, newest first, and a panel for each measure with any."""

    lines: tuple[MeasurementLine, ...]
    panels: tuple[MeasurePanel, ...]
    has_earlier: bool


def measurements_page(visit: Visit, *, is_everything: bool) -> MeasurementsPage:
    """Read every reading once; show the last year unless everything is requested."""
    rows = list(
        visit.diary.session.exec(Measurement.between(visit.diary.owner.id, date.min, date.max))
    )
    shown = [row for row in rows if is_everything or row.on > visit.diary.today - SHOWN]
    shown = shown or rows[-1:]
    return MeasurementsPage(
        lines=tuple(_line(visit, row) for row in reversed(shown)),
        panels=tuple(_panels(visit.diary, shown)),
        has_earlier=len(shown) < len(rows),
    )


def measurement_lines(visit: Visit, on: date) -> list[MeasurementLine]:
    """Return the readings of a day, for a person with any measurement turned on."""
    return [_line(visit, row) for row in measurements_on(visit.diary, on)]


def _line(visit: Visit, row: Measurement) -> MeasurementLine:
    return MeasurementLine(
        subject=f"measurement/{row.id}",
        url=visit.paths("edit_measurement", measurement_id=row.id),
        day=words.dated(row.on, visit.diary.today),
        time=clock_of(row),
        blood_pressure=_blood_pressure(row),
        pulse=with_unit(row.pulse_bpm, _("bpm")) if row.pulse_bpm else "",
        weight=_weight(visit.diary, row),
        note=row.note,
    )


def _blood_pressure(row: Measurement) -> str:
    if row.systolic_mmhg is None:
        return ""
    return with_unit(f"{row.systolic_mmhg}/{row.diastolic_mmhg}", "mmHg")


def _weight(diary: Diary, row: Measurement) -> str:
    if row.weight_kg is None:
        return ""
    unit = diary.owner.preferences.weight_unit
    return with_unit(format_number(unit.from_kg(row.weight_kg)), unit.value)


def _panels(diary: Diary, rows: Sequence[Measurement]) -> Iterable[MeasurePanel]:
    unit = diary.owner.preferences.weight_unit
    kinds: dict[MeasurementKind, tuple[str, Callable[[Measurement], SeriesPoint | None]]] = {
        MeasurementKind.BLOOD_PRESSURE: ("mmHg", lambda row: _pressure_reading(diary, row)),
        MeasurementKind.PULSE: (_("beats per minute"), lambda row: _pulse_reading(diary, row)),
        MeasurementKind.WEIGHT: (unit.value, lambda row: _weight_reading(diary, row)),
    }
    for measure, (unit_words, reading_of) in kinds.items():
        readings = [each for each in map(reading_of, rows) if each is not None]
        if readings:
            yield MeasurePanel(
                str(MEASURE_NAMES[measure]),
                unit_words,
                _sentence(diary, readings, has_lower=measure is MeasurementKind.BLOOD_PRESSURE),
                _chart(diary, readings, is_joined=measure is MeasurementKind.WEIGHT),
            )


def _chart(diary: Diary, readings: Sequence[SeriesPoint], *, is_joined: bool) -> SeriesChart | None:
    if len(readings) < FEWEST_FOR_A_CHART:
        return None
    return series_chart(readings, diary.today, is_joined=is_joined)


def _pressure_reading(diary: Diary, row: Measurement) -> SeriesPoint | None:
    if row.systolic_mmhg is None or row.diastolic_mmhg is None:
        return None
    text = f"{_day(diary, row)}: {row.systolic_mmhg}/{row.diastolic_mmhg}"
    return SeriesPoint(row.on, row.systolic_mmhg, text, row.diastolic_mmhg)


def _pulse_reading(diary: Diary, row: Measurement) -> SeriesPoint | None:
    if row.pulse_bpm is None:
        return None
    return SeriesPoint(row.on, row.pulse_bpm, f"{_day(diary, row)}: {row.pulse_bpm}")


def _weight_reading(diary: Diary, row: Measurement) -> SeriesPoint | None:
    if row.weight_kg is None:
        return None
    weight = diary.owner.preferences.weight_unit.from_kg(row.weight_kg)
    return SeriesPoint(row.on, weight, f"{_day(diary, row)}: {_weight(diary, row)}")


def _day(diary: Diary, row: Measurement) -> str:
    day, clock = words.dated(row.on, diary.today), clock_of(row)
    return f"{day}, {clock}" if clock else day


def _sentence(diary: Diary, readings: Sequence[SeriesPoint], *, has_lower: bool) -> str:
    """Describe the number of readings, and the latest one."""
    latest = readings[-1]
    value = format_number(latest.value)
    if has_lower and latest.lower is not None:
        value = f"{value}/{format_number(latest.lower)}"
    return _(
        "Latest: {value} on {day}. {readings} since {first}.",
        value=value,
        day=words.dated(latest.on, diary.today),
        readings=words.counted("{n} reading", "{n} readings", len(readings)),
        first=words.dated(readings[0].on, diary.today),
    )
