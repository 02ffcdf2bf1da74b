"""Ask for the current password again, before what a borrowed phone must not do."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from app.errors import Busy, Refused, TooManyTries
from app.models import ActivityKind
from app.services.accounts import Attempt, is_right, try_current_password
from app.services.sign_in_tries import take_back
from app.web.activity import record
from app.web.deps import Visit
from app.web.words import _

NOT_CURRENT = _("That is not your current password.")


def confirm_password(
    request: Request, visit: Visit, password: str, field: str = "current_password"
) -> None:
    """Go on only with the right password; the account is the handler's alone until its commit.

    Raises `Refused` for a wrong one and `TooManyTries` after five, about `field`. What the
    handler wrote before is committed: no lock is held while a password is hashed.
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
    """Look at a password; where too many wait for that, the try does not count."""
    try:
        yield
    except Busy:
        take_back(session, attempt.try_id)
        session.commit()
        raise


def with_wait(response: Response, refusal: Refused) -> Response:
    """The page that says no, with the seconds to wait where there were too many tries."""
    response.status_code = refusal.status_code
    if isinstance(refusal, TooManyTries):
        response.headers["retry-after"] = str(refusal.seconds)
    return response
