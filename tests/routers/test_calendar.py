"""The calendar over HTTP: what was taken, what is planned, and one day beside the month."""

import re
from datetime import date, time

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.domain.timing import DoseTime, TimingKind
from app.models import Pause, RegimenItem, User
from app.services.dosages import DosageInput
from tests.routers.pages import TODAY, log
from tests.routers.test_dosages import ONCE
from tests.support.regimens import MORNING, add, daily

MONTH = "/calendar/2026-11"


def label_of(page: str, on: str) -> str:
    """The label of a day of the month for screen readers."""
    (label,) = set(re.findall(rf'(?:/days/|day=){on}"[^>]*aria-label="([^"]*)"', page))
    return str(label)


def test_a_day_to_come_says_how_many_doses_are_planned(
    client: TestClient, minoxidil: RegimenItem, session: Session, alice: User
) -> None:
    add(session, alice, "Finasteride", daily((MORNING, 1)))
    session.commit()
    page = client.get(MONTH).text
    assert label_of(page, "2026-11-25") == "Wednesday, 25 November, 3 doses planned"
    assert page.count('<span class="month__planned" aria-hidden="true">3</span>') == 7
    log(client, minoxidil)
    assert "1 of 3 taken" in label_of(client.get(MONTH).text, TODAY)


def test_the_calendar_shows_what_is_planned_ahead(
    client: TestClient, minoxidil: RegimenItem, session: Session, alice: User
) -> None:
    ahead = {**ONCE, "starts_on": "2026-11-25"}
    assert client.post(f"/regimen/{minoxidil.id}/dosages", data=ahead).status_code == 303
    needling = add(session, alice, "Needling", daily((MORNING, 1)))
    session.add(
        Pause(
            user_id=alice.id,
            regimen_item_id=needling.id,
            starts_on=date(2026, 11, 1),
            ends_on=date(2026, 11, 26),
        )
    )
    alice.regimen_version += 1
    session.add(alice)
    session.commit()
    client.post("/days/2026-11-28/notes", data={"kind": "event", "label": "blood_test"})

    page = client.get(MONTH).text
    coming = page[page.index("Coming up") :]
    texts = re.findall(r'row__name">(.*?)</span>', coming)
    assert "Minoxidil" in texts[0]
    assert texts[1:] == ["Pause of Needling ends", "Blood test"]
    assert "change of plan" in label_of(page, "2026-11-25")
    assert "change of plan" in label_of(page, "2026-11-27")
    assert label_of(page, "2026-11-28").endswith("note")
    assert "Coming up" not in client.get("/calendar/2026-10").text


def test_the_chosen_day_is_beside_the_month(client: TestClient, minoxidil: RegimenItem) -> None:
    log(client, minoxidil, on="2026-11-20")
    client.post("/days/2026-11-20/notes", data={"text": "a walk"})
    page = client.get(f"{MONTH}?day=2026-11-20").text
    chosen = page[page.index('id="chosen"') :]
    assert "Friday, 20 November" in chosen
    assert "1 of 2 taken" in chosen
    assert "a walk" in chosen
    assert 'href="/days/2026-11-20"' in chosen
    assert ">Today</h2>" in client.get(MONTH).text
    assert 'id="chosen"' not in client.get("/calendar/2026-10").text
    assert "Tuesday, 1 December" in client.get("/calendar/2026-12").text


@pytest.mark.parametrize("day", ["2026-12-01", "2026-02-30", "moon"])
def test_a_day_of_another_month_is_not_shown_beside_it(client: TestClient, day: str) -> None:
    response = client.get(f"{MONTH}?day={day}")
    assert response.status_code in {200, 404, 422}
    assert "1 December" not in response.text.split("</table>")[-1]


def test_the_number_of_each_week_ends_its_row(client: TestClient, alice: User) -> None:
    page = client.get(MONTH).text
    ends = re.findall(r'month__week" href="/trends/(2026-W\d+)"[^>]*>(\d+)</a></td>\s*</tr>', page)
    assert ends == [(f"2026-W{week}", str(week)) for week in range(44, 50)]


def test_weeks_that_begin_on_a_sunday_have_the_number_of_their_thursday(
    client: TestClient, alice: User
) -> None:
    client.post("/settings/preferences", data={"first_weekday": "7"})
    page = client.get(MONTH).text
    assert re.findall(r'month__week" href="/trends/2026-W(\d+)"', page) == [
        *("45", "46", "47", "48", "49")
    ]


def test_a_swipe_has_a_month_on_either_side(client: TestClient, alice: User) -> None:
    page = client.get(MONTH).text
    swiped = page[page.index("<swipe-pages>") : page.index("</swipe-pages>")]
    assert re.search(r'href="/calendar/2026-10" rel="prev"', swiped)
    assert re.search(r'href="/calendar/2026-12" rel="next"', swiped)


def test_an_item_of_a_few_days_is_counted_on_those_days_only(
    client: TestClient, session: Session, alice: User
) -> None:
    fridays = DosageInput(unit="mg", kind=TimingKind.WEEKDAYS, times=(DoseTime(time(8), 1, "5"),))
    add(session, alice, "Biotin", fridays)
    session.commit()
    page = client.get(MONTH).text
    assert label_of(page, "2026-11-27").endswith("1 dose planned")
    assert label_of(page, "2026-11-26") == "Thursday, 26 November"
