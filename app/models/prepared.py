"""Statements that are composed once: composing one costs more than running it."""

from collections.abc import Callable
from functools import cache, wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import bindparam
from sqlalchemy.sql.base import ExecutableStatement

Given = ParamSpec("Given")
Statement = TypeVar("Statement", bound=ExecutableStatement)


def prepared(compose: Callable[Given, Statement]) -> Callable[Given, Statement]:
    """Compose the statement at the first call; from then on only fill in its values.

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
