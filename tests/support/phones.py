"""A phone with the app on it: a browser profile that outlives its browser being killed.

Its worker keeps time by the real clock, so the server does too.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from app.models import User
from tests.support.browser import FLAGS, MISSING, PHONE
from tests.support.clients import COOKIE
from tests.support.people import sign_in
from tests.support.profiles import close
from tests.support.programs import chromium
from tests.support.site import Server, Site
from tests.support.traces import Traces

WAIT_MS = 15_000
A_YEAR = 31_536_000
IS_KEPT = """async (plan) => {
  for (const name of await caches.keys()) {
    if (name.startsWith("kept-") && (await (await caches.open(name)).match(plan))) return true
  }
  return false
}"""


@dataclass
class Phone:
    """One phone, with a profile in the running browser, or with a browser of its own.

    Only its own browser can be closed and killed, and keeps what it stored: `start` starts it as it
    was left.
    """

    running: Browser
    profile: Path | None
    site: Site
    server: Server
    traces: Traces
    context: BrowserContext | None = None
    token: str = ""
    is_offline: bool = False

    @property
    def browser(self) -> BrowserContext:
        """The browser that runs."""
        assert self.context is not None, "the phone is off"
        return self.context

    def start(self, zone: str = "Europe/Berlin") -> BrowserContext:
        """Start the browser, in a time zone."""
        options: dict[str, Any] = {
            "viewport": PHONE,
            "locale": "en-GB",
            "timezone_id": zone,
            "reduced_motion": "reduce",
            "base_url": self.site.origin,
        }
        if self.profile is None:
            self.context = self.running.new_context(**options)
        else:
            self.context = self._own_browser(self.profile, options)
        self.context.set_default_timeout(WAIT_MS)
        self.context.set_offline(self.is_offline)
        self.traces.start(self.context)
        if self.token:
            self._give_cookie()
        return self.context

    def _own_browser(self, profile: Path, options: dict[str, Any]) -> BrowserContext:
        executable = chromium()
        if executable is None:
            pytest.fail(MISSING, pytrace=False)
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        return self.running.browser_type.launch_persistent_context(
            profile,
            executable_path=executable,
            args=[*FLAGS, *sandbox],
            # An installed app is one to this browser.
            ignore_default_args=["--disable-extensions"],
            **options,
        )

    def sign_in(self, user: User) -> None:
        """Give the browser a sign-in that lasts."""
        self.token = sign_in(self.site.engine, user, self.site.clock.now)
        self._give_cookie()

    def _give_cookie(self) -> None:
        """Browsers write cookies down every half minute: one that is killed may have lost it."""
        expires = time.time() + A_YEAR
        cookie = {"name": COOKIE, "value": self.token, "url": self.site.origin, "expires": expires}
        self.browser.add_cookies([cookie])  # type: ignore[list-item]

    def open(self, path: str = "/") -> Page:
        """Open a page."""
        page = self.browser.new_page()
        page.goto(path)
        return page

    def keep(self) -> Page:
        """Open the app, and wait until everything is there that a dead zone needs."""
        page = self.open("/")
        until = time.monotonic() + WAIT_MS / 1000
        while time.monotonic() < until:
            with suppress(Error):
                if page.evaluate(IS_KEPT, "/offline/plan"):
                    return page
            page.wait_for_timeout(100)
        raise AssertionError("the worker kept nothing")

    def lose_the_network(self) -> None:
        """No network in the page, and no server for anybody: a worker started later asks too."""
        self.is_offline = True
        if self.context is not None:
            self.context.set_offline(True)
        self.server.stop()

    def find_the_network(self) -> None:
        """Both are back; the browser tells the page."""
        self.server.start()
        self.is_offline = False
        if self.context is not None:
            self.context.set_offline(False)

    def kill(self) -> None:
        """End the browser as a system short of memory does: at once, with all that it starts."""
        assert self.profile is not None, "a profile in the running browser is not killed"
        with suppress(Error), self.browser.expect_event("close", timeout=WAIT_MS):
            # The whole group: what outlives the browser holds its pipes, and no end is heard.
            for group in _groups_with(str(self.profile)):
                with suppress(ProcessLookupError):
                    os.killpg(group, signal.SIGKILL)
        self.context = None
        for lock in self.profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)

    def close(self) -> None:
        """End the browser; what it stored stays."""
        if self.context is not None:
            self.traces.stop(self.context)
            if self.profile is None:
                close(self.context)
            else:
                self.context.close()
            self.context = None


@pytest.fixture
def home_server(site: Site) -> Iterator[Server]:
    """Alice's server at the real time, on a port of its own: it may be stopped."""
    site.clock.set(datetime.now(UTC))
    server = Server(site.application, site.clock)
    server.start()
    yield server
    if server.is_up:
        server.stop()


@pytest.fixture
def phone(
    browser: Browser, site: Site, home_server: Server, person: User, traces: Traces
) -> Iterator[Phone]:
    """Alice's phone, signed in: a profile in the running browser, which takes a second less."""
    yield from _phone_of(browser, site, home_server, person, traces)


@pytest.fixture
def other_phone(
    browser: Browser, site: Site, home_server: Server, person: User, traces: Traces
) -> Iterator[Phone]:
    """Another phone of hers."""
    yield from _phone_of(browser, site, home_server, person, traces)


@pytest.fixture
def own_browser(
    browser: Browser,
    site: Site,
    home_server: Server,
    person: User,
    tmp_path: Path,
    traces: Traces,
) -> Iterator[Phone]:
    """Her phone with a browser of its own, which can be closed and killed."""
    yield from _phone_of(browser, site, home_server, person, traces, tmp_path / "phone")


def _phone_of(
    browser: Browser,
    site: Site,
    server: Server,
    person: User,
    traces: Traces,
    profile: Path | None = None,
) -> Iterator[Phone]:
    home = replace(site, origin=f"http://localhost:{server.port}")
    made = Phone(browser, profile, home, server, traces)
    made.start()
    made.sign_in(person)
    yield made
    made.close()


def _groups_with(argument: str) -> set[int]:
    """The process groups in which a command line holds an argument."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if argument.encode() in (folder / "cmdline").read_bytes():
                found.add(os.getpgid(int(folder.name)))
    return found
