"""Ready-made sets: edited before they are saved, all of it or nothing."""

from datetime import time

import pytest
from fastapi.testclient import TestClient

from app.domain.catalogue import SETS
from app.models import DosageTime, RegimenItem
from tests.rigs.databases import Rows
from tests.routers.pages import assert_is_refused, read

Fields = dict[str, str | list[str]]


@pytest.mark.parametrize("set_id", [each.id for each in SETS])
def test_every_set_can_be_added_as_it_is_offered(
    client: TestClient, rows: Rows, set_id: str
) -> None:
    form = read(client.get(f"/regimen/sets/{set_id}")).fields
    offered = {name: form[name] for name in ("chosen", "amounts", "times")}
    response = client.post(f"/regimen/sets/{set_id}", data=offered)

    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert {item.catalogue_id for item in rows(RegimenItem)} == set(offered["chosen"])
    assert client.get("/").status_code == 200


def test_amounts_and_times_of_a_set_are_edited_first(client: TestClient, rows: Rows) -> None:
    edited: Fields = {
        "chosen": ["minoxidil-topical-solution"],
        "amounts": ["1", "0,5"],
        "times": ["08:00", "07:30; 22:00"],
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
        ({"times": ["08:00", "25:00"]}, "times-minoxidil-topical-solution"),
        ({"times": ["08:00", "08:00 08:00"]}, "times-minoxidil-topical-solution"),
        (
            {"times": ["08:00", " ".join(f"{hour:02}:00" for hour in range(13))]},
            "amounts-minoxidil-topical-solution",
        ),
    ],
)
def test_a_set_that_cannot_be_adds_nothing_and_stays_typed(
    client: TestClient, rows: Rows, fields: Fields, name: str
) -> None:
    typed: Fields = {
        "chosen": ["finasteride-oral", "minoxidil-topical-solution"],
        "amounts": ["1", "1"],
        "times": ["08:00", "08:00, 21:00"],
        **fields,
    }
    assert_is_refused(client, "/regimen/sets/classic", typed, name)
    # The sentence stands at the line it is about, too.
    assert f'id="field-{name}-error"' in client.post("/regimen/sets/classic", data=typed).text

    assert rows(RegimenItem) == []


def test_an_unknown_set_is_not_there(client: TestClient) -> None:
    assert client.get("/regimen/sets/../../etc").status_code == 404
    assert client.get("/regimen/sets/miracle").status_code == 404
    assert client.post("/regimen/sets/miracle").status_code == 404
