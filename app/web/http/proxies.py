"""Read a browser's scheme and address from the headers of trusted proxies.

Proxies write `X-Forwarded-Proto` in many ways: "HTTPS", or as a list if there are several ("https,
http"), where the first entry is the browser's own scheme. Others write `Forwarded` (RFC 7239),
`X-Forwarded-Scheme` or `X-Forwarded-Ssl`. No site can make a browser send these headers to another
site, and a browser that lies about its own scheme only locks itself out.

The address is the last one in `X-Forwarded-For` that is not a trusted proxy: earlier ones can be
forged.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

SCHEMES = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
PROTO = re.compile(r"(?:^|[;,\s])proto=\"?([a-z]+)", re.IGNORECASE)
FOR = re.compile(r"(?:^|[;,\s])for=\"?\[?([0-9a-f.:]+)", re.IGNORECASE)
PORT_OF_IPV4 = re.compile(r"^(\d+\.\d+\.\d+\.\d+):\d+$")


class ForwardedRequests:
    """Gives a request that came through trusted proxies the browser's scheme and address."""

    def __init__(self, app: ASGIApp, *, trusted_proxies: str) -> None:
        self.app = app
        self.trusted = [
            ip_network(each.strip(), strict=False)
            for each in trusted_proxies.split(",")
            if each.strip()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with the scheme and address from a trusted proxy."""
        client = scope.get("client")
        if scope["type"] == "http" and client and is_trusted(client[0], self.trusted):
            headers = Headers(scope=scope)
            scope = dict(scope)
            scope["scheme"] = forwarded_scheme(headers) or scope["scheme"]
            if address := forwarded_address(headers, self.trusted):
                scope["client"] = (address, 0)
        await self.app(scope, receive, send)


def forwarded_scheme(headers: Headers) -> str | None:
    """Return the scheme that the browser used; None if no header says it."""
    told = [
        *_first(headers, "x-forwarded-proto"),
        *PROTO.findall(headers.get("forwarded", ""))[:1],
        *_first(headers, "x-forwarded-scheme"),
        *("https" for each in _first(headers, "x-forwarded-ssl") if each.lower() == "on"),
    ]
    known = (SCHEMES.get(each.lower()) for each in told)
    return next((scheme for scheme in known if scheme), None)


def forwarded_address(headers: Headers, trusted: Sequence[IPv4Network | IPv6Network]) -> str | None:
    """Return the address of the browser; None if no header says it."""
    listed = ",".join(headers.getlist("x-forwarded-for")).split(",")
    hosts = [_host(each) for each in listed if each.strip()]
    hosts = hosts or FOR.findall(",".join(headers.getlist("forwarded")))
    strangers = [host for host in hosts if not is_trusted(host, trusted)]
    return strangers[-1] if strangers else (hosts[0] if hosts else None)


def is_trusted(host: str, trusted: Sequence[IPv4Network | IPv6Network]) -> bool:
    """Whether an address is that of a trusted proxy."""
    with suppress(ValueError):
        address = ip_address(host)
        if isinstance(address, IPv6Address):
            address = address.ipv4_mapped or address
        return any(address in network for network in trusted)
    return False


def _first(headers: Headers, name: str) -> list[str]:
    """Return the first entry of a list that may be spread over several headers."""
    entries = [each.strip() for each in ",".join(headers.getlist(name)).split(",")]
    return [each for each in entries if each][:1]


def _host(text: str) -> str:
    host = text.strip().strip('"')
    if found := PORT_OF_IPV4.match(host):
        return found[1]
    return host.removeprefix("[").partition("]")[0]
