"""A running server with a database of its own, at the time of the test's clock."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import format_datetime

import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.db import make_engine
from app.db.migrations import migrate
from app.main import create_app
from app.settings import Settings
from tests.support.clock import NOW, Clock, RunningClock
from tests.support.databases import empty

START_WITHIN_SECONDS = 20
ENDS_WITHIN_SECONDS = 20


@dataclass
class Site:
    """A running server: where it is, what time it believes it is, and its database."""

    origin: str
    engine: Engine
    clock: Clock
    application: FastAPI


class Dated:
    """The application with the test's time in `Date`: browser code tells its skew by it."""

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self.app = app
        self.clock = clock
        # An answer to the outbox instead of the application's own answer, in turn.
        self.instead: list[Response | None] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and date the answer."""
        if self.instead and any(name == b"outbox-entry" for name, _ in scope.get("headers", ())):
            answer = self.instead.pop(0)
            if answer is not None:
                await answer(scope, receive, send)
                return

        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(self.clock.now, usegmt=True).encode()
                message["headers"] = [*message["headers"], (b"date", date)]
            await send(message)

        await self.app(scope, receive, send_dated)


class Server:
    """A server of an application, that can be stopped and started again on its port."""

    def __init__(self, application: FastAPI, clock: Clock, port: int = 0) -> None:
        self.application = Dated(application, clock)
        self.port = port

    def start(self) -> None:
        """Listen, and serve in a thread."""
        listening = socket.create_server(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            self.application,
            log_level="warning",
            lifespan="off",
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, daemon=True
        )
        self._thread.start()
        until = time.monotonic() + START_WITHIN_SECONDS
        while not self._server.started and time.monotonic() < until:
            time.sleep(0.01)
        assert self._server.started, "the server did not start"

    def stop(self) -> None:
        """Close every connection, and the port."""
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(ENDS_WITHIN_SECONDS)
        assert not self._thread.is_alive(), "the server did not stop"

    @property
    def is_up(self) -> bool:
        """Whether it answers."""
        return self._thread.is_alive()


@pytest.fixture(scope="session")
def running_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server on a free port, with a SQLite database of its own."""
    folder = tmp_path_factory.mktemp("site")
    engine = make_engine(f"sqlite:///{folder / 'strand.db'}")
    migrate(engine)
    clock = RunningClock()
    application = create_app(Settings(data_dir=folder), engine=engine, clock=clock)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        Dated(application, clock), log_level="warning", lifespan="on", date_header=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        until = time.monotonic() + START_WITHIN_SECONDS
        while not server.started and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.01)
        assert server.started, "the server did not start"
        origin = f"http://localhost:{listening.getsockname()[1]}"
        yield Site(origin, engine, clock, application)
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join()
        engine.dispose()


@pytest.fixture
def site(running_site: Site) -> Site:
    """The running server, with an empty database and its clock set back."""
    empty(running_site.engine)
    running_site.clock.set(NOW)
    return running_site


@pytest.fixture
def port(application: FastAPI, clock: Clock) -> Iterator[int]:
    """The port of a server of the application, on this test's database."""
    server = Server(application, clock)
    server.start()
    yield server.port
    server.stop()
