"""What came of a drill."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was looked at: what was seen, and whether that is as it must be."""

    what: str
    shown: str
    holds: bool = True


def zeros(what: str, found: Mapping[str, int]) -> Figure:
    """A figure of things that must not be."""
    shown = ", ".join(f"{count} {name}" for name, count in found.items())
    return Figure(what, shown, not any(found.values()))


def within(what: str, seconds: float, most: float) -> Figure:
    """A figure of a time that must not be longer."""
    return Figure(what, f"{seconds:.2f} s (at most {most:g})", seconds <= most)
