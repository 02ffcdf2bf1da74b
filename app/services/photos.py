"""Save photos and their details.

Both are plain decisions (`record_version`). A photo may be older than the log: pictures from
before the first dose are what later ones are compared with.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from app.domain.logical_dates import iso_week
from app.domain.photo_views import HairState, PhotoView
from app.errors import NotFound, Refused
from app.i18n import lazy
from app.models import EntryVersion, HairReview, ProgressPhoto, User
from app.photos.pixels import CleanPhoto
from app.photos.store import StagedPhoto
from app.records import HAIR_REVIEW, PHOTO
from app.services.deletions import delete_row
from app.services.history import Decision, record_version

NOT_YET = lazy("This day is in the future.")


@dataclass(frozen=True, slots=True)
class PhotoInput:
    """The details of a photo."""

    on: date
    view: PhotoView
    hair: HairState | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReviewInput:
    """The part width and overall change of a day; None means not entered."""

    part_width_mm: float | None = None
    global_change: int | None = None


# A review in which nothing was entered.
NO_REVIEW = ReviewInput()


def check_photo_day(user_today: date, on: date) -> None:
    """Refuse a future day."""
    if on > user_today:
        raise Refused(NOT_YET, "on")


def record_photo(
    session: Session,
    photo_id: UUID,
    photo: PhotoInput,
    clean: CleanPhoto,
    staged: StagedPhoto,
    decision: Decision,
) -> bool:
    """Save a new photo: its row, and its files in place before the caller commits.

    Where a later decision stands (it was deleted since, on another device), neither is kept.
    """
    values = {
        "user_id": decision.user_id,
        **_said(photo),
        "width": clean.width,
        "height": clean.height,
        "size_bytes": clean.size_bytes,
        "logged_at": decision.changed_at,
    }
    is_kept = _save(session, photo_id, values, decision)
    if is_kept:
        staged.put_in_place()
    return is_kept


def change_photo(
    session: Session, row: ProgressPhoto, photo: PhotoInput, decision: Decision
) -> bool:
    """Change the details of a photo; its files stay."""
    values = {**row.model_dump(exclude={"id"}), **_said(photo)}
    return _save(session, row.id, values, decision)


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


def record_review(session: Session, on: date, review: ReviewInput, decision: Decision) -> None:
    """Save a day's part width and overall change; with neither, delete the review."""
    values = {
        "user_id": decision.user_id,
        "on": on,
        "iso_week": iso_week(on),
        "part_width_mm": review.part_width_mm,
        "global_change": review.global_change,
        "logged_at": decision.changed_at,
    }
    state = None if review == NO_REVIEW else values
    record_version(session, decision, HAIR_REVIEW, {"on": on}, state)


def review_on(session: Session, user: User, on: date) -> HairReview | None:
    """The part width and overall change of a day."""
    return session.exec(HairReview.between(user.id, on, on)).first()


def _said(photo: PhotoInput) -> dict[str, object]:
    return {
        "on": photo.on,
        "iso_week": iso_week(photo.on),
        "view": photo.view,
        "hair": photo.hair,
        "note": photo.note,
    }


def _save(session: Session, photo_id: UUID, values: dict[str, object], decision: Decision) -> bool:
    return record_version(session, decision, PHOTO, {"id": photo_id}, values)
