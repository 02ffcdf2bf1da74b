"""Commit the short writes of several requests together.

A commit waits for the disk, and costs as much as everything else that a tap does, whether it holds
one dose or twenty. So writes that arrive during a commit share the next transaction, and each is
answered after its commit. With 32 requests at a time, a tap costs less than half of the CPU
that it costs alone (`bench/results.md`).

Work that fails rolls back the others in its transaction. Then each is done once more, in a
transaction of its own: work may run twice, so it may change nothing but its session.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from app.db import open_session, writing
from app.db.direct import ConnectionSession
from app.db.trouble import trouble_of

Work = Callable[[Session], Any]
Tell = Callable[[Any, BaseException | None], object]
# The number of writes that share a transaction: enough for a crowd, and done within some 20 ms.
MOST_TOGETHER = 64


class MustBeAlone(Exception):
    """Work that rolls back, or does not commit, cannot share its transaction."""


class SharedSession(ConnectionSession):
    """A session that several pieces of work use in turn; a commit only marks the work as done."""

    is_done = False

    def commit(self) -> None:
        """Mark the work as done; the transaction is committed with all others."""
        self.flush()
        self.is_done = True

    def rollback(self) -> None:
        """Raise `MustBeAlone`: this would undo the others too."""
        raise MustBeAlone

    def run(self, work: Work) -> Any:
        """Do one piece of work; raise `MustBeAlone` if it does not commit."""
        self.is_done = False
        result = work(self)
        if not self.is_done:
            raise MustBeAlone
        # The next work reads from the database, not what this one has read before.
        self.expunge_all()
        return result

    def commit_all(self) -> None:
        """Commit all work."""
        super().commit()


@dataclass(slots=True, eq=False)
class Job:
    """Work that waits for its turn, the function to call afterwards, and the result."""

    work: Work
    tell: Tell
    is_over: bool = False
    result: Any = None
    error: BaseException | None = None


class GroupWriter:
    """Does the short writes to one database, in one thread at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._waiting: list[Job] = []
        self._is_writing = False

    def write(self, work: Work, tell: Tell, start: Callable[[Callable[[], None]], object]) -> None:
        """Do some work together with all other waiting work.

        `start` runs a function in a thread; it is called if no thread is writing. `tell` is called
        there after the commit, with the result of the work, or with None and an error.
        """
        with self._lock:
            self._waiting.append(Job(work, tell))
            if self._is_writing:
                return
            self._is_writing = True
        start(self._write)

    def _write(self) -> None:
        while jobs := self._taken(MOST_TOGETHER):
            failed = self._do(jobs)
            for job in [*jobs, *failed]:
                job.tell(job.result, job.error)

    def _taken(self, most: int) -> list[Job]:
        """Take the jobs that have waited longest; without any, the next one starts a thread."""
        with self._lock:
            jobs, self._waiting = self._waiting[:most], self._waiting[most:]
            self._is_writing = bool(jobs)
            return jobs

    def _do(self, jobs: Sequence[Job]) -> list[Job]:
        """Do jobs, together if possible; return other jobs that failed with them."""
        try:
            if len(jobs) > 1 and _is_done_together(self._engine, jobs):
                return []
            for job in jobs:
                _do_alone(self._engine, job)
        except BaseException as error:
            # Trouble of the database or the machine, for whose end all have waited alike.
            with self._lock:
                others, self._waiting = self._waiting, []
            for job in [*jobs, *others]:
                if not job.is_over:
                    job.result, job.error, job.is_over = None, error, True
            return others
        return []


def _is_done_together(engine: Engine, jobs: Sequence[Job]) -> bool:
    results = []
    try:
        with open_session(engine, SharedSession, writes=True) as session:
            results = [session.run(job.work) for job in jobs]
            session.commit_all()
    except Exception as error:
        if _is_everybodys(error):
            raise
        return False
    for job, result in zip(jobs, results, strict=True):
        job.result, job.is_over = result, True
    return True


def _do_alone(engine: Engine, job: Job) -> None:
    try:
        with writing(engine) as session:
            job.result = job.work(session)
    except Exception as error:
        if _is_everybodys(error):
            raise
        job.result, job.error = None, error
    job.is_over = True


def _is_everybodys(error: Exception) -> bool:
    """Return whether an error would meet all that wait: trouble of the database or the machine.

    A deadlock on PostgreSQL, or a lock that somebody else holds for too long, concerns one person.
    """
    state = str(getattr(getattr(error, "orig", None), "sqlstate", ""))
    return trouble_of(error) is not None and not state.startswith(("40", "55P03"))
