"""Open an installation: its folder, its database, and the marker that it existed before.

The marker keeps a vanished database (a volume that is not mounted, a mistyped address) from being
silently replaced by a new, empty one.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, make_url
from sqlmodel import select

from app.db import make_engine, reading, writing
from app.db.migrations import migrate
from app.errors import CommandError
from app.i18n import _
from app.models import ProgressPhoto, User
from app.services.accounts import outdated_name_keys, renew_name_keys
from app.settings import Settings

MOUNTS = Path("/proc/self/mountinfo")
MARKER = ".strand"
MARKER_TEXT = "Strand keeps a database. This file says so: leave it beside the data.\n"

# The permissions of the owner's group and all others on a diary's files: none.
OTHERS = 0o077

Commands = Any


@contextmanager
def open_installation(settings: Settings) -> Iterator[Engine]:
    """Open an engine on a database of the newest schema; raise `CommandError` with the remedy."""
    marker = settings.data_dir / MARKER
    _check_folder(settings)
    if marker.exists() and not _has_database(settings):
        shown = make_url(settings.url_of_database).render_as_string(hide_password=True)
        raise CommandError(
            _(
                "There was a database here before, and now {database} is missing or empty. Restore "
                "it (is the volume mounted?), or start fresh with this command: {command}",
                database=shown,
                command=command_outside("rm", str(marker.resolve())),
            )
        )
    before = os.umask(OTHERS)
    engine = make_engine(settings.url_of_database)
    try:
        migrate(engine)
        _renew_name_keys(engine)
        _check_photos_are_there(settings, engine)
        # Not written again: the disk may be full while the diary can still be read.
        if not marker.exists():
            marker.write_text(MARKER_TEXT)
        _close_to_others(settings)
        yield engine
    finally:
        engine.dispose()
        os.umask(before)


def database_file(settings: Settings) -> Path | None:
    """Return the file of an SQLite database."""
    name = make_url(settings.url_of_database).database
    is_file = settings.url_of_database.startswith("sqlite") and name
    return Path(name) if is_file and name else None


def command_outside(*words: str, as_root: bool = False) -> str:
    """Return the shell command an administrator must run to repair what Strand may not change.

    A stopped container cannot be entered; another one can use its volumes.
    """
    if (container := _container()) is None:
        return " ".join(["sudo", *words] if as_root else words)
    program = "podman" if Path("/run/.containerenv").exists() else "docker"
    user = "0" if as_root else f"{os.getuid()}:{os.getgid()}"
    image = f"$({program} inspect --format '{{{{.Image}}}}' {container})"
    borrowing = f"{program} run --rm --user {user} --volumes-from {container}"
    return f"{borrowing} --entrypoint {words[0]} {image} {' '.join(words[1:])}"


def _container() -> str | None:
    """Return the container of this process, by the file that its engine mounts into it."""
    try:
        found = re.search(r"/([0-9a-f]{12})[0-9a-f]{52}/\S*hostname ", MOUNTS.read_text())
    except OSError:
        return None
    return found.group(1) if found else None


def named_user(found: User | None, name: str) -> User:
    """Return the account that a command names."""
    if found is None:
        raise CommandError(_("There is no account named {name}.", name=name))
    return found


def local_time_zone() -> str:
    """Return this computer's time zone, or UTC if it does not say."""
    place = os.environ.get("TZ") or str(Path("/etc/localtime").resolve())
    found = re.search(r"(?:^|zoneinfo/)([A-Z][A-Za-z_]+/[A-Za-z_/+-]+)$", place)
    return found.group(1) if found else "UTC"


def _check_folder(settings: Settings) -> None:
    folder = settings.data_dir.absolute()
    file = database_file(settings)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise CommandError(
            _("{folder} is a file, so the data folder cannot be created there.", folder=folder)
        ) from error
    except PermissionError as error:
        raise _unwritable(folder) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unwritable(folder)
    if file is not None and file.exists() and not os.access(file, os.R_OK | os.W_OK):
        raise _unwritable(file.absolute())


def _close_to_others(settings: Settings) -> None:
    """Remove everybody's access to the data folder and the database, except the owner's.

    Files of an older version could be read by every account of the computer. Files of another
    owner, such as those of a shared folder, stay unchanged.
    """
    file = database_file(settings)
    found = [] if file is None else list(file.parent.glob(f"{file.name}*"))
    for path in (settings.data_dir, settings.photo_dir, *found):
        if path.exists() and path.stat().st_uid == os.geteuid():
            path.chmod(path.stat().st_mode & ~OTHERS)


def _renew_name_keys(engine: Engine) -> None:
    with reading(engine) as session:
        outdated = outdated_name_keys(session)
    if outdated:
        with writing(engine) as session:
            renew_name_keys(session, outdated)
            session.commit()


def _unwritable(path: Path) -> CommandError:
    owner = f"{os.getuid()}:{os.getgid()}"
    chown = command_outside("chown", "-R", owner, str(path), as_root=True)
    return CommandError(
        _("Strand cannot write to {path}. Allow it with: {chown}", path=path, chown=chown)
    )


def _check_photos_are_there(settings: Settings, engine: Engine) -> None:
    """Refuse to start if the photos' volume is missing while the database is there."""
    with reading(engine) as session:
        photo = session.exec(select(ProgressPhoto.id).limit(1)).first()
    if photo is not None and not settings.photo_dir.exists():
        raise CommandError(
            _(
                "The database lists photos, but {folder} is not there. Restore it (is the volume "
                "mounted?), or continue without the files with this command: {command}",
                folder=settings.photo_dir.absolute(),
                command=command_outside("mkdir", str(settings.photo_dir.absolute())),
            )
        )


def _has_database(settings: Settings) -> bool:
    file = database_file(settings)
    if file is not None and not file.exists():
        return False
    engine = make_engine(settings.url_of_database)
    try:
        return bool(inspect(engine).get_table_names())
    finally:
        engine.dispose()
