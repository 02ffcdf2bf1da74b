"""Static files addressed by their content, so that each may be kept for ever.

Everything is read once, when the app is built: the style sheets are joined into one
response, and the import map sends each module's plain address to its digested one, so
that modules import each other by ordinary relative paths.
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

COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)
# No more is taken: a space may be what says "within".
INDENTATION = re.compile(r"\s*\n\s*")
# A private member is told from the line before it by the line's end alone, which goes.
PRIVATE_MEMBER = re.compile(r"^\s*(?=#)", re.MULTILINE)
FIRST_STYLES = ("tokens", "reset", "base", "layout")


@dataclass(frozen=True)
class Assets:
    """The files under `folder`, as pages name them; `root` is the path the app is mounted at."""

    folder: Path
    root: str = ""
    release: str = __version__

    @cached_property
    def digests(self) -> dict[str, str]:
        """Every file's address below `static/`, with a digest of what is in it."""
        return {
            path.relative_to(self.folder).as_posix(): _digest(path.read_bytes())
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }

    @cached_property
    def stylesheet(self) -> bytes:
        """Every style sheet, the general ones first, without remarks and indentation."""
        sheets = {path.stem: path for path in sorted((self.folder / "css").glob("*.css"))}
        order = [name for name in FIRST_STYLES if name in sheets]
        order += [name for name in sheets if name not in FIRST_STYLES]
        return "\n".join(_plain(sheets[name]) for name in order).encode()

    @cached_property
    def plain_texts(self) -> dict[str, bytes]:
        """Modules and style sheets as devices get them: short, and the same program."""
        return {
            path: _plain(self.folder / path).encode()
            for path in self.digests
            if path.endswith((".js", ".css"))
        }

    @cached_property
    def stylesheet_url(self) -> str:
        """Where the joined style sheet is."""
        return f"{self.root}/app.css?v={_digest(self.stylesheet)}"

    @cached_property
    def import_map(self) -> str:
        """The import map of every module, as JSON."""
        modules = [path for path in self.digests if path.endswith(".js")]
        imports = {f"{self.root}/static/{path}": self.url(path) for path in modules}
        return json.dumps({"imports": imports}, separators=(",", ":"))

    @cached_property
    def import_map_hash(self) -> str:
        """The import map's SHA-256, as a content security policy names it."""
        return base64.b64encode(hashlib.sha256(self.import_map.encode()).digest()).decode()

    def url(self, path: str) -> str:
        """The address of a file; it changes when the file does."""
        return f"{self.root}/static/{path}?v={self.digests[path]}"


def _plain(path: Path) -> str:
    text = path.read_text()
    if path.suffix == ".css":
        return INDENTATION.sub("\n", COMMENTS.sub("", text))
    return str(jsmin(PRIVATE_MEMBER.sub(";", text)))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]
