"""Column types and constraint names that are the same on SQLite and PostgreSQL."""

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Enum
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


def str_enum(enum: type[StrEnum]) -> Any:
    """Store a `StrEnum` by value, with a CHECK constraint and no native type."""
    return Enum(
        enum,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=24,
        name=enum.__name__.lower(),
    )


def between(column: str, low: float, high: float) -> CheckConstraint:
    """A CHECK that `column` is empty or lies from `low` to `high`."""
    quoted = f'"{column}"'
    return CheckConstraint(f"{quoted} IS NULL OR {quoted} BETWEEN {low} AND {high}", name=column)
