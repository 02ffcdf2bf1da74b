"""Write a lot without blocking others: in short transactions, with pauses between them.

SQLite has one write lock, and waiting writers look again after at most a tenth of a second. So a
long job releases the lock that often, and pauses long enough to be overtaken.
"""

import time
from collections.abc import Callable

from sqlmodel import Session

LONGEST_TURN_SECONDS = 0.08
REST_SECONDS = 0.12


class Turns:
    """Call it between two steps of a long job: once a turn has lasted, it commits and pauses."""

    def __init__(
        self, session: Session, *, longest: float = LONGEST_TURN_SECONDS, rest: float = REST_SECONDS
    ) -> None:
        self.session = session
        self.longest = longest
        self.rest = rest
        self.clock: Callable[[], float] = time.monotonic
        self.began = self.clock()

    def __call__(self, *, at_once: bool = False) -> None:
        """Commit and let others write, unless the turn has only begun."""
        if at_once or self.clock() - self.began >= self.longest:
            self.session.commit()
            time.sleep(self.rest)
            self.began = self.clock()
