"""Coverage of the first case of each quick test on SQLite; these run first.

They reach what the floor in `pyproject.toml` asks for. To measure the others as well would add
nothing but time, 40% of theirs: they repeat with other values, on PostgreSQL or in processes.
"""

import pytest
from hypothesis import is_hypothesis_test

from tests.support.databases import is_a_later_case, is_on_postgresql


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what is measured first, so that measuring seldom begins and ends."""
    items.sort(key=_is_measured, reverse=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    """Begin or end to measure where this test needs it."""
    plugin = item.config.pluginmanager.getplugin("_cov")
    controller = getattr(plugin, "cov_controller", None)
    if controller is not None and controller.started != _is_measured(item):
        (controller.resume if _is_measured(item) else controller.pause)()
    return (yield)


def _is_measured(item: pytest.Item) -> bool:
    is_slow = item.get_closest_marker("slow") is not None
    has_examples = is_hypothesis_test(getattr(item, "obj", None))
    return not (is_slow or has_examples or is_on_postgresql(item) or is_a_later_case(item))
