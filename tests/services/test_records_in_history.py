"""A write to a record bumps what it makes stale, by any caller; so does an undo."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from app import records
from app.diary.figures import OVER_AFTER
from app.domain.logical_dates import iso_week, logical_date
from app.domain.shedding import CountMethod
from app.models import Dosage, Measurement, NoteKind, RegimenItem, User
from app.photos.store import PhotoStore
from app.records import Record
from app.services.deletions import delete_row
from app.services.dosage_corrections import correct_dosage
from app.services.dosages import change_dosage
from app.services.history import record_version
from app.services.items import ItemEdit, edit_item, link_item, stop_item
from app.services.undo import undo_deletion
from app.services.versions import is_long_past
from tests.support.clock import NOW
from tests.support.databases import Rows, both_databases
from tests.support.regimens import add, daily, decided

TODAY = NOW.date()
LONG_AGO = date(2026, 9, 10)
FIRST, LAST = datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2060-01-01")
NOTHING, PAGES, FIGURES, BOTH = (0, 0), (1, 0), (0, 1), (1, 1)


@pytest.fixture
def minoxidil(session: Session, alice: User) -> RegimenItem:
    return add(session, alice)


def versions(rows: Rows) -> tuple[int, int]:
    """The version of pages and regimen, and that of past figures."""
    (user,) = rows(User)
    return user.regimen_version, user.log_version


def grown(before: tuple[int, int], after: tuple[int, int]) -> tuple[int, int]:
    return after[0] - before[0], after[1] - before[1]


def state_of(record: Record[Any], user: User, item: RegimenItem, on: date) -> dict[str, Any]:
    """A state that each of the records that can be deleted may be in."""
    logged = {"user_id": user.id, "on": on, "iso_week": iso_week(on), "logged_at": NOW}
    owned = {"user_id": user.id, "note": ""}
    states: dict[str, dict[str, Any]] = {
        "note": {**logged, "kind": NoteKind.NOTE, "label": "", "text": "a note"},
        "measurement": {**logged, "time_zone": "Europe/Berlin", "pulse_bpm": 60, "note": ""},
        "shedding_count": {**logged, "method": CountMethod.DAILY, "run": 1, "hairs": 9},
        "photo": {**logged, "view": "frontal", "width": 3, "height": 4, "size_bytes": 5},
        "pause": {**owned, "regimen_item_id": item.id, "starts_on": on, "is_break": False},
        "supply": {
            **owned,
            "regimen_item_id": item.id,
            "kind": "pack",
            "on": on,
            "at": NOW,
            "packs": 1,
            "amount": 60,
            "unit": "mL",
            "logged_at": NOW,
        },
        "medicine": {**owned, "name": "Iron", "kind": "", "times": ()},
        "apart_rule": {**owned, "first_item_id": item.id, "second_item_id": item.id, "hours": 2},
    }
    return states[record.kind]


@both_databases
@pytest.mark.parametrize(
    ("record", "on", "bumped"),
    [
        (records.NOTE, LONG_AGO, NOTHING),
        (records.MEASUREMENT, LONG_AGO, FIGURES),
        (records.MEASUREMENT, TODAY, NOTHING),
        (records.SHEDDING_COUNT, LONG_AGO, FIGURES),
        (records.PAUSE, TODAY, BOTH),
        (records.SUPPLY, LONG_AGO, PAGES),
        (records.MEDICINE, TODAY, PAGES),
        (records.APART_RULE, TODAY, PAGES),
    ],
    ids=lambda each: each.kind if isinstance(each, Record) else str(each),
)
def test_a_write_its_deletion_and_the_undo_bump_what_the_record_says(
    session: Session,
    rows: Rows,
    tmp_path: Path,
    alice: User,
    minoxidil: RegimenItem,
    record: Record[Any],
    on: date,
    bumped: tuple[int, int],
) -> None:
    row_id = uuid4()
    state = state_of(record, alice, minoxidil, on)
    deleting, undoing = decided(alice, 2), decided(alice, 1)
    seen = [versions(rows)]

    assert record_version(session, decided(alice, 3), record, {"id": row_id}, state)
    session.commit()
    seen.append(versions(rows))
    assert delete_row(session, record, row_id, deleting)
    session.commit()
    seen.append(versions(rows))
    assert rows(record.table) == []
    undo_deletion(session, alice, PhotoStore(tmp_path), deleting.entry_id, undoing)
    session.commit()
    seen.append(versions(rows))

    assert [grown(*each) for each in pairwise(seen)] == [bumped] * 3
    (restored,) = rows(record.table)
    assert {name: getattr(restored, name) for name in state} == state


def test_a_reading_that_moves_from_a_day_long_past_drops_its_figures(
    session: Session, rows: Rows, alice: User
) -> None:
    reading, record = UUID(int=5), records.MEASUREMENT
    old = {"on": LONG_AGO, "iso_week": iso_week(LONG_AGO)}
    new = {"on": TODAY, "iso_week": iso_week(TODAY)}
    base = {"user_id": alice.id, "time_zone": "UTC", "pulse_bpm": 60, "note": "", "logged_at": NOW}
    record_version(session, decided(alice, 3), record, {"id": reading}, {**base, **old})
    session.commit()
    before = versions(rows)

    record_version(session, decided(alice, 2), record, {"id": reading}, {**base, **new})
    session.commit()

    assert grown(before, versions(rows)) == FIGURES
    assert [each.on for each in rows(Measurement)] == [TODAY]


def test_a_replay_and_an_outdated_decision_bump_nothing(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    pause, record = uuid4(), records.PAUSE
    state = state_of(record, alice, minoxidil, TODAY)
    newest = decided(alice, 1)
    record_version(session, newest, record, {"id": pause}, state)
    session.commit()
    before = versions(rows)

    record_version(session, newest, record, {"id": pause}, state)
    older = {**state, "starts_on": TODAY - timedelta(days=3)}
    record_version(session, decided(alice, 9), record, {"id": pause}, older)
    session.commit()

    assert versions(rows) == before


def change_the_dose(session: Session, user: User, item: RegimenItem) -> None:
    change_dosage(session, item, daily((time(9), 2), unit="mL"), TODAY, decided(user, 1))


def correct_the_dose(session: Session, user: User, item: RegimenItem) -> None:
    (dosage,) = session.exec(Dosage.of_item(item.id))
    correct_dosage(session, dosage, daily((time(9), 2), unit="mL"), decided(user, 1))


def stop(session: Session, user: User, item: RegimenItem) -> None:
    stop_item(session, item, TODAY, "", decided(user, 1))


def rename(session: Session, user: User, item: RegimenItem) -> None:
    edit_item(session, item, ItemEdit(name="Another name"), decided(user, 1))


def say_what_it_is(session: Session, user: User, item: RegimenItem) -> None:
    link_item(session, item, None, "mL", decided(user, 1))


@pytest.mark.parametrize(
    ("write", "figures_too"),
    [
        (change_the_dose, True),
        (correct_the_dose, True),
        (stop, True),
        (rename, False),
        (say_what_it_is, False),
    ],
)
def test_a_service_that_changes_an_item_needs_no_caller_to_drop_what_is_cached(
    session: Session,
    rows: Rows,
    alice: User,
    minoxidil: RegimenItem,
    write: Callable[[Session, User, RegimenItem], None],
    figures_too: bool,
) -> None:
    before = versions(rows)

    write(session, alice, minoxidil)
    session.commit()

    pages, figures = grown(before, versions(rows))
    assert pages > 0
    assert (figures > 0) == figures_too


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin"])
@given(now=st.datetimes(timezones=st.just(UTC), min_value=FIRST, max_value=LAST))
def test_every_day_of_a_week_that_may_be_cached_is_long_past_in_every_zone(
    zone: str, now: datetime
) -> None:
    today = logical_date(now, ZoneInfo(zone), time(3))
    newest_cached = today - OVER_AFTER - timedelta(days=1)

    assert is_long_past(newest_cached, now)
