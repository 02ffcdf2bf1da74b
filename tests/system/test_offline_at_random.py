"""Two bad days, thirty times some minutes of each: taps, cuts, reloads, kills, a server gone.

Between them the days bring every two mishaps in either order, each after a tap, and what chance
brings besides. What the screen answered last to a tap is what the server has, once, and what the
screen says. `SEED=7 make test` plays other days, `CHANCES=100 make test` longer ones.
"""

import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import product

import pytest
from playwright.sync_api import Error, TimeoutError

from app.models import DoseEvent
from tests.support.phones import Phone
from tests.support.site import Site
from tests.system.conftest import rows

pytestmark = pytest.mark.usefixtures("items")
DAYS = 2
CHANCES_A_DAY = 12
STEPS = 4
SETTLED_WITHIN = 20
ANSWERED_WITHIN = 2
# A second tap so soon is taken for the first one's echo, and mostly answered by nothing.
ECHO = 0.6
ECHO_ANSWERED_WITHIN = 0.15
PAINTED_MS = 20
CIRCLE = '#main [data-subject="{subject}"] button.check'
TICK = CIRCLE.replace("button.check", "a.check")
UNFOLD = "() => { for (const each of document.querySelectorAll('.group')) each.open = true }"
ANSWER = """([subject, before]) => {
  const row = document.querySelector(`#main [data-subject="${subject}"][data-status]`)
  return row && row.dataset.status !== before && row.dataset.status
}"""
SCREEN = """() => {
  const rows = [...document.querySelectorAll("#main [data-subject][data-status]")]
  return Object.fromEntries(rows.map(({ dataset }) => [dataset.subject, dataset.status]))
}"""
WAITING = """() => new Promise((resolve) => {
  // A store that does not open is asked again.
  setTimeout(resolve, 2000, -1)
  const request = indexedDB.open("strand", 1)
  request.onsuccess = () => {
    const all = request.result.transaction("entries").objectStore("entries").getAll()
    all.onsuccess = () => {
      request.result.close()
      resolve(all.result.filter(({ state }) => state !== "sent").length)
    }
  }
})"""
Happening = Callable[[], None]


