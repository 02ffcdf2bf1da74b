"""What templates name exists: routes, files, icons."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from app.main import create_app
from app.settings import Settings
from app.web.templating import STATIC, TEMPLATES

PAGES = sorted(TEMPLATES.rglob("*.html"))
SPRITE = STATIC / "icons/sprite.svg"


@pytest.fixture(scope="module")
def route_names() -> Iterator[set[str]]:
    engine = create_engine("sqlite://")
    yield set(create_app(Settings(), engine=engine).state.paths.formats)
    engine.dispose()


def named(pattern: str, path: Path) -> set[str]:
    return set(re.findall(pattern, path.read_text()))


every_page = pytest.mark.parametrize(
    "path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES))
)


@every_page
def test_links_lead_to_routes(path: Path, route_names: set[str]) -> None:
    assert named(r"""url_path_for\(\s*["']([\w.]+)["']""", path) <= route_names


@every_page
def test_files_are_there(path: Path) -> None:
    files = named(r"""\basset\(\s*["']([^"']+)["']""", path)
    assert [name for name in files if not (STATIC / name).is_file()] == []


@every_page
def test_icons_are_in_the_sprite(path: Path) -> None:
    drawn = set(re.findall(r'id="i-([\w-]+)"', SPRITE.read_text()))
    assert named(r"""\bicon\(\s*["']([\w-]+)["']\s*[,)]""", path) <= drawn
