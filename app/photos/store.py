"""Store photo files: DATA_DIR/photos/<account>/<photo>-<size>.jpg, named by ids alone.

Files are written before rows and deleted after them, so that a crash can leave an extra file, but
never a row without its files. A file appears whole or not at all: it is written under a temporary
name, flushed to the disk, and renamed.
"""

import errno
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from app.errors import DiskFull
from app.photos.pixels import SIZES

UNFINISHED = ".unfinished-"
MARKER = ".adding-"
IS_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# A full disk stops the database too: photos leave enough space to log doses for years.
SPARE_BYTES = 200_000_000
FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, slots=True)
class StagedPhoto:
    """Files on the disk under temporary names, until their row is decided."""

    folder: Path
    photo_id: UUID
    names: tuple[Path, ...]

    def put_in_place(self) -> None:
        """Rename the files to their final names; no bytes move, so a full disk does not matter.

        A marker shows that their row is not written yet; it is removed after the commit.
        """
        marker_of(self.folder, self.photo_id).touch(mode=0o600)
        for size, name in zip(SIZES, self.names, strict=True):
            os.replace(name, self.folder / file_name(self.photo_id, size))
        _sync(self.folder)


@dataclass(frozen=True, slots=True)
class PhotoStore:
    """The folder of all photos of an installation."""

    folder: Path

    def path(self, user_id: UUID, photo_id: UUID, size: int) -> Path:
        """Return the path of one size of a photo."""
        return self.folder / str(user_id) / file_name(photo_id, size)

    @contextmanager
    def staged(
        self, user_id: UUID, photo_id: UUID, files: Sequence[bytes]
    ) -> Iterator[StagedPhoto]:
        """Write a photo's files beside their final places; delete those not put in place.

        The caller commits within the block. Files put in place before a crash or a failed commit
        are listed by `interrupted`.

        Raises `DiskFull` if the disk is full, or would be without the space that the database
        needs; then no file is left.
        """
        folder = self.folder / str(user_id)
        names = tuple(folder / f"{UNFINISHED}{uuid4()}" for _file in files)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if shutil.disk_usage(folder).free - sum(map(len, files)) < SPARE_BYTES:
                raise DiskFull
            for name, file in zip(names, files, strict=True):
                _write(name, file)
            yield StagedPhoto(folder, photo_id, names)
            marker_of(folder, photo_id).unlink(missing_ok=True)
        except OSError as error:
            if error.errno in FULL:
                raise DiskFull from error
            raise
        finally:
            for name in names:
                name.unlink(missing_ok=True)

    def remove(self, user_id: UUID, photo_id: UUID) -> None:
        """Delete the files of a photo whose row is gone."""
        for size in SIZES:
            self.path(user_id, photo_id, size).unlink(missing_ok=True)

    def remove_all(self, user_id: UUID) -> None:
        """Delete the photos of a deleted account; raise OSError if that fails."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self.folder / str(user_id))

    def interrupted(self, before: datetime) -> list[tuple[UUID, UUID]]:
        """List account and photo of uploads whose files were in place before their row was written.

        Half-written files are deleted. Files written after `before` are skipped, because their
        upload may still be running.
        """
        for name in self.folder.glob(f"*/{UNFINISHED}*"):
            if _is_older(name, before):
                name.unlink(missing_ok=True)
        found = [each for each in self.folder.glob(f"*/{MARKER}*") if _is_older(each, before)]
        return [(UUID(each.parent.name), UUID(each.name.removeprefix(MARKER))) for each in found]

    def settle(self, user_id: UUID, photo_id: UUID, *, is_kept: bool) -> None:
        """End an interrupted upload: keep its files only if its row was written."""
        if not is_kept:
            self.remove(user_id, photo_id)
        marker_of(self.folder / str(user_id), photo_id).unlink(missing_ok=True)

    def accounts(self) -> set[UUID]:
        """Return the accounts that have a folder."""
        names = [each.name for each in self.folder.glob("*") if each.is_dir()]
        return {UUID(name) for name in names if IS_ID.fullmatch(name)}


def marker_of(folder: Path, photo_id: UUID) -> Path:
    """Return the file that exists while a photo's row is being written."""
    return folder / f"{MARKER}{photo_id}"


def file_name(photo_id: UUID, size: int) -> str:
    """Return the file name of one size of a photo."""
    return f"{photo_id}-{size}.jpg"


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Flush the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_older(path: Path, before: datetime) -> bool:
    try:
        return path.stat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return False
