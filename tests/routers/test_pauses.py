"""Pauses: put on hold, put right, ended, taken back."""

from datetime import date, time

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import Pause, RegimenItem, User
from tests.routers.pages import SCRIPT, TODAY, TOMORROW, YESTERDAY, assert_is_refused, read
from tests.support.databases import Rows
from tests.support.people import save
from tests.support.regimens import MORNING, add, daily, log_dose, taken


def pause_of(client: TestClient, item: RegimenItem, rows: Rows, **fields: str) -> Pause:
    response = client.post(f"/regimen/{item.id}/pauses", data=fields)
    assert response.headers["location"] == f"/regimen/{item.id}"
    return rows(Pause)[-1]


def test_a_paused_item_asks_for_nothing_until_it_is_resumed(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    pause = pause_of(client, minoxidil, rows, starts_on="2026-11-20", note="dermatitis")
    assert 'data-status="waiting"' not in client.get("/").text

    client.post(f"/pauses/{pause.id}/end")
    assert rows(Pause)[0].ends_on == date(2026, 11, 22)
    assert client.get("/").text.count('data-status="before"') == 2
    assert client.get(f"/days/{TOMORROW}").text.count('data-status="waiting"') == 2


def test_a_pause_that_began_and_ended_today_stays_until_the_minute_it_ended(
    client: TestClient, session: Session, rows: Rows, alice: User
) -> None:
    item = add(session, alice, "Zinc", daily((time(8), 10), (time(22), 10)))
    pause = pause_of(client, item, rows, starts_on=TODAY, note="dizzy")
    client.post(f"/pauses/{pause.id}/end")

    (ended,) = rows(Pause)
    assert (ended.starts_on, ended.note) == (date.fromisoformat(TODAY), "dizzy")
    page = client.get("/").text
    assert page.count('data-status="before"') == page.count('data-status="waiting"') == 1
    assert "before you resumed" in page
    assert "Paused for part of the day" in client.get(f"/regimen/{item.id}").text
    assert ",2026-11-23,2026-11-22,dizzy," in client.get("/export/pauses.csv").text

    # Its form shows the day; a note alone changes no dose.
    shown = read(client.get(f"/pauses/{pause.id}/edit")).fields
    assert shown["ends_on"] == [TODAY]
    client.post(f"/pauses/{pause.id}", data={**_one(shown), "note": "dizzy at noon"})
    (noted,) = rows(Pause)
    assert (noted.note, noted.ends_on, noted.resumed_time) == (
        "dizzy at noon",
        ended.ends_on,
        ended.resumed_time,
    )

    # It can be paused again, and taken back.
    pause_of(client, item, rows, starts_on=TODAY)
    assert len(rows(Pause)) == 2
    for each in rows(Pause):
        client.post(f"/pauses/{each.id}/delete")
    assert client.get("/").text.count('data-status="waiting"') == 2


def test_a_pause_that_has_not_begun_goes_when_it_is_ended(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    pause = pause_of(client, minoxidil, rows, starts_on=TOMORROW)
    client.post(f"/pauses/{pause.id}/end")

    assert rows(Pause) == []


def _one(fields: dict[str, list[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in fields.items() if values}


def test_a_pause_is_put_right_and_taken_back(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    pause = pause_of(client, minoxidil, rows, starts_on=YESTERDAY, note=SCRIPT)
    sheet = read(client.get(f"/pauses/{pause.id}/edit"))
    assert sheet.fields["note"] == [" ".join(SCRIPT.split())]

    client.post(f"/pauses/{pause.id}", data={"starts_on": "2026-11-01", "ends_on": "2026-11-05"})
    assert rows(Pause)[0].span.covers(date(2026, 11, 5))
    assert not rows(Pause)[0].span.covers(date(2026, 11, 6))

    client.post(f"/pauses/{pause.id}/delete")
    assert rows(Pause) == []
    assert client.post(f"/pauses/{pause.id}/delete").status_code == 404


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"starts_on": TODAY, "ends_on": YESTERDAY}, "ends_on"),
        ({"starts_on": "1850-01-01"}, "starts_on"),
        ({"starts_on": "2300-01-01"}, "starts_on"),
        ({"starts_on": "2026-02-30", "note": "holiday"}, "starts_on"),
        ({"starts_on": "", "note": "holiday"}, "starts_on"),
        ({"starts_on": TODAY, "note": "x" * 201}, "note"),
    ],
)
def test_a_pause_that_cannot_be_is_named_and_stays_typed(
    client: TestClient, rows: Rows, minoxidil: RegimenItem, fields: dict[str, str], name: str
) -> None:
    assert_is_refused(client, f"/regimen/{minoxidil.id}/pauses", {**fields}, name)

    assert rows(Pause) == []


def test_two_pauses_of_an_item_share_no_day(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    pause = pause_of(client, minoxidil, rows, starts_on="2026-11-01", ends_on="2026-11-10")
    other: dict[str, str | list[str]] = {"starts_on": "2026-11-10", "note": "again"}
    assert_is_refused(client, f"/regimen/{minoxidil.id}/pauses", other, "starts_on")

    same = {"starts_on": "2026-11-02", "ends_on": "2026-11-09"}
    assert client.post(f"/pauses/{pause.id}", data=same).status_code == 303
    assert len(rows(Pause)) == 1


def test_a_reason_of_two_hundred_characters_is_kept(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    assert pause_of(client, minoxidil, rows, starts_on=TODAY, note="x" * 200).note == "x" * 200


def test_another_persons_pause_does_not_exist(
    client: TestClient, session: Session, rows: Rows, bob: User, bobs_item: RegimenItem
) -> None:
    pause = Pause(user_id=bob.id, regimen_item_id=bobs_item.id, starts_on=date(2026, 11, 1))
    save(session, pause)

    data = {"starts_on": TODAY}
    assert client.get(f"/pauses/{pause.id}/edit").status_code == 404
    assert client.get(f"/regimen/{bobs_item.id}/pauses/new").status_code == 404
    for address in (
        f"/pauses/{pause.id}",
        f"/pauses/{pause.id}/end",
        f"/pauses/{pause.id}/delete",
        f"/regimen/{bobs_item.id}/pauses",
    ):
        assert client.post(address, data=data).status_code == 404
    assert [each.ends_on for each in rows(Pause)] == [None]


def test_item_page_and_files_agree_on_a_break(
    client: TestClient, session: Session, alice: User
) -> None:
    item = add(session, alice, "Zinc", daily((MORNING, 10)), starts_on=date(2026, 11, 1))
    for number in range(1, 7):
        log_dose(session, alice, item, taken(date(2026, 11, number)))
    stop = {"ends_on": "2026-11-07", "reason": "Ran out"}
    client.post(f"/regimen/{item.id}/stop", data=stop)
    assert "Restart" in client.get(f"/regimen/{item.id}").text
    assert client.get(f"/regimen/{item.id}/restart").status_code == 200
    restarted = client.post(f"/regimen/{item.id}/resume", data={"restarts_on": "2026-11-23"})
    assert restarted.status_code == 303

    page = client.get(f"/regimen/{item.id}").text
    assert "6 of 7 taken" in page
    assert "Break, 15 days" in page
    doses = client.get("/export/doses.csv").text
    assert (doses.count(",taken,"), doses.count(",missed,")) == (6, 1)
    assert "2026-11-08,2026-11-22,Ran out,true" in client.get("/export/pauses.csv").text


def test_a_restart_before_the_item_began_is_named(
    client: TestClient, session: Session, alice: User
) -> None:
    item = add(session, alice, "Zinc", daily((MORNING, 10)), starts_on=date(2026, 11, 1))
    client.post(f"/regimen/{item.id}/stop", data={"ends_on": "2026-11-07"})
    early: dict[str, str | list[str]] = {"restarts_on": "2026-10-01"}
    assert_is_refused(client, f"/regimen/{item.id}/resume", early, "restarts_on")
