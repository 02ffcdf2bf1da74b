"""Read the database at its own speed, however slowly the reader takes what was read."""

from collections.abc import Generator, Iterator
from contextlib import closing
from tempfile import TemporaryFile

PIECE = 64 * 1024


def spooled(chunks: Generator[bytes]) -> Iterator[bytes]:
    """The chunks in pieces of at most 64 KiB; the first chunk is handed out at once as it is.

    All others are made in one go, into a file without a name. So what they are made from, such
    as a database connection, is held for as long as they take to make, not to send.
    """
    with closing(chunks), TemporaryFile() as file:
        yield next(chunks, b"")
        file.writelines(chunks)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
