"""Blood pressure, pulse and weight: their possible values and their units.

No range here is a normal one. The limits only catch typing mistakes: they are far outside the
values that home monitors and scales show.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.i18n import _

KG_PER_LB = 0.45359237
SYSTOLIC_MMHG = (50, 300)
DIASTOLIC_MMHG = (20, 200)
PULSE_BPM = (20, 250)
WEIGHT_KG = (20, 400)


class MeasurementKind(StrEnum):
    """A measurement besides the check-in; each is off until a person turns it on."""

    BLOOD_PRESSURE = "blood_pressure"
    PULSE = "pulse"
    WEIGHT = "weight"


class WeightUnit(StrEnum):
    """The unit in which weight is typed and shown; it is stored in kilograms."""

    KG = "kg"
    LB = "lb"

    def from_kg(self, kg: float) -> float:
        """Convert kilograms to this unit, to one hundredth: a typed weight reads back unchanged."""
        return round(kg if self is WeightUnit.KG else kg / KG_PER_LB, 2)

    def to_kg(self, weight: float) -> float:
        """Convert a weight in this unit to kilograms."""
        return weight if self is WeightUnit.KG else weight * KG_PER_LB


# The columns of a reading: in the table, in measures.csv, and as means in days.csv.
COLUMNS = ("systolic_mmhg", "diastolic_mmhg", "pulse_bpm", "weight_kg")


@dataclass(frozen=True, slots=True)
class Values:
    """One reading: mmHg, beats per minute, kilograms. None: not measured."""

    systolic_mmhg: int | None = None
    diastolic_mmhg: int | None = None
    pulse_bpm: int | None = None
    weight_kg: float | None = None


# People on these are advised to measure and note them (see the lab notes of the catalogue).
MEASURED_WITH: Mapping[str, tuple[MeasurementKind, ...]] = MappingProxyType(
    {"minoxidil-oral-low": (MeasurementKind.BLOOD_PRESSURE, MeasurementKind.PULSE)}
)


def mistake_in(values: Values, unit: WeightUnit) -> tuple[str, str] | None:
    """Return the field of the first impossible value and a sentence about it; else None.

    Fields are "systolic", "diastolic", "pulse" and "weight".
    """
    upper, lower = values.systolic_mmhg, values.diastolic_mmhg
    if (upper is None) is not (lower is None):
        field = "systolic" if upper is None else "diastolic"
        return field, _("Enter both numbers of the blood pressure.")
    if upper is not None and not _is_in(upper, SYSTOLIC_MMHG):
        return "systolic", _between(_("The upper number"), SYSTOLIC_MMHG, "mmHg")
    if lower is not None and not _is_in(lower, DIASTOLIC_MMHG):
        return "diastolic", _between(_("The lower number"), DIASTOLIC_MMHG, "mmHg")
    if upper is not None and lower is not None and upper <= lower:
        return "systolic", _("The upper number is the larger one of the two.")
    if values.pulse_bpm is not None and not _is_in(values.pulse_bpm, PULSE_BPM):
        low, high = PULSE_BPM
        return "pulse", _(
            "The pulse must be between {low} and {high} beats per minute.", low=low, high=high
        )
    return _mistake_in_weight(values, unit)


def _mistake_in_weight(values: Values, unit: WeightUnit) -> tuple[str, str] | None:
    if values.weight_kg is not None and not _is_in(values.weight_kg, WEIGHT_KG):
        low, high = (round(unit.from_kg(kg)) for kg in WEIGHT_KG)
        return "weight", _between(_("The weight"), (low, high), unit.value)
    if values == Values():
        return "", _("Enter at least one value.")
    return None


def _is_in(value: float, limits: tuple[int, int]) -> bool:
    return limits[0] <= value <= limits[1]


def _between(name: str, limits: tuple[int, int], unit: str) -> str:
    low, high = limits
    return _(
        "{name} must be between {low} and {high} {unit}.", name=name, low=low, high=high, unit=unit
    )
