"""Every sheet that the descriptions of records have, and the file that it is written to."""

from typing import Any

from app import records
from app.interchange.csv_export import FILES
from app.records import Record, Sheet


def every_sheet() -> dict[str, Sheet[Any]]:
    """The sheets by the names of their files."""
    described = [each for each in vars(records).values() if isinstance(each, Record | Sheet)]
    sheets = [each.sheet if isinstance(each, Record) else each for each in described]
    return {
        file.name: each for each in sheets for file in FILES.values() if file.columns == each.header
    }
