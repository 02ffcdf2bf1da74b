"""Where the server's time goes: what every thread is at, asked a thousand times a second.

A sample counts for the innermost frame of a package that is known by name; threads that wait
for work count for nothing. So it is time in handlers and on the loop, waits for the disk and
for the interpreter's lock included: shares, and no microseconds.
"""

import re
import sys
import threading
from collections import Counter
from pathlib import Path
from types import FrameType

EVERY_SECONDS = 0.001
LEAST_SHARE = 0.02
ROOT = str(Path(__file__).parents[1])
# Where a thread rests.
RESTING = ("threading.py", "selectors.py", "queue.py")
PLACES = (
    (re.compile(r"site-packages/(sqlalchemy|sqlmodel)/"), "SQLAlchemy and SQLModel"),
    (re.compile(r"site-packages/(fastapi|starlette|pydantic\w*)/"), "FastAPI and pydantic"),
    (re.compile(r"site-packages/(uvicorn|h11|httptools|anyio|uvloop)/"), "uvicorn and threads"),
    (re.compile(r"(site-packages/(jinja2|markupsafe)/|/templates/|<template>)"), "templates"),
    (re.compile(r"site-packages/psycopg"), "psycopg"),
    (re.compile(rf"{re.escape(ROOT)}/app/(domain|models|services|db)/"), "rules and services"),
    (re.compile(rf"{re.escape(ROOT)}/app/(web|routers|main)"), "pages as values, handlers"),
)


class Sampler:
    """Counts where every other thread is, from `start` to `stop`."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._stop = threading.Event()
        self._usual = sys.getswitchinterval()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin. Without haste in passing on the interpreter, only waits would be seen."""
        sys.setswitchinterval(EVERY_SECONDS / 10)
        self._thread.start()

    def stop(self) -> dict[str, int]:
        """End; samples by place."""
        self._stop.set()
        self._thread.join()
        sys.setswitchinterval(self._usual)
        return dict(self._counts)

    def _run(self) -> None:
        own = threading.get_ident()
        while not self._stop.wait(EVERY_SECONDS):
            for thread, frame in sys._current_frames().items():
                place = None if thread == own else place_of(frame)
                if place is not None:
                    self._counts[place] += 1


def place_of(frame: FrameType | None) -> str | None:
    """What a thread is at; None where it waits for work."""
    if frame is not None and frame.f_code.co_filename.endswith(RESTING):
        return None
    while frame is not None:
        for pattern, place in PLACES:
            if pattern.search(frame.f_code.co_filename):
                return place
        frame = frame.f_back
    return None


def in_words(what: str, counts: dict[str, int]) -> str:
    """T2 is spent in templates (41 %), rules and services (22 %) ..."""
    total = sum(counts.values())
    if not total:
        return f"{what}: no sample was taken."
    shares = sorted(((count / total, place) for place, count in counts.items()), reverse=True)
    said = [f"{place} {share:.0%}" for share, place in shares if share >= LEAST_SHARE]
    return f"Where {what} is spent ({total:,} samples): {', '.join(said)}."
