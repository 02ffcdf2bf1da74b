"""Pages for what went wrong: a sentence, the navigation, and a way on."""

import socket
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.db.trouble import DatabaseReplaced
from app.errors import Busy, DiskFull
from app.models import User
from tests.routers.pages import TODAY


def test_a_page_that_is_not_there_keeps_the_navigation(client: TestClient, alice: User) -> None:
    for address in ("/nowhere", "/days/2026-02-30", "/calendar/2026-13"):
        page = client.get(address)
        assert page.status_code == 404
        assert 'class="nav"' in page.text
        assert 'href="/trends"' in page.text
        assert "Go to Today" in page.text
        assert alice.name not in page.text


def test_a_stranger_is_shown_no_navigation(anonymous: TestClient) -> None:
    page = anonymous.get("/nowhere")
    assert page.status_code == 404
    assert 'class="nav"' not in page.text


def test_the_offline_page_has_the_navigation_and_nothing_personal(
    client: TestClient, anonymous: TestClient, alice: User
) -> None:
    page = client.get("/offline").text
    assert 'class="nav"' in page
    assert page.count('class="row row--plain"') == 3
    assert alice.name not in page
    assert page == anonymous.get("/offline").text


@pytest.mark.parametrize(
    ("error", "status"),
    [(Busy(), 503), (DiskFull(), 507), (DatabaseReplaced("strand.db"), 503), (ValueError(), 500)],
)
def test_a_page_that_fails_offers_to_try_again_and_a_form_to_go_back(
    application: FastAPI,
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(application.state, "clock", fail)
    client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    page, form = client.get("/trends"), client.post(f"/days/{TODAY}/notes", data={})

    assert (page.status_code, form.status_code) == (status, status)
    assert '<a class="button" href="">Try again</a>' in page.text
    assert "what you typed" not in page.text
    assert "Go back and try again: what you typed is still there." in form.text
    assert ("check the server’s log" in page.text) is (status == 500)
    assert "It may have been moved" not in page.text + form.text
    # After a bug the server closes the connection, so that is what it says.
    assert page.headers.get("connection") == ("close" if status == 500 else None)


def test_what_is_too_large_or_asked_otherwise_than_it_can_be_is_not_called_missing(
    client: TestClient,
) -> None:
    large = client.post("/sign-in", data={"name": "x" * 2_000_000})
    other = client.put("/settings")

    assert (large.status_code, other.status_code) == (413, 405)
    assert "Go back and choose something smaller" in large.text
    for page in (large, other):
        assert "It may have been moved" not in page.text


@pytest.mark.parametrize("address", ["/settings/", "/trends/", "/photos//"])
def test_no_slash_leads_to_the_host_that_somebody_sent(client: TestClient, address: str) -> None:
    answer = client.get(address, headers={"host": "evil.example"})
    assert answer.status_code == 404
    assert urlsplit(answer.headers.get("location", "")).netloc == ""


@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        ("", 400),
        ("Host: a\r\nHost: b\r\n", 400),
        ("Host: a\r\nHost: a\r\n", 400),
        ("Host: a\r\n", 200),
    ],
)
def test_a_request_names_one_host(port: int, hosts: str, status: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(f"GET /sign-in HTTP/1.1\r\n{hosts}\r\n".encode())
        assert connection.recv(100).startswith(f"HTTP/1.1 {status} ".encode())
