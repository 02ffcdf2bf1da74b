"""The results of a drill."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One observation, and whether it is as required."""

    what: str
    shown: str
    holds: bool = True


def zeros(what: str, found: Mapping[str, int]) -> Figure:
    """Make a figure of counts that must be zero."""
    shown = ", ".join(f"{count} {name}" for name, count in found.items())
    return Figure(what, shown, not any(found.values()))


def within(what: str, seconds: float, most: float) -> Figure:
    """Make a figure of a time with an upper limit."""
    return Figure(what, f"{seconds:.2f} s (at most {most:g})", seconds <= most)
