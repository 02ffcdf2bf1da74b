"""The times of day that group the doses of a day, in a person's order and names.

Only the time of a dose decides which part it belongs to. A person may rename the parts and reorder
them (someone on night shifts begins with the evening).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType

from app.i18n import lazy

MIDDAY = time(12)
EVENING = time(17)
LONGEST_NAME = 30
# By the clock, from the beginning of a day.
NAMES: Mapping[str, lazy] = MappingProxyType(
    {
        "morning": lazy("Morning"),
        "midday": lazy("Midday"),
        "evening": lazy("Evening"),
        "night": lazy("Night"),
        "any": lazy("Without a set time"),
    }
)


@dataclass(frozen=True, slots=True)
class DayPart:
    """One part, with the person's own name for it, if any."""

    slug: str
    own_name: str = ""

    @property
    def name(self) -> str:
        """Its name."""
        return self.own_name or str(NAMES[self.slug])


def day_parts(kept: Sequence[Sequence[str]] | None) -> tuple[DayPart, ...]:
    """Return every part in the person's order, from pairs of slug and own name; others last."""
    chosen = {slug: DayPart(slug, name) for slug, name in kept or () if slug in NAMES}
    return (*chosen.values(), *(DayPart(slug) for slug in NAMES if slug not in chosen))


def part_of(at: time | None, day_starts: time) -> str:
    """Return the part of a time; before the day begins it is night."""
    if at is None:
        return "any"
    if at < day_starts:
        return "night"
    if at < MIDDAY:
        return "morning"
    return "midday" if at < EVENING else "evening"


def moved(parts: Sequence[DayPart], slug: str, *, up: bool) -> tuple[DayPart, ...]:
    """Return the parts with one moved up or down; at either end nothing moves."""
    ordered = list(parts)
    at = next((place for place, part in enumerate(ordered) if part.slug == slug), None)
    if at is not None and 0 <= (to := at - 1 if up else at + 1) < len(ordered):
        ordered[at], ordered[to] = ordered[to], ordered[at]
    return tuple(ordered)
