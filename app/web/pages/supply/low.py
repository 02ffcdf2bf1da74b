"""The supplies that Today says are running low."""

from dataclasses import dataclass

from app.diary.agenda import Agenda
from app.diary.regimen import Item
from app.diary.supply import Supply, running_low
from app.domain.supply import LOW_DAYS
from app.language.supply_words import (
    days_left_unit,
    days_left_words,
    number_left,
    ordered_words,
    runs_out_words,
)
from app.web.http.visit import Visit


@dataclass(frozen=True, slots=True)
class LowLine:
    """An item with less than a week left. `dose_text` is the line in the row of its doses."""

    item: Item
    url: str
    detail: str
    figure: str
    unit: str
    is_low: bool
    dose_text: str


def low_lines(visit: Visit, agenda: Agenda) -> tuple[LowLine, ...]:
    """Read them in one query; in none if no supply is counted. `agenda` is that of today."""
    low = running_low(visit.diary, LOW_DAYS, agenda)
    return tuple(_line(visit, each) for each in low)


def _line(visit: Visit, supply: Supply) -> LowLine:
    days = supply.days_left or 0
    return LowLine(
        item=supply.item,
        url=visit.paths("show_regimen_item", regimen_item_id=supply.item.id),
        detail=ordered_words(supply) or runs_out_words(supply),
        figure=number_left(days),
        unit=days_left_unit(days),
        is_low=supply.needs_refill,
        dose_text=days_left_words(days) if supply.needs_refill else "",
    )
