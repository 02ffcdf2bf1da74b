"""Compress a page as Strand does: every browser asks for that."""

import zlib

from fastapi.responses import HTMLResponse

LEVEL = 5
GZIP = 16 + zlib.MAX_WBITS


def packed(html: str) -> HTMLResponse:
    """An answer with a compressed page."""
    packing = zlib.compressobj(LEVEL, wbits=GZIP)
    body = packing.compress(html.encode()) + packing.flush()
    return HTMLResponse(body, headers={"content-encoding": "gzip"})


def unpacked(body: bytes) -> bytes:
    """A page as it was before it was compressed."""
    return zlib.decompress(body, wbits=GZIP) if body[:2] == b"\x1f\x8b" else body
