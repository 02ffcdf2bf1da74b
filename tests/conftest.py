"""An empty database on SQLite and PostgreSQL, a clock that stands still, Alice and Bob."""

import gc
import os

import pytest
from hypothesis import settings

pytest_plugins = [
    "tests.support.probes",
    "tests.support.postgres",
    "tests.support.databases",
    "tests.support.people",
    "tests.support.years",
    "tests.support.clients",
    "tests.support.site",
    "tests.support.watch",
    "tests.support.traces",
    "tests.support.browser",
    "tests.support.engines",
    "tests.support.phones",
]

# The same examples in every run, however slow the machine; fewer of them on a laptop, and fewest
# between two edits (`--hypothesis-profile=unit`).
settings.register_profile("full", deadline=None, derandomize=True, database=None, max_examples=25)
settings.register_profile("quick", settings.get_profile("full"), max_examples=10)
settings.register_profile("unit", settings.get_profile("full"), max_examples=3)
settings.load_profile("full" if os.environ.get("CI") else "quick")


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what was loaded, which stays."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def settings_of_this_machine_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("STRAND_")]:
        monkeypatch.delenv(name)
