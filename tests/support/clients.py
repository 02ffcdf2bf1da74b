"""The application under a clock that stands still, and the browsers that talk to it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine

from app.db.database import Database
from app.main import create_app
from app.models import User
from app.settings import Settings
from tests.support.clock import Clock
from tests.support.people import sign_in
from tests.support.pictures import each_picture_decoded_once
from tests.support.transport import WholeAnswers
from tests.support.turns import nothing_slow_in_a_turn
from tests.support.words import plain

COOKIE = "sid"
SignInAs = Callable[[User], TestClient]


@pytest.fixture
def clock() -> Clock:
    """The time it is: `clock.now`, `clock.set(...)`, `clock.advance(hours=3)`."""
    return Clock()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """An installation with its data in a folder of its own."""
    return Settings(data_dir=tmp_path / "data", database_url=database_url)


@pytest.fixture(scope="session")
def built_application() -> FastAPI:
    """The application, built once: its templates stay compiled from test to test."""
    return create_app(Settings(), engine=create_engine("sqlite://"))


@pytest.fixture
def running(
    built_application: FastAPI, settings: Settings, engine: Engine, clock: Clock
) -> Iterator[TestClient]:
    """A client of the application on this test's database and clock, started.

    Its event loop serves every browser of the test: one of their own a request costs 1 ms.
    Each picture is decoded once: `tests/services/test_photo_pixels.py` tests the decoder itself.
    """
    built_application.state.settings = settings
    built_application.state.database = Database(engine)
    built_application.state.clock = clock
    with (
        each_picture_decoded_once(),
        nothing_slow_in_a_turn(exempt=threading.current_thread()),
        TestClient(built_application) as running,
    ):
        yield running


@pytest.fixture
def application(built_application: FastAPI, running: TestClient) -> FastAPI:
    """The application on this test's database and clock, started."""
    return built_application


@pytest.fixture
def anonymous(running: TestClient) -> TestClient:
    """A browser in which nobody is signed in."""
    return _browser(running)


@pytest.fixture
def sign_in_as(running: TestClient, engine: Engine, clock: Clock) -> SignInAs:
    """Make a browser with somebody signed in."""

    def sign_in_as(user: User) -> TestClient:
        browser = _browser(running)
        browser.cookies.set(COOKIE, sign_in(engine, user, clock.now))
        return browser

    return sign_in_as


@pytest.fixture
def client(sign_in_as: SignInAs, alice: User) -> TestClient:
    """Alice's browser."""
    return sign_in_as(alice)


@pytest.fixture
def bobs_client(sign_in_as: SignInAs, bob: User) -> TestClient:
    """Bob's browser."""
    return sign_in_as(bob)


def _browser(running: TestClient) -> TestClient:
    """A client that says, as browsers do, that its requests come from our own pages.

    On a page, what does not break reads like what does: "1 mL" is found with a plain space.
    """
    browser = TestClient(
        running.app, follow_redirects=False, headers={"sec-fetch-site": "same-origin"}
    )
    browser.portal = running.portal
    browser._transport = WholeAnswers(browser)
    browser.event_hooks["response"].append(_with_plain_spaces)
    return browser


def _with_plain_spaces(response: httpx2.Response) -> None:
    if response.headers.get("content-type", "").startswith("text/html"):
        response._content = plain(response.read().decode()).encode()
