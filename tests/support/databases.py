"""An empty database for each test, on SQLite or PostgreSQL or both, with the schema migrated once.

Pages are tested on SQLite: what differs between the two kinds is in models, services, readings and
migrations, whose tests run on both. Of a test with many parameters PostgreSQL gets the first: the
others try the rules, and send it the same statements. A test that depends on the kind more than
that is marked with `both_databases`. `make unit` does the same with SQLite, by `--first-cases`,
whatever a test is marked with: later cases took 40 of its 144 seconds of processor time.

SQLite copies a migrated file to where it was before. PostgreSQL keeps one migrated database for
each test process and deletes the rows: that takes 1 ms, TRUNCATE 19 ms and CREATE DATABASE ...
TEMPLATE 60 ms.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlmodel import Session, SQLModel, select
from sqlmodel.sql.expression import SelectOfScalar

from app import db
from app.db import make_engine, reading, writing
from app.db.migrations import migrate
from app.models import EntryVersion

TESTS = Path(__file__).parents[1]
# A test that left a transaction open must not hang the next one.
LOCK_TIMEOUT = "SET LOCAL lock_timeout = '5s'"

Result = TypeVar("Result")

MEMORY = Path("/dev/shm")
KINDS = ("sqlite", "postgresql")
# What gives a test its database, of a kind that is the parameter.
KIND_FIXTURES = ("engine", "blank_engine")
# The folders and files under tests/ whose tests run on SQLite, unless they are marked.
ON_SQLITE_ALONE = {"routers", "web", "importers"} | {
    f"test_{name}.py" for name in ("cli", "prefix", "private_log", "security", "translations")
}
both_databases = pytest.mark.parametrize("engine", KINDS, indirect=True)
on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--sqlite`, which leaves out what needs PostgreSQL, and `--first-cases`."""
    parser.addoption("--sqlite", action="store_true", help="run on SQLite alone")
    help_ = "of a test with several cases on a database, run the first"
    parser.addoption("--first-cases", action="store_true", help=help_)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what runs on PostgreSQL if that was asked for, and the same rule once more."""
    is_left_out = is_on_postgresql if config.getoption("--sqlite") else _is_a_rule_once_more
    left_out = {item for item in items if is_left_out(item)}
    if config.getoption("--first-cases"):
        left_out |= {item for item in items if is_on_a_database(item) and is_a_later_case(item)}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def is_on_a_database(item: pytest.Item) -> bool:
    """Whether a test runs on a database."""
    call = getattr(item, "callspec", None)
    return call is not None and not call.params.keys().isdisjoint(KIND_FIXTURES)


def is_on_postgresql(item: pytest.Item) -> bool:
    """Whether a test runs on PostgreSQL."""
    call = getattr(item, "callspec", None)
    return "postgresql" in [call.params.get(name) for name in KIND_FIXTURES] if call else False


def _is_a_rule_once_more(item: pytest.Item) -> bool:
    """Whether PostgreSQL has had this test, with other parameters, and it names no kind."""
    return is_on_postgresql(item) and not _names_its_kind(item) and is_a_later_case(item)


def is_a_later_case(item: pytest.Item) -> bool:
    """Whether another case of the same test comes first, on the same kind of database."""
    call = getattr(item, "callspec", None)
    indices: dict[str, int] = call.indices if call else {}
    return any(index for name, index in indices.items() if name not in KIND_FIXTURES)


def _names_its_kind(definition: pytest.Item) -> bool:
    """Whether a test says itself what it runs on."""
    return any(mark.args[0] in KIND_FIXTURES for mark in definition.iter_markers("parametrize"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a database on the kinds of its folder, unless it names its own."""
    if "engine" not in metafunc.fixturenames:
        return
    if _names_its_kind(metafunc.definition):
        return
    places = metafunc.definition.path.relative_to(TESTS).parts
    kinds = KINDS if ON_SQLITE_ALONE.isdisjoint(places) else KINDS[:1]
    metafunc.parametrize("engine", kinds, indirect=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_database(postgres_cluster: str) -> str:
    """The address of a migrated PostgreSQL database."""
    url = _create_database(postgres_cluster, "strand")
    _migrate(url)
    return url


@pytest.fixture(scope="session")
def sqlite_engine() -> Iterator[Engine]:
    """The engine of the file that each test gets new, in memory where there is a folder for it.

    Two commits go before each test, and each waits for the disk: 10 ms of its 25.
    """
    in_memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="strand-tests-", dir=in_memory) as folder:
        engine = make_engine(f"sqlite:///{folder}/strand.db")
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def postgres_engine(postgres_database: str) -> Iterator[Engine]:
    """The engine of the database that each test finds empty."""
    engine = make_engine(postgres_database)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Engine:
    """The application's engine on an empty database, of a kind that `pytest_generate_tests` chose.

    One of a kind for all tests of a process: what a statement compiles to is kept with it.
    """
    engine: Engine = request.getfixturevalue(
        {"sqlite": "sqlite_engine", "postgresql": "postgres_engine"}[request.param]
    )
    if request.param == "postgresql":
        empty(engine)
        return engine
    engine.dispose()
    path = Path(engine.url.database or "")
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    has_year = "alices_year" in request.fixturenames
    shutil.copy(request.getfixturevalue("year_file" if has_year else "sqlite_template"), path)
    return engine


