"""Photos over HTTP: sent by view, looked at, changed, deleted, and nobody else's."""

import errno
import os
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.domain.photo_views import HairState, PhotoView
from app.models import EntryVersion, HairReview, ProgressPhoto, User
from app.photos.pixels import SIZES
from app.photos.store import SPARE_BYTES
from app.settings import Settings
from app.web.forms.photo import LARGEST_UPLOAD
from tests.routers.pages import (
    BEFORE,
    LATER,
    SCRIPT,
    TODAY,
    TOMORROW,
    YESTERDAY,
    Response,
    as_entry,
    read,
)
from tests.support.clock import NOW, Clock
from tests.support.databases import Rows
from tests.support.people import PASSWORD
from tests.support.pictures import SECRETS, add_photo, exif, jpeg, opened, unreadable
from tests.support.regimens import add

ADDRESS = f"/days/{TODAY}/photos"
File = tuple[str, bytes, str]


def photo(content: bytes | None = None) -> File:
    return ("IMG_0001.jpg", jpeg(exif=exif()) if content is None else content, "image/jpeg")


NO_FILE: File = ("", b"", "application/octet-stream")


def send(client: TestClient, **given: Any) -> Response:
    """Send the form: `files` by view, what is typed; with `entry` as the outbox does."""
    entry = given.pop("entry", None)
    files = {f"photo-{view}": file for view, file in given.pop("files", {}).items()}
    return client.post(ADDRESS, data=given, files=files or {"x": NO_FILE}, headers=as_entry(entry))


def files_in(settings: Settings) -> list[str]:
    """What lies in the folder of photos."""
    folder = settings.photo_dir
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def names_of(user: User, photo_id: UUID) -> list[str]:
    return sorted(f"{user.id}/{photo_id}-{size}.jpg" for size in SIZES)


def test_a_set_is_kept_by_view_and_shown_on_every_page(
    client: TestClient, rows: Rows, settings: Settings, alice: User
) -> None:
    views = {"frontal": photo(), "vertex": photo(), "mid_scalp": NO_FILE, "left_temple": NO_FILE}
    typed = {"id": str(uuid4()), "hair": "wet", "note": f"{SCRIPT}\r\nlamp", "on": YESTERDAY}
    response = send(client, files=views, **typed)

    assert response.status_code == 303
    assert response.headers["location"] == "/photos?view=frontal&saved=1"
    kept = rows(ProgressPhoto)
    assert {row.view for row in kept} == {PhotoView.FRONTAL, PhotoView.VERTEX}
    for row in kept:
        assert (row.on, row.iso_week, row.hair) == (date(2026, 11, 22), 202647, HairState.WET)
        assert row.note == f"{SCRIPT}\nlamp"
        assert (row.width, row.height, row.user_id) == (240, 320, alice.id)
    wanted = [name for row in kept for name in names_of(alice, row.id)]
    assert files_in(settings) == sorted(wanted)
    for address in ("/photos?view=vertex", f"/days/{YESTERDAY}", f"/photos/{kept[0].id}"):
        page = client.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert re.search(r'src="/photos/[0-9a-f-]+/\d+\.jpg"', page.text)
    assert "Wet" in client.get("/photos").text
    assert "Week 47" in client.get("/photos").text
    assert "/512.jpg" not in client.get("/").text


def test_before_the_first_photo_the_page_says_what_to_do(client: TestClient) -> None:
    page = client.get("/photos")

    assert "No photos yet" in page.text
    assert f'href="/days/{TODAY}/photos/new"' in page.text
    assert client.get("/photos?view=nose").status_code == 404


def test_nothing_of_the_upload_is_kept_but_pixels(
    client: TestClient, settings: Settings, alice: User
) -> None:
    add_photo(client)

    for name in files_in(settings):
        content = (settings.photo_dir / name).read_bytes()
        assert opened(content).format == "JPEG"
        assert not [secret for secret in SECRETS if secret in content]


