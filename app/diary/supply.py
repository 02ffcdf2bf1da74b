"""Read how much of each item is left, how long it lasts, and what is to be bought or packed.

A reminder asks `running_low`, a page `supply_of`. The database adds up the doses, in one query
for all items. Doses long past are added up once for each account and cached, keyed by the version
of its past and of its regimen, so a year of doses costs no more than the last three weeks
(`figures.py` does the same).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.db.direct import fetch
from app.diary.agenda import Agenda, agenda_on
from app.diary.diary import Diary
from app.diary.figures import OVER_AFTER
from app.diary.regimen import Item, ItemStanding
from app.domain.conversions import Measures
from app.domain.logical_dates import week_start
from app.domain.lru import Lru
from app.domain.supply import (
    LOW_DAYS,
    MOST_DAYS,
    Answered,
    Ending,
    Need,
    Outlook,
    Pack,
    Stock,
    Taken,
    needs_between,
    packs_for,
    refill_day,
    run_out,
    stock_of,
    total_of,
)
from app.models import SupplyEntry

DAY = timedelta(days=1)
TAKEN_NOTHING, NOTHING_OPEN = Taken(), Answered()
# Kinds of items that last: nobody is asked to count them.
NOT_BOUGHT = frozenset({"device", "procedure"})


@dataclass(frozen=True, slots=True)
class Supply:
    """The stock of an item today, and how long it lasts by the plan."""

    item: Item
    today: date
    stock: Stock
    outlook: Outlook
    measures: Measures
    answered: Answered

    @property
    def days_left(self) -> int | None:
        """The days until it runs out; None if it does not, or if that is unknown."""
        on = self.outlook.runs_out_on
        return None if on is None else (on - self.today).days

    @property
    def on_its_way(self) -> list[SupplyEntry]:
        """The packs that were ordered and have not come, the earliest order first."""
        return [each for each in self.item.supplies if each.is_on_its_way]

    @property
    def is_ordered(self) -> bool:
        """Whether packs are on their way."""
        return any(each.is_on_its_way for each in self.item.supplies)

    @property
    def refill_on(self) -> date | None:
        """The day from which it is to be bought again; None if it does not run out."""
        on = self.outlook.runs_out_on
        return None if on is None else refill_day(on, self.item.refill_days)

    @property
    def needs_refill(self) -> bool:
        """Whether that day has come, and nothing is on its way."""
        return self.refill_on is not None and self.refill_on <= self.today and not self.is_ordered

    @property
    def is_low(self) -> bool:
        """Whether less than a week is left."""
        return self.days_left is not None and self.days_left < LOW_DAYS

    def lasts_with(self, more: float, unit: str) -> Outlook:
        """Return how it would end with so much more."""
        added = self.measures.convert(more, unit, self.stock.unit)
        if added is None:
            return Outlook(Ending.OTHER_UNIT)
        needs = needs_between(self.item.plan, self.today, _horizon(self.today), self.answered)
        return run_out(self.stock.amount + added, self.stock.unit, needs, self.measures)

    def needed_until(self, last: date) -> float | None:
        """Return how much the plan takes until a day; None if that is unknown."""
        needs = needs_between(self.item.plan, self.today, last, self.answered)
        return total_of(needs, self.stock.unit, self.measures)


@dataclass(frozen=True, slots=True)
class Purchase:
    """The packs of an item to buy: `missing` is in the unit of its supply.

    `packs` and `cost` are None without a pack to count in, or its price. `cost_of_missing` is the
    part of the cost that the wanted days use up.
    """

    supply: Supply
    missing: float
    pack: Pack | None
    packs: int | None
    cost: float | None
    cost_of_missing: float | None


@dataclass(frozen=True, slots=True)
class ShoppingList:
    """What runs out until a day, what lasts longer, and what cannot be said.

    `uncounted` are the items taken now without a pack or a count.
    """

    last: date
    to_buy: tuple[Purchase, ...]
    enough: tuple[Supply, ...]
    unknown: tuple[Supply, ...]
    uncounted: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Packed:
    """What a trip takes of an item: `amount` is None if nothing limits its doses.

    `is_most` marks an upper limit, for doses without set times. `short` is how much of it the
    supply will not hold on the first day; None if nothing was counted or that is unknown.
    """

    item: Item
    amount: float | None
    unit: str
    is_most: bool
    short: float | None


def supply_of(diary: Diary, item: Item) -> Supply | None:
    """Read an item's supply; None if no pack came and nothing was counted."""
    return supplies_of(diary, [item]).get(item.id)


