"""Doses over HTTP: logged, changed, taken back, refused, replayed, and nobody else's."""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.domain.ledger import DoseStatus
from app.domain.timing import TimingKind
from app.models import DoseEvent, RegimenItem, User, slot_event_id
from app.services.dosages import DosageInput
from tests.routers.pages import (
    BEFORE,
    JUST_ONE_SENTENCE,
    LATER,
    SCRIPT,
    TODAY,
    TOMORROW,
    YESTERDAY,
    as_entry,
    assert_can_be_repeated,
    log,
    read,
)
from tests.support.clients import SignInAs
from tests.support.clock import NOW, Clock
from tests.support.databases import DOSE_VERSIONS, Rows
from tests.support.regimens import MORNING, add, taken
from tests.support.regimens import log_dose as log_by_service

AS_NEEDED = DosageInput(
    unit="tablet", kind=TimingKind.AS_NEEDED, usual_amount=1, gap_hours=4, daily_maximum=1
)
FLEXIBLE = DosageInput(
    unit="wash", kind=TimingKind.FLEXIBLE, usual_amount=1, per_week=2, per_week_most=3
)


def only(rows: Rows) -> DoseEvent:
    (event,) = rows(DoseEvent)
    return event


def test_one_tap_logs_a_dose_with_its_planned_amount_and_the_time_of_the_tap(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    response = log(client, minoxidil)

    assert (response.status_code, response.headers["location"]) == (303, f"/days/{TODAY}")
    event = only(rows)
    assert (event.status, event.amount, event.unit) == (DoseStatus.TAKEN, 1, "mL")
    assert (event.occurred_at, event.logged_at) == (NOW, NOW)
    assert "taken 21:41" in client.get("/").text


def test_a_skip_keeps_its_reason_and_shows_it(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil, status="skipped", reason="ran_out")

    assert (only(rows).status, only(rows).reason) == (DoseStatus.SKIPPED, "ran_out")
    assert "skipped: ran out" in client.get("/").text


@pytest.mark.parametrize(
    ("fields", "amount"),
    [
        ({"amount_choice": "half"}, 0.5),
        ({"amount_choice": "double"}, 2),
        ({"amount_choice": "planned"}, 1),
        ({"amount_choice": "other", "amount": "0,5"}, 0.5),
        ({"amount_choice": "other", "amount": "1.25"}, 1.25),
        ({"amount_choice": "other", "amount": "1,333.5"}, 1333.5),
    ],
)
def test_half_double_or_another_amount_can_be_taken(
    client: TestClient, rows: Rows, minoxidil: RegimenItem, fields: dict[str, str], amount: float
) -> None:
    log(client, minoxidil, planned_amount="1", unit="mL", **fields)

    assert only(rows).amount == amount


@pytest.mark.parametrize("amount", ["", "0", "-1", "abc", "1e9", "1000000001", "NaN", "1" * 5000])
def test_an_amount_that_cannot_be_is_refused_and_what_was_typed_is_kept(
    client: TestClient, rows: Rows, minoxidil: RegimenItem, amount: str
) -> None:
    fields = {"amount_choice": "other", "amount": amount, "note": "after the shower"}
    response = log(client, minoxidil, **fields)

    page = read(response)
    assert response.status_code == 422
    assert 'href="#field-amount"' in response.text
    assert page.fields["amount"] == [amount]
    assert page.fields["note"] == ["after the shower"]
    assert rows(DoseEvent) == []


@pytest.mark.parametrize(
    ("fields", "occurred_at"),
    [
        ({"time_choice": "on_time"}, datetime(2026, 11, 23, 7, tzinfo=UTC)),
        (
            {"time_choice": "other", "occurred_time": "09:15"},
            datetime(2026, 11, 23, 8, 15, tzinfo=UTC),
        ),
        ({"time_choice": "now"}, NOW),
        (
            {"time_choice": "kept", "occurred_at": "2026-11-23T07:31:00Z"},
            datetime(2026, 11, 23, 7, 31, tzinfo=UTC),
        ),
    ],
)
def test_a_dose_was_taken_now_on_time_or_at_another_time(
    client: TestClient,
    rows: Rows,
    minoxidil: RegimenItem,
    fields: dict[str, str],
    occurred_at: datetime,
) -> None:
    log(client, minoxidil, **fields)

    assert only(rows).occurred_at == occurred_at


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"time_choice": "other", "occurred_time": "23:59"}, "occurred_time"),
        ({"time_choice": "other", "occurred_time": ""}, "occurred_time"),
        ({"time_choice": "other", "occurred_time": "soon"}, "occurred_time"),
        ({"occurred_at": "2026-11-23T23:00:00Z"}, "occurred_time"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
        ({"changed_at": "0001-01-01T00:00:00+14:00"}, "changed_at"),
        ({"changed_at": "yesterday"}, "changed_at"),
        ({"status": "eaten"}, "status"),
        ({"reason": "bored", "status": "skipped"}, "reason"),
        ({"unit": "u" * 200}, "unit"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"time_zone": "Atlantis/Capital"}, "time_zone"),
        ({"time_zone": "+999999999999:0"}, "time_zone"),
        ({"id": "7"}, "id"),
        ({"due_time": "late"}, "due_time"),
        ({"due_on": "2026-02-30"}, "due_on"),
        ({"due_on": BEFORE}, "due_on"),
        ({"due_on": LATER}, "due_on"),
        ({"due_on": "9999-12-31"}, "due_on"),
        ({"due_on": "0001-01-01"}, "due_on"),
        ({"note": "x" * 2001}, "note"),
        ({"device": "x" * 65}, "device"),
    ],
)
def test_what_is_wrong_with_a_dose_is_named_in_one_sentence_on_a_page_and_to_the_outbox(
    client: TestClient, rows: Rows, minoxidil: RegimenItem, fields: dict[str, str], field: str
) -> None:
    data = {"due_on": TODAY, "due_time": "08:00", "status": "taken", **fields}
    page = client.post(f"/regimen/{minoxidil.id}/doses", data=data)
    entry = uuid4()
    told = client.post(f"/regimen/{minoxidil.id}/doses", data=data, headers=as_entry(entry))

    assert page.status_code == 422
    assert f'href="#field-{field}"' in page.text
    assert (told.status_code, told.headers["outbox-entry"]) == (422, str(entry))
    assert told.headers["content-type"] == "text/plain; charset=utf-8"
    assert re.match(JUST_ONE_SENTENCE, told.text), told.text
    assert told.text.count(". ") == 0
    assert [*rows(DoseEvent), *rows(DOSE_VERSIONS)] == []


