"""Which lines of `app/` the tests run, told by a probe before each statement.

`make test` asks for them with `MEASURE_LINES_IN`: a folder, to which each test process writes what
`coverage report` reads. Coverage's own tracer is called for each function of every library as well:
with it the tests took half as much processor time again, with probes a twentieth.

An `except` or a `case` counts as run when its block runs.
"""

import ast
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from coverage import CoverageData

ROOT = Path(__file__).parents[2]
FOLDER = "MEASURE_LINES_IN"
PROBED = "app"
# The name by which a module knows its marks: one byte a line, 1 once the line has run.
MARKS = "__lines_run__"


class Probes(ast.NodeTransformer):
    """Put `__lines_run__[line] = 1` before each statement that does something."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Put probes into each block of a statement, except before its docstring."""
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                probed = [part for statement in block for part in _with_probes(statement)]
                setattr(node, name, probed)
        if isinstance(node, ast.ExceptHandler):
            node.body.insert(0, _probe(node.lineno, node.body[0]))
        if isinstance(node, ast.match_case):
            node.body.insert(0, _probe(node.pattern.lineno, node.body[0]))
        return node


def compiled(source: bytes, path: str) -> CodeType:
    """Compile a module with probes."""
    tree = Probes().visit(ast.parse(source, path))
    return compile(tree, path, "exec", dont_inherit=True)


class ProbedLoader(SourceFileLoader):
    """Load a module with probes. Nothing is cached: to compile all modules takes a second."""

    def get_code(self, fullname: str) -> CodeType:
        """Compile the file with probes."""
        return compiled(self.get_data(self.path), self.path)

    def exec_module(self, module: ModuleType) -> None:
        """Give the module its marks, and run it."""
        marks = bytearray(self.get_data(self.path).count(b"\n") + 2)
        vars(module)[MARKS] = FOUND[self.path] = marks
        super().exec_module(module)


class ProbedFinder:
    """Find the modules of `app/`, to be loaded with probes."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find one of them."""
        if name.partition(".")[0] != PROBED:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = ProbedLoader(name, spec.loader.path)
        return spec


FOUND: dict[str, bytearray] = {}


def begin() -> Path | None:
    """Put probes into what is imported from now on, if `make test` asks; return the folder.

    Only a test process does; the programs that it starts do not.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ or FOLDER not in os.environ:
        return None
    sys.meta_path.insert(0, ProbedFinder)
    return Path(os.environ.pop(FOLDER))


def write(folder: Path, found: dict[str, bytearray]) -> None:
    """Write the lines that have run; a file that nothing imported has none."""
    data = CoverageData(str(folder / ".coverage"), suffix=True)
    data.add_lines(
        {
            path: [line for line, has_run in enumerate(marks) if has_run]
            for path, marks in found.items()
        }
    )
    data.touch_files([str(path) for path in (ROOT / PROBED).rglob("*.py")])
    data.write()


def pytest_unconfigure() -> None:
    """Write at the end of a test process."""
    if _folder is not None:
        write(_folder, FOUND)


def _with_probes(statement: ast.stmt) -> list[ast.stmt]:
    """Put probes before a statement; a docstring and a `__future__` import stay first."""
    is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    is_future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
    if is_text or is_future:
        return [statement]
    decorators = getattr(statement, "decorator_list", [])
    lines = [statement.lineno, *(decorator.lineno for decorator in decorators)]
    return [*(_probe(line, statement) for line in lines), statement]


def _probe(line: int, place: ast.stmt) -> ast.stmt:
    (marking,) = ast.parse(f"{MARKS}[{line}] = 1").body
    for node in ast.walk(marking):
        ast.copy_location(node, place)
    return marking


# When this module is imported: each plugin after it imports `app`.
_folder = begin()
