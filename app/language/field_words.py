"""Name form fields in lists of errors."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from app.i18n import lazy, lazy_in

NUMBERED = re.compile(r"[-_]?\d+$")
FIELD_WORDS: Mapping[str, lazy] = MappingProxyType(
    {
        "name": lazy("Name"),
        "code": lazy("Set-up code"),
        "password": lazy("Password"),
        "new_password": lazy("New password"),
        "time_zone": lazy("Time zone"),
        "day_starts_time": lazy("Day starts at"),
        "currency": lazy("Currency"),
        "emergency_line": lazy("Emergency number"),
        "neutral_name": lazy("Neutral name"),
        "instruction": lazy("Instruction"),
        "note": lazy("Note"),
        "text": lazy("Text"),
        "label": lazy_in("life event", "Label"),
        "reason": lazy("Reason"),
        "amount": lazy("Amount"),
        "amounts": lazy("Amount"),
        "usual_amount": lazy("Amount"),
        "unit": lazy("Unit"),
        "times": lazy("Times"),
        "occurred_time": lazy("Time"),
        "due_time": lazy("Due time"),
        "every_days": lazy("Every how many days"),
        "days_of_month": lazy("Days of the month"),
        "cycle_on": lazy("Days on"),
        "cycle_off": lazy("Days off"),
        "per_week": lazy("Times a week"),
        "per_week_most": lazy("Times a week at most"),
        "gap_hours": lazy("Hours between doses"),
        "daily_maximum": lazy("Maximum a day"),
        "starts_on": lazy("Start date"),
        "ends_on": lazy("End date"),
        "restarts_on": lazy("Restart date"),
        "due_on": lazy("Date"),
        "on": lazy("Date"),
        "from": lazy_in("period", "From"),
        "to": lazy("To"),
        "hours": lazy("Hours"),
        "minutes_on": lazy("Minutes left on"),
        "dry_minutes": lazy("Minutes until dry"),
        "needle_mm": lazy("Needle length"),
        "shut_out_hours": lazy("Hours without topicals"),
        "package_price": lazy("Price"),
        "package_amount": lazy("Package size"),
        "part_width_mm": lazy("Part width"),
        "hairs": lazy("Hairs"),
        "score": lazy("Score"),
        "days_since_wash": lazy("Days since wash"),
        "weight": lazy("Weight"),
        "pulse": lazy("Pulse"),
        "systolic": lazy("Blood pressure (upper)"),
        "diastolic": lazy("Blood pressure (lower)"),
        "strength": lazy("Strength"),
        "step_dates": lazy("Step dates"),
        "step_amounts": lazy("Step amounts"),
    }
)


def field_word(name: str) -> str:
    """Return the name of a field; empty if the error's sentence names the field itself."""
    return str(FIELD_WORDS.get(name) or FIELD_WORDS.get(NUMBERED.sub("", name)) or "")
