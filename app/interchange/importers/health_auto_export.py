"""Read Apple Health's medications from the CSV of Health Auto Export.

* A slot exists where the file has a scheduled date, answered or not; none is computed. One that
  nobody answered is missed once its day is over.
* A dose without a scheduled date has no slot, and is extra.
* Of several rows for one scheduled dose the answer given last counts; a row without an answer
  never replaces one with.
* Archived medicines are not ended: the file does not say when that happened.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from app.domain.ledger import DoseStatus
from app.interchange.imported_log import (
    DOSE,
    SLOT,
    UNANSWERED,
    Answer,
    ImportedDose,
    ImportedItem,
    ImportedLog,
    Refusal,
    hash_of,
    key_of,
)
from app.interchange.importers.health_auto_export_rows import MedicationRow, Status, read_rows

SOURCE = "health-auto-export"


def read_log(content: bytes, now: datetime) -> ImportedLog:
    """Read a file; raises `Refused` if the file as a whole cannot be read."""
    rows: list[MedicationRow] = []
    refusals: list[Refusal] = []
    for read in read_rows(content, now):
        if isinstance(read, Refusal):
            refusals.append(read)
        else:
            rows.append(read)
    doses = _doses(rows)
    return ImportedLog(
        source=SOURCE,
        content_hash=hash_of(content),
        items=_items(doses, rows),
        doses=doses,
        refusals=refusals,
        rows=len(rows) + len(refusals),
        doubled=len(rows) - len(doses),
    )


def _doses(rows: Iterable[MedicationRow]) -> list[ImportedDose]:
    """Return one dose for each slot and each row without one, oldest first."""
    slots: defaultdict[tuple[str, datetime], list[MedicationRow]] = defaultdict(list)
    loose: list[MedicationRow] = []
    for row in rows:
        if row.scheduled_at is None:
            loose.append(row)
        else:
            slots[row.medication, row.scheduled_at].append(row)
    seen: Counter[str] = Counter()
    doses = [
        _dose(key_of(SLOT, medication, scheduled_at), max(of_slot, key=_weight))
        for (medication, scheduled_at), of_slot in slots.items()
    ]
    for row in loose:
        key = key_of(DOSE, row.medication, row.at)
        doses.append(_dose(f"{key}-{seen[key]}", row))
        seen[key] += 1
    return sorted(doses, key=lambda dose: (dose.instant, dose.item, dose.key))


def _items(doses: Sequence[ImportedDose], rows: Iterable[MedicationRow]) -> list[ImportedItem]:
    """Return the medicines in the order of their first dose, with the newest name to show."""
    named = {row.source_key: row.name for row in rows}
    names = {dose.item: named[dose.older_key] for dose in doses}
    return [ImportedItem(identity, name) for identity, name in names.items()]


def _weight(row: MedicationRow) -> tuple[bool, datetime, bool]:
    return row.status is not Status.UNTAKEN, row.at, row.status is Status.TAKEN


def _dose(key: str, row: MedicationRow) -> ImportedDose:
    return ImportedDose(
        key=key,
        item=row.medication,
        scheduled_at=row.scheduled_at,
        at=row.at,
        answer=_answer(row),
        planned=row.scheduled_amount or row.amount or 1,
        unit=row.unit,
        older_key=row.source_key,
    )


def _answer(row: MedicationRow) -> Answer:
    if row.status is Status.UNTAKEN:
        return UNANSWERED
    if row.status is Status.SKIPPED:
        amount = row.amount or row.scheduled_amount
        return Answer(DoseStatus.SKIPPED, row.at, amount, row.unit)
    return Answer(DoseStatus.TAKEN, row.at, row.amount, row.unit)
