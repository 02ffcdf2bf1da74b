"""Move the first day of a diary, so that an older log can be entered."""

from datetime import date

from sqlmodel import Session, SQLModel, col, func, select

from app.db.tables import table_of
from app.errors import Refused
from app.i18n import _
from app.language.words import spelled_out
from app.models import (
    CheckIn,
    DoseEvent,
    HairReview,
    Measurement,
    Note,
    RegimenItem,
    SheddingCount,
    SymptomReport,
    User,
)
from app.services.history import Decision, append_version
from app.services.regimen_writes import change_item
from app.services.versions import bump_log_version, bump_regimen_version

DIARY: tuple[type[SQLModel], ...] = (
    *(CheckIn, SymptomReport, Note, SheddingCount, HairReview, Measurement),
)


def move_first_day(session: Session, user: User, began_on: date, decision: Decision) -> None:
    """Move the first day of the diary.

    Doses of items that had started by then become due from that day on. A later day is refused if
    anything was logged before it. Photos may be older than the diary. The caller commits.
    """
    if began_on > user.today(decision.received_at):
        raise Refused(_("This day is in the future."), "began_on")
    earliest = first_logged_on(session, user)
    if earliest is not None and earliest < began_on:
        logged_on = spelled_out(earliest)
        sentence = _(
            "You logged something on {day}: choose that day or an earlier one.", day=logged_on
        )
        raise Refused(sentence, "began_on")
    state = {"began_on": began_on}
    subject = "settings/began-on"
    if not append_version(session, decision, kind="settings", subject=subject, state=state):
        return
    before = user.began_on
    user.began_on = began_on
    session.add(user)
    session.flush()
    for item in session.exec(RegimenItem.owned_by(user.id)).all():
        # If a file brought the earlier days, slots begin later, or there are none.
        if item.slots_from == max(item.starts_on, before):
            slots_from = max(item.starts_on, began_on)
            if slots_from != item.slots_from:
                change_item(session, item, decision, slots_from=slots_from)
    bump_regimen_version(session, user)
    bump_log_version(session, user.id, min(before, began_on), decision.received_at)


def first_logged_on(session: Session, user: User) -> date | None:
    """Return the day of the first entry besides photos; None without entries."""
    first_dose = session.exec(
        select(func.min(DoseEvent.due_on)).where(DoseEvent.user_id == user.id)
    ).one()
    days = [first_dose]
    for table in DIARY:
        columns = table_of(table).c
        first = select(func.min(col(columns.on))).where(columns.user_id == user.id)
        days.append(session.exec(first).one())
    return min((day for day in days if day is not None), default=None)
