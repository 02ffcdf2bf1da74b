"""Templates that are compiled already: the same pages, never from anything else."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from app.i18n import speaking
from app.main import create_app
from app.settings import Settings
from app.web.http import compiled_templates, templating
from app.web.http.folding import FoldingEnvironment
from app.web.http.templating import TEMPLATES, Templates

PAGE = "components/forms.html"


@pytest.fixture(autouse=True)
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the templates that may be written to, also by tests that leave no bytecode."""
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(templating, "TEMPLATES", folder)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return folder


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that are compiled during the test."""
    names: list[str] = []
    compiling = FoldingEnvironment.compile

    def compile_and_note(environment: Any, source: str, name: str, filename: str) -> object:
        names.append(name)
        return compiling(environment, source, name, filename)

    monkeypatch.setattr(FoldingEnvironment, "compile", compile_and_note)
    return names


def made(base_url: str | None = None) -> Templates:
    engine = create_engine("sqlite://")
    templates: Templates = create_app(Settings(base_url=base_url), engine).state.templates
    engine.dispose()
    return templates


def file_of(templates: Path, language: str = "en") -> Path:
    [found] = (templates / "__pycache__").glob(f"components.forms.html.{language}.*")
    return found


@pytest.mark.slow
def test_every_template_in_every_language_is_compiled_once(compiled: list[str]) -> None:
    made().compile_all()
    pages = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    assert sorted(compiled) == sorted([*pages, *pages])

    compiled.clear()
    made().compile_all()
    assert compiled == []


@pytest.mark.slow
def test_a_compiled_template_is_the_same_code(templates: Path) -> None:
    def code(language: str) -> list[object]:
        with speaking(language):
            module = made().of_current_language().get_template(PAGE)
            return [module.root_render_func.__code__.co_consts]

    first = code("de")
    assert file_of(templates, "de").exists()
    assert code("de") == first != code("en")


@pytest.mark.slow
def test_a_template_is_compiled_again_once_anything_in_it_has_changed(
    templates: Path, compiled: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made()
    assert PAGE in compiled

    os.utime(templates / "components/icons.html", (1, 1))
    compiled.clear()
    made()
    assert PAGE in compiled

    compiled.clear()
    made("https://home.example/hair")
    assert PAGE in compiled

    (tmp_path / "words.py").write_text("")
    monkeypatch.setattr(compiled_templates, "APP", tmp_path)
    compiled.clear()
    made("https://home.example/hair")
    assert PAGE in compiled


@pytest.mark.slow
@pytest.mark.parametrize("kept", [0, 10, 80, 200])
def test_a_damaged_file_is_compiled_again(templates: Path, compiled: list[str], kept: int) -> None:
    made()
    file = file_of(templates)
    whole = file.read_bytes()
    file.write_bytes(whole[:kept])
    compiled.clear()
    made()
    assert compiled == [PAGE]
    assert file.read_bytes() == whole


def test_nothing_is_written_where_python_may_write_no_bytecode(
    templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    made()
    assert not (templates / "__pycache__").exists()


def test_pages_are_shown_where_nothing_can_be_written(templates: Path) -> None:
    (templates / "__pycache__").write_text("a file where the folder should be")
    icons: Any = made().of_current_language().get_template("components/icons.html").module
    assert str(icons.mark()).startswith("<svg")


def test_an_account_that_only_reads_the_program_can_use_its_compiled_templates(
    templates: Path,
) -> None:
    made()
    assert file_of(templates).stat().st_mode & 0o777 == 0o644
