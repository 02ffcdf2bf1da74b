"""What a browser complains about: it fails the test, unless the test allowed it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Request

from tests.support.site import Site

# What Chromium says of every request while `context.set_offline(True)` holds.
OFFLINE = "ERR_INTERNET_DISCONNECTED"
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  __violated(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`))
"""


@dataclass
class Watch:
    """What the browser complained about, less what the test allowed."""

    origin: str
    complaints: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, *fragments: str) -> None:
        """Let complaints pass that contain one of these texts."""
        self.allowed += fragments

    @property
    def unexpected(self) -> list[str]:
        """The complaints that no test asked for."""
        return [
            complaint
            for complaint in self.complaints
            if not any(fragment in complaint for fragment in self.allowed)
        ]

    def over(self, context: BrowserContext) -> None:
        """Listen to every page of a context, those that it opens later included."""
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(f"exception: {error.error}"))
        context.on("request", self._check_host)
        context.expose_function("__violated", self._violated)
        context.add_init_script(REPORT_VIOLATIONS)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text} {message.location['url']}")

    def _violated(self, what: str) -> None:
        self.complaints.append(f"content security policy: {what}")

    def _check_host(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.complaints.append(f"another host: {request.url}")

    @property
    def host(self) -> str:
        """The one host that a page may ask."""
        return urlsplit(self.origin).netloc


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    """Fails the test at its end for whatever a page complained about."""
    watch = Watch(site.origin)
    yield watch
    assert watch.unexpected == []
