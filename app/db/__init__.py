"""The database engine: SQLite set up for a web app, or PostgreSQL.

SQLite runs in WAL mode with `synchronous=FULL`, because a device deletes its copy of an
entry once the server has acknowledged it. Sessions that write begin with `BEGIN IMMEDIATE`
(execution option `writes`): a deferred transaction that reads first and writes later fails
at once, however long the busy timeout is. Sessions that read begin deferred and block nobody.
"""

import importlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Insert, event, literal_column, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel, create_engine

from app.db.direct import ConnectionSession, begin, execute_prepared, execute_raw
from app.db.idle_connections import IdleConnections, has_been_cut
from app.db.tables import table_of
from app.db.trouble import keep_watch, renew_after_trouble

OneSession = TypeVar("OneSession", bound=ConnectionSession)

BUSY_MILLISECONDS = 5000
READERS_MILLISECONDS = 500
POOL_SECONDS = 4
# Notice within seconds, not minutes, that the server has vanished.
TO_POSTGRESQL = {"connect_timeout": 5, "keepalives_idle": 30, "tcp_user_timeout": 15_000}
# The wait for any lock ends when SQLite's would, for the rest of the transaction.
TAKING_TURN = f"SELECT set_config('lock_timeout', '{BUSY_MILLISECONDS}', true), "
TAKE_TURN = text(f"{TAKING_TURN}pg_advisory_xact_lock(:key)")
# Where a connection is told which lock its next transaction begins with.
FIRST_LOCK = "first_lock"
PRAGMAS = (
    "synchronous = FULL",
    "foreign_keys = ON",
    f"busy_timeout = {BUSY_MILLISECONDS}",
    # Overwrite deleted data with zeros instead of only freeing its space.
    "secure_delete = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "temp_store = MEMORY",
    "journal_size_limit = 67108864",
)


