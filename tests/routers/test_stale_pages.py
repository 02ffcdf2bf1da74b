"""Entries from a stale page: a second device, another tab, a form sent twice."""

import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import DoseEvent, Note, RegimenItem, User
from tests.routers.pages import TODAY, as_entry, log, read
from tests.routers.test_dose_events import AS_NEEDED
from tests.support.clock import NOW
from tests.support.databases import Rows
from tests.support.regimens import add


@pytest.mark.parametrize("time", [{}, {"occurred_time": "08:10"}])
def test_take_all_on_a_stale_page_takes_only_what_is_still_open(
    client: TestClient,
    session: Session,
    rows: Rows,
    alice: User,
    minoxidil: RegimenItem,
    time: dict[str, str],
) -> None:
    zinc, iron = add(session, alice, "Zinc"), add(session, alice, "Iron")
    slots = [f"{item.id} 08:00" for item in (minoxidil, zinc, iron)]
    half = {"amount_choice": "half", "planned_amount": "1", "note": "felt dizzy"}
    log(client, minoxidil, **half)
    log(client, zinc, status="skipped", reason="ran_out")
    client.post(f"/days/{TODAY}/take-all", data={"slot": slots, **time})

    found = {event.regimen_item_id: event for event in rows(DoseEvent)}
    assert (found[minoxidil.id].amount, found[minoxidil.id].note) == (0.5, "felt dizzy")
    assert (found[zinc.id].status, found[zinc.id].reason) == ("skipped", "ran_out")
    assert found[iron.id].status == "taken"


