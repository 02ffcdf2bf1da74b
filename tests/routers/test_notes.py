"""Notes over HTTP: written, changed, moved, found, taken back, and nobody else's."""

import re
from datetime import date
from html import unescape
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import EntryVersion, Note, NoteKind, User
from tests.routers.pages import (
    BEFORE,
    LATER,
    SCRIPT,
    TODAY,
    YESTERDAY,
    as_entry,
    assert_can_be_repeated,
    assert_is_refused,
    read,
    search,
)
from tests.support.clock import NOW, Clock
from tests.support.databases import Rows

ADDRESS = f"/days/{TODAY}/notes"


def write(client: TestClient, text: str, on: str = TODAY, **fields: str) -> str:
    own_id = str(uuid4())
    data = {"text": text, "id": own_id, **fields}
    assert client.post(f"/days/{on}/notes", data=data).status_code == 303
    return own_id


def notes_in(page: str) -> list[str]:
    """What the notes on a page say."""
    words = re.findall(r'note-line__words">(.*?)</span>', page, re.DOTALL)
    return sorted(unescape(each) for each in words)


@pytest.fixture
def bobs_note(session: Session, bob: User) -> UUID:
    note = Note(
        id=uuid4(),
        user_id=bob.id,
        on=date(2026, 11, 20),
        iso_week=202647,
        kind=NoteKind.NOTE,
        text="Bob's own",
        logged_at=NOW,
    )
    session.add(note)
    session.commit()
    return note.id


def test_a_note_is_written_changed_moved_and_taken_back(
    client: TestClient, clock: Clock, rows: Rows
) -> None:
    own_id = write(client, f" {SCRIPT}\r\nsecond line\x00 ")
    assert rows(Note)[0].text == f"{SCRIPT}\nsecond line"
    assert read(client.get(f"/notes/{own_id}/edit")).fields["text"] == [f"{SCRIPT}\nsecond line"]

    clock.advance(minutes=1)
    changed = {"text": "shorter", "on": YESTERDAY, "kind": "note"}
    response = client.post(f"/notes/{own_id}", data=changed)
    assert response.headers["location"] == f"/days/{YESTERDAY}"
    assert [(note.text, note.on) for note in rows(Note)] == [("shorter", date(2026, 11, 22))]
    assert "shorter" not in client.get(f"/days/{TODAY}").text
    assert "shorter" in client.get(f"/days/{YESTERDAY}").text

    clock.advance(minutes=1)
    assert client.post(f"/notes/{own_id}/delete").status_code == 303
    assert rows(Note) == []
    assert client.get(f"/notes/{own_id}/edit").status_code == 404
    assert len(rows(EntryVersion)) == 3


def test_what_happened_is_one_of_the_list_or_an_own_one(client: TestClient, rows: Rows) -> None:
    write(client, "", kind="event", label="fever")
    write(client, "", kind="event", label="own", own_label=SCRIPT)

    assert sorted(note.label for note in rows(Note)) == sorted(["fever", SCRIPT])
    for address in ("/", "/notes", "/calendar/2026-11"):
        assert "<script>alert" not in client.get(address).text


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n ", "on": YESTERDAY}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": "kept", "on": BEFORE}, "on"),
        ({"text": "kept", "on": LATER}, "on"),
        ({"text": "kept", "on": "2026-02-30"}, "on"),
        ({"text": "kept", "on": "9999-12-31"}, "on"),
        ({"text": "kept", "kind": "event"}, "label"),
        ({"text": "kept", "kind": "event", "own_label": "x" * 61, "label": "own"}, "own_label"),
        ({"text": "kept", "kind": "poem"}, "kind"),
    ],
)
def test_a_note_that_cannot_be_is_named_and_stays_typed(
    client: TestClient, rows: Rows, fields: dict[str, str], name: str
) -> None:
    response = client.post(ADDRESS, data={**fields})
    page = read(response)

    assert response.status_code == 422
    assert f'href="#field-{name}"' in response.text
    assert page.fields["text"] == [fields["text"]]
    if "on" in fields:
        assert page.fields["on"] == [fields["on"]]
    assert rows(Note) == []
    told = client.post(ADDRESS, data={**fields}, headers=as_entry(uuid4()))
    assert (told.status_code, told.headers["content-type"][:10]) == (422, "text/plain")


