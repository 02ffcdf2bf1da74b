"""No stilted phrase and no working note comes back into what the product shows."""

import ast
import json
import re
from collections.abc import Iterator
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


SENTENCES = [*_templates(), *_python(), *_catalogue()]


def test_every_kind_of_sentence_is_read() -> None:
    read = {sentence for _where, sentence in SENTENCES}
    assert "About Strand" in read
    assert "Choose a name to sign in with." in read
    assert "Magnesium can build up." in read


@pytest.mark.parametrize("phrase", BANNED)
def test_a_stilted_phrase_stays_away(phrase: str) -> None:
    found = [f"{where}: {sentence}" for where, sentence in SENTENCES if re.search(phrase, sentence)]
    assert not found
