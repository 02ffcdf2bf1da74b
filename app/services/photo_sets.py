"""Save photos that arrive together, with the part width and overall change of their day.

The photos are decoded first (`clean_photos`), while no session is open: decoding takes seconds.
Then their files are written, their rows, and the review of the day; the files are in place before
the rows are committed (`saving_set`).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Protocol
from uuid import UUID, uuid5

from sqlmodel import Session

from app.domain.photo_views import PhotoView
from app.errors import Refused
from app.i18n import _
from app.models import HairReview, ProgressPhoto, User
from app.photos.pixels import PLACES, CleanPhoto, clean_photo
from app.photos.store import PhotoStore, StagedPhoto
from app.records import HAIR_REVIEW, PHOTO
from app.services.history import Decision
from app.services.photos import record_photo, record_review, review_on
from app.services.writable_days import check_photo_day

# The field of a photo sent alone: its id is the id of the set.
ONE_PHOTO = "photo"


class SentPhoto(Protocol):
    """A picture as it arrived. `field` identifies it within its set."""

    @property
    def field(self) -> str:
        """Its name among the pictures that were sent together."""

    @property
    def view(self) -> PhotoView | None:
        """The view, if one was chosen."""

    def read(self) -> bytes:
        """Return its bytes, at most one more than the limit."""


@dataclass(frozen=True, slots=True)
class CleanedPhoto:
    """A picture that could be read, and the photo made from it."""

    field: str
    view: PhotoView
    photo: CleanPhoto

    def id_in(self, set_id: UUID) -> UUID:
        """The id of the photo: the same whenever the same picture is sent again in one set.

        The pixels are part of it: a person who goes back in the browser sends the old form with
        other pictures, which must not replace the first ones.
        """
        if self.field == ONE_PHOTO:
            return set_id
        return uuid5(set_id, f"{self.field} {sha256(self.photo.files[0]).hexdigest()}")


@dataclass(frozen=True, slots=True)
class PhotoSet:
    """The values that all photos of a set share, and those of their day."""

    id: UUID
    said: ProgressPhoto
    review: HairReview | None = None


def check_set(today: date, on: date, sent: Sequence[SentPhoto], review: HairReview | None) -> None:
    """Refuse a future day, and a set without pictures, before any picture is decoded.

    `review` is None if its fields cannot be read.
    """
    check_photo_day(today, on)
    if not sent and review is not None and review.is_empty:
        raise Refused(_("Choose a photo first."), ONE_PHOTO)


def clean_photos(
    user_id: UUID, sent: Iterable[SentPhoto]
) -> tuple[list[CleanedPhoto], dict[str, str]]:
    """Decode pictures; also return one sentence, by its field, for each that cannot be read.

    Raises `Busy` if too many are waiting. Call it while no session is open.
    """
    clean, refusals = [], {}
    with PLACES.taken(user_id):
        for each in sent:
            try:
                if each.view is None:
                    raise Refused(_("Choose the view of this photo."))
                clean.append(CleanedPhoto(each.field, each.view, clean_photo(each.read())))
            except Refused as refusal:
                refusals[each.field] = str(refusal)
    return clean, refusals


@contextmanager
def saving_set(
    session: Session,
    user: User,
    store: PhotoStore,
    photo_set: PhotoSet,
    photos: Sequence[CleanedPhoto],
    decision: Decision,
    merged_at: datetime | None = None,
) -> Iterator[None]:
    """Save a set in one transaction; the caller commits within the block.

    If that fails, the files stay marked, and the clean-up deletes them. `merged_at` is when the
    review is merged with the saved one, if that is later than the decision: decoding takes a while,
    in which another device may have saved one. Raises `DiskFull`.
    """
    check_photo_day(user.today(decision.received_at), photo_set.said.on)
    with ExitStack() as files:
        # All files are on the disk before the first row is written.
        staged = [
            (each, files.enter_context(_staged(store, user.id, photo_set.id, each)))
            for each in photos
        ]
        for each, held in staged:
            photo = PHOTO.like(photo_set.said, id=held.photo_id, view=each.view)
            record_photo(session, photo, each.photo, held, decision)
        if photo_set.review is not None and not photo_set.review.is_empty:
            reviewed = replace(decision, changed_at=merged_at or decision.changed_at)
            _merge_review(session, user, photo_set.review, reviewed)
        yield


def _staged(
    store: PhotoStore, user_id: UUID, set_id: UUID, photo: CleanedPhoto
) -> AbstractContextManager[StagedPhoto]:
    return store.staged(user_id, photo.id_in(set_id), photo.photo.files)


def _merge_review(session: Session, user: User, review: HairReview, decision: Decision) -> None:
    """Save the review of a day; values not given with the photos stay."""
    before = review_on(session, user, review.on)
    if before is not None:
        given = HAIR_REVIEW.values(review).items()
        said = {name: value for name, value in given if value is not None}
        review = HAIR_REVIEW.like(before, logged_at=None, **said)
    record_review(session, user, review, decision)