def test_a_changed_note_that_cannot_be_stays_as_it_was(client: TestClient, rows: Rows) -> None:
    own_id = write(client, "first")
    typed: dict[str, str | list[str]] = {"text": "x" * 10_001, "on": YESTERDAY}
    assert_is_refused(client, f"/notes/{own_id}", typed, "text")

    assert rows(Note)[0].text == "first"


def test_the_same_entry_twice_is_one_note(client: TestClient, rows: Rows) -> None:
    entry = uuid4()
    for _attempt in range(3):
        told = client.post(ADDRESS, data={"text": "once"}, headers=as_entry(entry))
        assert told.status_code == 204
    assert len(rows(Note)) == 1

    own_id = str(uuid4())
    assert_can_be_repeated(client, ADDRESS, {"text": "twice", "id": own_id})
    assert len(rows(Note)) == 2
    data = {"changed_at": NOW.isoformat()}
    assert client.post(f"/notes/{own_id}/delete", data=data, headers=as_entry(entry)).is_success


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("walk", ["A long Walk"]),
        ("WALK", ["A long Walk"]),
        ("100%", ["100% better"]),
        ("%", ["100% better"]),
        ("e_c", ["snake_case"]),
        ('"quoted"', ['said "quoted" words']),
        ("it's", ["it's here"]),
        ("\\", ["back\\slash"]),
        ("ärger", ["Ärger im Büro"]),
        ("\N{PILE OF POO}", ["emoji \N{PILE OF POO}"]),
        ("fever", ["event"]),
        ("blood test", ["tested"]),
        ("'; DROP TABLE note; --", []),
        ("walk\x00", ["A long Walk"]),
        ("  long   walk ", ["A long Walk"]),
    ],
)
def test_notes_are_found_by_what_they_say(client: TestClient, query: str, found: list[str]) -> None:
    for text in (
        *("A long Walk", "100% better", "snake_case", 'said "quoted" words', "it's here"),
        *("back\\slash", "Ärger im Büro", "emoji \N{PILE OF POO}"),
    ):
        write(client, text)
    write(client, "event", kind="event", label="fever")
    write(client, "tested", kind="event", label="blood_test")

    response = search(client, "/notes/search", q=query)

    assert response.status_code == 200
    assert notes_in(response.text) == found


def test_the_search_gives_back_what_was_searched_as_text(client: TestClient) -> None:
    page = search(client, "/notes/search", q=SCRIPT)

    assert "<script>alert" not in page.text
    assert read(page).fields["q"] == [SCRIPT]


def test_a_search_of_too_many_words_is_refused_with_them(client: TestClient) -> None:
    page = search(client, "/notes/search", q="w" * 201)

    assert page.status_code == 422
    assert "At most 200 characters." in page.text
    assert read(page).fields["q"] == ["w" * 201]


def test_what_is_searched_for_is_in_no_address(client: TestClient) -> None:
    page = search(client, "/notes/search", q="xylophone").text

    assert not re.search(r'(?:href|action)="[^"]*xylophone', page)
    # Two looks differ in the time at which they were taken, and in nothing else.
    asked, plain = (
        re.sub(r'data-read-at="\d+"', "", client.get(address).text)
        for address in ("/notes?q=xylophone", "/notes")
    )
    assert asked == plain