def test_a_photo_is_served_to_its_owner_as_a_picture_and_nothing_else(
    client: TestClient, bobs_client: TestClient, anonymous: TestClient
) -> None:
    photo_id = add_photo(client, view="left_temple")

    for size in SIZES:
        response = client.get(f"/photos/{photo_id}/{size}.jpg")
        assert response.status_code == 200
        headers = response.headers
        assert headers["content-type"] == "image/jpeg"
        assert headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "private, no-store"
        name = f"strand-left-temple-{TODAY}.jpg"
        assert headers["content-disposition"] == f'inline; filename="{name}"'
        assert "content-encoding" not in headers
        assert opened(response.content).size == (240, 320)
    for size in (0, 1, 511, -512, 99999999999999999999):
        assert client.get(f"/photos/{photo_id}/{size}.jpg").status_code == 404
    for odd in ("512.jpg%00", "..%2f512.jpg", "512.png", "512"):
        assert client.get(f"/photos/{photo_id}/{odd}").status_code == 404
    assert bobs_client.get(f"/photos/{photo_id}/512.jpg").status_code == 404
    assert anonymous.get(f"/photos/{photo_id}/512.jpg").status_code == 303


@pytest.mark.slow
def test_the_good_photos_of_a_form_are_kept_and_each_bad_one_is_named(
    client: TestClient, rows: Rows, settings: Settings, alice: User
) -> None:
    bad = unreadable()
    files = {
        "frontal": photo(),
        "mid_scalp": photo(bad["a page"]),
        "vertex": photo(),
        "left_temple": photo(bad["a bomb"]),
        "right_temple": photo(bad["cut short"]),
    }
    set_id = str(uuid4())
    response = send(client, files=files, id=set_id, note="typed", hair="wet")
    page = read(response)

    assert response.status_code == 422
    assert "Saved: Hairline and Crown." in page.text
    for view in ("mid_scalp", "left_temple", "right_temple"):
        assert f'href="#field-photo-{view}"' in response.text
        assert f'id="field-photo-{view}-error"' in response.text
    assert page.fields["note"] == ["typed"]
    assert page.fields["hair"] == ["wet"]
    assert page.fields["id"] == [set_id]
    assert len(rows(ProgressPhoto)) == 2
    assert len(files_in(settings)) == 2 * len(SIZES)

    again = send(client, files={"mid_scalp": photo()}, id=set_id)
    assert again.status_code == 303
    assert len(rows(ProgressPhoto)) == 3


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"files": {}}, "photo"),
        ({"files": {"vertex": photo(b"")}}, "photo-vertex"),
        ({"on": LATER}, "on"),
        ({"on": TOMORROW}, "on"),
        ({"on": "2026-02-30"}, "on"),
        ({"on": "9999-12-31"}, "on"),
        ({"hair": "greasy"}, "hair"),
        ({"note": "x" * 2001}, "note"),
        ({"id": "none"}, "id"),
    ],
)
def test_a_form_that_cannot_be_is_named_and_stays_typed(
    client: TestClient, rows: Rows, settings: Settings, given: dict[str, Any], name: str
) -> None:
    fields = {"files": {"vertex": photo()}, "note": "typed", **given}
    response = send(client, **fields)
    page = read(response)

    assert response.status_code == 422
    assert f'href="#field-{name}"' in response.text
    assert page.fields["note"] == [fields["note"]]
    if "on" in given:
        assert page.fields["on"] == [given["on"]]
    assert rows(ProgressPhoto) == []
    assert files_in(settings) == []
    told = send(client, **fields, entry=uuid4())
    assert (told.status_code, told.headers["content-type"][:10]) == (422, "text/plain")


def test_a_photo_may_be_older_than_the_log(client: TestClient, rows: Rows) -> None:
    assert send(client, files={"vertex": photo()}, on=BEFORE).status_code == 303

    assert rows(ProgressPhoto)[0].on == date(2026, 8, 31)
    assert "/512.jpg" in client.get(f"/days/{BEFORE}").text


