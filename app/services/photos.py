"""Save photos and their details.

Both are plain decisions (`record_row`). A photo may be older than the log: later pictures are
compared with those from before the first dose.
"""

from datetime import date
from uuid import UUID

from sqlmodel import Session

from app.errors import NotFound
from app.models import EntryVersion, HairReview, ProgressPhoto, User
from app.photos.pixels import CleanPhoto
from app.photos.store import StagedPhoto
from app.records import HAIR_REVIEW, PHOTO
from app.services.deletions import delete_row
from app.services.history import Decision, record_row, record_version
from app.services.writable_days import check_photo_day


def record_photo(
    session: Session,
    photo: ProgressPhoto,
    clean: CleanPhoto,
    staged: StagedPhoto,
    decision: Decision,
) -> bool:
    """Save a new photo: its row, and its files in place before the caller commits.

    If a later decision counts (the photo was deleted since, on another device), neither is saved.
    """
    photo.width, photo.height, photo.size_bytes = clean.width, clean.height, clean.size_bytes
    is_kept = record_row(session, decision, PHOTO, photo)
    if is_kept:
        staged.put_in_place()
    return is_kept


def change_photo(session: Session, user: User, photo: ProgressPhoto, decision: Decision) -> bool:
    """Save the details of a photo; its files stay. Raises `Refused` for a future day."""
    check_photo_day(user.today(decision.received_at), photo.on)
    return record_row(session, decision, PHOTO, photo)


def take_photo_back(session: Session, photo_id: UUID, decision: Decision) -> bool:
    """Delete the row of a photo; its files stay as long as that can be undone.

    Raises `NotFound` for photos that never were the person's; deleting one twice changes nothing.
    """
    row = session.get(ProgressPhoto, photo_id)
    if row is None or row.user_id != decision.user_id:
        subject = PHOTO.subject({"id": photo_id})
        if session.execute(EntryVersion.newest_of(decision.user_id, subject)).first() is None:
            raise NotFound
    return delete_row(session, PHOTO, photo_id, decision)


def record_review(session: Session, user: User, review: HairReview, decision: Decision) -> None:
    """Save a day's part width and overall change; with neither, delete the review.

    Raises `Refused` for a future day.
    """
    check_photo_day(user.today(decision.received_at), review.on)
    if review.is_empty:
        record_version(session, decision, HAIR_REVIEW, {"on": review.on}, None)
    else:
        record_row(session, decision, HAIR_REVIEW, review)


def review_on(session: Session, user: User, on: date) -> HairReview | None:
    """Read the part width and overall change of a day."""
    return session.exec(HairReview.between(user.id, on, on)).first()
