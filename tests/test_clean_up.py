"""Deleted data is gone: files, rows, and the bytes of the database."""

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from app.db import reading
from app.models import DeletedAccount, EntryVersion, ProgressPhoto, SetUpLink, SignIn, User
from app.photos.store import MARKER, PhotoStore
from app.routers import access
from app.settings import Settings
from app.worker import clean_up
from app.worker.clean_up import (
    clean_up_at_start,
    clean_up_database,
    clean_up_files,
    clean_up_rows,
)
from app.worker.loop import Worker
from tests.routers.pages import TODAY
from tests.support.clock import Clock
from tests.support.databases import Rows
from tests.support.people import PASSWORD
from tests.support.pictures import add_photo
from tests.support.set_up import printed_code

WORD = "Xanthippe"
SOON = timedelta(hours=1)


@pytest.fixture
def store(settings: Settings) -> PhotoStore:
    return PhotoStore(settings.photo_dir)


def delete_everything(client: TestClient) -> str:
    answer = client.post("/settings/delete", data={"password": PASSWORD})
    assert answer.status_code == 303
    return answer.headers["location"]


def restart(engine: Engine, store: PhotoStore) -> None:
    clean_up_at_start(engine, store, datetime.now(UTC))


def bytes_of(engine: Engine) -> Iterator[bytes]:
    path = Path(engine.url.database or "")
    for file in path.parent.glob(f"{path.name}*"):
        yield file.read_bytes()


def test_no_text_of_a_deleted_account_stays_in_the_files_of_the_database(
    client: TestClient, engine: Engine, bobs_client: TestClient, alice: User
) -> None:
    if engine.dialect.name != "sqlite":
        return
    for browser, word in ((client, WORD), (bobs_client, "Penelope")):
        for day in range(10, 23):
            text = f"{word} " * 90
            browser.post(f"/days/2026-11-{day}/notes", data={"kind": "note", "text": text})
    assert any(WORD.encode() in each for each in bytes_of(engine))

    delete_everything(client)

    assert not any(WORD.encode() in each for each in bytes_of(engine))
    assert any(b"Penelope" in each for each in bytes_of(engine))


