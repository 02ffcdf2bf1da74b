"""Stop a server that stays unhealthy, so that Docker or systemd restarts it.

Docker restarts containers that have stopped, not those that are unhealthy. Most troubles pass
without a restart, and stopping the server for each would cause longer outages.
"""

import logging
import os
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from threading import Thread
from typing import NoReturn

EVERY_SECONDS = 30
MOST_SECONDS = 300
ANSWER_SECONDS = 12
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}

log = logging.getLogger("strand")


class Watch(Thread):
    """Check the health of the server at `host` and `port`; call `end` if it does not recover."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        every: float = EVERY_SECONDS,
        most: float = MOST_SECONDS,
        end: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(daemon=True, name="watch")
        self.host = EVERYWHERE.get(host, host)
        self.port = port
        self.every = every
        self.most = most
        self.end = end or _end

    def run(self) -> None:
        """Check until the server has been unhealthy for `most` seconds."""
        last_well = time.monotonic()
        while time.monotonic() - last_well < self.most:
            time.sleep(self.every)
            if self.is_well():
                last_well = time.monotonic()
        log.error("Strand was unhealthy for %d seconds and is stopping for a restart.", self.most)
        self.end()

    def is_well(self) -> bool:
        """Return whether the server answers without reporting that its database is unusable.

        A server with too many connections answers in plain text; that is no reason to stop it.
        """
        connection = HTTPConnection(self.host, self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            is_json = answer.headers.get_content_type() == "application/json"
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()
        return answer.status == 200 or not is_json


def _end() -> NoReturn:
    """Exit at once: every acknowledged write is on the disk, and a thread may hang for ever."""
    os._exit(1)