def refuse_to_decode(_upload: bytes) -> None:
    raise AssertionError("decoded again")


def test_the_same_entry_twice_is_one_photo_and_is_decoded_once(
    client: TestClient, rows: Rows, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, own_id = uuid4(), str(uuid4())
    data = {"id": own_id, "view": "vertex", "changed_at": NOW.isoformat()}
    for _attempt in range(2):
        told = client.post(ADDRESS, data=data, files={"photo": photo()}, headers=as_entry(entry))
        assert told.status_code == 204
        assert told.headers["outbox-entry"] == str(entry)
        monkeypatch.setattr("app.services.photo_sets.clean_photo", refuse_to_decode)
    monkeypatch.undo()
    assert [str(row.id) for row in rows(ProgressPhoto)] == [own_id]
    assert len(rows(EntryVersion)) == 1
    assert len(files_in(settings)) == len(SIZES)

    set_id = str(uuid4())
    for _attempt in range(2):
        assert send(client, files={"frontal": photo()}, id=set_id).status_code == 303
    assert len(rows(ProgressPhoto)) == 2


def test_the_old_form_sent_with_another_picture_loses_neither(
    client: TestClient, rows: Rows
) -> None:
    form = {"id": str(uuid4())}
    for content in (jpeg(240, 320), jpeg(240, 320), jpeg(300, 200)):
        assert send(client, files={"vertex": photo(content)}, **form).status_code == 303

    assert sorted((row.width, row.height) for row in rows(ProgressPhoto)) == [
        (240, 320),
        (300, 200),
    ]


def test_an_entry_without_a_view_or_a_photo_is_refused(client: TestClient, rows: Rows) -> None:
    without_view = client.post(ADDRESS, files={"photo": photo()}, headers=as_entry(uuid4()))
    assert (without_view.status_code, without_view.text) == (422, "Choose the view of this photo.")
    without_photo = client.post(ADDRESS, data={"view": "vertex"}, headers=as_entry(uuid4()))
    assert (without_photo.status_code, without_photo.text) == (422, "Choose a photo first.")
    as_text = client.post(ADDRESS, data={"view": "vertex", "photo": "x"}, headers=as_entry(uuid4()))
    assert as_text.status_code == 422
    assert rows(ProgressPhoto) == []


def test_a_photo_is_changed_moved_and_deleted(
    client: TestClient, rows: Rows, clock: Clock, settings: Settings
) -> None:
    photo_id = add_photo(client, note="first", hair="wet")
    clock.advance(minutes=1)
    changed = {"view": "frontal", "hair": "dry", "note": "second", "on": YESTERDAY}
    assert client.post(f"/photos/{photo_id}", data=changed).status_code == 303

    row = rows(ProgressPhoto)[0]
    assert (row.view, row.hair, row.note) == (PhotoView.FRONTAL, HairState.DRY, "second")
    assert (row.on, row.iso_week, row.logged_at) == (date(2026, 11, 22), 202647, NOW)
    assert len(files_in(settings)) == len(SIZES)
    page = read(client.get(f"/photos/{photo_id}"))
    assert (page.fields["note"], page.fields["view"]) == (["second"], ["frontal"])

    clock.advance(minutes=1)
    entry = uuid4()
    for _attempt in range(2):
        deleted = client.post(f"/photos/{photo_id}/delete", headers=as_entry(entry))
        assert deleted.status_code == 204
    assert rows(ProgressPhoto) == []
    for address in (f"/photos/{photo_id}", f"/photos/{photo_id}/512.jpg"):
        assert client.get(address).status_code == 404
    assert client.post(f"/photos/{photo_id}", data=changed).status_code == 404


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"on": TOMORROW}, "on"),
        ({"on": "never"}, "on"),
        ({"view": "nose"}, "view"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_a_change_that_cannot_be_leaves_the_photo_as_it_was(
    client: TestClient, rows: Rows, fields: dict[str, str], name: str
) -> None:
    photo_id = add_photo(client, note="first")
    response = client.post(f"/photos/{photo_id}", data={"note": "typed", **fields})

    assert response.status_code == 422
    assert f'href="#field-{name}"' in response.text
    assert read(response).fields["note"] == [fields.get("note", "typed")]
    assert [(row.note, row.on) for row in rows(ProgressPhoto)] == [("first", NOW.date())]


def test_of_two_devices_the_later_decision_counts(
    client: TestClient, rows: Rows, clock: Clock, settings: Settings
) -> None:
    clock.set(NOW)
    photo_id = add_photo(client, changed_at="2026-11-23T20:00:00+00:00")
    address = f"/photos/{photo_id}"
    later = {"note": "later", "changed_at": "2026-11-23T20:30:00+00:00"}
    earlier = {"note": "earlier", "changed_at": "2026-11-23T20:20:00+00:00"}
    for data in (later, earlier):
        told = client.post(address, data=data, headers=as_entry(uuid4()))
        assert told.status_code == 204
    assert rows(ProgressPhoto)[0].note == "later"

    data = {"changed_at": "2026-11-23T20:10:00+00:00"}
    assert client.post(f"{address}/delete", data=data, headers=as_entry(uuid4())).is_success
    assert len(rows(ProgressPhoto)) == 1
    assert len(files_in(settings)) == len(SIZES)


def test_a_photo_deleted_on_one_device_is_not_brought_back_by_another(
    client: TestClient, rows: Rows, settings: Settings
) -> None:
    own_id = add_photo(client, changed_at="2026-11-23T20:00:00+00:00")
    assert client.post(f"/photos/{own_id}/delete").status_code == 303
    before = files_in(settings)
    data = {"id": str(own_id), "view": "vertex", "changed_at": "2026-11-23T20:05:00+00:00"}
    told = client.post(ADDRESS, data=data, files={"photo": photo()}, headers=as_entry(uuid4()))

    assert told.status_code == 204
    assert rows(ProgressPhoto) == []
    assert files_in(settings) == before


def test_another_persons_photo_does_not_exist(
    client: TestClient, bobs_client: TestClient, rows: Rows, settings: Settings, bob: User
) -> None:
    photo_id = add_photo(bobs_client, note="Bob's own")
    before = files_in(settings)

    assert client.get(f"/photos/{photo_id}").status_code == 404
    assert client.post(f"/photos/{photo_id}", data={"note": "mine"}).status_code == 404
    assert client.post(f"/photos/{photo_id}/delete").status_code == 404
    # Nor can its id be claimed for another person's photo.
    data = {"id": str(photo_id), "view": "vertex"}
    claimed = client.post(ADDRESS, data=data, files={"photo": photo()})
    assert claimed.status_code == 404
    assert [(row.note, row.user_id) for row in rows(ProgressPhoto)] == [("Bob's own", bob.id)]
    assert files_in(settings) == before
    assert "Bob" not in client.get("/photos").text
    assert "/512.jpg" not in client.get(f"/days/{TODAY}").text


@pytest.mark.slow
def test_an_upload_may_be_larger_than_other_forms_and_has_its_own_limit(
    client: TestClient, rows: Rows
) -> None:
    padded = jpeg() + b"\0" * 3_000_000
    assert send(client, files={"vertex": photo(padded)}).status_code == 303
    assert len(rows(ProgressPhoto)) == 1

    huge = {"photo-vertex": ("x.jpg", b"\0" * LARGEST_UPLOAD, "image/jpeg")}
    page = client.post(ADDRESS, files=huge)
    assert page.status_code == 413
    assert "This is too large to upload." in page.text
    entry = as_entry(uuid4())
    told = client.post(ADDRESS, files=huge, headers=entry)
    assert (told.status_code, told.headers["outbox-entry"]) == (413, entry["outbox-entry"])
    assert client.post(f"/days/{TODAY}/notes", data={"text": "x" * 2_000_000}).status_code == 413


def test_a_file_over_the_limit_of_one_photo_is_named(client: TestClient, rows: Rows) -> None:
    files = {"vertex": photo(b"\xff\xd8" + b"\0" * 25_000_000), "frontal": photo()}
    response = send(client, files=files)

    assert response.status_code == 422
    assert "at most 25 MB per photo" in response.text
    assert [row.view for row in rows(ProgressPhoto)] == [PhotoView.FRONTAL]


def test_nobody_who_is_not_signed_in_gets_a_byte_read(
    anonymous: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "starlette.formparsers.MultiPartParser.parse", lambda parser: pytest.fail("it was read")
    )
    assert anonymous.post(ADDRESS, files={"photo-vertex": photo()}).status_code == 401


def test_a_disk_too_full_to_receive_a_photo_is_said_in_one_sentence(
    client: TestClient, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("starlette.formparsers.SpooledTemporaryFile.write", full)
        response = send(client, files={"vertex": photo()})
    assert response.status_code == 507
    assert "The server’s disk is full" in response.text
    assert rows(ProgressPhoto) == []


def test_photos_leave_the_database_room_to_log_doses(
    client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=SPARE_BYTES))
        response = send(client, files={"vertex": photo()})
    assert response.status_code == 507
    assert files_in(settings) == []


def test_the_grid_says_what_changed_between_two_photos(
    client: TestClient, session: Session, alice: User
) -> None:
    add(session, alice, "Minoxidil", starts_on=date(2026, 11, 10))
    add(session, alice, "Zinc", starts_on=date(2026, 9, 1))
    for on in ("2026-10-01", "2026-11-20"):
        assert send(client, files={"vertex": photo()}, on=on).status_code == 303

    newer, older = client.get("/photos").text.split('class="shot"')
    assert "Started Minoxidil" in newer
    assert "Started Zinc" not in newer + older
    assert "Since the previous photo" not in older


@pytest.mark.parametrize("failing", [1, 4])
def test_a_full_disk_is_said_in_one_sentence_and_leaves_nothing(
    client: TestClient,
    rows: Rows,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    failing: int,
) -> None:
    whole_write, count = os.fsync, iter(range(1, 100))

    def full(descriptor: int) -> None:
        if next(count) >= failing:
            raise OSError(errno.ENOSPC, "No space left on device")
        whole_write(descriptor)

    files = {"vertex": photo(), "frontal": photo()}
    with monkeypatch.context() as patched:
        patched.setattr("app.photos.store.os.fsync", full)
        response = send(client, files=files)
    assert response.status_code == 507
    assert "The server’s disk is full" in response.text
    assert rows(ProgressPhoto) == []
    assert rows(EntryVersion) == []
    assert files_in(settings) == []

    assert send(client, files=files).status_code == 303


def test_deleting_the_account_deletes_its_photos_and_no_others(
    client: TestClient, bobs_client: TestClient, settings: Settings, alice: User, bob: User
) -> None:
    add_photo(client)
    bobs = add_photo(bobs_client)

    assert client.post("/settings/delete", data={"password": "wrong"}).status_code == 422
    assert len(files_in(settings)) == 2 * len(SIZES)
    assert client.post("/settings/delete", data={"password": PASSWORD}).status_code == 303
    assert files_in(settings) == names_of(bob, bobs)
    assert not Path(settings.photo_dir / str(alice.id)).exists()


def test_photos_come_a_view_at_a_time_newest_first_in_pages(
    client: TestClient, session: Any, alice: User
) -> None:
    for number in range(43):
        session.add(
            ProgressPhoto(
                id=uuid4(),
                user_id=alice.id,
                on=date(2026, 10, 1 + number % 28),
                iso_week=202640,
                view=PhotoView.VERTEX if number else PhotoView.FRONTAL,
                width=3,
                height=4,
                size_bytes=5,
                logged_at=NOW,
            )
        )
    session.commit()

    first, second = client.get("/photos?view=vertex"), client.get("/photos?view=vertex&page=2")
    assert [page.text.count('class="shot__link"') for page in (first, second)] == [41, 1]
    assert first.text.index("28 Oct") < first.text.index("27 Oct")
    assert client.get("/photos?view=frontal&saved=1").text.count('class="shot__link"') == 1
    assert "43 photos since 1 Oct" in first.text
    assert "No photo of this view yet" in client.get("/photos?view=left_temple").text
    for page in ("0", "-1", "100001", "x"):
        assert client.get(f"/photos?page={page}").status_code == 404


# Part width, and the comparison with the first photos


def test_part_width_and_change_come_with_photos_or_alone(
    client: TestClient, rows: Rows, clock: Clock
) -> None:
    files = {"vertex": photo()}
    assert send(client, files=files, part_width_mm="0,5").status_code == 303
    clock.advance(minutes=1)
    assert send(client, global_change="-2").headers["location"] == f"/days/{TODAY}"

    review = rows(HairReview)[0]
    assert (review.part_width_mm, review.global_change) == (0.5, -2)
    assert (review.on, review.iso_week) == (NOW.date(), 202648)
    assert "You already entered these" in client.get(f"{ADDRESS}/new").text
    page = read(client.get(f"/days/{TODAY}/hair-review"))
    assert page.fields["part_width_mm"] == ["0.5"]
    assert page.fields["global_change"] == ["-2"]


def test_on_its_own_page_a_field_left_empty_is_taken_back(
    client: TestClient, rows: Rows, clock: Clock
) -> None:
    address = f"/days/{TODAY}/hair-review"
    assert client.post(address, data={"part_width_mm": "7.5", "global_change": "3"}).is_redirect
    clock.advance(minutes=1)
    client.post(address, data={"part_width_mm": "", "global_change": "3"})
    assert [(row.part_width_mm, row.global_change) for row in rows(HairReview)] == [(None, 3)]
    clock.advance(minutes=1)
    client.post(address, data={"part_width_mm": "", "global_change": ""})
    assert rows(HairReview) == []
    assert len(rows(EntryVersion)) == 3


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"part_width_mm": "wide"}, "part_width_mm"),
        ({"part_width_mm": "-1"}, "part_width_mm"),
        ({"part_width_mm": "201"}, "part_width_mm"),
        ({"part_width_mm": "9" * 400}, "part_width_mm"),
        ({"global_change": "4"}, "global_change"),
        ({"global_change": "-4"}, "global_change"),
        ({"global_change": "1.5"}, "global_change"),
    ],
)
def test_a_measure_that_cannot_be_is_named_and_loses_no_photo(
    client: TestClient, rows: Rows, fields: dict[str, str], name: str
) -> None:
    alone = client.post(f"/days/{TODAY}/hair-review", data=fields)
    with_photo = send(client, files={"vertex": photo()}, **fields)

    for response in (alone, with_photo):
        assert response.status_code == 422
        assert f'href="#field-{name}"' in response.text
        if name == "part_width_mm":
            assert read(response).fields[name] == [fields[name]]
    assert "Saved: Crown." in with_photo.text
    assert rows(HairReview) == []
    assert len(rows(ProgressPhoto)) == 1


