"""A real browser before a running server, both at the time of the test's clock.

Each test gets a page of a phone's size with Alice signed in. The test fails if anything in the
browser complains: an error on the console, an exception, a breach of the content security
policy, or a request to another host. What a test provokes on purpose it allows first:
`watch.allow(OFFLINE)`.
"""

import os
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from app.db import writing
from app.models import User
from tests.support.clients import COOKIE
from tests.support.people import make_user, save, sign_in
from tests.support.profiles import Profile, Profiles, close
from tests.support.programs import chromium
from tests.support.site import Site
from tests.support.traces import Traces
from tests.support.watch import Watch

MISSING = "Chromium is missing: install the package chromium (Debian: apt-get install chromium)."
# A name for this machine that browsers hold for a stranger's: no secure context on plain http.
HOME_NETWORK = "strand.test"
FLAGS = [
    f"--host-resolver-rules=MAP {HOME_NETWORK} 127.0.0.1",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
]
# The pages of a profile share a process, which `Profiles` keeps alive.
SHARED_PROCESS = "--process-per-site"
PHONE: ViewportSize = {"width": 390, "height": 844}
SIDEWAYS: ViewportSize = {"width": 844, "height": 390}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
SMALLEST: ViewportSize = {"width": 320, "height": 640}

OpenContext = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once for all tests of a process."""
    executable = chromium()
    if executable is None:
        pytest.fail(MISSING, pytrace=False)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=[*FLAGS, SHARED_PROCESS, *sandbox]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def profiles(browser: Browser, running_site: Site) -> Profiles:
    """The profiles that tests use one after the other."""
    return Profiles(
        running_site.origin, lambda options: new_context(browser, running_site, options)
    )


@pytest.fixture
def open_context(
    browser: Browser, site: Site, watch: Watch, traces: Traces, profiles: Profiles
) -> Iterator[OpenContext]:
    """Make a browser profile: `open_context(java_script_enabled=False)`, a phone by default.

    It is one that other tests have used, emptied, unless it is for another address.
    """
    opened: list[BrowserContext] = []
    taken: list[Profile] = []

    def open_context(**options: object) -> BrowserContext:
        if "base_url" in options:
            context = new_context(browser, site, options)
            context.clock.install(time=site.clock.now)
            watch.over(context)
            opened.append(context)
        else:
            taken.append(profiles.take(options, site.clock.now, watch))
            context = taken[-1].context
        traces.start(context)
        return context

    yield open_context
    for context in opened:
        traces.stop(context)
        close(context)
    for profile in taken:
        traces.stop(profile.context)
        profiles.give_back(profile)


@pytest.fixture
def shown_page(site: Site, watch: Watch, traces: Traces, profiles: Profiles) -> Iterator[Page]:
    """The page of the tests that open a page and look: a phone in the light, nobody signed in.

    It is the same one for many tests, so what they do to it is to change its looks.
    """
    page = profiles.page_to_look_at(site.clock.now, watch)
    page.context.clear_cookies()
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="light")
    traces.start(page.context)
    yield page
    traces.stop(page.context)


def new_context(browser: Browser, site: Site, options: dict[str, object]) -> BrowserContext:
    """A phone, with the options' changes."""
    defaults: dict[str, object] = {
        "base_url": site.origin,
        "viewport": PHONE,
        "locale": "en-GB",
        "timezone_id": "Europe/Berlin",
        "reduced_motion": "reduce",
        # The worker keeps time by the real clock; what it does has tests of its own.
        "service_workers": "block",
    }
    context = browser.new_context(**(defaults | options))  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    return context


@pytest.fixture
def person(site: Site) -> User:
    """Alice, on the running server."""
    with writing(site.engine) as session:
        return save(session, make_user("Alice"))


@pytest.fixture
def context(open_context: OpenContext, site: Site, person: User) -> BrowserContext:
    """Alice's phone."""
    context = open_context()
    sign_in_browser(context, site, person)
    return context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page on Alice's phone; it has not gone anywhere yet."""
    return context.new_page()


def sign_in_browser(context: BrowserContext, site: Site, user: User) -> None:
    """Give a browser the cookie of a signed-in person."""
    token = sign_in(site.engine, user, site.clock.now)
    context.add_cookies([{"name": COOKIE, "value": token, "url": site.origin}])


def go_to(page: Page, path: str) -> None:
    """Open a page and wait until its modules have run.

    Each element is defined then, and the outbox has looked for what waits. Playwright's
    "networkidle" waits half a second more.
    """
    page.goto(path)
    page.wait_for_function("() => !document.querySelector(':not(:defined)')")


def at_time(page: Page, site: Site, now: datetime) -> None:
    """Move the server and the browser to an instant."""
    site.clock.set(now)
    page.context.clock.set_system_time(now)
