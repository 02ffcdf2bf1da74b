"""The server's log: where something went wrong, without what a person typed.

An exception's message may quote a value: PostgreSQL adds the whole failing row, `ValueError`
the text that it could not read. So a traceback in the log keeps its files, lines and types,
and the message only where it speaks of the machine (disk, connection, lock).
"""

import logging
import sqlite3
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from sqlalchemy.exc import OperationalError

# By its name also that of PostgreSQL's driver, which a start on SQLite does not load.
OF_THE_MACHINE = (OSError, OperationalError, sqlite3.OperationalError)
OF_POSTGRESQL = "psycopg.OperationalError"
CAUSE = "The exception above was the direct cause of the following one:"
CONTEXT = "While the exception above was handled, another one occurred:"


class PrivateFormatter(logging.Formatter):
    """Format log records; of an exception's messages only those of the machine are kept."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """The traceback of an exception and of what led to it, oldest first."""
        return "\n".join(_lines(ei[1], set())) if ei[1] is not None else ""


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None and id(earlier) not in seen:
        yield from _lines(earlier, seen)
        yield CAUSE if error.__cause__ else CONTEXT
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    yield f"{_name(type(error))}: {error}" if _is_of_the_machine(error) else _name(type(error))
    for inner in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _lines(inner, seen)


def _is_of_the_machine(error: BaseException) -> bool:
    kinds = map(_name, type(error).__mro__)
    return isinstance(error, OF_THE_MACHINE) or OF_POSTGRESQL in kinds


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


LINE = "%(asctime)s %(levelname)s: %(message)s"
LOG_CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"private": {"()": PrivateFormatter, "format": LINE}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "private"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"uvicorn": {"level": "WARNING"}},
}
