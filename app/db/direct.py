"""Statements that go straight to the driver, on the paths that every tap takes.

SQLAlchemy composes a statement once, and knows how each column is written and read. To run it
through a session then costs five to twenty times what the database itself takes (`bench/`), so
here its text goes to the driver's own connection, within the session's own transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from inspect import ismethod
from typing import Any, NamedTuple, ParamSpec, TypeVar, overload

from sqlalchemy import Connection, Date, Dialect, Enum, Time, inspect
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.sql.base import ExecutableStatement
from sqlmodel import Session
from sqlmodel.sql.expression import SelectOfScalar

Given = ParamSpec("Given")
Found = TypeVar("Found")
Read = Callable[[Any], Any]
# Where a table's columns begin in a row, and their names.
Maker = tuple[Mapper[Any], int, Sequence[str]]


class Entity(NamedTuple):
    """What a row says of one entity: enough to make detached instances of it at any time."""

    mapper: Mapper[Any]
    key: Any
    values: dict[str, Any]

    def instance(self) -> Any:
        """A new instance as a session would have loaded it, and then let go of."""
        instance = self.mapper.class_manager.new_instance()
        instance.__dict__.update(self.values)
        instance_state(instance).key = self.key
        return instance


class ConnectionSession(Session):
    """A session on one connection, which direct statements share with it."""

    def __init__(
        self, connection: Connection, give_back: Callable[[Connection], None] = Connection.close
    ) -> None:
        super().__init__(
            bind=connection, join_transaction_mode="control_fully", expire_on_commit=False
        )
        self.shared = connection
        self._give_back = give_back

    @property
    def is_over(self) -> bool:
        """Return whether the connection was given back, so no more queries are possible."""
        return self.bind is None

    def commit(self) -> None:
        """Commit what either has written."""
        if self.in_transaction():
            super().commit()
        if self.shared.in_transaction():
            self.shared.commit()

    def rollback(self) -> None:
        """Undo what either has written."""
        if self.in_transaction():
            super().rollback()
        self._end_transaction()

    def close(self) -> None:
        """Give the connection back; what was not committed is undone.

        Somebody else may use it from then on, so this session lets go of it.
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
        """Undo a transaction, or end one that is no longer active because its commit failed."""
        if self.shared.get_transaction() is not None:
            self.shared.rollback()


