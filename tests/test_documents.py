"""The documents for contributors name what is there."""

import re
from pathlib import Path

from app.interchange.csv_export import FILES

PROJECT = Path(__file__).parents[1]
DOCUMENTS = [
    *PROJECT.glob("*.md"),
    *(PROJECT / "docs").rglob("*.md"),
]
PARTS_OF_OTHERS = {"setup", "setup-dev", "tools"}
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
PLACE = re.compile(r"`((?:app|static|templates|tests|migrations|scripts|docs|bench)/[^` ]*)`")


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{path.relative_to(PROJECT)}: {target}"
        for path in DOCUMENTS
        for target in LINK.findall(path.read_text())
        if not (path.parent / target).exists()
    ]
    assert broken == []


def is_there(place: str) -> bool:
    """Whether a file, a folder, a pattern, or a test of a file is there."""
    path, _, test = place.partition("::")
    found = [*PROJECT.glob(path.rstrip("/"))]
    return bool(found) and all(f"def {test}(" in each.read_text() for each in found if test)


def test_every_place_that_a_document_names_is_there() -> None:
    missing = [
        f"{path.relative_to(PROJECT)}: {place}"
        for path in DOCUMENTS
        for place in PLACE.findall(path.read_text())
        if "NNNN" not in place and not is_there(place)
    ]
    assert missing == []


def test_every_document_is_in_the_index() -> None:
    index = (PROJECT / "docs/README.md").read_text()
    names = [path.name for path in (PROJECT / "docs").glob("[!R]*.md")]
    assert [name for name in names if name not in index] == []


def test_every_target_of_make_is_explained() -> None:
    makefile = (PROJECT / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    said = "".join(path.read_text() for path in DOCUMENTS)
    names = set(phony.split()) - PARTS_OF_OTHERS
    assert [name for name in sorted(names) if f"make {name}" not in said] == []


def test_the_files_of_an_export_are_listed_with_their_columns() -> None:
    listed = re.findall(
        r"^\| `([\w-]+)\.csv` \| (.*) \| (.*) \|$",
        (PROJECT / "docs/files.md").read_text(),
        re.MULTILINE,
    )

    assert [
        (name, contents, tuple(re.findall("`(.*?)`", columns)))
        for name, contents, columns in listed
    ] == [(file.name, str(file.contents), file.columns) for file in FILES.values()]
