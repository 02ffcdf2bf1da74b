"""Run statements directly on the driver, on the paths that every tap takes.

SQLAlchemy composes a statement once, and knows how each column is written and read. Running it
through a session then costs five to twenty times what the database itself takes (`bench/`), so this
module passes the text to the driver's connection, within the session's transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from inspect import ismethod
from typing import Any, NamedTuple, ParamSpec, TypeVar, overload

from sqlalchemy import Connection, Date, Dialect, Enum, Time, Transaction, event, inspect
from sqlalchemy.orm import Mapper, ORMExecuteState
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.sql.base import ExecutableStatement
from sqlmodel import Session
from sqlmodel.sql.expression import SelectOfScalar
from sqlmodel.sql.sqltypes import UTCDateTime

Given = ParamSpec("Given")
Found = TypeVar("Found")
Read = Callable[[Any], Any]
# A statement, its connection's kind of database, and its values.
Question = tuple["Direct", tuple[tuple[str, Any], ...]]
# Where a table's columns begin in a row, and their names.
Maker = tuple[Mapper[Any], int, Sequence[str]]


class Entity(NamedTuple):
    """The columns of a row that belong to one entity: enough to make detached instances of it."""

    mapper: Mapper[Any]
    key: Any
    values: dict[str, Any]

    def instance(self) -> Any:
        """Make a new instance, as a session would have loaded and then detached it."""
        instance = self.mapper.class_manager.new_instance()
        instance.__dict__.update(self.values)
        instance_state(instance).key = self.key
        return instance


class ConnectionSession(Session):
    """A session on one connection, which direct statements share with it.

    `answers` are the driver's rows by question, in a session that only reads; None as soon as they
    are not all that was read (`app/db/answer_cache.py`).
    """

    def __init__(
        self, connection: Connection, give_back: Callable[[Connection], None] = Connection.close
    ) -> None:
        super().__init__(
            bind=connection, join_transaction_mode="control_fully", expire_on_commit=False
        )
        self.shared = connection
        writes = connection.get_execution_options().get("writes", False)
        self.answers: dict[Question, list[Any]] | None = None if writes else {}
        self._give_back = give_back
        # A transaction, and the advisory locks that it holds.
        self._locked: tuple[Transaction | None, set[int]] = (None, set())

    @property
    def is_over(self) -> bool:
        """Return whether the connection was given back, so no more queries are possible."""
        return self.bind is None

    def takes_lock(self, key: int) -> bool:
        """Return whether this transaction still has to take a lock; note that it does so now.

        PostgreSQL would give it again, but one tap asks three times.
        """
        transaction = self.shared.get_transaction() or self.shared.begin()
        if self._locked[0] is not transaction:
            self._locked = (transaction, set())
        held = self._locked[1]
        is_new = key not in held
        held.add(key)
        return is_new

    def commit(self) -> None:
        """Commit the writes of the session and of direct statements."""
        self.answers = None
        if self.in_transaction():
            super().commit()
        if self.shared.in_transaction():
            self.shared.commit()

    def rollback(self) -> None:
        """Roll back the writes of the session and of direct statements."""
        self.answers = None
        if self.in_transaction():
            super().rollback()
        self._end_transaction()

    def close(self) -> None:
        """Return the connection; uncommitted writes are rolled back.

        Another session may use the connection afterwards, so this session drops it.
        """
        if self.is_over:
            return
        try:
            if self.in_transaction() or len(self.identity_map):
                super().close()
            self._end_transaction()
        finally:
            connection = self.shared
            self.bind = None
            del self.shared
            self._give_back(connection)

    def _end_transaction(self) -> None:
        """Roll back a transaction, or end one that its failed commit left inactive."""
        if self.shared.get_transaction() is not None:
            self.shared.rollback()


class Direct:
    """A statement for one kind of database: its text, and how values are converted."""

    def __init__(self, statement: Any, dialect: Dialect, names: Sequence[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        self.dialect = dialect
        self.sql = str(compiled)
        self.order: Sequence[str] | None = compiled.positiontup
        self.constants = {**compiled.params, **_defaults(compiled)}
        self.writers = {
            name: write
            for bind, name in compiled.bind_names.items()
            if (write := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        }
        self.columns = list(getattr(statement, "exported_columns", ()))
        self.makers = _makers(statement, self.columns)
        self.readers: list[tuple[int, Read]] | None = None

    def read(self, rows: Sequence[Any]) -> list[Any]:
        """Return the driver's rows as a session would, with detached entities."""
        read = self.converted(rows)
        if self.makers is None:
            return list(read)
        made = [tuple(each.instance() for each in self.entities(row)) for row in read]
        return [each[0] for each in made] if len(self.makers) == 1 else made

    def driver_rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Run the statement; return rows as the driver does."""
        given = {**self.constants, **values}
        for name, write in self.writers.items():
            given[name] = write(given[name])
        parameters = given if self.order is None else [given[name] for name in self.order]
        cursor = execute_raw(connection, self.sql, parameters)
        # SQLite reports some troubles only here.
        found: list[Any] = _with_sqlalchemy_errors(connection, self.sql, cursor.fetchall)
        if self.readers is None:
            self.readers = self._readers([column[1] for column in cursor.description])
        return found

    def converted(self, rows: Sequence[Any]) -> Iterable[tuple[Any, ...]]:
        """Convert each value of the driver's rows by the type of its column."""
        if not rows:
            return ()
        columns: list[Any] = list(zip(*rows, strict=True))
        for place, read in self.readers or ():
            columns[place] = map(read, columns[place])
        return zip(*columns, strict=True)

    def entities(self, row: Sequence[Any]) -> list[Entity]:
        """Make the entities of a converted row."""
        return [
            _entity(mapper, dict(zip(names, row[start : start + len(names)], strict=True)))
            for mapper, start, names in self.makers or ()
        ]

    def _readers(self, kinds: Sequence[Any]) -> list[tuple[int, Read]]:
        """Return a reader for each column, by its type and by the driver's name for it."""
        readers = [
            _reader(column, self.dialect, kind)
            for column, kind in zip(self.columns, kinds, strict=bool(self.columns))
        ]
        return [(place, read) for place, read in enumerate(readers) if read is not None]


