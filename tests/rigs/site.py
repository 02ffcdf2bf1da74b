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
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.db import make_engine, migrate
from app.main import create_app
from app.settings import Settings
from app.web.deps import get_now
from tests.rigs.clock import NOW, Clock, RunningClock
from tests.rigs.databases import empty

START_WITHIN_SECONDS = 20


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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and date the answer."""

        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(self.clock.now, usegmt=True).encode()
                message["headers"] = [*message["headers"], (b"date", date)]
            await send(message)

        await self.app(scope, receive, send_dated)


@pytest.fixture(scope="session")
def running_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server on a free port, with a SQLite database of its own."""
    folder = tmp_path_factory.mktemp("site")
    engine = make_engine(f"sqlite:///{folder / 'strand.db'}")
    migrate(engine)
    clock = RunningClock()
    application = create_app(Settings(data_dir=folder), engine=engine)
    application.dependency_overrides[get_now] = clock
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
