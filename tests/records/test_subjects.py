"""A subject of the history names its row, and its row can be found by it again."""

from datetime import date, time
from typing import Any
from uuid import UUID

import pytest

from app.models import slot_event_id
from app.models.check_in import symptom_report_id
from app.models.progress_photo import hair_review_id
from app.records import RECORDS

ALICE, ITEM, EXTRA = UUID(int=1), UUID(int=2), UUID(int=3)
ON, AT = date(2026, 11, 23), time(8, 30)
SLOT = {"regimen_item_id": ITEM, "due_on": ON, "due_time": AT}

# What identifies a row, and its id; every other record is named by the id itself.
NAMED: list[tuple[str, dict[str, Any], UUID]] = [
    ("hair_review", {"on": ON}, hair_review_id(ALICE, ON)),
    ("symptom_report", {"on": ON, "symptom": "own-1"}, symptom_report_id(ALICE, ON, "own-1")),
    ("dose_event", {"id": slot_event_id(ITEM, ON, AT), **SLOT}, slot_event_id(ITEM, ON, AT)),
    ("dose_event", {"id": EXTRA, **SLOT, "due_time": None}, EXTRA),
]
OTHERS = sorted(RECORDS.keys() - {kind for kind, _named, _row_id in NAMED})


@pytest.mark.parametrize(
    ("kind", "named", "row_id"), [*NAMED, *((each, {"id": EXTRA}, EXTRA) for each in OTHERS)]
)
def test_the_row_of_a_subject_is_found_again(
    kind: str, named: dict[str, Any], row_id: UUID
) -> None:
    record = RECORDS[kind]

    subject = record.subject(named)

    assert record.id_of(subject, ALICE) == row_id
    assert record.named(subject).items() <= named.items()
