"""Ready-made sets: edited before they are saved, all of it or nothing."""

import csv
from datetime import UTC, datetime, time

import pytest
from fastapi.testclient import TestClient

from app.domain.catalogue import SETS
from app.models import DosageTime, RegimenItem
from tests.routers.pages import assert_is_refused, read
from tests.support.clock import Clock
from tests.support.databases import Rows

SOLUTION = "minoxidil-topical-solution"
Fields = dict[str, str | list[str]]


@pytest.mark.parametrize("set_id", [each.id for each in SETS])
def test_every_set_can_be_added_as_it_is_offered(
    client: TestClient, rows: Rows, set_id: str
) -> None:
    form = read(client.get(f"/regimen/sets/{set_id}")).fields
    offered = {name: form[name] for name in ("chosen", "amounts", "times", "times_of")}
    response = client.post(f"/regimen/sets/{set_id}", data=offered)

    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert {item.catalogue_id for item in rows(RegimenItem)} == set(offered["chosen"])
    assert client.get("/").status_code == 200


def test_amounts_and_times_of_a_set_are_edited_first(client: TestClient, rows: Rows) -> None:
    edited: Fields = {
        "chosen": ["minoxidil-topical-solution"],
        "amounts": ["1", "0,5"],
        "times": ["08:00", "07:30", "22:00"],
        "times_of": ["finasteride-oral", *[SOLUTION] * 2],
    }
    assert client.post("/regimen/sets/classic", data=edited).status_code == 303

    lines = sorted((line.at, line.amount) for line in rows(DosageTime))
    assert lines == [(time(7, 30), 0.5), (time(22), 0.5)]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"chosen": []}, "chosen"),
        ({"amounts": ["-1", "1"]}, "amounts-finasteride-oral"),
        ({"amounts": ["1", "many"]}, "amounts-minoxidil-topical-solution"),
        ({"times": ["25:00"], "times_of": [SOLUTION]}, f"times-{SOLUTION}"),
        ({"times": ["08:00", "08:00"], "times_of": [SOLUTION] * 2}, f"times-{SOLUTION}"),
        (
            {
                "times": [f"{hour:02}:00" for hour in range(13)],
                "times_of": [SOLUTION] * 13,
            },
            f"times-{SOLUTION}",
        ),
    ],
)
def test_a_set_that_cannot_be_adds_nothing_and_stays_typed(
    client: TestClient, rows: Rows, fields: Fields, name: str
) -> None:
    typed: Fields = {
        "chosen": ["finasteride-oral", "minoxidil-topical-solution"],
        "amounts": ["1", "1"],
        "times": ["08:00", "08:00", "21:00"],
        "times_of": ["finasteride-oral", SOLUTION, SOLUTION],
        **fields,
    }
    assert_is_refused(client, "/regimen/sets/classic", typed, name)
    # The sentence is at the line it is about, too.
    assert f'id="field-{name}-error"' in client.post("/regimen/sets/classic", data=typed).text

    assert rows(RegimenItem) == []


def test_a_time_is_added_to_an_item_of_a_set_and_what_was_typed_stays(
    client: TestClient, rows: Rows
) -> None:
    address = "/regimen/sets/classic"
    form = {**read(client.get(address)).fields, "amounts": ["1", "0.7"], "more": SOLUTION}
    page = client.post(address, data=form)

    assert page.status_code == 200
    assert rows(RegimenItem) == []
    again = read(page).fields
    assert again["times"] == ["08:00", "08:00", "21:00", ""]
    assert again["times_of"] == ["finasteride-oral", *[SOLUTION] * 3]
    assert again["amounts"] == ["1", "0.7"]


def test_a_page_from_before_the_update_still_says_its_times(client: TestClient, rows: Rows) -> None:
    old = {"chosen": [SOLUTION], "amounts": ["1", "1"], "times": ["08:00", "07:30; 22:00"]}
    assert client.post("/regimen/sets/classic", data=old).status_code == 303

    assert sorted(line.at for line in rows(DosageTime)) == [time(7, 30), time(22)]


def test_nothing_of_a_set_is_due_before_it_was_added(
    client: TestClient, clock: Clock, rows: Rows
) -> None:
    clock.set(datetime(2026, 11, 23, 13, 30, tzinfo=UTC))
    address = "/regimen/sets/classic"
    assert client.post(address, data=read(client.get(address)).fields).status_code == 303

    page = read(client.get("/")).text
    assert "overdue" not in page.lower()
    clock.set(datetime(2026, 11, 24, 9, tzinfo=UTC))
    client.get("/")
    doses = list(csv.DictReader(client.get("/export/doses.csv").text.splitlines()))
    on_the_day = [row for row in doses if row["due_on"] == "2026-11-23"]
    assert [row["due_time"] for row in on_the_day] == ["21:00"]


def test_an_unknown_set_is_not_there(client: TestClient) -> None:
    assert client.get("/regimen/sets/../../etc").status_code == 404
    assert client.get("/regimen/sets/miracle").status_code == 404
    assert client.post("/regimen/sets/miracle").status_code == 404
