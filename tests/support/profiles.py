"""Browser profiles that tests use one after the other.

A new profile costs a second of the processor: its first page starts processes, and reads and
compiles everything again. So a test gets one that was used before, emptied. A page that stays
open keeps its process alive for the next one.
"""

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from playwright.sync_api import BrowserContext, CDPSession, Error, Page

from tests.support.watch import Watch, listen

Options = dict[str, object]
# Its clock remembers every jump, and plays all of them to each new page.
MOST_USES = 40
# A page with nothing on it, not even an icon to be asked for.
NOTHING = '<link rel="icon" href="data:,">'


@dataclass
class Profile:
    """A profile that is emptied after each test, and the page that keeps its process alive."""

    context: BrowserContext
    options: Options
    origin: str
    keeper: Page
    keeper_session: CDPSession
    watch: Watch
    uses: int = 0

    def empty(self) -> None:
        """Close what a test opened, and forget what it stored."""
        for page in self.context.pages:
            if page is not self.keeper:
                page.close()
        self.context.unroute_all(behavior="ignoreErrors")
        self.context.set_offline(False)
        self.context.clear_permissions()
        self.context.clear_cookies()
        self.keeper_session.send(
            "Storage.clearDataForOrigin", {"origin": self.origin, "storageTypes": "all"}
        )


class Profiles:
    """The profiles of a test process that no test uses at the moment, by their options."""

    def __init__(self, origin: str, make: Callable[[Options], BrowserContext]) -> None:
        self.origin = origin
        self.make = make
        self.free: defaultdict[str, list[Profile]] = defaultdict(list)
        self.looked_at: Profile | None = None

    def take(self, options: Options, now: datetime, watch: Watch) -> Profile:
        """An empty profile at an instant, whose complaints a test hears."""
        free = self.free[str(options)]
        profile = free.pop() if free else self._new(options, watch)
        profile.watch = watch
        profile.uses += 1
        profile.context.clock.install(time=now)
        return profile

    def give_back(self, profile: Profile) -> None:
        """Empty a profile for the next test; one that was used often enough is closed."""
        if profile.uses == MOST_USES:
            close(profile.context)
            return
        profile.empty()
        self.free[str(profile.options)].append(profile)

    def page_to_look_at(self, now: datetime, watch: Watch) -> Page:
        """The one page of the tests that look at many, and change nothing but its looks."""
        if self.looked_at is not None and self.looked_at.uses == MOST_USES:
            close(self.looked_at.context)
            self.looked_at = None
        if self.looked_at is None:
            self.looked_at = self._new({}, watch)
            self.looked_at.context.new_page()
        profile = self.looked_at
        profile.watch = watch
        profile.uses += 1
        profile.context.clock.install(time=now)
        return profile.context.pages[-1]

    def _new(self, options: Options, watch: Watch) -> Profile:
        context = self.make(options)
        keeper = context.new_page()
        keeper.route("**/*", lambda route: route.fulfill(content_type="text/html", body=NOTHING))
        keeper.goto(self.origin)
        session = context.new_cdp_session(keeper)
        profile = Profile(context, options, self.origin, keeper, session, watch)
        listen(context, lambda: profile.watch)
        return profile


def close(context: BrowserContext) -> None:
    """Close a profile; a page that is on its way to another one would never let it."""
    for page in context.pages:
        with suppress(Error):
            page.goto("about:blank")
    context.close()
