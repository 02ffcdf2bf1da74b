"""Settings over HTTP: the clock, the password, the sign-ins, and the way out."""

import re
from datetime import UTC, date, datetime, time
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select
from sqlmodel import Session, SQLModel

from app.db import reading
from app.models import (
    Delivery,
    EntryVersion,
    ImportBatch,
    ImportedMedicine,
    ImportedSlot,
    Note,
    Preferences,
    PushDevice,
    RefillCall,
    RegimenItem,
    Reminder,
    TrackedSymptom,
    User,
)
from tests.routers.pages import (
    JUST_ONE_SENTENCE,
    SCRIPT,
    TODAY,
    YESTERDAY,
    as_entry,
    log,
    read,
)
from tests.support.clients import SignInAs
from tests.support.clock import NOW, Clock
from tests.support.databases import Rows
from tests.support.people import PASSWORD, make_user, save
from tests.support.pictures import add_photo

NEW_PASSWORD = "nine loud paper lanterns"
PREFERENCES: dict[str, str | list[str]] = {
    "time_zone": "Asia/Tokyo",
    "day_starts_time": "04:00",
    "first_weekday": "7",
    "theme": "dark",
    "vitamin_unit": "IU",
    "emergency_line": "x" * 200,
    "single_keys": "off",
    "is_discreet": "on",
    "is_large": "on",
}


def test_preferences_are_kept_and_what_was_logged_does_not_move(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil)
    version = rows(User)[0].regimen_version
    response = client.post("/settings/preferences", data=PREFERENCES)

    assert response.headers["location"] == "/settings?saved=1"
    user, chosen = rows(User)[0], rows(Preferences)[0]
    assert (user.time_zone, chosen.first_weekday) == ("Asia/Tokyo", 7)
    assert (user.day_starts_time, chosen.theme.value) == (time(4), "dark")
    assert chosen.emergency_line == "x" * 200
    assert not chosen.single_keys
    assert chosen.is_discreet
    assert chosen.is_large
    assert user.regimen_version > version
    page = client.get("/").text
    assert 'data-theme="dark"' in page
    assert 'data-today="2026-11-24"' in page
    assert "taken 21:41" in client.get(f"/days/{TODAY}").text


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"name": "Alicia"}, "name"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"time_zone": "/etc/localtime"}, "time_zone"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"day_starts_time": "08:01"}, "day_starts_time"),
        ({"day_starts_time": "04:30"}, "day_starts_time"),
        ({"day_starts_time": "noon"}, "day_starts_time"),
        ({"first_weekday": "0"}, "first_weekday"),
        ({"first_weekday": "8"}, "first_weekday"),
        ({"first_weekday": "9" * 40}, "first_weekday"),
        ({"theme": "pink"}, "theme"),
        ({"vitamin_unit": "mol"}, "vitamin_unit"),
        ({"single_keys": "perhaps"}, "single_keys"),
        ({"is_discreet": "perhaps"}, "is_discreet"),
        ({"is_large": "perhaps"}, "is_large"),
        ({"emergency_line": "x" * 201}, "emergency_line"),
    ],
)
def test_a_preference_that_cannot_be_is_named_and_the_others_stay_typed(
    client: TestClient, rows: Rows, bob: User, changes: dict[str, str], name: str
) -> None:
    response = client.post("/settings/preferences", data={**PREFERENCES, **changes})
    page = read(response)

    assert response.status_code == 422
    assert f'href="#field-{name}"' in response.text
    assert f'id="field-{name}"' in response.text
    assert "cannot be read" not in response.text
    assert {**PREFERENCES, **changes}["emergency_line"] in page.fields["emergency_line"]
    assert {user.name for user in rows(User)} == {"Alice", "Bob"}


