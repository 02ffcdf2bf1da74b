"""What a visitor of the repository may rely on: locks, settings, nothing fetched from elsewhere."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import Settings

ROOT = Path(__file__).parents[1]
LOCKS = (
    *("requirements.lock", "requirements-dev.lock"),
    *("package-lock.json", "bench/lighthouse/package-lock.json"),
)
SENT_TO_BROWSERS = sorted(
    path for path in (ROOT / "static").rglob("*") if path.suffix in {".js", ".css", ".svg"}
)
FETCHES = re.compile(r"""(?:url\(|href=|src=|from|import|fetch\()\s*\(?["']?(?:https?:|wss?:)?//""")


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host(name: str) -> None:
    assert "://" not in (ROOT / name).read_text()


def test_the_locks_follow_from_what_they_lock() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "scripts.lock", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_has_hashes(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text())
    packages = [entry for entry in entries if "==" in entry.split("\n")[0]]
    assert len(packages) > 20
    assert [entry for entry in packages if "--hash=sha256:" not in entry] == []


def test_the_development_lock_agrees_with_the_other() -> None:
    pins = {
        name: set(re.findall(r"^([\w.-]+==\S+)", (ROOT / name).read_text(), re.M))
        for name in ("requirements.lock", "requirements-dev.lock")
    }
    assert pins["requirements.lock"] <= pins["requirements-dev.lock"]


@pytest.mark.parametrize("document", ["README.md", ".env.example"])
@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(document: str, name: str) -> None:
    assert f"STRAND_{name.upper()}" in (ROOT / document).read_text()


def test_every_test_that_the_security_page_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", (ROOT / "SECURITY.md").read_text())
    assert len(named) > 15
    missing = [test for file, test in named if f"def {test}(" not in (ROOT / file).read_text()]
    assert missing == []


def test_nothing_is_fetched_from_another_host() -> None:
    assert [path for path in SENT_TO_BROWSERS if FETCHES.search(path.read_text())] == []


def test_browser_tools_are_pinned() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    assert "dependencies" not in package
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", pin) for pin in package["devDependencies"].values())
