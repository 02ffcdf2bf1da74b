"""Choices of an account: settings, times of day, and the questions of the check-in.

In the history, each setting is a subject of its own; so are the list of questions and the times of
day. None of them is a single row, so `services/preferences.py` writes them.
"""

from typing import Any

from app.domain.measurements import MeasurementKind, WeightUnit
from app.domain.symptoms import CHECK_IN_SCALES, SYMPTOMS
from app.models import Preferences, Theme, TrackedSymptom, VitaminUnit
from app.records.record import (
    Column,
    Sheet,
    Values,
    choice,
    clock,
    column,
    day,
    flag,
    several,
    text,
    text_or_none,
    whole,
    worked_out,
)

# One row of settings.csv each: name and value. Stored in the account's row or in its preferences.
SETTINGS: tuple[Column, ...] = (
    column("name", text),
    column("time_zone", text),
    column("day_starts_time", clock),
    column("began_on", day),
    column("first_weekday", whole),
    column("theme", choice(Theme)),
    column("vitamin_unit", choice(VitaminUnit)),
    column("emergency_line", text),
    column("single_keys", flag),
    column("is_discreet", flag),
    column("is_large", flag),
    column("hints_seen", several(text)),
    column("currency", text),
    column("measures_on", several(MeasurementKind)),
    column("weight_unit", choice(WeightUnit)),
    column("language", text_or_none),
)
SETTING_HEADER = ("setting", "value")

# Together these rows are `Preferences.day_parts`.
DAY_PART_SHEET = Sheet(
    Preferences,
    (worked_out("slug", text), worked_out("name", text), worked_out("position", whole)),
)


def _own_name(read: Values) -> dict[str, Any]:
    """Drop the name of a listed symptom or scale: it comes from the person's language."""
    is_listed = read["slug"] in SYMPTOMS or read["slug"] in CHECK_IN_SCALES
    return {"name": "" if is_listed else read["name"]}


TRACKED_SYMPTOM_SHEET = Sheet(
    TrackedSymptom,
    (
        column("slug", text),
        worked_out("name", text),
        column("position", whole),
        column("is_asked", flag),
    ),
    _own_name,
)
