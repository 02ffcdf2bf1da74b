"""Column types and constraint names that are the same on SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import time
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator
from sqlalchemy import CheckConstraint, Dialect, Enum, String, TypeDecorator
from sqlmodel import SQLModel

Each = TypeVar("Each")

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


class StringList(TypeDecorator[tuple[Any, ...]]):
    """Store a list as text: "a;b;c". Empty text is an empty list.

    `read` makes a value of its text. Files and the history hold the same text.
    """

    impl = String
    cache_ok = True
    # The same few lists recur, so that each is parsed once (`db/direct.py`).
    is_repeated = True

    def __init__(self, length: int, read: Callable[[str], Any] = str) -> None:
        super().__init__(length)
        self.read = read

    def process_bind_param(self, value: tuple[Any, ...] | None, _dialect: Dialect) -> str:
        """Write the list as text."""
        return joined(value or ())

    def process_result_value(self, value: str | None, _dialect: Dialect) -> tuple[Any, ...]:
        """Read the list from its text."""
        return tuple(self.read(each) for each in parts(value))


def joined(values: tuple[Any, ...]) -> str:
    """Write a list as its text; times of day to the minute."""
    return ";".join(
        each.isoformat("minutes") if isinstance(each, time) else str(each) for each in values
    )


def parts(value: Any) -> Any:
    """Split the text of a list; a list stays as it is."""
    if value is None or isinstance(value, str):
        return tuple(each for each in (value or "").split(";") if each)
    return value


# The values of a `StringList` column; a state of the history has them as text.
Listed = Annotated[tuple[Each, ...], BeforeValidator(parts)]


def between(column: str, low: float, high: float) -> CheckConstraint:
    """A CHECK that `column` is empty or lies from `low` to `high`."""
    quoted = f'"{column}"'
    return CheckConstraint(f"{quoted} IS NULL OR {quoted} BETWEEN {low} AND {high}", name=column)
