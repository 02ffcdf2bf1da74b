"""Clients that are slow, or go away in the middle, hold nobody else up."""

import errno
import logging
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from app.cli.bounded_http import STILL_SECONDS
from app.db import IDLE
from app.domain.ledger import DoseStatus
from app.domain.logical_dates import iso_week
from app.models import DoseEvent, RegimenItem, User
from app.photos import pixels as photo_pixels
from app.services import spool
from app.web.http.reading import PLAIN_FORM
from tests.support.clients import COOKIE
from tests.support.clock import NOW
from tests.support.people import sign_in
from tests.support.pictures import jpeg

pytestmark = pytest.mark.slow

DOSES = 4_000
# Making the zip takes a second, and several on a busy computer. A download that held its
# connection until it is read would hold it for `STILL_SECONDS`, which are more.
PATIENCE = 30
assert PATIENCE < STILL_SECONDS
DOWNLOADS = ("/export/doses.csv", "/export/strand.zip?flavour=spreadsheet")
Ask = Callable[[str], tuple[int, float]]
Download = Callable[[str], socket.socket]
Send = Callable[[str, bytes], socket.socket]
PHOTOS = f"/days/{NOW.date()}/photos"
PHOTO_HEAD = "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 2000000"


@pytest.fixture
def long_log(session: Session, alice: User, minoxidil: RegimenItem) -> None:
    """Eight megabytes of doses, more than the network holds for a reader who does not read."""
    rows = []
    for n in range(DOSES):
        at = NOW - timedelta(hours=n)
        rows.append(
            {
                "id": uuid4(),
                "user_id": alice.id,
                "regimen_item_id": minoxidil.id,
                "due_on": at.date(),
                "due_time": None,
                "iso_week": iso_week(at.date()),
                "status": DoseStatus.TAKEN,
                "occurred_at": at,
                "logged_at": at,
                "time_zone": alice.time_zone,
                "amount": 1.0,
                "unit": "ml",
                "note": uuid4().hex * 62,
            }
        )
    session.execute(insert(DoseEvent), rows)
    session.commit()


@pytest.fixture
def send(port: int, engine: Engine, alice: User) -> Iterator[Send]:
    """Send the lines of a head as Alice, and what else there is; nothing is read."""
    token = sign_in(engine, alice, NOW)
    with ExitStack() as opened:

        def send(lines: str, body: bytes) -> socket.socket:
            connection = opened.enter_context(socket.create_connection(("127.0.0.1", port), 10))
            head = f"{lines}\r\nHost: localhost\r\nCookie: {COOKIE}={token}\r\n\r\n"
            connection.sendall(head.encode() + body)
            return connection

        yield send


@pytest.fixture
def download(send: Send, long_log: None) -> Download:
    """Ask for a download as Alice, and read nothing of it."""
    return lambda address: send(f"GET {address} HTTP/1.1", b"")


