"""What a person records, described once a noun.

From a description come the history of the noun, its undo, what a write makes stale, and its file:
header, rows, and how they are read back. `docs/add-a-column.md` names the files of a new column.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from app.records.account import (
    DAY_PART_SHEET,
    SETTING_HEADER,
    SETTINGS,
    TRACKED_SYMPTOM_SHEET,
)
from app.records.log import (
    CHECK_IN,
    DOSE_EVENT,
    HAIR_REVIEW,
    MEASUREMENT,
    NOTE,
    PHOTO,
    SHEDDING_COUNT,
    SYMPTOM_REPORT,
)
from app.records.record import Bumps, Record, Row, Sheet
from app.records.regimen import (
    APART_RULE,
    DOSAGE_SHEET,
    INGREDIENT_SHEET,
    ITEM_SHEET,
    MEDICINE,
    PAUSE,
    SLOT_SHEET,
)

# What can be deleted and restored on its own, by kind, in the order in which foreign keys allow
# restoring the rows.
DELETABLE: Mapping[str, Record[Any]] = MappingProxyType(
    {
        record.kind: record
        for record in (NOTE, MEASUREMENT, SHEDDING_COUNT, PHOTO, PAUSE, MEDICINE, APART_RULE)
    }
)

__all__ = [
    "APART_RULE",
    "CHECK_IN",
    "DAY_PART_SHEET",
    "DELETABLE",
    "DOSAGE_SHEET",
    "DOSE_EVENT",
    "HAIR_REVIEW",
    "INGREDIENT_SHEET",
    "ITEM_SHEET",
    "MEASUREMENT",
    "MEDICINE",
    "NOTE",
    "PAUSE",
    "PHOTO",
    "SETTINGS",
    "SETTING_HEADER",
    "SHEDDING_COUNT",
    "SLOT_SHEET",
    "SYMPTOM_REPORT",
    "TRACKED_SYMPTOM_SHEET",
    "Bumps",
    "Record",
    "Row",
    "Sheet",
]
