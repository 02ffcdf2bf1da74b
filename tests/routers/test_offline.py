"""What a device keeps: the plan, the days ahead, and the files that install the app."""

import json
import re
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.models import RegimenItem, User
from app.web.http.deps import DAYS_AHEAD
from tests.routers.pages import TODAY, Response, log
from tests.support.clock import NOW, Clock

TOMORROW = date(2026, 11, 24)


def plan_of(client: TestClient) -> dict[str, Any]:
    plan: dict[str, Any] = client.get("/offline/plan").json()
    return plan


def test_the_plan_holds_a_week_of_days_and_every_page_of_it_is_there(
    client: TestClient, minoxidil: RegimenItem, alice: User
) -> None:
    plan = plan_of(client)

    assert plan["account"] == str(alice.id)
    assert [day["url"] for day in plan["days"]] == [
        f"/days/{date(2026, 11, 23) + timedelta(days=ahead)}" for ahead in range(DAYS_AHEAD + 1)
    ]
    assert f"/days/{TODAY}/doses/{minoxidil.id}/08%3A00" in plan["pages"]
    assert f"/days/{TOMORROW}/doses/{minoxidil.id}/21%3A00" in plan["pages"]
    assert {f"/days/{on}/take-all/evening" for on in (TODAY, TOMORROW)} <= {*plan["pages"]}
    for address in [*plan["pages"], *(day["url"] for day in plan["days"])]:
        page = client.get(address, follow_redirects=True)
        assert page.status_code == 200, address
        assert page.headers["strand-edition"] == plan["edition"]


def test_a_day_of_the_plan_ends_where_the_persons_own_day_turns(client: TestClient) -> None:
    ends = [
        datetime.fromtimestamp(day["ends_at"] / 1000, NOW.tzinfo) for day in plan_of(client)["days"]
    ]

    assert (ends[0].hour, ends[0].date()) == (2, TOMORROW)  # 03:00 in Berlin, in winter
    assert {(later - earlier) for earlier, later in pairwise(ends)} == {timedelta(days=1)}


def test_a_day_ahead_is_shown_as_it_will_be_when_it_begins(
    client: TestClient, minoxidil: RegimenItem
) -> None:
    page = client.get(f"/days/{TOMORROW}?ahead=yes").text

    assert f'data-today="{TOMORROW}"' in page
    assert page.count('data-status="waiting"') == 2
    assert 'name="status" value="taken"' in page


@pytest.mark.parametrize("on", ["2026-11-22", "2026-12-01", "2026-11-31"])
def test_days_that_are_over_or_too_far_ahead_are_not_shown_so(client: TestClient, on: str) -> None:
    assert client.get(f"/days/{on}?ahead=yes").status_code == 404


def test_every_sheet_of_tomorrow_is_there_as_it_will_be_when_tomorrow_begins(
    client: TestClient, minoxidil: RegimenItem
) -> None:
    sheets = [page for page in plan_of(client)["pages"] if page.startswith(f"/days/{TOMORROW}/")]
    assert len(sheets) > 2
    for address in sheets:
        ahead = f"{address}{'&' if '?' in address else '?'}ahead=yes"
        page = client.get(ahead, follow_redirects=True)
        assert page.status_code == 200, address
        assert f'data-today="{TOMORROW}"' in page.text, address
    dose = f"/days/{TOMORROW}/doses/{minoxidil.id}/08:00"
    assert "Skip this dose" not in client.get(dose).text
    assert "Skip this dose" in client.get(f"{dose}?ahead=yes").text


def test_a_page_that_is_of_no_day_cannot_be_shown_as_of_a_day_ahead(client: TestClient) -> None:
    assert client.get("/regimen?ahead=yes").status_code == 404


def test_another_regimen_day_or_person_is_another_edition(
    client: TestClient, bobs_client: TestClient, clock: Clock, minoxidil: RegimenItem
) -> None:
    def edition(browser: TestClient) -> tuple[str, str]:
        headers = browser.get("/").headers
        return headers["strand-account"], headers["strand-edition"]

    seen = {edition(client), edition(bobs_client)}
    log(client, minoxidil)
    assert edition(client) in seen
    client.post(f"/regimen/{minoxidil.id}/stop", data={"ends_on": "2026-12-24"})
    seen.add(edition(client))
    clock.advance(days=1)
    seen.add(edition(client))
    assert len(seen) == 4


def test_what_everybody_may_have_says_nothing_of_anybody(
    client: TestClient, anonymous: TestClient, minoxidil: RegimenItem, alice: User
) -> None:
    for address in ("/manifest.webmanifest", "/service-worker.js", "/offline"):
        told = anonymous.get(address)
        assert told.status_code == 200
        assert told.text == client.get(address).text
        assert "strand-account" not in told.headers
        assert minoxidil.name not in told.text
        assert str(alice.id) not in told.text


def test_the_worker_keeps_every_file_of_the_program_by_its_digest(client: TestClient) -> None:
    source = client.get("/service-worker.js").text
    told = json.loads(source.split("\n", 1)[0].removeprefix("const TOLD = "))

    page = client.get("/").text
    needed = set(re.findall(r'(?:href|src)="([^"]+\?v=[0-9a-f]+)', page))
    modules = json.loads(re.findall(r'<script type="importmap">(.*?)</script>', page)[0])["imports"]
    needed |= {url for url in modules.values() if "worker.js" not in url}
    assert {url for url in needed if "apple" not in url} <= set(told["shell"])
    for address in told["shell"]:
        assert client.get(address).status_code == 200
    for path in re.findall(r'from "([^"]+)"', source):
        assert client.get(path).status_code == 200


def log_by_clock(client: TestClient, item: RegimenItem, told: str) -> Response:
    """Log a dose as a device does whose clock says `told`, in milliseconds."""
    headers: dict[str, str | bytes] = {
        "outbox-entry": "4f1c8a52-2a7b-4f3e-9c55-0b8c1f6f2f11",
        "outbox-clock": told.encode(),
    }
    data = {"due_on": TODAY, "due_time": "08:00", "status": "taken"}
    return client.post(f"/regimen/{item.id}/doses", data=data, headers=headers)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("minutes", "status"), [(-180, 409), (-60, 409), (-59, 204), (0, 204), (59, 204), (61, 409)]
)
def test_a_device_whose_clock_is_off_by_an_hour_is_asked_about(
    client: TestClient, minoxidil: RegimenItem, clock: Clock, minutes: int, status: int
) -> None:
    device = clock.now + timedelta(minutes=minutes)
    response = log_by_clock(client, minoxidil, str(int(device.timestamp() * 1000)))

    assert response.status_code == status
    if status == 409:
        told = int(response.headers["strand-clock"]) / 1000
        assert abs(told - clock.now.timestamp()) < 1


@pytest.mark.parametrize("told", ["", "noon", "-1", "1e12", "9" * 40, "\u0663"])
def test_a_clock_that_tells_no_time_is_not_asked_about(
    client: TestClient, minoxidil: RegimenItem, told: str
) -> None:
    assert log_by_clock(client, minoxidil, told).status_code == 204


def test_what_is_shared_without_a_worker_leads_to_the_photos(client: TestClient) -> None:
    files = {"photo": ("a.jpg", b"not looked at", "image/jpeg")}
    response = client.post("/photos/share", files=files, follow_redirects=False)

    assert (response.status_code, response.headers["location"]) == (303, "/photos")
