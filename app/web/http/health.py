"""Check whether the database can be used, for `/healthz` and one log line per trouble."""

import logging
import time
from threading import Lock

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.db import writing
from app.db.trouble import Trouble, check_room, trouble_of
from app.i18n import _, lazy

# However often `/healthz` is asked, because each check is a write.
SECONDS_BETWEEN_LOOKS = 5
SECONDS_BETWEEN_LINES = 600
CHANGES_NOTHING = text("UPDATE alembic_version SET version_num = version_num")
CAUSES = {
    Trouble.BUSY: lazy("The server is busy"),
    Trouble.AWAY: lazy("The server’s database cannot be reached"),
    Trouble.FULL: lazy("The server’s disk is full"),
    Trouble.READ_ONLY: lazy("The server’s disk cannot be written to"),
    Trouble.FAILING: lazy("The server’s disk or database is damaged"),
    Trouble.REPLACED: lazy("The server’s database file was deleted, moved or replaced"),
    Trouble.UNREADABLE: lazy("The server’s database file cannot be read"),
}
ADVICE = {
    Trouble.BUSY: lazy("Try again in a moment."),
    Trouble.AWAY: lazy("What you saved before is safe. Try again in a minute."),
    Trouble.FULL: lazy(
        "What you saved before is safe. Free some space on the server, then try again."
    ),
    Trouble.READ_ONLY: lazy("What you saved before is safe. See the server’s log for details."),
    Trouble.FAILING: lazy("See the server’s log for details. Keep your backups."),
    Trouble.REPLACED: lazy("Put the file back, or restart Strand."),
    Trouble.UNREADABLE: lazy(
        "What you saved before is safe. Check the permissions of the file and its folder."
    ),
}

log = logging.getLogger("strand")


def sentence_of(trouble: Trouble, *, is_write: bool = False) -> str:
    """Say what is wrong, and what to do."""
    lost = _(", so this was not saved") if is_write else ""
    return f"{CAUSES[trouble]}{lost}. {ADVICE[trouble]}"


class Health:
    """The known state of the database."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._looked_at = float("-inf")
        self._found: Trouble | None = None
        self._told_at: dict[Trouble, float] = {}

    def look(self, engine: Engine) -> Trouble | None:
        """Check whether the database can be read and written, at most every few seconds."""
        is_first = self._lock.acquire(blocking=False)
        if not is_first:
            return self._found
        try:
            if time.monotonic() - self._looked_at >= SECONDS_BETWEEN_LOOKS:
                self._found = self._try_out(engine)
                self._looked_at = time.monotonic()
        finally:
            self._lock.release()
        return self._found

    def note(self, trouble: Trouble, error: BaseException) -> None:
        """Log one line about a trouble, however many requests run into it."""
        self._looked_at = float("-inf")
        now = time.monotonic()
        if now - self._told_at.get(trouble, float("-inf")) < SECONDS_BETWEEN_LINES:
            return
        self._told_at[trouble] = now
        cause = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        # In English, whoever ran into it: a log is searched.
        log.error("%s (%s).", CAUSES[trouble].message, cause)

    def _try_out(self, engine: Engine) -> Trouble | None:
        try:
            with writing(engine) as session:
                session.execute(CHANGES_NOTHING)
                session.commit()
            check_room(engine)
        except (SQLAlchemyError, OSError) as error:
            trouble = trouble_of(error) or Trouble.FAILING
            self.note(trouble, error)
            return trouble
        if self._told_at:
            self._told_at.clear()
            log.warning("The server’s database can be used again.")
        return None
