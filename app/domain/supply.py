"""Derive a supply from packs and logged doses, and find the day on which it runs out.

* Stock is what was counted last, plus packs that came since, minus what was lost or given away
  since, minus the doses taken since. Without a count, it begins with the first pack. It follows
  from the log alone, so a late, corrected, deleted or imported dose changes it at once.
* A dose counts for the instant at which it was taken, not for that of its entry: a dose taken
  before the count is no longer in the box that was counted.
* A dose that nobody logged was not taken. Stock can fall below zero, if more doses were logged than
  the packs held.
* A supply runs out on the first day whose planned doses it does not cover. Flexible and as-needed
  doses count by their upper limit, as early in the week as possible, so the supply lasts at least
  that long.
* Amounts in a unit that the item cannot convert are not guessed: stock, or the day, is unknown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum, auto
from math import ceil
from typing import NamedTuple

from app.domain.conversions import Measures
from app.domain.ledger import Plan, ScheduledDosage
from app.domain.logical_dates import days_between, week_start
from app.domain.timing import DAYS_A_WEEK, HOURS_A_DAY, Timing, TimingKind

# A supply is not followed further than three years.
MOST_DAYS = 1_096
REFILL_DAYS = 14
LOW_DAYS = 7
# Far below any dose, and above the errors of adding up decimals.
NEXT_TO_NOTHING = 1e-6


class SupplyKind(StrEnum):
    """What changed a supply, besides doses."""

    PACK = "pack"
    RECOUNT = "recount"
    LOST = "lost"
    GIVEN_AWAY = "given_away"


@dataclass(frozen=True, slots=True)
class Movement:
    """A change of a supply that is not a dose: so much, from an instant on."""

    kind: SupplyKind
    at: datetime
    amount: float
    unit: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The sums of doses since a supply was counted, by unit; `unknown` doses have no amount."""

    by_unit: Mapping[str, float] = field(default_factory=dict)
    unknown: int = 0

    def and_of(self, unit: str, amount: float, unknown: int) -> "Taken":
        """Add doses of a unit, and how many more have no amount."""
        sums = {**self.by_unit, unit: self.by_unit.get(unit, 0) + amount}
        return Taken(sums, self.unknown + unknown)


@dataclass(frozen=True, slots=True)
class Stock:
    """How much is left, in the unit of the latest pack or count.

    `other_units` are those of packs or doses that cannot be converted; `unknown` doses have no
    amount. With either of them, `amount` is not known.
    """

    amount: float
    unit: str
    other_units: frozenset[str] = frozenset()
    unknown: int = 0

    @property
    def is_known(self) -> bool:
        """Whether everything could be counted."""
        return not self.other_units and not self.unknown

    @property
    def left(self) -> float:
        """The amount that can still be taken: never below zero."""
        return max(0.0, self.amount)

    @property
    def missing(self) -> float:
        """How much more was logged than the packs held."""
        return max(0.0, -self.amount)


def counted_from(movements: Sequence[Movement]) -> datetime | None:
    """Return the instant since which doses count: the last count, or the first pack."""
    counts = [each.at for each in movements if each.kind is SupplyKind.RECOUNT]
    packs = [each.at for each in movements if each.kind is SupplyKind.PACK]
    return max(counts) if counts else min(packs, default=None)


def stock_of(movements: Sequence[Movement], taken: Taken, measures: Measures) -> Stock | None:
    """Return what is left; None if nothing was counted and no pack came.

    `movements` are in the order of their instants, `taken` are the doses since `counted_from`.
    """
    begins = counted_from(movements)
    if begins is None:
        return None
    counts = [place for place, each in enumerate(movements) if each.kind is SupplyKind.RECOUNT]
    since = movements[counts[-1] :] if counts else [m for m in movements if m.at >= begins]
    unit = since[-1].unit
    amount, other_units = 0.0, set()
    changes = [(_sign(each.kind) * each.amount, each.unit) for each in since]
    changes += [(-each, of) for of, each in taken.by_unit.items() if each]
    for change, of in changes:
        converted = measures.convert(change, of, unit)
        if converted is None:
            other_units.add(of)
        else:
            amount += converted
    return Stock(round(amount, 6), unit, frozenset(other_units), taken.unknown)


def _sign(kind: SupplyKind) -> int:
    return -1 if kind in {SupplyKind.LOST, SupplyKind.GIVEN_AWAY} else 1


