"""Where the server's time goes: what every thread is at, asked a thousand times a second.

What is seen counts for the innermost frame of a package that is known by name, with as much
processor time as the thread has used since it was last seen: who waits (for work, a disk, another
server, the interpreter's lock) counts for nothing. A sample is a millisecond of that.
"""

import os
import re
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from types import FrameType

EVERY_SECONDS = 0.001
HASTE_SECONDS = 0.000_001
LEAST_SHARE = 0.02
ROOT = str(Path(__file__).parents[1])
# Functions in which a thread waits.
RESTING = ("threading.py", "selectors.py", "queue.py")
PLACES = (
    (re.compile(r"site-packages/(sqlalchemy|sqlmodel)/"), "SQLAlchemy and SQLModel"),
    (re.compile(r"site-packages/(fastapi|starlette|pydantic\w*)/"), "FastAPI and pydantic"),
    (re.compile(r"site-packages/(uvicorn|h11|httptools|anyio|uvloop)/"), "uvicorn and threads"),
    (re.compile(r"(site-packages/(jinja2|markupsafe)/|/templates/|<template>)"), "templates"),
    (re.compile(r"site-packages/psycopg"), "psycopg"),
    (re.compile(rf"{re.escape(ROOT)}/app/(domain|models)/"), "rules"),
    (re.compile(rf"{re.escape(ROOT)}/app/services/"), "services"),
    (re.compile(rf"{re.escape(ROOT)}/app/db/"), "statements and SQLite"),
    (re.compile(rf"{re.escape(ROOT)}/app/(web|routers|main)"), "pages as values, handlers"),
)


class Sampler:
    """Counts where every other thread is, from `start` to `stop`."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._used: dict[int, float] = {}
        self._stop = threading.Event()
        self._usual = sys.getswitchinterval()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to sample, with a short switch interval.

        Otherwise only waits would be seen: a thread releases the interpreter when it calls a
        driver, and the sampler would run only then.
        """
        sys.setswitchinterval(HASTE_SECONDS)
        self._thread.start()

    def stop(self) -> dict[str, int]:
        """End; samples by place."""
        self._stop.set()
        self._thread.join()
        sys.setswitchinterval(self._usual)
        samples = {place: round(used / EVERY_SECONDS) for place, used in self._seconds.items()}
        return {place: count for place, count in samples.items() if count}

    def _run(self) -> None:
        own = threading.get_ident()
        _leave_core()
        while not self._stop.wait(EVERY_SECONDS):
            for thread, frame in sys._current_frames().items():
                used = self._used_since(thread)
                place = None if thread == own else place_of(frame)
                if place is not None:
                    self._seconds[place] += used

    def _used_since(self, thread: int) -> float:
        """Seconds of processor time of a thread since it was last seen; none at first sight."""
        try:
            used = time.clock_gettime(time.pthread_getcpuclockid(thread))
        except OSError:
            return 0.0
        before = self._used.get(thread, used)
        self._used[thread] = used
        return used - before


def _leave_core() -> None:
    """Run on whatever core is free: on the server's own, its turn would come where a request
    waits for a database, and every sample would say so.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))


def place_of(frame: FrameType | None) -> str | None:
    """Return where a thread is; None if it waits for work."""
    if frame is not None and frame.f_code.co_filename.endswith(RESTING):
        return None
    while frame is not None:
        for pattern, place in PLACES:
            if pattern.search(frame.f_code.co_filename):
                return place
        frame = frame.f_back
    return None


def in_words(what: str, counts: dict[str, int]) -> str:
    """T2 is spent in templates (41 %), services (22 %) ..."""
    total = sum(counts.values())
    if not total:
        return f"{what}: no sample was taken."
    shares = sorted(((count / total, place) for place, count in counts.items()), reverse=True)
    said = [f"{place} {share:.0%}" for share, place in shares if share >= LEAST_SHARE]
    return f"Where {what} is spent ({total:,} samples): {', '.join(said)}."
