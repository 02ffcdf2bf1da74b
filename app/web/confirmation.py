"""Ask for the current password again, before what a borrowed phone must not do."""

from fastapi import Request
from fastapi.responses import Response

from app.errors import Refused, TooManyTries
from app.models import ActivityKind
from app.services.accounts import is_right, try_current_password
from app.web.activity import record
from app.web.deps import Visit
from app.web.words import _


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
    if not is_right(visit.diary.session, attempt, password):
        visit.diary.session.rollback()
        record(request, visit, ActivityKind.WRONG_CURRENT)
        visit.diary.session.commit()
        raise Refused(_("That is not your current password."), field)


def with_wait(response: Response, refusal: Refused) -> Response:
    """The page that says no, with the seconds to wait where there were too many tries."""
    response.status_code = refusal.status_code
    if isinstance(refusal, TooManyTries):
        response.headers["retry-after"] = str(refusal.seconds)
    return response
