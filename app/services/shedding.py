"""Save counts of shed hairs."""

from datetime import date

from sqlmodel import Session

from app.domain.shedding import CountMethod
from app.errors import Refused
from app.i18n import _
from app.models import SheddingCount, User
from app.models.shedding_count import shedding_count_id
from app.records import SHEDDING_COUNT
from app.services.deletions import delete_row
from app.services.history import Decision, record_row
from app.services.writable_days import check_day


def record_count(session: Session, user: User, count: SheddingCount, decision: Decision) -> bool:
    """Save one reading; return whether the decision counts. The caller commits.

    Its id follows from its day, method and run. Raises `Refused`.
    """
    check_day(user, count.on, decision.received_at)
    if count.method.is_score and (count.hairs is not None or count.score is None):
        raise Refused(_("Choose a picture from 1 to 6 instead of entering hairs."))
    if not count.method.is_score and (count.score is not None or count.hairs is None):
        raise Refused(_("Enter how many hairs you counted. 0 is a count."))
    count.id = shedding_count_id(user.id, count.on, count.method, count.run)
    return record_row(session, decision, SHEDDING_COUNT, count)


def take_back_count(session: Session, row: SheddingCount, decision: Decision) -> None:
    """Delete a reading. The caller commits."""
    delete_row(session, SHEDDING_COUNT, row.id, decision)


def subject_of(user: User, on: date, method: CountMethod, run: int) -> str:
    """Return a reading's subject in the history and the outbox."""
    return SHEDDING_COUNT.subject({"id": shedding_count_id(user.id, on, method, run)})
