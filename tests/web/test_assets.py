"""What a device gets of the program: short, and the same program."""

import base64
import gzip
import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from app.web.http.assets import Assets
from app.web.http.templating import STATIC

SUPPORT = Path(__file__).parents[1] / "support"
MODULE = """/**
 * Says how things are.
 */
import { a } from "./a.js"

// Why it is so.
export class Told {
  #address = "https://example.org" // said in words
  #times = 0

  #tell = () => `${this.#address}
  /*`
  /* Once. */
  #count() {
    return (this.#times += 1) / 2
  }
}
"""
SHORT = """import{a}from"./a.js"
export class Told{;#address="https://example.org";#times=0;#tell=()=>`${this.#address}
  /*`;#count(){return(this.#times+=1)/2}}"""


def test_a_module_arrives_without_remarks_and_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "told.js").write_text(MODULE)

    assert Assets(tmp_path).plain_texts["told.js"].decode() == SHORT


@pytest.mark.slow
def test_every_module_arrives_as_the_same_program(tmp_path: Path) -> None:
    texts = Assets(STATIC).plain_texts
    pairs = {
        path: [(STATIC / path).read_text(), text.decode()]
        for path, text in texts.items()
        if path.endswith(".js")
    }
    (tmp_path / "pairs.json").write_text(json.dumps(pairs))

    command = ["node", str(SUPPORT / "same_program.mjs"), str(tmp_path / "pairs.json")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == ""


def test_a_script_of_each_page_is_in_the_policy_and_no_module(tmp_path: Path) -> None:
    (tmp_path / "js/inline").mkdir(parents=True)
    (tmp_path / "js/inline/told.js").write_text("{\n  // Said once.\n  alert(1)\n}\n")
    (tmp_path / "js/app.js").write_text("alert(2)\n")
    assets = Assets(tmp_path)

    assert assets.inline_scripts == {"told": "{alert(1)}"}
    assert list(assets.digests) == ["js/app.js"]
    digest = hashlib.sha256(b"{alert(1)}").digest()
    assert base64.b64encode(digest).decode() in assets.script_hashes


def test_the_whole_browser_code_is_small() -> None:
    texts = Assets(STATIC).plain_texts
    modules = b"".join(text for path, text in texts.items() if path.endswith(".js"))

    assert len(gzip.compress(modules)) < 31_700
