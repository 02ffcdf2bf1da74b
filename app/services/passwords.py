"""Check and hash passwords.

Passwords are stored as Argon2id hashes with OWASP's parameters. Two are hashed at a time, because
each takes 19 MiB; eight more may wait. Further requests are refused at once, because a waiting
request occupies a thread. An unknown name takes as long as a wrong password, so timing reveals no
account names.
"""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.passwords import is_easily_guessed
from app.errors import Refused
from app.i18n import _, lazy
from app.job_limits import JobLimit
from app.models import User

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024
CHECKS_AT_A_TIME = threading.BoundedSemaphore(2)
# Two being hashed and eight waiting, for all accounts together.
MOST_CHECKS = 10
CHECKS = JobLimit(
    MOST_CHECKS, MOST_CHECKS, lazy("Too many passwords are being checked. Try again in a minute.")
)
ANYBODY = UUID(int=0)
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


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
        # Made at the first use, for a known name or not: the time it takes reveals nothing.
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
