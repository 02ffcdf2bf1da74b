"""How a phone gets to this installation: its addresses, as words and as QR codes."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import segno
from fastapi import Request

from app.settings import Settings

# The addresses by which a computer speaks to itself; a phone would speak to itself by them.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
# Of the modules of a code that may be dirty or in a glare, this level restores a seventh.
CORRECTION = "m"
QUIET_ZONE = 4
# A longer one is no name of a server, and its code would be too fine for a camera.
LONGEST_ADDRESS = 200


@dataclass(frozen=True, slots=True)
class QrCode:
    """The dark modules of a code as the path of an SVG, with the empty frame that it needs."""

    path: str
    side: int


@dataclass(frozen=True, slots=True)
class PhoneAddress:
    """An address that a phone may be able to open."""

    url: str
    code: QrCode
    is_secure: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class PhonePage:
    """What the page shows; `here` is where its reader is."""

    addresses: tuple[PhoneAddress, ...]
    here: str

    @property
    def has_https(self) -> bool:
        """Whether a phone can come encrypted, and then can do everything."""
        return any(address.is_secure for address in self.addresses)


def phone_page(request: Request, settings: Settings) -> PhonePage:
    """The addresses of the settings, and the one that the reader came by; encrypted ones first."""
    here = f"{request.url.scheme}://{request.url.netloc}{settings.prefix}"
    known = dict.fromkeys([*settings.addresses, here])
    usable = [url for url in known if not is_loopback(url) and len(url) <= LONGEST_ADDRESS]
    usable.sort(key=lambda url: not url.startswith("https:"))
    return PhonePage(
        addresses=tuple(
            PhoneAddress(url, qr_code(url), url.startswith("https:"), url == here) for url in usable
        ),
        here=here,
    )


def is_loopback(url: str) -> bool:
    """Whether an address leads to whatever computer it is opened on."""
    host = urlsplit(url).hostname or ""
    return host in LOOPBACK or host.endswith(".localhost") or host.startswith("127.")


def qr_code(text: str) -> QrCode:
    """A code of a text, as runs of dark modules."""
    code = segno.make_qr(text, error=CORRECTION)
    path = "".join(
        f"M{start + QUIET_ZONE} {row + QUIET_ZONE}h{end - start}v1H{start + QUIET_ZONE}z"
        for row, modules in enumerate(code.matrix)
        for start, end in _runs(modules)
    )
    return QrCode(path, len(code.matrix) + 2 * QUIET_ZONE)


def _runs(modules: bytearray) -> list[tuple[int, int]]:
    """Where dark modules begin and end."""
    edges = [
        place
        for place, (before, module) in enumerate(zip(b"\0" + modules, modules + b"\0", strict=True))
        if before != module
    ]
    return list(zip(edges[::2], edges[1::2], strict=True))
