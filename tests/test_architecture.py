"""The rules of the house, checked: who may import whom, ask for the time, or commit."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[1] / "app"
MODULES = sorted(path for path in APP.rglob("*.py") if path != APP / "__init__.py")

# What each floor may import, besides itself.
LAYERS: dict[str, set[str]] = {
    "domain": set(),
    "errors": set(),
    "settings": set(),
    "db": {"errors", "settings"},
    "models": {"domain"},
    "services": {"domain", "errors", "settings", "db", "models"},
    "web": {"domain", "errors", "settings", "db", "models", "services"},
    "routers": {"domain", "errors", "settings", "db", "models", "services", "web"},
    "main": {"domain", "errors", "settings", "db", "models", "services", "routers", "web"},
    "cli": {"domain", "errors", "settings", "db", "models", "services", "main"},
    "__main__": {"cli"},
}
ALLOWED_IN_DOMAIN = sys.stdlib_module_names | {"app", "mpmath"}
HTTP = {"fastapi", "starlette", "jinja2", "uvicorn"}
HTTP_LAYERS = {"web", "routers", "main"}
# The process manager of `serve` starts the server; it handles no request.
HTTP_ELSEWHERE = {"cli": {"uvicorn"}}
CLOCKS = {"now", "utcnow", "today"}
MAY_ASK_THE_TIME = {"cli", "web/deps.py"}
# Slow or large, and seldom wanted: imported where they are opened.
MAY_BE_IMPORTED_LATE = {"PIL", "alembic"}
MAY_NOT_COMMIT = {"domain", "models", "services"}


def name_of(path: Path) -> str:
    return str(path.relative_to(APP))


def layer_of(path: Path) -> str:
    return path.relative_to(APP).parts[0].removesuffix(".py")


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imported_modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def roots_of(path: Path) -> set[str]:
    return {module.split(".")[0] for module in imported_modules(tree_of(path))}


every_module = pytest.mark.parametrize("path", MODULES, ids=name_of)


@every_module
def test_imports_point_downwards(path: Path) -> None:
    modules = [name.split(".") for name in imported_modules(tree_of(path))]
    used = {name[1] for name in modules if name[0] == "app" and name[1][0] != "_"}
    assert used <= LAYERS[layer_of(path)] | {layer_of(path)}


@every_module
def test_the_domain_is_plain_python(path: Path) -> None:
    if layer_of(path) == "domain":
        assert roots_of(path) <= ALLOWED_IN_DOMAIN


@every_module
def test_http_stays_in_the_web_layers(path: Path) -> None:
    layer = layer_of(path)
    if layer not in HTTP_LAYERS:
        assert not roots_of(path) & HTTP - HTTP_ELSEWHERE.get(layer, set())


@every_module
def test_routers_do_not_import_each_other(path: Path) -> None:
    if layer_of(path) == "routers":
        used = [name for name in imported_modules(tree_of(path)) if name.startswith("app.routers")]
        assert used == []


@every_module
def test_imports_stand_at_the_top(path: Path) -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    inside = [
        node.name
        for node in ast.walk(tree_of(path))
        if isinstance(node, functions)
        and {name.split(".")[0] for name in imported_modules(node)} - MAY_BE_IMPORTED_LATE
    ]
    assert inside == []
    assert "TYPE_CHECKING" not in path.read_text()


@every_module
def test_annotations_are_kept_at_run_time(path: Path) -> None:
    assert "from __future__ import annotations" not in path.read_text()


@every_module
def test_only_the_edges_ask_for_the_time(path: Path) -> None:
    asked = [
        ast.unparse(node)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCKS
        and ast.unparse(node.value) in {"datetime", "date", "dt", "datetime.datetime"}
    ] + [name for name in imported_modules(tree_of(path)) if name in {"time.time", "time.time_ns"}]
    if layer_of(path) not in MAY_ASK_THE_TIME and name_of(path) not in MAY_ASK_THE_TIME:
        assert asked == []


@every_module
def test_services_leave_the_commit_to_their_callers(path: Path) -> None:
    commits = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    if layer_of(path) in MAY_NOT_COMMIT:
        assert commits == []


def test_only_the_clock_asks_for_the_time_in_the_web() -> None:
    asking = [
        node.name
        for node in ast.walk(tree_of(APP / "web/deps.py"))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and "datetime.now" in ast.unparse(node)
    ]
    assert asking == ["clock"]


def test_only_the_decoders_own_process_loads_decoders() -> None:
    loading = {name_of(path) for path in MODULES if roots_of(path) & {"PIL", "pi_heif"}}
    assert loading == {"services/photo_decoder.py", "services/demo_photos.py"}
    decoder = roots_of(APP / "services/photo_decoder.py")
    assert decoder <= sys.stdlib_module_names | {"PIL", "pi_heif"}
    importing = {
        name_of(path)
        for path in MODULES
        if any("photo_decoder" in name for name in imported_modules(tree_of(path)))
    }
    assert importing == set()
