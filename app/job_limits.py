"""Limit how many heavy jobs run at a time, in all and per account.

Requests beyond the limit are refused at once, because waiting would occupy a thread and a
connection.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from uuid import UUID

from app.errors import Busy
from app.i18n import Text


class JobLimit:
    """Places for one kind of job; `sentence` is the refusal when none is free."""

    def __init__(self, most: int, most_of_one: int, sentence: Text) -> None:
        self.most = most
        self.most_of_one = most_of_one
        self.sentence = sentence
        self._taken: Counter[UUID] = Counter()
        self._lock = Lock()

    @contextmanager
    def taken(self, user_id: UUID) -> Iterator[None]:
        """Hold a place; raise `Busy` if the account has its share or none is free."""
        with self._lock:
            if self._taken.total() >= self.most or self._taken[user_id] >= self.most_of_one:
                raise Busy(self.sentence)
            self._taken[user_id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[user_id] -= 1
                self._taken += Counter()  # drops accounts that hold none
