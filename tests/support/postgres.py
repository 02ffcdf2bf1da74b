"""A private PostgreSQL server that lives as long as the tests, with nothing kept."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

import psycopg
import pytest

from tests.support.programs import postgres_program

MISSING = (
    "PostgreSQL's server programs (initdb, postgres) are missing: install the package "
    "postgresql (Debian: apt-get install postgresql)."
)
# Nothing here outlives the tests, so no write needs to reach the disk.
CONFIGURATION = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "120",
    "shared_buffers": "32MB",
}
START_WITHIN_SECONDS = 30


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """The address of a running server's maintenance database."""
    with running_cluster() as url:
        yield url


@contextmanager
def running_cluster() -> Iterator[str]:
    """Start a server on a socket in a folder of its own; stop it and delete both at the end."""
    initdb, postgres = postgres_program("initdb"), postgres_program("postgres")
    if initdb is None or postgres is None:
        pytest.fail(MISSING, pytrace=False)
    folder = Path(tempfile.mkdtemp(prefix="strand-pg-"))
    owner = server_owner(folder)
    settings = [f"--{name}={value}" for name, value in CONFIGURATION.items()]
    try:
        initialise(initdb, folder, owner)
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [postgres, "-D", str(folder / "data"), "-k", str(folder), *settings],
                stdout=log,
                stderr=log,
                cwd=folder,
                start_new_session=True,
                **owner,
            )
        try:
            wait_until_up(server, folder)
            yield f"postgresql+psycopg://strand@/postgres?host={folder}"
        finally:
            stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class ServerOwner(TypedDict, total=False):
    """Whom to run the server as, in the words of `subprocess`."""

    user: int
    group: int
    extra_groups: list[int]


def server_owner(folder: Path) -> ServerOwner:
    """PostgreSQL refuses to run as root: there its own account owns the folder."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def initialise(initdb: str, folder: Path, owner: ServerOwner) -> None:
    made = subprocess.run(
        [
            *(initdb, "--pgdata", str(folder / "data"), "--username=strand", "--auth=trust"),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"),
        ],
        capture_output=True,
        cwd=folder,
        text=True,
        check=False,
        **owner,
    )
    if made.returncode:
        pytest.fail(f"initdb could not make a PostgreSQL cluster: {made.stderr}", pytrace=False)


def wait_until_up(server: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            psycopg.connect(host=str(folder), user="strand", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    log = (folder / "log").read_text()
    pytest.fail(f"PostgreSQL did not start within its time: {log}", pytrace=False)


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ask for a fast shutdown, which cuts what still is connected."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
