"""What proxies say of the browser, in all their ways."""

import asyncio

import pytest
from fastapi.testclient import TestClient
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from app.settings import Settings, origin_of
from app.web.http.proxies import ForwardedRequests, forwarded_scheme
from app.web.http.security import is_allowed

TRUSTED = "127.0.0.1,172.18.0.0/16"


@pytest.mark.parametrize(
    ("headers", "scheme"),
    [
        ({"x-forwarded-proto": "https"}, "https"),
        ({"x-forwarded-proto": "HTTPS"}, "https"),
        ({"x-forwarded-proto": "https, http"}, "https"),
        ({"x-forwarded-proto": "https,http,http"}, "https"),
        ({"x-forwarded-proto": " https ,http"}, "https"),
        ({"x-forwarded-proto": "wss"}, "https"),
        ({"x-forwarded-proto": "http, https"}, "http"),
        ({"x-forwarded-proto": "gopher"}, None),
        ({"x-forwarded-proto": ""}, None),
        ({"forwarded": "for=192.0.2.60;proto=https;by=203.0.113.43"}, "https"),
        (
            {"forwarded": 'for="[2001:db8::17]:47011";Proto="HTTPS", for=10.0.0.1;proto=http'},
            "https",
        ),
        ({"x-forwarded-scheme": "https"}, "https"),
        ({"x-forwarded-ssl": "on"}, "https"),
        ({"x-forwarded-ssl": "off"}, None),
        ({}, None),
    ],
)
def test_the_scheme_is_the_one_that_the_browser_used(
    headers: dict[str, str], scheme: str | None
) -> None:
    assert forwarded_scheme(Headers(headers)) == scheme


def seen_behind(peer: str, headers: dict[str, str]) -> tuple[str, str]:
    """The scheme and address that the app sees of a request."""
    seen: list[Scope] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    scope: Scope = {
        "type": "http",
        "scheme": "http",
        "client": (peer, 1234),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    forwarded = ForwardedRequests(app, trusted_proxies=TRUSTED)
    asyncio.run(forwarded(scope, None, None))  # type: ignore[arg-type]
    return seen[0]["scheme"], seen[0]["client"][0]


@pytest.mark.parametrize(
    ("peer", "headers", "seen"),
    [
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.7"}, ("http", "203.0.113.7")),
        ("127.0.0.1", {"x-forwarded-for": "1.1.1.1, 203.0.113.7"}, ("http", "203.0.113.7")),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.7:4711, 172.18.0.3"}, ("http", "203.0.113.7")),
        ("172.18.0.2", {"x-forwarded-for": "[2001:db8::1]"}, ("http", "2001:db8::1")),
        ("::ffff:127.0.0.1", {"x-forwarded-proto": "https, http"}, ("https", "::ffff:127.0.0.1")),
        ("127.0.0.1", {"forwarded": "for=203.0.113.7;proto=https"}, ("https", "203.0.113.7")),
        ("203.0.113.9", {"x-forwarded-proto": "https"}, ("http", "203.0.113.9")),
        ("203.0.113.9", {"x-forwarded-for": "1.1.1.1"}, ("http", "203.0.113.9")),
        ("testclient", {"x-forwarded-proto": "https"}, ("http", "testclient")),
    ],
)
def test_only_trusted_proxies_are_heard(
    peer: str, headers: dict[str, str], seen: tuple[str, str]
) -> None:
    assert seen_behind(peer, headers) == seen


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Strand.Example.org/hair/", "https://strand.example.org"),
        ("https://strand.example.org:443", "https://strand.example.org"),
        ("http://nas.local:8000/", "http://nas.local:8000"),
        ("http://[::1]:80", "http://[::1]"),
        ("null", ""),
        ("http://[", ""),
        ("file:///x", ""),
    ],
)
def test_an_origin_is_written_as_browsers_send_it(address: str, origin: str) -> None:
    assert origin_of(address) == origin


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://strand.example.org", True),
        ("https://strand.example.org:443", True),
        ("http://strand.example.org", False),
        ("https://evil.example", False),
        ("null", False),
    ],
)
def test_an_origin_that_the_settings_name_is_ours_whatever_the_host(
    origin: str, *, allowed: bool
) -> None:
    own = Settings(base_url="https://strand.example.org/hair, http://nas:8000").origins
    headers = Headers({"host": "app:8000", "origin": origin, "cookie": "sid=x"})

    assert is_allowed("POST", "http", headers, own) is allowed


def test_a_browser_that_sends_only_its_origin_signs_in_behind_a_proxy_that_hides_the_host(
    anonymous: TestClient, settings: Settings
) -> None:
    settings.base_url = "https://strand.example.org"
    del anonymous.headers["sec-fetch-site"]

    def sign_in(origin: str) -> int:
        headers = {"origin": origin, "host": "app:8000"}
        fields = {"name": "Nobody", "password": "wrong"}
        return anonymous.post("/sign-in", data=fields, headers=headers).status_code

    assert sign_in("https://strand.example.org") == 422
    assert sign_in("https://evil.example") == 403
