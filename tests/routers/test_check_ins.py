"""The check-in over HTTP: each answer by itself, none and not asked apart, private until asked."""

import re
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import CheckIn, EntryVersion, RegimenItem, SymptomReport, TrackedSymptom, User
from app.services.items import ItemInput, add_item
from tests.routers.pages import (
    BEFORE,
    JUST_ONE_SENTENCE,
    LATER,
    SCRIPT,
    TODAY,
    TOMORROW,
    as_entry,
    assert_can_be_repeated,
    read,
)
from tests.support.clock import NOW, Clock
from tests.support.databases import Rows
from tests.support.regimens import TWICE_A_DAY, decided

ADDRESS = f"/days/{TODAY}/check-in"
HELP = "get help now"


def answer(client: TestClient, on: str = TODAY, **fields: str) -> int:
    data = {name.replace("__", "-"): value for name, value in fields.items()}
    return client.post(f"/days/{on}/check-in", data=data).status_code


def test_no_symptom_is_an_answer_and_not_asked_is_none(client: TestClient, rows: Rows) -> None:
    assert answer(client, symptom__headache="0", symptom__gi_upset="") == 303

    assert [(each.symptom, each.severity) for each in rows(SymptomReport)] == [("headache", 0)]
    fields = read(client.get("/")).fields
    assert fields.get("symptom-headache") == ["0"]
    assert "symptom-gi_upset" not in fields


def test_only_what_is_sent_changes(client: TestClient, clock: Clock, rows: Rows) -> None:
    answer(client, mood="4", energy="2", note="a good day", symptom__headache="2")
    clock.advance(minutes=1)
    answer(client, energy="3")

    (check_in,) = rows(CheckIn)
    assert (check_in.mood, check_in.energy, check_in.note) == (4, 3, "a good day")
    assert rows(SymptomReport)[0].severity == 2


def test_an_empty_answer_takes_it_back_and_the_last_one_takes_the_row(
    client: TestClient, clock: Clock, rows: Rows
) -> None:
    answer(client, mood="4", note="x", symptom__headache="2")
    clock.advance(minutes=1)
    answer(client, mood="", symptom__headache="")
    assert (rows(CheckIn)[0].mood, rows(CheckIn)[0].note) == (None, "x")
    assert rows(SymptomReport) == []

    clock.advance(minutes=1)
    answer(client, note="")
    assert rows(CheckIn) == []


