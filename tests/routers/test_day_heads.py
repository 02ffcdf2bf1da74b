"""What a day is called, what it folds, and what it offers: yesterday, today, tomorrow."""

from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import DoseEvent, RegimenItem, User
from app.web.pages.day.page import day_eyebrow, day_title
from tests.routers.pages import TODAY, TOMORROW, YESTERDAY, log, read
from tests.routers.test_dose_events import AS_NEEDED
from tests.support.clock import Clock
from tests.support.databases import Rows
from tests.support.regimens import add

HINT = "Tap the circle when you’ve taken it"


@pytest.mark.parametrize(
    ("on", "title", "eyebrow"),
    [
        (date(2026, 11, 23), "Today", "Monday, 23 November"),
        (date(2026, 11, 24), "Tomorrow", "Tuesday, 24 November"),
        (date(2026, 11, 22), "Yesterday", "Sunday, 22 November"),
        (date(2026, 11, 25), "Wednesday, 25 November", "In 2 days"),
        (date(2026, 11, 3), "Tuesday, 3 November", "20 days ago"),
        (date(2025, 11, 3), "Monday, 3 November", "2025"),
        (date(2027, 1, 1), "Friday, 1 January", "2027"),
    ],
)
def test_a_day_is_called_as_people_call_it_without_this_years_number(
    on: date, title: str, eyebrow: str
) -> None:
    today = date(2026, 11, 23)
    assert (day_title(on, today), day_eyebrow(on, today)) == (title, eyebrow)


def test_the_days_around_the_turn_of_a_year_are_near() -> None:
    assert day_title(date(2026, 12, 31), date(2027, 1, 1)) == "Yesterday"
    assert day_eyebrow(date(2026, 12, 31), date(2027, 1, 1)) == "Thursday, 31 December"


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("on", [TOMORROW, "2026-12-01"])
def test_a_day_to_come_shows_its_plan_and_nothing_to_press(
    client: TestClient,
    session: Session,
    alice: User,
    minoxidil: RegimenItem,
    on: str,
    is_large: bool,
) -> None:
    add(session, alice, "Ibuprofen", AS_NEEDED)
    session.get_one(User, alice.id).preferences.is_large = is_large
    session.commit()
    page = read(client.get(f"/days/{on}"))

    assert not [each for each in page.buttons if each.startswith("status=")]
    assert "Minoxidil" in page.text
    for offer in ("Take all", "How was", "Save note", "of 1 today"):
        assert offer not in page.text
    text = client.get(f"/days/{on}").text
    assert 'class="check"' not in text
    for sheet in (f"/days/{on}/doses/{minoxidil.id}/08:00", f"/days/{on}/as-needed"):
        buttons = read(client.get(sheet)).buttons
        assert not [each for each in buttons if each.startswith("status=")]


def test_what_a_phone_logged_for_tomorrow_is_taken_and_shown(
    client: TestClient, rows: Rows, minoxidil: RegimenItem
) -> None:
    assert log(client, minoxidil, on=TOMORROW, time_choice="on_time").status_code == 303

    assert len(rows(DoseEvent)) == 1
    assert 'data-status="taken"' in client.get(f"/days/{TOMORROW}").text


def test_the_plan_kept_for_a_dead_zone_can_be_logged_when_its_day_has_come(
    client: TestClient, minoxidil: RegimenItem
) -> None:
    page = read(client.get(f"/days/{TOMORROW}?ahead=yes"))
    assert "status=taken" in page.buttons


def test_what_is_answered_folds_to_one_line_on_today_alone(
    client: TestClient, session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    zinc = add(session, alice, "Zinc")
    log(client, minoxidil, time_choice="other", occurred_time="08:06")
    assert "<details" not in groups(client.get("/").text)
    log(client, zinc, status="skipped")

    folded = groups(client.get("/").text)
    assert '<details class="group group--done" id="group-morning">' in folded
    assert "1 of 2, 08:06" in folded
    assert 'id="group-evening"' in folded.replace("<details", "", 1)
    log(client, minoxidil, on=YESTERDAY)
    log(client, zinc, on=YESTERDAY)
    assert "<details" not in groups(client.get(f"/days/{YESTERDAY}").text)


def groups(text: str) -> str:
    """The page without what folds elsewhere."""
    return text[text.index("data-summary") : text.index('id="check-in"')]


def test_what_is_overdue_is_called_so(
    client: TestClient, clock: Clock, minoxidil: RegimenItem
) -> None:
    clock.set(datetime(2026, 11, 23, 13, tzinfo=UTC))
    page = client.get("/").text

    assert "was due at 08:00" in page
    assert "due 21:00" in page


def test_one_hint_at_a_time_and_none_of_tapping_after_the_first_tap(
    client: TestClient, session: Session, alice: User, clock: Clock
) -> None:
    item = add(session, alice, starts_on=date.fromisoformat(TODAY))
    first = client.get("/").text
    assert HINT in first
    assert first.index('class="check"') < first.index(HINT)
    log(client, item, at="21:00")
    assert "banner hint" not in client.get("/").text

    clock.set(datetime(2026, 11, 24, 20, 41, tzinfo=UTC))
    assert "banner hint" not in client.get("/").text
    log(client, item, on=TOMORROW, at="21:00")
    assert "Works offline on your phone" in client.get("/").text


def test_a_day_before_the_log_offers_only_to_begin_earlier(client: TestClient, alice: User) -> None:
    page = client.get(f"/days/{alice.began_on - timedelta(days=1)}").text

    assert "This day is before your log began." in page
    assert 'href="/settings/first-day"' in page
    for nothing_to_do in ["What do you take?", "How was that day?", "only you see this"]:
        assert nothing_to_do not in page
