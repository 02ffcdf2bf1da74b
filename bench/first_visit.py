"""T5: what a first visit to Today asks for until `load`, in Chromium with an empty cache."""

import os
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, ViewportSize, sync_playwright

from bench.parts import Bench
from bench.report import Figure
from tests.rigs.browser import FLAGS

LEFT_OUT = ("/static/icons/", "/manifest.webmanifest", "/service-worker.js", "/favicon.ico")
PHONE: ViewportSize = {"width": 390, "height": 844}
MOST_REQUESTS, MOST_KB, MOST_SCRIPT_KB = 8, 60, 25
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
    """Open Today once, and count."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*FLAGS, *sandbox])
        try:
            traffic = _visit(browser.new_context(viewport=PHONE), bench)
        finally:
            browser.close()
    counted = traffic.counted()
    size = sum(traffic.sizes[each] for each in counted) / KB
    scripts = [each for each in counted if traffic.kinds.get(each) == "Script"]
    script_size = sum(traffic.sizes[each] for each in scripts) / KB
    is_met = len(counted) <= MOST_REQUESTS and size <= MOST_KB and script_size <= MOST_SCRIPT_KB
    return [
        Figure(
            "T5",
            "first visit until load: requests, KB transferred, KB of scripts, as transferred",
            f"{len(counted)}, {size:.1f} KB, {script_size:.1f} KB",
            must=f"≤ {MOST_REQUESTS}, {MOST_KB}, {MOST_SCRIPT_KB}",
            ambitious="≤ 5, 25, 8",
            is_met=is_met,
        )
    ]


def _visit(context: BrowserContext, bench: Bench) -> Traffic:
    origin = f"http://localhost:{bench.ports['strand']}"
    context.add_cookies([{"name": "sid", "value": bench.account.token, "url": origin}])
    page = context.new_page()
    traffic = Traffic()
    traffic.listen(context.new_cdp_session(page))
    page.goto(origin, wait_until="load")
    page.wait_for_timeout(500)
    return traffic