def test_a_setting_is_saved_alone_and_the_others_stay_as_another_device_left_them(
    client: TestClient, rows: Rows
) -> None:
    client.post("/settings/preferences", data=PREFERENCES)
    entry = as_entry(uuid4())
    answer = client.post("/settings/preferences", data={"theme": "light"}, headers=entry)

    assert (answer.status_code, answer.headers["outbox-entry"]) == (204, entry["outbox-entry"])
    user, chosen = rows(User)[0], rows(Preferences)[0]
    assert (chosen.theme.value, user.time_zone) == ("light", "Asia/Tokyo")
    assert (chosen.is_large, chosen.emergency_line) == (True, "x" * 200)


def test_a_group_saved_without_script_changes_only_what_was_touched(
    client: TestClient, rows: Rows
) -> None:
    shown = read(client.get("/settings")).fields
    client.post("/settings/preferences", data={"theme": "dark", "currency": "CHF"})
    group = {name: shown[name][-1] for name in ("is_large", "currency", "was_is_large")}
    look = {**group, "theme": "system", "is_discreet": ["off", "on"]}
    was = {f"was_{name}": shown[f"was_{name}"][-1] for name in ("theme", "currency", "is_discreet")}
    assert client.post("/settings/preferences", data={**look, **was}).status_code == 303

    chosen = rows(Preferences)[0]
    assert (
        chosen.theme.value,
        chosen.currency,
        chosen.is_discreet,
    ) == ("dark", "CHF", True)


def test_each_setting_is_a_subject_of_its_own_in_the_history(
    client: TestClient, rows: Rows
) -> None:
    client.post("/settings/preferences", data={"theme": "dark", "day_starts_time": "05:00"})
    assert {each.subject for each in rows(EntryVersion)} == {
        "settings/theme",
        "settings/day-starts-time",
    }


@pytest.mark.parametrize("name", ["emergency_line", "currency"])
def test_an_optional_setting_can_be_emptied(client: TestClient, rows: Rows, name: str) -> None:
    client.post("/settings/preferences", data={name: "abc"})
    assert getattr(rows(Preferences)[0], name) == "abc"
    client.post("/settings/preferences", data={name: ""}, headers=as_entry(uuid4()))
    assert getattr(rows(Preferences)[0], name) == ""


def test_a_setting_that_is_refused_is_explained_in_one_sentence(client: TestClient) -> None:
    for name, value in {"theme": "pink", "currency": "x" * 9}.items():
        headers = as_entry(uuid4())
        answer = client.post("/settings/preferences", data={name: value}, headers=headers)
        assert answer.status_code == 422
        assert re.fullmatch(JUST_ONE_SENTENCE, answer.text)


def test_settings_are_grouped_rows_with_their_values(client: TestClient, alice: User) -> None:
    page = client.get("/settings").text
    groups = ["You", "Your day", "Look", "Your data"]
    places = [page.index(f">{group}</h2>") for group in groups]
    assert places == sorted(places)
    for address in ("password", "devices", "times-of-day", "check-in", "delete"):
        assert f'href="/settings/{address}"' in page
    assert "1 signed in" in page
    assert 'href="/phone"' in page


def test_html_in_the_emergency_line_is_text(client: TestClient) -> None:
    client.post("/settings/preferences", data={**PREFERENCES, "emergency_line": SCRIPT})

    for address in ("/settings", f"/days/{TODAY}/check-in"):
        assert "<script>alert" not in client.get(address).text


def test_the_clock_of_the_phone_is_taken_over(client: TestClient, rows: Rows) -> None:
    assert client.post("/settings/time-zone", data={"time_zone": "America/Lima"}).is_redirect
    assert rows(User)[0].time_zone == "America/Lima"
    wrong = {"time_zone": "America/../../etc/passwd"}
    assert client.post("/settings/time-zone", data=wrong).status_code == 422
    assert rows(User)[0].time_zone == "America/Lima"