class BadDay:
    """One phone, and what happens to it."""

    def __init__(self, phone: Phone, site: Site, seed: int) -> None:
        self.phone, self.site = phone, site
        self.which = seed % DAYS
        self.random = random.Random(seed)
        self.page = phone.keep()
        self.happened: list[str] = []
        self.answered: dict[str, str] = {}
        self.tapped_at: dict[str, float] = {}
        self.is_offline = False
        self.happenings: dict[Happening, int] = {
            self.tap: 600,
            self.cut: 120,
            self.mend: 120,
            self.reload: 100,
            self.stop_server: 45,
            self.kill: 15,
        }

    def runs(self) -> list[list[Happening]]:
        """What happens on a day, a few steps at a time."""
        pairs = list(product(self.happenings, repeat=2))
        # The same order for all days: each has its share of the pairs.
        random.Random(DAYS).shuffle(pairs)
        runs = [[self.tap, first, self.tap, second] for first, second in pairs[self.which :: DAYS]]
        chances = int(os.environ.get("CHANCES", CHANCES_A_DAY))
        runs += [self.by_chance() for _run in range(chances)]
        self.random.shuffle(runs)
        return runs

    def by_chance(self) -> list[Happening]:
        """Some steps, as often as they happen."""
        return self.random.choices(list(self.happenings), list(self.happenings.values()), k=STEPS)

    def step(self, what: Happening) -> None:
        """Something happens."""
        self.happened.append(what.__name__)
        what()

    def tap(self) -> None:
        # Before its modules are there a page holds a tap, and answers when it can.
        self.page.wait_for_function("() => customElements.get('outbox-form')")
        self.page.wait_for_timeout(PAINTED_MS)
        self.page.evaluate(UNFOLD)
        before = self.screen()
        assert before, f"{self.happened}: {self.page.url} {self.page.inner_text('body')[:300]}"
        subject = self.random.choice(list(before))
        now = time.monotonic()
        is_echo = now - self.tapped_at.get(subject, 0) < ECHO
        self.tapped_at[subject] = now
        # Clear of the offer to undo, which lies over the foot of the page for six seconds.
        circle = self.page.locator(CIRCLE.format(subject=subject))
        circle.evaluate("(circle) => circle.scrollIntoView({ block: 'center' })")
        if before[subject] == "taken" and not self.take_back(subject):
            return
        if before[subject] != "taken":
            circle.click()
        # The screen answers once it is stored: what is killed before was never promised.
        asked = [subject, before[subject]]
        within = ECHO_ANSWERED_WITHIN if is_echo else ANSWERED_WITHIN
        # No answer is no promise.
        self.answered.pop(subject, None)
        with suppress(TimeoutError):
            said = self.page.wait_for_function(ANSWER, arg=asked, timeout=1000 * within)
            self.answered[subject] = said.json_value()
        self.page.wait_for_timeout(self.random.choice((0, 30, 120)))

    def take_back(self, subject: str) -> bool:
        """Undo a dose on its sheet; a sheet that does not come, or knows of no dose, is left."""
        try:
            self.page.locator(TICK.format(subject=subject)).click(timeout=1000)
            self.page.locator("button.undo").click(timeout=1000 * ANSWERED_WITHIN)
        except TimeoutError:
            self.leave_sheet()
            return False
        # A sheet that has undone its dose closes, however slow everything is.
        self.page.locator("dialog[open]").wait_for(state="hidden")
        return self.page.url.endswith("/")

    def leave_sheet(self) -> None:
        """Open the page again: in its own place it would open its sheet again, as a reload does."""
        self.page.goto("about:blank")
        self.page.goto("/", wait_until="load")

    def cut(self) -> None:
        self.is_offline = True
        self.phone.browser.set_offline(True)

    def mend(self) -> None:
        self.is_offline = False
        if not self.phone.server.is_up:
            self.phone.server.start()
        self.phone.browser.set_offline(False)

    def stop_server(self) -> None:
        if self.phone.server.is_up:
            self.phone.server.stop()

    def reload(self) -> None:
        with suppress(Error):  # a page that never came is asked for again below
            self.page.reload(wait_until="domcontentloaded")
        self.page.goto("/", wait_until="load")

    def kill(self) -> None:
        self.phone.kill()
        self.phone.start()
        self.phone.browser.set_offline(self.is_offline)
        self.page = self.phone.open("/")

    def screen(self) -> dict[str, str]:
        """The state of each dose as the screen says it."""
        statuses: dict[str, str] = self.page.evaluate(SCREEN)
        return statuses

    def shown(self) -> list[str]:
        """The doses that the screen says are taken."""
        return taken(self.screen())

    def broken(self, kept: list[str]) -> dict[str, str]:
        """What the screen answered last to a tap, where the server has something else."""
        return {
            subject: status
            for subject, status in self.answered.items()
            if (status == "taken") != (subject in kept)
        }

    def kept(self) -> list[str]:
        """The doses that the server has."""
        return sorted(
            f"dose/{event.regimen_item_id}/{event.due_on}/{event.due_time:%H:%M}"
            for event in rows(self.site.engine, DoseEvent)
        )

    def settle(self) -> list[str]:
        """Bring the network back, wait until nothing waits; what the screen says then."""
        self.mend()
        until = time.monotonic() + SETTLED_WITHIN
        while time.monotonic() < until:
            self.page.evaluate("dispatchEvent(new Event('online'))")
            if self.page.evaluate(WAITING) == 0:
                return self.shown()
            self.page.wait_for_timeout(60)
        raise AssertionError(f"something still waits after {self.happened}")


def taken(statuses: dict[str, str]) -> list[str]:
    return sorted(subject for subject, status in statuses.items() if status == "taken")


@pytest.mark.parametrize("which", range(DAYS))
def test_nothing_is_lost_or_doubled_whatever_happens(
    own_browser: Phone, site: Site, which: int
) -> None:
    seed = DAYS * int(os.environ.get("SEED", "2026")) + which
    print(f"seed {seed}")  # noqa: T201  (pytest shows it where it failed)
    day = BadDay(own_browser, site, seed)
    for run in day.runs():
        day.happened.clear()
        for what in run:
            day.step(what)
        shown = day.settle()
        kept = day.kept()
        assert day.broken(kept) == {}, f"seed {seed}: {day.happened}"
        until = time.monotonic() + ANSWERED_WITHIN
        while shown != kept and time.monotonic() < until:
            shown = day.shown()
        assert shown == kept, f"seed {seed}: {day.happened}"
