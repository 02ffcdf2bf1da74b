"""A handler that is called directly gets and gives what FastAPI would have passed on."""

from collections.abc import Callable
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import PlainTextResponse, Response
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from app.web.http.deps import SessionRoute
from app.web.http.direct_calls import direct_app, is_plain
from app.web.http.reading import Day

# Reads its body in a thread before anybody has asked for it.
NOT_PLAIN = {"create_photos"}


class DirectRoute(APIRoute):
    """FastAPI's own route, called directly."""

    def __init__(self, path: str, endpoint: Callable[..., object], **options: object) -> None:
        super().__init__(path, endpoint, **options)  # type: ignore[arg-type]
        self.app = direct_app(self)


async def who(request: Request) -> str:
    """Name who asks."""
    return request.headers.get("name", "nobody")


async def closed(request: Request) -> str:
    """Refuse everybody who does not say please."""
    if "please" not in request.query_params:
        raise HTTPException(403, "Say please.")
    return "open"


Who = Annotated[str, Depends(who)]


def show(request: Request, name: Who, on: Day, page: int = 1) -> Response:
    """Show what arrived."""
    return PlainTextResponse(f"{request.method} {name} {on!r} {page!r}", status_code=201)


def show_nothing() -> Response:
    """Need nothing."""
    return Response(status_code=204)


def show_closed(door: Annotated[str, Depends(closed)]) -> Response:
    """Show what is behind a door."""
    return PlainTextResponse(door)


def fail() -> PlainTextResponse:
    """Break."""
    raise HTTPException(418, "broken")


def app_of(route_class: type[APIRoute]) -> FastAPI:
    app = FastAPI()
    app.router.route_class = route_class
    app.add_api_route("/days/{on}", show, methods=["GET", "POST"])
    app.add_api_route("/nothing", show_nothing)
    app.add_api_route("/closed", show_closed)
    app.add_api_route("/broken", fail)
    return app


@pytest.mark.parametrize(
    "address",
    [
        "/days/2026-11-27",
        "/days/2026-11-27?page=3&page=4&other=1",
        "/days/27.11.2026",
        "/days/2026-13-01?page=one",
        "/days/2026-11-27?page=one",
        "/nothing",
        "/closed",
        "/closed?please",
        "/broken",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_answer_is_that_of_fastapi(method: str, address: str) -> None:
    expected, direct = (
        TestClient(app_of(route_class)).request(method, address, headers={"name": "Alice"})
        for route_class in (APIRoute, DirectRoute)
    )

    assert (direct.status_code, direct.headers) == (expected.status_code, expected.headers)
    assert direct.content == expected.content


def asks_for_a_header(name: Annotated[str, Header()]) -> Response:
    """Need a header."""
    return PlainTextResponse(name)


async def is_a_coroutine() -> Response:
    """Run on the loop."""
    return PlainTextResponse("")


def returns_text() -> str:
    """Leave the response to FastAPI."""
    return ""


def asks_in_a_thread(name: Annotated[str, Depends(lambda: "Alice")]) -> Response:
    """Need what another thread finds out."""
    return PlainTextResponse(name)


@pytest.mark.parametrize(
    "handler", [asks_for_a_header, is_a_coroutine, returns_text, asks_in_a_thread]
)
def test_a_handler_that_needs_more_goes_the_way_of_fastapi(handler: Callable[..., object]) -> None:
    route = APIRoute("/", handler)

    assert direct_app(route) is route.app


def test_every_route_but_the_upload_is_called_directly(built_application: FastAPI) -> None:
    routes = [route for route in built_application.routes if isinstance(route, SessionRoute)]

    assert {route.name for route in routes if not is_plain(route)} == NOT_PLAIN
