"""The sheets that add packs, counts and losses."""

from dataclasses import dataclass

from app.diary.regimen import Item
from app.diary.supply import Supply, supply_of
from app.domain.conversions import PIECES, Measures
from app.domain.quantities import to_micrograms, unit_word
from app.i18n import _
from app.language import words
from app.language.supply_words import stock_words, supply_amount
from app.models import SupplyEntry
from app.web.http.visit import Visit
from app.web.pages.supply.card import RunBar, run_bar

CAPSULE, TABLET, _COUNT = PIECES


@dataclass(frozen=True, slots=True)
class SupplySheet:
    """What the form of a pack or a count offers: units, and how long the usual pack would last.

    `asks_piece`: whether to ask how much one capsule or tablet holds.
    """

    state: str
    units: tuple[tuple[str, str], ...]
    dose_unit: str
    asks_piece: bool
    lasting: str
    lasting_day: str
    bar: RunBar | None


def supply_sheet(visit: Visit, item: Item, row: SupplyEntry | None, unit: str) -> SupplySheet:
    """Lay out the form of an entry that is counted in `unit`."""
    supply = supply_of(visit.diary, item)
    measures = item.measures_on(visit.diary.today)
    asks_piece = not item.piece_amount and _is_weighed(measures)
    units = measures.units() if measures.dose_unit else []
    units += [each for each in (CAPSULE, TABLET) if asks_piece]
    units += [unit] if unit and unit not in units else []
    lasting, day, bar = _lasting(supply) if supply and row is None else ("", "", None)
    is_known = supply is not None and supply.stock.is_known
    left = _("{amount} left", amount=stock_words(supply)) if supply and is_known else ""
    return SupplySheet(
        state=f"{item.name} · {left}" if left else item.name,
        units=tuple((each, unit_word(each)) for each in units),
        dose_unit=unit_word(measures.dose_unit),
        asks_piece=asks_piece,
        lasting=lasting,
        lasting_day=day,
        bar=bar,
    )


def _is_weighed(measures: Measures) -> bool:
    is_mass = to_micrograms(1, measures.dose_unit) is not None
    return (is_mass or measures.dose_unit == "IU") and measures.strength is None


def _lasting(supply: Supply) -> tuple[str, str, RunBar | None]:
    """Say until when another pack like the last one would last, and draw it."""
    pack, now = supply.item.latest_pack, supply.outlook.runs_out_on
    until = supply.lasts_with(pack.amount, pack.unit).runs_out_on if pack else None
    if pack is None or until is None or now is None or not supply.stock.is_known:
        return "", "", None
    said = _("With {amount} more it lasts until", amount=supply_amount(pack.amount, pack.unit))
    day = words.day(until)
    marks = [
        (supply.today, _("today")),
        (now, words.short_day(now) if now > supply.today else ""),
        (until, words.short_day(until)),
    ]
    return said, day, run_bar(supply, until, marks, f"{said} {day}")