def test_notes_come_fifty_to_a_page_newest_first(
    client: TestClient, session: Session, alice: User
) -> None:
    for number in range(51):
        session.add(
            Note(
                id=uuid4(),
                user_id=alice.id,
                on=date(2026, 9, 1),
                iso_week=202636,
                kind=NoteKind.NOTE,
                text=f"Note {number:02}",
                logged_at=NOW.replace(minute=number % 50, second=number // 50),
            )
        )
    session.commit()

    first, second = client.get("/notes"), client.get("/notes?page=2")
    found, more = (search(client, "/notes/search", q="note", page=n) for n in "12")
    for earlier, later in ((first, second), (found, more)):
        assert earlier.text.count("note-line__words") == 50
        assert later.text.count("note-line__words") == 1
        assert "page=2" in read(earlier).buttons
        assert "page=1" in read(later).buttons
    assert read(found).fields["q"] == ["note", "note"]
    assert client.get("/notes?page=3").status_code == 200
    assert search(client, "/notes/search", page="0").status_code == 422
    for page in ("0", "-1", "100001", "99999999999999999999", "x"):
        assert client.get(f"/notes?page={page}").status_code == 404


def test_another_persons_note_does_not_exist(
    client: TestClient, rows: Rows, bobs_note: UUID
) -> None:
    data = {"text": "Mine now", "on": TODAY}
    assert client.get(f"/notes/{bobs_note}/edit").status_code == 404
    assert client.post(f"/notes/{bobs_note}", data=data).status_code == 404
    assert client.post(f"/notes/{bobs_note}/delete").status_code == 404
    # Nor can its id be claimed for another person's note.
    assert client.post(ADDRESS, data={**data, "id": str(bobs_note)}).status_code == 404
    assert [(note.text, note.on) for note in rows(Note)] == [("Bob's own", date(2026, 11, 20))]
    assert rows(EntryVersion) == []
    assert "Bob" not in client.get("/notes").text
    assert "Bob" not in search(client, "/notes/search", q="own").text


@pytest.mark.parametrize(
    ("written", "query"),
    [
        ("Walked down the Hauptstraße", "strasse"),
        ("Walked down the hauptstrasse", "STRAßE"),
        ("A café au lait", "cafe"),
        ("A cafe\u0301 au lait", "café"),
        ("Took Omega-3 late", "omega3"),
        ("took omega3 late", "Omega 3"),
        ("Vitamin D: 1,000 IU", "d 1"),
        ("100 % sure", "%"),
        ("I don\N{RIGHT SINGLE QUOTATION MARK}t know", "dont"),
        ("I dont know", "don't"),
        ("Took L\N{NON-BREAKING HYPHEN}threonate", "lthreonate"),
        ("Took lthreonate", "l-threonate"),
    ],
)
def test_notes_are_found_however_they_are_written(
    client: TestClient, written: str, query: str
) -> None:
    client.post(f"/days/{TODAY}/notes", data={"text": written})
    client.post(f"/days/{TODAY}/notes", data={"text": "Something else"})
    page = search(client, "/notes/search", q=query).text

    assert written in page
    assert "Something else" not in page


def test_notes_stand_under_their_months_with_short_dates(client: TestClient) -> None:
    write(client, "A walk", on="2026-11-18")
    write(client, "A swim", on="2026-10-07")
    write(client, "A dream", on="2026-10-01")
    page = client.get("/notes").text

    heads = re.findall(r'id="month-([\d-]+)">([^<]+)</h2>', page)
    assert heads == [("2026-11", "November 2026"), ("2026-10", "October 2026")]
    days = re.findall(r'<time class="note-line__day" datetime="[\d-]+">([^<]+)</time>', page)
    assert days == ["Wed 18", "Wed 7", "Thu 1"]


def test_the_button_that_writes_is_above_the_notes(client: TestClient) -> None:
    write(client, "A walk")
    page = client.get("/notes").text
    assert page.index(f'href="/days/{TODAY}/notes/new"') < page.index("A walk")
    assert page.index("Search notes") < page.index("A walk")


def test_a_month_leads_to_the_page_on_which_its_notes_begin(client: TestClient) -> None:
    for number in range(51):
        write(client, f"note {number}", on="2026-11-18")
    write(client, "A swim", on="2026-10-07")
    links = re.findall(
        r'class="notes__month" href="([^"]+)"><span>([^<]+)</span><span>(\d+)',
        client.get("/notes").text,
    )
    assert links == [
        ("/notes?page=1#2026-11", "November 2026", "51"),
        ("/notes?page=2#2026-10", "October 2026", "1"),
    ]
    assert 'id="2026-10"' in client.get("/notes?page=2").text
