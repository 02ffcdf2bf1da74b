"""Undo a deletion: revert the deletions of one entry, as a new decision."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.errors import NotFound, Refused
from app.i18n import lazy
from app.models import EntryVersion, RegimenItem, User
from app.photos.pixels import SIZES
from app.photos.store import PhotoStore
from app.records import DELETABLE, PAUSE, parts_of
from app.services.deleted_items import archive_of, restore_item
from app.services.history import (
    UNDO_FOR,
    Decision,
    current_version,
    lock_user,
    record_version,
    values_of,
)
from app.services.pauses import check_pause

# An item is more than one row: `deleted_items` archives and restores what belongs to it.
ITEM = "regimen_item"
TOO_LATE = lazy("This can no longer be undone.")


@dataclass(frozen=True, slots=True)
class Deletion:
    """One deletion: the kind and subject in the history, and the values before.

    `before` is None once the history has dropped it.
    """

    kind: str
    subject: str
    before: dict[str, Any] | None
    received_at: datetime
    is_standing: bool

    @property
    def id(self) -> UUID:
        """The id of the row that was deleted."""
        return UUID(parts_of(self.subject)[0])

    def can_be_undone(self, now: datetime) -> bool:
        """Whether the row is still deleted, its values are known, and it is not too late."""
        in_time = self.kind == ITEM or self.received_at >= now - UNDO_FOR
        return self.is_standing and in_time and self.before is not None


def deletion_by(session: Session, user: User, entry_id: UUID) -> Deletion:
    """Return what an entry deleted: the row itself, not those deleted with it. Raise `NotFound`."""
    return _deletions(session, user, entry_id)[0]


def undo_deletion(
    session: Session, user: User, store: PhotoStore, entry_id: UUID, decision: Decision
) -> Deletion:
    """Restore what an entry deleted, with the rows deleted along with it. The caller commits.

    Raises `NotFound` if the entry deleted nothing of this person's, and `Refused` if it is too
    late. Undoing twice has the same effect as once.
    """
    lock_user(session, user.id)
    deletions = _deletions(session, user, entry_id)
    main = deletions[0]
    table = RegimenItem if main.kind == ITEM else DELETABLE[main.kind].table
    if session.get(table, main.id) is not None:
        return main
    if not main.can_be_undone(decision.received_at):
        raise Refused(TOO_LATE)
    if main.kind == ITEM:
        restore_item(session, user, main.id, decision)
        return main
    _check(session, user, store, main)
    undo = replace(decision, undoes=entry_id)
    for each in deletions:
        if each is main or _is_whole(session, each):
            # An undo has no state of its own: the row returns to the state before the deletion.
            record_version(session, undo, DELETABLE[each.kind], {"id": each.id}, None)
    return main


def _deletions(session: Session, user: User, entry_id: UUID) -> Sequence[Deletion]:
    """List everything that an entry deleted, in the order in which it can be restored."""
    tombstones = session.exec(
        select(EntryVersion)
        .where(EntryVersion.user_id == user.id, EntryVersion.entry_id == entry_id)
        .where(col(EntryVersion.state).is_(None), col(EntryVersion.undoes).is_(None))
    ).all()
    # Rows deleted with an item are in its archive.
    kinds = [ITEM] if any(each.kind == ITEM for each in tombstones) else [*DELETABLE]
    found = [each for each in tombstones if each.kind in kinds]
    if not found:
        raise NotFound
    found.sort(key=lambda each: kinds.index(each.kind))
    return [_deletion(session, user, each) for each in found]


def _deletion(session: Session, user: User, tombstone: EntryVersion) -> Deletion:
    subject = tombstone.subject
    versions = session.exec(EntryVersion.of_subject(user.id, subject)).all()
    row_id = UUID(parts_of(subject)[0])
    if tombstone.kind == ITEM:
        before = archive_of(session, user, row_id)
    else:
        others = (each for each in versions if each.entry_id != tombstone.entry_id)
        before = values_of(DELETABLE[tombstone.kind], row_id, current_version(others))
    is_standing = current_version(versions) is tombstone
    return Deletion(tombstone.kind, subject, before, tombstone.received_at, is_standing)


def _check(session: Session, user: User, store: PhotoStore, deletion: Deletion) -> None:
    """Refuse if rows that a row refers to are gone, or if its place has been taken."""
    assert deletion.before is not None
    sizes = SIZES if deletion.kind == "photo" else ()
    has_files = all(store.path(user.id, deletion.id, size).is_file() for size in sizes)
    if not (has_files and _is_whole(session, deletion)):
        raise Refused(TOO_LATE)
    if deletion.kind == "pause" and not deletion.before["is_break"]:
        check_pause(session, PAUSE.row(**deletion.before, id=deletion.id))


def _is_whole(session: Session, deletion: Deletion) -> bool:
    """Whether the rows that a row refers to still exist."""
    rows = DELETABLE[deletion.kind].rows
    values = deletion.before or {}
    named = [
        (key.column, values[column.name])
        for column in rows.columns
        for key in column.foreign_keys
        if values.get(column.name) is not None
    ]
    found = (
        session.execute(select_columns(column).where(column == value)).first()
        for column, value in named
    )
    return None not in found
