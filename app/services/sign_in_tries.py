"""Slow down password guessing without locking the owner out.

Tries are counted for 15 minutes, by where they come from:

* a browser that has signed in to the account before (it has a device cookie) has a count of its
  own, which strangers cannot use up: five tries. Once all of an account's devices together have
  used up twenty, they are counted like any other browser, because cookies can be collected;
* a browser that is signed in has a count of its own for the current password, which the
  settings ask for: five tries, for all its forms together;
* any other browser is counted by name and network together (five tries), by network (fifty), and by
  name over all networks (a hundred).

Beyond a count, the next try has to wait 15 seconds, doubled with each further try, up to ten
minutes. A try is recorded before the password is checked, and removed if the password was right.
So simultaneous tries cannot slip past the count, and no lock is held during hashing.
"""

import hashlib
import hmac
import math
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, func
from sqlmodel import Session, col, select

from app.db import advisory_lock
from app.domain.networks import network_of
from app.errors import TooManyTries
from app.models import FailedSignIn

FREE_TRIES = 5
DEVICES_TRIES = 20
NETWORK_TRIES = 50
NAME_TRIES = 100
TRIES_COUNT_FOR = timedelta(minutes=15)
# How far ahead a clock may have been and still be believed.
CLOCK_SLACK = timedelta(minutes=1)
LONGEST_WAIT_SECONDS = 600
MAC_LENGTH = 43


@dataclass(frozen=True, slots=True)
class Guesser:
    """The origin of a try: a network, and the device or sign-in if the account knows it."""

    host: str
    device: str = ""
    sign_in: str = ""


def claim_try(session: Session, key: str, guesser: Guesser, now: datetime) -> UUID:
    """Record a try for a `name_key`, or for an impossible name, and return its id.

    Raises `TooManyTries` if the next try has to wait. The caller commits before checking the
    password.
    """
    name, network = _hashes(key, guesser)
    for each in (name, network):
        advisory_lock(session, int(each[:7], 16))
    _forget_old_ones(session, now)
    if guesser.device and _tries_of(session, network) >= DEVICES_TRIES:
        return claim_try(session, key, Guesser(guesser.host), now)
    is_known = bool(guesser.device or guesser.sign_in)
    for where, free in _counts(name, network, is_known=is_known):
        _check(session, where, free, now)
    tried = FailedSignIn(id=uuid4(), name_hash=name, network_hash=network, failed_at=now)
    session.add(tried)
    session.flush()
    return tried.id


def forgive(session: Session, try_id: UUID) -> None:
    """Remove a successful try, and all that were counted with it by name."""
    tried = session.get(FailedSignIn, try_id)
    if tried is not None:
        session.execute(
            delete(FailedSignIn).where(
                col(FailedSignIn.name_hash) == tried.name_hash,
                col(FailedSignIn.network_hash) == tried.network_hash,
            )
        )


def take_back(session: Session, try_id: UUID) -> None:
    """Remove a try whose password was never checked."""
    session.execute(delete(FailedSignIn).where(col(FailedSignIn.id) == try_id))


def new_device_cookie(secret: str, user_id: UUID) -> str:
    """Make the cookie that recognises a browser after it has signed in to an account."""
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{_mac(secret, user_id, nonce)}"


def known_device(secret: str, user_id: UUID | None, cookie: str) -> str:
    """Return the device that a cookie names if it belongs to this account; else ""."""
    nonce, _dot, mac = cookie.partition(".")
    if user_id is None or not nonce.isascii() or not mac.isascii():
        return ""
    is_genuine = hmac.compare_digest(mac, _mac(secret, user_id, nonce))
    return nonce if is_genuine else ""


def hash_of(text: str) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _mac(secret: str, user_id: UUID, nonce: str) -> str:
    said = f"device {user_id} {nonce}".encode()
    return hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()[:MAC_LENGTH]


def _hashes(key: str, guesser: Guesser) -> tuple[str, str]:
    """Return the keys that count a try alone and with others; no name contains a line break."""
    if guesser.sign_in:
        return hash_of(f"sign-in\n{guesser.sign_in}\n{key}"), hash_of("")
    if guesser.device:
        return hash_of(f"device\n{guesser.device}\n{key}"), hash_of(f"devices\n{key}")
    return hash_of(key), hash_of(network_of(guesser.host) or guesser.host)


def _tries_of(session: Session, network: str) -> int:
    counted = select(func.count()).where(col(FailedSignIn.network_hash) == network)
    return session.exec(counted).one()


def _counts(
    name: str, network: str, *, is_known: bool
) -> Iterator[tuple[tuple[ColumnElement[bool], ...], int]]:
    by_name = col(FailedSignIn.name_hash) == name
    by_network = col(FailedSignIn.network_hash) == network
    yield (by_name, by_network), FREE_TRIES
    if not is_known:
        yield (by_network,), NETWORK_TRIES
        yield (by_name,), NAME_TRIES


def _check(
    session: Session, where: tuple[ColumnElement[bool], ...], free: int, now: datetime
) -> None:
    counted = select(func.count(), func.max(FailedSignIn.failed_at)).where(*where)
    tries, last = session.execute(counted).one()
    if tries < free or last is None:
        return
    waits = timedelta(seconds=min(LONGEST_WAIT_SECONDS, 15 * 2 ** min(tries - free, 10)))
    if now - last < waits:
        raise TooManyTries(math.ceil((waits - (now - last)).total_seconds()))


def _forget_old_ones(session: Session, now: datetime) -> None:
    """Delete tries that no longer count, and those dated ahead by a wrong clock."""
    failed_at = col(FailedSignIn.failed_at)
    session.execute(
        delete(FailedSignIn).where(
            (failed_at < now - TRIES_COUNT_FOR) | (failed_at > now + CLOCK_SLACK)
        )
    )
