"""Serve HTTP with limits for one connection and one network.

uvicorn's parser has no limit for the length of a head, for requests sent ahead of their answers
(pipelining), or for idle connections. A proxy limits these for its users; a server that is open to
the home network has to do it itself.
"""

from asyncio import TimerHandle, Transport
from collections import Counter
from http import HTTPStatus
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.domain.networks import network_of

# A browser's head has 1 to 8 KB; the longest that common servers take is 8 to 64 KB.
MOST_HEAD_BYTES = 65_536
# Browsers do not pipeline at all.
MOST_REQUESTS_AHEAD = 8
MOST_CONNECTIONS = 400
# A home has a few devices, a browser opens six connections; proxies come from this machine.
MOST_CONNECTIONS_OF_A_NETWORK = 100
HEAD_SECONDS = 20
# How long a body or an answer may pause.
STILL_SECONDS = 60
SLICE = 16_384
TOO_LONG = "The head of this request is too long."
TOO_MANY = "Too many connections. Try again in a minute."


class BoundedHttp(HttpToolsProtocol):
    """One connection. Excess is answered in a sentence, or cut."""

    of_network: ClassVar[Counter[str]] = Counter()
    trusted_proxies = ""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Accept the connection, unless there are too many."""
        super().connection_made(transport)
        self._timer: TimerHandle | None = None
        # Bytes of the head, or since the last piece of the body: trailers and chunk extensions.
        self._bytes_besides_body = 0
        self._is_in_head = True
        self._network = network_of(self.client[0] if self.client else "", self.trusted_proxies)
        self.of_network[self._network] += 1
        if len(self.connections) > MOST_CONNECTIONS or self._has_too_many():
            self._refuse(503, TOO_MANY, retry_after=60)
            return
        self._wait(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        self.of_network[self._network] -= 1
        if self.of_network[self._network] <= 0:
            del self.of_network[self._network]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse incoming data in slices, so that no limit is exceeded by much."""
        for start in range(0, len(data), SLICE):
            if self.parser is None or self.transport.is_closing():
                return
            part = data[start : start + SLICE]
            self._bytes_besides_body += len(part)
            if self._bytes_besides_body > MOST_HEAD_BYTES:
                if self._is_in_head:
                    self._refuse(431, TOO_LONG)
                else:
                    self.transport.abort()
                return
            super().data_received(part)
        if self._is_in_head and self._bytes_besides_body and self._timer is None:
            self._wait(HEAD_SECONDS)
        elif not self._is_in_head and self.cycle is not None and self.cycle.more_body:
            self._wait(STILL_SECONDS)

    def on_message_begin(self) -> None:
        """Begin the head of a request."""
        super().on_message_begin()
        self._is_in_head = True
        self._bytes_besides_body = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """Store a header; drop trailers after the body, which would pass for headers."""
        if self._is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """End the head; cut a connection that keeps sending requests without reading answers."""
        self._is_in_head = False
        self._bytes_besides_body = 0
        self._stop_waiting()
        super().on_headers_complete()
        if len(self.pipeline) > MOST_REQUESTS_AHEAD:
            self.transport.abort()

    def on_body(self, body: bytes) -> None:
        """Accept a piece of the body; the application limits its length."""
        self._bytes_besides_body = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End the request: from here on, any delay is the answer's."""
        self._stop_waiting()
        self._is_in_head = True
        self._bytes_besides_body = 0
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Give the client a minute to continue reading."""
        super().pause_writing()
        self._wait(STILL_SECONDS)

    def resume_writing(self) -> None:
        """Continue the answer."""
        super().resume_writing()
        self._stop_waiting()

    def _has_too_many(self) -> bool:
        is_here = self._network == ""
        return not is_here and self.of_network[self._network] > MOST_CONNECTIONS_OF_A_NETWORK

    def _refuse(self, status: int, sentence: str, retry_after: int | None = None) -> None:
        body = sentence.encode()
        lines = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            "content-type: text/plain; charset=utf-8",
            f"content-length: {len(body)}",
            "connection: close",
            *([] if retry_after is None else [f"retry-after: {retry_after}"]),
        ]
        self.transport.write("\r\n".join([*lines, "", ""]).encode() + body)
        self.transport.close()

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.abort()


def bounded_http(trusted_proxies: str) -> type[BoundedHttp]:
    """Return the protocol for uvicorn's `http` setting, with this installation's proxies."""
    return type("BoundedHttp", (BoundedHttp,), {"trusted_proxies": trusted_proxies})