def test_a_time_with_seconds_or_an_offset_is_the_slot_on_the_wall_clock(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    for at in ("08:00", "08:00:30", "08:00+02:00", "08:00:00.250"):
        assert log(client, minoxidil, at=at).status_code == 303

    event = only(rows)
    assert (event.id, event.due_time) == (
        slot_event_id(minoxidil.id, date(2026, 11, 23), MORNING),
        MORNING,
    )


def test_a_note_added_days_later_elsewhere_leaves_when_and_where_it_was_logged(
    client: TestClient, rows: Rows, clock: Clock, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil)
    clock.advance(days=3)
    sheet = f"/days/{TODAY}/doses/{minoxidil.id}/08:00"
    typed = {name: each[-1] for name, each in read(client.get(sheet)).fields.items()}
    better = {**typed, "status": "taken", "time_choice": "kept", "amount_choice": "planned"}
    log(client, minoxidil, **{**better, "note": "with food", "time_zone": "Asia/Tokyo"})

    event = only(rows)
    assert event.note == "with food"
    assert (event.occurred_at, event.logged_at) == (NOW, NOW)
    assert event.time_zone == "Europe/Berlin"
    assert "taken 21:41" in client.get(f"/days/{TODAY}").text


def test_a_skip_that_becomes_a_dose_days_later_was_filled_in_later(
    client: TestClient, rows: Rows, clock: Clock, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil, status="skipped")
    clock.advance(days=3)
    assert "first_logged_at" not in client.get(f"/days/{TODAY}/doses/{minoxidil.id}/08:00").text
    log(client, minoxidil, time_choice="kept", occurred_at=NOW.isoformat())

    assert only(rows).logged_at.date() == NOW.date() + timedelta(days=3)
    assert "filled in later" in client.get(f"/days/{TODAY}").text


def test_what_was_typed_for_an_extra_dose_is_kept_as_well_when_it_cannot_be(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil, at="")
    wrong = {"id": str(only(rows).id), "amount_choice": "other", "amount": "-7", "note": "mine"}
    response = log(client, minoxidil, at="", **wrong)
    page = read(response)

    assert response.status_code == 422
    assert (page.fields["amount"], page.fields["note"]) == (["-7"], ["mine"])
    assert 'id="field-amount-error"' in response.text


def test_undo_opens_the_slot_again(
    client: TestClient, clock: Clock, rows: Rows, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil)
    clock.advance(seconds=3)
    assert log(client, minoxidil, status="nothing").status_code == 303

    assert rows(DoseEvent) == []
    assert client.get("/").text.count('data-status="waiting"') == 2


def test_a_note_is_kept_shown_and_escaped(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil, note=f"  {SCRIPT} \N{PILE OF POO}\x00 ")

    assert only(rows).note == f"{SCRIPT} \N{PILE OF POO}"
    for address in ("/", f"/days/{TODAY}/doses/{minoxidil.id}/08:00", f"/regimen/{minoxidil.id}"):
        assert "<script>alert" not in client.get(address).text
    sheet = client.get(f"/days/{TODAY}/doses/{minoxidil.id}/08:00")
    assert read(sheet).fields["note"] == [f"{SCRIPT} \N{PILE OF POO}"]


def test_a_past_day_is_filled_in_and_says_so(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil, on="2026-11-20")

    assert only(rows).occurred_at == datetime(2026, 11, 20, 7, tzinfo=UTC)
    assert "taken, filled in later" in client.get("/days/2026-11-20").text


def test_tomorrows_dose_is_accepted_ahead(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    assert log(client, minoxidil, on=TOMORROW, occurred_at=NOW.isoformat()).status_code == 303
    assert only(rows).due_on == date(2026, 11, 24)


def test_an_extra_dose_has_its_own_id_and_can_be_changed_and_taken_back(
    client: TestClient, clock: Clock, rows: Rows, minoxidil: RegimenItem
) -> None:
    own_id = str(uuid4())
    log(client, minoxidil, at="", id=own_id)
    assert "extra, taken 21:41" in client.get("/").text
    assert client.get(f"/doses/{own_id}").status_code == 200

    clock.advance(seconds=3)
    log(client, minoxidil, at="", id=own_id, amount_choice="other", amount="2")
    assert only(rows).amount == 2

    clock.advance(seconds=3)
    log(client, minoxidil, at="", id=own_id, status="nothing")
    assert rows(DoseEvent) == []
    assert client.get(f"/doses/{own_id}").status_code == 404


def test_a_replayed_extra_dose_without_an_id_of_its_own_is_one_dose(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    entry = uuid4()
    for _attempt in range(3):
        assert log(client, minoxidil, at="", entry=entry).status_code == 204

    assert only(rows).id == entry
    assert len(rows(DOSE_VERSIONS)) == 1


def test_a_flexible_item_counts_the_week_and_is_never_missed(
    client: TestClient, session: Session, rows: Rows, alice: User
) -> None:
    shampoo = add(session, alice, "Ketoconazole", FLEXIBLE)
    log(client, shampoo, at="")

    page = client.get("/")
    assert "1 this week" in page.text
    assert (only(rows).due_time, only(rows).amount) == (None, 1)
    assert 'data-status="missed"' not in client.get(f"/days/{YESTERDAY}").text


def test_an_as_needed_dose_over_gap_and_maximum_is_asked_about_saved_and_said(
    client: TestClient, session: Session, rows: Rows, alice: User
) -> None:
    ibuprofen = add(session, alice, "Ibuprofen", AS_NEEDED)
    assert log(client, ibuprofen, at="").status_code == 303
    asked = log(client, ibuprofen, at="", id=str(uuid4()))
    assert asked.status_code == 422
    assert "the daily maximum (1). Next tomorrow at 01:41. Log it anyway?" in asked.text
    assert len(rows(DoseEvent)) == 1
    fields = {name: values[-1] for name, values in read(asked).fields.items()}
    for _tap in range(2):
        data = {**fields, "anyway": "yes"}
        assert client.post(f"/regimen/{ibuprofen.id}/doses", data=data).status_code == 303

    assert len(rows(DoseEvent)) == 2
    page = read(client.get("/")).text
    assert "2 of 1 today" in page
    assert "next from 01:41" in page


def test_take_all_answers_every_slot_that_it_names_at_one_time(
    client: TestClient, session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    zinc = add(session, alice, "Zinc")
    slots = [f"{minoxidil.id} 08:00", f"{zinc.id} 08:00"]
    data: dict[str, str | list[str]] = {"slot": slots, "occurred_time": "08:20"}
    response = client.post(f"/days/{TODAY}/take-all", data=data)

    assert response.status_code == 303
    events = rows(DoseEvent)
    assert {event.regimen_item_id for event in events} == {minoxidil.id, zinc.id}
    assert {event.occurred_at for event in events} == {datetime(2026, 11, 23, 7, 20, tzinfo=UTC)}


def test_take_all_can_be_repeated(client: TestClient, rows: Rows, minoxidil: RegimenItem) -> None:
    data = {"slot": f"{minoxidil.id} 08:00", "changed_at": NOW.isoformat()}
    assert_can_be_repeated(client, f"/days/{TODAY}/take-all", data)

    assert only(rows).occurred_at == NOW


@pytest.mark.parametrize("slot", ["", "x", "x 08:00", "{id}", "{id} late", "{id} 08:00 08:00"])
def test_take_all_with_a_slot_that_cannot_be_read_takes_nothing(
    client: TestClient, rows: Rows, minoxidil: RegimenItem, slot: str
) -> None:
    slots = [f"{minoxidil.id} 21:00", slot.format(id=minoxidil.id)]
    response = client.post(f"/days/{TODAY}/take-all", data={"slot": slots})

    assert response.status_code == 422
    assert "That dose no longer exists." in response.text
    assert rows(DoseEvent) == []


def test_take_all_for_a_time_that_has_not_come_takes_nothing(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    data = {"slot": f"{minoxidil.id} 21:00", "occurred_time": "23:50"}
    response = client.post(f"/days/{TODAY}/take-all", data=data)

    assert response.status_code == 422
    assert read(response).fields["occurred_time"] == ["23:50"]
    assert rows(DoseEvent) == []


def test_take_all_never_takes_more_lines_than_a_day_can_have(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    response = client.post(
        f"/days/{TODAY}/take-all", data={"slot": [f"{minoxidil.id} 08:00"] * 201}
    )

    assert response.status_code == 422
    assert "At most 200 lines." in response.text


def test_the_sheets_offer_one_time_for_all_and_every_item_for_an_extra_dose(
    client: TestClient, minoxidil: RegimenItem
) -> None:
    assert read(client.get(f"/days/{TODAY}/take-all/morning")).fields["slot"] == [
        f"{minoxidil.id} 08:00"
    ]
    assert client.get(f"/days/{TODAY}/take-all/teatime").status_code == 404
    assert "Log an extra dose of Minoxidil" in client.get(f"/days/{TODAY}/as-needed").text


def test_the_same_entry_twice_changes_nothing(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    data = {"due_on": TODAY, "due_time": "08:00", "status": "taken"}
    assert_can_be_repeated(client, f"/regimen/{minoxidil.id}/doses", data)

    assert len(rows(DoseEvent)) == 1
    assert len(rows(DOSE_VERSIONS)) == 2


def test_a_replay_after_an_undo_does_not_bring_the_dose_back(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    entry = uuid4()
    at = {"changed_at": (NOW - timedelta(minutes=5)).isoformat()}
    log(client, minoxidil, entry=entry, **at)
    log(client, minoxidil, entry=uuid4(), status="nothing", changed_at=NOW.isoformat())
    assert log(client, minoxidil, entry=entry, **at).status_code == 204

    assert rows(DoseEvent) == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_two_devices_with_different_answers_keep_the_one_decided_later_in_any_order(
    client: TestClient, rows: Rows, minoxidil: RegimenItem, order: tuple[int, ...]
) -> None:
    told = [
        {"status": "taken", "device": "phone", "changed_at": "2026-11-23T10:00:00+01:00"},
        {"status": "nothing", "device": "tablet", "changed_at": "2026-11-23T10:01:00+01:00"},
        {"status": "skipped", "device": "phone", "changed_at": "2026-11-23T09:02:00Z"},
    ]
    for number in order:
        assert log(client, minoxidil, entry=uuid4(), **told[number]).status_code == 204

    assert only(rows).status is DoseStatus.SKIPPED
    assert len(rows(DOSE_VERSIONS)) == 3


def test_a_clock_that_is_ahead_decides_no_later_than_it_arrives(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    ahead = (NOW + timedelta(days=400)).isoformat()
    log(client, minoxidil, entry=uuid4(), changed_at=ahead)

    assert (only(rows).logged_at, only(rows).occurred_at) == (NOW, NOW)


def test_an_entry_header_that_is_not_an_id_is_refused(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    response = client.post(
        f"/regimen/{minoxidil.id}/doses",
        data={"due_on": TODAY, "due_time": "08:00"},
        headers={"outbox-entry": "first"},
    )

    assert (response.status_code, response.text) == (422, "This no longer exists.")
    assert rows(DoseEvent) == []


def test_the_outbox_hears_401_when_nobody_is_signed_in(
    anonymous: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    response = log(anonymous, minoxidil, entry=uuid4())

    assert (response.status_code, response.text) == (401, "Sign in to continue.")
    assert rows(DoseEvent) == []


def test_an_entry_that_another_account_wrote_on_this_device_is_not_taken(
    client: TestClient, rows: Rows, bob: User, minoxidil: RegimenItem
) -> None:
    response = client.post(
        f"/regimen/{minoxidil.id}/doses",
        data={"due_on": TODAY, "due_time": "08:00"},
        headers={**as_entry(uuid4()), "outbox-account": str(bob.id)},
    )

    assert response.status_code == 401
    assert rows(DoseEvent) == []


def test_another_persons_item_does_not_exist_in_any_form(
    client: TestClient, rows: Rows, bobs_item: RegimenItem, minoxidil: RegimenItem
) -> None:
    assert log(client, bobs_item).status_code == 404
    assert log(client, bobs_item, entry=uuid4()).status_code == 404
    assert client.get(f"/days/{TODAY}/doses/{bobs_item.id}/08:00").status_code == 404
    slots = [f"{minoxidil.id} 08:00", f"{bobs_item.id} 08:00"]
    assert client.post(f"/days/{TODAY}/take-all", data={"slot": slots}).status_code == 404
    assert [*rows(DoseEvent), *rows(DOSE_VERSIONS)] == []


@pytest.mark.parametrize("status", ["taken", "skipped", "nothing"])
def test_a_dose_id_that_belongs_to_another_account_is_not_there_and_stays_as_it_was(
    client: TestClient,
    session: Session,
    rows: Rows,
    bob: User,
    bobs_item: RegimenItem,
    minoxidil: RegimenItem,
    status: str,
) -> None:
    bobs_id = log_by_service(session, bob, bobs_item, taken(date(2026, 11, 23), None))
    before = only(rows).model_dump()

    response = log(client, minoxidil, at="", id=str(bobs_id), status=status, note="mine now")

    # Undoing another person's entry answers like undoing one that never existed.
    assert response.status_code == (303 if status == "nothing" else 404)
    assert only(rows).model_dump() == before
    assert client.get(f"/doses/{bobs_id}").status_code == 404


def test_a_sheet_of_a_slot_that_never_was_is_not_there(
    client: TestClient, minoxidil: RegimenItem
) -> None:
    for on, at in ((TODAY, "03:33"), (BEFORE, "08:00"), (TODAY, "late"), ("9999-12-31", "08:00")):
        assert client.get(f"/days/{on}/doses/{minoxidil.id}/{at}").status_code == 404
    assert client.get("/doses/not-an-id").status_code == 404
    assert client.get(f"/doses/{UUID(int=0)}").status_code == 404


def test_the_time_zone_of_the_phone_is_kept_with_the_dose(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil, time_zone="Asia/Tokyo", time_choice="other", occurred_time="05:30")

    event = only(rows)
    assert event.time_zone == "Asia/Tokyo"
    assert event.occurred_at == datetime(2026, 11, 22, 20, 30, tzinfo=UTC)


def test_after_midnight_a_dose_still_belongs_to_the_evening(
    sign_in_as: SignInAs, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    client = sign_in_as(alice)
    log(client, minoxidil, on=YESTERDAY, at="21:00", time_choice="other", occurred_time="01:10")

    assert only(rows).occurred_at == datetime(2026, 11, 23, 0, 10, tzinfo=UTC)
    assert only(rows).due_time == time(21)
