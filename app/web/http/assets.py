"""Serve static files under addresses made from their content, so that each may be cached for ever.

All files are read once, when the app is built. The style sheets are joined into one response. The
import map maps each module's plain address to its digested one, so that modules import each other
by ordinary relative paths, and `#words` to the messages in the language of the page.
"""

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rjsmin import jsmin

from app import __version__
from app.i18n import ENGLISH, LANGUAGES, speaking
from app.web.http.phone_words import phone_words_module

COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)
# No other space is removed: one may be the descendant combinator.
INDENTATION = re.compile(r"\s*\n\s*")
# Minifying drops the line end before a private member, so a semicolon takes its place.
PRIVATE_MEMBER = re.compile(r"^\s*(?=#)", re.MULTILINE)
FIRST_STYLES = ("tokens", "reset", "base", "layout")
# Scripts that are part of each page, because modules run after the first paint.
INLINE = "js/inline/"
# What modules import the messages as.
WORDS = "#words"


@dataclass(frozen=True)
class Assets:
    """The files under `folder`, as pages name them; `root` is the path the app is mounted at."""

    folder: Path
    root: str = ""
    release: str = __version__

    @cached_property
    def digests(self) -> dict[str, str]:
        """The digest of each file's content, by its address below `static/`."""
        return {
            path.relative_to(self.folder).as_posix(): _digest(path.read_bytes())
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and not self._is_inline(path)
        }

    @cached_property
    def inline_scripts(self) -> dict[str, str]:
        """The scripts that are part of pages, by name, without comments and indentation."""
        paths = sorted((self.folder / INLINE).glob("*.js"))
        return {path.stem: _plain(path) for path in paths}

    @cached_property
    def stylesheet(self) -> bytes:
        """Every style sheet, the general ones first, without comments and indentation."""
        sheets = {path.stem: path for path in sorted((self.folder / "css").glob("*.css"))}
        order = [name for name in FIRST_STYLES if name in sheets]
        order += [name for name in sheets if name not in FIRST_STYLES]
        return "\n".join(_plain(sheets[name]) for name in order).encode()

    @cached_property
    def plain_texts(self) -> dict[str, bytes]:
        """Modules and style sheets as devices receive them: without comments and indentation."""
        return {
            path: _plain(self.folder / path).encode()
            for path in self.digests
            if path.endswith((".js", ".css"))
        }

    @cached_property
    def stylesheet_url(self) -> str:
        """The address of the joined style sheet."""
        return f"{self.root}/app.css?v={_digest(self.stylesheet)}"

    @cached_property
    def words(self) -> dict[str, bytes]:
        """The module of messages by the code of its language.

        In each page, they were 0.9 of the 7.9 KB that Today sends (November 2026).
        """
        modules = {}
        for code in LANGUAGES:
            with speaking(code):
                modules[code] = phone_words_module().encode()
        return modules

    @cached_property
    def import_maps(self) -> dict[str, str]:
        """The import map of pages by the code of their language, as JSON."""
        modules = [path for path in self.digests if path.endswith(".js")]
        imports = {f"{self.root}/static/{path}": self.url(path) for path in modules}
        return {
            code: _json({"imports": {WORDS: self.words_url(code), **imports}}) for code in LANGUAGES
        }

    @cached_property
    def script_hashes(self) -> list[str]:
        """The SHA-256 of each script in a page, as a content security policy names it."""
        scripts = [*self.import_maps.values(), *self.inline_scripts.values()]
        return [_policy_hash(script) for script in scripts]

    def import_map(self, code: str) -> str:
        """Return the import map of a language; a language without words gets the English ones."""
        return self.import_maps.get(code, self.import_maps[ENGLISH.code])

    def words_url(self, code: str) -> str:
        """Return the address of the messages in a language."""
        return f"{self.root}/words/{code}.js?v={_digest(self.words[code])}"

    def url(self, path: str) -> str:
        """Return the address of a file, which changes with its content."""
        return f"{self.root}/static/{path}?v={self.digests[path]}"

    def _is_inline(self, path: Path) -> bool:
        return path.relative_to(self.folder).as_posix().startswith(INLINE)


def _plain(path: Path) -> str:
    text = path.read_text()
    if path.suffix == ".css":
        return INDENTATION.sub("\n", COMMENTS.sub("", text))
    return str(jsmin(PRIVATE_MEMBER.sub(";", text)))


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _policy_hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]