@pytest.fixture
def asked_by_bob(port: int, engine: Engine, bob: User) -> Ask:
    """Ask for a page as Bob; its status, and how many seconds it took."""
    token = sign_in(engine, bob, NOW)

    def ask(address: str) -> tuple[int, float]:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        began = time.monotonic()
        connection.request("GET", address, headers={"Cookie": f"{COOKIE}={token}"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, time.monotonic() - began

    return ask


def connections_in_use(engine: Engine) -> int:
    assert isinstance(engine.pool, QueuePool)
    return engine.pool.checkedout() - len(IDLE.get(engine, ()))


def left_in_use(engine: Engine) -> int:
    """The connections in use besides the test's own, once they are none, or after `PATIENCE`."""
    until = time.monotonic() + PATIENCE
    while connections_in_use(engine) > 1 and time.monotonic() < until:
        time.sleep(0.02)
    return connections_in_use(engine) - 1


def starting(download: Download, address: str) -> socket.socket:
    """A download that has begun, once those that were cut have given their places back."""
    until = time.monotonic() + PATIENCE
    while True:
        connection = download(address)
        if first_words(connection).startswith("HTTP/1.1 200"):
            return connection
        assert time.monotonic() < until
        time.sleep(0.1)


def first_words(connection: socket.socket) -> str:
    """The head of an answer and the begin of its body; nothing where none comes."""
    try:
        return connection.recv(8_000).decode("latin-1")
    except TimeoutError:
        return ""


@pytest.mark.parametrize("address", DOWNLOADS)
def test_forty_one_downloads_that_nobody_reads_hold_no_connection_and_nobody_up(
    download: Download, asked_by_bob: Ask, engine: Engine, address: str
) -> None:
    opened = [download(address) for _each in range(41)]
    answers = [asked_by_bob("/") for _again in range(5)]

    assert left_in_use(engine) == 0
    assert [status for status, _seconds in answers] == [200] * 5
    assert max(seconds for _status, seconds in answers) < 5
    heads = [first_words(connection) for connection in opened]
    assert sum(head.startswith("HTTP/1.1 200") for head in heads) == 2
    refused = [head for head in heads if head.startswith("HTTP/1.1 503")]
    assert len(refused) == 39
    assert all("retry-after: " in head for head in refused)


@pytest.mark.parametrize("address", DOWNLOADS)
def test_a_cut_download_gives_back_its_connection_and_its_place(
    download: Download, asked_by_bob: Ask, engine: Engine, address: str
) -> None:
    for _again in range(3):
        opened = [starting(download, address) for _each in range(2)]
        for each in opened:
            each.close()

    assert left_in_use(engine) == 0
    assert asked_by_bob("/export/doses.csv")[0] == 200


def test_a_download_that_a_full_disk_cuts_short_is_not_taken_for_whole(
    download: Download,
    asked_by_bob: Ask,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Full(BytesIO):
        def writelines(self, lines: object, /) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(spool, "TemporaryFile", Full)
        answer = HTTPResponse(download("/export/doses.csv"))
        answer.begin()
        with pytest.raises(IncompleteRead):
            answer.read()

    assert {record.exc_info for record in caplog.records} == {None}
    assert "The server’s disk is full" in caplog.text
    assert asked_by_bob("/export/doses.csv")[0] == 200


def test_what_is_read_slowly_arrives_whole(download: Download) -> None:
    answer = HTTPResponse(download("/export/doses.csv"))
    answer.begin()
    received = b""
    while part := answer.read(500_000):
        received += part
        time.sleep(0.01)

    assert received.count(b",extra,") == DOSES


@pytest.mark.parametrize("address", [PHOTOS, "/sign-in", "/set-up"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", PLAIN_FORM])
def test_forty_five_bodies_that_dribble_hold_no_connection_and_nobody_up(
    send: Send, asked_by_bob: Ask, engine: Engine, address: str, kind: str
) -> None:
    head = (
        f"POST {address} HTTP/1.1\r\nSec-Fetch-Site: same-origin\r\n"
        f"Content-Type: {kind}\r\nContent-Length: 20000"
    )
    for _each in range(45):
        send(head, b"--x\r\n")
    answers = [asked_by_bob(page) for page in ("/", "/healthz", "/photos")]

    assert [status for status, _seconds in answers] == [200] * 3
    assert max(seconds for _status, seconds in answers) < 5
    assert left_in_use(engine) == 0


def test_of_many_uploads_at_once_three_are_taken_and_the_others_asked_to_wait(send: Send) -> None:
    head = f"POST {PHOTOS} HTTP/1.1\r\nSec-Fetch-Site: same-origin\r\n{PHOTO_HEAD}"
    opened = [send(head, b"--x\r\n") for _each in range(10)]

    for connection in opened:
        connection.settimeout(0.5)
    heads = [first_words(connection) for connection in opened]
    refused = [head for head in heads if head]
    assert len(refused) == 7
    assert all(head.startswith("HTTP/1.1 503") and "retry-after: " in head for head in refused)
    assert all("Too many uploads are arriving." in head for head in refused)


def test_pictures_that_take_for_ever_to_decode_hold_nobody_up(
    client: TestClient,
    bobs_client: TestClient,
    asked_by_bob: Ask,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    script = tmp_path / "decoder.py"
    script.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(photo_pixels, "DECODER", script)
    monkeypatch.setattr(photo_pixels, "MOST_SECONDS", 1.5)

    def upload(browser: TestClient) -> int:
        files = {"photo-vertex": ("one.jpg", jpeg())}
        return browser.post(PHOTOS, files=files, headers={"outbox-entry": str(uuid4())}).status_code

    with ThreadPoolExecutor(12) as pool:
        hostile = [pool.submit(upload, client) for _each in range(10)]
        time.sleep(0.5)
        status, seconds = asked_by_bob("/")
        own = pool.submit(upload, bobs_client)

    assert (status, seconds < 1.5) == (200, True)
    statuses = Counter(each.result() for each in hostile)
    assert statuses == {422: 2, 503: 8}
    assert own.result() == 422


@pytest.mark.parametrize("address", [PHOTOS, "/sign-in", f"/days/{NOW.date()}/notes"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", PLAIN_FORM])
def test_a_client_that_goes_away_in_the_middle_is_not_a_bug_and_writes_no_traceback(
    send: Send, asked_by_bob: Ask, caplog: pytest.LogCaptureFixture, address: str, kind: str
) -> None:
    head = (
        f"POST {address} HTTP/1.1\r\nSec-Fetch-Site: same-origin\r\n"
        f"Content-Type: {kind}\r\nContent-Length: 20000"
    )
    server_log = logging.getLogger("uvicorn.error")
    server_log.addHandler(caplog.handler)
    try:
        for _again in range(3):
            send(head, b"--x\r\n").close()
            time.sleep(0.2)
        assert asked_by_bob("/")[0] == 200
    finally:
        server_log.removeHandler(caplog.handler)

    assert caplog.records == []
