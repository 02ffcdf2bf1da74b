"""The days on which something may be noted."""

from datetime import date, datetime, timedelta

from app.domain.life_events import BLOOD_TEST, MOST_DAYS_AHEAD
from app.errors import Refused
from app.models import User
from app.services.dose_events import check_day


def check_note_day(user: User, on: date, label: str, now: datetime) -> None:
    """Refuse a day that cannot be written; a blood test may be noted up to a year ahead."""
    if label != BLOOD_TEST:
        check_day(user, on, now)
    elif on > user.today(now) + timedelta(days=MOST_DAYS_AHEAD):
        raise Refused(f"A blood test can be noted up to {MOST_DAYS_AHEAD} days ahead.", "on")
    else:
        check_day(user, min(on, user.today(now)), now)