@overload
def fetch(
    session: Session, query: Callable[Given, SelectOfScalar[Found]], *given: Any
) -> list[Found]: ...


@overload
def fetch(
    session: Session, query: Callable[Given, ExecutableStatement], *given: Any
) -> list[Any]: ...


def fetch(session: Session, query: Any, *given: Any) -> list[Any]:
    """Run a prepared query: `fetch(session, Note.between, user.id, first, last)`."""
    return execute_prepared(session, composed(query), dict(zip(query.names, given, strict=True)))


def fetch_outside_transaction(session: Session, query: Any, *given: Any) -> list[Any]:
    """Like `fetch`, but outside a transaction, so that it does not take SQLite's write lock."""
    values = dict(zip(query.names, given, strict=True))
    return execute_prepared(session, composed(query), values, begins=False)


def execute_prepared(
    session: Session,
    statement: ExecutableStatement,
    values: Mapping[str, Any],
    *,
    begins: bool = True,
) -> list[Any]:
    """Run a statement that is composed once; its parameters are `values`."""
    connection = connection_of(session, begins=begins)
    prepared = direct(statement, connection.dialect, tuple(values))
    return prepared.read(rows_of(session, connection, prepared, values))


def rows_of(
    session: Session, connection: Connection, statement: Direct, values: Mapping[str, Any]
) -> list[Any]:
    """Return the driver's rows; a session that only reads asks the same question once."""
    answers = session.answers if isinstance(session, ConnectionSession) else None
    if answers is None:
        return statement.driver_rows(connection, values)
    question = (statement, tuple(values.items()))
    rows = answers.get(question)
    if rows is None:
        rows = answers[question] = statement.driver_rows(connection, values)
    return rows


