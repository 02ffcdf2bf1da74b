"""Show errors: one plain sentence, as a page, or as text to the outbox."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import (
    AppError,
    Busy,
    ClockOff,
    DiskFull,
    LinkUsed,
    NotFound,
    NotSignedIn,
    OutOfOrder,
    Trouble,
)
from app.i18n import Text, _, current, lazy, speaking
from app.web.http.deps import account_language, cookie_name
from app.web.http.reading import ENTRY_HEADER
from app.web.http.security import SAFE_METHODS
from app.web.http.templating import microseconds, path_for, render

Handler = Callable[[Request, Exception], Awaitable[Response]]
TOO_LARGE = 413
SERVER_CLOCK = "strand-clock"
RETRY_AFTER_SECONDS = 5
SENTENCES: Mapping[int, Text] = {
    404: NotFound.message,
    405: lazy("This address cannot be used this way."),
    TOO_LARGE: lazy("This is too large to upload."),
}


async def show_app_error(request: Request, error: Exception) -> Response:
    """Show an expected failure, with its own status and sentence."""
    assert isinstance(error, AppError)
    if isinstance(error, NotSignedIn) and is_page_view(request):
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        address = f"{path_for(request, 'new_sign_in')}?next={quote(here)}"
        return RedirectResponse(address, status_code=303)
    may_sign_in = isinstance(error, LinkUsed)
    response = show(request, error.status_code, str(error), may_sign_in=may_sign_in)
    if isinstance(error, Busy | DiskFull):
        response.headers["retry-after"] = str(RETRY_AFTER_SECONDS)
    if isinstance(error, ClockOff):
        response.headers[SERVER_CLOCK] = str(microseconds(request.app.state.clock()) // 1000)
    return response


async def show_http_error(request: Request, error: Exception) -> Response:
    """Show a refusal of the framework: unknown address, wrong method, too large."""
    assert isinstance(error, HTTPException)
    sentence = SENTENCES.get(error.status_code, lazy("This request did not work."))
    request.state.language = await run_in_threadpool(account_language, request)
    return show(request, error.status_code, sentence)


async def show_unreadable(request: Request, _error: Exception) -> Response:
    """Answer an address with unreadable parts (a day that does not exist) with 404."""
    request.state.language = await run_in_threadpool(account_language, request)
    return show(request, NotFound.status_code, NotFound.message)


async def show_trouble(request: Request, error: Exception) -> Response:
    """Answer trouble with the database or its disk; re-raise any other error as a bug."""
    trouble: Trouble | None = request.app.state.database.note(error)
    if trouble is None:
        raise error
    request.state.visit = None
    sentence = trouble.sentence(is_write=request.method not in SAFE_METHODS)
    kind = DiskFull if trouble is Trouble.FULL else OutOfOrder
    return await show_app_error(request, kind(sentence))


async def show_nothing(_request: Request, _error: Exception) -> Response:
    """Answer a client that left while sending its request; nobody reads the answer."""
    return Response(status_code=400)


async def show_bug(request: Request, _error: Exception) -> Response:
    """Answer a bug with a page; the server logs the traceback, without anything a person typed."""
    request.state.visit = None  # its session is closed, and its rows may need another read
    sentence = _("Something went wrong on the server. What you saved before is safe.")
    response = show(request, 500, sentence)
    # The server closes the connection after a bug, whatever the headers said before.
    response.headers["connection"] = "close"
    return response


class ErrorAnswers:
    """Answers errors with our own pages, and a body that is too large with our own sentence.

    One layer, where the framework has four around each other, each of which looks at every message
    of every answer (November 2026: 20 µs of CPU a request). The framework checks its limit of a
    body further in, and answers in its own words.
    """

    def __init__(self, app: ASGIApp, handlers: Mapping[Any, Any]) -> None:
        """Take asynchronous handlers by the exception that each shows, `Exception` for a bug."""
        self.app = app
        self.show_bug: Handler = handlers[Exception]
        self.handlers: dict[type, Handler] = {**handlers}
        del self.handlers[Exception]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on an answer, unless it is an error or the framework's refusal."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 0

        async def send_unless_refused(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            if status != TOO_LARGE:
                await send(message)

        try:
            await self.app(scope, receive, send_unless_refused)
        except Exception as error:
            if status:  # the answer has begun
                raise
            await self._show(error, scope, receive, send)
        if status == TOO_LARGE:
            request = Request(scope)
            request.state.visit = None
            await show(request, TOO_LARGE, SENTENCES[TOO_LARGE])(scope, receive, send)

    async def _show(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        """Show an expected error; after the page about any other one, raise it for the log."""
        request = Request(scope, receive)
        kind = next((kind for kind in type(error).__mro__ if kind in self.handlers), None)
        try:
            if kind is None:
                raise error
            response = await self.handlers[kind](request, error)
        except Exception as bug:
            await (await self.show_bug(request, bug))(scope, receive, send)
            raise
        await response(scope, receive, send)


def show(request: Request, status: int, sentence: Text, *, may_sign_in: bool = False) -> Response:
    """Show one sentence in the language of the reader: as a page, or as text to the outbox."""
    with speaking(getattr(request.state, "language", current().code)):
        return _show(request, status, sentence, may_sign_in=may_sign_in)


def _show(request: Request, status: int, sentence: Text, *, may_sign_in: bool) -> Response:
    if ENTRY_HEADER in request.headers:
        echo = {ENTRY_HEADER: request.headers[ENTRY_HEADER]}
        return PlainTextResponse(str(sentence), status_code=status, headers=echo)
    has_nav = cookie_name(request) in request.cookies and status != NotSignedIn.status_code
    context = {
        "sentence": sentence,
        "status": status,
        "may_sign_in": may_sign_in,
        "is_view": request.method in SAFE_METHODS,
        "has_nav": has_nav and not may_sign_in,
    }
    return render(request, "error.html", context, status_code=status)


def is_page_view(request: Request) -> bool:
    """Whether a person is looking, who can be redirected."""
    is_fetch = request.headers.get("sec-fetch-mode", "navigate") not in {"navigate", ""}
    return request.method in SAFE_METHODS and not is_fetch
