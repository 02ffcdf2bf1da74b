"""Bring a database to the newest schema with Alembic, one process at a time.

Usually there is nothing to do, and the start waits for this: Alembic is loaded only if needed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from app.db import BUSY_MILLISECONDS
from app.errors import CommandError
from app.i18n import _

PROJECT = Path(__file__).parents[2]
VERSIONS = PROJECT / "migrations" / "versions"
# The longest time that another process may migrate while this one waits.
MIGRATING_SECONDS = 120


def migrate(engine: Engine) -> None:
    """Bring the database to the newest schema; wait for another process that does so already.

    Raises `CommandError` if a newer Strand made the database.
    """
    if _is_at_newest(engine):
        return
    with (
        engine.execution_options(writes=True).connect() as connection,
        ready_to_migrate(connection),
        connection.begin(),
    ):
        _take_turns(connection)
        _upgrade(connection)


def alembic_config(connection: Connection) -> Any:
    """Return Alembic's configuration, bound to a connection whose transaction the caller owns."""
    from alembic.config import Config

    config = Config(toml_file=PROJECT / "pyproject.toml")
    config.attributes["connection"] = connection
    return config


def _is_at_newest(engine: Engine) -> bool:
    """Whether the database is at the last of the numbered migration files."""
    newest = max(path.name for path in VERSIONS.glob("*.py")).partition("_")[0]
    with engine.connect() as connection:
        if not engine.dialect.has_table(connection, "alembic_version"):
            return False
        version = connection.execute(text("SELECT version_num FROM alembic_version"))
        return list(version.scalars()) == [newest]


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = alembic_config(connection)
    script = ScriptDirectory.from_config(config)
    known = {revision.revision for revision in script.walk_revisions()}
    present = MigrationContext.configure(connection).get_current_heads()
    if not known.issuperset(present):
        raise CommandError(
            _(
                "This database was made by a newer Strand. Install that version, "
                "or restore the backup made before the update."
            )
        )
    command.upgrade(config, "head")


def _take_turns(connection: Connection) -> None:
    """Take PostgreSQL's lock for migrations; on SQLite the write lock is held already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(7836211)"))


@contextmanager
def ready_to_migrate(connection: Connection) -> Iterator[None]:
    """Let SQLite rebuild tables without cascading; this must be set outside a transaction.

    Outside, it is also told to wait longer than usual for the lock.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys = OFF")
    driver.execute(f"PRAGMA busy_timeout = {MIGRATING_SECONDS * 1000}")
    try:
        yield
        broken = driver.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise CommandError(
                _("The database has {n} rows with broken references.", n=len(broken))
            )
    finally:
        # A stop signal or a failing disk closes the connection; only its own error is reported.
        if not connection.invalidated:
            driver.execute("PRAGMA foreign_keys = ON")
            driver.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
