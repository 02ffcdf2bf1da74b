"""Which push services may be called: an address comes from a browser, so it may be hostile.

Only the services of the browsers, and those that the administrator names, are called; over https,
at their usual port, and only if their name leads to public addresses. A service of the home network
has to be named with its scheme in STRAND_PUSH_HOSTS, which allows exactly that origin.
"""

import ipaddress
import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

# A leading dot stands for all names below.
BROWSERS_SERVICES = (
    "fcm.googleapis.com",
    "android.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
)
LONGEST = 2_048
HTTPS = 443
# IPv6 addresses that stand for IPv4 ones: through them a private address could be reached.
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")

Resolve = Callable[[str], Sequence[str]]


class NotAllowedAddress(Exception):
    """The address of a push service that is not called."""


@dataclass(frozen=True, slots=True)
class PushServices:
    """The push services that may be called. `named` are those in STRAND_PUSH_HOSTS."""

    named: Collection[str] = ()

    def check(self, address: str) -> None:
        """Raise `NotAllowedAddress` unless an address belongs to an allowed service."""
        is_plain = address.isascii() and address.isprintable() and " " not in address
        if len(address) > LONGEST or not is_plain or "\\" in address:
            raise NotAllowedAddress(address)
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError as error:
            raise NotAllowedAddress(address) from error
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise NotAllowedAddress(address)
        if self.is_named_origin(address):
            return
        host = (parts.hostname or "").rstrip(".")
        is_usual = parts.scheme == "https" and port in {None, HTTPS}
        allowed = (*BROWSERS_SERVICES, *(name for name in self.named if "://" not in name))
        if not is_usual or not any(_is_within(host, name) for name in allowed):
            raise NotAllowedAddress(address)

    def is_named_origin(self, address: str) -> bool:
        """Whether the administrator named exactly this scheme, host and port."""
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.netloc}".lower() in {
            name.lower() for name in self.named if "://" in name
        }


def public_address(host: str, resolve: Resolve) -> str:
    """Return an address of a host; raise `NotAllowedAddress` unless all of them are public."""
    found = resolve(host)
    if not found or not all(is_public(each) for each in found):
        raise NotAllowedAddress(host)
    return found[0]


def resolve(host: str) -> Sequence[str]:
    """Look up the addresses of a host."""
    return [str(each[4][0]) for each in socket.getaddrinfo(host, HTTPS, type=socket.SOCK_STREAM)]


def is_public(text: str) -> bool:
    """Whether an IP address is reachable for everybody, so that no service at home is called."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        stands_for_another = address.ipv4_mapped or address.sixtofour or address.teredo
        if stands_for_another or address in TRANSLATED:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_within(host: str, name: str) -> bool:
    return host.endswith(name) if name.startswith(".") else host == name
