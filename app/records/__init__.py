"""What a person records: one description for each kind of record.

A description defines the history of its records, their undo, the caches that a write makes stale,
and their CSV file: header, rows, and how rows are read back. `docs/add-a-column.md` lists the files
that a new column touches.
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
from app.records.record import Bumps, Record, Row, Sheet, parts_of
from app.records.regimen import (
    APART_RULE,
    DOSAGE_SHEET,
    INGREDIENT_SHEET,
    ITEM_SHEET,
    MEDICINE,
    PAUSE,
    SLOT_SHEET,
    SUPPLY,
)

# Kinds of records that can be deleted and restored on their own, in an order that foreign keys
# allow for restoring.
DELETABLE: Mapping[str, Record[Any]] = MappingProxyType(
    {
        record.kind: record
        for record in (
            *(NOTE, MEASUREMENT, SHEDDING_COUNT, PHOTO),
            *(PAUSE, SUPPLY, MEDICINE, APART_RULE),
        )
    }
)

# Everything that is one row in the history, by kind.
RECORDS: Mapping[str, Record[Any]] = MappingProxyType(
    {**DELETABLE, **{each.kind: each for each in (DOSE_EVENT, SYMPTOM_REPORT, HAIR_REVIEW)}}
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
    "RECORDS",
    "SETTINGS",
    "SETTING_HEADER",
    "SHEDDING_COUNT",
    "SLOT_SHEET",
    "SUPPLY",
    "SYMPTOM_REPORT",
    "TRACKED_SYMPTOM_SHEET",
    "Bumps",
    "Record",
    "Row",
    "Sheet",
    "parts_of",
]