def fill(client: TestClient, session: Session, user: User, item: RegimenItem) -> None:
    """At least one row in every table that belongs to a person."""
    log(client, item)
    client.post(f"/days/{TODAY}/check-in", data={"mood": "3", "symptom-headache": "1"})
    client.post(f"/days/{TODAY}/notes", data={"text": "a note"})
    client.post("/settings/check-in", data={"asked": ["mood"], "own": ["Tight scalp"]})
    client.post(f"/regimen/{item.id}/pauses", data={"starts_on": "2026-10-01"})
    pack = {"kind": "pack", "amount": "60", "unit": "mL"}
    client.post(f"/regimen/{item.id}/supply", data=pack)
    label = {"label_substance": "zinc", "label_mass": "1", "name": "Zinc"}
    client.post(f"/regimen/{item.id}", data=label)
    medicine_id = uuid4()
    medicine = {"id": str(medicine_id), "name": "Levothyroxine"}
    client.post("/regimen/medicines", data=medicine)
    sides = {"first": str(item.id), "second": str(medicine_id), "hours": "4"}
    client.post("/regimen/hours-apart", data=sides)
    add_photo(client)
    client.get("/export/notes.csv")
    client.post(f"/days/{TODAY}/hair-review", data={"part_width_mm": "6"})
    client.post(f"/days/{TODAY}/shedding/sixty_second", data={f"hairs-{TODAY}-1": "12"})
    client.post(f"/days/{TODAY}/measurements", data={"pulse": "64"})
    push = {"endpoint": "https://fcm.googleapis.com/x", "p256dh": "B" * 87, "auth": "A" * 22}
    client.post("/reminders/devices", data=push)
    device = session.exec(PushDevice.of_user(user.id)).one()
    session.add(Delivery(user_id=user.id, device_id=device.id, sent_at=NOW))
    session.add(RefillCall(regimen_item_id=item.id, user_id=user.id))
    session.add(Reminder(user_id=user.id, on=NOW.date(), part="morning"))
    batch = ImportBatch(user_id=user.id, source="csv", imported_at=NOW)
    session.add(batch)
    session.flush()
    session.add(
        ImportedSlot(
            id=batch.id,
            user_id=user.id,
            regimen_item_id=item.id,
            import_batch_id=batch.id,
            due_on=date(2026, 1, 1),
            due_time=time(8),
            amount=1,
            unit="mg",
            window_minutes=60,
        )
    )
    session.add(
        ImportedMedicine(
            user_id=user.id,
            source="health-auto-export",
            name_key="iron",
            regimen_item_id=item.id,
        )
    )
    session.commit()


def counts(engine: Engine, user: User) -> dict[str, int]:
    """How many rows of every table are this person's."""
    found = {}
    with reading(engine) as session:
        for table in SQLModel.metadata.sorted_tables:
            owner = table.c.get("user_id", table.c.id if table.name == "user_account" else None)
            if owner is not None:
                found[table.name] = len(
                    session.execute(select(owner).where(owner == user.id)).all()
                )
    return found


@pytest.mark.slow
def test_deleting_the_account_removes_every_row_of_it_and_none_of_anothers(
    client: TestClient,
    bobs_client: TestClient,
    session: Session,
    engine: Engine,
    alice: User,
    bob: User,
    minoxidil: RegimenItem,
    bobs_item: RegimenItem,
) -> None:
    fill(client, session, alice, minoxidil)
    fill(bobs_client, session, bob, bobs_item)
    before = counts(engine, bob)
    # An import row stands for itself; every other table of a person has one.
    assert {name for name, count in counts(engine, alice).items() if not count} <= {
        "imported_row",
        "imported_medicine",
    }

    response = client.post("/settings/delete", data={"password": PASSWORD})

    assert response.headers["location"] == "/sign-in"
    assert response.headers["clear-site-data"] == '"cache", "storage"'
    assert set(counts(engine, alice).values()) == {0}
    assert counts(engine, bob) == before
    assert client.get("/").status_code == 303
    assert bobs_client.get("/").status_code == 200


def test_settings_are_for_the_one_signed_in(anonymous: TestClient) -> None:
    for action in ("preferences", "password", "time-zone", "check-in", "delete"):
        assert anonymous.post(f"/settings/{action}", data=PREFERENCES).status_code == 401
        entry = as_entry(uuid4())
        assert anonymous.post(f"/settings/{action}", headers=entry).status_code == 401