def test_a_review_of_a_day_to_come_is_refused_and_one_is_repeatable(
    client: TestClient, rows: Rows
) -> None:
    data = {"part_width_mm": "6"}
    assert client.post(f"/days/{TOMORROW}/hair-review", data=data).status_code == 422
    entry = as_entry(uuid4())
    for _attempt in range(2):
        told = client.post(f"/days/{TODAY}/hair-review", data=data, headers=entry)
        assert (told.status_code, told.headers["outbox-entry"]) == (204, entry["outbox-entry"])
    assert len(rows(HairReview)) == 1


def test_of_two_devices_the_later_review_of_a_day_counts(client: TestClient, rows: Rows) -> None:
    address = f"/days/{TODAY}/hair-review"
    for width, minute in (("7", 30), ("6", 10)):
        data = {"part_width_mm": width, "changed_at": f"2026-11-23T20:{minute}:00+00:00"}
        assert client.post(address, data=data, headers=as_entry(uuid4())).status_code == 204
    assert [row.part_width_mm for row in rows(HairReview)] == [7]


# Pages


def test_views_have_plain_names_and_keep_their_slugs(client: TestClient) -> None:
    send(client, files={"vertex": photo(), "mid_scalp": photo(), "frontal": photo()})

    for address in ("/photos", f"{ADDRESS}/new", f"/days/{TODAY}"):
        page = client.get(address).text
        for name in ("Hairline", "Top", "Crown"):
            assert name in page, (address, name)
        assert not re.search(r">(Frontal|Mid-scalp|Vertex)<", page), address
    assert ",vertex," in client.get("/export/photos.csv").text


