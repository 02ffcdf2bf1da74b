"""Collect the messages of Strand, and compile their translations.

    python -m scripts.messages           bring app/locales up to date with the code
    python -m scripts.messages --check   fail on a missing, unused or changed message

`strand.po` holds the messages of code and templates, `catalogue.po` the texts of the catalogue.
Both become one `strand.mo`, which the app reads. Babel is needed here only, not at run time.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.domain.catalogue import READ

ROOT = Path(__file__).parents[1]
LOCALES = ROOT / "app/locales"
CATALOGUE = ROOT / "app/domain/catalogue.json"
# The positions of a function's messages: (position, "c") is a context.
KEYWORDS: dict[str, Any] = {
    "_": None,
    "marked": None,
    "lazy": None,
    "lazy_in": ((1, "c"), 2),
    "pgettext": ((1, "c"), 2),
    "ngettext": (1, 2),
    "lazy_plural": (1, 2),
    "counted": (1, 2),
}
SOURCES = (("app", "**.py", "python"), ("templates", "**.html", "jinja2"))
NAMES = {"strand": "The messages of code and templates", "catalogue": "The texts of the catalogue"}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DRAFT = "A draft: to be reviewed by a clinician."


def main() -> int:
    """Update or check every language; return the exit status."""
    is_check = sys.argv[1:] == ["--check"]
    wanted = {"strand": _of_code(), "catalogue": _of_catalogue()}
    faults = [
        fault
        for folder in sorted(LOCALES.iterdir())
        for fault in _bring_up_to_date(folder, wanted, is_check=is_check)
    ]
    print("\n".join(faults) or "Every message is translated.")
    return int(bool(faults))


def _bring_up_to_date(folder: Path, wanted: dict[str, Catalog], *, is_check: bool) -> Iterator[str]:
    files = folder / "LC_MESSAGES"
    whole = _new_catalog(folder.name, "")
    for name, messages in wanted.items():
        file = files / f"{name}.po"
        known = read_po(file.open("rb"), locale=folder.name) if file.exists() else Catalog()
        merged = _merged(folder.name, name, messages, known)
        yield from (f"{file.relative_to(ROOT)}: {fault}" for fault in _faults(merged, known))
        if not is_check:
            file.write_bytes(_po(merged))
        for message in merged:
            is_new = message.id and whole.get(message.id, message.context) is None
            if is_new and _is_translated(message):
                whole.add(message.id, message.string, context=message.context)
    compiled = files / "strand.mo"
    if not is_check:
        compiled.write_bytes(_mo(whole))
    elif not compiled.exists() or compiled.read_bytes() != _mo(whole):
        yield f"{compiled.relative_to(ROOT)}: not compiled from the present files"


def _of_code() -> Catalog:
    catalog = Catalog()
    for folder, pattern, method in SOURCES:
        found = extract_from_dir(ROOT / folder, [(pattern, method)], keywords=KEYWORDS)
        for file, _line, message, _comments, context in found:
            where = [(f"{folder}/{Path(file).as_posix()}", 0)]
            catalog.add(message, locations=where, context=context)
    return catalog


def _of_catalogue() -> Catalog:
    catalog = Catalog()
    for text in _texts(json.loads(CATALOGUE.read_text("utf-8"))):
        catalog.add(text)
    return catalog


def _texts(value: Any, field: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _texts(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, field)
    elif isinstance(value, str) and value and field in READ:
        yield value


def _merged(locale: str, name: str, wanted: Catalog, known: Catalog) -> Catalog:
    merged = _new_catalog(locale, NAMES[name])
    for message in wanted:
        if not message.id:
            continue
        before = known.get(message.id, message.context)
        empty: str | tuple[str, ...] = "" if isinstance(message.id, str) else ("", "")
        known_string = before.string if before is not None else empty
        # A message that has become plural needs a new translation.
        is_alike = isinstance(known_string, str) == isinstance(empty, str)
        string = known_string if is_alike else empty
        merged.add(message.id, string, context=message.context, locations=message.locations)
    return merged


def _new_catalog(locale: str, title: str) -> Catalog:
    catalog = Catalog(locale=locale, project="Strand", fuzzy=False)
    is_draft = title == NAMES["catalogue"]
    catalog.header_comment = f"# {title}, in {Locale(locale).english_name}.\n" + (
        f"# {DRAFT}" if is_draft else "#"
    )
    return catalog


def _faults(merged: Catalog, known: Catalog) -> Iterator[str]:
    for message in merged:
        if message.id and not _is_translated(message):
            yield f"not translated: {message.id!r}"
    for message in known:
        if message.id and merged.get(message.id, message.context) is None:
            yield f"not used any more: {message.id!r}"


def _is_translated(message: Any) -> bool:
    strings = [message.string] if isinstance(message.string, str) else message.string
    return bool(strings) and all(strings)


def _po(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_po(file, catalog, sort_output=True, omit_header=False, width=100, include_lineno=False)
    # Dates would change the file at every run.
    lines = file.getvalue().decode().splitlines(keepends=True)
    left_out = ("POT-", "PO-", "Generated", "Last", "Project-Id", "Report-", "Language-Team")
    return "".join(
        line for line in lines if not line.startswith(tuple(f'"{each}' for each in left_out))
    ).encode()


def _mo(catalog: Catalog) -> bytes:
    file = BytesIO()
    read = read_po(BytesIO(_po(catalog)), locale=catalog.locale)
    # These dates are in the file, and would change it at every run.
    read.creation_date = read.revision_date = EPOCH
    write_mo(file, read)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
