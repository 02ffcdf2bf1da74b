"""Send requests over connections that stay open, and see that each is answered well."""

import selectors
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from bench.packing import unpacked

WELL = {200, 204, 303}
PATIENCE = 10.0


class Connection:
    """One open connection, with the answer that is being received."""

    def __init__(self, port: int, *, is_counting: bool = False) -> None:
        self.is_counting = is_counting
        self.errors = 0
        # Of each answer, how many seconds it took.
        self.waits: list[float] = []
        self.sent_at = 0.0
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()

    def send(self, request: bytes) -> None:
        """Send one whole request."""
        self.received.clear()
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bytes | None:
        """Take what has come; the body, once the answer is complete."""
        part = self.socket.recv(262_144)
        if not part:
            raise ConnectionError("The server closed the connection.")
        self.received += part
        head_end = self.received.find(b"\r\n\r\n")
        if head_end < 0:
            return None
        head = self.received[:head_end].lower()
        at = head.find(b"\r\ncontent-length: ")
        length = int(head[at + 18 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self.received) < head_end + 4 + length:
            return None
        body = bytes(self.received[head_end + 4 :])
        self.waits.append(time.perf_counter() - self.sent_at)
        if int(head[9:12]) not in WELL:
            self.errors += 1
            if self.is_counting:
                return body
            raise RuntimeError(f"Answered {head[9:12].decode()}: {unpacked(body)[:300].decode()}")
        return body

    def ask(self, request: bytes) -> bytes:
        """Send a request and wait for the body of its answer."""
        self.send(request)
        while (body := self.receive()) is None:
            pass
        return body


@contextmanager
def connections(port: int, count: int, *, is_counting: bool = False) -> Iterator[list[Connection]]:
    """Open connections, and close them at the end; the counted ones continue after an error."""
    opened = [Connection(port, is_counting=is_counting) for _each in range(count)]
    try:
        yield opened
    finally:
        for connection in opened:
            connection.socket.close()


def send_all(opened: list[Connection], requests: Iterable[bytes]) -> float:
    """Send each request on whichever connection is free; the seconds it took."""
    waiting = iter(requests)
    with selectors.DefaultSelector() as selector:
        started = time.perf_counter()
        for connection, request in zip(opened, waiting, strict=False):
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(request)
        while selector.get_map():
            ready = selector.select(PATIENCE)
            if not ready:
                raise TimeoutError("The server did not answer.")
            for key, _events in ready:
                if key.data.receive() is None:
                    continue
                following = next(waiting, None)
                if following is None:
                    selector.unregister(key.fileobj)
                else:
                    key.data.send(following)
        return time.perf_counter() - started


def get(path: str, token: str | None = None) -> bytes:
    """A plain request for a page, compressed as browsers want it."""
    cookie = f"Cookie: sid={token}\r\n" if token else ""
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n{cookie}\r\n"
    return head.encode()


def put(path: str, token: str, body: bytes) -> bytes:
    """Hand over a page."""
    head = (
        f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nCookie: sid={token}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def post_nothing(path: str, token: str) -> bytes:
    """A request that writes nothing, as one of our own pages would send it."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: sid={token}\r\n"
        "Sec-Fetch-Site: same-origin\r\nContent-Length: 0\r\n\r\n"
    ).encode()
