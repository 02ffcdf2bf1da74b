"""T5, T5b: what a first visit asks for until `load`, in Chromium with an empty cache."""

import os
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, ViewportSize, sync_playwright

from bench.parts import Bench
from bench.report import Figure
from tests.support.browser import FLAGS

LEFT_OUT = ("/static/icons/", "/manifest.webmanifest", "/service-worker.js", "/favicon.ico")
PHONE: ViewportSize = {"width": 390, "height": 844}
MOST_REQUESTS, MOST_KB, MOST_SCRIPT_KB = 8, 60, 25
MOST_TRENDS_KB = 40
KB = 1_000


@dataclass
class Traffic:
    """Requests by id: address, kind, and bytes as they were transferred."""

    addresses: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)
    ended: bool = False

    def listen(self, session: CDPSession) -> None:
        """Hear of requests and of `load`."""
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._received)
        session.on("Page.loadEventFired", self._loaded)
        session.send("Network.enable")
        session.send("Page.enable")

    def counted(self) -> list[str]:
        """The requests that count: begun before `load`, no icon, manifest or worker."""
        return [
            request
            for request, address in self.addresses.items()
            if not any(part in address for part in LEFT_OUT) and request in self.sizes
        ]

    def _asked(self, event: dict[str, Any]) -> None:
        if not self.ended:
            self.addresses[event["requestId"]] = event["request"]["url"]

    def _answered(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = event["type"]

    def _received(self, event: dict[str, Any]) -> None:
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    def _loaded(self, _event: dict[str, Any]) -> None:
        self.ended = True


def first_visit(bench: Bench, executable: str) -> list[Figure]:
    """T5: open Today once, and count."""
    counted, size, script_size = _measured(bench, executable, "/")
    is_met = counted <= MOST_REQUESTS and size <= MOST_KB and script_size <= MOST_SCRIPT_KB
    return [
        Figure(
            "T5",
            "first visit until load: requests, KB transferred, KB of scripts, as transferred",
            f"{counted}, {size:.1f} KB, {script_size:.1f} KB",
            must=f"≤ {MOST_REQUESTS}, {MOST_KB}, {MOST_SCRIPT_KB}",
            ambitious="≤ 5, 25, 8",
            is_met=is_met,
        )
    ]


def first_look_at_ten_years(bench: Bench, executable: str) -> list[Figure]:
    """T5b: the same of the trend page of ten years, with nothing kept from another page."""
    _counted, size, _script_size = _measured(bench, executable, "/trends/all")
    return [
        Figure(
            "T5b",
            "first visit to the trends of ten years until load: KB transferred",
            f"{size:.1f} KB",
            must=f"≤ {MOST_TRENDS_KB} KB",
            ambitious="≤ 25 KB",
            is_met=size <= MOST_TRENDS_KB,
        )
    ]


def _measured(bench: Bench, executable: str, path: str) -> tuple[int, float, float]:
    """Requests until `load`, and KB of all and of scripts."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*FLAGS, *sandbox])
        try:
            traffic = _visit(browser.new_context(viewport=PHONE), bench, path)
        finally:
            browser.close()
    counted = traffic.counted()
    size = sum(traffic.sizes[each] for each in counted) / KB
    scripts = [each for each in counted if traffic.kinds.get(each) == "Script"]
    script_size = sum(traffic.sizes[each] for each in scripts) / KB
    return len(counted), size, script_size


def _visit(context: BrowserContext, bench: Bench, path: str) -> Traffic:
    origin = f"http://localhost:{bench.ports['strand']}"
    context.add_cookies([{"name": "sid", "value": bench.account.token, "url": origin}])
    page = context.new_page()
    traffic = Traffic()
    traffic.listen(context.new_cdp_session(page))
    page.goto(f"{origin}{path}", wait_until="load")
    page.wait_for_timeout(500)
    return traffic
