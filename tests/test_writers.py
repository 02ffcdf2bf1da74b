"""Writers of one SQLite database take turns: nobody waits until the time is over."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.db import make_engine, reading, sqlite_module, writing
from tests.support.crowds import Crowd

pytestmark = pytest.mark.slow

WRITERS = 8
TURNS = 40


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the database is."""
    return tmp_path / "strand.db"


@pytest.fixture
def shared(file: Path) -> Iterator[Engine]:
    """The database as a server has it, with a table."""
    engine = make_engine(f"sqlite:///{file}")
    with writing(engine) as session:
        session.execute(text("CREATE TABLE turn (writer INTEGER)"))
        session.commit()
    yield engine
    engine.dispose()


def test_of_many_writers_none_is_passed_over_again_and_again(shared: Engine) -> None:
    taken: list[int] = []
    passed_over: list[int] = []
    start = threading.Barrier(WRITERS)

    def write(writer: int) -> None:
        start.wait()
        for _turn in range(TURNS):
            before = len(taken)
            with writing(shared) as session:
                session.execute(text("INSERT INTO turn VALUES (:writer)"), {"writer": writer})
                passed_over.append(len(taken) - before)
                taken.append(writer)
                time.sleep(0.002)
                session.commit()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))

    assert len(taken) == WRITERS * TURNS
    assert max(passed_over) <= 8 * WRITERS


def test_writers_that_wait_for_another_program_all_hear_of_it_in_time(
    impatient: float, shared: Engine, file: Path
) -> None:
    other = sqlite_module().connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def write(_writer: int) -> float:
        began = time.monotonic()
        with pytest.raises(OperationalError), writing(shared) as session:
            session.execute(text("INSERT INTO turn VALUES (1)"))
        return time.monotonic() - began

    with ThreadPoolExecutor(3) as pool:
        waited = list(pool.map(write, range(3)))
    other.execute("ROLLBACK")
    other.close()

    assert max(waited) < 2 * impatient
    with writing(shared) as session:
        session.execute(text("INSERT INTO turn VALUES (1)"))
        session.commit()


def test_writes_that_share_a_commit_all_hear_of_another_program_at_once(
    impatient: float, shared: Engine, file: Path
) -> None:
    crowd = Crowd(shared)
    other: Any = sqlite_module().connect(str(file), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def write(session: Session) -> None:
        session.execute(text("INSERT INTO turn VALUES (1)"))
        session.commit()

    def write_when_another_has_arrived(session: Session) -> None:
        crowd.add(write)
        write(session)

    crowd.add(write_when_another_has_arrived)
    crowd.add(write)
    began = time.monotonic()
    crowd.write()
    took = time.monotonic() - began
    other.execute("ROLLBACK")

    assert [type(each.error) for each in crowd.told] == [OperationalError] * 3
    assert impatient <= took < 2 * impatient
    with reading(shared) as session:
        assert session.execute(text("SELECT count(*) FROM turn")).scalar() == 0


def test_a_writer_of_the_program_waits_five_seconds_for_another(file: Path) -> None:
    engine = make_engine(f"sqlite:///{file}")
    with reading(engine) as session:
        assert session.execute(text("PRAGMA busy_timeout")).scalar() == 5000
    engine.dispose()
