"""A row becomes cells, and the cells become the same row again."""

import csv
import io
from datetime import UTC, datetime, time
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, Date, DateTime, Enum, Float, Integer, Time, Uuid
from sqlmodel import SQLModel

from app import records
from app.domain.applications import Zone
from app.domain.logical_dates import iso_week
from app.domain.measurements import MeasurementKind
from app.domain.timing import TimingKind
from app.interchange.csv_cells import csv_line
from app.models import (
    Dosage,
    DoseEvent,
    Ingredient,
    RegimenItem,
    TrackedSymptom,
    User,
)
from app.models.types import StringList
from app.records import SETTINGS, Sheet
from tests.records.sheets import every_sheet

BERLIN = ZoneInfo("Europe/Berlin")
SHEETS = every_sheet()
# No file is to be read back into these: whose a row is, and what the server notes of it.
NOT_READ = {
    **{name: {"user_id"} for name in SHEETS},
    "photos": {"user_id", "size_bytes"},
    "regimen": {"user_id", "created_at"},
    "symptom-list": {"user_id", "id"},
    "slots": {"user_id", "import_batch_id"},
}
# An empty text and an unknown one are distinguished here.
EMPTY_OR_UNKNOWN = {"catalogue_id", "donation_note"}
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
FIRST, LAST = datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2200-01-01")
SIMPLE: dict[type[Any], st.SearchStrategy[Any]] = {
    Boolean: st.booleans(),
    Date: st.dates(),
    DateTime: st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    Float: st.floats(allow_nan=False, allow_infinity=False),
    Integer: st.integers(0, 10**9),
    Time: st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    Uuid: st.uuids(),
}


# By what reads one value of a list.
LISTED: dict[Any, st.SearchStrategy[Any]] = {
    Zone: st.sampled_from(Zone),
    MeasurementKind: st.sampled_from(MeasurementKind),
    int: st.integers(1, 31),
    str: st.text(st.characters(codec="utf-8", exclude_characters="\0;"), min_size=1),
    time.fromisoformat: SIMPLE[Time],
}


def values_in(column: "Column[Any]") -> st.SearchStrategy[Any]:
    """Whatever a column may hold."""
    if isinstance(column.type, StringList):
        return st.lists(LISTED[column.type.read], max_size=3).map(tuple)
    kind = getattr(column.type, "impl_instance", column.type)
    if isinstance(kind, Enum):
        assert kind.enum_class is not None
        values: st.SearchStrategy[Any] = st.sampled_from(list(kind.enum_class))
    else:
        values = next((SIMPLE[each] for each in SIMPLE if isinstance(kind, each)), TEXT)
    if not column.nullable:
        return values
    if values is TEXT and column.name not in EMPTY_OR_UNKNOWN:
        values = TEXT.filter(bool)
    return st.none() | values


@st.composite
def rows_of(draw: st.DrawFn, table: type[SQLModel]) -> SimpleNamespace:
    """Any row of a table, as the application writes it."""
    columns = table.__table__.columns  # type: ignore[attr-defined]
    row = SimpleNamespace(**{each.name: draw(values_in(each)) for each in columns})
    if hasattr(row, "iso_week"):
        row.iso_week = iso_week(row.due_on if table is DoseEvent else row.on)
    if hasattr(row, "weight_kg") and row.weight_kg is not None:
        row.weight_kg = round(row.weight_kg, 4)
    if hasattr(row, "time_zone"):
        row.time_zone = "Asia/Tokyo"
    if table is Dosage and row.kind is not TimingKind.EVERY_DAYS:
        row.every_days = 1
    if table is Dosage:
        row.every_days = max(1, row.every_days)
    if table is TrackedSymptom:
        row.name = row.name or "Tingling"
        row.slug = f"own-{row.slug}"
    return row


def written_and_read(sheet: Sheet[Any], cells: tuple[Any, ...]) -> dict[str, Any]:
    """The values read from cells that were written to a file."""
    file = csv_line(sheet.header) + csv_line(cells)
    (row,) = csv.DictReader(io.StringIO(file, newline=""), strict=True)
    return sheet.values(row)


@pytest.mark.parametrize("name", [each for each in SHEETS if each != "times-of-day"])
@given(data=st.data())
def test_a_row_becomes_cells_and_the_same_row_again(name: str, data: st.DataObject) -> None:
    sheet = SHEETS[name]
    row = data.draw(rows_of(sheet.table))
    given = {each.name: None for each in sheet.columns if each.write is None}
    given |= {
        each: getattr(row, each)
        for each in ("status", "name")
        if each in given and hasattr(row, each)
    }

    read = written_and_read(sheet, sheet.cells(row, BERLIN, **given))

    columns = {each.name for each in sheet.table.__table__.columns}
    assert read == {each: getattr(row, each) for each in columns - NOT_READ[name]}


def test_the_times_of_a_dosage_are_read_as_lists_of_equal_length() -> None:
    cells = {"times": "08:00;21:00", "amounts": "667;1333.5", "days_of_week": "1234567;67"}
    read = {
        each.name: each.read(cells[each.name])
        for each in records.DOSAGE_SHEET.columns
        if each.name in cells
    }

    assert read == {
        "times": (time(8), time(21)),
        "amounts": (667, 1333.5),
        "days_of_week": ("1234567", "67"),
    }


def test_an_extra_dose_is_read_as_taken() -> None:
    cells = dict.fromkeys(records.DOSE_EVENT.sheet.header, "")
    read = records.DOSE_EVENT.sheet.values({**cells, "status": "extra", "due_on": "2026-11-23"})

    assert (read["status"], read["iso_week"]) == ("taken", iso_week(read["due_on"]))


def test_a_file_without_the_newest_columns_can_still_be_read() -> None:
    cells = {"id": "", "regimen_item_id": "", "item": "", "substance": "iron", "mass_ug": "200"}

    read = records.INGREDIENT_SHEET.values(cells)

    assert Ingredient(**read).strength is None
    assert read["mass_ug"] == 200


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda each: each.name)
@given(data=st.data())
def test_a_setting_is_read_as_it_was_written(setting: Any, data: st.DataObject) -> None:
    owner = "user_account" if setting.stored in User.model_fields else "preferences"
    value = data.draw(values_in(SQLModel.metadata.tables[owner].columns[setting.stored]))
    row = SimpleNamespace(**{setting.stored: value})

    line = csv_line((setting.name, setting.write(row, BERLIN)))

    ((_name, cell),) = csv.reader(io.StringIO(line, newline=""), strict=True)
    assert setting.read(cell) == value


def test_the_own_name_of_an_item_replaces_its_name() -> None:
    assert {each.stored for each in records.ITEM_SHEET.columns if each.name == "item"} == {"name"}
    assert "name" in RegimenItem.model_fields
