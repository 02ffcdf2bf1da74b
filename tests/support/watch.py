"""What a browser complains about: it fails the test, unless the test allowed it."""

from collections.abc import Callable, Iterator
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
        listen(context, lambda: self)

    def hear(self, message: ConsoleMessage) -> None:
        """Write down an error on the console."""
        if message.type == "error":
            self.complaints.append(f"console: {message.text} {message.location['url']}")

    def hear_violation(self, what: str) -> None:
        """Write down a breach of the content security policy."""
        self.complaints.append(f"content security policy: {what}")

    def check_host(self, request: Request) -> None:
        """Write down a request to another host."""
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.complaints.append(f"another host: {request.url}")

    @property
    def host(self) -> str:
        """The one host that a page may ask."""
        return urlsplit(self.origin).netloc


def listen(context: BrowserContext, watch: Callable[[], Watch]) -> None:
    """Tell whichever watch it is by then what the pages of a context complain about."""
    context.on("console", lambda message: watch().hear(message))
    context.on("weberror", lambda error: watch().complaints.append(f"exception: {error.error}"))
    context.on("request", lambda request: watch().check_host(request))
    context.expose_function("__violated", lambda what: watch().hear_violation(what))
    context.add_init_script(REPORT_VIOLATIONS)


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    """Fails the test at its end for whatever a page complained about."""
    watch = Watch(site.origin)
    yield watch
    assert watch.unexpected == []
