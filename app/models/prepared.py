"""Statements that are composed once: composing one costs more than running it."""

from collections.abc import Callable
from datetime import date
from functools import cache, wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlalchemy.sql.base import ExecutableStatement

Given = ParamSpec("Given")
Statement = TypeVar("Statement", bound=ExecutableStatement)


def prepared(compose: Callable[Given, Statement]) -> Callable[Given, Statement]:
    """Compose the statement at the first call; later calls only fill in its values.

    Every argument but `cls` becomes a parameter of the statement: nothing may branch on it.
    """
    names = list(signature(compose).parameters)
    own = names.index("cls") + 1 if "cls" in names else 0
    parameters: dict[str, Any] = {name: bindparam(name) for name in names[own:]}

    @cache
    def composed(*cls: type) -> Statement:
        return compose(*cls, **parameters)  # type: ignore[arg-type]

    @wraps(compose)
    def filled(*given: Given.args, **named: Given.kwargs) -> Statement:
        values = dict(zip(parameters, given[own:], strict=False)) | named
        return composed(*given[:own]).params(values)

    filled.composed = composed  # type: ignore[attr-defined]
    filled.names = tuple(parameters)  # type: ignore[attr-defined]
    return filled


def columns_between(
    table: Any, names: tuple[str, ...], user_id: UUID, first: date, last: date
) -> ExecutableStatement:
    """Select columns of one person's rows `on` the days `first` to `last`, oldest first, as tuples.

    A tuple costs a tenth of an object; long spans are read this way.
    """
    return (
        select_columns(*(getattr(table, name) for name in names))
        .where(table.user_id == user_id)
        .where(table.on.between(first, last))
        .order_by(table.on)
    )
