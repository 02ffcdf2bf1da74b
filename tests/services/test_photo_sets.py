"""Photos that arrive together, saved without a form."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import Session

from app.domain.photo_views import PhotoView
from app.errors import Refused
from app.models import HairReview, ProgressPhoto, User
from app.photos.pixels import SIZES
from app.photos.store import PhotoStore
from app.records import HAIR_REVIEW, PHOTO
from app.services.photo_sets import (
    ONE_PHOTO,
    PhotoSet,
    check_set,
    clean_photos,
    saving_set,
)
from app.services.photos import record_review
from tests.support.clock import NOW
from tests.support.databases import Rows
from tests.support.pictures import jpeg
from tests.support.regimens import decided

TODAY = NOW.date()
SET_ID = UUID(int=9)
OF_TODAY = PHOTO.row(on=TODAY)


@dataclass(frozen=True)
class Sent:
    field: str
    view: PhotoView | None
    content: bytes

    def read(self) -> bytes:
        return self.content


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return PhotoStore(tmp_path / "photos")


def test_a_set_is_saved_without_the_pictures_that_cannot_be_read(
    session: Session, rows: Rows, alice: User, store: PhotoStore
) -> None:
    sent = [
        Sent("first", PhotoView.VERTEX, jpeg()),
        Sent("second", PhotoView.FRONTAL, b"no picture"),
        Sent("third", None, jpeg()),
    ]
    clean, refusals = clean_photos(alice.id, sent)
    for _again in range(2):
        with saving_set(session, alice, store, PhotoSet(SET_ID, OF_TODAY), clean, decided(alice)):
            session.commit()

    (photo,) = rows(ProgressPhoto)
    assert (photo.view, photo.on) == (PhotoView.VERTEX, TODAY)
    assert store.path(alice.id, photo.id, SIZES[0]).is_file()
    assert set(refusals) == {"second", "third"}


def test_files_whose_commit_failed_are_marked_for_the_clean_up(
    session: Session, rows: Rows, alice: User, store: PhotoStore
) -> None:
    clean, _refusals = clean_photos(alice.id, [Sent(ONE_PHOTO, PhotoView.VERTEX, jpeg())])
    photo_set = PhotoSet(SET_ID, OF_TODAY)

    def save() -> None:
        with saving_set(session, alice, store, photo_set, clean, decided(alice)):
            session.rollback()
            raise ConnectionError

    with pytest.raises(ConnectionError):
        save()
    assert rows(ProgressPhoto) == []
    soon = datetime.now(UTC) + timedelta(hours=1)
    assert store.interrupted(soon) == [(alice.id, SET_ID)]


def test_what_is_not_said_beside_photos_keeps_its_value(
    session: Session, rows: Rows, alice: User, store: PhotoStore
) -> None:
    record_review(session, alice, HAIR_REVIEW.row(on=TODAY, part_width_mm=8), decided(alice, 2))
    photo_set = PhotoSet(SET_ID, OF_TODAY, HAIR_REVIEW.row(on=TODAY, global_change=1))
    with saving_set(session, alice, store, photo_set, [], decided(alice, 3), merged_at=NOW):
        session.commit()

    (review,) = rows(HairReview)
    assert (review.part_width_mm, review.global_change) == (8, 1)


def test_a_set_needs_something_in_it_and_a_day_that_has_begun() -> None:
    picture = Sent(ONE_PHOTO, PhotoView.VERTEX, b"")
    nothing_more = HAIR_REVIEW.row(on=TODAY)
    check_set(TODAY, TODAY, [picture], nothing_more)
    check_set(TODAY, TODAY, [], HAIR_REVIEW.row(on=TODAY, part_width_mm=8))

    with pytest.raises(Refused) as nothing:
        check_set(TODAY, TODAY, [], nothing_more)
    with pytest.raises(Refused) as tomorrow:
        check_set(TODAY, TODAY + timedelta(days=1), [picture], nothing_more)
    assert (nothing.value.field, tomorrow.value.field) == (ONE_PHOTO, "on")
