"""Manage the link to the first account: it works once, for a day, while no account exists.

Every start without an account makes a new link. Creating the first account, by a link or by
`create-user`, ends all links.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, select

from app.db import advisory_lock
from app.errors import Refused
from app.i18n import lazy
from app.models import SetUpLink, User
from app.services.sign_in_tries import hash_of

HOLDS_FOR = timedelta(hours=24)
SET_UP_TURN = 7_836_212
REFUSAL = lazy(
    "This code was used, has expired, or is incomplete. Restart the server to print a new link."
)


def new_set_up_code(session: Session, now: datetime) -> str:
    """Make a link and return its code (144 random bits). The caller commits."""
    session.execute(delete(SetUpLink).where(col(SetUpLink.expires_at) <= now))
    code = secrets.token_urlsafe(18)
    session.add(SetUpLink(code_hash=hash_of(code), expires_at=now + HOLDS_FOR))
    return code


def check_set_up_code(session: Session, code: str, now: datetime) -> None:
    """Refuse an invalid code, as `use_set_up_code` does, without using up the link."""
    if session.exec(select(SetUpLink).where(*_holding(code, now))).first() is None:
        raise Refused(REFUSAL, "code")


def use_set_up_code(session: Session, code: str, now: datetime) -> None:
    """Use up a link; raise `Refused` about `code` if it is invalid.

    If it is used several times at once, one use succeeds: the others wait for its commit.
    """
    advisory_lock(session, SET_UP_TURN)
    held = delete(SetUpLink).where(*_holding(code, now))
    used = session.execute(held.returning(col(SetUpLink.code_hash)))
    if used.first() is None or session.exec(User.count()).one() > 0:
        raise Refused(REFUSAL, "code")


def _holding(code: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return col(SetUpLink.code_hash) == hash_of(code), col(SetUpLink.expires_at) > now


def end_set_up(session: Session) -> None:
    """End all links: an account exists now."""
    session.execute(delete(SetUpLink))
