"""The day and the time of day of an imported dose: by the clock that it was written by."""

from datetime import date, datetime, time

from app.domain.logical_dates import logical_date
from app.interchange.imported_log import ImportedDose
from app.models import User


def due_on(user: User, dose: ImportedDose) -> date:
    """The day that a dose counts for."""
    zone = dose.instant.tzinfo
    assert zone is not None
    return logical_date(dose.instant, zone, user.day_starts_time)


def wall_time(instant: datetime) -> time:
    """The time of day of an instant by its own clock, to the minute."""
    return time(instant.hour, instant.minute)


def zone_name(user: User, instant: datetime) -> str:
    """The account's zone if the dose was written by its clock, else the offset alone."""
    is_at_home = instant.astimezone(user.zone).utcoffset() == instant.utcoffset()
    return user.time_zone if is_at_home else instant.isoformat()[-6:]
