"""Undo after deleting: whatever a person typed and deleted comes back, by a form of the page."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, SQLModel

from app.models import (
    ApartRule,
    DoseEvent,
    EntryVersion,
    Measurement,
    Medicine,
    Note,
    NoteKind,
    Pause,
    ProgressPhoto,
    RegimenItem,
    SheddingCount,
    User,
)
from app.photos.store import PhotoStore
from app.services.deletions import erase_deleted_photos
from app.services.history import purge
from tests.routers.pages import TODAY, YESTERDAY, log, read
from tests.support.clients import SignInAs
from tests.support.clock import NOW, Clock
from tests.support.databases import Rows
from tests.support.pictures import add_photo

Add = Callable[[TestClient, RegimenItem], str]


def add_note(client: TestClient, _item: RegimenItem) -> str:
    own_id = str(uuid4())
    client.post(f"/days/{YESTERDAY}/notes", data={"text": "shed a lot", "id": own_id})
    return f"/notes/{own_id}"


def add_event(client: TestClient, _item: RegimenItem) -> str:
    own_id = str(uuid4())
    data = {"kind": "event", "label": "fever", "id": own_id}
    client.post(f"/days/{TODAY}/notes", data=data)
    return f"/notes/{own_id}"


def add_measurement(client: TestClient, _item: RegimenItem) -> str:
    own_id = str(uuid4())
    client.post(f"/days/{YESTERDAY}/measurements", data={"pulse": "64", "id": own_id})
    return f"/measurements/{own_id}"


def add_count(client: TestClient, _item: RegimenItem) -> str:
    client.post(
        f"/days/{TODAY}/shedding/sixty_second",
        data={f"hairs-{TODAY}-1": "14", "comb": "the wide one"},
    )
    page = client.get(f"/days/{TODAY}/shedding/sixty_second").text
    return str(re.findall(r'action="(/shedding/[^"]+)/delete"', page)[0])


def add_a_photo(client: TestClient, _item: RegimenItem) -> str:
    return f"/photos/{add_photo(client, note='after the wash')}"


def add_pause(client: TestClient, item: RegimenItem) -> str:
    own_id = str(uuid4())
    data = {"id": own_id, "starts_on": TODAY, "ends_on": "2026-11-29", "note": "a rash"}
    client.post(f"/regimen/{item.id}/pauses", data=data)
    return f"/pauses/{own_id}"


def add_medicine(client: TestClient, _item: RegimenItem) -> str:
    own_id = str(uuid4())
    data = {"id": own_id, "name": "Levothyroxine", "times": ["07:00", "19:00"]}
    client.post("/regimen/medicines", data=data)
    return f"/regimen/medicines/{own_id}"


def add_rule(client: TestClient, item: RegimenItem) -> str:
    medicine_id = add_medicine(client, item).rpartition("/")[2]
    own_id = str(uuid4())
    data = {"id": own_id, "first": str(item.id), "second": medicine_id, "hours": "4"}
    client.post("/regimen/hours-apart", data=data)
    return f"/regimen/hours-apart/{own_id}"


NOUNS: dict[str, tuple[Add, type[SQLModel], str]] = {
    "a note": (add_note, Note, "Note deleted."),
    "a life event": (add_event, Note, "Life event deleted."),
    "a measurement": (add_measurement, Measurement, "Measurement deleted."),
    "a count": (add_count, SheddingCount, "Count deleted."),
    "a photo": (add_a_photo, ProgressPhoto, "Photo deleted."),
    "a pause": (add_pause, Pause, "Pause deleted."),
    "a medicine": (add_medicine, Medicine, "Medicine removed from the list."),
    "a rule": (add_rule, ApartRule, "Rule deleted."),
}


def delete(client: TestClient, address: str, clock: Clock) -> str:
    """Delete something a minute later; the address of the page that follows."""
    clock.advance(minutes=1)
    response = client.post(f"{address}/delete")
    assert response.status_code == 303
    return response.headers["location"]


def undo_of(page: str) -> str:
    return str(re.findall(r'action="([^"]*/deleted/[^"]+/undo)"', page)[0])


@pytest.mark.parametrize("noun", NOUNS)
def test_what_was_deleted_comes_back_as_it_was(
    client: TestClient, clock: Clock, rows: Rows, minoxidil: RegimenItem, noun: str
) -> None:
    add, table, sentence = NOUNS[noun]
    address = add(client, minoxidil)
    (before,) = rows(table)
    page = delete(client, address, clock)
    assert rows(table) == []
    for _reload in range(2):
        assert sentence in client.get(page).text
    clock.advance(hours=23)

    undo = undo_of(client.get(page).text)
    for _replay in range(2):
        undone = client.post(undo)
        assert undone.status_code == 303
        assert rows(table) == [before]

    assert client.get(undone.headers["location"]).status_code == 200
    assert sentence not in client.get(undone.headers["location"]).text
    assert sentence not in client.get(page).text


def test_a_deleted_item_is_undone_by_the_same_button(
    client: TestClient, clock: Clock, rows: Rows, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil)
    clock.advance(minutes=1)
    deleted = client.post(f"/regimen/{minoxidil.id}/delete", data={"confirm": "yes"})
    page = client.get(deleted.headers["location"]).text
    assert "Minoxidil deleted." in page

    for _replay in range(2):
        undone = client.post(undo_of(page))
        assert undone.headers["location"] == f"/regimen/{minoxidil.id}"
        assert len(rows(DoseEvent)) == 1


@pytest.mark.parametrize("noun", NOUNS)
def test_after_a_day_it_is_too_late_and_one_sentence_says_so(
    client: TestClient, clock: Clock, rows: Rows, minoxidil: RegimenItem, noun: str
) -> None:
    add, table, sentence = NOUNS[noun]
    page = delete(client, add(client, minoxidil), clock)
    undo = undo_of(client.get(page).text)
    clock.advance(hours=25)

    assert sentence not in client.get(page).text
    refused = client.post(undo)
    assert (refused.status_code, rows(table)) == (422, [])
    assert "This can no longer be undone." in refused.text


def test_nobody_elses_deletion_can_be_undone_or_seen(
    client: TestClient,
    bobs_client: TestClient,
    clock: Clock,
    rows: Rows,
    minoxidil: RegimenItem,
) -> None:
    page = delete(client, add_note(client, minoxidil), clock)
    undo = undo_of(client.get(page).text)

    assert "Note deleted." not in bobs_client.get(page).text
    assert bobs_client.post(undo).status_code == 404
    assert client.post(f"/deleted/{uuid4()}/undo").status_code == 404
    assert rows(Note) == []
    assert client.get("/notes?deleted=nonsense").status_code == 200


def test_a_page_that_is_not_there_says_so_whatever_was_deleted_before(
    client: TestClient, clock: Clock, minoxidil: RegimenItem
) -> None:
    deleted = delete(client, add_note(client, minoxidil), clock).partition("?")[2]

    for address in (f"/notes/{uuid4()}/edit", f"/regimen/{uuid4()}", "/nowhere", "/days/none/log"):
        missing = client.get(f"{address}?{deleted}")
        assert missing.status_code == 404
        assert "Note deleted." not in missing.text
    assert client.post(f"/notes/{uuid4()}?{deleted}", data={"text": "mild"}).status_code == 404


def test_an_entry_that_deleted_nothing_cannot_be_undone(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    add_note(client, minoxidil)
    entries = {version.entry_id for version in rows(EntryVersion)}

    for entry_id in entries:
        assert client.post(f"/deleted/{entry_id}/undo").status_code == 404


def test_a_row_that_no_history_knows_comes_back_too(
    client: TestClient, session: Session, clock: Clock, rows: Rows, alice: User
) -> None:
    note = Note(
        id=uuid4(),
        user_id=alice.id,
        on=NOW.date(),
        iso_week=202648,
        kind=NoteKind.NOTE,
        text="from an import",
        logged_at=NOW,
    )
    session.add(note)
    session.commit()
    page = delete(client, f"/notes/{note.id}", clock)
    client.post(undo_of(client.get(page).text))

    assert [each.text for each in rows(Note)] == ["from an import"]


def test_what_was_written_long_ago_comes_back_after_a_restart(
    client: TestClient, session: Session, clock: Clock, rows: Rows, minoxidil: RegimenItem
) -> None:
    address = add_note(client, minoxidil)
    for _month in range(5):
        clock.advance(days=25)
        client.get("/")
    page = delete(client, address, clock)
    purge(session, clock.now)
    session.commit()
    client.post(undo_of(client.get(page).text))

    assert [each.text for each in rows(Note)] == ["shed a lot"]


def test_a_change_on_another_device_after_the_deletion_stays(
    client: TestClient, clock: Clock, rows: Rows, minoxidil: RegimenItem
) -> None:
    address = add_note(client, minoxidil)
    own_id = address.rpartition("/")[2]
    page = delete(client, address, clock)
    undo = undo_of(client.get(page).text)
    clock.advance(minutes=1)
    client.post(f"/days/{TODAY}/notes", data={"text": "written again", "id": own_id})

    assert "Note deleted." not in client.get(page).text
    assert client.post(undo).status_code == 303
    assert [each.text for each in rows(Note)] == ["written again"]


def test_a_change_that_arrives_late_from_another_device_comes_back_with_it(
    client: TestClient, clock: Clock, rows: Rows, minoxidil: RegimenItem
) -> None:
    address = add_note(client, minoxidil)
    own_id = address.rpartition("/")[2]
    clock.advance(minutes=5)
    offline = clock.now.isoformat()
    page = delete(client, address, clock)
    clock.advance(minutes=1)
    change = {"text": "written offline", "id": own_id, "changed_at": offline}
    client.post(f"/days/{TODAY}/notes", data=change)
    assert rows(Note) == []
    client.post(undo_of(client.get(page).text))

    assert [each.text for each in rows(Note)] == ["written offline"]


def test_an_old_undo_does_not_bring_back_what_was_deleted_again(
    client: TestClient, clock: Clock, rows: Rows, minoxidil: RegimenItem
) -> None:
    address = add_note(client, minoxidil)
    undo = undo_of(client.get(delete(client, address, clock)).text)
    clock.advance(minutes=1)
    client.post(undo)
    delete(client, address, clock)

    assert client.post(undo).status_code == 422
    assert rows(Note) == []


def test_a_medicine_comes_back_with_its_rules(
    client: TestClient, clock: Clock, rows: Rows, minoxidil: RegimenItem
) -> None:
    add_rule(client, minoxidil)
    (medicine,), (rule,) = rows(Medicine), rows(ApartRule)
    page = delete(client, f"/regimen/medicines/{medicine.id}", clock)
    assert rows(ApartRule) == []
    client.post(undo_of(client.get(page).text))

    assert (rows(Medicine), rows(ApartRule)) == ([medicine], [rule])


def test_a_rule_whose_medicine_is_gone_stays_away(
    client: TestClient, clock: Clock, rows: Rows, minoxidil: RegimenItem
) -> None:
    page = delete(client, add_rule(client, minoxidil), clock)
    undo = undo_of(client.get(page).text)
    (medicine,) = rows(Medicine)
    delete(client, f"/regimen/medicines/{medicine.id}", clock)

    assert client.post(undo).status_code == 422
    assert rows(ApartRule) == []


def test_a_pause_whose_days_another_one_took_stays_away(
    client: TestClient, clock: Clock, rows: Rows, minoxidil: RegimenItem
) -> None:
    page = delete(client, add_pause(client, minoxidil), clock)
    undo = undo_of(client.get(page).text)
    clock.advance(minutes=1)
    add_pause(client, minoxidil)

    refused = client.post(undo)
    assert "Another pause already covers some of these days." in read(refused).text
    assert len(rows(Pause)) == 1


def photo_files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*.jpg")}


def test_the_files_of_a_photo_stay_while_it_can_come_back_and_go_afterwards(
    client: TestClient,
    session: Session,
    clock: Clock,
    minoxidil: RegimenItem,
    tmp_path: Path,
) -> None:
    store = PhotoStore(tmp_path / "data" / "photos")
    address = add_a_photo(client, minoxidil)
    saved = photo_files(store.folder)
    page = delete(client, address, clock)
    clock.advance(hours=23)
    erase_deleted_photos(session, store, clock.now)
    session.commit()
    assert photo_files(store.folder) == saved
    assert client.get(f"{address}/512.jpg").status_code == 404

    client.post(undo_of(client.get(page).text))
    assert client.get(f"{address}/512.jpg").status_code == 200
    delete(client, address, clock)
    clock.advance(hours=26)
    erase_deleted_photos(session, store, clock.now)
    assert photo_files(store.folder) == set()


def test_an_undo_on_another_device_is_seen_on_this_one(
    client: TestClient,
    sign_in_as: SignInAs,
    alice: User,
    clock: Clock,
    rows: Rows,
    minoxidil: RegimenItem,
) -> None:
    page = delete(client, add_count(client, minoxidil), clock)
    undo = undo_of(client.get(page).text)
    phone = sign_in_as(alice)

    assert phone.post(undo).status_code == 303
    assert "Count deleted." not in client.get(page).text
    assert client.post(undo).status_code == 303
    assert len(rows(SheddingCount)) == 1
