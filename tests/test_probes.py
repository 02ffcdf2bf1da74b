"""Probes mark what ran, and change nothing else."""

from pathlib import Path

from coverage import CoverageData

from tests.support import probes

SAMPLE = '''"""A docstring."""
from __future__ import annotations


def twice(decorated):
    return decorated


@twice
def sort_of(value):
    """Another docstring."""
    if value is None:
        raise ValueError("none")
    match value:
        case 0:
            return "zero"
        case int():
            return "number"
    try:
        return len(value)
    except TypeError:
        return "odd"
    finally:
        done = True


class Kind:
    """A third."""

    name: Missing
    plural = "kinds"
'''
LINES = SAMPLE.splitlines()


def marked(*values: object) -> tuple[dict[str, object], list[str]]:
    """Run the sample, call it with values; return its names and the lines that ran."""
    marks = bytearray(len(LINES) + 2)
    names: dict[str, object] = {probes.MARKS: marks, "__name__": "sample"}
    exec(probes.compiled(SAMPLE.encode(), "sample.py"), names)
    sort_of = names["sort_of"]
    assert callable(sort_of)
    names["answers"] = [sort_of(value) for value in values]
    return names, [LINES[line - 1].strip() for line, has_run in enumerate(marks) if has_run]


def test_a_module_with_probes_is_the_same_module() -> None:
    names, _lines = marked(0, 5, "text", 1.5)

    assert names["answers"] == ["zero", "number", 4, "odd"]
    assert names["__doc__"] == "A docstring."
    assert getattr(names["sort_of"], "__doc__", "") == "Another docstring."
    kind = names["Kind"]
    assert (kind.__doc__, kind.__annotations__) == ("A third.", {"name": "Missing"})
    assert vars(kind).keys() == vars(type("Kind", (), {"plural": "", "__annotations__": {}})).keys()


def test_what_ran_is_marked_and_what_did_not_is_not() -> None:
    called = "match value:", "case 0:", 'return "zero"'

    assert set(called).isdisjoint(marked()[1])
    assert set(called) <= set(marked(0)[1])
    assert {"@twice", "def sort_of(value):", "return decorated", 'plural = "kinds"'} <= set(
        marked()[1]
    )
    lines = marked("text")[1]
    assert {"return len(value)", "done = True"} <= set(lines)
    assert {
        "case int():",
        "except TypeError:",
        'return "odd"',
        'raise ValueError("none")',
    }.isdisjoint(lines)


def test_coverage_hears_of_each_line_and_of_files_that_nothing_imported(tmp_path: Path) -> None:
    probes.write(tmp_path, {"one.py": bytearray([0, 1, 0, 1])})

    (written,) = tmp_path.glob(".coverage.*")
    data = CoverageData(str(written))
    data.read()
    assert data.lines("one.py") == [1, 3]
    assert data.lines(str(probes.ROOT / "app/main.py")) == []
