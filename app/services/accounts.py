"""Accounts and sign-ins.

Passwords are stored as Argon2id hashes with OWASP's parameters. Two are hashed at a time,
because each takes 19 MiB; eight more may wait, and whoever comes then is told so at once: a
request that waits keeps a thread from everybody else. An unknown name takes as long as a wrong
password, so timing reveals no account names. Tokens are random 256-bit values, of which the
database holds the SHA-256.
"""

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import BaseModel
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from app.db.direct import fetch_alone
from app.domain.logical_dates import zone_named
from app.domain.names import exact_key, mixes_alphabets, name_key
from app.domain.passwords import is_guessed_first
from app.errors import Refused
from app.models import DeletedAccount, SignIn, User
from app.models.prepared import prepared
from app.services.history import Decision, turn_of
from app.services.preferences import save_settings
from app.services.set_up import end_set_up, use_set_up_code
from app.services.sign_in_tries import Guesser, claim_try, forgive, hash_of
from app.services.slots import Slots

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024
# The phones, tablets and computers of one person, with room to spare.
MOST_SIGN_INS = 20
NAME_TAKEN = "This name, or one that looks like it, is taken."
CHECKS_AT_A_TIME = threading.BoundedSemaphore(2)
# Two that are hashed and eight that wait, whoever they are.
MOST_CHECKS = 10
CHECKS = Slots(
    MOST_CHECKS, MOST_CHECKS, "Too many passwords are being checked. Try again in a minute."
)
ANYBODY = UUID(int=0)

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class AccountInput(BaseModel):
    """What an account starts with."""

    name: str
    password: str
    time_zone: str = "UTC"


class Attempt(NamedTuple):
    """A try to sign in: whose name it is, if anybody's, and the row that counts it."""

    user: User | None
    try_id: UUID


class SignedIn(NamedTuple):
    """A sign-in that has just begun: whose it is, and the token for the cookie."""

    user_id: UUID
    token: str


def create_account(
    session: Session, account: AccountInput, now: datetime, *, set_up_code: str | None = None
) -> User:
    """Add an account, the first one with the code of its link.

    Raises `Refused` for a name that is taken, a weak password or a code that does not hold. The
    password is hashed before the session is used, so that no lock is held meanwhile; whoever
    has no right to an account yet is refused before (`check_set_up_code`).
    """
    name = " ".join(account.name.split())
    _check_name(name)
    check_password_is_strong(account.password, name)
    password_hash = hash_password(account.password)
    if set_up_code is not None:
        use_set_up_code(session, set_up_code, now)
    if session.exec(User.named(name)).first() is not None:
        raise Refused(NAME_TAKEN, "name")
    user = User(
        name=name,
        name_key=name_key(name),
        password_hash=password_hash,
        time_zone=account.time_zone,
        began_on=now.astimezone(zone_named(account.time_zone)).date(),
        created_at=now,
    )
    user.began_on = user.today(now)
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused(NAME_TAKEN, "name") from error
    end_set_up(session)
    return user


def _check_name(name: str) -> None:
    if not name_key(name):
        raise Refused("Choose a name to sign in with.", "name")
    if mixes_alphabets(name):
        raise Refused("Write each word of the name in one alphabet.", "name")


def outdated_name_keys(session: Session) -> dict[UUID, str]:
    """The accounts whose names are compared otherwise by now, with their new keys.

    Of accounts whose names look alike, made when that was possible, the oldest is meant by every
    spelling; each other one is found by its own spelling, in any case.
    """
    taken: set[str] = set()
    outdated = {}
    for user in session.exec(User.oldest_first()):
        key = name_key(user.name)
        key = exact_key(user.name) if key in taken else key
        taken.add(key)
        if user.name_key != key:
            outdated[user.id] = key
    return outdated


def renew_name_keys(session: Session, keys: Mapping[UUID, str]) -> None:
    """Give accounts new keys, each unique on the way too; the caller commits."""
    for keyed in ({user_id: f" {user_id}" for user_id in keys}, keys):
        for user_id, key in keyed.items():
            session.execute(update(User).where(col(User.id) == user_id).values(name_key=key))


