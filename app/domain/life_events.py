"""Life events: what may explain a change in shedding or in how a day went."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

BLOOD_TEST = "blood_test"
MOST_DAYS_AHEAD = 366


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """A kind of event, its name and its icon."""

    slug: str
    name: str
    icon: str


LIFE_EVENTS: Mapping[str, LifeEvent] = MappingProxyType(
    {
        event.slug: event
        for event in (
            LifeEvent("illness", "Illness", "pulse"),
            LifeEvent("fever", "Fever", "sun"),
            LifeEvent("surgery", "Surgery", "syringe"),
            LifeEvent("stress", "Stress", "face-2"),
            LifeEvent("childbirth", "Childbirth", "user"),
            LifeEvent("diet", "Change of diet", "leaf"),
            LifeEvent("haircut", "Haircut", "comb"),
            LifeEvent("dye", "Dye or bleach", "bottle"),
            LifeEvent("wash", "Hair wash", "drop"),
            LifeEvent("travel", "Travel", "globe"),
            LifeEvent(BLOOD_TEST, "Blood test", "flask"),
            LifeEvent("own", "Something else", "pencil"),
        )
    }
)


def life_event_name(slug: str) -> str:
    """The name of an event; what another app called it stays as it was written."""
    known = LIFE_EVENTS.get(slug)
    return known.name if known else slug
