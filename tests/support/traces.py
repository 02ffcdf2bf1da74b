"""Record what the browser of a test does: `pytest --traces FOLDER`.

`make test` passes the option when it runs a failed browser test a second time. A trace opens
with `playwright show-trace FILE`. It slows a test down, so the first run does without.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error


@dataclass
class Traces:
    """The traces of one test. Without a folder, nothing is recorded."""

    folder: Path | None
    test: str
    running: list[BrowserContext] = field(default_factory=list)
    written: int = 0

    def start(self, context: BrowserContext) -> None:
        """Record a browser profile from now on."""
        if self.folder is not None:
            context.tracing.start(screenshots=True, snapshots=True)
            self.running.append(context)

    def stop(self, context: BrowserContext) -> None:
        """Write the trace of a profile that is about to be closed.

        A browser that was killed has none to give.
        """
        if self.folder is None or context not in self.running:
            return
        self.running.remove(context)
        self.written += 1
        name = re.sub(r"[^\w-]+", "-", self.test).strip("-")
        with suppress(Error):
            context.tracing.stop(path=self.folder / f"{name}-{self.written}.zip")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--traces FOLDER`."""
    parser.addoption("--traces", metavar="FOLDER", help="write a trace of each browser to FOLDER")


@pytest.fixture
def traces(request: pytest.FixtureRequest) -> Iterator[Traces]:
    """Where the browsers of this test are recorded, if they are."""
    folder = request.config.getoption("--traces")
    made = Traces(Path(folder) if folder else None, request.node.name)
    if made.folder is not None:
        made.folder.mkdir(parents=True, exist_ok=True)
    yield made
    for context in list(made.running):
        made.stop(context)
