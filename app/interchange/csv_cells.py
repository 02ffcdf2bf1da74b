"""Write cells and lines of CSV files: RFC 4180, with a line feed after each row.

With decimal commas, as Excel reads files in much of Europe, semicolons separate the columns.

The spreadsheet flavour guards free text as OWASP advises: a cell that a spreadsheet would
read as a formula gets an apostrophe in front, and so does one that begins with an
apostrophe itself. A reader of the file strips exactly one, so nothing is lost.
Numbers, dates and instants are no text and stay as they are.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from types import MappingProxyType, NoneType
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
    """Write one row of a file; an unknown value is an empty cell."""
    return csv_lines([tuple(cells)], is_guarded=is_guarded, has_commas=has_commas)


def csv_lines(
    rows: Iterable[Sequence[Cell]], *, is_guarded: bool = False, has_commas: bool = False
) -> str:
    """Write rows of a file, column by column: most columns have values of one type.

    `has_commas`: with decimal commas, and semicolons between the columns.
    """
    written = WRITTEN_WITH_COMMAS if has_commas else WRITTEN
    columns = [_texts(cells, written, is_guarded=is_guarded) for cells in zip(*rows, strict=True)]
    delimiter = ";" if has_commas else ","
    lines = list(zip(*columns, strict=True))
    text = "\n".join(map(delimiter.join, lines)) + "\n"
    return text if _is_plain(text, lines, delimiter) else _quoted(lines, delimiter)


def _is_plain(text: str, lines: Sequence[Sequence[str]], delimiter: str) -> bool:
    """Whether no cell needs quotes: there is nothing but the ends of cells and lines."""
    within = len(lines[0]) - 1
    return (
        within > 0
        and text.count("\n") == len(lines)
        and text.count(delimiter) == within * len(lines)
        and '"' not in text
        and "\r" not in text
    )


def _quoted(lines: Iterable[Sequence[str]], delimiter: str) -> str:
    """Write lines with quotes around the cells that need them, in three times as long."""
    output = _Lines()
    writer = csv.writer(output, delimiter=delimiter, lineterminator=CARRIAGE_RETURN_TOO)
    writer.writerows(lines)
    return "".join([line[:-END] + "\n" for line in output.written])


def _texts(
    cells: Sequence[Cell], written: Mapping[type, Callable[[Any], str]], *, is_guarded: bool
) -> Iterable[str]:
    """Write the cells of a column; an unknown value is empty."""
    kinds = set(map(type, cells))
    if is_guarded and any(issubclass(each, str) for each in kinds):
        cells = [guarded(cell) if isinstance(cell, str) else cell for cell in cells]
    if len(kinds) == 1:
        (kind,) = kinds
        return map(written[kind], cells) if kind in written else cells  # type: ignore[return-value]
    return [written[kind](cell) if (kind := type(cell)) in written else cell for cell in cells]  # type: ignore[misc]


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
    """The writer's output: each row as it is written."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.write = self.written.append


# The text of a value, cached: the same numbers, times and days recur.
WRITTEN: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {
        NoneType: lambda _cell: "",
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
END = len(CARRIAGE_RETURN_TOO)
