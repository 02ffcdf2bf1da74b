"""Choices of an account: settings, times of day, and the questions of the check-in.

In the history, each setting is a subject of its own; so are the list of questions and the times of
day. None of them is a single row, so `services/preferences.py` writes them.
"""

from typing import Any

from app.domain.measurements import MeasurementKind, WeightUnit
from app.domain.reminders import ReminderText
from app.domain.symptoms import CHECK_IN_SCALES, SYMPTOMS
from app.models import Preferences, Theme, TrackedSymptom, VitaminUnit
from app.records import cells
from app.records.record import (
    Column,
    Sheet,
    Values,
    column,
    worked_out,
)

# One row of settings.csv each: name and value. Stored in the account's row or in its preferences.
SETTINGS: tuple[Column, ...] = (
    column("name", cells.text),
    column("time_zone", cells.text),
    column("day_starts_time", cells.clock),
    column("began_on", cells.day),
    column("first_weekday", cells.whole),
    column("theme", cells.choice(Theme)),
    column("vitamin_unit", cells.choice(VitaminUnit)),
    column("emergency_line", cells.text),
    column("single_keys", cells.flag),
    column("is_discreet", cells.flag),
    column("is_large", cells.flag),
    column("hints_seen", cells.several(cells.text)),
    column("currency", cells.text),
    column("measures_on", cells.several(MeasurementKind)),
    column("weight_unit", cells.choice(WeightUnit)),
    column("language", cells.text_or_none),
    column("reminds", cells.flag),
    column("reminder_times", cells.several(cells.text)),
    column("reminder_text", cells.choice(ReminderText)),
    column("quiet_hours", cells.several(cells.text)),
    column("reminds_of_refills", cells.flag),
)
SETTING_HEADER = ("setting", "value")

# Together these rows are `Preferences.day_parts`.
DAY_PART_SHEET = Sheet(
    Preferences,
    (
        worked_out("slug", cells.text),
        worked_out("name", cells.text),
        worked_out("position", cells.whole),
    ),
)


def _own_name(read: Values) -> dict[str, Any]:
    """Drop the name of a listed symptom or scale: it comes from the person's language."""
    is_listed = read["slug"] in SYMPTOMS or read["slug"] in CHECK_IN_SCALES
    return {"name": "" if is_listed else read["name"]}


TRACKED_SYMPTOM_SHEET = Sheet(
    TrackedSymptom,
    (
        column("slug", cells.text),
        worked_out("name", cells.text),
        column("position", cells.whole),
        column("is_asked", cells.flag),
    ),
    _own_name,
)