def test_a_phone_that_comes_back_does_not_take_over_what_was_answered_before_or_after(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    group = {"only_if_open": "yes", "changed_at": "2026-11-23T12:00:00+01:00"}
    log(client, minoxidil, entry=uuid4(), **group)
    early = {"status": "skipped", "reason": "travel", "changed_at": "2026-11-23T11:00:00+01:00"}
    log(client, minoxidil, entry=uuid4(), **early)

    (event,) = rows(DoseEvent)
    assert (event.status, event.reason) == ("skipped", "travel")


def test_a_tap_on_a_stale_page_keeps_how_the_dose_was_taken(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    half = {"amount_choice": "half", "planned_amount": "1", "note": "felt dizzy"}
    log(client, minoxidil, entry=uuid4(), changed_at="2026-11-23T12:00:00+01:00", **half)
    later = {"planned_amount": "1", "tap": "yes", "changed_at": "2026-11-23T12:30:00+01:00"}
    log(client, minoxidil, entry=uuid4(), **later)

    (event,) = rows(DoseEvent)
    assert (event.amount, event.note) == (0.5, "felt dizzy")
    assert event.occurred_at == datetime(2026, 11, 23, 11, tzinfo=UTC)


def test_a_tap_that_differs_counts_but_gives_way_to_a_note(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil, tap="yes")
    log(client, minoxidil, status="skipped", tap="yes")
    assert [event.status for event in rows(DoseEvent)] == ["skipped"]

    log(client, minoxidil, status="skipped", note="felt dizzy")
    log(client, minoxidil, tap="yes")
    assert [(each.status, each.note) for each in rows(DoseEvent)] == [("skipped", "felt dizzy")]


def test_every_row_of_a_day_says_that_its_buttons_are_taps(
    client: TestClient, minoxidil: RegimenItem
) -> None:
    page = client.get("/").text
    assert page.count('name="tap" value="yes"') == page.count(
        f'action="/regimen/{minoxidil.id}/doses"'
    )


def test_undo_of_take_all_leaves_what_another_device_answered(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    group = uuid4()
    log(client, minoxidil, status="skipped", reason="travel")
    log(client, minoxidil, entry=group, only_if_open="yes")
    log(client, minoxidil, entry=uuid4(), status="nothing", undoes=str(group))

    assert [event.status for event in rows(DoseEvent)] == ["skipped"]


def test_every_form_for_something_new_carries_an_id_so_that_sent_twice_it_is_one(
    client: TestClient, session: Session, rows: Rows, alice: User
) -> None:
    add(session, alice, "Ibuprofen", AS_NEEDED)
    page = client.get("/").text
    ids = re.findall(r'<input type="hidden" name="id" value="([0-9a-f-]{36})"', page)
    assert len(ids) == len(set(ids)) == 2

    form = re.search(r'action="(/regimen/[^"]+/doses)">(.*?)</form>', page, re.DOTALL)
    assert form is not None
    for _tap in range(2):
        response = client.post(form[1], data={**hidden(form[2]), "status": "taken"})
        assert response.status_code == 303
    (event,) = rows(DoseEvent)
    assert event.id == UUID(hidden(form[2])["id"])

    note = re.search(r'action="(/days/[^"]+/notes)">(.*?)</form>', page, re.DOTALL)
    assert note is not None
    for _tap in range(2):
        client.post(note[1], data={**hidden(note[2]), "text": "A quiet day"})
    assert [each.text for each in rows(Note)] == ["A quiet day"]


@pytest.mark.parametrize(
    "address",
    [
        f"/days/{TODAY}/as-needed",
        f"/days/{TODAY}/notes/new?kind=event",
        f"/days/{TODAY}/notes/new?kind=note",
        f"/days/{TODAY}/photos/new",
        "/regimen/new?catalogue_id=zinc",
        "/regimen/sets/magnesium-l-threonate",
        "/regimen/medicines/new",
        "/regimen/hours-apart/new",
        "/regimen/{item}/pauses/new",
        "/regimen/{item}/supply/new",
        "/regimen/{item}/supply/count",
    ],
)
def test_a_page_for_something_new_has_a_new_id_each_time(
    client: TestClient, minoxidil: RegimenItem, address: str
) -> None:
    pages = [read(client.get(address.format(item=minoxidil.id))) for _visit in range(2)]
    first, second = (page.fields["id"] for page in pages)
    assert first
    assert not {*first} & {*second}


def hidden(form: str) -> dict[str, str]:
    """The hidden fields of a form."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def test_an_entry_of_the_outbox_is_known_by_its_own_name(
    client: TestClient, session: Session, rows: Rows, alice: User
) -> None:
    item = add(session, alice, "Ibuprofen", AS_NEEDED)
    for entry in (uuid4(), uuid4()):
        data = {"due_on": TODAY, "id": str(entry), "changed_at": NOW.isoformat(), "anyway": "yes"}
        client.post(f"/regimen/{item.id}/doses", data=data, headers=as_entry(entry))

    assert len(rows(DoseEvent)) == 2


def as_needed(session: Session, alice: User) -> RegimenItem:
    return add(session, alice, "Ibuprofen", AS_NEEDED)


def test_a_second_device_is_asked_before_a_dose_that_its_page_knows_nothing_against(
    client: TestClient, session: Session, rows: Rows, alice: User
) -> None:
    item = as_needed(session, alice)
    log(client, item, at="", entry=uuid4())
    entry = uuid4()
    tapped = {"changed_at": NOW.isoformat(), "id": str(uuid4())}
    asked = log(client, item, at="", entry=entry, **tapped)

    assert asked.status_code == 422
    assert asked.headers["strand-asks"] == "anyway"
    assert asked.text.endswith("Log it anyway?")
    assert len(rows(DoseEvent)) == 1
    assert log(client, item, at="", entry=entry, anyway="yes", **tapped).status_code == 204
    assert len(rows(DoseEvent)) == 2


def test_what_a_phone_logged_hours_ago_is_taken_without_a_question(
    client: TestClient, session: Session, rows: Rows, alice: User
) -> None:
    item = as_needed(session, alice)
    log(client, item, at="")
    early = {"changed_at": "2026-11-23T18:00:00+01:00", "id": str(uuid4())}
    assert log(client, item, at="", entry=uuid4(), **early).status_code == 204

    assert len(rows(DoseEvent)) == 2


def test_a_logged_dose_is_changed_without_a_question(
    client: TestClient, session: Session, rows: Rows, alice: User
) -> None:
    item = as_needed(session, alice)
    own = str(uuid4())
    log(client, item, at="", id=own)
    response = log(client, item, at="", id=own, note="after lunch", time_choice="kept")

    assert response.status_code == 303
    assert [event.note for event in rows(DoseEvent)] == ["after lunch"]


def test_an_as_needed_dose_is_in_its_own_row_and_nowhere_else(
    client: TestClient, session: Session, alice: User
) -> None:
    item = as_needed(session, alice)
    log(client, item, at="")
    page = client.get("/").text

    assert page.count("taken 21:41") == 1
    assert "Without a set time" not in page
    assert "next from 01:41" in page
