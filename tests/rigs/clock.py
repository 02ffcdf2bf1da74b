"""The one clock of the tests. It stands still until it is told to move."""

from datetime import UTC, datetime, timedelta

# A Monday, 21:41 in Berlin.
NOW = datetime(2026, 11, 23, 20, 41, tzinfo=UTC)


class Clock:
    """What `get_now` answers while a test runs."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The instant that the application believes it is."""
        return self.now

    def set(self, now: datetime) -> None:
        """Jump to an instant."""
        self.now = now

    def advance(self, **how_far: float) -> None:
        """Move on by so many `hours`, `minutes`, `days` ..."""
        self.now += timedelta(**how_far)
