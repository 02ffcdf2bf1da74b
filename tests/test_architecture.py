"""The rules of the house, checked: who may import whom, ask for the time, or commit."""

import ast
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

APP = Path(__file__).parents[1] / "app"
# What each floor may import, besides itself.
LAYERS: dict[str, set[str]] = {
    # Messages; every floor may have some.
    "i18n": set(),
    "domain": set(),
    "errors": set(),
    "settings": set(),
    "job_limits": {"errors"},
    "db": {"domain", "errors", "settings"},
    "models": {"domain"},
    "records": {"domain", "db", "models"},
    "photos": {"errors", "job_limits"},
    "push": set(),
    "diary": {"domain", "errors", "db", "models"},
    "language": {"domain", "errors", "models", "diary"},
    "services": {
        "domain",
        "errors",
        "settings",
        "job_limits",
        "db",
        "models",
        "records",
        "photos",
        "diary",
    }
    | {"language"},
    "interchange": {"domain", "errors", "db", "models", "records", "photos", "diary", "language"}
    | {"services"},
    "demo": {"domain", "models", "records", "photos", "diary", "services"},
    "web": {
        "domain",
        "errors",
        "settings",
        "job_limits",
        "models",
        "records",
        "photos",
        "diary",
        "language",
    }
    | {"services", "interchange"},
    "routers": {"domain", "errors", "settings", "db", "models", "records", "photos", "diary"}
    | {"language"}
    | {"services", "interchange", "web", "push"},
    "main": {
        "domain",
        "errors",
        "settings",
        "db",
        "models",
        "photos",
        "services",
        "routers",
        "web",
    },
    "worker": {"domain", "errors", "db", "models", "records", "photos", "diary", "language"}
    | {"services", "interchange", "push"},
    "cli": {"domain", "errors", "settings", "db", "models", "photos", "diary", "language"}
    | {"services", "interchange", "demo", "main", "worker", "push"},
    "__main__": {"cli"},
}
ALLOWED_IN_DOMAIN = sys.stdlib_module_names | {"app", "mpmath"}
HTTP = {"fastapi", "starlette", "jinja2", "uvicorn"}
HTTP_LAYERS = {"web", "routers", "main"}
# The process manager of `serve` starts the server; it handles no request.
HTTP_ELSEWHERE = {"cli": {"uvicorn"}}
CLOCKS = {"now", "utcnow", "today"}
DATES = {"datetime", "date", "dt", "datetime.datetime"}
MAY_ASK_THE_TIME = {"cli", "web/http/deps.py"}
# Slow or large, and seldom wanted: imported where they are opened.
MAY_BE_IMPORTED_LATE = {"PIL", "alembic", "segno"}
MAY_NOT_COMMIT = {"domain", "models", "diary", "language", "services"}


def layer_of(name: str) -> str:
    return name.split("/")[0].removesuffix(".py")


@cache
def modules() -> Mapping[str, ast.Module]:
    """Every module of the app, by its path."""
    return {
        str(path.relative_to(APP)): ast.parse(path.read_text())
        for path in sorted(APP.rglob("*.py"))
        if path != APP / "__init__.py"
    }


@cache
def nodes_of(tree: ast.AST) -> Sequence[ast.AST]:
    return tuple(ast.walk(tree))


