"""The page of the first day."""

from fastapi.testclient import TestClient

from app.models import User
from tests.routers.pages import assert_is_refused, read
from tests.support.databases import Rows


def test_the_first_day_is_shown_and_moved_back(client: TestClient, rows: Rows) -> None:
    assert read(client.get("/settings/first-day")).fields["began_on"] == ["2026-09-01"]
    assert client.post("/settings/first-day", data={"began_on": "2025-03-01"}).status_code == 303

    assert str(rows(User)[0].began_on) == "2025-03-01"
    assert "1 Mar 2025" in client.get("/settings").text
    assert client.get("/days/2025-03-02").status_code == 200


def test_a_first_day_that_cannot_be_is_named(client: TestClient) -> None:
    assert_is_refused(client, "/settings/first-day", {"began_on": "2027-01-01"}, "began_on")
