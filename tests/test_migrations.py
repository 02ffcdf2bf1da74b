"""The migrations build what the models describe, on both databases, without the application."""

import ast
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, inspect
from sqlmodel import SQLModel

import app.models  # noqa: F401  (registers the tables)
from app.db import migrate

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
