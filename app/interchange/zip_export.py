"""Export a whole diary as one ZIP, its CSV files and photos, while it is being read.

The archive is made piece by piece, so memory use stays constant. CSV files are compressed; photos,
already compressed, are stored unchanged under the names in `photos.csv`. The same data gives the
same bytes, because entries carry no time.
"""

import io
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from app.interchange.csv_export import FILES, Flavour, csv_chunks
from app.interchange.csv_rows import Extract, photo_file
from app.models import ProgressPhoto
from app.photos.pixels import SIZES
from app.photos.store import PhotoStore
from app.services.spool import PIECE, spooled

# Readable and writable only by the owner, once unpacked.
OWNER_ONLY = 0o600 << 16
# Each download adds a line, so an archive with the log would never be the same twice.
LOG_OF_DOWNLOADS = "activity"


# Opens one state of the database, so that the CSV files and the list of photos agree.
Extracts = Callable[[], AbstractContextManager[Extract]]


class _Outlet(io.RawIOBase):
    """A write-only file that cannot seek; written bytes wait until they are taken."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = memoryview(data)  # type: ignore[arg-type]
        self._written += piece
        return piece.nbytes

    def take(self) -> bytes:
        """Return the bytes written since the last call."""
        taken = bytes(self._written)
        self._written.clear()
        return taken


def zip_chunks(extracts: Extracts, store: PhotoStore, flavour: Flavour) -> Iterator[bytes]:
    """Yield the archive in pieces. A photo deleted meanwhile is left out."""
    outlet = _Outlet()
    photos: list[ProgressPhoto] = []
    with ZipFile(outlet, "w") as archive:
        yield from spooled(_csv_entries(archive, outlet, extracts, flavour, photos))
        for photo in photos:
            yield from _stored(archive, outlet, store, photo)
    yield outlet.take()


def _csv_entries(
    archive: ZipFile,
    outlet: _Outlet,
    extracts: Extracts,
    flavour: Flavour,
    photos: list[ProgressPhoto],
) -> Generator[bytes]:
    """Write every CSV file, and fill the list of photos from the same state."""
    with extracts() as extract:
        for name, file in FILES.items():
            if name == LOG_OF_DOWNLOADS:
                continue
            with archive.open(_entry(f"{name}.csv", ZIP_DEFLATED), "w") as entry:
                for chunk in csv_chunks(file, extract, flavour):
                    entry.write(chunk)
                    yield outlet.take()
        photos += _photos(extract)


def _photos(extract: Extract) -> Iterator[ProgressPhoto]:
    yield from extract.session.exec(ProgressPhoto.between(extract.user.id, *extract.days))


def _stored(
    archive: ZipFile, outlet: _Outlet, store: PhotoStore, photo: ProgressPhoto
) -> Iterator[bytes]:
    try:
        file = store.path(photo.user_id, photo.id, SIZES[0]).open("rb")
    except FileNotFoundError:
        return
    with file, archive.open(_entry(photo_file(photo), ZIP_STORED), "w") as entry:
        while piece := file.read(PIECE):
            entry.write(piece)
            yield outlet.take()


def _entry(name: str, compression: int) -> ZipInfo:
    entry = ZipInfo(name)
    entry.compress_type = compression
    entry.external_attr = OWNER_ONLY
    return entry
