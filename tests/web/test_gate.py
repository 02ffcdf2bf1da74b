"""Which requests may write: the table of the same-origin rule."""

import pytest
from starlette.datastructures import Headers

from app.web.http.security import content_security_policy, is_allowed


@pytest.mark.parametrize(
    ("method", "scheme", "headers", "allowed"),
    [
        ("GET", "http", {"sec-fetch-site": "cross-site"}, True),
        ("HEAD", "http", {"origin": "http://evil.example"}, True),
        ("OPTIONS", "http", {}, True),
        ("POST", "http", {"sec-fetch-site": "same-origin"}, True),
        ("POST", "http", {"sec-fetch-site": "same-site"}, False),
        ("POST", "http", {"sec-fetch-site": "cross-site"}, False),
        ("POST", "http", {"sec-fetch-site": "none"}, False),
        ("DELETE", "http", {"sec-fetch-site": "cross-site"}, False),
        ("TRACE", "http", {"sec-fetch-site": "cross-site"}, False),
        ("POST", "http", {"sec-fetch-site": "cross-site", "origin": "http://home"}, False),
        ("POST", "http", {"origin": "http://home"}, True),
        ("POST", "https", {"origin": "https://home"}, True),
        ("POST", "https", {"origin": "http://home"}, False),
        ("POST", "http", {"origin": "http://home:81"}, False),
        ("POST", "http", {"origin": "null"}, False),
        ("POST", "http", {"origin": "http://["}, False),
        ("POST", "http", {}, True),
        ("POST", "http", {"cookie": "sid=x"}, False),
    ],
)
def test_only_our_own_pages_and_scripts_without_a_cookie_write(
    method: str, scheme: str, headers: dict[str, str], *, allowed: bool
) -> None:
    assert is_allowed(method, scheme, Headers({"host": "home", **headers})) is allowed


def test_the_policy_names_each_script_that_is_in_a_page() -> None:
    assert "script-src 'self' 'sha256-a' 'sha256-b';" in content_security_policy(["a", "b"])