def test_the_head_counts_the_photos_of_all_views(client: TestClient) -> None:
    send(client, files={"vertex": photo(), "frontal": photo()})

    for view in ("vertex", "frontal", "left_temple"):
        assert "2 photos since 23 Nov" in client.get(f"/photos?view={view}").text


def test_saved_photos_lead_on_to_the_next_set_and_to_the_first_photo(client: TestClient) -> None:
    first = send(client, files={"vertex": photo()}, on="2026-09-10").headers["location"]
    assert "Compare with" not in client.get(first).text
    page = client.get(send(client, files={"vertex": photo()}).headers["location"]).text

    assert "Saved. Next set in 4 weeks, about 21 December." in page
    assert "Compare with 10 Sep" in page
    assert "Saved." not in client.get("/photos").text


def test_changes_between_two_photos_are_badges_that_open_in_words(
    client: TestClient, session: Session, alice: User
) -> None:
    for number in range(6):
        add(session, alice, f"Item {number}", starts_on=date(2026, 11, 10 + number))
    for on in ("2026-10-01", "2026-11-20"):
        send(client, files={"vertex": photo()}, on=on)

    newer, _older = client.get("/photos").text.split('class="shot"')
    summary, words = newer.split("</summary>")
    assert re.findall(r'class="sign">(.)<', summary) == ["A", "B", "C"]
    assert "+3" in summary
    assert all(f"Started Item {number}" in words for number in range(6))
    assert "more" not in words.split("</details>")[0]


