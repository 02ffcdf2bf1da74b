"""The figures as a table, and the machine they are from."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from app.db import sqlite_module
from bench.measuring import Spread

LIBRARIES = ("fastapi", "starlette", "sqlmodel", "SQLAlchemy", "uvicorn", "Jinja2", "psycopg")
HEADER = ("target", "what", "ours", "reference", "ratio", "must", "ambitious", "met?")
HOW = """\
`python -m bench` on {machine}.

A figure is the median of its rounds; the lowest and the highest round follow in brackets. Ours
and the reference take turns in one server process on one core; the load comes from another
process on another core, over connections that stay open. CPU is what the server process used in
all of its threads. A ratio is made round by round, of two neighbours in time.
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; without `must` it only informs."""

    target: str
    what: str
    ours: str
    reference: str = ""
    ratio: str = ""
    must: str = ""
    ambitious: str = ""
    is_met: bool | None = None

    @property
    def verdict(self) -> str:
        """Whether the target is met, if there is one."""
        return "" if self.is_met is None else "yes" if self.is_met else "**no**"


def microseconds(figure: Spread) -> str:
    """639 µs (612 to 701)."""
    return f"{figure.middle:,.0f} µs ({figure.lowest:,.0f} to {figure.highest:,.0f})"


def milliseconds(figure: Spread) -> str:
    """4.2 ms (3.9 to 6.0)."""
    return f"{figure.middle:.1f} ms ({figure.lowest:.1f} to {figure.highest:.1f})"


def rate(figure: Spread) -> str:
    """1,204 req/s (998 to 1,310)."""
    return f"{figure.middle:,.0f} req/s ({figure.lowest:,.0f} to {figure.highest:,.0f})"


def times(figure: Spread) -> str:
    """1.42x (1.38 to 1.51)."""
    return f"{figure.middle:.2f}x ({figure.lowest:.2f} to {figure.highest:.2f})"


def document(figures: Sequence[Figure], remarks: Sequence[str]) -> str:
    """The whole report, as Markdown."""
    lines = [HEADER, ("---",) * len(HEADER)]
    lines += [
        (
            each.target,
            each.what,
            each.ours,
            each.reference,
            each.ratio,
            each.must,
            each.ambitious,
            each.verdict,
        )
        for each in figures
    ]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    parts = ["# What Strand costs", HOW.format(machine=machine()), table, *remarks]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def machine() -> str:
    """Cores, processor, system, versions and the day, in one line."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} cores ({_processor()}), {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, SQLite {sqlite_module().sqlite_version}, "
        f"{libraries}; {datetime.now(UTC):%d %B %Y}"
    )


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"