def running_low(
    diary: Diary, within: int | None = None, agenda: Agenda | None = None
) -> list[Supply]:
    """Read the supplies that run out soon, the next to run out first.

    Soon is from the day of the refill on, or within so many days. `needs_refill` leaves out those
    with a pack on its way. `agenda` is that of today, if it is read already.
    """
    found = [
        (item, max(item.refill_days, LOW_DAYS) if within is None else within - 1)
        for item in diary.regimen.current_on(diary.today)
        if item.is_counted
    ]
    supplies = _read(diary, found, agenda) if found else {}
    soon = [each for each in supplies.values() if each.days_left is not None]
    return sorted(soon, key=lambda each: each.days_left or 0)


def supplies_of(diary: Diary, items: Iterable[Item]) -> dict[UUID, Supply]:
    """Read the supplies of some items, followed for three years."""
    counted = [(item, MOST_DAYS) for item in items if item.is_counted]
    return _read(diary, counted) if counted else {}


def shopping_list(diary: Diary, days: int) -> ShoppingList:
    """List what is to be bought so that everything lasts so many days."""
    last = diary.today + timedelta(days=days)
    items = [each for each in diary.regimen.items if _is_planned(each, diary.today)]
    supplies = supplies_of(diary, items)
    to_buy, enough, unknown = [], [], []
    for supply in supplies.values():
        needed = supply.needed_until(last) if supply.stock.is_known else None
        if needed is None:
            unknown.append(supply)
            continue
        purchase = _purchase(supply, needed)
        if purchase is None:
            enough.append(supply)
        else:
            to_buy.append(purchase)
    to_buy.sort(key=lambda each: each.supply.outlook.runs_out_on or date.max)
    enough.sort(key=lambda each: each.outlook.runs_out_on or date.max)
    bought = [each for each in items if each.kind not in NOT_BOUGHT]
    uncounted = tuple(each for each in bought if each.id not in supplies)
    return ShoppingList(last, tuple(to_buy), tuple(enough), tuple(unknown), uncounted)


def packing_list(diary: Diary, first: date, last: date) -> list[Packed]:
    """List what a trip takes of each item, in the person's order."""
    items = [each for each in diary.regimen.items if _is_planned(each, last)]
    supplies = supplies_of(diary, items)
    found = []
    for item in items:
        supply = supplies.get(item.id)
        is_today = supply is not None and first == diary.today
        answered = supply.answered if supply is not None and is_today else None
        needs = list(needs_between(item.plan, first, last, answered))
        if needs:
            found.append(_packed(diary, item, supply, needs, first))
    return found


def days_of_delivery(item: Item) -> int | None:
    """Return how many days the last ordered pack took to come."""
    came = [each for each in item.supplies if each.ordered_on and each.on]
    took = [(each.on, (each.on - each.ordered_on).days) for each in came if each.on]  # type: ignore[operator]
    return max(took)[1] if took else None


def _is_planned(item: Item, on: date) -> bool:
    return item.standing_on(on) is not ItemStanding.STOPPED


def _horizon(today: date) -> date:
    return today + timedelta(days=MOST_DAYS)


def _read(
    diary: Diary, wanted: Sequence[tuple[Item, int]], agenda: Agenda | None = None
) -> dict[UUID, Supply]:
    """Read the supplies of items that are counted, each followed for so many days."""
    today = diary.today
    taken = _taken(diary)
    answered = _answered(agenda or agenda_on(diary, today))
    found = {}
    for item, days in wanted:
        measures = item.measures_on(today)
        stock = stock_of(item.movements, taken.get(item.id, TAKEN_NOTHING), measures)
        assert stock is not None
        settled = answered.get(item.id, NOTHING_OPEN)
        outlook = Outlook(Ending.OTHER_UNIT)
        if stock.is_known:
            last = today + timedelta(days=days)
            needs = needs_between(item.plan, today, last, settled)
            outlook = run_out(stock.amount, stock.unit, needs, measures)
        found[item.id] = Supply(item, today, stock, outlook, measures, settled)
    return found