class Need(NamedTuple):
    """How much of an item a day takes at most; `amount` is None if nothing limits it."""

    on: date
    amount: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The state of today: the open slots, and the doses taken without one.

    `open_today` are the amounts and units of slots that still wait.
    """

    open_today: tuple[tuple[float, str], ...] = ()
    free_today: int = 0
    free_in_week: int = 0


def needs_between(
    plan: Plan, first: date, last: date, answered: Answered | None = None
) -> Iterator[Need]:
    """Yield what the plan takes, day by day; nothing for days without a dose.

    If `first` is today, `answered` says what is settled about it.
    """
    used = {week_start(first): answered.free_in_week if answered else 0}
    for on in days_between(first, min(last, plan.ends_on or last)):
        dosage = plan.dosage_on(on)
        if dosage is None or not plan.is_current(on) or plan.is_paused(on):
            continue
        settled = answered if on == first else None
        if dosage.timing.kind.has_slots:
            yield from _needs_of_slots(plan, dosage, on, settled)
        else:
            free_today = settled.free_today if settled else 0
            yield _need_without_slots(dosage, on, used, free_today)


def _needs_of_slots(
    plan: Plan, dosage: ScheduledDosage, on: date, settled: Answered | None
) -> Iterator[Need]:
    if settled is not None:
        yield from (Need(on, *each) for each in settled.open_today)
    elif plan.slots_from is not None and on >= plan.slots_from:
        for each in dosage.timing.times_on(on):
            yield Need(on, each.amount, dosage.unit)


def _need_without_slots(
    dosage: ScheduledDosage, on: date, used: dict[date, int], free_today: int
) -> Need:
    """Return the most that a day may take, and add it to what its week has used."""
    monday = week_start(on)
    most = _most_on(dosage.timing, used.get(monday, 0), free_today)
    if dosage.timing.usual_amount is None or most is None:
        return Need(on, None, dosage.unit)
    used[monday] = used.get(monday, 0) + most
    return Need(on, most * dosage.timing.usual_amount, dosage.unit)


def _most_on(timing: Timing, used_in_week: int, free_today: int) -> int | None:
    """Return how many more doses without a slot a day may take; None if nothing limits them."""
    if timing.kind is TimingKind.FLEXIBLE:
        in_week = max(timing.per_week, timing.per_week_most)
        on_a_day = ceil(in_week / DAYS_A_WEEK)
        return max(0, min(on_a_day - free_today, in_week - used_in_week))
    if timing.daily_maximum is not None:
        return max(0, timing.daily_maximum - free_today)
    if timing.gap_hours:
        return max(0, ceil(HOURS_A_DAY / timing.gap_hours) - free_today)
    return None


class Ending(Enum):
    """How a supply ends.

    `LASTS`: it covers the whole plan, or three years. `NOTHING_PLANNED`: the plan takes none of it.
    `NO_LIMIT`: nothing limits the doses. `OTHER_UNIT`: the dose cannot be converted to its unit.
    """

    RUNS_OUT = auto()
    LASTS = auto()
    NOTHING_PLANNED = auto()
    NO_LIMIT = auto()
    OTHER_UNIT = auto()


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a supply ends, and the first day that it does not cover."""

    ending: Ending
    runs_out_on: date | None = None


def run_out(amount: float, unit: str, needs: Iterable[Need], measures: Measures) -> Outlook:
    """Follow the needs, in the order of their days, until an amount does not cover one."""
    left, is_needed = amount, False
    for on, need, of in needs:
        if need is None:
            return Outlook(Ending.NO_LIMIT)
        converted = measures.convert(need, of, unit)
        if converted is None:
            return Outlook(Ending.OTHER_UNIT)
        if not converted:
            continue
        is_needed = True
        left -= converted
        if left < -NEXT_TO_NOTHING:
            return Outlook(Ending.RUNS_OUT, on)
    return Outlook(Ending.LASTS if is_needed else Ending.NOTHING_PLANNED)


def total_of(needs: Iterable[Need], unit: str, measures: Measures) -> float | None:
    """Add up needs in one unit; None if one has no limit or cannot be converted."""
    total = 0.0
    for _on, need, of in needs:
        converted = None if need is None else measures.convert(need, of, unit)
        if converted is None:
            return None
        total += converted
    return round(total, 6)


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as it was bought last: how much is in it, and its price."""

    amount: float
    unit: str
    price: float | None


def packs_for(missing: float, pack: float) -> int:
    """Return how many whole packs cover what is missing."""
    return max(0, ceil((missing - NEXT_TO_NOTHING) / pack))


def used_up(packs: Sequence[float], left: float) -> list[bool]:
    """Tell which packs, the oldest first, are used up: what is left is in the newest ones."""
    found = []
    for amount in reversed(packs):
        found.append(left <= NEXT_TO_NOTHING)
        left -= amount
    return found[::-1]


def refill_day(runs_out_on: date, days_before: int) -> date:
    """Return the day from which a refill is due."""
    return runs_out_on - timedelta(days=days_before)
