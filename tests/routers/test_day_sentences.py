"""What a day says of its week, of what is overdue, and of what comes next."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.domain.timing import TimingKind
from app.interchange.csv_export import FILES
from app.models import RegimenItem, User
from app.services.dosages import DosageInput
from tests.routers.pages import TODAY, read
from tests.support.clock import Clock
from tests.support.people import save
from tests.support.regimens import EVENING, MORNING, add, daily, decided, log_dose, taken

MONDAY = date(2026, 11, 23)
LAST_WEEK = [MONDAY - timedelta(days=7 - offset) for offset in range(7)]


def berlin(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC) - timedelta(hours=1)


def said(client: TestClient, address: str = "/") -> str:
    return " ".join(read(client.get(address)).text.split())


def test_a_past_day_tells_the_share_of_its_whole_week(
    client: TestClient, session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    for on in LAST_WEEK[:3]:
        log_dose(session, alice, minoxidil, taken(on))
        log_dose(session, alice, minoxidil, taken(on, EVENING))

    for on in LAST_WEEK:
        assert "43% taken that week." in said(client, f"/days/{on}")
    assert "43 %" in said(client, "/trends/2026-W47").replace("43%", "43 %")
    weeks = client.get("/export/weeks.csv?from=2026-11-16&to=2026-11-16").text.splitlines()
    share = FILES["weeks"].columns.index("taken_of_due")
    assert weeks[1].split(",")[share] == "0.4286"


def test_an_answer_for_tomorrow_is_in_the_week_as_it_is_in_trends(
    client: TestClient, session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, taken(MONDAY, status="skipped"))
    log_dose(session, alice, minoxidil, taken(MONDAY + timedelta(days=1), on_time=True))

    assert "50% taken this week." in said(client)
    assert "1 of 2" in said(client, "/trends")


@pytest.mark.parametrize(("days", "is_share"), [(1, False), (6, False), (7, True)])
def test_a_log_younger_than_a_week_has_no_weekly_share(
    client: TestClient, session: Session, alice: User, days: int, is_share: bool
) -> None:
    began = MONDAY - timedelta(days=days - 1)
    alice.began_on = began
    save(session, alice)
    item = add(session, alice, starts_on=began)
    log_dose(session, alice, item, taken(MONDAY))

    page = said(client)
    waits = f"Your week begins to show after 7 days ({days} of 7)."
    assert ("taken this week" in page, waits in page) == (is_share, not is_share)
    assert "taken that week" not in said(client, f"/days/{began}") or is_share
    trends = said(client, "/trends")
    assert (f"share shown after 7 days ({days} of 7)" in trends) == (not is_share)


def test_the_next_dose_is_in_the_future_and_the_late_one_is_called_overdue(
    client: TestClient, clock: Clock, minoxidil: RegimenItem
) -> None:
    clock.set(berlin(14, 30))
    page = said(client)

    assert "Minoxidil was due at 08:00. Next: Minoxidil at 21:00." in page


def test_several_late_doses_are_counted(
    client: TestClient, session: Session, clock: Clock, alice: User
) -> None:
    add(session, alice, "Zinc", daily((MORNING, 1), (time(9), 1), (time(10), 1)))
    clock.set(berlin(14, 30))
    page = said(client)

    assert "Three doses are overdue, the first since 08:00." in page
    assert "Next:" not in page


def test_a_dose_that_is_due_this_minute_is_neither_late_nor_next(
    client: TestClient, clock: Clock, minoxidil: RegimenItem
) -> None:
    clock.set(berlin(8, 3))

    assert "Minoxidil is due now." in said(client)


def test_a_first_day_that_began_in_the_afternoon_asks_for_the_evening_only(
    client: TestClient, session: Session, clock: Clock, alice: User
) -> None:
    clock.set(berlin(14, 30))
    alice.began_on = MONDAY
    save(session, alice)
    form = {
        **{"name": "Finasteride", "kind": "daily", "starts_on": TODAY, "unit": "mg"},
        **{"times": ["08:00", "21:00"], "amounts": ["1", "1"]},
    }
    answer = client.post("/regimen", data=form)
    assert answer.status_code == 303, read(answer).errors
    page = said(client)

    assert "Next: Finasteride at 21:00." in page
    assert "was due" not in page
    assert "before you started" in page
    assert client.get("/").text.count('data-status="waiting"') == 1
    clock.advance(days=1)
    assert client.get(f"/days/{TODAY}").text.count('data-status="missed"') == 1


def test_a_long_gap_between_doses_as_needed_is_looked_back_for(
    client: TestClient, session: Session, alice: User
) -> None:
    monthly = DosageInput(
        unit="session", kind=TimingKind.AS_NEEDED, usual_amount=1, gap_hours=24 * 20
    )
    item = add(session, alice, "Needling", monthly)
    on = MONDAY - timedelta(days=15)
    log_dose(
        session,
        alice,
        item,
        taken(on, None, occurred_at=berlin(9) - timedelta(days=15)),
        decided(alice, 15 * 24 * 60),
    )

    assert "next from 09:00 on 28 Nov" in said(client)


def test_a_few_times_a_week_counts_the_whole_week_of_a_past_day(
    client: TestClient, session: Session, alice: User
) -> None:
    weekly = DosageInput(unit="wash", kind=TimingKind.FLEXIBLE, usual_amount=1, per_week=2)
    item = add(session, alice, "Ketoconazole", weekly)
    for on in (LAST_WEEK[1], LAST_WEEK[5]):
        log_dose(session, alice, item, taken(on, None, occurred_time=time(9)))

    assert "2 that week" in said(client, f"/days/{LAST_WEEK[2]}")
    assert "0 this week" in said(client)


def test_an_item_with_an_open_dose_does_not_look_taken(
    client: TestClient, session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, taken(MONDAY))
    page = client.get("/trends").text

    assert 'class="shape" data-state="all"' not in page.split('class="key"')[0]
    assert 'aria-label="open"' in page


def test_a_folded_group_shows_only_the_doses_that_count(
    client: TestClient, session: Session, clock: Clock, alice: User, minoxidil: RegimenItem
) -> None:
    clock.set(berlin(14, 30))
    log_dose(session, alice, minoxidil, taken(MONDAY))
    form = {
        **{"name": "Finasteride", "kind": "daily", "starts_on": TODAY, "unit": "mg"},
        **{"times": ["08:00"], "amounts": ["1"]},
    }
    assert client.post("/regimen", data=form).status_code == 303
    fold = client.get("/").text.split("group__glyphs")[1].split("</summary>")[0]

    assert "1 of 1" in said(client)
    assert fold.count('class="glyph') == 1
