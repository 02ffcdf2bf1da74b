"""The migrations build what the models describe, on both databases, without the application."""

import ast
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (
    CheckConstraint,
    Connection,
    Engine,
    TableClause,
    column,
    event,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy import table as sa_table
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

import app.models  # noqa: F401  (registers the tables)
from app.db import make_engine
from app.db.migrations import alembic_config, migrate, ready_to_migrate
from app.domain.measurements import MeasurementKind
from app.domain.reminders import ReminderText
from app.errors import CommandError
from tests.support.clock import NOW

pytestmark = pytest.mark.slow

OWNER, ITEM, DOSE = uuid4(), uuid4(), uuid4()
ON = NOW.date()
VERSIONS = sorted((Path(__file__).parents[1] / "migrations/versions").glob("*.py"))


def test_migrations_build_the_schema_of_the_models(blank_engine: Engine) -> None:
    migrate(blank_engine)

    with blank_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrations_build_every_check_of_the_models(blank_engine: Engine) -> None:
    migrate(blank_engine)

    for table in SQLModel.metadata.sorted_tables:
        wanted = {each.name for each in table.constraints if isinstance(each, CheckConstraint)}
        built = {each["name"] for each in inspect(blank_engine).get_check_constraints(table.name)}
        assert built == wanted, table.name


def test_migrating_again_changes_nothing(blank_engine: Engine) -> None:
    migrate(blank_engine)
    tables = inspect(blank_engine).get_table_names()

    migrate(blank_engine)

    assert inspect(blank_engine).get_table_names() == tables


def test_of_several_starts_at_once_one_migrates_and_the_others_wait(blank_engine: Engine) -> None:
    url = blank_engine.url.render_as_string(hide_password=False)
    engines = [make_engine(url) for _ in range(4)]

    with ThreadPoolExecutor(len(engines)) as threads:
        list(threads.map(migrate, engines))

    for engine in engines:
        engine.dispose()
    assert "dose_event" in inspect(blank_engine).get_table_names()


def test_a_database_of_a_newer_version_is_left_alone_with_a_sentence(
    blank_engine: Engine,
) -> None:
    migrate(blank_engine)
    with blank_engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(CommandError, match=r"^This database was made by a newer Strand\."):
        migrate(blank_engine)

    with blank_engine.connect() as connection:
        version = connection.execute(text("SELECT version_num FROM alembic_version"))
        assert version.scalars().all() == ["9999"]


def test_a_migration_that_is_asked_to_stop_stops_and_can_be_run_again(
    blank_engine: Engine,
) -> None:
    with _failing(blank_engine, SystemExit(0)), pytest.raises(SystemExit):
        migrate(blank_engine)

    assert inspect(blank_engine).get_table_names() == []
    migrate(blank_engine)


def test_a_migration_on_a_failing_disk_reports_the_disk_and_can_be_run_again(
    blank_engine: Engine,
) -> None:
    fault = blank_engine.dialect.loaded_dbapi.OperationalError("disk I/O error")

    with _failing(blank_engine, fault), pytest.raises(DBAPIError, match="disk I/O error"):
        migrate(blank_engine)

    assert inspect(blank_engine).get_table_names() == []
    migrate(blank_engine)


@contextmanager
def _failing(engine: Engine, fault: BaseException) -> Iterator[None]:
    """Raise `fault` where a migration makes an index, as the driver or a signal would."""

    def fail(_cursor: object, sql: str, *_more: object) -> None:
        if sql.startswith("CREATE INDEX"):
            raise fault

    event.listen(engine, "do_execute", fail)
    yield
    event.remove(engine, "do_execute", fail)


def test_a_dose_that_is_there_keeps_the_start_of_its_accounts_day(blank_engine: Engine) -> None:
    with blank_engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0004")
        for table, values in {
            "user_account": {
                **{"id": OWNER, "name": "Alice", "name_key": "alice", "password_hash": "-"},
                **{"time_zone": "UTC", "day_starts_time": time(5), "first_weekday": 1},
                **{"theme": "system", "vitamin_unit": "ug", "emergency_line": ""},
                **{"began_on": ON, "regimen_version": 1, "created_at": NOW},
            },
            "regimen_item": {
                **{"id": ITEM, "user_id": OWNER, "name": "Biotin", "kind": "supplement"},
                **{"route": "oral", "icon": "pill", "tone": "mint", "instruction": "", "note": ""},
                **{"starts_on": ON, "end_reason": "", "position": 0, "created_at": NOW},
            },
            "dose_event": {
                **{"id": DOSE, "user_id": OWNER, "regimen_item_id": ITEM, "due_on": ON},
                **{"iso_week": 202648, "status": "taken", "occurred_at": NOW, "logged_at": NOW},
                **{"time_zone": "UTC", "unit": "mg", "note": ""},
            },
        }.items():
            connection.execute(insert(_table_with(table, values)).values(values))

    migrate(blank_engine)

    with blank_engine.connect() as connection:
        kept = SQLModel.metadata.tables["dose_event"].c.day_starts_time
        assert connection.execute(select(kept)).scalars().all() == [time(5)]


def test_what_a_person_chose_moves_to_the_preferences_and_back(blank_engine: Engine) -> None:
    account = {
        **{"id": OWNER, "name": "Alice", "name_key": "alice", "password_hash": "-"},
        **{"time_zone": "UTC", "day_starts_time": time(5), "began_on": ON, "created_at": NOW},
        **{"regimen_version": 7, "log_version": 8},
    }
    chosen = {
        **{"first_weekday": 7, "theme": "dark", "vitamin_unit": "IU", "emergency_line": "112"},
        **{"single_keys": False, "is_discreet": True, "is_large": True, "currency": "€"},
        **{"day_parts": [["night", "Late"]], "weight_unit": "lb"},
        **{"hints_seen": ("today",), "measures_on": (MeasurementKind.WEIGHT,)},
    }
    rows = SQLModel.metadata.tables
    preferences = rows["preferences"]
    before = _table_with("user_account", [*account, *chosen])
    with _migrating(blank_engine) as connection:
        command.upgrade(alembic_config(connection), "0020")
        connection.execute(insert(before).values({**account, **chosen}))
        for token in ("one", "two"):
            connection.execute(insert(rows["sign_in"]).values(_sign_in(token)))

    migrate(blank_engine)

    with blank_engine.connect() as connection:
        moved = connection.execute(select(preferences)).one()._mapping
        as_usual = {
            **{
                "reminds": False,
                "reminder_times": (),
                "quiet_hours": (),
                "reminds_of_refills": True,
            },
            "reminder_text": ReminderText.QUIET,
        }
        assert dict(moved) == {"user_id": OWNER, **chosen, "language": None, **as_usual}
        assert connection.execute(select(rows["user_account"])).one()._mapping == account
        assert len(connection.execute(select(rows["sign_in"])).all()) == 2

    with _migrating(blank_engine) as connection:
        command.downgrade(alembic_config(connection), "0020")
        assert dict(connection.execute(select(before)).one()._mapping) == {**account, **chosen}
        assert "preferences" not in inspect(connection).get_table_names()

    migrate(blank_engine)

    with blank_engine.connect() as connection:
        assert dict(connection.execute(select(preferences)).one()._mapping) == dict(moved)
        assert len(connection.execute(select(rows["sign_in"])).all()) == 2


def _table_with(name: str, columns: Iterable[str]) -> TableClause:
    """A table as it was, with only these columns: the model of today would fill in new ones."""
    tables = SQLModel.metadata.tables
    moved = dict(tables["preferences"].c) if name == "user_account" else {}
    known = {**moved, **dict(tables[name].c)}
    return sa_table(name, *(column(each, known[each].type) for each in columns))


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """A transaction in which tables may be rebuilt, as `migrate` opens it."""
    with engine.connect() as connection, ready_to_migrate(connection), connection.begin():
        yield connection


def _sign_in(token: str) -> dict[str, object]:
    return {
        **{"id": uuid4(), "user_id": OWNER, "token_hash": token, "device_label": "Chrome"},
        **{"created_at": NOW, "last_seen_at": NOW},
    }


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_migrations_do_not_import_the_application(path: Path) -> None:
    imported = {
        alias.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        node.module or ""
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
    }
    assert not {name for name in imported if name.split(".")[0] in {"app", "sqlmodel"}}


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [path.name.split("_")[0] for path in VERSIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(VERSIONS) + 1)]
