"""Accounts and sign-ins.

Passwords are kept as Argon2id with OWASP's parameters. Few are checked at a time, because
each takes 19 MiB; an unknown name takes as long as a wrong password. Tokens are random
256-bit values, of which the database holds the SHA-256.
"""

import hashlib
import hmac
import secrets
import threading
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import BaseModel
from sqlalchemy import delete, func, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from app.db.direct import fetch_alone
from app.domain.logical_dates import zone_named
from app.domain.passwords import is_guessed_first
from app.errors import Refused, TooManyTries
from app.models import FailedSignIn, SignIn, User
from app.models.prepared import prepared
from app.models.user import name_key

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024
FREE_TRIES = 5
NETWORK_TRIES = 50
TRIES_COUNT_FOR = timedelta(minutes=15)
CHECKS_AT_A_TIME = threading.BoundedSemaphore(2)

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class AccountInput(BaseModel):
    """What an account starts with."""

    name: str
    password: str
    time_zone: str = "UTC"


def create_account(session: Session, account: AccountInput, now: datetime) -> User:
    """Add an account; raises `Refused` for a name that is taken or a weak password."""
    name = " ".join(account.name.split())
    if not name:
        raise Refused("Choose a name to sign in with.", "name")
    if session.exec(User.named(name)).first() is not None:
        raise Refused("This name is taken.", "name")
    check_password_is_strong(account.password, name)
    user = User(
        name=name,
        name_key=name_key(name),
        password_hash=hash_password(account.password),
        time_zone=account.time_zone,
        began_on=now.astimezone(zone_named(account.time_zone)).date(),
        created_at=now,
    )
    user.began_on = user.today(now)
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused("This name is taken.", "name") from error
    return user


def check_password_is_strong(password: str, name: str) -> None:
    """Refuse what is guessed first; no rules about kinds of characters."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"Use {SHORTEST_PASSWORD} characters or more.", "password")
    if len(password) > LONGEST_PASSWORD:
        raise Refused(f"Use at most {LONGEST_PASSWORD} characters.", "password")
    if is_guessed_first(password, name):
        raise Refused("This is guessed quickly. A few unrelated words work well.", "password")


def hash_password(password: str) -> str:
    """The Argon2id hash of a password."""
    with CHECKS_AT_A_TIME:
        return _hasher.hash(password)


def password_matches(user: User | None, password: str) -> bool:
    """Whether this is the person's password; for nobody it takes as long, and is not."""
    with CHECKS_AT_A_TIME:
        # Made for whoever comes first, known or not: the time it takes tells nothing.
        nobodys = _nobodys_hash()
        stored = nobodys if user is None else user.password_hash
        try:
            return _hasher.verify(stored, password[:LONGEST_PASSWORD]) and user is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe())


def sign_in(
    session: Session, name: str, password: str, *, network: str, device_label: str, now: datetime
) -> str | None:
    """Sign a person in and return the token for their cookie; None for a wrong password.

    Raises `TooManyTries`: after five wrong passwords for a name within a quarter of an
    hour, or fifty from one network, the next has to wait. The caller commits.
    """
    name_hash, network_hash = _hash(name_key(name)), _hash(network)
    _check_tries(session, name_hash, network_hash, now)
    user = session.exec(User.named(name)).first()
    if not password_matches(user, password) or user is None:
        session.add(FailedSignIn(name_hash=name_hash, network_hash=network_hash, failed_at=now))
        return None
    session.execute(delete(FailedSignIn).where(col(FailedSignIn.name_hash) == name_hash))
    return start_sign_in(session, user, device_label, now)


def start_sign_in(session: Session, user: User, device_label: str, now: datetime) -> str:
    """Add a sign-in and return its token."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            user_id=user.id,
            token_hash=_hash(token),
            device_label=device_label[:80],
            created_at=now,
            last_seen_at=now,
        )
    )
    return token


def find_sign_in(session: Session, token: str, now: datetime) -> tuple[User, SignIn] | None:
    """Whose token this is, if it still holds."""
    for user, sign_in in fetch_alone(session, _with_token_hash, _hash(token)):
        if sign_in.holds_at(now):
            return user, sign_in
    return None


def touch(session: Session, sign_in_id: UUID, now: datetime) -> None:
    """Note that a sign-in was used."""
    session.execute(update(SignIn).where(col(SignIn.id) == sign_in_id).values(last_seen_at=now))


def end_other_sign_ins(session: Session, user: User, keep: UUID | None) -> None:
    """End every sign-in of a person but one."""
    session.execute(delete(SignIn).where(col(SignIn.user_id) == user.id, col(SignIn.id) != keep))


def set_up_token(secret: str) -> str:
    """The one-time word of the set-up link; it opens nothing once an account exists."""
    return hmac.new(secret.encode(), b"set-up", hashlib.sha256).hexdigest()[:32]


def device_label(user_agent: str) -> str:
    """A browser and a system in words that a person knows, from a user agent."""
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
    browser = next((name for mark, name in browsers if mark in user_agent), "A browser")
    system = next((name for mark, name in systems if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


@prepared
def _with_token_hash(token_hash: str) -> Select[User, SignIn]:
    return (
        select(User, SignIn)
        .join(SignIn, col(SignIn.user_id) == col(User.id))
        .where(SignIn.token_hash == token_hash)
    )


def _check_tries(session: Session, name_hash: str, network_hash: str, now: datetime) -> None:
    session.execute(delete(FailedSignIn).where(col(FailedSignIn.failed_at) < now - TRIES_COUNT_FOR))
    for column, value, free in (
        (FailedSignIn.name_hash, name_hash, FREE_TRIES),
        (FailedSignIn.network_hash, network_hash, NETWORK_TRIES),
    ):
        tries, last = session.execute(
            select(func.count(), func.max(FailedSignIn.failed_at)).where(col(column) == value)
        ).one()
        waits = timedelta(seconds=min(600, 15 * 2 ** max(0, tries - free)))
        if tries >= free and last is not None and now - last < waits:
            raise TooManyTries


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
