"""The database for the web: its sessions, and whether it can be used now."""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Lock

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.db import reading, writing
from app.db.group_commit import GroupWriter, Tell, Work
from app.db.trouble import check_room, trouble_of
from app.errors import Trouble

# The shortest time between checks for `/healthz`, because each check is a write.
SECONDS_BETWEEN_LOOKS = 5
SECONDS_BETWEEN_LINES = 600
CHANGES_NOTHING = text("UPDATE alembic_version SET version_num = version_num")

log = logging.getLogger("strand")


class Database:
    """Opens sessions, and knows the state of its database. Logs one line about each trouble."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._group = GroupWriter(engine)
        self._lock = Lock()
        self._looked_at = float("-inf")
        self._found: Trouble | None = None
        self._told_at: dict[Trouble, float] = {}

    def reading(self) -> AbstractContextManager[Session]:
        """Open a session that only reads."""
        return reading(self.engine)

    def writing(self) -> AbstractContextManager[Session]:
        """Open a session that may write; the caller commits."""
        return writing(self.engine)

    def write_together(
        self, work: Work, tell: Tell, start: Callable[[Callable[[], None]], object]
    ) -> None:
        """Do a short write in a transaction that it may share (`GroupWriter.write`)."""
        self._group.write(work, tell, start)

    def look(self) -> Trouble | None:
        """Check whether the database can be read and written, at most every few seconds."""
        is_first = self._lock.acquire(blocking=False)
        if not is_first:
            return self._found
        try:
            if time.monotonic() - self._looked_at >= SECONDS_BETWEEN_LOOKS:
                self._found = self._try_out()
                self._looked_at = time.monotonic()
        finally:
            self._lock.release()
        return self._found

    def note(self, error: BaseException) -> Trouble | None:
        """Return the trouble behind an error, and log it once, however many requests have it.

        Returns None for an error that is not trouble of the machine or database.
        """
        trouble = trouble_of(error)
        if trouble is not None:
            self._log(trouble, error)
        return trouble

    def _log(self, trouble: Trouble, error: BaseException) -> None:
        self._looked_at = float("-inf")
        now = time.monotonic()
        if now - self._told_at.get(trouble, float("-inf")) < SECONDS_BETWEEN_LINES:
            return
        self._told_at[trouble] = now
        cause = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        # In English for every user: a log is searched.
        log.error("%s (%s).", trouble.cause.message, cause)

    def _try_out(self) -> Trouble | None:
        try:
            with self.writing() as session:
                session.execute(CHANGES_NOTHING)
                session.commit()
            check_room(self.engine)
        except (SQLAlchemyError, OSError) as error:
            trouble = trouble_of(error) or Trouble.FAILING
            self._log(trouble, error)
            return trouble
        if self._told_at:
            self._told_at.clear()
            log.warning("The server’s database can be used again.")
        return None
