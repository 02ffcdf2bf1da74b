"""Connections that wait for the next request are as good as new ones."""

from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError, UnboundExecutionError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from app.db import IDLE, reading, sqlite_module, writing
from app.db.direct import ConnectionSession, begin, execute_raw
from app.models import User
from app.services.history import begin_turn, lock_user
from tests.support.databases import Rows, on_postgresql, on_sqlite

RENAME = text("UPDATE user_account SET name = 'Alicia'")


def driver_of(session: Session) -> Any:
    assert isinstance(session, ConnectionSession)
    return session.shared.connection.driver_connection


def checked_out(engine: Engine) -> int:
    assert isinstance(engine.pool, QueuePool)
    return engine.pool.checkedout()


@on_sqlite
def test_one_connection_serves_reader_and_writer_one_after_the_other(engine: Engine) -> None:
    with reading(engine) as session:
        first = driver_of(session)
    with writing(engine) as session:
        second = driver_of(session)
    with reading(engine) as session:
        third = driver_of(session)

    assert first is second is third
    assert len(IDLE[engine]) == checked_out(engine) == 1


@on_sqlite
def test_two_at_once_have_a_connection_each(engine: Engine) -> None:
    with reading(engine) as one, reading(engine) as other:
        assert driver_of(one) is not driver_of(other)
    assert len(IDLE[engine]) == 2


@on_sqlite
def test_a_reader_after_a_writer_takes_no_lock(engine: Engine) -> None:
    with writing(engine) as session:
        begin(session)
    with writing(engine) as other:
        begin(other)
        with reading(engine) as session:
            begin(session)
            assert session.execute(text("SELECT 1")).scalar() == 1


@on_sqlite
def test_what_was_not_committed_is_undone_before_the_next_request(
    engine: Engine, session: Session, alice: User, rows: Rows
) -> None:
    session.close()
    for _each in range(2):
        with writing(engine) as left:
            left.execute(RENAME)
        assert [user.name for user in rows(User)] == ["Alice"]
    with writing(engine) as left:
        begin(left)
        assert isinstance(left, ConnectionSession)
        execute_raw(left.shared, str(RENAME))

    assert [user.name for user in rows(User)] == ["Alice"]
    assert alice.name == "Alice"


@on_sqlite
def test_a_transaction_behind_the_back_of_its_session_is_undone_too(
    engine: Engine, session: Session, alice: User, rows: Rows
) -> None:
    session.close()
    with writing(engine) as left:
        driver_of(left).execute("BEGIN IMMEDIATE")
        driver_of(left).execute(str(RENAME))

    assert len(IDLE[engine]) == 0
    assert [user.name for user in rows(User)] == [alice.name]


@on_sqlite
def test_a_session_that_is_over_cannot_reach_the_connection_of_the_next_one(
    engine: Engine, session: Session, alice: User
) -> None:
    session.close()
    with reading(engine) as earlier:
        user = earlier.get_one(User, alice.id)
    assert isinstance(earlier, ConnectionSession)

    assert earlier.is_over
    assert user not in earlier
    with reading(engine), pytest.raises(UnboundExecutionError):
        earlier.get(User, alice.id)
    earlier.close()
    assert len(IDLE[engine]) == 1


@on_sqlite
def test_half_of_the_pool_stays_open_at_most(engine: Engine) -> None:
    with ExitStack() as sessions:
        for _each in range(8):
            sessions.enter_context(reading(engine))
        assert checked_out(engine) == 8

    assert len(IDLE[engine]) == checked_out(engine) == 5


@on_sqlite
def test_after_a_trouble_with_one_connection_no_other_is_used_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise sqlite_module().OperationalError("disk I/O error")

    with reading(engine) as one, reading(engine) as other, reading(engine) as third:
        before = [driver_of(session) for session in (one, other, third)]
    with reading(engine), reading(engine) as broken, monkeypatch.context() as disk:
        disk.setattr(engine.dialect, "do_execute", fail)
        with pytest.raises(OperationalError):
            broken.execute(text("SELECT 1"))

    assert len(IDLE[engine]) == checked_out(engine) == 0
    with reading(engine) as later:
        assert driver_of(later) not in before


@on_sqlite
def test_a_commit_that_fails_on_a_full_disk_leaves_nothing_to_the_next_request(
    engine: Engine, session: Session, alice: User, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(driver: Any) -> None:
        # SQLite itself undoes a transaction whose commit finds the disk full.
        driver.rollback()
        raise sqlite_module().OperationalError("database or disk is full")

    session.close()
    with writing(engine) as full, monkeypatch.context() as disk:
        disk.setattr(engine.dialect, "do_commit", fail)
        begin(full)
        full.execute(RENAME)
        with pytest.raises(OperationalError):
            full.commit()
    assert [user.name for user in rows(User)] == [alice.name]

    with writing(engine) as later:
        begin(later)
        later.execute(RENAME)
        later.commit()
    assert [user.name for user in rows(User)] == ["Alicia"]


@on_sqlite
def test_an_engine_that_is_disposed_of_has_no_connection_left(engine: Engine) -> None:
    with reading(engine):
        pass
    engine.dispose()

    assert len(IDLE[engine]) == checked_out(engine) == 0


@on_postgresql
def test_a_connection_that_the_server_has_cut_is_not_used_again(engine: Engine) -> None:
    engine.dispose()  # the connections of other tests
    with reading(engine) as session:
        first = driver_of(session)
    with writing(engine) as session:
        assert driver_of(session) is first
    assert len(IDLE[engine]) == 1

    ending = text("SELECT pg_terminate_backend(:process, 5000)")
    with engine.connect() as other:
        assert other.execute(ending, {"process": first.info.backend_pid}).scalar()
    with reading(engine) as session:
        assert session.execute(text("SELECT 1")).scalar() == 1
        assert driver_of(session) is not first
    assert first.closed


@on_postgresql
def test_a_transaction_that_postgresql_has_open_is_undone_before_the_next_request(
    engine: Engine, session: Session, alice: User, rows: Rows
) -> None:
    session.close()
    engine.dispose()
    with writing(engine) as left:
        driver_of(left).execute("BEGIN")
        driver_of(left).execute(str(RENAME))

    assert len(IDLE[engine]) == 0
    assert [user.name for user in rows(User)] == [alice.name]


@on_postgresql
def test_a_transaction_begins_with_its_lock_in_one_message(
    engine: Engine, session: Session, alice: User
) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        asked.append(sql)

    session.close()
    event.listen(engine, "before_cursor_execute", note)
    for _each in range(8):
        with writing(engine) as own:
            begin_turn(own, alice.id)
            lock_user(own, alice.id)
            own.commit()
    event.remove(engine, "before_cursor_execute", note)

    assert len(asked) == 8
    assert all(sql.startswith("BEGIN; SELECT ") and "pg_advisory_xact_lock" in sql for sql in asked)
