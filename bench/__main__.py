"""Measure everything and write `bench/results.md`, or only the targets that are named."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.account import DAYS_LOGGED, TEN_YEARS
from bench.accounts import many_accounts
from bench.dose_log import dose_log, dose_log_on_postgres
from bench.export import export
from bench.first_visit import first_look_at_ten_years, first_visit
from bench.lighthouse_pages import PROGRAM, lighthouse
from bench.measuring import ROUNDS, Effort
from bench.middleware import middleware
from bench.offline import offline
from bench.pages import today, trends
from bench.parts import Bench
from bench.process import cold_start, many_writers, memory
from bench.report import Figure, document
from bench.running import on_postgres, on_sqlite
from bench.server import pin
from tests.support.postgres import running_cluster
from tests.support.programs import chromium, postgres_program

RESULTS = Path(__file__).with_name("results.md")
LOAD_CORE = 1
PARTS: dict[str, Callable[[Bench], list[Figure]]] = {
    "T1d": dose_log,
    "T1e": dose_log_on_postgres,
    "T2": today,
    "T3": trends,
    "T4": export,
    "T6": cold_start,
    "T6b": memory,
    "T7": middleware,
    "T8": many_writers,
    "T12": many_accounts,
}
ON_POSTGRES = ("T1e", "T12")
IN_A_BROWSER = {
    "T5": first_visit,
    "T5b": first_look_at_ten_years,
    "T5c": lighthouse,
    "T9": offline,
}
OVER_TEN_YEARS = ("T3", "T5b")
# Their account has the doses of the last days still to log.
OF_THESE_DAYS = ("T1d", "T8")
NO_POSTGRES = "{name} was left out: PostgreSQL's server programs are missing (package postgresql)."
NO_LIGHTHOUSE = "T5c was left out: Lighthouse is missing (make bench installs it)."
NO_CHROMIUM = "{name} was left out: Chromium is missing (package chromium)."
DURABLE = (
    "T1d: all commit with `synchronous=FULL` in WAL mode. The fair program writes the same rows of "
    "the same schema by hand, on the event loop; the bare one writes one row without a history."
)
NOT_DURABLE = (
    "T1e: the server runs with fsync off and `synchronous_commit=off`, so that no wait for a disk "
    "hides what Strand costs; the database's own processes are not in the CPU figures."
)


def main() -> int:
    """Run the parts and print their results; return the exit status."""
    arguments = _arguments()
    wanted = arguments.parts or [*PARTS, *IN_A_BROWSER]
    pin(LOAD_CORE)
    figures: list[Figure] = []
    remarks: list[str] = []
    with tempfile.TemporaryDirectory(prefix="strand-bench-") as folder:
        effort = Effort(rounds=arguments.rounds)
        for name in wanted:
            _say(f"{name} ...")
            started = time.monotonic()
            found, remark = _measure(name, Path(folder) / name, effort)
            figures += found
            remarks += remark
            _say(f"{name} took {time.monotonic() - started:.0f} s")
    report = document(figures, remarks)
    print(f"\n{report}", end="")
    if not arguments.parts:
        RESULTS.write_text(report)
        _say(f"\nWritten to {RESULTS}.")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="TARGET", help=", ".join([*PARTS, *IN_A_BROWSER])
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often to alternate")
    arguments = parser.parse_args()
    unknown = set(arguments.parts) - {*PARTS, *IN_A_BROWSER}
    if unknown:
        parser.error(f"There is no target {', '.join(sorted(unknown))}.")
    return arguments


def _measure(name: str, folder: Path, effort: Effort) -> tuple[list[Figure], list[str]]:
    if name in ON_POSTGRES and postgres_program("initdb") is None:
        return [], [NO_POSTGRES.format(name=name)]
    browser = chromium()
    if name in IN_A_BROWSER and browser is None:
        return [], [NO_CHROMIUM.format(name=name)]
    if name == "T5c" and not PROGRAM.exists():
        return [], [NO_LIGHTHOUSE]
    folder.mkdir()
    with _bench(name, folder, effort) as bench:
        if name in IN_A_BROWSER:
            assert browser is not None
            return IN_A_BROWSER[name](bench, browser), bench.remarks
        remarks = {"T1d": [DURABLE], "T1e": [NOT_DURABLE]}
        return PARTS[name](bench), [*remarks.get(name, []), *bench.remarks]


@contextmanager
def _bench(name: str, folder: Path, effort: Effort) -> Iterator[Bench]:
    if name in ON_POSTGRES:
        with running_cluster() as url, on_postgres(folder, effort, url) as bench:
            yield bench
    else:
        days = TEN_YEARS if name in OVER_TEN_YEARS else DAYS_LOGGED
        leaves_recent = name in OF_THESE_DAYS
        with on_sqlite(folder, effort, days, leaves_recent=leaves_recent) as bench:
            yield bench


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