def test_part_width_and_change_are_shown_with_their_photo_and_over_time(
    client: TestClient, rows: Rows
) -> None:
    for on, width in (("2026-09-10", "8"), ("2026-10-08", "7.5"), ("2026-11-05", "7")):
        send(client, files={"vertex": photo()}, on=on, part_width_mm=width)
    page = client.get("/photos").text
    assert "7.5 mm" in page
    assert "chart--series" not in page

    send(client, files={"vertex": photo()}, part_width_mm="6.5", global_change="1")
    page = client.get("/photos").text
    assert "+1, a little more" in page
    assert page.count("series__dot") == 4
    newest = max(rows(ProgressPhoto), key=lambda row: row.on)
    own_page = client.get(f"/photos/{newest.id}").text
    assert "Part width 6.5 mm · Change +1, a little more" in own_page
    assert "6.5,1," in client.get("/export/hair-reviews.csv").text


def test_tips_are_open_before_the_first_photo_and_folded_after_it(client: TestClient) -> None:
    assert (
        '<details class="card panel more" id="checklist" open>' in client.get(f"{ADDRESS}/new").text
    )
    send(client, files={"vertex": photo()})
    page = client.get(f"{ADDRESS}/new").text
    assert '<details class="card panel more" id="checklist">' in page
    assert page.index('id="checklist"') < page.index('id="field-photo"')
