"""Report unused code, with vulture: use in tests does not count, use in templates does.

A name that others call (a framework, a protocol, a data file) is listed in `CALLED_BY` with its
caller. Also reports lines there whose name is in use, or gone.
"""

import re
import sys
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).parents[1]
FOLDERS = ("app", "scripts", "bench")
# FastAPI, SQLAlchemy, pydantic and argparse call what these decorate.
DECORATORS = ["@router.*", "@*.get", "@*.post", "@*validator", "@event.*", "@listens_for*"]
CALLED_BY = {
    "logging": {"formatException", "msg"},
    "zipfile": {"compress_type", "external_attr", "writable"},
    "html.parser": {"handle_starttag"},
    "the database drivers": {"isolation_level"},
    "SQLAlchemy": {"naming_convention", "impl", "cache_ok"}
    | {"process_bind_param", "process_result_value"},
    "Pillow": {"MAX_IMAGE_PIXELS"},
    "Jinja": {"ctx", "template_class", "visit_Call"}
    | {"get_cache_key", "load_bytecode", "dump_bytecode"},
    "the Dockerfile": {"compile_all"},
    "uvicorn": {"should_exit"},
    "Babel": {"creation_date", "header_comment", "revision_date"},
    "argparse, which looks its words up": {"OF_ARGPARSE"},
    "Starlette": {"background", "build_middleware_stack"},
    "vulture": {"used_names"},
    "the catalogue's file": {"SUPPLEMENT", "COSMETIC", "DEVICE", "PROCEDURE", "B", "C"}
    | {"factor_note", "salts", "days_can_be_compared"},
    "forms and stored rows, by their values": {"SPREADSHEET", "DARK", "stress", "focus"},
}


def main() -> int:
    """Print unused names, and superfluous lines of `CALLED_BY`; return the exit status."""
    found = unused(ROOT)
    allowed = set().union(*CALLED_BY.values())
    names = {name for name, _path, _line in found}
    for name, path, line in found:
        if name not in allowed:
            print(f"{path}:{line}: {name} is unused.")
    for name in sorted(allowed - names):
        print(f"scripts/dead_code.py: {name} need not be listed.")
    return 0 if names == allowed else 1


def unused(root: Path) -> list[tuple[str, str, int]]:
    """Return names that are defined and never used, with file and line."""
    finder = Vulture(ignore_decorators=DECORATORS)
    finder.scavenge([str(root / name) for name in FOLDERS])
    finder.used_names |= names_in_templates(root)
    return [
        (str(item.name), str(item.filename.relative_to(root)), item.first_lineno)
        for item in finder.get_unused_code(min_confidence=60)
    ]


def names_in_templates(root: Path) -> set[str]:
    """Return the names in the braces of templates."""
    names: set[str] = set()
    for path in (root / "templates").rglob("*.html"):
        for code in re.findall(r"\{[{%](.*?)[%}]\}", path.read_text(), re.DOTALL):
            names.update(re.findall(r"[A-Za-z_]\w*", code))
    return names


if __name__ == "__main__":
    sys.exit(main())
