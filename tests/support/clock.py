"""The one clock of the tests: it stands still until a test moves it, or code reads it.

Before a browser, whose clock runs, it runs as well.
"""

import time
from datetime import UTC, datetime, timedelta

# A Monday, 21:41 in Berlin.
NOW = datetime(2026, 11, 23, 20, 41, tzinfo=UTC)


class Clock:
    """What the application takes for the time while a test runs."""

    def __init__(self, now: datetime = NOW) -> None:
        self.set(now)

    def __call__(self) -> datetime:
        """The instant that the application believes it is; no two requests come at one."""
        now = self.now
        self.advance(microseconds=1)
        return now

    @property
    def now(self) -> datetime:
        """The instant at which it stands."""
        return self._set_to

    def set(self, now: datetime) -> None:
        """Jump to an instant."""
        self._set_to = now

    def advance(self, **how_far: float) -> None:
        """Move on by so many `hours`, `minutes`, `days` ..."""
        self.set(self.now + timedelta(**how_far))


class RunningClock(Clock):
    """A clock that runs on from the instant it was set to."""

    @property
    def now(self) -> datetime:
        """What time it is by now."""
        return self._set_to + timedelta(seconds=time.monotonic() - self._set_at)

    def set(self, now: datetime) -> None:
        """Jump to an instant, and run on from there."""
        self._set_to, self._set_at = now, time.monotonic()
