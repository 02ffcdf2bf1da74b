"""Manage accounts and sign-ins.

Passwords are stored as Argon2id hashes with OWASP's parameters. Two are hashed at a time, because
each takes 19 MiB; eight more may wait. Further requests are refused at once, because a waiting
request occupies a thread. An unknown name takes as long as a wrong password, so timing reveals no
account names. Tokens are random 256-bit values; the database stores their SHA-256.
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
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from app.db.row_cache import RowCache
from app.domain.logical_dates import zone_named
from app.domain.names import exact_key, mixes_alphabets, name_key
from app.domain.passwords import is_easily_guessed
from app.errors import Refused
from app.i18n import _, lazy, marked
from app.job_limits import JobLimit
from app.models import DeletedAccount, Preferences, SignIn, User
from app.models.prepared import prepared
from app.services.history import Decision, lock_user
from app.services.preferences import SettingsInput, save_settings
from app.services.set_up import end_set_up, use_set_up_code
from app.services.sign_in_tries import Guesser, claim_try, forgive, hash_of

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024
# Room for all phones, tablets and computers of one person.
MOST_SIGN_INS = 20
NAME_TAKEN = lazy("This name, or one that looks like it, is taken.")
CHECKS_AT_A_TIME = threading.BoundedSemaphore(2)
# Two being hashed and eight waiting, for all accounts together.
MOST_CHECKS = 10
CHECKS = JobLimit(
    MOST_CHECKS, MOST_CHECKS, lazy("Too many passwords are being checked. Try again in a minute.")
)
ANYBODY = UUID(int=0)

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class AccountInput(BaseModel):
    """What an account starts with."""

    name: str
    password: str
    time_zone: str = "UTC"
    language: str | None = None


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
    """Create an account; the first one needs the code of its set-up link.

    Raises `Refused` for a taken name, a weak password or an invalid code. The password is hashed
    before the session is used, so that no lock is held meanwhile; callers without the right to an
    account are refused before that (`check_set_up_code`).
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
    user.preferences.language = account.language
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused(NAME_TAKEN, "name") from error
    end_set_up(session)
    return user


def _check_name(name: str) -> None:
    if not name_key(name):
        raise Refused(_("Choose a name to sign in with."), "name")
    if mixes_alphabets(name):
        raise Refused(_("Write each word of the name in one alphabet."), "name")


def outdated_name_keys(session: Session) -> dict[UUID, str]:
    """Find accounts whose name key is outdated, with their new keys.

    If older accounts have names that look alike, every spelling means the oldest of them; each of
    the others is found by its own spelling, in any case.
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
    """Give accounts new keys, unique at every step; the caller commits."""
    for keyed in ({user_id: f" {user_id}" for user_id in keys}, keys):
        for user_id, key in keyed.items():
            session.execute(update(User).where(col(User.id) == user_id).values(name_key=key))


def check_password_is_strong(password: str, name: str) -> None:
    """Refuse what is guessed first; no rules about kinds of characters."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(
            _("Use {n} characters or more.", n=SHORTEST_PASSWORD),
            "password",
        )
    if len(password) > LONGEST_PASSWORD:
        raise Refused(
            _("Use at most {n} characters.", n=LONGEST_PASSWORD),
            "password",
        )
    if is_easily_guessed(password, name):
        raise Refused(_("That password is easy to guess. Try a few unrelated words."), "password")


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password; raise `Busy` if too many are waiting."""
    with _place_to_hash():
        return _hasher.hash(password)


def password_matches(user: User | None, password: str) -> bool:
    """Return whether this is the person's password.

    Takes equally long for an unknown user, and returns False. Raises `Busy` if too many are
    waiting.
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


def set_password(session: Session, user: User, password_hash: str) -> None:
    """Set a password and end every sign-in; a sign-in in progress fails."""
    lock_user(session, user.id)
    user.password_hash = password_hash
    session.add(user)
    session.execute(delete(SignIn).where(col(SignIn.user_id) == user.id))


def delete_account(session: Session, user_id: UUID, now: datetime) -> None:
    """Delete an account with all its rows. The caller deletes its files after the commit."""
    session.add(DeletedAccount(account_id=user_id, deleted_at=now))
    session.execute(delete(User).where(col(User.id) == user_id))


def rename(session: Session, user: User, name: str, decision: Decision) -> None:
    """Change the name that a person signs in with; raise `Refused` if it is taken."""
    _check_name(name)
    others = session.scalars(User.named(name).with_only_columns(col(User.id)))
    if set(others) - {user.id}:
        raise Refused(NAME_TAKEN, "name")
    try:
        save_settings(session, user, SettingsInput(name=name), decision)
    except IntegrityError as error:
        raise Refused(NAME_TAKEN, "name") from error


def start_sign_in(session: Session, user: User, device_label: str, now: datetime) -> str:
    """Add a sign-in and return its token; the least recently used one may end for it."""
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
    """Note that a sign-in was used."""
    session.execute(update(SignIn).where(col(SignIn.id) == sign_in_id).values(last_seen_at=now))


def end_sign_in(session: Session, token: str) -> None:
    """End the sign-in that a token stands for, if there is one."""
    session.execute(delete(SignIn).where(col(SignIn.token_hash) == hash_of(token)))


def end_other_sign_ins(session: Session, user: User, keep: UUID) -> None:
    """End every sign-in of a person but one."""
    session.execute(delete(SignIn).where(col(SignIn.user_id) == user.id, col(SignIn.id) != keep))


def _make_room(session: Session, user: User, now: datetime) -> None:
    """Delete the sign-ins that have ended, and the least recently used ones beyond the limit."""
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
