"""The description of one kind of record: CSV columns, history, and what a write makes stale."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from operator import attrgetter
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Table
from sqlmodel import SQLModel

from app.db.tables import table_of
from app.records import cells
from app.records.cells import Read

Row = TypeVar("Row", bound=SQLModel)

# Converts a row to the value of a cell, on the account's clock.
Write = Callable[[Any, tzinfo], Any]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file. `stored` is the table's column that it holds, if there is one.

    A column without `write` needs more than its row; the caller of `Sheet.cells` passes its value.
    """

    name: str
    read: Read
    write: Write | None = None
    stored: str = ""


def column(name: str, read: Read, stored: str = "") -> Column:
    """Describe a cell that holds a column of the table unchanged."""
    value = attrgetter(stored or name)
    return Column(name, read, lambda row, _zone: value(row), stored or name)


def read_on_account_clock(name: str) -> Column:
    """Describe an instant that the file writes with the offset of the account's time zone."""
    value = attrgetter(name)
    return Column(name, cells.instant, lambda row, zone: value(row).astimezone(zone), name)


def worked_out(name: str, read: Read) -> Column:
    """Describe a cell that is computed from more than its row and is not stored."""
    return Column(name, read)


def nothing_more(_cells: Values) -> dict[str, Any]:
    """Return no further columns: the cells hold everything that is stored."""
    return {}


@dataclass(frozen=True)
class Sheet(Generic[Row]):
    """The columns of one file, in order, and how to read a row back from them.

    `fill` receives the values of all cells by name. It returns the columns of the table that follow
    from them but are not among them (the ISO week of a day). `user_id` is never in a file.
    """

    table: type[Row]
    columns: tuple[Column, ...]
    fill: Callable[[Values], dict[str, Any]] = nothing_more

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(each.name for each in self.columns)

    @property
    def stored(self) -> frozenset[str]:
        """The columns of the table that a file holds."""
        return frozenset(each.stored for each in self.columns if each.stored)

    def cells(self, row: Any, zone: tzinfo, **given: Any) -> tuple[Any, ...]:
        """Write a row as cells; `given` are the values computed elsewhere."""
        return tuple(
            [
                given[each.name] if each.write is None else each.write(row, zone)
                for each in self.columns
            ]
        )

    def values(self, cells: Mapping[str, str]) -> dict[str, Any]:
        """Read the columns of the table from the texts of cells, keyed by the names in the header.

        Leaves out a column that a file of an older release lacks.
        """
        read = {
            each.name: each.read(cells[each.name]) for each in self.columns if each.name in cells
        }
        stored = {
            each.stored: read[each.name]
            for each in self.columns
            if each.stored and each.name in read
        }
        return {**stored, **self.fill(read)}


class Bumps(StrEnum):
    """The cached version that a write bumps, which makes the values cached under it stale.

    `nothing`: pages read the data each time. `day`: the weekly figures, if the day is long past.
    `pages`: the cached regimen and the pages on devices. `regimen`: these and all figures.
    """

    NOTHING = "nothing"
    DAY = "day"
    PAGES = "pages"
    REGIMEN = "regimen"


def parts_of(subject: str) -> list[str]:
    """Return what a subject consists of, without its first word."""
    return subject.split("/")[1:]


def named_by_id(subject: str) -> Values:
    """Read the identifying columns of a subject that is named by its row's id."""
    return {"id": UUID(parts_of(subject)[0])}


@dataclass(frozen=True)
class Record(Generic[Row]):
    """One kind of record; each of its rows is one subject of the history.

    `kind` is its name in the history. `subject` and `row_id` build the subject and the row's id
    from the identifying columns, `key`; `named` reads these columns from a subject. `day` is the
    column with the day that a row counts for.
    """

    kind: str
    sheet: Sheet[Row]
    subject: Callable[[Values], str]
    row_id: Callable[[Values], UUID]
    bumps: Bumps = Bumps.NOTHING
    day: str = "on"
    key: tuple[str, ...] = ("id",)
    named: Callable[[str], Values] = named_by_id

    @property
    def table(self) -> type[Row]:
        """The table of the rows."""
        return self.sheet.table

    @property
    def rows(self) -> Table:
        """The SQLAlchemy table."""
        return table_of(self.table)

    def id_of(self, subject: str, user_id: UUID) -> UUID:
        """Return the id of the row that a subject of one person names."""
        return self.row_id({**self.named(subject), "user_id": user_id})

    def row(self, **columns: Any) -> Row:
        """Make a row outside any session. Columns that are not given have their defaults."""
        return self.table(**columns)

    def like(self, row: Row, **columns: Any) -> Row:
        """Copy a row, outside any session, with some columns changed."""
        return self.table(**{**self.values(row), **columns})

    def values(self, row: Row) -> dict[str, Any]:
        """Return all columns of a row by their names."""
        return {each.name: getattr(row, each.name) for each in self.rows.columns}


def own_id(named: Values) -> UUID:
    """Return the id that was generated for the row."""
    found: UUID = named["id"]
    return found


def by_id(prefix: str) -> Callable[[Values], str]:
    """Name a subject by its row's id: "note/<id>"."""
    return lambda named: f"{prefix}/{named['id']}"
