"""Read a form with photos: the files, their details, and the part width of that day.

A page sends a file for each view, in `photo-vertex` and so on, with one id for the set. An
entry of the outbox is one photo: `photo`, its `view` and its own `id`.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from pydantic import Field
from starlette.datastructures import FormData, UploadFile

from app.domain.photo_views import GLOBAL_CHANGES, WIDEST_PART_MM, HairState, PhotoView
from app.errors import DiskFull
from app.i18n import lazy
from app.job_limits import JobLimit
from app.models import HairReview, ProgressPhoto
from app.photos.pixels import MOST_BYTES
from app.photos.store import FULL
from app.records import HAIR_REVIEW, PHOTO
from app.services.photo_sets import ONE_PHOTO
from app.web.forms.rows import shown_columns, typed_columns
from app.web.http.deps import AccountDep
from app.web.http.reading import (
    ENTRY_HEADER,
    Day,
    EntryForm,
    Number,
    Submission,
    Text,
    WholeNumber,
    read_form,
    submitted,
)

# A set of five, straight from a phone's camera.
LARGEST_UPLOAD = 60_000_000
MOST_FILES = 20
# Each may be on the disk in full while it arrives.
UPLOADS = JobLimit(
    10, 3, lazy("Too many uploads are arriving. Wait until one has finished, then try again.")
)
MOST_FIELDS = 200


GlobalChange = Annotated[WholeNumber, Field(ge=min(GLOBAL_CHANGES), le=max(GLOBAL_CHANGES))]


class PhotoForm(EntryForm):
    """The details of one photo, or of every photo of a set."""

    id: UUID | None = None
    on: Day | None = None
    view: PhotoView | None = None
    hair: HairState | None = None
    note: Text = ""

    def of_set(self, on: date) -> ProgressPhoto:
        """Return the values that a set's photos share; their day is `on` if the form names none."""
        return PHOTO.row(**{**typed_columns(self, PHOTO), "on": self.on or on})

    def changed(self, photo: ProgressPhoto) -> ProgressPhoto:
        """Return a saved photo with the details of the form."""
        typed = typed_columns(self, PHOTO)
        return PHOTO.like(
            photo, **{**typed, "on": self.on or photo.on, "view": self.view or photo.view}
        )


class ReviewForm(EntryForm):
    """The part width, and the overall change since the first photos."""

    part_width_mm: Annotated[Number, Field(ge=0, le=WIDEST_PART_MM)] | None = None
    global_change: GlobalChange | None = None

    def review(self, on: date) -> HairReview:
        """Return the review of a day."""
        return HAIR_REVIEW.row(on=on, **typed_columns(self, HAIR_REVIEW))


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file; `field` is its name in the form."""

    field: str
    view: PhotoView | None
    file: UploadFile

    def read(self) -> bytes:
        """Return its bytes, at most one more than the limit."""
        return self.file.file.read(MOST_BYTES + 1)


@dataclass(frozen=True, slots=True)
class SentPhotos:
    """A form with photos in it."""

    photo: Submission[PhotoForm]
    review: Submission[ReviewForm]
    uploads: tuple[Upload, ...]

    @property
    def values(self) -> Mapping[str, object]:
        """The typed values."""
        return self.photo.values

    def day_review(self, on: date) -> HairReview | None:
        """Return the part width and overall change; None if they cannot be read."""
        return self.review.form.review(on) if self.review.form else None


def values_of_photo(photo: ProgressPhoto) -> Mapping[str, Any]:
    """Fill the form in with a stored photo."""
    return shown_columns(PhotoForm, PHOTO, photo)


def values_of_review(review: HairReview | None) -> Mapping[str, Any]:
    """Fill the form in with a stored review, if there is one."""
    return shown_columns(ReviewForm, HAIR_REVIEW, review) if review else {}


def field_of(view: PhotoView) -> str:
    """Return the name of a view's file field."""
    return f"photo-{view.value}"


async def sent_photos(request: Request, account: AccountDep) -> AsyncIterator[SentPhotos]:
    """Read a form with files. Larger ones are unnamed files on the disk until it is answered."""
    entry_id = request.headers.get(ENTRY_HEADER)
    with UPLOADS.taken(account):
        async with _form_of(request) as data:
            yield _photos_of(data, entry_id)


def _photos_of(data: FormData, entry_id: str | None) -> SentPhotos:
    photo = read_form(PhotoForm, data, entry_id)
    review = read_form(ReviewForm, data, entry_id)
    view = photo.form.view if photo.form else None
    return SentPhotos(photo, review, tuple(_uploads(data, view)))


@asynccontextmanager
async def _form_of(request: Request) -> AsyncIterator[FormData]:
    """Read the form; raise `DiskFull` if the disk cannot hold its files for a moment."""
    try:
        data = await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS)
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull from error
        raise
    try:
        yield data
    finally:
        await data.close()


def _uploads(data: FormData, view: PhotoView | None) -> list[Upload]:
    """Return the chosen files: a field without one is sent without a name and bytes."""
    fields = {ONE_PHOTO: view, **{field_of(each): each for each in PhotoView}}
    return [
        Upload(field, of, sent)
        for field, of in fields.items()
        for sent in data.getlist(field)[:1]
        if isinstance(sent, UploadFile) and (sent.filename or sent.size)
    ]


SentPhotosDep = Annotated[SentPhotos, Depends(sent_photos)]
PhotoSubmission = Annotated[Submission[PhotoForm], Depends(submitted(PhotoForm))]
ReviewSubmission = Annotated[Submission[ReviewForm], Depends(submitted(ReviewForm))]
