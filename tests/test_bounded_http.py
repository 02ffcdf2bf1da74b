"""What one connection or one network may take of the server."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app.cli import bounded_http
from app.cli.bounded_http import BoundedHttp
from app.domain.networks import network_of

pytestmark = pytest.mark.slow

HELLO = b"GET / HTTP/1.1\r\nHost: strand\r\n\r\n"
CHUNKED = b"POST %s HTTP/1.1\r\nHost: strand\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the body and answer with its length.

    `/long` answers with eight megabytes, `/headers` with the names of the headers.
    """
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length, more = length + len(message["body"]), message.get("more_body", False)
    names = b" ".join(name for name, _value in scope["headers"])
    answers = {"/long": b"x" * 8_000_000, "/headers": names}
    answer = answers.get(scope["path"], str(length).encode())
    await PlainTextResponse(answer)(scope, receive, send)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server with short limits."""
    for name, value in {
        "HEAD_SECONDS": 0.5,
        "STILL_SECONDS": 0.5,
        "MOST_CONNECTIONS": 6,
    }.items():
        monkeypatch.setattr(bounded_http, name, value)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        application,
        http=BoundedHttp,
        log_level="critical",
        lifespan="off",
        timeout_keep_alive=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    yield listening.getsockname()[1]
    server.should_exit = server.force_exit = True
    thread.join(10)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def everything_from(connection: socket.socket) -> bytes:
    """What arrives until the server closes or cuts the connection."""
    received = b""
    with suppress(ConnectionError):
        while part := connection.recv(65_536):
            received += part
    return received


def send_all(connection: socket.socket, data: bytes) -> None:
    """Send as much as the other side takes."""
    with suppress(ConnectionError):
        connection.sendall(data)


def ask_without_reading(connection: socket.socket) -> None:
    for _again in range(2_000):
        connection.sendall(HELLO * 1_000)


def dribble(connection: socket.socket) -> None:
    for _again in range(160):
        connection.sendall(b"X-A: b\r\n")
        time.sleep(0.05)


def test_requests_one_after_the_other_are_answered_on_one_connection(port: int) -> None:
    with connect(port) as connection:
        for _again in range(20):
            connection.sendall(HELLO)
            assert b"200 OK" in connection.recv(4096)


def test_a_body_arrives_whole(port: int) -> None:
    with connect(port) as connection:
        head = b"POST / HTTP/1.1\r\nHost: strand\r\nContent-Length: 300000\r\n\r\n"
        connection.sendall(head + b"x" * 300_000)
        assert connection.recv(4096).endswith(b"300000")


def test_a_head_that_does_not_end_is_refused(port: int) -> None:
    with connect(port) as connection:
        send_all(connection, b"GET / HTTP/1.1\r\nHost: strand\r\nX: " + b"x" * 2_000_000)
        assert everything_from(connection).startswith(b"HTTP/1.1 431 ")


def test_many_headers_are_refused_as_one_long_one_is(port: int) -> None:
    with connect(port) as connection:
        send_all(connection, b"GET / HTTP/1.1\r\nHost: strand\r\n" + b"X: y\r\n" * 50_000)
        assert everything_from(connection).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "rest",
    [
        b"0\r\n" + b"a:\r\n" * 50_000 + b"\r\n",
        b"0\r\na: " + b"x" * 300_000 + b"\r\n\r\n",
        b"1;" + b"x" * 300_000 + b"\r\na\r\n0\r\n\r\n",
    ],
    ids=["many trailers", "a long trailer", "a long extension of a chunk"],
)
def test_what_goes_on_after_a_body_is_cut(port: int, rest: bytes) -> None:
    with connect(port) as connection:
        send_all(connection, CHUNKED % b"/" + rest)
        assert everything_from(connection) == b""


def test_a_trailer_does_not_pass_for_a_header(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(CHUNKED % b"/headers" + b"0\r\nCookie: a=b\r\n\r\n" + HELLO)
        answers = everything_from(connection)
    assert answers.count(b"200 OK") == 2
    assert b"\r\n\r\nhost transfer-encoding" in answers
    assert b"cookie" not in answers


def test_a_body_in_many_small_chunks_arrives_whole(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(CHUNKED % b"/" + b"1\r\na\r\n" * 99_999 + b"0\r\n\r\n")
        assert connection.recv(4096).endswith(b"100000")


def test_a_connection_that_asks_on_without_reading_is_cut(port: int) -> None:
    with connect(port) as connection:
        connection.settimeout(5)
        with pytest.raises(ConnectionError):
            ask_without_reading(connection)


def test_a_connection_that_says_nothing_is_closed(port: int) -> None:
    with connect(port) as connection:
        assert everything_from(connection) == b""


def test_a_head_that_dribbles_is_cut_however_steadily(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        with pytest.raises(ConnectionError):
            dribble(connection)


def test_a_body_that_stalls_is_cut(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: strand\r\nContent-Length: 300000\r\n\r\nabc")
        assert everything_from(connection) == b""


def test_an_answer_that_nobody_reads_is_given_up(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(b"GET /long HTTP/1.1\r\nHost: strand\r\n\r\n")
        time.sleep(1.2)
        assert len(everything_from(connection)) < 8_000_000


def test_one_connection_too_many_is_answered_with_a_time_to_retry(port: int) -> None:
    others = [connect(port) for _each in range(6)]
    try:
        for other in others:
            other.sendall(HELLO)
            other.recv(4096)
        with connect(port) as connection:
            answer = everything_from(connection)
    finally:
        for other in others:
            other.close()
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 60" in answer


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:9::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("172.20.0.3", ""),
        ("", ""),
    ],
)
def test_connections_are_counted_by_the_network_they_come_from(host: str, network: str) -> None:
    assert network_of(host, "172.20.0.0/16, proxy") == network
