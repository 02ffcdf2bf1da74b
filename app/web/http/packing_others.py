"""Compress answers that are not pages, with Starlette's middleware.

It needs 15 µs of CPU to prepare for any answer, so it is asked only about those that it could
compress (November 2026). Pages are compressed by their handlers (`packing.py`).
"""

from typing import Any

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipResponder, IdentityResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.http.drawn_page import LEVEL
from app.web.http.packing import WORTH_PACKING

EMPTY = 204


class PackingOthers:
    """Compresses answers that are neither short nor compressed already."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Decide about an answer by its headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        send_on: Send | None = None

        async def send_packed(message: Message) -> None:
            nonlocal send_on
            if send_on is None:
                send_on = self._packing(scope, send) if _is_worth_packing(message) else send
            await send_on(message)

        await self.app(scope, receive, send_packed)

    def _packing(self, scope: Scope, send: Send) -> Send:
        """Return Starlette's function that compresses an answer if the client can read that."""
        if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            responder: Any = GZipResponder(self.app, WORTH_PACKING, LEVEL)
        else:
            responder = IdentityResponder(self.app, WORTH_PACKING)
        responder.send = send
        packing: Send = responder.send_with_compression
        return packing


def _is_worth_packing(start: Message) -> bool:
    """Whether an answer may be long, by its first message, and is not compressed."""
    return start["status"] != EMPTY and not any(
        name == b"content-encoding" or (name == b"content-length" and int(value) < WORTH_PACKING)
        for name, value in start.get("headers", ())
    )