@cache
def imported_modules(tree: ast.AST) -> Sequence[str]:
    found = []
    for node in nodes_of(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def roots_of(tree: ast.AST) -> set[str]:
    return {module.split(".")[0] for module in imported_modules(tree)}


def offenders(breaks: Callable[[str, ast.Module], object]) -> list[str]:
    """The modules that break a rule."""
    return [name for name, tree in modules().items() if breaks(name, tree)]


def in_layers(layers: set[str]) -> dict[str, ast.Module]:
    return {name: tree for name, tree in modules().items() if layer_of(name) in layers}


def test_imports_point_downwards() -> None:
    def climbs(name: str, tree: ast.Module) -> set[str]:
        modules = [module.split(".") for module in imported_modules(tree)]
        used = {parts[1] for parts in modules if parts[0] == "app" and parts[1][0] != "_"}
        return used - LAYERS[layer_of(name)] - {layer_of(name), "i18n"}

    assert offenders(climbs) == []


def test_the_domain_is_plain_python() -> None:
    domain = in_layers({"domain"})
    assert [name for name, tree in domain.items() if roots_of(tree) - ALLOWED_IN_DOMAIN] == []


def test_http_stays_in_the_web_layers() -> None:
    def knows_http(name: str, tree: ast.Module) -> set[str]:
        layer = layer_of(name)
        allowed = HTTP if layer in HTTP_LAYERS else HTTP_ELSEWHERE.get(layer, set())
        return roots_of(tree) & HTTP - allowed

    assert offenders(knows_http) == []


def test_a_parser_knows_no_database_and_the_writer_no_format() -> None:
    parsers = {"domain", "errors", "i18n", "interchange"}

    def knows_too_much(name: str, tree: ast.Module) -> bool:
        modules = [module.split(".") for module in imported_modules(tree)]
        own = {tuple(parts[1:3]) for parts in modules if parts[0] == "app"}
        if name.startswith("interchange/writer/"):
            return ("interchange", "importers") in own
        if not name.startswith(("interchange/importers/", "interchange/imported_log")):
            return False
        databases = {"sqlalchemy", "sqlmodel"} & roots_of(tree)
        return bool(databases or {floor for floor, _module in own} - parsers)

    assert offenders(knows_too_much) == []


def test_the_rooms_of_the_web_import_downwards() -> None:
    rooms = ["http", "forms", "pages"]

    def climbs(name: str, tree: ast.Module) -> bool:
        floor = rooms.index(name.split("/")[1])
        used = [module.split(".")[1:3] for module in imported_modules(tree)]
        return any(each[0] == "web" and each[1] in rooms[floor + 1 :] for each in used if each)

    web = in_layers({"web"}).items()
    assert [name for name, tree in web if name.count("/") > 1 and climbs(name, tree)] == []


def test_routers_do_not_import_each_other() -> None:
    importing = {
        name: [module for module in imported_modules(tree) if module.startswith("app.routers")]
        for name, tree in in_layers({"routers"}).items()
    }
    assert {name for name, modules in importing.items() if modules} == set()


def test_imports_stand_at_the_top() -> None:
    def imports_late(name: str, tree: ast.Module) -> bool:
        functions = [
            node
            for node in nodes_of(tree)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]
        return any(roots_of(function) - MAY_BE_IMPORTED_LATE for function in functions)

    assert offenders(imports_late) == []
    assert offenders(lambda name, tree: "typing.TYPE_CHECKING" in imported_modules(tree)) == []


def test_annotations_are_kept_at_run_time() -> None:
    assert offenders(lambda name, tree: "__future__" in roots_of(tree)) == []


def test_only_the_edges_ask_for_the_time() -> None:
    def asks(name: str, tree: ast.Module) -> bool:
        attributes = (node for node in nodes_of(tree) if isinstance(node, ast.Attribute))
        return (
            layer_of(name) not in MAY_ASK_THE_TIME
            and name not in MAY_ASK_THE_TIME
            and (
                any(node.attr in CLOCKS and ast.unparse(node.value) in DATES for node in attributes)
                or bool({"time.time", "time.time_ns"} & set(imported_modules(tree)))
            )
        )

    assert offenders(asks) == []


def test_services_leave_the_commit_to_their_callers() -> None:
    committing = [
        f"{name}:{node.lineno}"
        for name, tree in in_layers(MAY_NOT_COMMIT).items()
        for node in nodes_of(tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert committing == []


def test_only_the_clock_asks_for_the_time_in_the_web() -> None:
    asking = [
        node.name
        for node in ast.walk(modules()["web/http/deps.py"])
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and "datetime.now" in ast.unparse(node)
    ]
    assert asking == ["clock"]


def test_only_the_decoders_own_process_loads_decoders() -> None:
    loading = {name for name, tree in modules().items() if roots_of(tree) & {"PIL", "pi_heif"}}
    assert loading == {"photos/decoder.py", "demo/photos.py"}
    decoder = roots_of(modules()["photos/decoder.py"])
    assert decoder <= sys.stdlib_module_names | {"PIL", "pi_heif"}
    assert (
        offenders(
            lambda name, tree: any("photos.decoder" in each for each in imported_modules(tree))
        )
        == []
    )


def test_what_asks_the_database_is_kept_without_a_lock_for_all() -> None:
    """`cached_property` has one before Python 3.12; these two read files once, at the start."""
    using = {
        name
        for name, tree in modules().items()
        if "functools.cached_property" in imported_modules(tree)
    }
    assert using <= {"settings.py", "web/http/assets.py"}
