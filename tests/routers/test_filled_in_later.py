"""A dose without a slot, filled in on a later day: no clock is made up for it."""

from datetime import UTC, date, datetime, time
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import DoseEvent, RegimenItem, User
from tests.routers.pages import TODAY, YESTERDAY, log, read
from tests.routers.test_dose_events import AS_NEEDED
from tests.support.clock import NOW, Clock
from tests.support.databases import Rows
from tests.support.regimens import add


@pytest.fixture
def ibuprofen(session: Session, alice: User) -> RegimenItem:
    return add(session, alice, "Ibuprofen", AS_NEEDED)


def test_a_dose_filled_in_on_a_past_day_has_no_time_until_its_sheet_says_one(
    client: TestClient, rows: Rows, ibuprofen: RegimenItem
) -> None:
    page = client.get(f"/days/{YESTERDAY}")
    assert 'name="taken_now"' not in page.text
    log(client, ibuprofen, on=YESTERDAY, at="")
    assert "taken, filled in later" in client.get(f"/days/{YESTERDAY}").text
    (event,) = rows(DoseEvent)
    assert event.due_on == date.fromisoformat(YESTERDAY)

    sheet = read(client.get(f"/doses/{event.id}")).fields
    assert sheet["occurred_time"] == [""]
    assert "Taken, filled in later" in client.get(f"/doses/{event.id}").text
    kept = {name: values[0] for name, values in sheet.items() if name in KEPT and values}
    log(client, ibuprofen, on=YESTERDAY, at="", **kept, time_choice="kept", note="after lunch")
    (noted,) = rows(DoseEvent)
    assert (noted.occurred_at, noted.note) == (event.occurred_at, "after lunch")
    assert "taken, filled in later" in client.get(f"/days/{YESTERDAY}").text

    other = {"time_choice": "other", "occurred_time": "14:10"}
    log(client, ibuprofen, on=YESTERDAY, at="", **kept, **other)
    (timed,) = rows(DoseEvent)
    assert timed.occurred_at == datetime(2026, 11, 22, 13, 10, tzinfo=UTC)
    assert "taken 14:10" in client.get(f"/days/{YESTERDAY}").text


KEPT = {
    *("id", "occurred_at", "without_time"),
    *("first_logged_at", "first_time_zone", "first_day_starts_time"),
}


def test_the_tap_of_today_says_nothing_against_the_next_dose_if_it_was_of_yesterday(
    client: TestClient, session: Session, rows: Rows, ibuprofen: RegimenItem
) -> None:
    log(client, ibuprofen, on=YESTERDAY, at="")
    assert "next from" not in client.get("/").text
    assert log(client, ibuprofen, at="").status_code == 303
    assert len(rows(DoseEvent)) == 2


def test_a_dose_of_an_unknown_time_may_have_been_taken_just_before_its_day_was_over(
    client: TestClient, clock: Clock, ibuprofen: RegimenItem
) -> None:
    clock.set(datetime(2026, 11, 24, 3, 30, tzinfo=UTC))  # 04:30 in Berlin
    log(client, ibuprofen, on=TODAY, at="")

    assert "next from 06:59" in client.get("/").text
    assert log(client, ibuprofen, on="2026-11-24", at="").status_code == 422


def test_a_day_takes_no_more_than_its_maximum_though_no_time_is_known(
    client: TestClient, ibuprofen: RegimenItem
) -> None:
    log(client, ibuprofen, on=YESTERDAY, at="")
    refused = log(client, ibuprofen, on=YESTERDAY, at="")

    assert refused.status_code == 422
    assert "the daily maximum (1)" in refused.text
    assert "Next" not in refused.text


def test_the_page_of_today_left_open_over_night_logs_what_is_taken_in_the_morning(
    client: TestClient, clock: Clock, rows: Rows, ibuprofen: RegimenItem
) -> None:
    assert 'name="taken_now" value="yes"' in client.get("/").text
    clock.set(datetime(2026, 11, 24, 7, tzinfo=UTC))
    log(client, ibuprofen, at="", taken_now="yes")

    (event,) = rows(DoseEvent)
    assert event.occurred_at.replace(microsecond=0) == datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert "next from 12:00" in client.get("/").text


def test_what_was_tapped_on_its_day_and_sent_on_the_next_keeps_its_instant(
    client: TestClient, clock: Clock, rows: Rows, ibuprofen: RegimenItem
) -> None:
    clock.set(datetime(2026, 11, 24, 7, tzinfo=UTC))
    log(client, ibuprofen, at="", entry=uuid4(), id=str(uuid4()), changed_at=NOW.isoformat())

    (event,) = rows(DoseEvent)
    assert event.occurred_at == NOW


def test_files_say_that_it_was_filled_in_and_count_it_nowhere_as_due(
    client: TestClient, ibuprofen: RegimenItem
) -> None:
    log(client, ibuprofen, on=YESTERDAY, at="")
    (line,) = (
        dict(zip(*(row.split(",") for row in (head, row)), strict=True))
        for head, row in [client.get("/export/doses.csv").text.split()[:2]]
    )
    assert (line["status"], line["backfilled"], line["due_time"]) == ("extra", "true", "")


def test_a_slot_filled_in_later_is_on_time_as_ever(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    log(client, minoxidil, on=YESTERDAY)

    (event,) = rows(DoseEvent)
    assert event.due_time == time(8)
    assert event.occurred_at == datetime(2026, 11, 22, 7, tzinfo=UTC)