@event.listens_for(ConnectionSession, "do_orm_execute")
def _read_more(state: ORMExecuteState) -> None:
    """Note that a session has read or written more than its answers."""
    state.session.answers = None  # type: ignore[attr-defined]


def connection_of(session: Session, *, begins: bool) -> Connection:
    """Return the connection of a session, after flushing it."""
    session.flush()
    if not isinstance(session, ConnectionSession):
        return session.connection()
    if begins and not session.shared.in_transaction():
        session.shared.begin()
    return session.shared


def direct(statement: ExecutableStatement, dialect: Dialect, names: Sequence[str]) -> Direct:
    """Return the statement in the driver's form, made once."""
    key = (statement, dialect.name)
    if key not in _kept:
        _kept[key] = Direct(statement, dialect, names)
    return _kept[key]


def begin(session: Session) -> None:
    """Begin the transaction unless it has begun; on SQLite, a writer takes the lock."""
    if isinstance(session, ConnectionSession) and not session.shared.in_transaction():
        session.shared.begin()


def execute_raw(connection: Connection, sql: str, values: Any = (), **options: Any) -> Any:
    """Run SQL on the driver's own connection."""
    executemany = False
    for heard in connection.dispatch.before_cursor_execute:
        heard(connection, None, sql, values, None, executemany)
    driver: Any = connection.connection.driver_connection
    return _with_sqlalchemy_errors(connection, sql, driver.execute, sql, values, **options)


def _with_sqlalchemy_errors(
    connection: Connection, sql: str, call: Callable[..., Any], *given: Any, **options: Any
) -> Any:
    """Return the result of a driver call; driver errors are translated to SQLAlchemy's."""
    try:
        return call(*given, **options)
    except Exception as error:
        # Private API, used because it recognises a lost connection and hides the parameters.
        connection._handle_dbapi_exception(error, sql, None, None, None)


def _instant(text: str | None) -> datetime | None:
    """Read an instant in a quarter of the time that its type takes (1.7 µs)."""
    return None if text is None else datetime.fromisoformat(text + "+00:00")


_kept: dict[tuple[ExecutableStatement, str], Direct] = {}


def composed(query: Any) -> ExecutableStatement:
    """Return the statement of a prepared query, which may be a class method."""
    statement: ExecutableStatement = query.composed(*([query.__self__] if ismethod(query) else []))
    return statement


def _defaults(compiled: Any) -> dict[str, Any]:
    """Return the values that the table itself gives a new row."""
    columns = getattr(compiled, "insert_prefetch", ())
    return {column.key: column.default.arg for column in columns}


def _reader(column: Any, dialect: Dialect, kind: Any) -> Read | None:
    """Return a reader of one type; it caches values that recur (days, times, owners)."""
    read: Read | None = column.type.dialect_impl(dialect).result_processor(dialect, kind)
    if dialect.name == "sqlite" and isinstance(column.type, UTCDateTime):
        read = _instant
    is_repeated = (
        isinstance(column.type, Date | Time | Enum)
        or getattr(column.type, "is_repeated", False)
        or bool(column.foreign_keys)
    )
    return lru_cache(maxsize=2048)(read) if read is not None and is_repeated else read


def _makers(statement: Any, columns: Sequence[Any]) -> list[Maker] | None:
    """Return the parts of a row that become instances; None if a row is a plain tuple."""
    parts = getattr(statement, "column_descriptions", [])
    if all(part["expr"] is not part["entity"] for part in parts):
        return None
    makers: list[Maker] = []
    start = 0
    for part in parts:
        table = part["entity"]
        count = len(table.__table__.columns)
        makers.append(
            (inspect(table), start, [column.key for column in columns[start : start + count]])
        )
        start += count
    return makers


def _entity(mapper: Mapper[Any], values: dict[str, Any]) -> Entity:
    key = tuple(values[str(column.key)] for column in mapper.primary_key)
    return Entity(mapper, mapper.identity_key_from_primary_key(key), values)
