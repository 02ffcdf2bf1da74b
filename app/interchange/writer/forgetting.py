"""Delete what a file said, so that the same file can be imported again.

Each function works in steps, and each step is ready for a commit.
"""

from collections.abc import Iterator, Sequence
from datetime import date, time
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, exists, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.db.tables import table_of
from app.models import (
    DoseEvent,
    EntryVersion,
    ImportBatch,
    ImportedMedicine,
    ImportedRow,
    ImportedSlot,
    dose_subject,
    slot_event_id,
)
from app.services.history import current_version

ROWS_A_STEP = 200


class SlotsGone(NamedTuple):
    """How many slots a step deleted, and the items of the slots it checked."""

    deleted: int
    item_ids: set[UUID]


def forget_slots(session: Session, batch: ImportBatch) -> Iterator[SlotsGone]:
    """Delete the slots of the file, a few at a time; a slot that was answered since stays."""
    slot, event = table_of(ImportedSlot).c, table_of(DoseEvent).c
    named = (slot.regimen_item_id, slot.due_on, slot.due_time)
    is_answered = exists().where(*(each == event[each.name] for each in named))
    slots = (
        select_columns(slot.id, *named, is_answered)
        .where(slot.user_id == batch.user_id, slot.import_batch_id == batch.id)
        .order_by(slot.due_on)
        .limit(ROWS_A_STEP)
    )
    last = date.min
    while found := session.execute(slots.where(slot.due_on >= last)).all():
        kept = {
            slot_id
            for slot_id, *name, has_answer in found
            if has_answer and _was_answered_since(session, batch, *name)
        }
        gone = [slot_id for slot_id, *_rest in found if slot_id not in kept]
        session.execute(delete(ImportedSlot).where(slot.id.in_(gone)))
        keeping = update(ImportedSlot).where(slot.id.in_(kept))
        session.execute(keeping.values(import_batch_id=None))
        last = found[-1].due_on
        yield SlotsGone(len(gone), {item_id for _id, item_id, *_rest in found})


def forget_statements(session: Session, batch: ImportBatch) -> Iterator[None]:
    """Delete the file's statements, and the items that its medicines went to."""
    session.execute(
        delete(ImportedMedicine).where(
            col(ImportedMedicine.user_id) == batch.user_id,
            col(ImportedMedicine.import_batch_id) == batch.id,
        )
    )
    session.execute(
        update(ImportedRow)
        .where(col(ImportedRow.user_id) == batch.user_id)
        .where(col(ImportedRow.batch_before) == batch.id)
        .values(batch_before=None, stated_before=None)
    )
    rows = select(ImportedRow.source_key).where(ImportedRow.import_batch_id == batch.id)
    while keys := session.exec(rows.limit(ROWS_A_STEP)).all():
        _forget_rows(session, batch, keys)
        yield


def _was_answered_since(
    session: Session, batch: ImportBatch, item_id: UUID, on: date, at: time
) -> bool:
    """Whether a slot got its answer after the import: then that counts as due."""
    subject = dose_subject(slot_event_id(item_id, on, at), item_id, on, at)
    versions = session.exec(EntryVersion.of_subject(batch.user_id, subject))
    standing = current_version(versions)
    return standing is not None and standing.received_at >= batch.imported_at


def _forget_rows(session: Session, batch: ImportBatch, keys: Sequence[str]) -> None:
    """Delete the statements of some rows; an earlier file's statements count again."""
    found = (
        col(ImportedRow.user_id) == batch.user_id,
        col(ImportedRow.source) == batch.source,
        col(ImportedRow.source_key).in_(keys),
    )
    before = col(ImportedRow.batch_before)
    session.execute(delete(ImportedRow).where(*found, before.is_(None)))
    session.execute(
        update(ImportedRow)
        .where(*found)
        .values(
            import_batch_id=before,
            stated=col(ImportedRow.stated_before),
            batch_before=None,
            stated_before=None,
        )
    )