def check_password_is_strong(password: str, name: str) -> None:
    """Refuse what is guessed first; no rules about kinds of characters."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"Use {SHORTEST_PASSWORD} characters or more.", "password")
    if len(password) > LONGEST_PASSWORD:
        raise Refused(f"Use at most {LONGEST_PASSWORD} characters.", "password")
    if is_guessed_first(password, name):
        raise Refused("That password is easy to guess. Try a few unrelated words.", "password")


def hash_password(password: str) -> str:
    """The Argon2id hash of a password; raises `Busy` where too many wait."""
    with _place_to_hash():
        return _hasher.hash(password)


def password_matches(user: User | None, password: str) -> bool:
    """Whether this is the person's password; for nobody it takes as long, and is not.

    Raises `Busy` where too many wait.
    """
    with _place_to_hash():
        # Made for whoever comes first, known or not: the time it takes tells nothing.
        nobodys = _nobodys_hash()
        stored = nobodys if user is None else user.password_hash
        try:
            return _hasher.verify(stored, password[:LONGEST_PASSWORD]) and user is not None
        except (VerificationError, InvalidHashError):
            return False


@contextmanager
def _place_to_hash() -> Iterator[None]:
    with CHECKS.taken(ANYBODY), CHECKS_AT_A_TIME:
        yield


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe())


def try_to_sign_in(
    session: Session, name: str, guesser: Callable[[User | None], Guesser], now: datetime
) -> Attempt:
    """Write down that somebody tries; `guesser` says who, once it is known whose name it is.

    Raises `TooManyTries` (see `sign_in_tries`). The caller commits, so that no lock is held while
    the password is hashed.
    """
    user = session.exec(User.named(name)).first()
    return Attempt(user, claim_try(session, name_key(name), guesser(user), now))


def try_current_password(session: Session, user: User, sign_in_id: UUID, now: datetime) -> Attempt:
    """Write down that somebody who is signed in gives the current password.

    Each sign-in has a count of its own: who found a phone unlocked cannot use up the owner's
    tries elsewhere. Raises `TooManyTries`; the caller commits, as for `try_to_sign_in`.
    """
    guesser = Guesser(host="", sign_in=str(sign_in_id))
    return Attempt(user, claim_try(session, user.name_key, guesser, now))


def is_right(session: Session, attempt: Attempt, password: str) -> bool:
    """Whether the password of an attempt is right, and still is once it has been looked at.

    If it is, its tries are forgiven, and the account is the caller's alone until the commit.
    Raises `Busy` where too many wait; the caller takes back the try that nobody looked at.
    """
    user, try_id = attempt
    if not password_matches(user, password) or user is None or not is_unchanged(session, user):
        return False
    forgive(session, try_id)
    return True


def is_unchanged(session: Session, user: User) -> bool:
    """Whether the password is still the one that was looked at, before another was hashed.

    The account is the caller's alone until the commit.
    """
    turn_of(session, user.id)
    stored = session.exec(select(User.password_hash).where(User.id == user.id)).first()
    return stored == user.password_hash


def sign_in(
    session: Session, attempt: Attempt, password: str, *, device_label: str, now: datetime
) -> SignedIn | None:
    """Sign a person in; None for a wrong name or password. The caller commits."""
    if not is_right(session, attempt, password) or attempt.user is None:
        return None
    return SignedIn(attempt.user.id, start_sign_in(session, attempt.user, device_label, now))


def set_password(session: Session, user: User, password_hash: str) -> None:
    """Give a person another password, and end every sign-in; one that is under way fails."""
    turn_of(session, user.id)
    user.password_hash = password_hash
    session.add(user)
    session.execute(delete(SignIn).where(col(SignIn.user_id) == user.id))


def delete_account(session: Session, user_id: UUID, now: datetime) -> None:
    """Delete an account with every row of it. Its files go after the commit."""
    session.add(DeletedAccount(account_id=user_id, deleted_at=now))
    session.execute(delete(User).where(col(User.id) == user_id))


def rename(session: Session, user: User, name: str, decision: Decision) -> None:
    """Change the name that a person signs in with; raises `Refused` for one that is taken."""
    _check_name(name)
    others = session.scalars(User.named(name).with_only_columns(col(User.id)))
    if set(others) - {user.id}:
        raise Refused(NAME_TAKEN, "name")
    try:
        save_settings(session, user, {"name": name}, decision)
    except IntegrityError as error:
        raise Refused(NAME_TAKEN, "name") from error


def start_sign_in(session: Session, user: User, device_label: str, now: datetime) -> str:
    """Add a sign-in and return its token; the one that was used least lately may end for it."""
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
    """Whose token this is, and its sign-in, which may have ended (`holds_at`)."""
    for user, sign_in in fetch_alone(session, _with_token_hash, hash_of(token)):
        return user, sign_in
    return None


def touch(session: Session, sign_in_id: UUID, now: datetime) -> None:
    """Note that a sign-in was used."""
    session.execute(update(SignIn).where(col(SignIn.id) == sign_in_id).values(last_seen_at=now))


def end_sign_in(session: Session, token: str) -> None:
    """End the sign-in that a token stands for, if there is one."""
    session.execute(delete(SignIn).where(col(SignIn.token_hash) == hash_of(token)))


def end_other_sign_ins(session: Session, user: User, keep: UUID) -> None:
    """End every sign-in of a person but one."""
    session.execute(delete(SignIn).where(col(SignIn.user_id) == user.id, col(SignIn.id) != keep))


def _make_room(session: Session, user: User, now: datetime) -> None:
    """Delete the sign-ins that have ended, and those beyond the most that a person may have."""
    kept = [each for each in session.exec(SignIn.of_user(user.id)) if each.holds_at(now)]
    ids = [each.id for each in kept[: MOST_SIGN_INS - 1]]
    session.execute(
        delete(SignIn).where(col(SignIn.user_id) == user.id, col(SignIn.id).not_in(ids))
    )


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