def _answered(agenda: Agenda) -> dict[UUID, Answered]:
    """Return what is settled about today, by item."""
    waiting: defaultdict[UUID, list[tuple[float, str]]] = defaultdict(list)
    for dose in agenda.waiting:
        waiting[dose.item.id].append((dose.row.planned_amount or 0, dose.row.unit))
    free = {each.item.id: (each.taken, each.taken_in_week) for each in agenda.as_needed}
    return {
        item_id: Answered(tuple(waiting[item_id]), *free.get(item_id, (0, 0)))
        for item_id in waiting.keys() | free.keys()
    }


# By account: the versions of its regimen and of its past, the first day that is not long past, and
# what was taken of each item before it, since its supply was counted.
_Key = tuple[int, int, date]
_Sums = Mapping[UUID, Taken]
_past: Lru[UUID, tuple[_Key, _Sums]] = Lru(64)


def _taken(diary: Diary) -> _Sums:
    """Add up the doses since each supply was counted: one query, two if nothing is cached.

    A session that writes does not fill the cache, because its versions may still be rolled back.
    """
    owner, cutoff = diary.owner, week_start(diary.today - OVER_AFTER)
    key = (owner.regimen_version, owner.log_version, cutoff)
    known, past = _past.get(owner.id) or (None, {})
    if known != key:
        past = _sums(diary, {}, date.min, cutoff - DAY)
        if not diary.session.get_bind().get_execution_options().get("writes", False):
            _past.put(owner.id, (key, past))
    # A phone may be a day ahead.
    return _sums(diary, past, cutoff, diary.today + DAY)


def _sums(diary: Diary, before: _Sums, first: date, last: date) -> _Sums:
    sums = dict(before)
    for item_id, unit, amount, unknown in fetch(
        diary.session, SupplyEntry.taken_since, diary.owner.id, first, last
    ):
        sums[item_id] = sums.get(item_id, TAKEN_NOTHING).and_of(unit, amount or 0, unknown)
    return sums


def _purchase(supply: Supply, needed: float) -> Purchase | None:
    """Return what is to be bought so that a supply holds what is needed; None for nothing."""
    unit = supply.stock.unit
    coming = [supply.measures.convert(e.total, e.unit, unit) for e in supply.on_its_way]
    missing = round(needed - supply.stock.left - sum(each or 0 for each in coming), 6)
    if missing <= 0:
        return None
    pack = supply.item.latest_pack
    held = supply.measures.convert(pack.amount, pack.unit, unit) if pack else None
    if pack is None or not held:
        return Purchase(supply, missing, None, None, None, None)
    packs = packs_for(missing, held)
    if pack.price is None:
        return Purchase(supply, missing, pack, packs, None, None)
    share = pack.price * min(missing / held, packs)
    return Purchase(supply, missing, pack, packs, packs * pack.price, share)


def _packed(
    diary: Diary, item: Item, supply: Supply | None, needs: Sequence[Need], first: date
) -> Packed:
    measures = item.measures_on(diary.today)
    unit = supply.stock.unit if supply else _counted_in(measures, needs[0].unit)
    amount = total_of(needs, unit, measures)
    if amount is None and all(need.amount is not None for need in needs):
        unit = needs[0].unit
        amount = total_of(needs, unit, measures)
    dosage = item.dosage_on_or_last(first)
    is_most = dosage is not None and not dosage.timing.kind.has_slots
    short = None
    if supply is not None and supply.stock.is_known and amount is not None:
        before = supply.needed_until(first - DAY) if first > diary.today else 0
        if before is not None and unit == supply.stock.unit:
            short = max(0.0, round(amount - max(0.0, supply.stock.left - before), 6))
    return Packed(item, amount, unit, is_most, short)


def _counted_in(measures: Measures, unit: str) -> str:
    """Return capsules, if the item says how much one holds; else the unit of the dose."""
    return "capsule" if measures.factor(unit, "capsule") else unit
