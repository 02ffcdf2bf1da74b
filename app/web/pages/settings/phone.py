"""The addresses of this server for phones, as text and as QR codes."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request

from app.settings import Settings

# A computer reaches itself at these addresses; on a phone they would mean the phone.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
# This level restores up to a seventh of the modules, lost to dirt or glare.
CORRECTION = "m"
QUIET_ZONE = 4
# A longer address is not a server name, and its code would be too fine for a camera.
LONGEST_ADDRESS = 200


@dataclass(frozen=True, slots=True)
class QrCode:
    """The dark modules of a code as an SVG path, inside the quiet zone it needs."""

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
    """The addresses on the page; `here` is the address it was opened at."""

    addresses: tuple[PhoneAddress, ...]
    here: str

    @property
    def has_https(self) -> bool:
        """Whether a phone can use https, which installation and offline use need."""
        return any(address.is_secure for address in self.addresses)


def phone_page(request: Request, settings: Settings) -> PhonePage:
    """Return the configured addresses and the one the page was opened at, https first."""
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
    """Whether an address means the computer that opens it."""
    host = urlsplit(url).hostname or ""
    return host in LOOPBACK or host.endswith(".localhost") or host.startswith("127.")


def qr_code(text: str) -> QrCode:
    """Encode a text, as runs of dark modules."""
    import segno

    code = segno.make_qr(text, error=CORRECTION)
    path = "".join(
        f"M{start + QUIET_ZONE} {row + QUIET_ZONE}h{end - start}v1H{start + QUIET_ZONE}z"
        for row, modules in enumerate(code.matrix)
        for start, end in _runs(modules)
    )
    return QrCode(path, len(code.matrix) + 2 * QUIET_ZONE)


def _runs(modules: bytearray) -> list[tuple[int, int]]:
    """Yield where dark modules begin and end."""
    edges = [
        place
        for place, (before, module) in enumerate(zip(b"\0" + modules, modules + b"\0", strict=True))
        if before != module
    ]
    return list(zip(edges[::2], edges[1::2], strict=True))
