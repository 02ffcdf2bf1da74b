"""The files of photos: whole or not at all, and never fewer than the rows say."""

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.errors import DiskFull
from app.models import ProgressPhoto, User
from app.photos.store import UNFINISHED, PhotoStore
from app.services.deletions import erase_deleted_photos
from tests.support.clock import Clock
from tests.support.databases import Rows
from tests.support.pictures import add_photo

USER, PHOTO = uuid4(), uuid4()
FILES = (b"large", b"medium", b"small")


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return PhotoStore(tmp_path / "photos")


def keep(store: PhotoStore) -> None:
    with store.staged(USER, PHOTO, FILES) as staged:
        staged.put_in_place()


def noting(done: list[str], name: str, work: Callable[..., None]) -> Callable[..., None]:
    """Work that writes down that it was done."""

    def work_and_note(*given: object) -> None:
        done.append(name)
        work(*given)

    return work_and_note


def names_in(store: PhotoStore) -> list[str]:
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file())


def test_files_are_named_by_ids_and_sizes_and_for_their_owner_alone(store: PhotoStore) -> None:
    keep(store)

    assert names_in(store) == [f"{PHOTO}-1024.jpg", f"{PHOTO}-2048.jpg", f"{PHOTO}-512.jpg"]
    path = store.path(USER, PHOTO, 2048)
    assert path.read_bytes() == b"large"
    assert path.parent.name == str(USER)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_photo_whose_row_is_refused_leaves_no_file(store: PhotoStore) -> None:
    with store.staged(USER, PHOTO, FILES):
        assert len(names_in(store)) == 3
        assert all(name.startswith(UNFINISHED) for name in names_in(store))

    assert names_in(store) == []


def test_files_are_on_the_disk_before_their_names_and_these_before_the_commit(
    store: PhotoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    for name in ("fsync", "replace"):
        monkeypatch.setattr(os, name, noting(done, name, getattr(os, name)))
    keep(store)

    assert done == ["fsync"] * 3 + ["replace"] * 3 + ["fsync"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_no_debris(
    store: PhotoStore, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(number, "full")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(DiskFull), store.staged(USER, PHOTO, FILES):
            pytest.fail("it was said to be staged")
    assert names_in(store) == []


def test_a_disk_that_fails_otherwise_is_not_a_full_disk(
    store: PhotoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_descriptor: int) -> None:
        raise OSError(errno.EIO, "broken")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", broken)
        with pytest.raises(OSError, match="broken"), store.staged(USER, PHOTO, FILES):
            pytest.fail("it was said to be staged")
    assert names_in(store) == []


def test_removing_takes_all_sizes_and_may_be_repeated(store: PhotoStore) -> None:
    keep(store)
    for _time in range(2):
        store.remove(USER, PHOTO)
    assert names_in(store) == []
    keep(store)
    for _time in range(2):
        store.remove_all(USER)
    assert names_in(store) == []
    assert not (store.folder / str(USER)).exists()


def test_half_written_files_and_deleted_photos_are_erased_and_nothing_else(
    client: TestClient, session: Session, rows: Rows, alice: User, clock: Clock, tmp_path: Path
) -> None:
    store = PhotoStore(tmp_path / "data" / "photos")
    kept, deleted = add_photo(client), add_photo(client)
    folder = store.folder / str(alice.id)
    clock.advance(minutes=1)
    client.post(f"/photos/{deleted}/delete")
    clock.advance(days=2)
    (folder / f"{UNFINISHED}1").write_bytes(b"half")
    # From a database older than the files: nobody has deleted it.
    (folder / f"{PHOTO}-512.jpg").write_bytes(b"newer")

    store.interrupted(datetime.now(UTC) + timedelta(hours=1))
    erase_deleted_photos(session, store, clock.now)

    names = {path.name.rsplit("-", 1)[0] for path in folder.iterdir()}
    assert names == {str(kept), str(PHOTO)}
    assert [row.id for row in rows(ProgressPhoto)] == [kept]
