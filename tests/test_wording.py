"""No stilted phrase and no working note comes back: on pages, in docstrings, comments and docs."""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent

TRANSLATED = re.compile(r'_\(\s*"((?:[^"\\]|\\.)*)"')

# Not shown to anybody: what a source's maintainers noted about it.
UNSHOWN_KEYS = {"remark", "status"}

BANNED = (
    r"from memory",
    r"read as quoted text",
    r"\d\s%(?!\()",
    r"\bGo on\b",
    r"\bby itself\b",
    r"\bis said\b",
    r"\bmay lie\b",
    r"\bof one's own\b",
    r"\bto be had\b",
    r"\bwhat of\b",
    r"\bbesides the plan\b",
    r"\bwants? (?:hours|time) between\b",
    r"\bsay that you mean it\b",
    r"\blies? (?:before|below|above|within)\b",
    r"^Keep (?:it|the photos|this note)$",
    r"\bguessed quickly\b",
    r"\bGI upset\b",
    r"\bRemark\b",
    r"\bFrontal\b|\bMid-scalp\b|\bVertex\b",
    r"\bnot said\b",
    r"\bthe clock of\b",
    r"\bnever says safe\b",
    r"\bis no (?:address|number|list|date|text)\b",
    r"\bhas not come yet\b|\bis still to come\b",
    r"\blabel wins\b",
    r"[A-Za-z]'(?:s|t|d|m|re|ve|ll)?\b",
)

# In docstrings, comments and documents: name the thing, in modern English.
BANNED_IN_CODE = (
    r"\banew\b|\bafresh\b",
    r"\b[Ww]hoever\b",
    r"\bbut for\b",
    r"\bone's own\b",
    r"\bin the place of\b",
    r"\b(?:is|are) (?:told|said|given) (?:that|to|of|apart)\b",
    r"\bput otherwise\b|\botherwise than\b",
    r"\bas ever\b",
    r"\bshall\b",
    r"\bmend(?:s|ed)?\b",
    r"\b[Ww]hat (?:came|becomes|became|comes) of\b",
    r"^What (?:is|was|has|may|can|of|holds|says|stands) ",
    r"^(?:Who|Which) (?:is|was|has|may|can) ",
    r"\bstands? (?:in|at|on|with|behind|beside|below|there|before)\b",
    r"(?<![Tt]here )\bis no (?:address|number|list|date|text|table|file|photo|tap|record|fact)\b",
    r"\bparted\b|\bparts? thousands\b",
    r"\b(?:one|a row|a line|a module|a file) an? (?:day|week|item|file|row|resource|format|noun)\b",
)
COMMENT = re.compile(r"^(?:.*\s)?# (.+)$", re.MULTILINE)
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
CODE = ("app", "bench", "migrations", "scripts", "tests")
DOCUMENTS = ("README.md", "SECURITY.md", "CHANGELOG.md", "docs")


def _templates() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for match in TRANSLATED.finditer(text):
            yield f"{path.name}:{text.count(chr(10), 0, match.start()) + 1}", match.group(1)


def _docstrings(tree: ast.AST) -> set[int]:
    """The ids of the strings that stand alone: documentation, shown to nobody."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _strings(path: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = _docstrings(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in documentation:
            continue
        if isinstance(node.value, str) and " " in node.value:
            yield f"{path.name}:{node.lineno}", node.value


def _python() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "app").rglob("*.py")):
        yield from _strings(path)


def _texts(part: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key not in UNSHOWN_KEYS:
                yield from _texts(value, f"{where}.{key}")
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from _texts(value, f"{where}[{place}]")
    elif isinstance(part, str):
        yield where, part


def _catalogue() -> Iterator[tuple[str, str]]:
    text = (ROOT / "app/domain/catalogue.json").read_text(encoding="utf-8")
    yield from _texts(json.loads(text), "catalogue")


def _comments(path: Path) -> Iterator[tuple[str, str]]:
    """Each line of the comments, and each docstring with its lines joined."""
    text = path.read_text(encoding="utf-8")
    for match in COMMENT.finditer(text):
        line = text.count("\n", 0, match.start(1)) + 1
        yield f"{path.relative_to(ROOT)}:{line}", match[1]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, DOCUMENTED) and (said := ast.get_docstring(node)):
            yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}", " ".join(said.split())


def _prose_of_code() -> Iterator[tuple[str, str]]:
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield from _comments(path)


def _documents() -> Iterator[tuple[str, str]]:
    for name in DOCUMENTS:
        path = ROOT / name
        for file in sorted(path.rglob("*.md")) if path.is_dir() else [path]:
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                yield f"{file.relative_to(ROOT)}:{number}", line


@cache
def sentences() -> Sequence[tuple[str, str]]:
    """Where each sentence of the product stands, and what it says."""
    return [*_templates(), *_python(), *_catalogue()]


def offenders(banned: Sequence[str], texts: Iterable[tuple[str, str]]) -> list[str]:
    """Where a text has one of these phrases."""
    phrases = re.compile("|".join(f"(?:{phrase})" for phrase in banned))
    return [f"{where}: {text[:90]}" for where, text in texts if phrases.search(text)]


@pytest.mark.slow
def test_every_kind_of_sentence_is_read() -> None:
    read = {sentence for _where, sentence in sentences()}
    assert "About Strand" in read
    assert "Choose a name to sign in with." in read
    assert "Magnesium can build up." in read


@pytest.mark.slow
def test_no_stilted_phrase_is_there() -> None:
    assert offenders(BANNED, sentences()) == []


@pytest.mark.slow
def test_the_private_dialect_stays_out_of_docstrings_comments_and_documents() -> None:
    assert offenders(BANNED_IN_CODE, [*_prose_of_code(), *_documents()]) == []
