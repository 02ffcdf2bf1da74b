"""What a device gets of the program: short, and the same program."""

import gzip
from pathlib import Path

from app.web.assets import Assets
from app.web.templating import STATIC

MODULE = """/**
 * Says how things are.
 */
import { a } from "./a.js"

// Why it is so.
export function told() {
  const address = "https://example.org" // said in words
  /* Once. */
  return `${address}/*`
}
"""


def test_a_module_arrives_without_remarks_and_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "told.js").write_text(MODULE)

    assert Assets(tmp_path).plain_texts["told.js"].decode().splitlines() == [
        'import { a } from "./a.js"',
        "export function told() {",
        'const address = "https://example.org" // said in words',
        "return `${address}/*`",
        "}",
    ]


def test_no_module_has_a_text_that_runs_over_lines() -> None:
    """Its indentation would be taken away."""
    for path in STATIC.rglob("*.js"):
        broken = [line for line in path.read_text().splitlines() if line.count("`") % 2]
        assert broken == [], path.name


def test_the_whole_browser_code_is_small() -> None:
    texts = Assets(STATIC).plain_texts
    modules = b"".join(text for path, text in texts.items() if path.endswith(".js"))

    assert len(gzip.compress(modules)) < 24_000
