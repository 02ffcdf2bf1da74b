"""Convert the fields of a form to the columns of a row, and back.

A field that is named like a column of the record's file holds that column. So a new column needs
nothing from a form but its field. A form names only values that are typed differently from how they
are stored.
"""

from collections.abc import Mapping
from datetime import time
from enum import StrEnum
from typing import Any

from app.domain.quantities import format_number
from app.records import Record, Row
from app.web.http.reading import EntryForm


def typed_columns(form: EntryForm, record: Record[Any]) -> dict[str, Any]:
    """Return the columns that a form holds."""
    return {name: getattr(form, name) for name in _shared(type(form), record)}


def shown_columns(schema: type[EntryForm], record: Record[Row], row: Row) -> Mapping[str, Any]:
    """Fill a form in with the columns of a saved row."""
    return {name: shown(getattr(row, name)) for name in _shared(schema, record)}


def shown(value: Any) -> str | list[str]:
    """Return a value as the field of a form shows it."""
    if isinstance(value, list | tuple):
        return [str(shown(each)) for each in value]
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, float):
        return format_number(value)
    return "" if value is None else str(value)


def _shared(schema: type[EntryForm], record: Record[Any]) -> list[str]:
    """Return the names that a form and a record have in common.

    The id is in the address of a form, and the time zone of each form is the device's.
    """
    own = schema.model_fields.keys() - EntryForm.model_fields.keys() - {"id"}
    return sorted(own & record.sheet.stored)
