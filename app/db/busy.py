"""Tell a database that is busy from one that is broken.

A busy one (locked, out of connections, a deadlock or conflict that made it give up, a restart)
answers the same request a little later.
"""

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# SQLITE_BUSY and SQLITE_LOCKED; the higher bits say more, and differ.
SQLITE_CODES = frozenset({5, 6})
SQLITE_FULL = 13
SQLITE_SENTENCES = ("is locked", "locking protocol")
# serialization_failure, deadlock_detected, lock_not_available, query_canceled, and by their first
# two letters: connection exceptions, insufficient resources, operator intervention.
POSTGRESQL_STATES = frozenset({"40001", "40P01", "55P03", "57014"})
POSTGRESQL_CLASSES = ("08", "53", "57P")
POSTGRESQL_DISK_FULL = "53100"


def is_busy(error: SQLAlchemyError) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError) or is_full(error):
        return False
    if error.connection_invalidated or _is_unreachable(error):
        return True
    state, code = _state(error), _code(error)
    if state is not None:
        return state in POSTGRESQL_STATES or state.startswith(POSTGRESQL_CLASSES)
    is_locked = any(sentence in str(error.orig) for sentence in SQLITE_SENTENCES)
    return code in SQLITE_CODES or is_locked


def is_full(error: SQLAlchemyError) -> bool:
    """Whether the disk of the database is full."""
    if not isinstance(error, DBAPIError):
        return False
    is_sqlite_full = _code(error) == SQLITE_FULL or "disk is full" in str(error.orig)
    return is_sqlite_full or _state(error) == POSTGRESQL_DISK_FULL


def _is_unreachable(error: DBAPIError) -> bool:
    """A PostgreSQL that could not be connected to gives no state."""
    name = f"{type(error.orig).__module__}.{type(error.orig).__name__}"
    return name in {"psycopg.OperationalError", "psycopg.errors.ConnectionTimeout"} and (
        _state(error) is None
    )


def _state(error: DBAPIError) -> str | None:
    state: str | None = getattr(error.orig, "sqlstate", None)
    return state


def _code(error: DBAPIError) -> int | None:
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None
