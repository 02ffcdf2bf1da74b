"""What templates name exists: routes, files, icons."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from app.main import create_app
from app.settings import Settings
from app.web.http.templating import STATIC, TEMPLATES

PAGES = sorted(TEMPLATES.rglob("*.html"))
SPRITE = STATIC / "icons/sprite.svg"


@pytest.fixture(scope="module")
def route_names() -> Iterator[set[str]]:
    engine = create_engine("sqlite://")
    yield set(create_app(Settings(), engine=engine).state.paths.formats)
    engine.dispose()


def named(pattern: str, path: Path) -> set[str]:
    return set(re.findall(pattern, path.read_text()))


def missing(pattern: str, exists: Callable[[str], bool]) -> list[str]:
    """What templates name by a pattern and nobody has: the template and the name."""
    return [
        f"{path.relative_to(TEMPLATES)}: {name}"
        for path in PAGES
        for name in sorted(named(pattern, path))
        if not exists(name)
    ]


def test_links_lead_to_routes(route_names: set[str]) -> None:
    assert missing(r"""url_path_for\(\s*["']([\w.]+)["']""", route_names.__contains__) == []


def test_files_are_there() -> None:
    assert (
        missing(r"""\basset\(\s*["']([^"']+)["']""", lambda name: (STATIC / name).is_file()) == []
    )


def test_icons_are_in_the_sprite() -> None:
    drawn = set(re.findall(r'id="i-([\w-]+)"', SPRITE.read_text()))
    assert missing(r"""\bicon\(\s*["']([\w-]+)["']\s*[,)]""", drawn.__contains__) == []


def test_every_sheet_can_be_closed() -> None:
    sheets = [path for path in PAGES if named("data-sheet-content", path)]
    way_out = r"sheet_head\(|close_link\(|\bdata-close\b|class=\"button\""
    assert sheets
    assert [str(path) for path in sheets if not named(way_out, path)] == []


def test_plural_messages_are_called_by_the_name_under_which_they_are_collected() -> None:
    hidden = r"\w+\.(?:counted|ngettext|pgettext|lazy\w*)\("
    assert [str(path) for path in PAGES if named(hidden, path)] == []
