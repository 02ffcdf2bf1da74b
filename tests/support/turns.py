"""Nothing slow while a write transaction is open: SQLite has one, and everybody waits for it."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine, event

from app.photos import pixels as photo_pixels


class OpenTurns:
    """Which threads have a write transaction open, and what slow work they did meanwhile."""

    def __init__(self, exempt: threading.Thread | None) -> None:
        self.exempt = exempt
        self.open: Counter[int] = Counter()
        self.found: list[str] = []

    def begin(self, connection: Connection) -> None:
        self._count(connection, 1)

    def end(self, connection: Connection) -> None:
        self._count(connection, -1)

    def watched(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same work, written down where it is done in a write transaction."""

        def do(*given: Any) -> Any:
            is_exempt = threading.current_thread() is self.exempt
            if self.open[threading.get_ident()] > 0 and not is_exempt:
                self.found.append(f"{work.__name__} in a write transaction")
            return work(*given)

        return do

    def _count(self, connection: Connection, change: int) -> None:
        if connection.get_execution_options().get("writes"):
            self.open[threading.get_ident()] += change


@contextmanager
def nothing_slow_in_a_turn(*, exempt: threading.Thread | None = None) -> Iterator[None]:
    """Fail where a password is hashed or a picture decoded by a thread that is writing.

    What the `exempt` thread does is not looked at: a test that arranges its people.
    """
    turns = OpenTurns(exempt)
    listeners = {"begin": turns.begin, "commit": turns.end, "rollback": turns.end}
    for name, heard in listeners.items():
        event.listen(Engine, name, heard)
    try:
        with pytest.MonkeyPatch.context() as patch:
            for place, name in (
                (PasswordHasher, "hash"),
                (PasswordHasher, "verify"),
                (photo_pixels, "_decode"),
            ):
                patch.setattr(place, name, turns.watched(getattr(place, name)))
            yield
    finally:
        for name, heard in listeners.items():
            event.remove(Engine, name, heard)
    assert turns.found == [], ", ".join(turns.found)