def test_about_says_what_it_is_and_is_not(client: TestClient, anonymous: TestClient) -> None:
    assert "not a medical device" in client.get("/about").text.lower().replace("\n", " ")
    assert anonymous.get("/about").status_code == 303


def test_a_flight_west_on_the_first_day_still_lets_one_log(
    sign_in_as: SignInAs, session: Session, rows: Rows, clock: Clock
) -> None:
    clock.set(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))
    newcomer = make_user("Noa", time_zone="Asia/Tokyo")
    newcomer.began_on = date(2026, 11, 24)
    save(session, newcomer)
    client = sign_in_as(newcomer)

    client.post("/settings/time-zone", data={"time_zone": "Europe/Berlin"})
    answer = client.post("/days/2026-11-23/notes", data={"kind": "note", "text": "Landed."})

    assert answer.status_code == 303
    assert [note.text for note in rows(Note)] == ["Landed."]


def test_who_is_discreet_has_titles_that_name_nothing(
    client: TestClient, minoxidil: RegimenItem
) -> None:
    item = f"/regimen/{minoxidil.id}"
    assert "<title>Minoxidil · Strand</title>" in client.get(item).text
    client.post("/settings/preferences", data=PREFERENCES)

    for path in ("/", item, "/photos", "/trends/year", "/settings"):
        assert "<title>Strand</title>" in client.get(path).text


def test_a_neutral_name_is_all_that_a_title_says(
    client: TestClient, minoxidil: RegimenItem
) -> None:
    item = f"/regimen/{minoxidil.id}"
    assert "Neutral name" not in client.get(f"{item}/edit").text
    client.post("/settings/preferences", data={**PREFERENCES, "is_large": "off"})
    assert "Neutral name" in client.get(f"{item}/edit").text
    client.post(item, data={"name": "Minoxidil", "neutral_name": "The evening one"})

    for path in (item, f"/days/{TODAY}/doses/{minoxidil.id}/08:00"):
        assert "<title>The evening one · Strand</title>" in client.get(path).text
    today = client.get(f"/days/{TODAY}").text
    assert 'data-label="The evening one"' in today
    assert 'data-label="Minoxidil' not in today


