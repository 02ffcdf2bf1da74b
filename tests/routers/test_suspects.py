"""What a person put down to an item is shown again, with the dose of that day."""

import re
from datetime import date, timedelta

from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import RegimenItem, SymptomReport, User
from app.records import SYMPTOM_REPORT
from app.services.check_ins import record_symptom
from app.services.dosages import change_dosage
from app.services.versions import bump_regimen_version
from tests.support.clock import NOW
from tests.support.regimens import EVENING, MORNING, add, daily, decided, log_dose, taken

TODAY = NOW.date()


def said(client: TestClient, address: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", client.get(address).text).split())


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def headache(on: date, severity: int, item: RegimenItem) -> SymptomReport:
    return SYMPTOM_REPORT.row(on=on, symptom="headache", severity=severity, regimen_item_id=item.id)


def test_a_suspected_item_is_shown_with_its_dose_at_that_time(
    client: TestClient, session: Session, alice: User
) -> None:
    magnesium = add(session, alice, "Magnesium", daily((EVENING, 1000)))
    zinc = add(session, alice, "Zinc", daily((MORNING, 10)))
    change_dosage(session, magnesium, daily((EVENING, 2000)), ago(5), decided(alice, 5))
    bump_regimen_version(session, alice)
    for days, severity, item in ((9, 1, magnesium), (4, 2, magnesium), (2, 3, magnesium)):
        report = headache(ago(days), severity, item)
        record_symptom(session, alice, report, decided(alice, days))
    record_symptom(session, alice, headache(ago(3), 0, zinc), decided(alice))
    session.commit()

    page = said(client, f"/regimen/{magnesium.id}")
    assert "Headache 1 day at 1,000 mg a day, last on 14 Nov; mild at worst" in page
    assert "Headache 2 days at 2,000 mg a day, last on 21 Nov; severe at worst" in page
    assert "Symptoms you linked" not in said(client, f"/regimen/{zinc.id}")
    trends = said(client, "/trends/3-months")
    assert "Headache, Magnesium 2 days at 2,000 mg a day" in trends
    week = said(client, f"/trends/{ago(7):%G-W%V}")
    assert "2 days at 2,000 mg a day" in week
    assert "1,000 mg a day, last" not in week


def test_an_item_page_tells_whole_days_doses_on_time_and_doses_meant_to_be_taken(
    client: TestClient, session: Session, alice: User
) -> None:
    item = add(session, alice, "Zinc", daily((MORNING, 10), (EVENING, 10)), starts_on=ago(3))
    for at in (MORNING, EVENING):
        log_dose(session, alice, item, taken(ago(2), at, on_time=True), decided(alice, 2 * 1440))
    log_dose(session, alice, item, taken(ago(1), occurred_time=EVENING), decided(alice, 600))
    log_dose(session, alice, item, taken(ago(1), EVENING, status="skipped"), decided(alice, 600))

    page = said(client, f"/regimen/{item.id}")
    assert "Days with all doses taken 1 of 3 (33%)" in page
    assert "On time, within 3 hours" in page
    assert "Taken, skipped doses left out 3 of 5 (60%)" in page
