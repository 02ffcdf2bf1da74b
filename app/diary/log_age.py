"""Count for how long a person has had something to log: the share of a week needs a week."""

from app.diary.diary import Diary

DAYS_FOR_A_SHARE = 7


def days_of_log(diary: Diary) -> int:
    """Count the days on which there has been something to log, today included."""
    started = min((item.starts_on for item in diary.regimen.items), default=None)
    if started is None:
        return 0
    return max(0, (diary.today - max(started, diary.owner.began_on)).days + 1)
