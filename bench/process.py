"""T6, T6b, T8: the process as a whole: its start, its memory, and many writers at once."""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from itertools import islice
from pathlib import Path

from bench.account import outbox_requests
from bench.load import Connection, connections, get, send_all
from bench.measuring import ratios, spread
from bench.parts import CROWD, Bench
from bench.report import Figure, times
from bench.server import resident
from tests.support.ports import free_port

ROOT = Path(__file__).parents[1]
STARTS = 7
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
PATIENCE_S = 30
MOST_START, AMBITIOUS_START = 1.9, 1.6
MOST_MEMORY, AMBITIOUS_MEMORY = 1.4, 1.25
MOST_GROWTH = 0.1
PAGES, DOSES = 5_000, 5_000
WRITES = 10_000
MIB = 1024 * 1024
# The least that a program of FastAPI, SQLModel and Jinja can be.
LIMIT = """
import fastapi, jinja2, sqlmodel, uvicorn
app = fastapi.FastAPI(openapi_url=None)
app.get("/healthz")(lambda: {{}})
uvicorn.run(app, port={port}, log_level="error")
"""


def cold_start(bench: Bench) -> list[Figure]:
    """T6: from the command to the first answer, with three years in the database."""
    ours, bare = [], []
    _seconds_to_answer(*_strand(bench.folder))  # leaves its bytecode, as an installation has it
    for _round in range(STARTS):
        ours.append(_seconds_to_answer(*_strand(bench.folder)))
        bare.append(_seconds_to_answer(*_limit()))
    bench.remarks.append(_imports())
    ratio = ratios(ours, bare)
    mine, limit = spread(ours), spread(bare)
    return [
        Figure(
            "T6",
            "cold start to the first answer, migrations checked; FastAPI, SQLModel and Jinja",
            f"{mine.middle:.2f} s ({mine.lowest:.2f} to {mine.highest:.2f})",
            f"{limit.middle:.2f} s ({limit.lowest:.2f} to {limit.highest:.2f})",
            times(ratio),
            f"≤ {MOST_START}x",
            f"≤ {AMBITIOUS_START}x",
            ratio.middle <= MOST_START,
        )
    ]


def _imports() -> str:
    """Return what the imports of `serve` cost, by package, as the interpreter reports it."""
    command = [sys.executable, "-X", "importtime", "-m", "app", "serve", "--help"]
    told = subprocess.run(
        command, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=True
    ).stderr
    spent: Counter[str] = Counter()
    for own, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", told):
        package = name.partition(".")[0].lstrip("_")
        spent["the standard library" if package in sys.stdlib_module_names else package] += int(own)
    said = [f"{package} {us / 1000:,.0f} ms" for package, us in spent.most_common(8)]
    total = sum(spent.values()) / 1000
    return f"T6: of a start the imports take {total:,.0f} ms: {', '.join(said)}."


def memory(bench: Bench) -> list[Figure]:
    """T6b: memory at rest and after load, against a bare program of the same libraries."""
    _seconds_to_answer(*_strand(bench.folder))  # leaves its bytecode, as an installation has it
    with _process(*_strand(bench.folder)) as (server, port), _process(*_limit()) as (bare, _other):
        idle, limit = resident(server.pid), resident(bare.pid)
        _ask(port, "/", bench.account.token, 200)  # every cache is full by now
        warm = resident(server.pid)
        _ask(port, "/", bench.account.token, PAGES)
        opened = Connection(port)
        requests = outbox_requests(bench.account, iter(bench.account.long_ago))
        send_all([opened], islice(requests, DOSES))
        opened.socket.close()
        loaded = resident(server.pid)
    bench.remarks.append(_what_holds_memory())
    growth = loaded / warm - 1
    return [
        Figure(
            "T6b",
            "memory at rest; FastAPI, SQLModel and Jinja",
            f"{idle / MIB:.0f} MiB",
            f"{limit / MIB:.0f} MiB",
            f"{idle / limit:.2f}x",
            f"≤ {MOST_MEMORY}x",
            f"≤ {AMBITIOUS_MEMORY}x",
            idle / limit <= MOST_MEMORY,
        ),
        Figure(
            "T6b",
            f"memory after {PAGES:,} pages and {DOSES:,} doses (growth since the first page)",
            f"{loaded / MIB:.0f} MiB (+{growth:.0%})",
            must=f"+{MOST_GROWTH:.0%}",
            is_met=growth <= MOST_GROWTH,
        ),
    ]


# The modules to load one after another, and their names.
LOADED = {
    "the interpreter": "sys",
    "FastAPI": "fastapi",
    "uvicorn": "uvicorn",
    "SQLAlchemy and SQLModel": "sqlmodel",
    "Strand itself": "app.cli.server",
}


def _what_holds_memory() -> str:
    """How the memory of a process grows with what it imports."""
    program = (
        "import importlib, os, sys\n"
        "from pathlib import Path\n"
        "for name in sys.argv[1:]:\n"
        "    importlib.import_module(name)\n"
        "    pages = Path('/proc/self/statm').read_text().split()[1]\n"
        "    print(int(pages) * os.sysconf('SC_PAGE_SIZE'))"
    )
    command = [sys.executable, "-c", program, *LOADED.values()]
    told = subprocess.run(
        command, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=True
    ).stdout
    sizes = [int(line) / MIB for line in told.split()]
    grown = [after - before for before, after in zip([0.0, *sizes], sizes, strict=False)]
    said = [f"{name} {size:.0f} MiB" for name, size in zip(LOADED, grown, strict=True)]
    return f"T6b: what is loaded holds {sizes[-1]:.0f} MiB: {', '.join(said)}."


def many_writers(bench: Bench) -> list[Figure]:
    """T8: doses logged eight at a time; any answer but 2xx and 303 is an error."""
    requests = list(islice(outbox_requests(bench.account, iter(bench.account.long_ago)), WRITES))
    with connections(bench.ports["strand"], CROWD, is_counting=True) as opened:
        seconds = send_all(opened, requests)
        errors = sum(each.errors for each in opened)
    return [
        Figure(
            "T8",
            f"errors in {len(requests):,} doses, {CROWD} at a time, SQLite ({seconds:.0f} s)",
            f"{errors}",
            must="0",
            ambitious="0 at 32",
            is_met=errors == 0,
        )
    ]


def _strand(folder: Path) -> tuple[list[str], dict[str, str], int]:
    port = free_port()
    environment = {"STRAND_DATA_DIR": str(folder), "PORT": str(port), "HOST": "127.0.0.1"}
    return [sys.executable, "-m", "app", "serve"], environment, port


def _limit() -> tuple[list[str], dict[str, str], int]:
    port = free_port()
    return [sys.executable, "-c", LIMIT.format(port=port)], {}, port


@contextmanager
def _process(
    command: list[str], environment: dict[str, str], port: int
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server that answers, until it is stopped."""
    with subprocess.Popen(
        command, cwd=ROOT, env=_environment() | environment, stdout=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for(port)
            yield server, port
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE_S)


def _environment() -> dict[str, str]:
    """Return this process's environment, in which Python may write bytecode."""
    return {name: value for name, value in os.environ.items() if name != NO_BYTECODE}


def _seconds_to_answer(command: list[str], environment: dict[str, str], port: int) -> float:
    started = time.perf_counter()
    with _process(command, environment, port):
        return time.perf_counter() - started


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            connection.close()
            return
        time.sleep(0.005)
    raise TimeoutError("The server did not start.")


def _ask(port: int, path: str, token: str, count: int) -> None:
    opened = Connection(port)
    for _number in range(count):
        opened.ask(get(path, token))
    opened.socket.close()
