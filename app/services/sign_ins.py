"""Begin, find and end sign-ins.

Tokens are random 256-bit values; the database stores their SHA-256.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from app.db.row_cache import RowCache
from app.domain.names import name_key
from app.i18n import marked
from app.models import Preferences, SignIn, User
from app.models.prepared import prepared
from app.services.history import lock_user
from app.services.passwords import (
    password_matches,
)
from app.services.sign_in_tries import Guesser, claim_try, forgive, hash_of

# Room for all phones, tablets and computers of one person.
MOST_SIGN_INS = 20


class Attempt(NamedTuple):
    """A try to sign in: the account, if the name has one, and the row that counts the try."""

    user: User | None
    try_id: UUID


class SignedIn(NamedTuple):
    """A new sign-in: its account, and the token for the cookie."""

    user_id: UUID
    token: str


def try_to_sign_in(
    session: Session, name: str, guesser: Callable[[User | None], Guesser], now: datetime
) -> Attempt:
    """Record a try to sign in; `guesser` returns its origin once the account is known.

    Raises `TooManyTries` (see `sign_in_tries`). The caller commits, so that no lock is held while
    the password is hashed.
    """
    user = session.exec(User.named(name)).first()
    return Attempt(user, claim_try(session, name_key(name), guesser(user), now))


def try_current_password(session: Session, user: User, sign_in_id: UUID, now: datetime) -> Attempt:
    """Record that a signed-in person entered a current password.

    Each sign-in has its own count: someone who finds an unlocked phone cannot use up the owner's
    tries elsewhere. Raises `TooManyTries`; the caller commits, as for `try_to_sign_in`.
    """
    guesser = Guesser(host="", sign_in=str(sign_in_id))
    return Attempt(user, claim_try(session, user.name_key, guesser, now))


def is_right(session: Session, attempt: Attempt, password: str) -> bool:
    """Return whether the password of a try is right, and still current after hashing.

    If so, the person's tries are cleared, and the account is locked for the caller until the
    commit. Raises `Busy` if too many are waiting; the caller then takes back the unchecked try.
    """
    user, try_id = attempt
    if not password_matches(user, password) or user is None or not is_unchanged(session, user):
        return False
    forgive(session, try_id)
    return True


def is_unchanged(session: Session, user: User) -> bool:
    """Return whether the password that was checked is still current after hashing another.

    The account is locked for the caller until the commit.
    """
    lock_user(session, user.id)
    stored = session.exec(select(User.password_hash).where(User.id == user.id)).first()
    return stored == user.password_hash


def sign_in(
    session: Session, attempt: Attempt, password: str, *, device_label: str, now: datetime
) -> SignedIn | None:
    """Sign a person in; None for a wrong name or password. The caller commits."""
    if not is_right(session, attempt, password) or attempt.user is None:
        return None
    return SignedIn(attempt.user.id, start_sign_in(session, attempt.user, device_label, now))


def start_sign_in(session: Session, user: User, device_label: str, now: datetime) -> str:
    """Add a sign-in and return its token; the least recently used one may end to make room."""
    token = secrets.token_urlsafe(32)
    _make_room(session, user, now)
    session.add(
        SignIn(
            user_id=user.id,
            token_hash=hash_of(token),
            device_label=device_label[:80],
            created_at=now,
            last_seen_at=now,
        )
    )
    return token


def find_sign_in(session: Session, token: str) -> tuple[User, SignIn] | None:
    """Return the account of a token and its sign-in, which may have ended (`holds_at`)."""
    found: tuple[User, SignIn, Preferences] | None = _sign_ins.find(session, hash_of(token))
    if found is None:
        return None
    user, sign_in, preferences = found
    set_committed_value(user, "preferences", preferences)
    return user, sign_in


def touch(session: Session, sign_in_id: UUID, now: datetime) -> None:
    """Record that a sign-in was used."""
    session.execute(update(SignIn).where(col(SignIn.id) == sign_in_id).values(last_seen_at=now))


def end_sign_in(session: Session, token: str) -> None:
    """End the sign-in of a token, if there is one."""
    session.execute(delete(SignIn).where(col(SignIn.token_hash) == hash_of(token)))


def end_other_sign_ins(session: Session, user: User, keep: UUID) -> None:
    """End every sign-in of a person except one."""
    session.execute(delete(SignIn).where(col(SignIn.user_id) == user.id, col(SignIn.id) != keep))


def _make_room(session: Session, user: User, now: datetime) -> None:
    """Delete the sign-ins that have ended, and the least recently used ones beyond the limit."""
    kept = [each for each in session.exec(SignIn.of_user(user.id)) if each.holds_at(now)]
    ids = [each.id for each in kept[: MOST_SIGN_INS - 1]]
    session.execute(
        delete(SignIn).where(col(SignIn.user_id) == user.id, col(SignIn.id).not_in(ids))
    )


def device_label(user_agent: str) -> str:
    """Name a browser and its system in familiar words, from a user agent."""
    browsers = (
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("OPR", "Opera"),
        ("Chrom", "Chrome"),
        ("Safari", "Safari"),
    )
    systems = (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    )
    browser = next((name for mark, name in browsers if mark in user_agent), marked("A browser"))
    system = next((name for mark, name in systems if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


@prepared
def _with_token_hash(token_hash: str) -> Select[User, SignIn, Preferences]:
    return (
        select(User, SignIn, Preferences)
        .join(SignIn, col(SignIn.user_id) == col(User.id))
        .join(Preferences, col(Preferences.user_id) == col(User.id))
        .where(SignIn.token_hash == token_hash)
    )


_sign_ins = RowCache(_with_token_hash, most=256)