class Direct:
    """A statement as one kind of database takes it: its text, and how values go in and out."""

    def __init__(self, statement: Any, dialect: Dialect, names: Sequence[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        self.dialect = dialect
        self.sql = str(compiled)
        self.order: Sequence[str] | None = compiled.positiontup
        self.constants = {**compiled.params, **_defaults(compiled)}
        self.writers = {
            name: write
            for name, bind in compiled.binds.items()
            if (write := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        }
        self.columns = list(getattr(statement, "exported_columns", ()))
        self.makers = _makers(statement, self.columns)
        self.readers: list[tuple[int, Read]] | None = None

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Run the statement; its rows as a session would give them, entities detached."""
        rows = self.converted(self.driver_rows(connection, values))
        if self.makers is None:
            return list(rows)
        made = [tuple(each.instance() for each in self.entities(row)) for row in rows]
        return [each[0] for each in made] if len(self.makers) == 1 else made

    def driver_rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Run the statement; its rows as the driver gives them."""
        given = {**self.constants, **values}
        for name, write in self.writers.items():
            given[name] = write(given[name])
        parameters = given if self.order is None else [given[name] for name in self.order]
        cursor = execute_raw(connection, self.sql, parameters)
        # SQLite notices some troubles only here.
        found: list[Any] = _told(connection, self.sql, cursor.fetchall)
        if self.readers is None:
            self.readers = self._readers([column[1] for column in cursor.description])
        return found

    def converted(self, rows: Sequence[Any]) -> Iterable[tuple[Any, ...]]:
        """The driver's rows with each value as the type of its column."""
        if not rows:
            return ()
        columns: list[Any] = list(zip(*rows, strict=True))
        for place, read in self.readers or ():
            columns[place] = map(read, columns[place])
        return zip(*columns, strict=True)

    def entities(self, row: Sequence[Any]) -> list[Entity]:
        """The entities of a converted row."""
        return [
            _entity(mapper, dict(zip(names, row[start : start + len(names)], strict=True)))
            for mapper, start, names in self.makers or ()
        ]

    def _readers(self, kinds: Sequence[Any]) -> list[tuple[int, Read]]:
        """How each column is read, by its type and by what the driver calls it."""
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
    """What a prepared query finds: `fetch(session, Note.between, user.id, first, last)`."""
    return execute_prepared(session, composed(query), dict(zip(query.names, given, strict=True)))


def fetch_outside_transaction(session: Session, query: Any, *given: Any) -> list[Any]:
    """The same, beginning no transaction: SQLite's one write lock is left to who needs it."""
    values = dict(zip(query.names, given, strict=True))
    return execute_prepared(session, composed(query), values, begins=False)


def execute_prepared(
    session: Session,
    statement: ExecutableStatement,
    values: Mapping[str, Any],
    *,
    begins: bool = True,
) -> list[Any]:
    """The rows of a statement that is composed once and for all; its parameters are `values`."""
    connection = connection_of(session, begins=begins)
    return direct(statement, connection.dialect, tuple(values)).rows(connection, values)


def connection_of(session: Session, *, begins: bool) -> Connection:
    """The connection of a session that has sent what it holds."""
    session.flush()
    if not isinstance(session, ConnectionSession):
        return session.connection()
    if begins and not session.shared.in_transaction():
        session.shared.begin()
    return session.shared


def direct(statement: ExecutableStatement, dialect: Dialect, names: Sequence[str]) -> Direct:
    """The statement as the driver takes it, made once."""
    key = (statement, dialect.name)
    if key not in _kept:
        _kept[key] = Direct(statement, dialect, names)
    return _kept[key]


def begin(session: Session) -> None:
    """Begin the transaction unless it has begun; on SQLite, a writer takes the lock."""
    if isinstance(session, ConnectionSession) and not session.shared.in_transaction():
        session.shared.begin()


def execute_raw(connection: Connection, sql: str, values: Any = ()) -> Any:
    """Run SQL on the driver's own connection."""
    executemany = False
    for heard in connection.dispatch.before_cursor_execute:
        heard(connection, None, sql, values, None, executemany)
    driver: Any = connection.connection.driver_connection
    return _told(connection, sql, driver.execute, sql, values)


def _told(connection: Connection, sql: str, call: Callable[..., Any], *given: Any) -> Any:
    """Return the result of a driver call; driver errors are translated to SQLAlchemy's."""
    try:
        return call(*given)
    except Exception as error:
        # Private, and used all the same: it knows a lost connection, and hides what was carried.
        connection._handle_dbapi_exception(error, sql, None, None, None)


_kept: dict[tuple[ExecutableStatement, str], Direct] = {}


def composed(query: Any) -> ExecutableStatement:
    """The statement of a prepared query, which may be a class method."""
    statement: ExecutableStatement = query.composed(*([query.__self__] if ismethod(query) else []))
    return statement


def _defaults(compiled: Any) -> dict[str, Any]:
    """What the table gives a new row of itself."""
    columns = getattr(compiled, "insert_prefetch", ())
    return {column.key: column.default.arg for column in columns}


def _reader(column: Any, dialect: Dialect, kind: Any) -> Read | None:
    """How a value is read; what comes again and again (days, times, whose row) is read once."""
    read: Read | None = column.type.dialect_impl(dialect).result_processor(dialect, kind)
    is_repeated = (
        isinstance(column.type, Date | Time | Enum)
        or getattr(column.type, "is_repeated", False)
        or bool(column.foreign_keys)
    )
    return lru_cache(maxsize=2048)(read) if read is not None and is_repeated else read


def _makers(statement: Any, columns: Sequence[Any]) -> list[Maker] | None:
    """The parts of a row that become instances; None where a row is a plain tuple."""
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
