"""Run every test: Python on both databases, JavaScript, the browser; then say how many ran.

A test that is skipped counts as failed: what cannot run here has to be said, not passed over.
"""

import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
WORKERS = "2"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one runner did. A runner that ran nothing, or that broke, has failed."""

    passed: int
    failed: int


def main() -> int:
    """Run the three suites one after the other; the exit status."""
    with tempfile.TemporaryDirectory(prefix="strand-tests-") as folder:
        outcomes = [
            pytest(Path(folder) / "python.xml", "--ignore=tests/system", "tests"),
            node(Path(folder) / "javascript.tap"),
            pytest(Path(folder) / "browser.xml", "tests/system"),
        ]
    for name, outcome in zip(("Python", "JavaScript", "Browser"), outcomes, strict=True):
        print(f"{name}: {outcome.passed} passed, {outcome.failed} failed")
    failed = sum(outcome.failed for outcome in outcomes)
    print(f"all: {sum(outcome.passed for outcome in outcomes)} passed, {failed} failed")
    return 1 if failed else 0


def pytest(report: Path, *arguments: str) -> Outcome:
    """Run pytest in two processes."""
    command = [sys.executable, "-m", "pytest", "-n", WORKERS, f"--junitxml={report}", *arguments]
    status = run(command)
    if not report.exists():
        return Outcome(passed=0, failed=1)
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
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
    """Run with its output shown as it comes; the exit status."""
    print(f"== {' '.join(command[1:4])} ...", flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
