"""The supply on an item's page: what is left, how long it lasts, and the packs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from app.diary.regimen import Item, ItemStanding
from app.diary.supply import NOT_BOUGHT, Supply, days_of_delivery, supply_of
from app.domain.supply import SupplyKind, used_up
from app.i18n import _, lazy
from app.language import words
from app.language.supply_words import (
    days_left_unit,
    ending_words,
    number_left,
    ordered_words,
    pack_words,
    stock_words,
    supply_amount,
)
from app.models import SupplyEntry
from app.records import SUPPLY
from app.web.http.visit import Visit
from app.web.pages.item.costs import money, whole_money

# Entries shown at once; the others are folded.
SHOWN = 3
# Two labels below the bar need about a third of a phone's width between them.
ROOM = 32
KINDS = {
    SupplyKind.RECOUNT: lazy("Counted: {amount}"),
    SupplyKind.LOST: lazy("Lost: {amount}"),
    SupplyKind.GIVEN_AWAY: lazy("Given away: {amount}"),
}


@dataclass(frozen=True, slots=True)
class Tick:
    """A day on the bar: its distance from the start in percent, and its label, if any."""

    at: str
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class RunBar:
    """The days from today on: how many are covered, and how many a new pack would add."""

    left: str
    more: str
    ticks: tuple[Tick, ...]
    sentence: str

    @property
    def has_labels(self) -> bool:
        """Whether any tick has a label."""
        return any(tick.label for tick in self.ticks)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A pack, a count or a loss. `subject` names it for the outbox."""

    day: str
    title: str
    detail: str
    price: str
    url: str
    arrived_url: str
    subject: str


@dataclass(frozen=True, slots=True)
class SupplyCard:
    """The supply of an item; without one, `supply` is None and the card offers to begin."""

    entries: tuple[EntryLine, ...]
    earlier: tuple[EntryLine, ...]
    supply: Supply | None = None
    left: str = ""
    figure: str = ""
    figure_unit: str = ""
    until: str = ""
    until_day: str = ""
    is_low: bool = False
    bar: RunBar | None = None
    facts: tuple[tuple[str, str], ...] = ()
    refill: str = ""


def supply_card(visit: Visit, item: Item) -> SupplyCard | None:
    """Lay out the supply of an item; None for items that nobody buys or takes any more."""
    supply = supply_of(visit.diary, item)
    entries = tuple(_entry_lines(visit, item, supply))
    is_over = item.standing_on(visit.diary.today) is ItemStanding.STOPPED
    if supply is None:
        if (is_over or item.kind in NOT_BOUGHT) and not entries:
            return None
        return SupplyCard(entries[:SHOWN], entries[SHOWN:])
    days, on = supply.days_left, supply.outlook.runs_out_on
    return SupplyCard(
        entries=entries[:SHOWN],
        earlier=entries[SHOWN:],
        supply=supply,
        left=stock_words(supply) if supply.stock.is_known else "",
        figure=number_left(days) if days is not None else "",
        figure_unit=days_left_unit(days) if days is not None else "",
        until=_until(supply) if on else ending_words(supply),
        until_day=words.day(on) if on and on > supply.today else "",
        is_low=supply.needs_refill,
        bar=_bar_of(supply),
        facts=tuple(_facts(visit, supply)),
        refill=_refill(supply),
    )


def run_bar(
    supply: Supply, more_until: date | None, marks: Sequence[tuple[date, str]], sentence: str
) -> RunBar | None:
    """Draw the days from today to the end of a supply, or of what more of it would last."""
    days, today = supply.days_left, supply.today
    last = more_until or supply.outlook.runs_out_on
    if days is None or last is None:
        return None
    whole = (last - today).days
    length = max(whole + 1, ceil(whole * 1.07))
    ticks = []
    labelled_at = -100.0
    for on, label in marks:
        share = 100 * (on - today).days / length
        has_room = share - labelled_at >= ROOM
        labelled_at = share if label and has_room else labelled_at
        anchor = "start" if share < 12 else "end" if share > 88 else "middle"
        ticks.append(Tick(_percent(share), label if has_room else "", anchor))
    more = _percent(100 * whole / length) if more_until else ""
    return RunBar(_percent(100 * days / length), more, tuple(ticks), sentence)


def _bar_of(supply: Supply) -> RunBar | None:
    on = supply.outlook.runs_out_on
    if on is None or on <= supply.today:
        return None
    marks = []
    if supply.refill_on is not None and supply.refill_on > supply.today:
        label = _("reminder {day}", day=words.short_day(supply.refill_on))
        marks.append((supply.refill_on, label))
    order_by = _order_by(supply)
    if order_by is not None and order_by > supply.today:
        marks.append((order_by, _("order by {day}", day=words.short_day(order_by))))
    return run_bar(supply, None, [*sorted(marks), (on, "")], f"{_until(supply)} {words.day(on)}")


def _until(supply: Supply) -> str:
    """Return the words before the day on which it runs out."""
    if supply.outlook.runs_out_on == supply.today:
        return _("Not enough for today")
    dosage = supply.item.dosage_on_or_last(supply.today)
    is_flexible = dosage is not None and not dosage.timing.kind.has_slots
    return _("Lasts at least until") if is_flexible else _("Runs out on")


def _order_by(supply: Supply) -> date | None:
    took, on = days_of_delivery(supply.item), supply.outlook.runs_out_on
    return None if took is None or on is None else on - timedelta(days=took)