def make_engine(url: str, **options: Any) -> Engine:
    """Make an engine for `url`; create the folder of a database file if it is missing.

    Parameters of statements are personal, so errors (and the log) do not name them.
    """
    options = {
        "pool_size": 10,
        "max_overflow": 30,
        "pool_timeout": POOL_SECONDS,
        "hide_parameters": True,
        **options,
    }
    if not url.startswith("sqlite"):
        # Notice before use if a restart of PostgreSQL has cut the connection.
        engine = create_engine(url, pool_pre_ping=True, connect_args=TO_POSTGRESQL, **options)
        event.listen(engine, "connect", _configure_postgresql)
        event.listen(engine, "begin", _begin_on_postgresql)
        IDLE[engine] = IdleConnections(engine, has_been_cut, most=options["pool_size"] // 2)
        return engine
    file = Path(url.removeprefix("sqlite:///"))
    file.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, module=sqlite_module(), **options)
    event.listen(engine, "connect", _configure_sqlite)
    if make_url(url).database:
        check = keep_watch(engine, file)
        renew_after_trouble(engine)
        IDLE[engine] = IdleConnections(engine, check, most=options["pool_size"] // 2)
    event.listen(engine, "begin", _beginning())
    return engine


def sqlite_module() -> ModuleType:
    """Return the newest available SQLite: the bundled build if installed, else Python's own."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Open a session that only reads."""
    with open_session(engine, ConnectionSession, writes=False) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """Open a session that may write; the caller commits."""
    with open_session(engine, ConnectionSession, writes=True) as session:
        yield session


# The connections that wait for a request, by engine.
IDLE: WeakKeyDictionary[Engine, IdleConnections] = WeakKeyDictionary()


def open_session(engine: Engine, kind: type[OneSession], *, writes: bool) -> OneSession:
    """Open a session of a kind, on a connection that waits for a request, or on a new one."""
    idle = IDLE.get(engine)
    if idle is None:
        return kind(engine.connect().execution_options(writes=writes))
    return kind(idle.take(engine, writes=writes), idle.give_back)


def upsert(session: Session, table: type[SQLModel], values: dict[str, Any]) -> bool:
    """Insert one row, or update the row with its id if it has the same owner.

    Returns whether it did. False: the id belongs to another person, and nothing was written.
    """
    statement = _upserting(session.get_bind().dialect.name, table, tuple(values))
    return bool(execute_prepared(session, statement, values))


def upsert_all(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Insert or update many rows by their ids; skip rows whose id is another person's."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row), []).append(row)
    for names, alike in groups.items():
        statement = _upserting(session.get_bind().dialect.name, table, names, is_answering=False)
        session.execute(statement, alike)


def erase_deleted(engine: Engine) -> bool:
    """Erase deleted rows from SQLite's files, including rows deleted by older versions.

    Rewrites the whole database; other writers wait meanwhile. Returns False if someone was reading;
    `empty_write_ahead_log` then has to finish the work later.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            execute_raw(connection, "VACUUM")
    return empty_write_ahead_log(engine)


def empty_write_ahead_log(engine: Engine) -> bool:
    """Erase deleted rows from SQLite's log; return False while someone still reads old ones.

    The database file also holds deleted rows until the log is written back to it.
    """
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        # Other writers wait meanwhile.
        execute_raw(connection, f"PRAGMA busy_timeout = {READERS_MILLISECONDS}")
        try:
            [(is_busy, *_)] = execute_raw(connection, "PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            execute_raw(connection, f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    return not is_busy


def inserting(dialect: str, table: type[SQLModel]) -> Any:
    """Return the table's insert statement, with the database's own conflict handling.

    The other database's dialect is not loaded.
    """
    return importlib.import_module(f"sqlalchemy.dialects.{dialect}").insert(table_of(table))


def advisory_lock(session: Session, key: int) -> None:
    """Let one transaction at a time continue with `key`; SQLite's writers already take turns."""
    if session.get_bind().dialect.name != "postgresql":
        return
    if not isinstance(session, ConnectionSession) or session.takes_lock(key):
        execute_prepared(session, TAKE_TURN, {"key": key})


def begin_locked(session: Session, key: int) -> None:
    """Begin the transaction unless it has begun, and take a lock of PostgreSQL's in it.

    One message does both, which takes 73 instead of 117 µs of CPU (November 2026).
    """
    if (
        session.get_bind().dialect.name != "postgresql"
        or not isinstance(session, ConnectionSession)
        or session.shared.in_transaction()
    ):
        begin(session)
        advisory_lock(session, key)
        return
    session.shared.info[FIRST_LOCK] = key
    try:
        session.takes_lock(key)
    finally:
        del session.shared.info[FIRST_LOCK]


@cache
def _upserting(
    dialect: str, table: type[SQLModel], names: tuple[str, ...], *, is_answering: bool = True
) -> Insert:
    """Compose the statement once for each set of columns: composing costs more than running it."""
    statement = inserting(dialect, table)
    if is_answering:
        statement = statement.returning(literal_column("1"))
    new, owner = statement.excluded, table_of(table).c.user_id
    upserting: Insert = statement.on_conflict_do_update(
        index_elements=["id"],
        set_={name: new[name] for name in names if name != "id"},
        where=owner == new.user_id,
    )
    return upserting


def _configure_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    failing = getattr(connection, "Error")  # noqa: B009  (sqlite3's own)
    try:
        _switch_to_wal(connection, cursor)
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
    except failing as error:
        raise DBAPIError("PRAGMA", None, error) from error
    cursor.close()
    # SQLite's own function folds ASCII only: a search for "ärger" must find "Ärger".
    create_function = getattr(connection, "create_function")  # noqa: B009  (sqlite3's own)
    create_function("lower", 1, _lower, deterministic=True)


def _configure_postgresql(connection: DBAPIConnection, _record: object) -> None:
    """Let each transaction begin where SQLAlchemy begins it, as on SQLite."""
    setattr(connection, "autocommit", True)  # noqa: B010  (psycopg's own)


def _begin_on_postgresql(connection: Connection) -> None:
    key: int | None = connection.info.get(FIRST_LOCK)
    lock = "" if key is None else f"; {TAKING_TURN}pg_advisory_xact_lock({key:d})"
    # Two statements in one message cannot be prepared.
    execute_raw(connection, f"BEGIN{lock}", None, prepare=False)


def _switch_to_wal(connection: DBAPIConnection, cursor: Any) -> None:
    """Switch to WAL; after a new database's first start, this changes nothing.

    If two processes start a new database at once, SQLite makes neither wait, so one tries again.
    """
    until = time.monotonic() + BUSY_MILLISECONDS / 1000
    locked = getattr(connection, "OperationalError")  # noqa: B009  (sqlite3's own)
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except locked:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _beginning() -> Callable[[Connection], None]:
    """Return how to begin transactions: writers request SQLite's lock one at a time.

    SQLite makes waiting writers sleep for longer and longer, and gives the lock to whichever is
    awake. Of 32 writers, some would still be waiting after five seconds.
    """
    turn = Lock()

    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get("writes", False):
            execute_raw(connection, "BEGIN")
            return
        began = time.monotonic()
        has_turn = turn.acquire(timeout=BUSY_MILLISECONDS / 1000)
        try:
            _begin_to_write(connection, round((time.monotonic() - began) * 1000))
        finally:
            if has_turn:
                turn.release()

    return begin


def _begin_to_write(connection: Connection, waited_milliseconds: int) -> None:
    """Take SQLite's lock within the time that is left of a writer's total wait."""
    if not waited_milliseconds:
        execute_raw(connection, "BEGIN IMMEDIATE")
        return
    left = max(0, BUSY_MILLISECONDS - waited_milliseconds)
    execute_raw(connection, f"PRAGMA busy_timeout = {left}")
    try:
        execute_raw(connection, "BEGIN IMMEDIATE")
    finally:
        execute_raw(connection, f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
