"""Ports for servers of their own that tests start."""

import random
import socket

# Below those that Linux, macOS and Windows hand out by themselves: between the choice and the
# server's start no connection of another test takes the port.
PORTS = range(20_000, 32_000)


def free_port() -> int:
    """A port of this computer that nothing listens on now."""
    # Not seeded, as the tests are: two processes would choose the same.
    chance = random.SystemRandom()
    while True:
        port = chance.choice(PORTS)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
