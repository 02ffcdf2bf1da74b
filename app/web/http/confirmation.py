"""Ask for the current password again, before changes that a borrowed phone must not make."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from app.errors import Busy, Refused, TooManyTries
from app.i18n import lazy
from app.models import ActivityKind
from app.services.sign_in_tries import take_back
from app.services.sign_ins import Attempt, is_right, try_current_password
from app.web.http.activity import record
from app.web.http.visit import Visit

NOT_CURRENT = lazy("That is not your current password.")


def confirm_password(
    request: Request, visit: Visit, password: str, field: str = "current_password"
) -> None:
    """Check the current password; the account is then locked for the handler until its commit.

    Raises `Refused` for a wrong password and `TooManyTries` after five, both about `field`. The
    handler's earlier writes are committed, because no lock is held during hashing.
    """
    try:
        attempt = try_current_password(
            visit.diary.session, visit.diary.owner, visit.sign_in.id, visit.diary.now
        )
    except TooManyTries as error:
        error.field = field
        raise
    visit.diary.session.commit()
    with not_counted_if_busy(visit.diary.session, attempt):
        has_it = is_right(visit.diary.session, attempt, password)
    if not has_it:
        visit.diary.session.rollback()
        record(request, visit, ActivityKind.WRONG_CURRENT)
        visit.diary.session.commit()
        raise Refused(NOT_CURRENT, field)


@contextmanager
def not_counted_if_busy(session: Session, attempt: Attempt) -> Iterator[None]:
    """Check a password without counting the try if too many are waiting."""
    try:
        yield
    except Busy:
        take_back(session, attempt.try_id)
        session.commit()
        raise


def with_wait(response: Response, refusal: Refused) -> Response:
    """Set the status of a refusal, and the seconds to wait after too many tries."""
    response.status_code = refusal.status_code
    if isinstance(refusal, TooManyTries):
        response.headers["retry-after"] = str(refusal.seconds)
    return response
