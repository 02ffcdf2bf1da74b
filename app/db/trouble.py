"""Tell trouble with the database or its machine from bugs of the app.

The same request works later, once the trouble is over. A busy database (locked, out of connections,
a deadlock or conflict that made it give up) recovers in a moment; the other troubles need someone
to look at the machine.
"""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.errors import Trouble


class DatabaseReplaced(SQLAlchemyError):
    """The database file at the path is no longer the one that this server opened."""

    trouble = Trouble.REPLACED


class DatabaseUnreadable(SQLAlchemyError):
    """The file cannot be inspected, for example because its folder is closed to the server."""

    trouble = Trouble.UNREADABLE


# Keyed by SQLite's primary result codes; the higher bits add detail.
OF_SQLITE = {
    5: Trouble.BUSY,
    6: Trouble.BUSY,
    15: Trouble.BUSY,
    14: Trouble.AWAY,
    13: Trouble.FULL,
    8: Trouble.READ_ONLY,
    10: Trouble.FAILING,
    11: Trouble.FAILING,
    26: Trouble.FAILING,
}
# Messages of driver builds that give no code.
SAID_BY_SQLITE = {
    "is locked": Trouble.BUSY,
    "locking protocol": Trouble.BUSY,
    "unable to open database file": Trouble.AWAY,
    "disk is full": Trouble.FULL,
    "readonly database": Trouble.READ_ONLY,
    "disk I/O error": Trouble.FAILING,
    "disk image is malformed": Trouble.FAILING,
    "is not a database": Trouble.FAILING,
}
# Keyed by a whole SQLSTATE or its prefix: connection exceptions, serialization failures and
# deadlocks, insufficient resources, objects in use, operator intervention, system errors, damage.
OF_POSTGRESQL = {
    "53100": Trouble.FULL,
    "25006": Trouble.READ_ONLY,
    "57014": Trouble.BUSY,
    "08": Trouble.AWAY,
    "57P": Trouble.AWAY,
    "40": Trouble.BUSY,
    "53": Trouble.BUSY,
    "55P03": Trouble.BUSY,
    "58": Trouble.FAILING,
    "XX001": Trouble.FAILING,
    "XX002": Trouble.FAILING,
}
OF_THE_SYSTEM = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EROFS: Trouble.READ_ONLY,
    errno.EIO: Trouble.FAILING,
    errno.EMFILE: Trouble.BUSY,
    errno.ENFILE: Trouble.BUSY,
}
# An entry takes up to some hundred kilobytes of SQLite's log.
LEAST_ROOM_BYTES = 524_288
KEPT_BY_A_CONNECTION = {Trouble.AWAY, Trouble.READ_ONLY, Trouble.FAILING}
# Errors while connecting to PostgreSQL have no SQLSTATE.
UNREACHABLE = {"psycopg.OperationalError", "psycopg.errors.ConnectionTimeout"}


def trouble_of(error: BaseException) -> Trouble | None:
    """Return the trouble of the machine or database behind an error; None for other errors."""
    if isinstance(error, DatabaseReplaced | DatabaseUnreadable):
        return error.trouble
    if isinstance(error, PoolTimeout):
        return Trouble.BUSY
    if isinstance(error, OSError):
        return OF_THE_SYSTEM.get(error.errno or 0)
    if not isinstance(error, DBAPIError):
        return None
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return _first(OF_POSTGRESQL, lambda begin: state.startswith(begin))
    code = getattr(error.orig, "sqlite_errorcode", None)
    if isinstance(code, int):
        return OF_SQLITE.get(code & 0xFF)
    said = _first(SAID_BY_SQLITE, lambda sentence: sentence in str(error.orig))
    if said is None and (error.connection_invalidated or _name(error.orig) in UNREACHABLE):
        return Trouble.AWAY
    return said


def check_room(engine: Engine) -> None:
    """Raise `OSError` (ENOSPC) if the disk of SQLite's file has no room for another entry.

    A short write can still succeed then, in a part of SQLite's log that is used again.
    """
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return
    disk = os.statvfs(Path(engine.url.database).parent)
    blocks = disk.f_bfree if os.geteuid() == 0 else disk.f_bavail
    # Some network drives do not tell their size.
    if disk.f_blocks and blocks * disk.f_frsize < LEAST_ROOM_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def renew_after_trouble(engine: Engine) -> None:
    """Make SQLite reopen its files after a trouble that an open connection may keep.

    A connection opened while the file was read-only stays read-only for good. All pooled
    connections are closed, because any of them may be affected.
    """

    def throw_out(context: ExceptionContext) -> None:
        error = context.sqlalchemy_exception
        if error is not None and trouble_of(error) in KEPT_BY_A_CONNECTION:
            context.is_disconnect = True

    event.listen(engine, "handle_error", throw_out)


def keep_watch(engine: Engine, path: Path) -> Callable[..., None]:
    """Stop all reads and writes once SQLite's files at `path` have been replaced.

    Returns a check of the files, for connections that are taken without the pool.

    Writes to a deleted file are lost with it, and a new connection would create a new, empty file.
    The same goes for SQLite's log, which holds the latest writes. The comparison takes
    microseconds, so it runs whenever a connection is made or taken, and before each commit.
    """
    files = _OpenedFiles(path)
    event.listen(engine, "do_connect", files.check)
    event.listen(engine, "connect", files.remember)
    event.listen(engine, "close", files.forget_log)
    event.listen(engine, "checkout", files.check)
    event.listen(engine, "commit", files.check)
    event.listen(engine, "engine_disposed", files.forget)
    return files.check


class _OpenedFiles:
    """The files that the open connections use: the database and SQLite's log."""

    def __init__(self, path: Path) -> None:
        self.log = path.with_name(f"{path.name}-wal")
        self.files = (path, self.log)
        self.known: dict[Path, tuple[int, int]] = {}
        self.connections: set[int] = set()

    def check(self, *_given: Any) -> None:
        """Raise DatabaseReplaced if the path holds another file or none."""
        for file in self.files:
            found = _identity(file)
            # Checked last: the log may just have been deleted with its last connection.
            if self.known.get(file, found) != found:
                raise DatabaseReplaced(file.name)

    def remember(self, connection: object, _record: object) -> None:
        """Remember which files a new connection opened."""
        self.connections.add(id(connection))
        for file in self.files:
            if (found := _identity(file)) is not None:
                self.known.setdefault(file, found)

    def forget_log(self, connection: object, _record: object) -> None:
        """Forget the log: SQLite empties and deletes it when the last connection closes."""
        self.connections.discard(id(connection))
        if not self.connections:
            self.known.pop(self.log, None)

    def forget(self, _engine: Engine) -> None:
        """Forget all files: the code that disposes of the engine may replace them."""
        self.known.clear()


def _identity(path: Path) -> tuple[int, int] | None:
    """Return the identity of the file at `path`, or None if there is no file.

    Raises `DatabaseUnreadable` if that cannot be found out.
    """
    try:
        found = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise DatabaseUnreadable(f"{path.name}: {error.strerror}") from error
    return found.st_dev, found.st_ino


def _name(error: BaseException | None) -> str:
    return f"{type(error).__module__}.{type(error).__name__}"


def _first(troubles: dict[str, Trouble], fits: Callable[[str], bool]) -> Trouble | None:
    return next((trouble for key, trouble in troubles.items() if fits(key)), None)
