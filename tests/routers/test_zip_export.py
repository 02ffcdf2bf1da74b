"""Everything in one archive: every CSV file and the photos themselves."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.db import reading
from app.interchange.csv_export import FILES, Flavour
from app.interchange.csv_rows import Extract
from app.interchange.zip_export import zip_chunks
from app.models import ProgressPhoto, RegimenItem, User
from app.photos.store import PhotoStore
from app.settings import Settings
from tests.routers.pages import log
from tests.support.clock import NOW
from tests.support.databases import Rows
from tests.support.pictures import add_photo

ADDRESS = "/export/strand.zip"


def archive_of(client: TestClient, query: str = "") -> ZipFile:
    """The archive as it arrives."""
    response = client.get(ADDRESS + query)
    assert response.status_code == 200
    archive = ZipFile(io.BytesIO(response.content))
    assert archive.testzip() is None
    return archive


def test_the_archive_holds_every_file_and_every_photo(
    client: TestClient, minoxidil: RegimenItem, rows: Rows, settings: Settings
) -> None:
    log(client, minoxidil)
    add_photo(client)
    (photo,) = rows(ProgressPhoto)
    archive = archive_of(client)

    names = [each.filename for each in archive.infolist()]
    path = f"photos/{photo.user_id}/{photo.id}-2048.jpg"
    # Each download is written into the log of activity, which would never be the same twice.
    tables = [name for name in FILES if name != "activity"]
    assert names == [*(f"{name}.csv" for name in tables), path]
    for name in tables:
        assert archive.read(f"{name}.csv") == client.get(f"/export/{name}.csv").content
    assert archive.read(path) == (settings.data_dir / path).read_bytes()
    assert path in archive.read("photos.csv").decode()


def test_the_archive_has_a_fixed_name_and_is_not_cached(client: TestClient, alice: User) -> None:
    response = client.get(ADDRESS)
    assert response.headers["content-type"] == "application/zip"
    assert response.headers["content-disposition"] == 'attachment; filename="strand.zip"'
    assert response.headers["cache-control"] == "private, no-store"


def test_photos_are_stored_and_files_are_compressed(client: TestClient) -> None:
    add_photo(client)
    kinds = {each.filename[-4:]: each.compress_type for each in archive_of(client).infolist()}
    assert kinds == {".csv": ZIP_DEFLATED, ".jpg": ZIP_STORED}
    assert {each.external_attr >> 16 for each in archive_of(client).infolist()} == {0o600}


def test_the_same_log_gives_the_same_bytes(client: TestClient, minoxidil: RegimenItem) -> None:
    log(client, minoxidil)
    add_photo(client)
    assert client.get(ADDRESS).content == client.get(ADDRESS).content


def test_nobody_gets_anothers_files(
    client: TestClient, bobs_client: TestClient, minoxidil: RegimenItem, alice: User
) -> None:
    log(client, minoxidil)
    add_photo(client)
    archive = archive_of(bobs_client)
    assert [each for each in archive.namelist() if each.startswith("photos/")] == []
    assert not any(str(alice.id).encode() in archive.read(name) for name in archive.namelist())
    assert b"Minoxidil" not in archive.read("regimen.csv")


def test_the_archive_can_be_narrowed_to_days(client: TestClient, minoxidil: RegimenItem) -> None:
    log(client, minoxidil)
    add_photo(client)
    archive = archive_of(client, "?from=2026-01-01&to=2026-01-31")
    assert [each for each in archive.namelist() if each.startswith("photos/")] == []
    assert b"taken" not in archive.read("doses.csv").split(b"\n", 1)[1]


@pytest.mark.parametrize(
    "query", ["?from=moon", "?flavour=salty", "?from=2026-02-02&to=2026-02-01"]
)
def test_an_archive_that_cannot_be_is_refused_on_the_page(client: TestClient, query: str) -> None:
    response = client.get(ADDRESS + query)
    assert response.status_code == 422
    assert response.headers["content-type"] == "text/html; charset=utf-8"


def test_a_photo_whose_file_is_gone_is_left_out(
    client: TestClient, rows: Rows, settings: Settings
) -> None:
    add_photo(client)
    (photo,) = rows(ProgressPhoto)
    PhotoStore(settings.photo_dir).remove(photo.user_id, photo.id)
    assert archive_of(client).namelist()[-1].endswith(".csv")


def test_the_archive_comes_in_pieces_while_it_is_read(
    client: TestClient, engine: Engine, alice: User, settings: Settings
) -> None:
    add_photo(client)
    store = PhotoStore(settings.photo_dir)
    (large,) = settings.photo_dir.glob("*/*-2048.jpg")
    large.write_bytes(bytes(range(256)) * 40_000)

    @contextmanager
    def extracts() -> Iterator[Extract]:
        with reading(engine) as session:
            user = session.get_one(User, alice.id)
            day = NOW.date()
            yield Extract(session, user, NOW, day - timedelta(days=400), day)

    pieces = list(zip_chunks(extracts, store, Flavour.PLAIN))
    assert max(map(len, pieces)) < 200_000
    assert sum(map(len, pieces)) > 10_000_000
    assert ZipFile(io.BytesIO(b"".join(pieces))).testzip() is None
