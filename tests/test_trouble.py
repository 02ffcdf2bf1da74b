"""A database in trouble: 503 or 507 and a retry, never 500; it is well again by itself."""

import errno
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from app.cli.watch import Watch
from app.db import POOL_SECONDS, make_engine, sqlite_module, writing
from app.db.database import Database
from app.db.direct import ConnectionSession
from app.db.trouble import trouble_of
from app.db.turns import Turns
from app.diary import regimen
from app.errors import Trouble
from app.i18n import speaking
from app.interchange.importers.health_auto_export import read_log
from app.interchange.writer import import_log
from app.models import DoseEvent, Note, User
from tests.routers.pages import Response
from tests.services.importers.test_health_auto_export import HEADER
from tests.support.clients import SignInAs
from tests.support.clock import NOW
from tests.support.databases import Rows, on_postgresql, on_sqlite
from tests.support.regimens import add

pytestmark = pytest.mark.slow

TODAY = NOW.date()
# Nobody listens there.
NOWHERE = "postgresql+psycopg://strand@127.0.0.1:9/strand"


class PostgresError(Exception):
    """An error as psycopg gives it."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("the database says no")
        self.sqlstate = sqlstate


def wrapped(error: Exception) -> OperationalError:
    return OperationalError("SELECT 1", {}, error)


TROUBLES = {
    "locked": (wrapped(sqlite3.OperationalError("database is locked")), Trouble.BUSY),
    "table locked": (wrapped(sqlite3.OperationalError("database table is locked")), Trouble.BUSY),
    "no connection left": (PoolTimeout("QueuePool limit reached"), Trouble.BUSY),
    "full": (wrapped(sqlite3.OperationalError("database or disk is full")), Trouble.FULL),
    "read-only": (
        wrapped(sqlite3.OperationalError("attempt to write a readonly database")),
        Trouble.READ_ONLY,
    ),
    "not there": (
        wrapped(sqlite3.OperationalError("unable to open database file")),
        Trouble.AWAY,
    ),
    "disk error": (wrapped(sqlite3.OperationalError("disk I/O error")), Trouble.FAILING),
    "damaged": (
        wrapped(sqlite3.DatabaseError("database disk image is malformed")),
        Trouble.FAILING,
    ),
    "full disk for photos": (OSError(errno.ENOSPC, "No space left"), Trouble.FULL),
    "read-only disk for photos": (OSError(errno.EROFS, "Read-only"), Trouble.READ_ONLY),
    "too many files": (OSError(errno.EMFILE, "Too many open files"), Trouble.BUSY),
    **{
        state: (wrapped(PostgresError(state)), trouble)
        for state, trouble in {
            "55P03": Trouble.BUSY,
            "40001": Trouble.BUSY,
            "40P01": Trouble.BUSY,
            "53300": Trouble.BUSY,
            "57014": Trouble.BUSY,
            "57P03": Trouble.AWAY,
            "57P01": Trouble.AWAY,
            "08006": Trouble.AWAY,
            "53100": Trouble.FULL,
            "25006": Trouble.READ_ONLY,
            "58030": Trouble.FAILING,
            "XX001": Trouble.FAILING,
        }.items()
    },
}
BUGS = {
    "no table": wrapped(sqlite3.OperationalError("no such table: note")),
    "integrity": IntegrityError("INSERT", {}, PostgresError("23505")),
    "no file": FileNotFoundError(errno.ENOENT, "No such file"),
    "any": ValueError("no number"),
}


@pytest.mark.parametrize(("error", "trouble"), TROUBLES.values(), ids=TROUBLES)
def test_trouble_is_named_by_its_kind(error: Exception, trouble: Trouble) -> None:
    assert trouble_of(error) is trouble


@pytest.mark.parametrize("error", BUGS.values(), ids=BUGS)
def test_a_bug_is_not_called_trouble(error: Exception) -> None:
    assert trouble_of(error) is None


@on_sqlite
@pytest.mark.parametrize(
    ("error", "status"),
    [
        *(
            (TROUBLES[name][0], 503)
            for name in ("locked", "40P01", "57P01", "read-only", "damaged")
        ),
        *((TROUBLES[name][0], 507) for name in ("full", "53100", "full disk for photos")),
        *((bug, 500) for bug in BUGS.values()),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"outbox-entry": str(uuid4())}])
def test_trouble_answers_503_or_507_with_a_time_to_wait(
    sign_in_as: SignInAs,
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    headers: dict[str, str],
) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise error

    client = sign_in_as(alice)
    client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    monkeypatch.setattr(ConnectionSession, "commit", fail)

    response = client.post(f"/days/{TODAY}/notes", data={"text": "A good day"}, headers=headers)

    assert response.status_code == status
    assert response.headers.get("retry-after") == (None if status == 500 else "5")
    if headers:
        assert response.text.endswith(".")
        assert "<" not in response.text


@pytest.fixture
def on_engine(application: FastAPI, database_url: str) -> Iterator[Callable[..., Engine]]:
    """Let the application use another engine of the same database."""
    made: list[Engine] = []

    def use(url: str = database_url, **options: Any) -> Engine:
        made.append(make_engine(url, **options))
        application.state.database = Database(made[-1])
        return made[-1]

    yield use
    for engine in made:
        engine.dispose()


def answers(client: TestClient) -> list[Response]:
    """Of a page, a page that a script asks for, an entry of the outbox, and a form."""
    note = {"text": "A good day"}
    return [
        client.get("/"),
        client.get("/", headers={"sec-fetch-mode": "cors"}),
        client.post(f"/days/{TODAY}/notes", data=note, headers={"outbox-entry": str(uuid4())}),
        client.post(f"/days/{TODAY}/notes", data=note),
    ]


def check_trouble(client: TestClient, sentence: str, *, status: int = 503) -> None:
    """Everything that needs the database says what is wrong, and when to try again."""
    for response in answers(client):
        assert response.status_code == status
        assert sentence in response.text
        assert response.headers["retry-after"] == "5"
    check_health(client, sentence)


def forget_health(application: FastAPI) -> None:
    """Let the next look ask the database."""
    application.state.database = Database(application.state.database.engine)


def check_health(client: TestClient, sentence: str) -> None:
    forget_health(client.app)  # type: ignore[arg-type]
    health = client.get("/healthz")
    assert health.status_code == 503
    assert sentence in health.json()["reason"]


def check_well(client: TestClient) -> None:
    forget_health(client.app)  # type: ignore[arg-type]
    assert [each.status_code for each in answers(client)] == [200, 200, 204, 303]
    assert client.get("/healthz").json()["status"] == "ok"


def test_a_health_check_writes_and_changes_nothing(client: TestClient, engine: Engine) -> None:
    check_well(client)
    assert client.get("/healthz").status_code == 200
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar() == 1


@on_sqlite
@pytest.mark.parametrize(
    ("free_blocks", "blocks", "is_full"),
    [(0, 1_000, True), (100, 1_000, True), (500, 1_000, False), (0, 0, False)],
    ids=["none", "not enough", "enough", "unknown"],
)
def test_health_tells_of_a_full_disk_even_while_a_short_write_still_fits(
    client: TestClient,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    free_blocks: int,
    blocks: int,
    is_full: bool,
) -> None:
    folder = Path(engine.url.database or "").parent
    room = SimpleNamespace(
        f_bfree=free_blocks, f_bavail=free_blocks, f_blocks=blocks, f_frsize=4_096
    )
    monkeypatch.setattr(os, "statvfs", {folder: room}.__getitem__)

    if is_full:
        check_health(client, "The server’s disk is full")
    else:
        check_well(client)


@on_sqlite
@pytest.mark.parametrize("happens", ["deleted", "replaced by a copy", "folder gone"])
def test_no_entry_is_acknowledged_into_a_database_file_that_is_gone(
    client: TestClient, engine: Engine, session: Session, happens: str
) -> None:
    session.close()
    check_well(client)
    path = Path(engine.url.database or "")
    place = path.parent if happens == "folder gone" else path
    aside = place.with_name("aside")
    place.rename(aside)
    if happens == "replaced by a copy":
        shutil.copy(aside, path)

    check_trouble(client, "The server’s database file was deleted, moved or replaced")
    assert path.exists() is (happens == "replaced by a copy")

    aside.replace(place)
    check_well(client)


@on_sqlite
@pytest.mark.parametrize("is_put_back", [True, False])
def test_no_entry_is_acknowledged_into_a_log_of_sqlite_that_was_moved_away(
    client: TestClient,
    engine: Engine,
    session: Session,
    rows: Rows,
    is_put_back: bool,
) -> None:
    session.close()
    log = Path(f"{engine.url.database}-wal")
    aside = log.with_name("aside")
    with engine.connect():
        check_well(client)
        log.rename(aside)

        check_trouble(client, "The server’s database file was deleted, moved or replaced")
        assert not log.exists()

        if is_put_back:
            aside.rename(log)
    # Each answer closes a connection that has the old log. The last one takes what the log held
    # into the database.
    saved = [answer.status_code in {204, 303} for answer in answers(client)]
    check_well(client)
    assert len(rows(Note)) == 2 + sum(saved) + 2


@on_sqlite
@pytest.mark.parametrize("refusal", [errno.EACCES, errno.EPERM, errno.EIO])
def test_a_database_file_that_is_closed_to_the_server_is_not_called_deleted(
    client: TestClient,
    engine: Engine,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    refusal: int,
) -> None:
    session.close()
    check_well(client)
    path = Path(engine.url.database or "")
    look = os.stat

    def refuse(place: Any, *given: Any, **named: Any) -> os.stat_result:
        # The tests may run as root, to whom no folder is closed.
        if place == path:
            raise OSError(refusal, os.strerror(refusal))
        return look(place, *given, **named)

    with monkeypatch.context() as closed:
        closed.setattr(os, "stat", refuse)
        check_trouble(client, "The server’s database file cannot be read")

    check_well(client)


READ_ONLY = {
    "sqlite": "PRAGMA query_only = ON",
    "postgresql": "SET default_transaction_read_only = on",
}


def test_a_database_that_takes_no_writes_shows_pages_and_keeps_entries_waiting(
    client: TestClient, on_engine: Callable[..., Engine]
) -> None:
    engine = on_engine()

    def close_to_writes(connection: Any, _record: object) -> None:
        connection.execute(READ_ONLY[engine.dialect.name])
        if engine.dialect.name == "postgresql":
            connection.commit()

    event.listen(engine, "connect", close_to_writes)
    page, fetched, entry, form = answers(client)

    assert (page.status_code, fetched.status_code) == (200, 200)
    assert (entry.status_code, form.status_code) == (503, 503)
    sentence = "The server’s disk cannot be written to, so this was not saved. What you saved"
    assert sentence in entry.text
    assert sentence in form.text
    check_health(client, "The server’s disk cannot be written to. What you saved")


@on_sqlite
def test_connections_opened_while_the_file_was_read_only_do_not_outlive_that(
    client: TestClient, session: Session, on_engine: Callable[..., Engine]
) -> None:
    session.close()
    engine = on_engine()

    def open_to_read(_dialect: object, _record: object, given: list[str], named: Any) -> Any:
        # What SQLite does by itself if it may not write to the file.
        return sqlite_module().connect(f"file:{given[0]}?mode=ro", uri=True, **named)

    event.listen(engine, "do_connect", open_to_read)
    opened = [engine.connect() for _each in range(8)]
    for connection in opened:
        connection.close()
    event.remove(engine, "do_connect", open_to_read)
    address = f"/days/{TODAY}/notes"
    sent = [client.post(address, data={"text": "A good day"}) for _again in range(12)]

    refused, *rest = sent
    assert refused.status_code == 503
    assert "The server’s disk cannot be written to" in refused.text
    assert {response.status_code for response in rest} == {303}
    check_well(client)


@on_sqlite
def test_a_full_disk_takes_no_entry_and_says_so(
    client: TestClient, session: Session, on_engine: Callable[..., Engine]
) -> None:
    session.close()
    engine = on_engine()

    def fill(connection: Any, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(engine, "connect", fill)
    address = f"/days/{TODAY}/notes"
    sent = [client.post(address, data={"text": "x" * 2_000}) for _again in range(200)]

    refused = [response for response in sent if response.status_code != 303]
    assert {response.status_code for response in refused} == {507}
    assert "The server’s disk is full, so this was not saved. What you saved" in refused[0].text
    assert client.get("/").status_code == 200


@on_postgresql
def test_a_postgresql_restarted_while_nobody_asked_is_not_noticed(
    client: TestClient, engine: Engine, on_engine: Callable[..., Engine]
) -> None:
    on_engine()
    for _again in range(3):
        check_well(client)
        with engine.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    check_well(client)


@on_postgresql
def test_a_postgresql_that_is_away_is_recognised(
    client: TestClient, on_engine: Callable[..., Engine]
) -> None:
    on_engine(NOWHERE)
    check_trouble(client, "The server’s database cannot be reached")
    on_engine()
    check_well(client)


@on_sqlite
def test_a_pool_that_is_used_up_is_reported_within_seconds(
    client: TestClient, on_engine: Callable[..., Engine]
) -> None:
    assert POOL_SECONDS < 8
    engine = on_engine(pool_size=1, max_overflow=0, pool_timeout=0.3)
    with engine.connect():
        response = client.get("/")
        assert response.status_code == 503
        assert "The server is busy. Try again in a moment." in response.text
    check_well(client)


@on_postgresql
def test_a_trouble_is_one_line_of_the_log_however_many_run_into_it(
    client: TestClient, on_engine: Callable[..., Engine], caplog: pytest.LogCaptureFixture
) -> None:
    on_engine(NOWHERE)
    for _again in range(10):
        answers(client)
    client.get("/healthz")

    (line,) = caplog.records
    assert line.getMessage().startswith("The server’s database cannot be reached (connection ")
    assert "\n" not in line.getMessage()
    assert line.exc_info is None

    database = client.app.state.database  # type: ignore[attr-defined]
    database.engine, database._looked_at = on_engine(), 0.0
    client.app.state.database = database  # type: ignore[attr-defined]
    client.get("/healthz")
    assert caplog.records[-1].getMessage() == "The server’s database can be used again."


def test_a_trouble_of_a_german_request_is_logged_in_english(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with speaking("de"):
        Database(engine).note(OSError(errno.ENOSPC, "No space left on device"))
        assert caplog.records[-1].getMessage() == (
            "The server’s disk is full ([Errno 28] No space left on device)."
        )


@on_sqlite
def test_a_writer_that_waits_for_its_turn_holds_no_page_up(
    client: TestClient, bobs_client: TestClient, session: Session, engine: Engine
) -> None:
    session.close()
    regimen._regimens.clear()

    def tap() -> None:
        client.post(f"/regimen/{uuid4()}/doses", data={"due_on": str(TODAY)})

    with writing(engine) as another_program, ThreadPoolExecutor(1) as pool:
        another_program.execute(text("SELECT 1"))
        waiting = pool.submit(tap)
        time.sleep(0.5)
        began = time.monotonic()
        page = bobs_client.get("/")
        seconds = time.monotonic() - began
        is_waiting = not waiting.done()
        another_program.rollback()

    assert (page.status_code, is_waiting) == (200, True)
    assert seconds < 2


@on_sqlite
def test_a_server_that_stays_unhealthy_ends_and_one_that_recovers_does_not(
    application: FastAPI, port: int, on_engine: Callable[..., Engine]
) -> None:
    ended = threading.Event()
    on_engine(NOWHERE)
    Watch("0.0.0.0", port, every=0.05, most=1.5, end=ended.set).start()
    assert not ended.wait(0.5)

    on_engine()
    forget_health(application)
    assert not ended.wait(2.5)

    on_engine(NOWHERE)
    forget_health(application)
    assert ended.wait(10)


def test_a_server_that_does_not_answer_is_unwell(port: int) -> None:
    assert Watch("127.0.0.1", port).is_well()
    assert not Watch("127.0.0.1", 9).is_well()


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
            import_log(own, user, read_log(history_of(800), NOW), NOW, give_way=give_way)
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
