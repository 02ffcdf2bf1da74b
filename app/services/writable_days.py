"""Check the days that can be written."""

from datetime import date, datetime, timedelta

from app.errors import Refused
from app.i18n import _, lazy
from app.language.words import spelled_out
from app.models import User

# How far the clocks of a device and of the server may be apart.
CLOCKS_MAY_DIFFER = timedelta(minutes=10)
NOT_YET = lazy("This day is in the future.")


def check_day(user: User, on: date, now: datetime, field: str = "due_on") -> None:
    """Refuse a day that cannot be written: before the account began, or after tomorrow."""
    if on < user.began_on:
        began = spelled_out(user.began_on)
        raise Refused(_("This day is before your log began, on {began}.", began=began), field)
    if on > user.today(now) + timedelta(days=1):
        raise Refused(NOT_YET, field)


def check_photo_day(user_today: date, on: date) -> None:
    """Refuse a future day."""
    if on > user_today:
        raise Refused(NOT_YET, "on")
