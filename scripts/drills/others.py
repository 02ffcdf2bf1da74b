"""Another person, who must be served within a second whatever one client does."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from scripts.drills.figures import Figure, within
from scripts.drills.home import Answer, Person

MOST_SECONDS = 1.0


class Others:
    """Bob, who requests Today all the time during a drill."""

    def __init__(self, bob: Person) -> None:
        self.bob = bob
        self.answers: list[Answer] = []
        self.over = threading.Event()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Send requests as long as the block lasts."""
        self.answers = []
        self.over.clear()
        thread = threading.Thread(target=self._ask)
        thread.start()
        try:
            yield
        finally:
            self.over.set()
            thread.join()

    def figure(self, what: str) -> Figure:
        """Return how long Bob waited at most."""
        slowest = max(answer.seconds for answer in self.answers)
        statuses = {answer.status for answer in self.answers}
        figure = within(
            f"{what}: {len(self.answers)} pages of Bob's {statuses}", slowest, MOST_SECONDS
        )
        return Figure(figure.what, figure.shown, figure.holds and statuses == {200})

    def _ask(self) -> None:
        while not self.over.is_set():
            self.answers.append(self.bob.get("/"))
            time.sleep(0.05)
