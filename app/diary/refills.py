"""Find the items that run low, and when to notify a person about them."""

from datetime import datetime, time

from app.diary.diary import Diary
from app.diary.supply import Supply, running_low
from app.domain.logical_dates import instant_of
from app.domain.reminders import quiet_hours

# By then most people are home, and shops are open.
TOLD_AT = time(18)


def refills_told_at(diary: Diary) -> datetime | None:
    """Return when today's low items are told; None if nobody counts what is left."""
    owner = diary.owner
    counted = any(item.is_counted for item in diary.regimen.current_on(diary.today))
    if not counted or not owner.preferences.reminds_of_refills:
        return None
    at = instant_of(diary.today, TOLD_AT, owner.zone, owner.day_starts_time)
    quiet = quiet_hours(owner.preferences.quiet_hours)
    return quiet.after(at, owner.zone) if quiet else at


def due_refills(diary: Diary) -> list[Supply]:
    """Read the supplies that are to be bought again, the next to run out first."""
    return [supply for supply in running_low(diary) if supply.needs_refill]
