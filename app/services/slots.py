"""Bound how many heavy jobs go on at a time, in all and for one account.

Whoever comes too many is refused at once: to wait would take a thread and a connection from
everybody else.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from uuid import UUID

from app.errors import Busy


class Slots:
    """Places for one kind of job; `sentence` is said to whoever finds none."""

    def __init__(self, most: int, most_of_one: int, sentence: str) -> None:
        self.most = most
        self.most_of_one = most_of_one
        self.sentence = sentence
        self._taken: Counter[UUID] = Counter()
        self._lock = Lock()

    @contextmanager
    def taken(self, user_id: UUID) -> Iterator[None]:
        """Hold a place; raises `Busy` where the account has its share, or none is left."""
        with self._lock:
            if self._taken.total() >= self.most or self._taken[user_id] >= self.most_of_one:
                raise Busy(self.sentence)
            self._taken[user_id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[user_id] -= 1
                self._taken += Counter()  # forgets accounts that hold none