def test_text_that_somebody_still_reads_is_erased_an_hour_later_and_the_page_says_so(
    client: TestClient,
    anonymous: TestClient,
    engine: Engine,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    if engine.dialect.name != "sqlite":
        return
    client.post(f"/days/{TODAY}/notes", data={"kind": "note", "text": f"{WORD} " * 90})
    with reading(engine) as reader:
        assert reader.exec(User.count()).one() == 1
        address = delete_everything(client)
        assert "some of its files could not be erased yet" in anonymous.get(address).text
        assert "could not be erased completely yet" in caplog.text
        clean_up_database(engine)
        assert "Strand tries again in an hour" in capsys.readouterr().out
    assert any(WORD.encode() in each for each in bytes_of(engine))

    clean_up_database(engine)

    assert not any(WORD.encode() in each for each in bytes_of(engine))
    assert capsys.readouterr().out == ""


def disk_is_full(_engine: Engine) -> bool:
    raise OperationalError("VACUUM", None, sqlite3.OperationalError("database or disk is full"))


def unused_pages(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("PRAGMA freelist_count").scalar_one())


def test_a_rewrite_that_failed_at_a_deletion_is_tried_each_hour_until_it_succeeds(
    client: TestClient,
    anonymous: TestClient,
    engine: Engine,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if engine.dialect.name != "sqlite":
        return
    client.post(f"/days/{TODAY}/notes", data={"kind": "note", "text": f"{WORD} " * 900})
    with monkeypatch.context() as patch:
        patch.setattr(access, "erase_deleted", disk_is_full)
        patch.setattr(clean_up, "erase_deleted", disk_is_full)
        address = delete_everything(client)
        assert "some of its files could not be erased yet" in anonymous.get(address).text
        clean_up_database(engine)
        assert "(database or disk is full). Strand tries again" in capsys.readouterr().out
    assert unused_pages(engine) > 0

    clean_up_database(engine)

    assert unused_pages(engine) == 0
    assert [each.is_erased for each in rows(DeletedAccount)] == [True]
    assert capsys.readouterr().out == ""
    # From now on the files are not rewritten again.
    monkeypatch.setattr(clean_up, "erase_deleted", disk_is_full)
    clean_up_database(engine)
    assert capsys.readouterr().out == ""


def test_a_deletion_that_erased_everything_leaves_nothing_to_try_again(
    client: TestClient, rows: Rows
) -> None:
    delete_everything(client)

    assert [each.is_erased for each in rows(DeletedAccount)] == [True]


def test_a_note_that_is_past_undoing_stays_nowhere_in_the_database(
    client: TestClient, engine: Engine, clock: Clock, rows: Rows
) -> None:
    note = {"kind": "note", "text": WORD}
    client.post(f"/days/{TODAY}/notes", data=note)
    page = client.get("/notes").text
    (note_id,) = {part.split("/")[0] for part in page.split('"/notes/')[1:] if "/edit" in part[:50]}
    clock.advance(minutes=1)
    client.post(f"/notes/{note_id}/delete")
    clock.advance(days=91)

    clean_up_rows(engine, clock.now)
    clean_up_database(engine)

    assert [each.state for each in rows(EntryVersion) if each.kind == "note"] == [None]
    if engine.dialect.name == "sqlite":
        assert not any(WORD.encode() in each for each in bytes_of(engine))


def test_rows_whose_time_is_over_are_deleted_by_the_clock(
    client: TestClient, engine: Engine, clock: Clock, rows: Rows
) -> None:
    printed_code(engine, clock.now)
    clean_up_rows(engine, clock.now)
    assert (len(rows(SignIn)), len(rows(SetUpLink))) == (1, 1)

    clock.advance(days=30)
    clean_up_rows(engine, clock.now)
    assert rows(SignIn) == []
    assert rows(SetUpLink) == []


def test_photos_of_a_deletion_that_was_interrupted_go_at_the_next_start(
    client: TestClient,
    engine: Engine,
    store: PhotoStore,
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add_photo(client)
    with monkeypatch.context() as patch:
        patch.setattr(PhotoStore, "remove_all", lambda _store, _user_id: None)
        delete_everything(client)
    assert (store.folder / str(alice.id)).exists()

    restart(engine, store)

    assert not (store.folder / str(alice.id)).exists()


def test_files_that_cannot_be_removed_are_reported_at_once_and_tried_again(
    client: TestClient,
    anonymous: TestClient,
    engine: Engine,
    store: PhotoStore,
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    add_photo(client)

    def refuse(*_given: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", refuse)
        address = delete_everything(client)
        assert "some of its files could not be erased yet" in anonymous.get(address).text
        clean_up_files(engine, store, datetime.now(UTC), uploads_before=datetime.now(UTC))
        assert "Deleted photos could not be removed" in capsys.readouterr().out

    clean_up_files(engine, store, datetime.now(UTC), uploads_before=datetime.now(UTC))
    assert not (store.folder / str(alice.id)).exists()
    assert capsys.readouterr().out == ""


def test_an_upload_that_was_interrupted_before_its_commit_leaves_no_file(
    client: TestClient,
    engine: Engine,
    store: PhotoStore,
    alice: User,
) -> None:
    kept = add_photo(client)
    photo_id = uuid4()
    files = (b"1", b"2", b"3")

    def upload() -> None:
        with store.staged(alice.id, photo_id, files) as staged:
            staged.put_in_place()
            raise ConnectionError

    with pytest.raises(ConnectionError):
        upload()
    folder = store.folder / str(alice.id)
    assert len(list(folder.glob(f"{photo_id}*"))) == 3

    # It may be under way still.
    clean_up_files(engine, store, datetime.now(UTC), uploads_before=datetime.now(UTC) - SOON)
    assert len(list(folder.glob(f"{photo_id}*"))) == 3
    restart(engine, store)

    assert {path.name.rsplit("-", 1)[0] for path in folder.iterdir()} == {str(kept)}


def test_an_upload_that_was_interrupted_after_its_commit_keeps_its_files(
    client: TestClient, engine: Engine, store: PhotoStore, rows: Rows, alice: User
) -> None:
    kept = add_photo(client)
    folder = store.folder / str(alice.id)
    (folder / f"{MARKER}{kept}").touch()

    restart(engine, store)

    assert len(list(folder.iterdir())) == 3
    assert [row.id for row in rows(ProgressPhoto)] == [kept]


def test_files_that_a_restored_backup_does_not_know_stay_and_are_reported(
    client: TestClient,
    engine: Engine,
    store: PhotoStore,
    alice: User,
    capsys: pytest.CaptureFixture[str],
) -> None:
    add_photo(client)
    newer_account, newer_photo = uuid4(), uuid4()
    for user_id, photo_id in ((alice.id, newer_photo), (newer_account, newer_photo)):
        with store.staged(user_id, photo_id, (b"1", b"2", b"3")) as staged:
            staged.put_in_place()

    restart(engine, store)

    assert len(list((store.folder / str(alice.id)).iterdir())) == 6
    assert len(list((store.folder / str(newer_account)).iterdir())) == 3
    assert "1 photo folder belongs to no account" in capsys.readouterr().out


def test_the_clean_up_is_done_by_the_hour_and_rows_go_by_the_day(
    client: TestClient, engine: Engine, store: PhotoStore, clock: Clock, rows: Rows
) -> None:
    worker = Worker(clean_up.clean_up(engine, store))
    worker.do_what_is_due(clock.now)
    clock.advance(days=30, hours=-1)
    worker.do_what_is_due(clock.now)
    assert len(rows(SignIn)) == 1

    # The sign-in has ended, but rows were looked at an hour ago.
    clock.advance(hours=1)
    worker.do_what_is_due(clock.now)
    assert len(rows(SignIn)) == 1
    clock.advance(hours=23)
    worker.do_what_is_due(clock.now)
    assert rows(SignIn) == []
