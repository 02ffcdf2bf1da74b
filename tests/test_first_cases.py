"""The quick run has the first case of each test on a database, and no other run leaves one out."""

import subprocess
import sys

import pytest

from scripts.test import ROOT

pytestmark = pytest.mark.slow

FILES = ("tests/routers/test_answers_in_any_order.py", "tests/domain/test_timing.py")


def collected(*options: str) -> list[str]:
    """The cases that pytest would run on SQLite, in order."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "--sqlite", *options, *FILES]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [line for line in ran.stdout.splitlines() if "::" in line]


def test_first_cases_are_those_of_a_database_and_every_test_has_one() -> None:
    everything = collected()
    first = {case.partition("[")[0]: case for case in reversed(everything)}
    on_no_database = [case for case in everything if "domain" in case]

    kept = collected("--first-cases")

    assert kept == [case for case in everything if case in {*first.values(), *on_no_database}]
    assert len(first) < len(kept) < len(everything)
