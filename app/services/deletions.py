"""Delete rows of a person's log so that the deletion can be undone for a day.

Each note, measurement, count, photo, pause, supply, other medicine and own rule is one row and one
subject of the history, which keeps the row's values from before the deletion. A photo's files are
kept as long. An item is more than one row: `deleted_items` archives it, for longer.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models import EntryVersion, ProgressPhoto
from app.photos.store import PhotoStore
from app.records import PHOTO, Record
from app.services.history import (
    UNDO_FOR,
    Decision,
    append_versions,
    lock_user,
    record_deletions,
    record_version,
)

# Files are kept a little longer than the deletion can be undone.
FILES_STAY_FOR = UNDO_FOR + timedelta(hours=1)


def delete_row(session: Session, record: Record[Any], row_id: UUID, decision: Decision) -> bool:
    """Delete a row; return whether the deletion is the latest state. The caller commits."""
    _remember(session, record, [row_id], decision)
    return record_version(session, decision, record, {"id": row_id}, None)


def record_row_deletions(
    session: Session, record: Record[Any], row_ids: Iterable[UUID], decision: Decision
) -> None:
    """Append the deletion of rows that the database deletes along with another one."""
    found = list(row_ids)
    _remember(session, record, found, decision)
    subjects = [record.subject({"id": each}) for each in found]
    record_deletions(session, decision, record.kind, subjects)


def erase_deleted_photos(session: Session, store: PhotoStore, now: datetime) -> None:
    """Erase the files of photos whose deletion can no longer be undone.

    Only a recorded deletion removes a file: a database restored from an older backup does not know
    the newer photos, and must not lose them.
    """
    deleted_at: dict[tuple[UUID, UUID], datetime] = {}
    tombstones = select(EntryVersion).where(
        EntryVersion.kind == PHOTO.kind,
        col(EntryVersion.state).is_(None),
        col(EntryVersion.undoes).is_(None),
    )
    for version in session.exec(tombstones.order_by(col(EntryVersion.received_at))):
        photo_id = PHOTO.id_of(version.subject, version.user_id)
        deleted_at[version.user_id, photo_id] = version.received_at
    present = set(session.exec(select(ProgressPhoto.id)))
    for (user_id, photo_id), at in deleted_at.items():
        if photo_id not in present and at < now - FILES_STAY_FOR:
            store.remove(user_id, photo_id)


def _remember(
    session: Session, record: Record[Any], row_ids: list[UUID], decision: Decision
) -> None:
    """Append imported rows to the history, which does not know them yet."""
    lock_user(session, decision.user_id)
    rows = record.rows
    subjects = {record.subject({"id": each}): each for each in row_ids}
    known = select(EntryVersion.subject).where(
        EntryVersion.user_id == decision.user_id,
        col(EntryVersion.subject).in_(subjects),
        col(EntryVersion.state).is_not(None),
    )
    unknown = subjects.keys() - set(session.exec(known))
    found = session.execute(
        select_columns(*rows.c)
        .where(rows.c.id.in_([subjects[each] for each in unknown]))
        .where(rows.c.user_id == decision.user_id)
    )
    before = [_before(record, dict(row._mapping), decision) for row in found]
    append_versions(session, record.kind, before)


def _before(
    record: Record[Any], row: dict[str, Any], decision: Decision
) -> tuple[Decision, str, dict[str, Any]]:
    """Record a row as a decision made just before the one that deletes it."""
    row_id = row.pop("id")
    changed_at = decision.changed_at - timedelta(microseconds=1)
    entry_id = uuid5(row_id, f"before {decision.entry_id}")
    before = Decision(decision.user_id, entry_id, changed_at, decision.received_at)
    return before, record.subject({"id": row_id}), row
