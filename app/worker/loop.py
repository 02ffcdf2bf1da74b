"""A loop that runs the jobs that are due."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

# The clock is read at least this often: it may be corrected, or the computer may have slept.
LOOKS_EVERY = timedelta(minutes=1)
# The first jobs beside a server wait for its first pages, which they would slow down by 30 ms.
BEGINS_AFTER = timedelta(seconds=5)
# When work that failed is tried again.
TRIES_AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Work:
    """A job that runs at the start, and again each time `every` has passed."""

    do: Callable[[datetime], None]
    every: timedelta


@dataclass(slots=True)
class Worker:
    """Runs each job when it is due."""

    works: Sequence[Work]
    _due_at: dict[int, datetime] = field(default_factory=dict)

    def do_what_is_due(self, now: datetime) -> None:
        """Run each job whose time has come, in order.

        A job that finds the database or the disk busy or unreachable is tried again within an hour.
        """
        for place, work in enumerate(self.works):
            if now < self._due_at.get(place, now):
                continue
            try:
                work.do(now)
                self._due_at[place] = now + work.every
            except (SQLAlchemyError, OSError):
                self._due_at[place] = now + min(work.every, TRIES_AGAIN_AFTER)


def work_until(
    is_over: threading.Event,
    works: Sequence[Work],
    clock: Callable[[], datetime],
    begins_after: timedelta = timedelta(0),
) -> None:
    """Run the jobs that are due until `is_over` is set."""
    worker = Worker(works)
    is_over.wait(begins_after.total_seconds())
    waits = min([LOOKS_EVERY, *(work.every for work in works)])
    while not is_over.is_set():
        worker.do_what_is_due(clock())
        is_over.wait(waits.total_seconds())


@contextmanager
def working(
    works: Sequence[Work],
    clock: Callable[[], datetime],
    begins_after: timedelta = BEGINS_AFTER,
) -> Iterator[None]:
    """Run the jobs that are due in a separate thread, for as long as the block lasts."""
    is_over = threading.Event()
    thread = threading.Thread(
        target=work_until, args=(is_over, works, clock, begins_after), name="worker", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
