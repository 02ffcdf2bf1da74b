"""Write cells and lines of CSV files: RFC 4180, one line feed a row.

The spreadsheet flavour guards free text as OWASP advises: a cell that a spreadsheet would
read as a formula gets an apostrophe in front, and so does one that begins with an
apostrophe itself. An importer strips exactly one (`unguarded`), so nothing is lost.
Numbers, dates and instants are no text and stay as they are.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

from app.domain.quantities import plain_number

Cell = str | bool | int | float | date | time | datetime | UUID | None

APOSTROPHE = "'"
# What spreadsheets take for the beginning of a formula, in both widths.
FORMULA_SIGNS = (
    *("=", "+", "-", "@", "\t", "\r", "\n"),
    *("\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}"),
    *("\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}"),
)
NEEDS_QUOTES = frozenset('",\r\n')


def csv_line(cells: Iterable[Cell], *, is_guarded: bool = False) -> str:
    """One row of a file.

    Python's own writer leaves a lone carriage return unquoted, which readers take for the
    end of the row.
    """
    return ",".join(_quoted(written(cell, is_guarded=is_guarded)) for cell in cells) + "\n"


def written(cell: Cell, *, is_guarded: bool = False) -> str:
    """A value as it stands in a file; nothing known is an empty cell."""
    match cell:
        case None:
            return ""
        case str():
            return guarded(cell) if is_guarded else cell
        case bool():
            return "true" if cell else "false"
        case int() | float():
            return plain_number(cell)
        case datetime() | date():
            return cell.isoformat()
        case time():
            return f"{cell:%H:%M}"
        case UUID():
            return str(cell)


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return APOSTROPHE + text if text.startswith((*FORMULA_SIGNS, APOSTROPHE)) else text


def unguarded(text: str) -> str:
    """The text before it was guarded."""
    return text.removeprefix(APOSTROPHE)


def _quoted(text: str) -> str:
    if NEEDS_QUOTES.isdisjoint(text):
        return text
    return '"' + text.replace('"', '""') + '"'
