"""Compute an attribute once."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

Value = TypeVar("Value")


class memo(Generic[Value]):
    """Compute a method's value at first use and keep it with the instance.

    Before Python 3.12, `functools.cached_property` holds one lock for all instances: one that waits
    for the database would make every page wait. Here, two threads that use the same instance for
    the first time may both compute the value.
    """

    def __init__(self, compute: Callable[[Any], Value]) -> None:
        self.compute = compute
        self.name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...

    def __get__(self, instance: object | None, owner: type) -> Self | Value:
        if instance is None:
            return self
        value = instance.__dict__[self.name] = self.compute(instance)
        return value
