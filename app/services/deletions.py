"""Delete rows of a person's log so that the deletion can be undone for a day.

Each note, measurement, count, photo, pause, other medicine and own rule is one row and one subject
of the history, which keeps the row's values from before the deletion. A photo's files are kept as
long. An item is more than one row: `deleted_items` archives it, for longer.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Table
from sqlalchemy import select as select_columns
from sqlmodel import Session, SQLModel, col, select

from app.models import (
    ApartRule,
    EntryVersion,
    Measurement,
    Medicine,
    Note,
    Pause,
    ProgressPhoto,
    SheddingCount,
)
from app.photos.store import PhotoStore
from app.services.history import (
    UNDO_FOR,
    Decision,
    append_versions,
    lock_user,
    record_deletions,
    save_latest,
)

# Tables by kind of history, in the order in which foreign keys allow restoring their rows.
TABLES: Mapping[str, type[SQLModel]] = {
    "note": Note,
    "measurement": Measurement,
    "shedding_count": SheddingCount,
    "photo": ProgressPhoto,
    "pause": Pause,
    "medicine": Medicine,
    "apart_rule": ApartRule,
}
PREFIXES = {"shedding_count": "shedding"}
# Files are kept a little longer than the deletion can be undone.
FILES_STAY_FOR = UNDO_FOR + timedelta(hours=1)


def subject_of(kind: str, row_id: UUID) -> str:
    """Return the subject that names a row in the outbox and the history."""
    return f"{PREFIXES.get(kind, kind)}/{row_id}"


def delete_row(session: Session, kind: str, row_id: UUID, decision: Decision) -> bool:
    """Delete a row; return whether the deletion is the latest state. The caller commits."""
    _remember(session, kind, [row_id], decision)
    return save_latest(
        session,
        decision,
        kind=kind,
        subject=subject_of(kind, row_id),
        table=TABLES[kind],
        row_id=row_id,
        values=None,
    )


def bury_rows(session: Session, kind: str, row_ids: Iterable[UUID], decision: Decision) -> None:
    """Append the deletion of rows that the database deletes along with another one."""
    found = list(row_ids)
    _remember(session, kind, found, decision)
    record_deletions(session, decision, kind, [subject_of(kind, each) for each in found])


def erase_deleted_photos(session: Session, store: PhotoStore, now: datetime) -> None:
    """Erase the files of photos whose deletion can no longer be undone.

    Only a recorded deletion removes a file: a database restored from an older backup does not know
    the newer photos, and must not lose them.
    """
    deleted_at: dict[tuple[UUID, UUID], datetime] = {}
    tombstones = select(EntryVersion).where(
        EntryVersion.kind == "photo",
        col(EntryVersion.state).is_(None),
        col(EntryVersion.undoes).is_(None),
    )
    for version in session.exec(tombstones.order_by(col(EntryVersion.received_at))):
        photo_id = UUID(version.subject.partition("/")[2])
        deleted_at[version.user_id, photo_id] = version.received_at
    present = set(session.exec(select(ProgressPhoto.id)))
    for (user_id, photo_id), at in deleted_at.items():
        if photo_id not in present and at < now - FILES_STAY_FOR:
            store.remove(user_id, photo_id)


def _remember(session: Session, kind: str, row_ids: list[UUID], decision: Decision) -> None:
    """Append imported rows to the history, which does not know them yet."""
    lock_user(session, decision.user_id)
    rows: Table = TABLES[kind].__table__  # type: ignore[attr-defined]
    subjects = {subject_of(kind, each): each for each in row_ids}
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
    append_versions(session, kind, [_before(kind, dict(row._mapping), decision) for row in found])


def _before(
    kind: str, row: dict[str, Any], decision: Decision
) -> tuple[Decision, str, dict[str, Any]]:
    """Record a row as a decision made just before the one that deletes it."""
    row_id = row.pop("id")
    changed_at = decision.changed_at - timedelta(microseconds=1)
    entry_id = uuid5(row_id, f"before {decision.entry_id}")
    before = Decision(decision.user_id, entry_id, changed_at, decision.received_at)
    return before, subject_of(kind, row_id), row
