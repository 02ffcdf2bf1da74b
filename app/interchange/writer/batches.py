"""The record of one imported file, and the decisions that the import makes."""

from datetime import datetime
from uuid import uuid5

from sqlmodel import Session, col, select

from app.interchange.imported_log import ImportedLog
from app.models import ImportBatch, User
from app.services.history import Decision

# The subject of decisions about the first day of a diary.
FIRST_DAY = "settings/began-on"


def find_batch(session: Session, user: User, log: ImportedLog) -> ImportBatch | None:
    """Find the record of an earlier import of the same file, unless it was undone."""
    return session.exec(
        select(ImportBatch).where(
            ImportBatch.user_id == user.id,
            ImportBatch.source == log.source,
            ImportBatch.content_hash == log.content_hash,
            col(ImportBatch.undone_at).is_(None),
        )
    ).first()


def new_batch(user: User, log: ImportedLog, now: datetime) -> ImportBatch:
    """Record a file that is imported now."""
    return ImportBatch(
        user_id=user.id,
        source=log.source,
        imported_at=now,
        content_hash=log.content_hash,
        is_finished=False,
    )


def decided_by_batch(
    batch: ImportBatch, about: str, now: datetime, changed_at: datetime | None = None
) -> Decision:
    """Make a decision of an import; the same file makes the same one, so replays change nothing."""
    return Decision(
        user_id=batch.user_id,
        entry_id=uuid5(batch.id, about),
        changed_at=changed_at or now,
        received_at=now,
        device=batch.source,
        import_batch_id=batch.id,
    )
