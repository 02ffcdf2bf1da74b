"""Run every test: Python on both databases, JavaScript, the browser; then say how many ran.

`--unit` runs the quick tests, for between two edits: JavaScript, and Python on SQLite without tests
marked `slow`, with the first case of each test on a database and 3 examples of each property.
It takes less than half of the processor time of all tests on SQLite that are not `slow`.
Any other arguments are pytest's, which then runs in one process.

The Python tests also measure which lines of `app/` they run (`tests/support/probes.py`);
`pyproject.toml` has the floor.

A skipped test counts as failed: the run must name what cannot run here.
A failed browser test runs once more, alone and with a trace. If it passes then, it counts as
passed and its name is printed at the end, so that its dependence on luck can be fixed.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
WORKERS = "2"
MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30
TRACES = ROOT / ".traces"
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
MEASURE_LINES_IN = "MEASURE_LINES_IN"
QUICK = (
    *("--sqlite", "--first-cases", "--hypothesis-profile=unit"),
    *("-m", "not slow", "--ignore=tests/system"),
)
# More failures than this are not bad luck.
MOST_SECOND_TRIES = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """The results of one runner. A runner that ran nothing, or that broke, has failed."""

    passed: int
    failed: int
    lucky: tuple[str, ...] = ()


def main(arguments: list[str]) -> int:
    """Run the requested tests; return the exit status."""
    if arguments == ["--unit"]:
        return run_unit_tests()
    if arguments:
        return run([sys.executable, "-m", "pytest", *arguments])
    return run_every_test()


def run_unit_tests() -> int:
    """Run the tests that need no browser, no PostgreSQL, no server and no waiting.

    JavaScript runs while the processes of the Python tests start.
    """
    with temporary_folder() as folder, ThreadPoolExecutor() as threads:
        python = threads.submit(pytest, folder / "python.xml", *QUICK, "tests")
        javascript = threads.submit(node, folder / "javascript.tap")
        outcomes = {"Python": python.result(), "JavaScript": javascript.result()}
    return report(outcomes)


def run_every_test() -> int:
    """Run the three suites one after the other."""
    with temporary_folder() as folder:
        outcomes = {
            "Python": measured(folder, "--ignore=tests/system", "tests"),
            "JavaScript": node(folder / "javascript.tap"),
            "Browser": browser(folder, "tests/system"),
        }
    return report(outcomes)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder for all that tests and their browsers store, in memory where it has room.

    SQLite waits for the disk at each commit, and tests start Chromium with new profiles.
    """
    has_room = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    may_run_programs = has_room and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    place = MEMORY if may_run_programs else None
    with tempfile.TemporaryDirectory(prefix="strand-tests-", dir=place) as folder:
        # PostgreSQL's server does not run as root, and must get to its own folder in this one.
        Path(folder).chmod(0o711)
        os.environ["TMPDIR"] = folder
        yield Path(folder)
        del os.environ["TMPDIR"]


def report(outcomes: dict[str, Outcome]) -> int:
    """Print how many passed and failed; return the exit status."""
    for name, outcome in outcomes.items():
        print(f"{name}: {outcome.passed} passed, {outcome.failed} failed")
    for name in (name for outcome in outcomes.values() for name in outcome.lucky):
        print(f"Needed a second try: {name} (trace in {TRACES.name}/)")
    failed = sum(outcome.failed for outcome in outcomes.values())
    print(f"all: {sum(outcome.passed for outcome in outcomes.values())} passed, {failed} failed")
    return 1 if failed else 0


def measured(folder: Path, *arguments: str) -> Outcome:
    """Run tests, and count it as a failure if they run fewer lines of `app/` than they must."""
    os.environ[MEASURE_LINES_IN] = str(folder)
    outcome = pytest(folder / "python.xml", *arguments)
    del os.environ[MEASURE_LINES_IN]
    coverage = [sys.executable, "-m", "coverage"]
    data = f"--data-file={folder / '.coverage'}"
    statuses = [run([*coverage, command, data]) for command in ("combine", "report")]
    return replace(outcome, failed=outcome.failed + int(any(statuses)))


def browser(folder: Path, *arguments: str) -> Outcome:
    """Run the browser tests; run each that fails once more, alone and with a trace."""
    report = folder / "browser.xml"
    first = pytest(report, *arguments)
    names = failed_tests(report) if report.exists() else []
    # A runner that broke without naming a failed test has failed, whatever else passed.
    if not names or len(names) > MOST_SECOND_TRIES or len(names) < first.failed:
        return first
    lucky = [name for name in names if passes_alone(folder / "again.xml", name)]
    return Outcome(first.passed + len(lucky), first.failed - len(lucky), tuple(lucky))


def passes_alone(report: Path, name: str) -> bool:
    """Whether a test passes in a process of its own."""
    print(f"== Second try: {name}", flush=True)
    report.unlink(missing_ok=True)
    return pytest(report, f"--traces={TRACES}", name, workers="0").failed == 0


def failed_tests(report: Path) -> list[str]:
    """The tests of a report that failed or broke, by the names that pytest takes."""
    names = []
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            names.append(f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}")
    return list(dict.fromkeys(names))


def pytest(results: Path, *arguments: str, workers: str = "") -> Outcome:
    """Run pytest in so many processes (default: `WORKERS`); 0 means in this one."""
    command = [sys.executable, "-m", "pytest", "-n", workers or WORKERS, "--dist=worksteal"]
    command += [f"--junitxml={results}", *arguments]
    status = run(command)
    if not results.exists():
        return Outcome(passed=0, failed=1)
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in ElementTree.parse(results).getroot().iter("testsuite"):
        counts = {name: count + int(suite.get(name, 0)) for name, count in counts.items()}
    wrong = counts["failures"] + counts["errors"] + counts["skipped"]
    return outcome_of(status, passed=max(counts["tests"] - wrong, 0), wrong=wrong)


def node(report: Path) -> Outcome:
    """Run the tests of the browser code that need no browser."""
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests/js").glob("*.test.js"))
    status = run(
        [
            *("node", "--test", "--test-reporter=spec", "--test-reporter-destination=stdout"),
            *("--test-reporter=tap", f"--test-reporter-destination={report}", *files),
        ]
    )
    said = report.read_text() if report.exists() else ""
    counts = {name: int(count) for name, count in re.findall(r"^# (\w+) (\d+)$", said, re.M)}
    wrong = sum(counts.get(name, 0) for name in ("fail", "cancelled", "skipped", "todo"))
    return outcome_of(status, passed=counts.get("pass", 0), wrong=wrong)


def outcome_of(status: int, *, passed: int, wrong: int) -> Outcome:
    """Count a runner that failed as a whole, or that found nothing to run, as one failure."""
    return Outcome(passed=passed, failed=max(wrong, int(status != 0 or passed == 0)))


def run(command: list[str]) -> int:
    """Run a command with its output shown as it comes; return the exit status."""
    print(f"== {' '.join(command[1:4])} ...", flush=True)
    # Tests start the program dozens of times, which then need not compile it again.
    environment = {name: value for name, value in os.environ.items() if name != NO_BYTECODE}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
