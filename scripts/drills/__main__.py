"""Run the named drills, or all of them, and print their results."""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from scripts.drills import durable, fuzz, pictures, reminders, slow, writes
from scripts.drills.figures import Figure
from scripts.drills.home import Home

DRILLS: dict[str, Callable[[Path], list[Figure]]] = {
    "kill": durable.kill,
    "disk": durable.disk,
    "postgres": durable.postgres,
    "reminders": reminders.reminders,
    "slow": slow.slow,
    "memory": slow.memory,
    "writes": writes.writes,
    "fuzz": fuzz.fuzz,
    "pictures": pictures.pictures,
}


def main() -> int:
    """Run the drills; return 0 if everything held."""
    parser = argparse.ArgumentParser(prog="python -m scripts.drills", description=__doc__)
    parser.add_argument("names", metavar="DRILL", nargs="*", help=", ".join(DRILLS))
    given = parser.parse_args().names or list(DRILLS)
    if unknown := set(given) - set(DRILLS):
        parser.error(f"There is no drill {', '.join(sorted(unknown))}.")
    signal.signal(signal.SIGTERM, _leave)
    broken = 0
    for name in given:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix=f"strand-{name}-") as folder:
            # PostgreSQL's own account has to reach its folder within.
            Path(folder).chmod(0o755)
            try:
                figures = DRILLS[name](Path(folder))
            finally:
                Home.end_all()
        print(f"{name} ({time.monotonic() - began:.0f} s)")
        for figure in figures:
            print(f"  {'' if figure.holds else 'BROKEN '}{figure.what}: {figure.shown}", flush=True)
        broken += sum(not figure.holds for figure in figures)
    return 1 if broken else 0


def _leave(_signal: int, _frame: object) -> NoReturn:
    """Clean up when stopped from outside; threads that wait for a server stop once it is gone."""
    Home.end_all()
    sys.exit(1)


if __name__ == "__main__":
    sys.exit(main())
