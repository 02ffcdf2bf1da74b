"""A page asks the database as often for a year of fifteen items as for a week of one."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from app.domain.ledger import DoseStatus
from app.domain.logical_dates import iso_week
from app.domain.photo_views import PhotoView
from app.domain.shedding import CountMethod
from app.domain.supply import SupplyKind
from app.models import (
    ApartRule,
    DoseEvent,
    Medicine,
    Note,
    NoteKind,
    Pause,
    ProgressPhoto,
    RegimenItem,
    SheddingCount,
    SupplyEntry,
    SymptomReport,
    User,
)
from tests.routers.pages import TODAY
from tests.support.clock import NOW
from tests.support.queries import count_queries
from tests.support.regimens import MORNING, add

ADDRESSES = [
    "/",
    f"/days/{TODAY}",
    "/days/2026-11-20",
    "/calendar/2026-11",
    "/regimen",
    "/regimen/{item}",
    "/regimen/{item}/supply/new",
    "/regimen/shopping",
    "/regimen/packing",
    "/regimen/totals",
    f"/days/{TODAY}/lab-list",
    "/regimen/hours-apart",
    "/regimen/hours-apart/new",
    "/regimen/medicines",
    "/notes",
    "/photos",
    f"/days/{TODAY}/photos/new",
    f"/days/{TODAY}/check-in",
    "/export",
    "/phone",
    "/trends",
    "/trends/3-months",
    "/trends/year",
    "/trends/all",
    "/trends/dates?from=2026-10-01&to=2026-10-20",
    "/shedding",
    f"/days/{TODAY}/shedding/sixty_second",
]


def logged(user: User, item: RegimenItem, first: date, days: int) -> Iterator[DoseEvent]:
    for on in (first + timedelta(days=offset) for offset in range(days)):
        yield DoseEvent(
            id=uuid4(),
            user_id=user.id,
            regimen_item_id=item.id,
            due_on=on,
            due_time=MORNING,
            iso_week=iso_week(on),
            status=DoseStatus.TAKEN,
            occurred_at=NOW,
            logged_at=NOW,
            time_zone="Europe/Berlin",
            amount=1,
            unit="mL",
        )


def live(session: Session, user: User, *, items: int, days: int) -> RegimenItem:
    """Somebody who takes so many items, and has logged them for so many days."""
    first = date(2026, 11, 23) - timedelta(days=days - 1)
    user.began_on = first
    session.add(user)
    session.commit()
    rows = [add(session, user, f"Item {number}", starts_on=first) for number in range(items)]
    for number, item in enumerate(rows):
        medicine = Medicine(id=uuid4(), user_id=user.id, name=f"Medicine {number}")
        medicine.times = (time(7),)
        session.add(medicine)
        session.commit()
        rule = ApartRule(id=uuid4(), user_id=user.id, hours=4)
        rule.first_item_id, rule.second_medicine_id = item.id, medicine.id
        session.add(rule)
        session.add_all(logged(user, item, first, days))
        pack = SupplyEntry(
            id=uuid4(),
            user_id=user.id,
            regimen_item_id=item.id,
            kind=SupplyKind.PACK,
            at=NOW - timedelta(days=days),
            on=first,
            amount=60,
            unit="mL",
            logged_at=NOW,
        )
        session.add(pack)
        session.add(Pause(user_id=user.id, regimen_item_id=item.id, starts_on=first, ends_on=first))
    for on in (first + timedelta(days=offset) for offset in range(days)):
        week: dict[str, Any] = {
            "user_id": user.id,
            "on": on,
            "iso_week": iso_week(on),
            "logged_at": NOW,
        }
        session.add(Note(id=uuid4(), kind=NoteKind.NOTE, text="a note", **week))
        for view in PhotoView:
            file: dict[str, Any] = {"width": 3, "height": 4, "size_bytes": 5}
            session.add(ProgressPhoto(id=uuid4(), view=view, **file, **week))
        session.add(SymptomReport(id=uuid4(), symptom="headache", severity=1, **week))
        session.add(SheddingCount(id=uuid4(), method=CountMethod.SIXTY_SECOND, hairs=12, **week))
    session.commit()
    return rows[0]


@pytest.mark.slow
def test_a_page_asks_no_more_often_when_there_is_more(
    client: TestClient,
    bobs_client: TestClient,
    engine: Engine,
    session: Session,
    alice: User,
    bob: User,
) -> None:
    little = live(session, alice, items=1, days=7)
    much = live(session, bob, items=15, days=100)

    asked: dict[str, list[int]] = {}
    for address in ADDRESSES:
        for browser, item in ((client, little), (bobs_client, much)):
            with count_queries(engine) as queries:
                assert browser.get(address.format(item=item.id)).status_code == 200
            asked.setdefault(address, []).append(len(queries))

    too_many = {each: (few, many) for each, (few, many) in asked.items() if not many <= few <= 20}
    assert too_many == {}


def test_a_day_without_imports_asks_for_no_imported_slots(
    client: TestClient, session: Session, engine: Engine, alice: User
) -> None:
    add(session, alice, "Finasteride", starts_on=alice.began_on - timedelta(days=100))
    client.get("/")
    with count_queries(engine) as queries:
        client.get("/")

    assert not [each for each in queries if "imported_slot" in each]
