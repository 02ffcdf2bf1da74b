"""The shopping list and the packing list."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.diary.regimen import Item
from app.diary.supply import Packed, Purchase, Supply, packing_list, shopping_list
from app.i18n import _
from app.language import words
from app.language.supply_words import (
    days_left_unit,
    ending_words,
    number_left,
    ordered_words,
    supply_amount,
    to_buy_words,
)
from app.web.http.visit import Visit
from app.web.pages.item.costs import money, whole_money

SPANS = (30, 60, 90)


@dataclass(frozen=True, slots=True)
class BuyLine:
    """The packs of an item to buy; `url` is the sheet that adds it to the supply."""

    item: Item
    detail: str
    price: str
    is_soon: bool
    url: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item that needs nothing, or of which nothing can be said."""

    item: Item
    url: str
    detail: str
    figure: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A number of days to choose."""

    url: str
    name: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ShoppingPage:
    """What to buy for the next days, what lasts, and what is not known."""

    days: int
    lead: str
    tabs: tuple[Tab, ...]
    to_buy: tuple[BuyLine, ...]
    enough: tuple[ItemLine, ...]
    unknown: tuple[ItemLine, ...]
    uncounted: tuple[ItemLine, ...]
    total: str
    total_note: str


@dataclass(frozen=True, slots=True)
class PackLine:
    """An item for a trip, and whether there will be enough of it."""

    item: Item
    url: str
    amount: str
    detail: str
    is_short: bool


def shopping_page(visit: Visit, days: int) -> ShoppingPage:
    """Lay out the shopping list for so many days."""
    found = shopping_list(visit.diary, days)
    currency, today = visit.diary.owner.preferences.currency, visit.diary.today
    costs = [each.cost for each in found.to_buy if each.cost is not None]
    return ShoppingPage(
        days=days,
        lead=_(
            "What runs out by {day} if you carry on as planned", day=words.dated(found.last, today)
        ),
        tabs=tuple(
            Tab(
                f"{visit.paths('show_shopping')}?days={each}",
                _("{n} days", n=each),
                each == days,
            )
            for each in SPANS
        ),
        to_buy=tuple(_buy_line(visit, each) for each in found.to_buy),
        enough=tuple(_enough_line(visit, each) for each in found.enough),
        unknown=tuple(
            ItemLine(each.item, _item_url(visit, each.item), ending_words(each))
            for each in found.unknown
        ),
        uncounted=tuple(
            ItemLine(each, visit.paths("new_count_of_supply", regimen_item_id=each.id), "")
            for each in found.uncounted
        ),
        total=money(sum(costs), currency) if costs else "",
        total_note=_total_note(found.to_buy, currency, days) if costs else "",
    )


def running_low_words(supplies: Iterable[Supply]) -> str:
    """2 items run low; else what the list is for."""
    needed = [each for each in supplies if each.needs_refill]
    if not needed:
        return _("What runs out in the next 30 days")
    return words.counted("{n} item is running low", "{n} items are running low", len(needed))


def packing_lines(visit: Visit, first: date, last: date) -> list[PackLine]:
    """Lay out what a trip takes."""
    return [_pack_line(visit, each) for each in packing_list(visit.diary, first, last)]


def default_trip(today: date) -> tuple[date, date]:
    """Return the trip that the form proposes: a week from tomorrow on."""
    return today + timedelta(days=1), today + timedelta(days=7)


def _item_url(visit: Visit, item: Item) -> str:
    return visit.paths("show_regimen_item", regimen_item_id=item.id)


def _buy_line(visit: Visit, purchase: Purchase) -> BuyLine:
    supply, pack = purchase.supply, purchase.pack
    currency = visit.diary.owner.preferences.currency
    address = visit.paths("new_pack", regimen_item_id=supply.item.id)
    query = f"?back=shopping&packs={purchase.packs}" if purchase.packs else "?back=shopping"
    if pack is not None and purchase.packs:
        what = to_buy_words(purchase.packs, pack.amount, pack.unit)
    else:
        what = supply_amount(purchase.missing, supply.stock.unit)
    return BuyLine(
        item=supply.item,
        detail=" · ".join(part for part in (what, _when(supply), ordered_words(supply)) if part),
        price="" if purchase.cost is None else money(purchase.cost, currency),
        is_soon=supply.needs_refill,
        url=address + query,
    )


def _when(supply: Supply) -> str:
    on = supply.outlook.runs_out_on
    if on is None:
        return ""
    if on <= supply.today:
        return _("not enough for today")
    return _("runs out on {day}", day=words.dated(on, supply.today))


def _enough_line(visit: Visit, supply: Supply) -> ItemLine:
    on, days = supply.outlook.runs_out_on, supply.days_left
    if on is None or days is None:
        return ItemLine(supply.item, _item_url(visit, supply.item), ending_words(supply))
    until = _("Until {day}", day=words.dated(on, supply.today))
    detail = " · ".join(part for part in (until, ordered_words(supply)) if part)
    return ItemLine(
        supply.item,
        _item_url(visit, supply.item),
        detail,
        number_left(days),
        days_left_unit(days),
    )


def _total_note(purchases: tuple[Purchase, ...], currency: str, days: int) -> str:
    """About 38 € of it for these 30 days; one has no price."""
    used = sum(each.cost_of_missing or 0 for each in purchases)
    said = _(
        "about {money} of it for these {days} days", money=whole_money(used, currency), days=days
    )
    unpriced = sum(each.cost is None for each in purchases)
    if not unpriced:
        return said
    more = words.counted("{n} without a price", "{n} without a price", unpriced)
    return f"{said}, {more}"


def _pack_line(visit: Visit, packed: Packed) -> PackLine:
    amount = "" if packed.amount is None else supply_amount(packed.amount, packed.unit)
    return PackLine(
        item=packed.item,
        url=_item_url(visit, packed.item),
        amount=amount,
        detail=" · ".join(_packing_details(packed)),
        is_short=bool(packed.short),
    )


def _packing_details(packed: Packed) -> Iterator[str]:
    if packed.amount is None:
        yield _("As needed: nothing says how much")
    elif packed.is_most:
        yield _("At most")
    if packed.short:
        yield _("{amount} short", amount=supply_amount(packed.short, packed.unit))
        if any(each.is_on_its_way for each in packed.item.supplies):
            yield _("more is on its way")
    elif packed.short == 0 and packed.amount:
        yield _("You will have enough")
