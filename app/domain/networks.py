"""Which network an address belongs to, so that one household counts as one."""

from contextlib import suppress
from functools import cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network


def network_of(host: str, trusted_proxies: str = "") -> str:
    """The network that connections are counted by: an IPv4 address, or the /64 of an IPv6 one.

    Empty, and so without a limit of its own, for this machine and for trusted proxies (addresses
    or networks, separated by commas), which bring everybody's requests.
    """
    try:
        address = ip_address(host)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_loopback or any(address in network for network in _networks(trusted_proxies)):
        return ""
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)


def shortened(host: str) -> str:
    """Return the stored part of an address: its IPv4 /24 or IPv6 /64; empty for no address."""
    try:
        address = ip_address(host)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    length = 64 if isinstance(address, IPv6Address) else 24
    return str(ip_network((address, length), strict=False))


@cache
def _networks(trusted_proxies: str) -> tuple[IPv4Network | IPv6Network, ...]:
    networks = []
    for each in trusted_proxies.split(","):
        with suppress(ValueError):
            networks.append(ip_network(each.strip(), strict=False))
    return tuple(networks)
