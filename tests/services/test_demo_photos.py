"""The drawn photos of the demonstration's year."""

import time
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session

from app.demo.photos import PHOTOS, make_demo_photos
from app.domain.photo_views import HairState, PhotoView
from app.models import HairReview, ProgressPhoto, User
from app.photos.pixels import SIZES
from app.photos.store import PhotoStore
from tests.support.clock import NOW
from tests.support.databases import Rows, on_sqlite
from tests.support.pictures import opened

pytestmark = pytest.mark.slow


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return PhotoStore(tmp_path / "photos")


@on_sqlite
def test_a_dozen_photos_are_drawn_quickly_and_each_has_its_files(
    session: Session, alice: User, rows: Rows, store: PhotoStore, tmp_path: Path
) -> None:
    other = PhotoStore(tmp_path / "the same")
    with session.begin_nested() as attempt:
        make_demo_photos(session, alice, NOW, other)
        attempt.rollback()
    began = time.process_time()
    make_demo_photos(session, alice, NOW, store)
    session.commit()
    assert time.process_time() - began < 2

    photos = rows(ProgressPhoto)
    assert len(photos) == len(PHOTOS) == 12
    assert sum(photo.hair is HairState.WET for photo in photos) == 1
    assert {photo.view for photo in photos} >= {PhotoView.VERTEX, PhotoView.MID_SCALP}
    assert max(photo.on for photo in photos) == date(2026, 11, 14)
    for photo in photos:
        images = [opened(store.path(alice.id, photo.id, size).read_bytes()) for size in SIZES]
        assert [image.format for image in images] == ["JPEG"] * 3
        assert images[0].size == (photo.width, photo.height)
    assert [review.global_change for review in rows(HairReview)] == [None, 0, 0, None, 1]
    assert len(files_in(store)) == 36
    assert files_in(store) == files_in(other), "the same day draws the same photos"


def files_in(store: PhotoStore) -> dict[str, bytes]:
    files = (path for path in store.folder.rglob("*") if path.is_file())
    return {path.name: path.read_bytes() for path in files}
