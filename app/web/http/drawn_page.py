"""A drawn page with holes, for what differs each time that the page is sent.

The time its data was read, and the ids of new entries, are filled in last. So a cached page
(`app/web/http/page_cache.py`) needs no rendering, and its pieces are compressed only once.

Trends of ten years have 180 KB, which take 2 ms to compress, and Today 46 KB, which take 0.4 ms;
after a dose, half of them are unchanged. So each large part is a piece of its own, and compressed
pieces are cached by their digest.
"""

import secrets
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from uuid import uuid4

from markupsafe import Markup

from app.domain.lru import Lru
from app.domain.memo import memo

# The highest levels save a few bytes more, in twice the time.
LEVEL = 5
# Characters of a part that becomes a piece of its own: small ones would grow.
LARGE = 8_000
# Bytes of a piece worth caching, and how many are cached.
CACHED, MOST_BLOCKS = 1_000, 128
# Nobody can type it: it is another one in each process.
_HOLE = f"hole-{secrets.token_hex(16)}-"
READ_AT, NEW_ID, _SEAM = (Markup(f"{_HOLE}{kind}") for kind in "ris")
_CONTENT: Mapping[str, Callable[[int | None], object]] = {
    "r": lambda read_at: read_at,
    "i": lambda _read_at: uuid4(),
    "s": lambda _read_at: "",
}
# The start of a gzip file without name and time (RFC 1952), and an empty last block (RFC 1951).
_HEADER = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
_END = b"\x03\x00"

_blocks: Lru[bytes, bytes] = Lru(MOST_BLOCKS)


class DrawnPage:
    """The pieces of a page between its holes.

    Between a large part and its neighbours is a hole that nothing goes into.
    """

    def __init__(self, parts: Iterable[str]) -> None:
        first, *rest = str(_SEAM).join(_small_and_large(parts)).split(_HOLE)
        self._holes = [each[0] for each in rest]
        self._pieces = [each.encode() for each in (first, *(each[1:] for each in rest))]

    def filling(self, read_at: int | None) -> list[bytes]:
        """Return what belongs in the holes this time: instants, and new ids."""
        return [str(_CONTENT[each](read_at)).encode() for each in self._holes]

    def plain(self, filling: Sequence[bytes]) -> bytes:
        """Return the page as UTF-8."""
        return b"".join(_between(self._pieces, filling))

    def compressed(self, filling: Sequence[bytes]) -> bytes:
        """Return the page as a gzip file."""
        body = b"".join(_between(self._compressed_pieces, [_stored(each) for each in filling]))
        check, size = 0, 0
        for each in _between(self._pieces, filling):
            check, size = zlib.crc32(each, check), size + len(each)
        ends = (check.to_bytes(4, "little"), size.to_bytes(4, "little"))
        return b"".join((_HEADER, body, _END, *ends))

    @memo
    def _compressed_pieces(self) -> list[bytes]:
        return [_compressed(each) for each in self._pieces]


def _small_and_large(parts: Iterable[str]) -> list[str]:
    """Join the small parts between large ones."""
    found: list[str] = []
    small: list[str] = []
    for part in parts:
        if len(part) < LARGE:
            small.append(part)
        else:
            found += ["".join(small), part]
            small = []
    return [*found, "".join(small)]


def _compressed(piece: bytes) -> bytes:
    """Compress a piece on its own, so that any other can follow."""
    if len(piece) < CACHED:
        return _deflated(piece)
    digest = blake2b(piece, digest_size=32).digest()
    block = _blocks.get(digest)
    if block is None:
        block = _deflated(piece)
        _blocks.put(digest, block)
    return block


def _deflated(piece: bytes) -> bytes:
    deflate = zlib.compressobj(LEVEL, wbits=-zlib.MAX_WBITS)
    return deflate.compress(piece) + deflate.flush(zlib.Z_FULL_FLUSH)


def _between(pieces: Sequence[bytes], filling: Sequence[bytes]) -> Iterator[bytes]:
    for piece, filled in zip(pieces, filling, strict=False):
        yield piece
        yield filled
    yield pieces[-1]


def _stored(content: bytes) -> bytes:
    """Return content as a block that is not compressed."""
    size = len(content)
    lengths = size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little")
    return b"\x00" + lengths + content if content else b""
