"""The contents of a file of another app, whatever its format: plain values, without a database.

A parser (`importers`, one module per format) makes an `ImportedLog`, and `writer` stores it. Every
part has a key: its name in all files of that source, whatever else a later file says about it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from app.domain.ledger import DoseStatus
from app.domain.measurements import Values
from app.domain.recurrence import InferredDosage
from app.domain.shedding import CountMethod

SLOT, DOSE = "slot", "dose"


class Answer(NamedTuple):
    """The answer to a dose; `status` is None if nobody answered it."""

    status: DoseStatus | None = None
    at: datetime | None = None
    amount: float | None = None
    unit: str = ""


UNANSWERED = Answer()


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """An item of the file: the name that identifies it in every file, and the name to show.

    `dosages` are the file's dosages; without any, they are inferred from the slots.
    """

    identity: str
    name: str
    dosages: Sequence[InferredDosage] = ()


@dataclass(frozen=True, slots=True)
class ImportedDose:
    """One dose, or one slot that nobody answered. Instants keep their own offset.

    `item` is the identity of its item. `scheduled_at` is the slot; a dose without one is extra.
    `planned` is the scheduled amount. `older_key` is the key that an earlier release gave it.
    """

    key: str
    item: str
    scheduled_at: datetime | None
    at: datetime
    answer: Answer
    planned: float
    unit: str
    older_key: str = ""

    @property
    def instant(self) -> datetime:
        """The scheduled time of the dose; without a schedule, when it was taken."""
        return self.scheduled_at or self.at

    @property
    def stated(self) -> dict[str, Any]:
        """The values from the file, as stored for comparison with a later file."""
        status, at, amount, unit = self.answer
        return {
            "status": status.value if status else None,
            "at": at.astimezone(UTC).isoformat() if at else None,
            "amount": amount,
            "unit": unit,
            "planned": [self.planned, self.unit],
        }


@dataclass(frozen=True, slots=True)
class ImportedNote:
    """A note on a day, or a life event if it has a `label`. `line` is its line in the file."""

    key: str
    on: date
    text: str
    label: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class ImportedCheckIn:
    """The answer to one question of a day's check-in: a measure, its note, or a symptom."""

    key: str
    on: date
    question: str
    value: int | str
    line: int = 0


@dataclass(frozen=True, slots=True)
class ImportedCount:
    """One reading of shed hairs, or the score of a picture."""

    key: str
    on: date
    method: CountMethod
    value: int
    run: int = 1
    line: int = 0


@dataclass(frozen=True, slots=True)
class ImportedMeasurement:
    """One reading of blood pressure, pulse or weight; without `at`, only the day is known."""

    key: str
    on: date
    values: Values
    at: datetime | None = None
    note: str = ""
    line: int = 0


ImportedEntry = ImportedNote | ImportedCheckIn | ImportedCount | ImportedMeasurement


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that could not be read: its line in the file, the reason, and its text."""

    line: int
    reason: str
    text: str = ""


@dataclass(slots=True)
class ImportedLog:
    """The whole contents of one file.

    `source` names the format and its keys; `content_hash` recognises the same file. `doses` are in
    the order of their instants, `items` in the order of their first dose. `rows` counts the rows
    read, `doubled` the rows about the same dose as another one.
    """

    source: str
    content_hash: str
    items: Sequence[ImportedItem] = ()
    doses: Sequence[ImportedDose] = ()
    entries: Sequence[ImportedEntry] = ()
    refusals: Sequence[Refusal] = field(default_factory=list)
    rows: int = 0
    doubled: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to store."""
        return not (self.items or self.doses or self.entries)


def hash_of(content: bytes) -> str:
    """Return the hash that recognises the same file again."""
    return hashlib.sha256(content).hexdigest()


def key_of(kind: str, item: str, instant: datetime) -> str:
    """Return the key of a slot or dose, which stays the same whatever the file says about it."""
    named = json.dumps([item, instant.astimezone(UTC).isoformat()], ensure_ascii=False)
    return f"{kind}-{hashlib.sha256(named.encode()).hexdigest()}"


def answer_stated(stated: dict[str, Any]) -> Answer:
    """Return the answer from the stored values of a dose (`ImportedDose.stated`)."""
    status, at = stated["status"], stated["at"]
    return Answer(
        DoseStatus(status) if status else None,
        datetime.fromisoformat(at) if at else None,
        stated["amount"],
        stated["unit"],
    )
