"""Keep compiled templates beside their sources, as Python keeps its compiled modules.

Compiling the five templates that every page shares takes 0.09 of 0.95 s of a start (November 2026),
and the rest of a page as much again at its first look. A compiled template contains translations,
addresses, icons and results of the app's own filters. So it is used only if every source file of
the app has the size and the time of then, which is what Python asks about a module, and if all
addresses are the same.

Such files are code. They are in the program's own folder: anyone who can write there can change the
program itself. Restored or shared data never runs. An image has them from its build.
Elsewhere they are written at first use, unless the folder cannot be written or
PYTHONDONTWRITEBYTECODE is set.
"""

import hashlib
import marshal
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

from app.i18n import current
from app.web.http.assets import Assets
from app.web.http.paths import Paths

APP = Path(__file__).parents[2]
SOURCES = (".py", ".mo", ".json", ".html")
READABLE = 0o644


class CompiledTemplates(BytecodeCache):
    """The compiled templates of the current language, in a folder below the templates."""

    def __init__(self, templates: Path, assets: Assets, paths: Paths) -> None:
        self.folder = templates / "__pycache__"
        self.language = current().code
        made_of = (
            *(sys.version, jinja2.__version__, self.language, assets.root),
            *(sorted(assets.digests.items()), sorted(paths.formats.items())),
            *(sorted(_sources(APP)), sorted(_sources(templates))),
        )
        self.key = hashlib.sha256(repr(made_of).encode()).digest()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the name of a template's file."""
        del filename
        return f"{name.replace('/', '.')}.{self.language}.{sys.implementation.cache_tag}.compiled"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a compiled template, unless it was compiled from something else."""
        with suppress(OSError, EOFError, ValueError, TypeError):
            content = (self.folder / bucket.key).read_bytes()
            head = self._head(bucket)
            if content.startswith(head):
                bucket.code = marshal.loads(content[len(head) :])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write a compiled template completely, or not at all."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            self.folder.mkdir(exist_ok=True)
            descriptor, made = mkstemp(dir=self.folder)
            with os.fdopen(descriptor, "wb") as file:
                file.write(self._head(bucket) + marshal.dumps(bucket.code))
            Path(made).chmod(READABLE)
            Path(made).replace(self.folder / bucket.key)

    def _head(self, bucket: Bucket) -> bytes:
        return self.key + bucket.checksum.encode()


def _sources(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Yield each source file with its size and the second of its last change."""
    for parent, _folders, names in os.walk(folder):
        for name in names:
            if name.endswith(SOURCES):
                path = f"{parent}/{name}"
                about = os.stat(path)
                yield path.removeprefix(str(folder)), about.st_size, int(about.st_mtime)
