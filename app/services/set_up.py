"""The link to the first account: it works once, for a day, and only while there is no account.

Every start without an account makes another one. The first account that is made, by a link or
by `create-user`, ends them all.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, select

from app.db import take_turns
from app.errors import Refused
from app.models import SetUpLink, User
from app.services.sign_in_tries import hash_of

HOLDS_FOR = timedelta(hours=24)
SET_UP_TURN = 7_836_212
REFUSAL = (
    "This code was used, has expired, or is incomplete. Restart the server to print a new link."
)


def new_set_up_code(session: Session, now: datetime) -> str:
    """Make a link and return its code (144 random bits). The caller commits."""
    session.execute(delete(SetUpLink).where(col(SetUpLink.expires_at) <= now))
    code = secrets.token_urlsafe(18)
    session.add(SetUpLink(code_hash=hash_of(code), expires_at=now + HOLDS_FOR))
    return code


def check_set_up_code(session: Session, code: str, now: datetime) -> None:
    """Refuse a code that does not hold, as `use_set_up_code` does, and leave the link as it is."""
    if session.exec(select(SetUpLink).where(*_holding(code, now))).first() is None:
        raise Refused(REFUSAL, "code")


def use_set_up_code(session: Session, code: str, now: datetime) -> None:
    """Use a link up; raises `Refused` about `code` for one that does not hold.

    Of several uses at the same time one goes on: the others wait for its commit.
    """
    take_turns(session, SET_UP_TURN)
    held = delete(SetUpLink).where(*_holding(code, now))
    used = session.execute(held.returning(col(SetUpLink.code_hash)))
    if used.first() is None or session.exec(User.count()).one() > 0:
        raise Refused(REFUSAL, "code")


def _holding(code: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return col(SetUpLink.code_hash) == hash_of(code), col(SetUpLink.expires_at) > now


def end_set_up(session: Session) -> None:
    """Let no link work any more: there is an account now."""
    session.execute(delete(SetUpLink))