def test_a_neutral_name_outlasts_an_edit_in_which_it_is_not_asked(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    item = f"/regimen/{minoxidil.id}"
    client.post(item, data={"name": "Minoxidil", "neutral_name": "The evening one"})
    typed = read(client.get(f"{item}/edit")).fields
    client.post(item, data={**typed, "name": "Minoxidil 5 %"})

    (row,) = rows(RegimenItem)
    assert (row.name, row.neutral_name) == ("Minoxidil 5 %", "The evening one")


def test_times_of_day_have_the_names_and_the_order_of_the_person(
    client: TestClient, minoxidil: RegimenItem
) -> None:
    page = read(client.get("/settings/times-of-day"))
    assert page.fields["slug"] == ["morning", "midday", "evening", "night", "any"]
    names = ["Before work", "", "Last thing", "", ""]
    form = {"slug": page.fields["slug"], "name": names}
    assert client.post("/settings/times-of-day", data=form).status_code == 303
    today = client.get("/").text
    assert today.index("Before work") < today.index("Last thing")
    assert ">Morning" not in today

    moved = client.post("/settings/times-of-day", data={**form, "move": "evening up"})
    assert moved.headers["location"] == "/settings/times-of-day"
    again = read(client.get("/settings/times-of-day")).fields
    assert again["slug"] == ["morning", "evening", "midday", "night", "any"]
    assert again["name"] == ["Before work", "Last thing", "", "", ""]
    form = {"slug": again["slug"], "name": again["name"]}
    client.post("/settings/times-of-day", data={**form, "move": "evening up"})
    today = client.get("/").text
    assert today.index("Last thing") < today.index("Before work")


@pytest.mark.parametrize(
    "form",
    [
        {"slug": ["moon", "morning"], "name": ["x", "Early"]},
        {"slug": ["morning", "morning"], "name": ["x", "Early"]},
        {"slug": ["morning"], "name": ["Early"], "move": "moon up"},
        {"slug": ["morning"], "name": ["Early", "more", "names"]},
    ],
)
def test_times_of_day_that_are_none_are_left_out(
    client: TestClient, minoxidil: RegimenItem, form: dict[str, list[str]]
) -> None:
    assert client.post("/settings/times-of-day", data=form).status_code == 303
    page = read(client.get("/settings/times-of-day"))
    assert sorted(page.fields["slug"]) == ["any", "evening", "midday", "morning", "night"]
    assert "Early" in client.get("/").text


def test_a_name_too_long_for_a_time_of_day_is_refused(client: TestClient, rows: Rows) -> None:
    form = {"slug": ["evening", "morning"], "name": ["Last thing", "x" * 31]}
    answer = client.post("/settings/times-of-day", data=form)
    assert answer.status_code == 422
    assert read(answer).fields["slug"][:2] == ["evening", "morning"]
    assert read(answer).fields["name"][:2] == ["Last thing", "x" * 31]
    assert 'href="#field-name"' in answer.text
    assert 'id="field-name"' in answer.text
    assert "At most 30 characters." in answer.text
    assert rows(Preferences)[0].day_parts is None


def test_own_symptoms_with_the_same_letters_are_several(client: TestClient, rows: Rows) -> None:
    long = "A tight feeling above the left ear that comes and goes in the "
    names = ["+1", "=1", f"{long[:49]} morning", f"{long[:49]} evening", "Tight scalp"]
    for name in (*names, "tight SCALP", "+1"):
        client.post("/settings/check-in", data={"own": [name]})

    assert [each.name for each in rows(TrackedSymptom) if each.name] == names
    assert len({each.slug for each in rows(TrackedSymptom)}) == len(rows(TrackedSymptom))


def test_large_and_simple_is_today_without_the_rest(
    client: TestClient, minoxidil: RegimenItem
) -> None:
    assert "How was today?" in client.get("/").text
    client.post("/settings/preferences", data={**PREFERENCES, "time_zone": "Europe/Berlin"})
    page = client.get("/").text
    assert "pages/large" in page
    assert "How was today?" not in page
    assert 'class="nav"' not in page
    assert 'class="nav"' in client.get("/settings").text
    # The title of another day is the day: what is left to take is of today.
    yesterday = client.get(f"/days/{YESTERDAY}").text
    assert "<h1>Yesterday</h1>" in yesterday


@pytest.mark.parametrize(
    ("hint", "page"),
    [
        ("today", "/"),
        ("trends", "/trends"),
        ("regimen", "/regimen"),
        ("install", "/"),
        ("reminders", "/"),
    ],
)
def test_a_hint_that_was_closed_stays_closed_everywhere(
    client: TestClient,
    sign_in_as: SignInAs,
    session: Session,
    alice: User,
    minoxidil: RegimenItem,
    hint: str,
    page: str,
) -> None:
    if hint == "today":
        # On the first day, before the first dose.
        alice.began_on = date.fromisoformat(TODAY)
        session.add(alice)
        session.commit()
    else:
        log(client, minoxidil)
    if hint in {"install", "reminders"}:
        client.post("/settings/hints/today/close", headers=as_entry(uuid4()))
    if hint == "install":
        client.post("/settings/hints/reminders/close", headers=as_entry(uuid4()))
    assert f'data-hint="{hint}"' in client.get(page).text
    answer = client.post(f"/settings/hints/{hint}/close")
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    assert f'data-hint="{hint}"' not in client.get(page).text
    assert f'data-hint="{hint}"' not in sign_in_as(alice).get(page).text


def test_hints_closed_on_two_devices_are_both_closed(client: TestClient, rows: Rows) -> None:
    for hint in ("trends", "regimen", "trends"):
        answer = client.post(f"/settings/hints/{hint}/close", headers=as_entry(uuid4()))
        assert answer.status_code == 204
    assert rows(Preferences)[0].hints_seen == ("regimen", "trends")


def test_there_is_no_hint_of_that_name(client: TestClient) -> None:
    assert client.post("/settings/hints/moon/close").status_code in {404, 422}
