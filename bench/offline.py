"""T9, T10, T11: what the app is like on a slow phone in a dead zone, and how much code that takes.

The processor of the page is slowed down four times by Chromium; the network is a proxy that
answers nothing.
"""

import gzip
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from app.web.http.assets import Assets
from app.web.http.templating import STATIC
from bench.first_visit import KB, PHONE
from bench.parts import Bench
from bench.report import Figure
from tests.support.browser import FLAGS
from tests.support.phones import IS_KEPT

SLOWER = 4
TAPS = 100
STARTS = 7
MOST_TAP_MS = 50
MOST_START_MS = 1_000
MOST_CODE_KB = 20
NOTHING_ANSWERS = ("--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>")
WAIT_MS = 60_000
PAINTED_WITHIN_MS = 1_000
# What any page costs in a browser that was just started.
NEARLY_EMPTY = "/offline"
# No chart is read there, nothing is searched, no setting or item is changed, and nobody signs in:
# that needs the server.
NOT_NEEDED = (
    *("chart-readout", "swipe-pages", "item-search", "password-reveal"),
    *(
        "zone-check",
        "zone-guess",
        "link-code",
        "auto-save",
        "amount-stepper",
        "taper-steps",
        "fold",
    ),
)
# Two taps on one circle within half a second are one.
BETWEEN_TAPS_MS = 600
# A finger stays on the glass for a moment.
FINGER_MS = 80
# The rows are painted, and from then on a tap is held until it is stored.
USABLE = """() => {
  const [page] = performance.getEntriesByType("navigation")
  const paint = performance.getEntriesByName("first-contentful-paint")[0]
  return Math.max(page.domContentLoadedEventEnd, paint.startTime)
}"""
# From a real click to the row's new state, which is shown once it is stored.
TAP = """(circle) => {
  const row = circle.closest("[data-subject]")
  self.answered = new Promise((resolve) => {
    let tapped = 0
    const note = ({ timeStamp }) => { tapped = timeStamp }
    row.addEventListener("click", note, { once: true, capture: true })
    new MutationObserver((_, watching) => {
      watching.disconnect()
      resolve(performance.now() - tapped)
    }).observe(row, { attributes: true, attributeFilter: ["data-status"] })
  })
}"""


def offline(bench: Bench, executable: str) -> list[Figure]:
    """T9 to T11: keep the pages once, then measure without a network."""
    # A load generator uses one core; a browser has them all.
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    profile = bench.folder / "phone"
    origin = f"http://localhost:{bench.ports['strand']}"
    with sync_playwright() as playwright:

        @contextmanager
        def phone(*flags: str) -> Iterator[BrowserContext]:
            sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
            context = playwright.chromium.launch_persistent_context(
                profile,
                executable_path=executable,
                args=[*FLAGS, *sandbox, *flags],
                viewport=PHONE,
                base_url=origin,
            )
            context.set_default_timeout(WAIT_MS)
            yield context
            context.close()

        with phone() as context:
            context.add_cookies([{"name": "sid", "value": bench.account.token, "url": origin}])
            page = context.new_page()
            page.goto("/")
            until = time.monotonic() + WAIT_MS / 1000
            while not page.evaluate(IS_KEPT, "/offline/plan"):
                assert time.monotonic() < until, "the worker kept nothing"
                page.wait_for_timeout(250)
        starts: dict[str, list[float]] = {"/": [], NEARLY_EMPTY: []}
        for _start in range(STARTS):
            for path, found in starts.items():
                with phone(*NOTHING_ANSWERS) as context:
                    found.append(_started(_slow_page(context), path))
        with phone(*NOTHING_ANSWERS) as context:
            page = _slow_page(context)
            _started(page)
            taps = [_tapped(page, number) for number in range(TAPS)]
    ours, empty = starts.values()
    slowest = quantiles(taps, n=20)[-1]
    code = len(gzip.compress(b"".join(_needed()))) / KB
    return [
        Figure(
            "T9",
            f"tap to stored on the phone, processor slowed {SLOWER}x, no network: "
            f"95th of 100 (median) of {TAPS} taps",
            f"{slowest:.0f} ms ({median(taps):.0f})",
            must=f"≤ {MOST_TAP_MS} ms",
            is_met=slowest <= MOST_TAP_MS,
        ),
        Figure(
            "T10",
            f"browser just started, no network, processor slowed {SLOWER}x, to a usable Today: "
            f"median (highest) of {STARTS}; reference: a page of two sentences",
            f"{median(ours):,.0f} ms ({max(ours):,.0f})",
            f"{median(empty):,.0f} ms ({max(empty):,.0f})",
            must=f"≤ {MOST_START_MS:,} ms",
            is_met=median(ours) <= MOST_START_MS,
        ),
        Figure(
            "T11",
            "browser code for Today, all logging forms, outbox and worker, gzip, as one",
            f"{code:.1f} KB",
            must=f"≤ {MOST_CODE_KB} KB",
            is_met=code <= MOST_CODE_KB,
        ),
    ]


def _slow_page(context: BrowserContext) -> Page:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def _started(page: Page, path: str = "/") -> float:
    """Milliseconds from the navigation to the moment at which a tap counts."""
    page.goto(path, wait_until="load")
    page.wait_for_timeout(PAINTED_WITHIN_MS)
    took: float = page.evaluate(USABLE)
    return took


def _tapped(page: Page, number: int) -> float:
    circles = page.locator("#main button.check:visible")
    circle = circles.nth(number % circles.count())
    circle.evaluate(TAP)
    circle.click(delay=FINGER_MS)
    took: float = page.evaluate("() => self.answered")
    page.wait_for_timeout(BETWEEN_TAPS_MS)
    # Taken back, so that there is always a circle to tap.
    page.locator("undo-toast").get_by_role("button").click()
    return took


def _needed() -> Iterator[bytes]:
    texts: dict[str, Any] = Assets(STATIC).plain_texts
    for path, text in texts.items():
        if path.endswith(".js") and Path(path).stem not in NOT_NEEDED:
            yield text
