"""Coverage of the quick tests on SQLite, which run first.

They reach what the floor in `pyproject.toml` asks for. To measure the others as well would add
nothing but their time: half as much again.
"""

import pytest

from tests.support.databases import is_on_postgresql


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
    return item.get_closest_marker("slow") is None and not is_on_postgresql(item)
