"""Format the server's log: where something went wrong, without what a person typed.

An exception's message may quote a value: PostgreSQL adds the whole failing row, `ValueError` the
text that it could not read. So a traceback in the log keeps its files, lines and types, and only
messages about the machine (disk, connection, lock). A line that anybody can cause is written once a
minute, however often it occurs.
"""

import logging
import sqlite3
import time
import traceback
from collections.abc import Callable, Iterator
from threading import Lock
from types import TracebackType
from typing import Any

from sqlalchemy.exc import OperationalError

# By name, because a start on SQLite does not load PostgreSQL's driver.
OF_THE_MACHINE = (OSError, OperationalError, sqlite3.OperationalError)
OF_POSTGRESQL = "psycopg.OperationalError"
CAUSE = "The exception above was the direct cause of the following one:"
SECONDS_BETWEEN_SAME_LINES = 60
MOST_LINES_KNOWN = 100
CONTEXT = "While the exception above was handled, another one occurred:"


class PrivateFormatter(logging.Formatter):
    """Formats log records; keeps an exception's message only if it is about the machine."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Format the traceback of an exception and its causes, oldest first."""
        return "\n".join(_lines(ei[1], set())) if ei[1] is not None else ""


class OnceAMinute(logging.Filter):
    """Passes the same line once a minute; the next one says how many were dropped.

    Tracebacks always pass: each may be of another bug.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._lock = Lock()
        self._written_at: dict[str, float] = {}
        self._left_out: dict[str, int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write the record; counts it if not."""
        if record.exc_info:
            return True
        line = record.getMessage()
        with self._lock:
            left_out = self._left_out_before(line)
        if left_out:
            record.msg, record.args = f"{line} ({left_out:,} more since the last such line)", ()
        return left_out is not None

    def _left_out_before(self, line: str) -> int | None:
        """Return how many equal lines were dropped before; None if this one is dropped itself."""
        now = self._clock()
        if now - self._written_at.get(line, float("-inf")) < SECONDS_BETWEEN_SAME_LINES:
            self._left_out[line] = self._left_out.get(line, 0) + 1
            return None
        if len(self._written_at) >= MOST_LINES_KNOWN:
            self._written_at.clear()
            self._left_out.clear()
        self._written_at[line] = now
        return self._left_out.pop(line, 0)


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
    "filters": {"once a minute": {"()": OnceAMinute}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "private",
            "filters": ["once a minute"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"uvicorn": {"level": "WARNING"}},
}
