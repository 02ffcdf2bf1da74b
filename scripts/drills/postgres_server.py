"""A PostgreSQL that can be stopped and started, and that syncs what it acknowledges."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.drills.figures import Figure
from scripts.drills.home import Home
from tests.support.postgres import initialise, server_owner, wait_until_up
from tests.support.programs import postgres_program

# The names of `pg_ctl stop` for each signal.
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT


class PostgresServer:
    """A cluster in a folder of its own, on a socket there."""

    def __init__(self, folder: Path) -> None:
        initdb, self.program = postgres_program("initdb"), postgres_program("postgres")
        if initdb is None or self.program is None:
            raise RuntimeError("PostgreSQL's server programs are missing.")
        self.folder = folder
        folder.mkdir()
        self.owner = server_owner(folder)
        initialise(initdb, folder, self.owner)
        self.url = f"postgresql+psycopg://strand@/postgres?host={folder}"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        assert self.program is not None
        self.process = subprocess.Popen(
            [self.program, "-D", str(self.folder / "data"), "-k", str(self.folder), "-h", ""],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            start_new_session=True,
            **self.owner,
        )
        wait_until_up(self.process, self.folder)

    def stop(self, how: signal.Signals = FAST) -> None:
        """Stop it; every connection is cut."""
        self.process.send_signal(how)
        self.process.wait(30)

    def kill_a_backend(self) -> None:
        """Kill one of its processes hard, upon which it cuts all connections and recovers."""
        found = subprocess.run(
            ["pgrep", "-P", str(self.process.pid), "-f", "strand postgres"],
            capture_output=True,
            text=True,
            check=False,
        )
        if found.stdout:
            os.kill(int(found.stdout.split()[0]), signal.SIGKILL)

    def remove(self) -> None:
        """Stop it and delete everything."""
        self.stop(IMMEDIATE)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def postgres_in(folder: Path) -> Iterator[PostgresServer]:
    """A server that is gone after the block."""
    server = PostgresServer(folder)
    try:
        yield server
    finally:
        server.remove()


def on_each_database(folder: Path, drill: Callable[[str, Home], list[Figure]]) -> list[Figure]:
    """Return the results of a drill on SQLite, then on PostgreSQL."""
    figures = drill("SQLite", Home(folder / "home"))
    with postgres_in(folder / "postgres") as server:
        return figures + drill("PostgreSQL", Home(folder / "other", server.url))
