"""The day and the time of day of an imported dose, by the dose's own clock."""

from datetime import date, datetime, time

from app.domain.logical_dates import logical_date
from app.interchange.imported_log import ImportedDose
from app.models import User


def due_on(user: User, dose: ImportedDose) -> date:
    """Return the logical day of a dose."""
    zone = dose.instant.tzinfo
    assert zone is not None
    return logical_date(dose.instant, zone, user.day_starts_time)


def wall_time(instant: datetime) -> time:
    """Return the time of day of an instant by its own clock, to the minute."""
    return time(instant.hour, instant.minute)


def zone_name(user: User, instant: datetime) -> str:
    """Return the account's zone if the dose's offset matches it, else the offset alone."""
    is_at_home = instant.astimezone(user.zone).utcoffset() == instant.utcoffset()
    return user.time_zone if is_at_home else instant.isoformat()[-6:]
