"""Read a table from a file of text: CSV with any usual separator and encoding.

Recognises commas, semicolons, tabs and bars between columns, a byte order mark, UTF-8, UTF-16
and Windows-1252, any line ends, Excel's `sep=;` line, and separators left over at line ends.
Refuses other kinds of file by name, and says what to do.
"""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from app.errors import Refused
from app.i18n import _, lazy

SEPARATORS = (",", ";", "\t", "|")
EXCEL_HINT = "sep="
LINE_END = re.compile(r"\r\n|\r|\n")
# The first bytes of other kinds of file, and their names.
MAGIC = (
    (b"PK\x03\x04", lazy("a ZIP archive or an Excel workbook")),
    (b"%PDF", lazy("a PDF document")),
    (b"SQLite format 3\x00", lazy("a database")),
    (b"\xd0\xcf\x11\xe0", lazy("an Excel workbook")),
    (b"\x1f\x8b", lazy("a compressed file")),
)
MARKUP = "<"
JSON = frozenset("{[")


@dataclass(frozen=True, slots=True)
class Line:
    """One record: the line of the file that it begins on, and its cells by column."""

    number: int
    cells: Sequence[str]


def read_table(content: bytes, needed: Collection[str]) -> tuple[list[str], Iterator[Line]]:
    """Return the header, in lower case, and every line below it that is not blank.

    The separator is the one that finds most of the columns in `needed`. Raises `Refused` for a file
    that is not a table, also while the lines are read.
    """
    text = decoded(content)
    number, first = _first_line(text)
    if not first:
        raise Refused(_("This file is empty."), "file")
    separator = max(SEPARATORS, key=lambda each: _finds(first, each, needed))
    lines = _lines(text, separator, number)
    header = _names(next(lines).cells)
    while header and not header[-1]:
        header.pop()
    filled = (line for line in lines if any(map(str.strip, line.cells)))
    return header, (_fitted(line, len(header)) for line in filled)


def decoded(content: bytes) -> str:
    """Decode the text of a file; raise `Refused` if it is not text, or not a table."""
    for start, name in MAGIC:
        if content.startswith(start):
            raise _not_csv(_("This file is {kind}.", kind=name))
    text = _text(content)
    beginning = text.lstrip()[:1]
    if beginning in JSON:
        raise _not_csv(_("This file is JSON, not CSV."))
    if beginning == MARKUP:
        raise _not_csv(_("This file is XML or HTML, not CSV."))
    return text


def _not_csv(what: str) -> Refused:
    return Refused(" ".join((what, _("Export it as CSV and import that file."))), "file")


def _text(content: bytes) -> str:
    try:
        text = content.decode(_encoding(content))
    except UnicodeDecodeError as error:
        text = _windows_text(content)
        if not text:
            raise _not_csv(_("This file is not text in UTF-8.")) from error
    if "\x00" in text:
        raise _not_csv(_("This file is not text."))
    return text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


def _encoding(content: bytes) -> str:
    """Return UTF-16 by its byte order mark, or by the zeros beside its letters; else UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = content[:200]
    if len(start) >= 4 and not any(start[::2]):
        return "utf-16-be"
    if len(start) >= 4 and not any(start[1::2]):
        return "utf-16-le"
    return "utf-8"


def _windows_text(content: bytes) -> str:
    """Decode text of an older Excel; return "" if the bytes are not such text either."""
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    has_columns = any(each in _first_line(text)[1] for each in SEPARATORS)
    has_controls = any(each < " " and each not in "\t\r\n" for each in text)
    return text if has_columns and not has_controls else ""


def _first_line(text: str) -> tuple[int, str]:
    """Return the header as written, and the number of lines to skip before it."""
    for number, line in enumerate(LINE_END.split(text)):
        if line.strip() and not line.casefold().startswith(EXCEL_HINT):
            return number, line
    return 0, ""


def _finds(line: str, separator: str, needed: Collection[str]) -> tuple[int, int]:
    names = _names(line.split(separator))
    return len({each.strip('"') for each in names} & set(needed)), len(names)


def _names(cells: Sequence[str]) -> list[str]:
    return [" ".join(cell.casefold().split()) for cell in cells]


def _lines(text: str, separator: str, passed: int) -> Iterator[Line]:
    stream = io.StringIO(text, newline="")
    for _line in range(passed):
        stream.readline()
    reader = csv.reader(stream, delimiter=separator, strict=True)
    while True:
        number = passed + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            sentence = _(
                "This CSV file cannot be read: a quotation mark is wrong in line {line}. "
                "Export it again, and do not edit the file in between.",
                line=number,
            )
            raise Refused(sentence, "file") from error
        if cells is None:
            return
        yield Line(number, cells)


def _fitted(line: Line, width: int) -> Line:
    """Drop empty cells beyond the header, which separators left over at line ends make."""
    cells = list(line.cells)
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return Line(line.number, cells)
