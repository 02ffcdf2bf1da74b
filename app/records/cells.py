"""Read the cells of a file. Each function converts the text of a cell to a value."""

from collections.abc import Callable
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

# Converts the text of a cell to the value of a column; an empty cell is None, or empty text.
Read = Callable[[str], Any]


def text(cell: str) -> str:
    """Read free text."""
    return cell


def text_or_none(cell: str) -> str | None:
    """Read text that may be unknown."""
    return cell or None


def whole(cell: str) -> int | None:
    """Read a whole number."""
    return int(cell) if cell else None


def number(cell: str) -> float | None:
    """Read a number with a decimal point."""
    return float(cell) if cell else None


def flag(cell: str) -> bool | None:
    """Read "true" or "false"."""
    return cell == "true" if cell else None


def day(cell: str) -> date | None:
    """Read an ISO date."""
    return date.fromisoformat(cell) if cell else None


def clock(cell: str) -> time | None:
    """Read a wall-clock time, "08:00"."""
    return time.fromisoformat(cell) if cell else None


def instant(cell: str) -> datetime | None:
    """Read an ISO instant with its offset."""
    return datetime.fromisoformat(cell) if cell else None


def uuid(cell: str) -> UUID | None:
    """Read an id."""
    return UUID(cell) if cell else None


def choice(values: type[StrEnum]) -> Read:
    """Return a reader for the values of an enum."""
    return lambda cell: values(cell) if cell else None


def several(read: Read) -> Read:
    """Return a reader for values joined by ";"."""
    return lambda cell: tuple(read(each) for each in cell.split(";")) if cell else ()
