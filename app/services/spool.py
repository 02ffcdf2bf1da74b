"""Read from the database at its own speed, however slow the reader of the answer is."""

from collections.abc import Generator, Iterator
from contextlib import closing
from tempfile import TemporaryFile

PIECE = 64 * 1024


def spooled(chunks: Generator[bytes]) -> Iterator[bytes]:
    """Yield the chunks in pieces of at most 64 KiB; the first chunk comes at once and unchanged.

    All others are written in one go to a file without a name. So a database connection, or anything
    else the chunks need, is held only while they are made, not while they are sent.
    """
    with closing(chunks), TemporaryFile() as file:
        yield next(chunks, b"")
        file.writelines(chunks)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
