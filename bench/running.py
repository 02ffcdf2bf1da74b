"""Start the process that is measured, with an account in its databases."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import delete, make_url
from sqlmodel import col

from app.db import make_engine, writing
from app.models import DoseEvent, EntryVersion
from bench import bare
from bench.account import DAYS_LOGGED, Account, make_account
from bench.measuring import Cpu, Effort
from bench.parts import Bench

ROOT = Path(__file__).parents[1]


@contextmanager
def on_sqlite(
    folder: Path, effort: Effort, days: int = DAYS_LOGGED, *, leaves_recent: bool = False
) -> Iterator[Bench]:
    """Strand, the fair program and the bare one on SQLite, each with a file of its own."""
    file, bare_file, fair_file = (folder / f"{name}.db" for name in ("strand", "bare", "fair"))
    url = _sqlite(file)
    account = make_account(url, days, leaves_recent=leaves_recent)
    bare.fill_sqlite(str(bare_file), account)
    shutil.copyfile(file, fair_file)
    plan = {"sqlite": url, "bare_sqlite": str(bare_file), "fair_sqlite": str(fair_file)}
    with (
        running({"folder": str(folder), **plan}) as ports,
        closing(Cpu(ports["cpu"])) as cpu,
        forgetting(account, url, _sqlite(fair_file)) as forget,
    ):
        yield Bench(folder, url, account, ports, cpu, effort, forget)


@contextmanager
def on_postgres(folder: Path, effort: Effort, url: str) -> Iterator[Bench]:
    """Both on PostgreSQL, in one empty database."""
    conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    account: Account = make_account(url, leaves_recent=True)
    bare.fill_postgres(conninfo, account)
    with (
        running({"folder": str(folder), "postgres": url, "bare_postgres": conninfo}) as ports,
        closing(Cpu(ports["cpu"])) as cpu,
        forgetting(account, url) as forget,
    ):
        yield Bench(folder, url, account, ports, cpu, effort, forget)


@contextmanager
def forgetting(account: Account, *urls: str) -> Iterator[Callable[[], None]]:
    """Give a function that deletes from databases what was logged since the account was made."""
    engines = [make_engine(url) for url in urls]

    def forget() -> None:
        for engine in engines:
            with writing(engine) as session:
                logged = col(DoseEvent.logged_at) > account.made_at
                session.execute(delete(DoseEvent).where(logged))
                of_doses = col(EntryVersion.kind) == "dose_event"
                received = col(EntryVersion.received_at) > account.made_at
                session.execute(delete(EntryVersion).where(of_doses, received))
                session.commit()

    yield forget
    for engine in engines:
        engine.dispose()


def _sqlite(file: Path) -> str:
    return f"sqlite:///{file}"


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