@pytest.fixture
def database_url(engine: Engine) -> str:
    """The address of that database."""
    return engine.url.render_as_string(hide_password=False)


@pytest.fixture(params=KINDS)
def blank_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """The application's engine on a database without any table."""
    url = f"sqlite:///{tmp_path / 'blank.db'}"
    if request.param == "postgresql":
        url = _create_database(request.getfixturevalue("postgres_cluster"), "blank")
    engine = make_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> float:
    """Writers wait half a second for a lock instead of five; the seconds."""
    given, milliseconds = db.BUSY_MILLISECONDS, 500

    def sooner(statement: str) -> str:
        return statement.replace(str(given), str(milliseconds))

    monkeypatch.setattr(db, "BUSY_MILLISECONDS", milliseconds)
    monkeypatch.setattr(db, "PRAGMAS", tuple(map(sooner, db.PRAGMAS)))
    monkeypatch.setattr(db, "TAKE_TURN", text(sooner(db.TAKE_TURN.text)))
    return milliseconds / 1000


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session for arranging, and for calling services.

    It holds SQLite's one write lock from its first statement to its commit: commit before
    the next request, and look at what a request did with `rows`.
    """
    with writing(engine) as session:
        yield session


DOSE_VERSIONS = select(EntryVersion).where(EntryVersion.kind == "dose_event")


class Rows:
    """The rows in the database now, read again."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def __call__(self, wanted: type[Result] | SelectOfScalar[Result]) -> list[Result]:
        """All rows of a table, or those that a statement finds."""
        statement = select(wanted) if isinstance(wanted, type) else wanted
        with reading(self.engine) as session:
            return list(session.exec(statement))


@pytest.fixture
def rows(engine: Engine) -> Rows:
    """`rows(DoseEvent)` or `rows(User.named("alice"))`: what a request left behind."""
    return Rows(engine)


def empty(engine: Engine) -> None:
    """Delete every row, children before their parents."""
    statements = [f'DELETE FROM "{table}"' for table in reversed(SQLModel.metadata.sorted_tables)]
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            # In one go: the way there and back costs more than the work.
            statements = ["; ".join([LOCK_TIMEOUT, *statements])]
        for statement in statements:
            connection.exec_driver_sql(statement)


def _create_database(cluster: str, name: str) -> str:
    """Make a database on the server of `cluster`; its address."""
    admin = create_engine(cluster, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    admin.dispose()
    return make_url(cluster).set(database=name).render_as_string(hide_password=False)


def _migrate(url: str) -> None:
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()
