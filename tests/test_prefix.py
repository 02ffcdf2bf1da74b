"""Below a path of somebody's proxy, Strand works as it does at the root of a server."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine

from app.db.database import Database
from app.errors import CommandError
from app.main import create_app
from app.models import User
from app.settings import Settings
from tests.support.clients import COOKIE
from tests.support.clock import NOW
from tests.support.people import PASSWORD, sign_in

BASE_URL = "http://192.168.1.20, https://home.example.org/hair/"
PAGES = ("/", "/trends", "/regimen", "/regimen/new", "/photos", "/notes", "/settings", "/phone")
LINK = re.compile(r'(href|src|action)="([^"#]+)')
# A proxy takes the prefix off, or leaves it on.
both_kinds_of_proxy = pytest.mark.parametrize("kept", ["", "/hair"])


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """An installation below `/hair`."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("prefix"), base_url=BASE_URL)
    return create_app(settings, engine=create_engine("sqlite://"), clock=lambda: NOW)


@pytest.fixture
def browser(application: FastAPI, engine: Engine) -> Iterator[TestClient]:
    """A browser without a sign-in, before that installation."""
    application.state.database = Database(engine)
    headers = {"sec-fetch-site": "same-origin"}
    with TestClient(application, headers=headers, follow_redirects=False) as client:
        yield client


@pytest.mark.slow
@both_kinds_of_proxy
def test_everything_that_a_page_names_lies_below_the_path_and_is_there(
    browser: TestClient, engine: Engine, alice: User, kept: str
) -> None:
    browser.cookies.set(COOKIE, sign_in(engine, alice, NOW))
    found: dict[str, str] = {}
    for page in PAGES:
        response = browser.get(kept + page)
        assert response.status_code == 200
        for name, link in LINK.findall(response.text):
            if not urlsplit(link).netloc:
                found[urljoin(f"/hair{page}", link.replace("&amp;", "&"))] = name

    assert len(found) > 30
    assert [link for link in found if not link.startswith("/hair/")] == []
    for link in (link for link, name in found.items() if name != "action"):
        response = browser.get(kept + link.removeprefix("/hair"))
        assert response.status_code in {200, 303}, link
        assert response.headers.get("location", "/hair/").startswith("/hair/"), link


@pytest.mark.slow
@both_kinds_of_proxy
def test_modules_are_found_below_the_path_and_the_policy_knows_their_map(
    browser: TestClient, kept: str
) -> None:
    response = browser.get(f"{kept}/sign-in")

    modules = re.findall(r'"(/hair/static/js/[^"?]+)":"(/hair/static/js/[^"]+)"', response.text)
    assert len(modules) > 10
    for plain, digested in modules:
        assert digested.startswith(f"{plain}?v=")
        assert browser.get(kept + digested.removeprefix("/hair")).status_code == 200


@both_kinds_of_proxy
def test_signing_in_leads_back_to_the_page_below_the_path(
    browser: TestClient, alice: User, kept: str
) -> None:
    led = browser.get(f"{kept}/notes?q=a").headers["location"]
    data = {"name": "Alice", "password": PASSWORD}
    back = browser.post(f"{kept}/sign-in", data={**data, "next": "/hair/notes?q=a"})
    start = browser.post(f"{kept}/sign-in", data=data)

    assert led == "/hair/sign-in?next=/hair/notes%3Fq%3Da"
    assert back.headers["location"] == "/hair/notes?q=a"
    assert start.headers["location"] == "/hair/"
    assert "Path=/;" in back.headers["set-cookie"]


@pytest.mark.parametrize("header", ["x-forwarded-prefix", "x-script-name", "x-forwarded-path"])
def test_nobody_moves_the_pages_by_a_header(browser: TestClient, header: str) -> None:
    page = browser.get("/sign-in", headers={header: "/evil"})

    assert "evil" not in page.text
    assert 'action="/hair/sign-in"' in page.text


@pytest.mark.parametrize("path", ["/hairdresser", "/hair2/notes", "/HAIR/notes"])
def test_a_path_that_only_begins_alike_is_another_one(browser: TestClient, path: str) -> None:
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/photos", "/static/strand", "/settings"])
def test_a_path_that_is_a_page_of_strands_own_is_refused(tmp_path: Path, path: str) -> None:
    settings = Settings(data_dir=tmp_path, base_url=f"https://home.example.org{path}")

    with pytest.raises(CommandError, match=rf"^Strand has pages of its own at {path}\. "):
        create_app(settings, engine=create_engine("sqlite://"))
