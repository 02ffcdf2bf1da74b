"""Open an installation: its folder, its database, and the marker that says it was there.

The marker keeps a vanished database (a volume that is not mounted, a mistyped address) from
being replaced by a fresh, empty one without a word.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, make_url

from app.db import make_engine, migrate
from app.errors import Unusable
from app.models import User
from app.settings import Settings

MARKER = ".strand"
MARKER_TEXT = "Strand keeps a database. This file says so: leave it beside the data.\n"

Commands = Any


@contextmanager
def open_installation(settings: Settings) -> Iterator[Engine]:
    """The engine on a database of the newest schema; raises `Unusable` with what to do."""
    marker = settings.data_dir / MARKER
    _check_folder(settings)
    if marker.exists() and not _has_database(settings):
        shown = make_url(settings.url_of_database).render_as_string(hide_password=True)
        raise Unusable(
            f"There was a database here before, and now {shown} is missing or empty. Bring it "
            "back (is the volume mounted?), or start afresh on purpose with this command: "
            f"rm {marker.resolve()}"
        )
    engine = make_engine(settings.url_of_database)
    try:
        migrate(engine)
        marker.write_text(MARKER_TEXT)
        yield engine
    finally:
        engine.dispose()


def database_file(settings: Settings) -> Path | None:
    """The file of an SQLite database."""
    name = make_url(settings.url_of_database).database
    is_file = settings.url_of_database.startswith("sqlite") and name
    return Path(name) if is_file and name else None


def named_user(found: User | None, name: str) -> User:
    """The account that a command is about."""
    if found is None:
        raise Unusable(f"There is no account named {name}.")
    return found


def local_time_zone() -> str:
    """The zone this computer lives in, or UTC where it does not say."""
    place = os.environ.get("TZ") or str(Path("/etc/localtime").resolve())
    found = re.search(r"(?:^|zoneinfo/)([A-Z][A-Za-z_]+/[A-Za-z_/+-]+)$", place)
    return found.group(1) if found else "UTC"


def _check_folder(settings: Settings) -> None:
    folder = settings.data_dir.absolute()
    file = database_file(settings)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise Unusable(f"{folder} is a file; the data folder cannot be made there.") from error
    except PermissionError as error:
        raise _unwritable(folder) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unwritable(folder)
    if file is not None and file.exists() and not os.access(file, os.R_OK | os.W_OK):
        raise _unwritable(file.absolute())


def _unwritable(path: Path) -> Unusable:
    owner = f"{os.getuid()}:{os.getgid()}"
    return Unusable(f"Strand may not write to {path}. Let it: sudo chown -R {owner} {path}")


def _has_database(settings: Settings) -> bool:
    file = database_file(settings)
    if file is not None and not file.exists():
        return False
    engine = make_engine(settings.url_of_database)
    try:
        return bool(inspect(engine).get_table_names())
    finally:
        engine.dispose()