def test_interference_suspect_and_note_belong_to_the_symptom(
    client: TestClient, clock: Clock, rows: Rows, minoxidil: RegimenItem
) -> None:
    details = {"interference__headache": "3", "suspect__headache": str(minoxidil.id)}
    answer(client, symptom__headache="2", note__headache=f"{SCRIPT}\x00", **details)
    clock.advance(minutes=1)
    answer(client, symptom__headache="3")

    (report,) = rows(SymptomReport)
    assert (report.severity, report.interference) == (3, 3)
    assert (report.regimen_item_id, report.note) == (minoxidil.id, SCRIPT)
    page = client.get(ADDRESS)
    assert "<script>alert" not in page.text
    assert read(page).fields["note-headache"] == [SCRIPT]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"mood": "0"}, "mood"),
        ({"mood": "6"}, "mood"),
        ({"mood": "3.5"}, "mood"),
        ({"mood": "\N{ARABIC-INDIC DIGIT THREE}"}, "mood"),
        ({"sleep": "11"}, "sleep"),
        ({"sleep": "9" * 5000}, "sleep"),
        ({"symptom-headache": "5"}, "symptom-headache"),
        ({"symptom-headache": "-1"}, "symptom-headache"),
        ({"symptom-headache": "bad"}, "symptom-headache"),
        ({"symptom-headache": "1", "interference-headache": "5"}, "interference-headache"),
        ({"symptom-headache": "1", "suspect-headache": "zinc"}, "suspect-headache"),
        ({"symptom-headache": "1", "note-headache": "x" * 2001}, "note-headache"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_an_answer_off_the_scale_is_named_in_one_sentence_and_nothing_is_kept(
    client: TestClient, rows: Rows, fields: dict[str, str], name: str
) -> None:
    data = {"energy": "3", "note": "typed before", **fields}
    page = client.post(ADDRESS, data=data)
    told = client.post(ADDRESS, data=data, headers=as_entry(uuid4()))

    assert page.status_code == told.status_code == 422
    assert f'href="#field-{name}"' in page.text
    assert read(page).fields["note"] == [data["note"]]
    assert re.match(JUST_ONE_SENTENCE, told.text)
    assert [*rows(CheckIn), *rows(SymptomReport), *rows(EntryVersion)] == []


@pytest.mark.parametrize("on", [BEFORE, LATER])
def test_a_day_outside_the_log_takes_no_answer(client: TestClient, rows: Rows, on: str) -> None:
    assert answer(client, on, mood="3") == 422
    assert rows(CheckIn) == []


def test_tomorrow_can_be_answered_for_who_is_ahead(client: TestClient, rows: Rows) -> None:
    assert answer(client, TOMORROW, mood="3") == 303
    assert rows(CheckIn)[0].on == date(2026, 11, 24)


def test_the_same_entry_twice_changes_nothing(client: TestClient, rows: Rows) -> None:
    data = {"mood": "3", "symptom-headache": "1", "changed_at": NOW.isoformat()}
    entry = uuid4()
    for _attempt in range(3):
        assert client.post(ADDRESS, data=data, headers=as_entry(entry)).status_code == 204
    assert len(rows(EntryVersion)) == 2

    assert_can_be_repeated(client, ADDRESS, data)
    assert len(rows(CheckIn)) == len(rows(SymptomReport)) == 1


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_devices_the_later_answer_counts_field_by_field(
    client: TestClient, rows: Rows, order: tuple[int, int]
) -> None:
    told = [
        {"mood": "2", "energy": "1", "changed_at": "2026-11-23T10:00:00Z"},
        {"mood": "5", "changed_at": "2026-11-23T11:00:00Z"},
    ]
    for number in order:
        client.post(ADDRESS, data=told[number], headers=as_entry(uuid4()))

    assert (rows(CheckIn)[0].mood, rows(CheckIn)[0].energy) == (5, 1)


def test_what_is_private_is_not_shown_until_it_is_switched_on(
    client: TestClient, rows: Rows
) -> None:
    assert "symptom-less_interest_in_sex" not in client.get("/").text
    assert "symptom-less_interest_in_sex" not in client.get(ADDRESS).text

    client.post("/settings/check-in", data={"asked": ["mood", "less_interest_in_sex"]})
    assert "symptom-less_interest_in_sex" in client.get("/").text
    assert "symptom-headache" not in client.get("/").text


def test_own_symptoms_are_asked_answered_and_kept_by_name(client: TestClient, rows: Rows) -> None:
    own = ["Tight scalp", "Jucken \N{LATIN SMALL LETTER SHARP S}", "", "\N{PILE OF POO}"]
    response = client.post("/settings/check-in", data={"asked": ["mood"], "own": own})
    assert response.status_code == 303

    slugs = {each.name: each.slug for each in rows(TrackedSymptom) if each.name}
    assert set(slugs) == {each for each in own if each}
    assert answer(client, **{f"symptom__{slugs['Tight scalp']}": "2"}) == 303
    assert rows(SymptomReport)[0].symptom == slugs["Tight scalp"]
    client.post("/settings/check-in", data={"asked": ["mood"], "own": []})
    assert "Tight scalp" in client.get("/").text


def test_two_names_of_signs_alone_are_two_symptoms(client: TestClient, rows: Rows) -> None:
    own = ["\N{PILE OF POO}", "\N{THUMBS UP SIGN}"]
    client.post("/settings/check-in", data={"asked": ["mood"], "own": own})

    assert {each.name for each in rows(TrackedSymptom) if each.name} == set(own)


def test_html_in_an_own_symptom_is_text(client: TestClient) -> None:
    client.post("/settings/check-in", data={"asked": ["mood"], "own": [SCRIPT]})

    for address in ("/", ADDRESS, "/settings/check-in"):
        assert "<script>alert" not in client.get(address).text


def test_more_symptoms_than_can_be_asked_are_refused(client: TestClient, rows: Rows) -> None:
    own = [f"Symptom {number}" for number in range(41)]
    response = client.post("/settings/check-in", data={"asked": ["mood"], "own": own})
    assert (response.status_code, rows(TrackedSymptom)) == (422, [])

    response = client.post("/settings/check-in", data={"own": ["x"] * 101})
    assert (response.status_code, rows(TrackedSymptom)) == (422, [])


@pytest.mark.parametrize(
    ("catalogue_id", "mood", "is_said"),
    [
        ("finasteride-oral", "2", True),
        ("finasteride-oral", "3", False),
        ("biotin", "2", False),
        ("biotin", "1", True),
    ],
)
def test_a_low_mood_on_finasteride_shows_where_to_find_help(
    client: TestClient,
    session: Session,
    alice: User,
    catalogue_id: str,
    mood: str,
    *,
    is_said: bool,
) -> None:
    alice.preferences.emergency_line = f"Call 112 {SCRIPT}"
    session.add(alice)
    item = ItemInput(
        name="One", catalogue_id=catalogue_id, starts_on=date(2026, 9, 1), dosage=TWICE_A_DAY
    )
    add_item(session, alice, item, decided(alice))
    session.commit()
    answer(client, mood=mood)

    for address in ("/", ADDRESS):
        page = client.get(address)
        assert (HELP in page.text) is is_said
        assert ("Call 112" in page.text.split("When to see a doctor")[0]) is is_said
        assert "<script>alert" not in page.text


def test_another_persons_item_cannot_be_suspected(
    client: TestClient, rows: Rows, bobs_item: RegimenItem
) -> None:
    for suspect in (bobs_item.id, UUID(int=0)):
        fields = {"symptom-headache": "2", "suspect-headache": str(suspect)}
        assert client.post(ADDRESS, data=fields).status_code == 404
    assert rows(SymptomReport) == []


def test_nobody_sees_the_answers_of_another(
    client: TestClient, bobs_client: TestClient, rows: Rows
) -> None:
    answer(client, mood="2", note="between us")
    answer(bobs_client, mood="5")

    assert "between us" not in bobs_client.get(ADDRESS).text
    assert sorted(each.mood or 0 for each in rows(CheckIn)) == [2, 5]


def test_the_outbox_hears_401_and_a_person_is_led_to_the_sign_in(anonymous: TestClient) -> None:
    entry = as_entry(uuid4())
    assert anonymous.post(ADDRESS, data={"mood": "3"}, headers=entry).status_code == 401
    assert anonymous.get(ADDRESS).headers["location"].startswith("/sign-in?next=")


def test_what_is_asked_comes_first_and_everything_else_is_folded(client: TestClient) -> None:
    client.post("/settings/check-in", data={"asked": ["sleep", "symptom", "headache"]})
    answer(client, symptom__nausea="1")

    page = client.get(ADDRESS).text
    first, folded = page.split('id="more-questions"')

    for name in ("symptom-headache", "symptom-nausea", "sleep", "note"):
        assert f'name="{name}"' in first, name
        assert f'name="{name}"' not in folded, name
    for name in ("symptom-dizziness", "mood", "focus"):
        assert f'name="{name}"' not in first, name
        assert f'name="{name}"' in folded, name
    assert "less_interest_in_sex" not in page


def test_the_check_in_says_saved_and_note_and_needs_no_button_where_scripts_run(
    client: TestClient,
) -> None:
    for address in ("/", ADDRESS):
        page = client.get(address).text
        assert re.search(r'<output class="saved" data-saved="Saved"></output>', page)
    assert "Remark" not in page
    assert "not said" not in page.lower()
    (buttons,) = re.findall(r'<div class="(.*?)"><button[^>]*>Save</button>', page)
    assert "without-script" in buttons


def test_the_stomach_is_named_in_plain_words_and_keeps_its_slug(client: TestClient) -> None:
    answer(client, symptom__gi_upset="1")

    for address in ("/", ADDRESS, "/settings/check-in", "/trends"):
        page = client.get(address).text
        assert "Stomach upset" in page, address
        assert "GI upset" not in page, address
    assert ",gi_upset,1," in client.get("/export/symptoms.csv").text


@pytest.mark.parametrize("ahead", [timedelta(days=20), timedelta(days=1), timedelta(hours=3)])
def test_a_server_clock_that_was_ahead_does_not_silence_what_is_said_afterwards(
    client: TestClient, clock: Clock, rows: Rows, ahead: timedelta
) -> None:
    clock.set(NOW + ahead)
    assert answer(client, mood="1") == 303
    clock.set(NOW + timedelta(minutes=1))
    assert answer(client, mood="5") == 303

    assert [row.mood for row in rows(CheckIn)] == [5]
