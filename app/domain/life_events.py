"""Life events: what may explain a change in shedding or in how a day went."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.i18n import lazy

BLOOD_TEST = "blood_test"
MOST_DAYS_AHEAD = 366


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """A kind of event, its name and its icon."""

    slug: str
    name: lazy
    icon: str


LIFE_EVENTS: Mapping[str, LifeEvent] = MappingProxyType(
    {
        event.slug: event
        for event in (
            LifeEvent("illness", lazy("Illness"), "pulse"),
            LifeEvent("fever", lazy("Fever"), "sun"),
            LifeEvent("surgery", lazy("Surgery"), "syringe"),
            LifeEvent("stress", lazy("Stress"), "face-2"),
            LifeEvent("childbirth", lazy("Childbirth"), "user"),
            LifeEvent("diet", lazy("Change of diet"), "leaf"),
            LifeEvent("haircut", lazy("Haircut"), "comb"),
            LifeEvent("dye", lazy("Dye or bleach"), "bottle"),
            LifeEvent("wash", lazy("Hair wash"), "drop"),
            LifeEvent("travel", lazy("Travel"), "globe"),
            LifeEvent(BLOOD_TEST, lazy("Blood test"), "flask"),
            LifeEvent("own", lazy("Something else"), "pencil"),
        )
    }
)


def life_event_name(slug: str) -> str:
    """The name of an event; what another app called it stays as it was written."""
    known = LIFE_EVENTS.get(slug)
    return str(known.name) if known else slug
