"""A busy database: 503 and a retry, never 500; long writes give the lock back."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from app.db import writing
from app.db.busy import is_busy, is_full
from app.db.direct import OneConnection
from app.db.turns import Turns
from app.models import DoseEvent, User
from app.services.importers.health_auto_export import import_health_auto_export
from tests.rigs.clients import SignInAs
from tests.rigs.clock import NOW
from tests.rigs.databases import Rows
from tests.rigs.regimens import add
from tests.services.importers.test_health_auto_export import HEADER

TODAY = NOW.date()


class PostgresError(Exception):
    """An error as psycopg gives it."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("the database says no")
        self.sqlstate = sqlstate


def wrapped(error: Exception) -> OperationalError:
    return OperationalError("SELECT 1", {}, error)


BUSY = {
    "locked": wrapped(sqlite3.OperationalError("database is locked")),
    "table locked": wrapped(sqlite3.OperationalError("database table is locked")),
    "no connection left": PoolTimeout("QueuePool limit reached"),
    **{
        state: wrapped(PostgresError(state))
        for state in ("55P03", "40001", "40P01", "53300", "57P03", "57P01", "08006", "57014")
    },
}
BROKEN = {
    "no table": wrapped(sqlite3.OperationalError("no such table: note")),
    "integrity": IntegrityError("INSERT", {}, PostgresError("23505")),
    "full": wrapped(sqlite3.OperationalError("database or disk is full")),
    "full on postgresql": wrapped(PostgresError("53100")),
}


@pytest.mark.parametrize("error", BUSY.values(), ids=BUSY)
def test_a_busy_database_is_told_from_a_broken_one(error: OperationalError) -> None:
    assert is_busy(error)
    assert not is_full(error)


@pytest.mark.parametrize("error", BROKEN.values(), ids=BROKEN)
def test_a_broken_database_is_not_called_busy(error: OperationalError) -> None:
    assert not is_busy(error)


@pytest.mark.parametrize(
    ("error", "status"),
    [(BUSY["locked"], 503), (BUSY["40P01"], 503), (BROKEN["full"], 507), (BROKEN["no table"], 500)],
)
@pytest.mark.parametrize("headers", [{}, {"outbox-entry": str(uuid4())}])
def test_a_busy_database_answers_503_with_a_time_to_wait(
    sign_in_as: SignInAs,
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
    error: OperationalError,
    status: int,
    headers: dict[str, str],
) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise error

    client = sign_in_as(alice)
    client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    monkeypatch.setattr(OneConnection, "commit", fail)

    response = client.post(f"/days/{TODAY}/notes", data={"text": "A good day"}, headers=headers)

    assert response.status_code == status
    assert response.headers.get("retry-after") == ("5" if status == 503 else None)
    if headers:
        assert response.text.endswith(".")
        assert "<" not in response.text


def history_of(doses: int) -> bytes:
    first = datetime(2026, 11, 20, 8, tzinfo=UTC)
    lines = []
    for n in range(doses):
        at = first - timedelta(days=n // 4, hours=n % 4)
        written = f"{at:%Y-%m-%d %H:%M:%S} +0100"
        lines.append(f"{written},{written},M{n % 4},,1,1,count,Taken,No,\n")
    return (HEADER + "".join(lines)).encode()


def test_twenty_taps_during_a_long_import_all_get_through_before_it_ends(
    client: TestClient, session: Session, engine: Engine, alice: User, rows: Rows
) -> None:
    item = add(session, alice, "Minoxidil")
    statuses: list[int] = []
    ended = threading.Event()
    taps_before_the_end: list[int] = []

    def bring_in() -> None:
        with writing(engine) as own:
            user = own.get_one(User, alice.id)
            own.commit()
            give_way = Turns(own, longest=0.02)
            import_health_auto_export(own, user, history_of(800), NOW, give_way=give_way)
            own.commit()
        taps_before_the_end.append(len(statuses))
        ended.set()

    importing = threading.Thread(target=bring_in)
    importing.start()
    for n in range(20):
        fields = {"due_on": str(TODAY), "due_time": "08:00", "status": "taken", "note": str(n)}
        address = f"/regimen/{item.id}/doses"
        entry = {"outbox-entry": str(uuid4())}
        statuses.append(client.post(address, data=fields, headers=entry).status_code)
    importing.join()

    assert statuses == [204] * 20
    assert taps_before_the_end[0] > 0
    assert len([e for e in rows(DoseEvent) if e.regimen_item_id != item.id]) == 800
