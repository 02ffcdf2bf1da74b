"""A browser test that fails once and passes alone must not cost a landing, nor be forgotten."""

from pathlib import Path

import pytest

from scripts import test as runner

pytestmark = pytest.mark.slow

FAILS_THE_FIRST_TIME = """
from pathlib import Path

def test_it_works_the_second_time():
    tried = Path(__file__).with_name("tried")
    was_tried = tried.exists()
    tried.touch()
    assert was_tried

def test_it_always_works():
    pass
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one test file, and no option for traces but the one it needs."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '-q'\n")
    (tmp_path / "tests/conftest.py").write_text(
        "def pytest_addoption(parser):\n    parser.addoption('--traces')\n"
    )
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    # A run takes 0.3 s so, and 1.5 s with two processes and every plugin that is installed.
    monkeypatch.setattr(runner, "WORKERS", "0")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "xdist.plugin")
    return tmp_path


def test_a_test_that_passes_alone_counts_as_passed_and_is_named(project: Path) -> None:
    (project / "tests/test_luck.py").write_text(FAILS_THE_FIRST_TIME)

    outcome = runner.browser(project, "tests")

    assert (outcome.passed, outcome.failed) == (2, 0)
    assert outcome.lucky == ("tests/test_luck.py::test_it_works_the_second_time",)


def test_a_test_that_fails_twice_has_failed(project: Path) -> None:
    (project / "tests/test_broken.py").write_text(
        "def test_it_works():\n    pass\n\ndef test_it_never_works():\n    assert False\n"
    )

    outcome = runner.browser(project, "tests")

    assert outcome == runner.Outcome(passed=1, failed=1)


def test_a_run_that_breaks_without_a_failed_test_has_failed(project: Path) -> None:
    (project / "tests/test_broken.py").write_text("import nothing_of_that_name\n")

    assert runner.browser(project, "tests").failed > 0
