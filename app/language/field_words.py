"""Name the field of a form beside what is wrong with it."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from app.language.words import _

NUMBERED = re.compile(r"[-_]?\d+$")
FIELD_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "name": _("Name"),
        "code": _("Set-up code"),
        "password": _("Password"),
        "new_password": _("New password"),
        "time_zone": _("Time zone"),
        "day_starts_time": _("Day starts at"),
        "currency": _("Currency"),
        "emergency_line": _("Emergency number"),
        "neutral_name": _("Neutral name"),
        "instruction": _("Instruction"),
        "note": _("Note"),
        "text": _("Text"),
        "label": _("Label"),
        "reason": _("Reason"),
        "amount": _("Amount"),
        "amounts": _("Amount"),
        "usual_amount": _("Amount"),
        "unit": _("Unit"),
        "times": _("Times"),
        "occurred_time": _("Time"),
        "due_time": _("Due time"),
        "every_days": _("Every how many days"),
        "days_of_month": _("Days of the month"),
        "cycle_on": _("Days on"),
        "cycle_off": _("Days off"),
        "per_week": _("Times a week"),
        "per_week_most": _("Times a week at most"),
        "gap_hours": _("Hours between doses"),
        "daily_maximum": _("Maximum a day"),
        "starts_on": _("Start date"),
        "ends_on": _("End date"),
        "restarts_on": _("Restart date"),
        "due_on": _("Date"),
        "on": _("Date"),
        "from": _("From"),
        "to": _("To"),
        "hours": _("Hours"),
        "minutes_on": _("Minutes left on"),
        "dry_minutes": _("Minutes until dry"),
        "needle_mm": _("Needle length"),
        "shut_out_hours": _("Hours without topicals"),
        "package_price": _("Price"),
        "package_amount": _("Package size"),
        "part_width_mm": _("Part width"),
        "hairs": _("Hairs"),
        "score": _("Score"),
        "days_since_wash": _("Days since wash"),
        "weight": _("Weight"),
        "pulse": _("Pulse"),
        "systolic": _("Blood pressure (upper)"),
        "diastolic": _("Blood pressure (lower)"),
        "strength": _("Strength"),
        "step_dates": _("Step dates"),
        "step_amounts": _("Step amounts"),
    }
)


def field_word(name: str) -> str:
    """The word for a field; empty for one that its sentence names itself."""
    return FIELD_WORDS.get(name) or FIELD_WORDS.get(NUMBERED.sub("", name), "")
