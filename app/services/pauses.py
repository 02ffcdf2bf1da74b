"""Pause an item for whole days, and end such a pause."""

from datetime import date, time
from uuid import UUID

from sqlmodel import Session

from app.domain.date_range import DateRange
from app.domain.timing import day_before
from app.errors import Refused
from app.i18n import _
from app.models import Pause, User
from app.records import PAUSE
from app.services.deletions import delete_row
from app.services.history import Decision, lock_user, record_row, record_version


def save_pause(session: Session, user: User, pause: Pause, decision: Decision) -> None:
    """Pause an item for whole days, or change the days of a pause.

    Without a last day, a pause lasts until it is ended. If the days stay as the form shows them,
    the stored last day and its time stay too.
    """
    lock_user(session, user.id)
    check_pause(session, pause)
    found = session.get(Pause, pause.id)
    if found and (pause.starts_on, pause.ends_on) == (found.starts_on, found.last_day):
        pause.ends_on = found.ends_on
    pause.is_break = found is not None and found.is_break
    pause.resumed_time = _resumed_time(session, user, pause.id, pause.ends_on, decision)
    record_row(session, decision, PAUSE, pause)


def end_pause(session: Session, user: User, pause: Pause, today: date, decision: Decision) -> None:
    """End a pause now: slots of today before now are not due.

    A pause that has not begun is deleted.
    """
    ends_on = day_before(today)
    resumed_time = _resumed_time(session, user, pause.id, ends_on, decision)
    if pause.starts_on < today or resumed_time is not None:
        ended = PAUSE.like(pause, ends_on=ends_on, resumed_time=resumed_time)
        record_row(session, decision, PAUSE, ended)
    else:
        record_version(session, decision, PAUSE, {"id": pause.id}, None)


def _resumed_time(
    session: Session, user: User, pause_id: UUID, ends_on: date | None, decision: Decision
) -> time | None:
    """Return the minute at which a pause that covered today is ended; from then on slots are due.

    A pause whose last day does not change keeps its stored time.
    """
    before = session.get(Pause, pause_id)
    if before is None or before.user_id != user.id:
        return None
    if before.ends_on == ends_on:
        return before.resumed_time
    today = user.today(decision.changed_at)
    is_resumed = before.span.covers(today) and ends_on == day_before(today)
    return user.clock_at(decision.changed_at) if is_resumed else None


def remove_pause(session: Session, pause: Pause, decision: Decision) -> None:
    """Delete a pause: its days count again."""
    delete_row(session, PAUSE, pause.id, decision)


def check_pause(session: Session, pause: Pause) -> None:
    """Refuse a pause that ends before it starts, or overlaps another of the item."""
    days = DateRange(pause.starts_on, pause.ends_on)
    if days.last is not None and days.last < days.first:
        raise Refused(_("The last day is before the first day."), "ends_on")
    for other in session.exec(Pause.of_item(pause.regimen_item_id)):
        if other.id == pause.id or other.is_break:
            continue
        if days.overlaps(other.span.days):
            raise Refused(_("Another pause already covers some of these days."), "starts_on")
