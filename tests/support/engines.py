"""Firefox and WebKit, by the protocols that each of them speaks: enough to look and to tap.

Playwright's own builds of them are no browsers that anybody has; these are Debian's.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import httpx2
import pytest
from websockets.sync.client import ClientConnection, connect

from tests.support.clients import COOKIE
from tests.support.ports import free_port
from tests.support.programs import firefox, webkit_driver, webkit_window

STARTS_WITHIN = 60
ENDS_WITHIN = 10
QUIET = {
    "app.normandy.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.healthreport.uploadEnabled": False,
    "dom.push.connection.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}


class Engine(Protocol):
    """A browser with one window."""

    def visit(self, url: str) -> None:
        """Go to an address and wait until it is there."""

    def sign_in(self, origin: str, token: str) -> None:
        """Take a sign-in's cookie; some page of the origin is open."""

    def told(self, expression: str) -> Any:
        """What an expression comes to on the page, awaited."""

    def close(self) -> None:
        """End it."""


class Firefox:
    """Firefox by WebDriver BiDi."""

    def __init__(self, folder: Path) -> None:
        (folder / "profile").mkdir()
        settings = "".join(
            f'user_pref("{name}", {json.dumps(to)});\n' for name, to in QUIET.items()
        )
        (folder / "profile/user.js").write_text(settings)
        self._asked = 0
        command = [*_found(firefox(), "firefox-esr"), "--headless", "--remote-debugging-port=0"]
        with (folder / "said").open("w") as said:
            self._process = subprocess.Popen(
                [*command, "--profile", str(folder / "profile")],
                stdout=said,
                stderr=subprocess.STDOUT,
                env={**os.environ, "HOME": str(folder)},
            )
        address = _said(folder / "said", r"listening on (ws://\S+)")
        self._open = ExitStack()
        self._socket: ClientConnection = self._open.enter_context(
            connect(f"{address}/session", max_size=None, proxy=None)
        )
        self._ask("session.new", capabilities={})
        self._window = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def visit(self, url: str) -> None:
        """Go to an address and wait until it is there."""
        self._ask("browsingContext.navigate", context=self._window, url=url, wait="complete")

    def sign_in(self, origin: str, token: str) -> None:
        """Take a sign-in's cookie; some page of the origin is open."""
        cookie = {"name": COOKIE, "value": {"type": "string", "value": token}, "path": "/"}
        host = origin.removeprefix("http://").partition(":")[0]
        self._ask("storage.setCookie", cookie={**cookie, "domain": host})

    def told(self, expression: str) -> Any:
        """What an expression comes to on the page, awaited."""
        wrapped = f"(async () => JSON.stringify(await ({expression}) ?? null))()"
        answer = self._ask(
            "script.evaluate",
            expression=wrapped,
            target={"context": self._window},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    def close(self) -> None:
        """End it."""
        self._open.close()
        self._process.kill()
        self._process.wait()

    def _ask(self, method: str, **params: Any) -> Any:
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=STARTS_WITHIN))
            if answer.get("id") == self._asked:
                assert answer["type"] == "success", answer
                return answer["result"]


class WebKit:
    """WebKitGTK, which is Safari's engine, by classic WebDriver, on a screen of its own."""

    def __init__(self, folder: Path) -> None:
        driver = _found(webkit_driver(), "webkit2gtk-driver")
        screen = _found(shutil.which("xvfb-run"), "xvfb")
        (window,) = _found(webkit_window(), "webkit2gtk-driver")
        port = free_port()
        self._process = subprocess.Popen(
            [*screen, "-a", *driver, f"--port={port}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={
                **os.environ,
                "HOME": str(folder),
                "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
            },
            start_new_session=True,
        )
        self._driver = httpx2.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=STARTS_WITHIN, trust_env=False
        )
        options = {"webkitgtk:browserOptions": {"binary": window, "args": ["--automation"]}}
        asked = {"capabilities": {"alwaysMatch": options}}
        until = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                self._session = self._ask("/session", asked)["sessionId"]
                return
            except httpx2.ConnectError:
                assert time.monotonic() < until, "WebKit's driver did not start"
                time.sleep(0.2)

    def visit(self, url: str) -> None:
        """Go to an address and wait until it is there."""
        self._ask(f"/session/{self._session}/url", {"url": url})

    def sign_in(self, origin: str, token: str) -> None:
        """Take a sign-in's cookie; some page of the origin is open."""
        cookie = {"name": COOKIE, "value": token, "path": "/"}
        self._ask(f"/session/{self._session}/cookie", {"cookie": cookie})

    def told(self, expression: str) -> Any:
        """What an expression comes to on the page, awaited."""
        script = (
            "const say = arguments[arguments.length - 1];"
            f"(async () => {expression})().then((it) => say(JSON.stringify(it ?? null)),"
            " (error) => say(JSON.stringify(`failed: ${error}`)))"
        )
        asked = {"script": script, "args": []}
        return json.loads(self._ask(f"/session/{self._session}/execute/async", asked))

    def close(self) -> None:
        """End it, and all that it started."""
        self._driver.delete(f"/session/{self._session}")
        self._driver.close()
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _ask(self, path: str, asked: dict[str, Any]) -> Any:
        answer = self._driver.post(path, json=asked)
        assert answer.is_success, answer.text
        return answer.json()["value"]


ENGINES: dict[str, Callable[[Path], Engine]] = {"Firefox": Firefox, "WebKit": WebKit}


@pytest.fixture(params=ENGINES)
def other_browser(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Firefox, then WebKit."""
    opened = ENGINES[request.param](tmp_path)
    yield opened
    opened.close()


def _found(program: str | None, package: str) -> list[str]:
    if program is None:
        pytest.fail(f"{package} is missing (Debian: apt-get install {package}).", pytrace=False)
    return [program]


def _said(path: Path, pattern: str) -> str:
    """What a program that was just started said, once it has."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        found = re.search(pattern, path.read_text())
        if found:
            return found.group(1)
        time.sleep(0.1)
    raise AssertionError(f"it said only: {path.read_text()}")
