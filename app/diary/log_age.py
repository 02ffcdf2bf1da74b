"""Count the days on which a person could log something: a week's share needs a week of them."""

from app.diary.diary import Diary

DAYS_FOR_A_SHARE = 7


def days_of_log(diary: Diary) -> int:
    """Count the days, today included, on which there was something to log."""
    started = min((item.starts_on for item in diary.regimen.items), default=None)
    if started is None:
        return 0
    return max(0, (diary.today - max(started, diary.owner.began_on)).days + 1)
