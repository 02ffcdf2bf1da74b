"""How long there has been something to log: the share of a week needs a week."""

from app.web.deps import Visit

DAYS_FOR_A_SHARE = 7


def days_of_log(visit: Visit) -> int:
    """How many days there has been something to log, today included."""
    started = min((item.starts_on for item in visit.regimen.items), default=None)
    if started is None:
        return 0
    return max(0, (visit.today - max(started, visit.user.began_on)).days + 1)
