"""Applications of topicals and procedures: where, how long they stay on, how deep they go.

The route decides which details are asked: none for what is swallowed. Topical medicines must wait
for some hours after a session of needling, because more of them is absorbed; the hours are the
catalogue's (Dhurat 2013, methods: about 24), or the person's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from app.domain.catalogue import CATALOGUE, Interaction, Treatment
from app.domain.treatments import Route

MOST_MINUTES = 1_440
LONGEST_NEEDLE_MM = 5
MOST_SHUT_OUT_HOURS = 168
NEEDLING = "microneedling"


class Zone(StrEnum):
    """A part of the scalp."""

    HAIRLINE = "hairline"
    TEMPLES = "temples"
    MID_SCALP = "mid_scalp"
    CROWN = "crown"
    WHOLE_SCALP = "whole_scalp"


ASKED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        Route.SCALP.value: frozenset({"zones", "minutes_on", "dry_minutes"}),
        Route.SCALP_WASH.value: frozenset({"minutes_on"}),
        Route.NEEDLING.value: frozenset({"zones", "needle_mm", "shut_out_hours"}),
        Route.LIGHT.value: frozenset({"zones", "minutes_on"}),
        Route.INJECTION.value: frozenset({"zones"}),
    }
)


@dataclass(frozen=True, slots=True)
class Application:
    """The zones, the minutes left on, and the needle length in mm."""

    zones: tuple[Zone, ...] = ()
    minutes_on: float | None = None
    needle_mm: float | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """Return the columns of a row."""
        zones = in_order(self.zones)
        return {"zones": zones, "minutes_on": self.minutes_on, "needle_mm": self.needle_mm}


def asked_of(route: str, unit: str | None = None) -> frozenset[str]:
    """Return the details to ask for, by the item's route; minutes only if they are not the dose."""
    asked = ASKED.get(route, frozenset())
    return asked - {"minutes_on"} if unit == "min" else asked


def in_order(zones: Iterable[Zone]) -> tuple[Zone, ...]:
    """Return the zones, each once, from the front to the back."""
    wanted = set(zones)
    return tuple(zone for zone in Zone if zone in wanted)


def shut_out_rule(treatment: Treatment | None, route: str) -> Interaction | None:
    """Return the catalogue's rule of what must wait; it applies to a person's own needling too."""
    if treatment is None and route == Route.NEEDLING.value:
        treatment = CATALOGUE[NEEDLING]
    if treatment is None or treatment.route is not Route.NEEDLING:
        return None
    return next((each for each in treatment.interactions if each.hours_after), None)


def shut_out_until(sessions: Iterable[datetime], hours: float, now: datetime) -> datetime | None:
    """Return when the wait after the last session ends; None if it has ended."""
    last = max((at for at in sessions if at <= now), default=None)
    if last is None or last + timedelta(hours=hours) <= now:
        return None
    return last + timedelta(hours=hours)


def dry_at(applied_at: datetime, minutes: float, now: datetime) -> datetime | None:
    """Return when the applied product is dry; None if it is dry already, or not applied yet."""
    dry = applied_at + timedelta(minutes=minutes)
    return dry if applied_at <= now < dry else None
