"""T5c: Lighthouse's marks for every kind of page, as a middling phone on a slow line sees it."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from bench.account import Account
from bench.parts import Bench
from bench.report import Figure
from tests.support.browser import FLAGS

PROGRAM = Path(__file__).parent / "lighthouse/node_modules/lighthouse/cli/index.js"
RUNS = 3
SECONDS = 180
ATTEMPTS = 3
# Marks out of a hundred, in Lighthouse's own order: what must be, and what we are after.
CATEGORIES = {
    "performance": (98, 100),
    "accessibility": (100, 100),
    "best-practices": (100, 100),
    "seo": (100, 100),
}
# FCP and LCP in ms, TBT in ms, CLS.
TIMINGS = {
    "FCP": "first-contentful-paint",
    "LCP": "largest-contentful-paint",
    "TBT": "total-blocking-time",
    "CLS": "cumulative-layout-shift",
}
MOST_PAINT_MS = 815


@dataclass(frozen=True, slots=True)
class Marks:
    """The medians of one page."""

    path: str
    scores: Mapping[str, float]
    timings: Mapping[str, float]


def lighthouse(bench: Bench, executable: str) -> list[Figure]:
    """T5c: the lowest median of all pages by category, and the worst timings."""
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    marks = [_marks(bench, executable, path) for path in pages(bench.account)]
    lowest = {name: min(marks, key=lambda each: each.scores[name]) for name in CATEGORIES}
    bench.remarks.extend(
        _shortcoming(name, each) for name, each in lowest.items() if _lacks(name, each)
    )
    worst = {name: max(each.timings[name] for each in marks) for name in TIMINGS}
    return [
        Figure(
            "T5c",
            f"Lighthouse, phone: performance, accessibility, best practices, SEO; the lowest "
            f"median of {RUNS} over {len(marks)} pages",
            ", ".join(f"{each.scores[name]:.0f}" for name, each in lowest.items()),
            must=", ".join(f"≥ {least}" for least, _most in CATEGORIES.values()),
            ambitious="100 each",
            is_met=not any(_lacks(name, each) for name, each in lowest.items()),
        ),
        Figure(
            "",
            "the same: FCP, LCP, TBT in ms, CLS; the worst page",
            f"{worst['FCP']:.0f}, {worst['LCP']:.0f}, {worst['TBT']:.0f}, {worst['CLS']:.3f}",
            ambitious=f"≤ {MOST_PAINT_MS}, {MOST_PAINT_MS}, 0, 0",
        ),
    ]


def pages(account: Account) -> list[str]:
    """One page of each kind that a person opens."""
    item = account.logged[0].item_id
    last = max(slot.on for slot in account.logged)
    return [
        *(
            "/",
            f"/calendar/{last:%Y-%m}",
            f"/days/{last}",
            f"/days/{last}/log",
            _sheet(account, last),
        ),
        *(
            "/trends",
            "/trends/year",
            "/trends/all",
            "/shedding",
            f"/days/{last}/shedding/sixty_second",
        ),
        *("/photos", f"/days/{last}/photos/new", "/notes"),
        *("/regimen", "/regimen/new", f"/regimen/{item}", "/regimen/totals"),
        *("/settings", "/export", "/phone", "/about", "/about/sources", "/waiting"),
    ]


def _sheet(account: Account, last: date) -> str:
    slot = next(slot for slot in account.logged if slot.on == last)
    return f"/days/{last}/doses/{slot.item_id}/{slot.at:%H:%M}"


def _marks(bench: Bench, executable: str, path: str) -> Marks:
    reports = list(_reports(bench, executable, path))
    return Marks(
        path,
        {
            name: 100 * median(report["categories"][name]["score"] for report in reports)
            for name in CATEGORIES
        },
        {
            name: median(report["audits"][audit]["numericValue"] for report in reports)
            for name, audit in TIMINGS.items()
        },
    )


def _reports(bench: Bench, executable: str, path: str) -> Iterator[dict[str, Any]]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    command: Sequence[str] = [
        *("node", str(PROGRAM), f"http://localhost:{bench.ports['strand']}{path}"),
        *("--quiet", "--output=json", "--no-enable-error-reporting"),
        f"--only-categories={','.join(CATEGORIES)}",
        f"--extra-headers={json.dumps({'Cookie': f'sid={bench.account.token}'})}",
        f"--chrome-flags={' '.join(['--headless=new', *FLAGS[1:], *sandbox])}",
    ]
    for _run in range(RUNS):
        yield json.loads(_said(command, executable))


def _said(command: Sequence[str], executable: str) -> str:
    """Return what Lighthouse prints; restart a browser that did not come up."""
    for _attempt in range(ATTEMPTS):
        run = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
            env={**os.environ, "CHROME_PATH": executable},
        )
        if run.returncode == 0:
            return run.stdout
    raise RuntimeError(f"Lighthouse judges nothing: {run.stderr[-2000:]}")


def _lacks(name: str, marks: Marks) -> bool:
    return marks.scores[name] < CATEGORIES[name][0]


def _shortcoming(name: str, marks: Marks) -> str:
    return f"T5c: {marks.path} has {marks.scores[name]:.0f} for {name}."
