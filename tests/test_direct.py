"""Statements that go straight to the driver say what a session says, in its transaction."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.db import reading, upsert, writing
from app.db.direct import execute_prepared, fetch, fetch_outside_transaction
from app.domain.applications import Zone
from app.domain.ledger import DoseStatus
from app.domain.logical_dates import iso_week
from app.models import CheckIn, DoseEvent, Note, NoteKind, SymptomReport, User
from app.models.check_in import TrackedSymptom
from app.services.history import lock_user
from tests.support.clock import NOW
from tests.support.databases import Rows, both_databases, on_postgresql
from tests.support.regimens import add

TODAY = NOW.date()
WEEK_AGO = TODAY - timedelta(days=7)


@pytest.fixture
def logged(session: Session, alice: User) -> User:
    """Alice, with a row of everything that a day shows."""
    minoxidil = add(session, alice, "Minoxidil 5 %")
    day: dict[str, Any] = {
        "user_id": alice.id,
        "on": TODAY,
        "iso_week": iso_week(TODAY),
        "logged_at": NOW,
    }
    session.add(CheckIn(id=uuid4(), mood=4, note="ärger", **day))
    session.add(SymptomReport(id=uuid4(), symptom="headache", severity=2, **day))
    session.add(Note(id=uuid4(), kind=NoteKind.EVENT, label="fever", **day))
    session.add(TrackedSymptom(user_id=alice.id, slug="headache"))
    session.add(
        DoseEvent(
            id=uuid4(),
            user_id=alice.id,
            regimen_item_id=minoxidil.id,
            due_on=TODAY,
            iso_week=iso_week(TODAY),
            status=DoseStatus.TAKEN,
            occurred_at=NOW,
            logged_at=NOW,
            time_zone="Europe/Berlin",
            amount=0.5,
            unit="mL",
            zones=(Zone.TEMPLES, Zone.CROWN),
        )
    )
    session.commit()
    return alice


@both_databases
@pytest.mark.parametrize("table", [CheckIn, SymptomReport, Note])
def test_a_row_is_read_as_a_session_reads_it(
    engine: Engine, logged: User, table: type[CheckIn] | type[SymptomReport] | type[Note]
) -> None:
    with reading(engine) as session:
        (expected,) = session.exec(table.between(logged.id, WEEK_AGO, TODAY))
        (found,) = fetch(session, table.between, logged.id, WEEK_AGO, TODAY)

    assert found.model_dump() == expected.model_dump()
    assert inspect(found).detached


def test_columns_are_read_as_a_session_reads_them(engine: Engine, logged: User) -> None:
    with reading(engine) as session:
        statement = DoseEvent.due_between(logged.id, WEEK_AGO, TODAY)
        expected = [tuple(row) for row in session.execute(statement)]

        assert fetch(session, DoseEvent.due_between, logged.id, WEEK_AGO, TODAY) == expected


def test_what_a_session_has_not_sent_yet_is_found(session: Session, alice: User) -> None:
    session.add(TrackedSymptom(user_id=alice.id, slug="gi_upset"))

    assert [each.slug for each in fetch(session, TrackedSymptom.of_user, alice.id)] == ["gi_upset"]


def test_one_commit_is_for_both_and_so_is_undoing(
    session: Session, alice: User, rows: Rows
) -> None:
    check_in = {
        "id": uuid4(),
        "user_id": alice.id,
        "on": TODAY,
        "iso_week": iso_week(TODAY),
        "mood": 3,
        "logged_at": NOW,
    }
    assert upsert(session, CheckIn, check_in)
    session.add(TrackedSymptom(user_id=alice.id, slug="gi_upset"))
    session.rollback()

    assert rows(CheckIn) == []
    assert rows(TrackedSymptom) == []

    session.add(TrackedSymptom(user_id=alice.id, slug="gi_upset"))
    assert upsert(session, CheckIn, check_in)
    session.commit()

    assert len(rows(CheckIn)) == len(rows(TrackedSymptom)) == 1


def test_reading_alone_holds_no_lock(engine: Engine, logged: User) -> None:
    with writing(engine) as first, writing(engine) as second:
        fetch_outside_transaction(first, TrackedSymptom.of_user, logged.id)
        second.add(TrackedSymptom(user_id=logged.id, slug="gi_upset"))
        second.commit()

        assert len(fetch_outside_transaction(first, TrackedSymptom.of_user, logged.id)) == 2


def test_an_error_is_translated_as_by_a_session_and_names_no_values(
    session: Session, alice: User
) -> None:
    nobodys = {"id": uuid4(), "user_id": uuid4(), "on": TODAY, "iso_week": 1, "logged_at": NOW}

    with pytest.raises(IntegrityError) as caught:
        upsert(session, CheckIn, {**nobodys, "note": "a secret"})

    assert "a secret" not in str(caught.value)


def test_a_statement_without_columns_is_run_too(session: Session) -> None:
    assert len(execute_prepared(session, text("SELECT 1"), {})) == 1


@on_postgresql
def test_a_transaction_takes_each_lock_once_and_the_next_one_again(
    engine: Engine, alice: User, bob: User
) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        asked.append(sql)

    event.listen(engine, "before_cursor_execute", note)
    with writing(engine) as session:
        for user in (alice, alice, bob, alice):
            lock_user(session, user.id)
        session.commit()
        lock_user(session, alice.id)
        session.rollback()
        lock_user(session, alice.id)
    event.remove(engine, "before_cursor_execute", note)

    assert len([sql for sql in asked if "pg_advisory_xact_lock" in sql]) == 4
