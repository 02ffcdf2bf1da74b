"""Short writes that arrive while a commit is under way, and are then done at a test's word."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from app.db.group_commit import GroupWriter


@dataclass(eq=False)
class Asked:
    """One piece of work, and the answer to its caller."""

    told: list["Asked"]
    heard: Callable[[], object] = lambda: None
    result: Any = None
    error: BaseException | None = field(default=None)

    def tell(self, result: Any, error: BaseException | None) -> None:
        self.result, self.error = result, error
        self.told.append(self)
        self.heard()


class Crowd:
    """Pieces of work in their order, and those who were told, in theirs."""

    def __init__(self, engine: Engine) -> None:
        self.told: list[Asked] = []
        self._starts: list[Callable[[], None]] = []
        self._writer = GroupWriter(engine)

    def add(self, work: Callable[[Session], Any]) -> Asked:
        asked = Asked(self.told)
        self._writer.write(work, asked.tell, self._starts.append)
        return asked

    def write(self) -> None:
        """Let the thread that the first of them started do all of them."""
        [start] = self._starts
        self._starts.clear()
        start()
