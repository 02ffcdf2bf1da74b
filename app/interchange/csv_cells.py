"""Write cells and lines of CSV files: RFC 4180, with a line feed after each row.

With decimal commas, as Excel reads files in much of Europe, semicolons separate the columns.

The spreadsheet flavour guards free text as OWASP advises: a cell that a spreadsheet would
read as a formula gets an apostrophe in front, and so does one that begins with an
apostrophe itself. A reader of the file strips exactly one, so nothing is lost.
Numbers, dates and instants are no text and stay as they are.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from app.domain.quantities import plain_number

# A tuple is several values in one cell, joined by ";".
Listed = tuple[str | float | time, ...]
Cell = str | bool | int | float | date | time | datetime | UUID | Listed | None

APOSTROPHE = "'"
# The characters with which spreadsheets begin a formula, in both widths.
FORMULA_SIGNS = (
    *("=", "+", "-", "@", "\t", "\r", "\n"),
    *("\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}"),
    *("\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}"),
)
KEPT = 4_096


def csv_line(cells: Iterable[Cell], *, is_guarded: bool = False, has_commas: bool = False) -> str:
    """Write one row of a file; an unknown value is an empty cell.

    `has_commas`: with decimal commas, and semicolons between the columns.
    """
    if is_guarded:
        cells = [guarded(cell) if isinstance(cell, str) else cell for cell in cells]
    written = WRITTEN_WITH_COMMAS if has_commas else WRITTEN
    texts = [written[kind](cell) if (kind := type(cell)) in written else cell for cell in cells]
    line: str = (_write_row_with_semicolons if has_commas else _write_row)(texts)
    return line


def guarded(text: str) -> str:
    """Return text that no spreadsheet reads as a formula."""
    return APOSTROPHE + text if text.startswith((*FORMULA_SIGNS, APOSTROPHE)) else text


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


def _joined(values: Listed) -> str:
    return ";".join(map(_part, values))


def _part(value: str | float | time) -> str:
    if isinstance(value, time):
        return _clock(value)
    return value if isinstance(value, str) else plain_number(value)


@lru_cache(KEPT)
def _with_comma(number: float) -> str:
    return plain_number(number).replace(".", ",")


def _joined_with_commas(values: Listed) -> str:
    return _joined(values).replace(".", ",")


class _Lines:
    """The writer's output: returns each row at once, ended by one line feed."""

    @staticmethod
    def write(line: str) -> str:
        return line[: -len(CARRIAGE_RETURN_TOO)] + "\n"


# The text of a value, cached: the same numbers, times and days recur.
WRITTEN: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {
        bool: lambda cell: "true" if cell else "false",
        int: str,
        float: lru_cache(KEPT)(plain_number),
        date: lru_cache(KEPT)(date.isoformat),
        datetime: datetime.isoformat,
        time: lru_cache(KEPT)(_clock),
        UUID: str,
        tuple: _joined,
    }
)
WRITTEN_WITH_COMMAS: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {**WRITTEN, float: _with_comma, tuple: _joined_with_commas}
)
# With this end of a row, the writer quotes a lone carriage return.
CARRIAGE_RETURN_TOO = "\r\n"
_write_row = csv.writer(_Lines, lineterminator=CARRIAGE_RETURN_TOO).writerow
_write_row_with_semicolons = csv.writer(
    _Lines, delimiter=";", lineterminator=CARRIAGE_RETURN_TOO
).writerow
