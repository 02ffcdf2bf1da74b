"""Start the process that is measured, with an account in its databases."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url

from bench import bare
from bench.account import DAYS_LOGGED, Account, make_account
from bench.measuring import Cpu, Effort
from bench.parts import Bench

ROOT = Path(__file__).parents[1]


@contextmanager
def on_sqlite(folder: Path, effort: Effort, days: int = DAYS_LOGGED) -> Iterator[Bench]:
    """Strand and the bare log on SQLite, each with a file of its own."""
    url, other = f"sqlite:///{folder / 'strand.db'}", str(folder / "bare.db")
    account = make_account(url, days)
    bare.fill_sqlite(other, account)
    with (
        running({"folder": str(folder), "sqlite": url, "bare_sqlite": other}) as ports,
        closing(Cpu(ports["cpu"])) as cpu,
    ):
        yield Bench(folder, account, ports, cpu, effort)


@contextmanager
def on_postgres(folder: Path, effort: Effort, url: str) -> Iterator[Bench]:
    """Both on PostgreSQL, in one empty database."""
    conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    account: Account = make_account(url)
    bare.fill_postgres(conninfo, account)
    with (
        running({"folder": str(folder), "postgres": url, "bare_postgres": conninfo}) as ports,
        closing(Cpu(ports["cpu"])) as cpu,
    ):
        yield Bench(folder, account, ports, cpu, effort)


@contextmanager
def running(plan: dict[str, str]) -> Iterator[dict[str, int]]:
    """A server process; its ports by name."""
    command = [sys.executable, "-m", "bench.server", json.dumps(plan)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        try:
            line = server.stdout.readline()
            if not line:
                raise RuntimeError("The server did not start; the lines above say why.")
            yield json.loads(line)
        finally:
            server.stdin.close()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
