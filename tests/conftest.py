"""An empty database on SQLite and PostgreSQL, a clock that stands still, Alice and Bob."""

import os

import pytest
from hypothesis import settings

pytest_plugins = [
    "tests.support.postgres",
    "tests.support.databases",
    "tests.support.people",
    "tests.support.clients",
    "tests.support.site",
    "tests.support.watch",
    "tests.support.traces",
    "tests.support.browser",
    "tests.support.engines",
    "tests.support.phones",
]

# The same examples in every run, however slow the machine.
settings.register_profile("strand", deadline=None, derandomize=True, database=None)
settings.load_profile("strand")


@pytest.fixture(autouse=True)
def settings_of_this_machine_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("STRAND_")]:
        monkeypatch.delenv(name)