def _facts(visit: Visit, supply: Supply) -> Iterator[tuple[str, str]]:
    """Return what the figure follows from, each with an icon."""
    item = supply.item
    if supply.stock.missing:
        missing = supply_amount(supply.stock.missing, supply.stock.unit)
        yield (
            "info",
            _("{amount} more were logged than the packs held. Count again?", amount=missing),
        )
    rate = _a_day(supply)
    if rate:
        yield item.icon, _("{amount} a day, as planned now", amount=rate)
    if supply.is_ordered:
        yield "box", ordered_words(supply)
    elif (order_by := _order_by(supply)) is not None:
        took = days_of_delivery(item) or 0
        yield "clock", _order_words(supply, order_by, took)
    price = _price(visit, supply)
    if price:
        yield "basket", price
    for each in _in_use(supply):
        on = supply.outlook.runs_out_on
        if each.use_by is not None and (on is None or each.use_by < on):
            yield "info", _best_before(each.use_by, supply.today)


def _best_before(use_by: date, today: date) -> str:
    day = words.dated(use_by, today)
    if use_by < today:
        return _("Some of it was best before {day}", day=day)
    return _("Some of it is best before {day}, before it is used up", day=day)


def _order_words(supply: Supply, order_by: date, took: int) -> str:
    took_words = words.counted("the last pack took {n} day", "the last pack took {n} days", took)
    if order_by <= supply.today:
        return _("Order now: {took}", took=took_words)
    return _("Order by {day}: {took}", day=words.short_day(order_by), took=took_words)


def _a_day(supply: Supply) -> str:
    """3 capsules; "" if the days differ."""
    dosage = supply.item.dosage_on(supply.today)
    amount = dosage.timing.amount_a_day if dosage else None
    if dosage is None or amount is None or supply.item.plan.is_paused(supply.today):
        return ""
    converted = supply.measures.convert(amount, dosage.unit, supply.stock.unit)
    return "" if converted is None else supply_amount(converted, supply.stock.unit)


def _price(visit: Visit, supply: Supply) -> str:
    """24.90 € for 120 capsules, about 19 € a month."""
    pack, currency = supply.item.latest_pack, visit.diary.owner.preferences.currency
    if pack is None or pack.price is None:
        return ""
    said = _(
        "{price} for {amount}",
        price=money(pack.price, currency),
        amount=supply_amount(pack.amount, pack.unit),
    )
    month = supply.item.cost_on(supply.today)
    if month is None:
        return said
    return _("{price}, about {money} a month", price=said, money=whole_money(month, currency))


def _refill(supply: Supply) -> str:
    """Reminder 14 days before, on 1 December."""
    days = supply.item.refill_days
    if not days:
        return _("Reminder on the day it runs out")
    said = words.counted("Reminder {n} day before", "Reminder {n} days before", days)
    if supply.refill_on is None or supply.refill_on <= supply.today:
        return said
    day = words.dated(supply.refill_on, supply.today)
    return _("{reminder}, on {day}", reminder=said, day=day)


def _in_use(supply: Supply) -> list[SupplyEntry]:
    """Return the packs that are here and not used up."""
    packs = [each for each in supply.item.supplies if each.kind is SupplyKind.PACK and each.at]
    unit = supply.stock.unit
    held = [supply.measures.convert(each.total, each.unit, unit) or 0 for each in packs]
    gone = used_up(held, supply.stock.left)
    return [each for each, is_gone in zip(packs, gone, strict=True) if not is_gone]


def _entry_lines(visit: Visit, item: Item, supply: Supply | None) -> Iterator[EntryLine]:
    """Return packs on their way, then the others, the newest first."""
    in_use = {each.id for each in _in_use(supply)} if supply else set()
    coming = [each for each in item.supplies if each.is_on_its_way]
    came = [each for each in item.supplies if not each.is_on_its_way]
    for each in [*coming, *reversed(came)]:
        yield _entry_line(visit, each, is_in_use=each.id in in_use)


def _entry_line(visit: Visit, entry: SupplyEntry, *, is_in_use: bool) -> EntryLine:
    today, currency = visit.diary.today, visit.diary.owner.preferences.currency
    on = entry.on or entry.ordered_on
    amount = pack_words(entry.packs, entry.amount, entry.unit)
    known = KINDS.get(entry.kind)
    price = None if entry.price is None else entry.price * entry.packs
    coming = visit.paths("receive_supply", supply_id=entry.id) if entry.is_on_its_way else ""
    return EntryLine(
        day=words.dated(on, today) if on else "",
        title=amount if known is None else known.of(amount=amount),
        detail=" · ".join(_details(entry, today, is_in_use=is_in_use)),
        price="" if price is None else money(price, currency),
        url=visit.paths("edit_supply", supply_id=entry.id),
        arrived_url=coming,
        subject=SUPPLY.subject({"id": entry.id}),
    )


def _details(entry: SupplyEntry, today: date, *, is_in_use: bool) -> Iterator[str]:
    if entry.is_on_its_way:
        yield _("On its way")
    elif entry.kind is SupplyKind.PACK and not is_in_use:
        yield _("Used up")
    elif entry.use_by is not None:
        yield _("Best before {day}", day=words.dated(entry.use_by, today))
    if entry.opened_on is not None and is_in_use:
        yield _("opened {day}", day=words.dated(entry.opened_on, today))
    if entry.note:
        yield entry.note


def _percent(share: float) -> str:
    return f"{share:.2f}%"
