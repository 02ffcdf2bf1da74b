"""Read the regimen of one person: items with their dosages, pauses, labels and supplies.

The regimen is an immutable value, cached for each account by its `regimen_version`. Every change
bumps that version (`services/versions.py`), so a page of doses only queries the events.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session

from app.db.direct import fetch
from app.domain.applications import Application, shut_out_rule
from app.domain.catalogue import Treatment, treatment_for, treatments_of
from app.domain.conversions import Measures
from app.domain.costs import Package, cost_a_month
from app.domain.labels import Content, LabelStrength, name_with_strength
from app.domain.ledger import (
    DayCount,
    Event,
    Plan,
    Row,
    ScheduledDosage,
    SlotAnswer,
    count_days,
    ledger,
)
from app.domain.lru import Lru
from app.domain.measurements import MEASURED_WITH, MeasurementKind
from app.domain.memo import memo
from app.domain.substance_totals import LabelledItem
from app.domain.supply import REFILL_DAYS, Movement, Pack, SupplyKind, counted_from
from app.domain.timing import Slot
from app.models import (
    Dosage,
    DosageTime,
    DoseEvent,
    ImportedSlot,
    Ingredient,
    Pause,
    RegimenItem,
    SupplyEntry,
    User,
)

PAST_AFTER = timedelta(days=14)
Owned = TypeVar("Owned", Dosage, DosageTime, Pause, Ingredient, SupplyEntry)


class ItemStanding(StrEnum):
    """The state of an item on a day; `UNPLANNED`: it has no dosage on that day."""

    TAKING = "taking"
    PAUSED = "paused"
    STOPPED = "stopped"
    PLANNED = "planned"
    UNPLANNED = "unplanned"


@dataclass(frozen=True)
class Item:
    """One item with its dosages, pauses, label and catalogue entry.

    The columns of its row are copied: a rollback expires the row, and the page shown after a
    refusal would read each item again.

    `name` ends with the strength, if there is one: "Minoxidil 5%"; `own_name` is the name as typed.
    `shut_out_hours` is how long topicals wait after a session of it: the person's own hours, else
    the catalogue's; None if nothing waits. `supplies` are its packs, counts and losses, the oldest
    first.
    """

    id: UUID
    own_name: str
    name: str
    catalogue_id: str | None
    kind: str
    route: str
    icon: str
    tone: str
    instruction: str
    starts_on: date
    ends_on: date | None
    end_reason: str
    note: str
    plan: Plan
    pauses: tuple[Pause, ...]
    ingredients: tuple[Ingredient, ...]
    package: Package
    piece_amount: float | None
    spray_ml: float | None
    donation_note: str | None
    application: Application
    dry_minutes: float | None
    shut_out_hours: float | None
    neutral_name: str
    supplies: tuple[SupplyEntry, ...]
    refill_days: int

    def __hash__(self) -> int:
        """Hash the id alone: caches look up by it, then compare the whole item."""
        return hash(self.id)

    @memo
    def treatment(self) -> Treatment | None:
        """The item's catalogue entry."""
        return treatment_for(self.catalogue_id)

    @memo
    def catalogue_entries(self) -> tuple[Treatment, ...]:
        """The entries about it: its own, or those of the substances on its label."""
        substances = [each.substance for each in self.ingredients]
        unit = self.plan.dosages[-1].unit if self.plan.dosages else ""
        return treatments_of(self.treatment, self.route, substances, unit)

    @memo
    def measured_with(self) -> tuple[MeasurementKind, ...]:
        """The measurements that people who take it are advised to note."""
        ids = [treatment.id for treatment in self.catalogue_entries]
        return next((MEASURED_WITH[each] for each in ids if each in MEASURED_WITH), ())

    @memo
    def label(self) -> tuple[Content, ...]:
        """Its contents, in the order of its label."""
        return tuple(each.content(self.spray_ml) for each in self.ingredients)

    @memo
    def strengths(self) -> tuple[LabelStrength, ...]:
        """The strengths on its label."""
        return tuple(each.strength for each in self.label if each.strength is not None)

    def active_ug(self, amount: float | None, unit: str) -> float | None:
        """Return micrograms of the first ingredient in a dose; None if the label does not say."""
        if amount is None or not self.label:
            return None
        return self.label[0].micrograms_in(amount, unit)

    def active_mg(self, amount: float | None, unit: str) -> float | None:
        """Return milligrams of the first ingredient in a dose; None if the label does not say."""
        mass = self.active_ug(amount, unit)
        return None if mass is None else round(mass / 1000, 4)

    def dosage_on(self, day: date) -> ScheduledDosage | None:
        """Return the dosage of `day`."""
        return self.plan.dosage_on(day)

    def dosage_on_or_last(self, day: date) -> ScheduledDosage | None:
        """Return the dosage of `day`, else the last planned one; None if there is none."""
        return self.dosage_on(day) or next(reversed(self.plan.dosages), None)

    def dosage_on_or_before(self, day: date) -> ScheduledDosage | None:
        """Return the dosage of `day`, else the latest one that began by then."""
        begun = (each for each in reversed(self.plan.dosages) if each.timing.starts_on <= day)
        return self.dosage_on(day) or next(begun, None)

    def measures_on(self, day: date) -> Measures:
        """Return what it says about the units of a dose of `day`, else of the last one planned."""
        dosage = self.dosage_on_or_last(day)
        is_one = len(self.strengths) == len(self.ingredients) == 1
        unit = dosage.unit if dosage else ""
        strength = self.strengths[0] if is_one else None
        return Measures(unit, self.piece_amount, self.spray_ml, strength)

    @memo
    def movements(self) -> tuple[Movement, ...]:
        """The changes of its supply that are not doses, the oldest first."""
        return tuple(each.movement for each in self.supplies if each.movement is not None)

    @memo
    def is_counted(self) -> bool:
        """Whether its supply can be followed: it was counted, or a pack came."""
        return counted_from(self.movements) is not None

    @memo
    def latest_pack(self) -> Pack | None:
        """The pack bought last, at the price paid last for such a pack; else the label's."""
        packs = [each for each in self.supplies if each.kind is SupplyKind.PACK]
        packs.sort(key=lambda each: (each.ordered_on or each.on or date.min, each.logged_at))
        if packs:
            latest = packs[-1]
            same = [p for p in packs if (p.amount, p.unit) == (latest.amount, latest.unit)]
            price = next((p.price for p in reversed(same) if p.price is not None), None)
            return Pack(latest.amount, latest.unit, price)
        if self.package.amount and self.plan.dosages:
            return Pack(self.package.amount, self.plan.dosages[-1].unit, self.package.price)
        return None

    def cost_on(self, day: date) -> float | None:
        """Return what a month costs at the dose of `day`; None if unknown."""
        dosage, pack = self.dosage_on(day), self.latest_pack
        if dosage is None or pack is None:
            return cost_a_month(dosage.timing if dosage else None, self.package)
        held = self.measures_on(day).convert(pack.amount, pack.unit, dosage.unit)
        return cost_a_month(dosage.timing, Package(pack.price, held))

    def is_current(self, day: date) -> bool:
        """Whether `day` is between start and end, paused or not."""
        return self.plan.is_current(day)

    @memo
    def labelled(self) -> LabelledItem:
        """The item as `domain/substance_totals.py` reads it."""
        return LabelledItem(self.id, self.plan, self.label)

    def standing_on(self, day: date) -> ItemStanding:
        """Return whether the item is taken on `day`, or why not."""
        if self.ends_on is not None and self.ends_on < day:
            return ItemStanding.STOPPED
        if self.starts_on > day:
            return ItemStanding.PLANNED
        if self.plan.is_paused(day):
            return ItemStanding.PAUSED
        return ItemStanding.UNPLANNED if self.dosage_on(day) is None else ItemStanding.TAKING

    def unslotted_dosage_on(self, day: date) -> ScheduledDosage | None:
        """Return the dosage of `day` if it has no set times; None otherwise."""
        dosage = self.dosage_on(day)
        is_taken = self.standing_on(day) is ItemStanding.TAKING
        return dosage if dosage and is_taken and not dosage.timing.kind.has_slots else None

    def pause_on(self, day: date) -> Pause | None:
        """Return the pause that covers `day`."""
        return next((pause for pause in self.pauses if pause.span.covers(day)), None)


@dataclass(frozen=True)
class Regimen:
    """Every item of one person, in the person's order.

    `has_imported_slots`: an import brought slots, or a change of dose stored some.
    """

    items: tuple[Item, ...]
    has_imported_slots: bool = False

    def current_on(self, day: date) -> list[Item]:
        """Return the items that have begun by `day` and have not ended, paused or not."""
        return [item for item in self.items if item.is_current(day)]

    @memo
    def by_id(self) -> dict[UUID, Item]:
        """The items by their ids."""
        return {item.id: item for item in self.items}


# The latest version of each account's regimen.
_regimens: Lru[UUID, tuple[int, Regimen]] = Lru(64)


def regimen_of(session: Session, user: User) -> Regimen:
    """Return the person's regimen, from the cache if it holds the current version.

    A session that writes does not fill the cache, because its version may still be rolled back.
    """
    version, regimen = _regimens.get(user.id) or (None, None)
    if regimen is not None and version == user.regimen_version:
        return regimen
    regimen = load_regimen(session, user.id)
    if not session.get_bind().get_execution_options().get("writes", False):
        _regimens.put(user.id, (user.regimen_version, regimen))
    return regimen


def load_regimen(session: Session, user_id: UUID) -> Regimen:
    """Read the regimen in seven queries, whatever its size."""
    times = _grouped(session.exec(DosageTime.owned_by(user_id)).all(), "dosage_id")
    dosages = _grouped(session.exec(Dosage.owned_by(user_id)).all(), "regimen_item_id")
    pauses = _grouped(session.exec(Pause.owned_by(user_id)).all(), "regimen_item_id")
    ingredients = _grouped(session.exec(Ingredient.owned_by(user_id)).all(), "regimen_item_id")
    supplies = _grouped(session.exec(SupplyEntry.owned_by(user_id)).all(), "regimen_item_id")
    return Regimen(
        tuple(
            _item(
                item,
                [
                    ScheduledDosage(
                        each.id,
                        each.unit,
                        each.timing(times[each.id]),
                        each.entered_on,
                        each.entered_time,
                    )
                    for each in dosages[item.id]
                ],
                pauses[item.id],
                ingredients[item.id],
                supplies[item.id],
            )
            for item in session.exec(RegimenItem.owned_by(user_id))
        ),
        session.exec(ImportedSlot.any_of(user_id)).first() is not None,
    )


def ledger_between(
    session: Session,
    user: User,
    first: date,
    last: date,
    *,
    today: date,
    only: UUID | None = None,
) -> list[Row]:
    """Return the ledger from `first` to `last`, inclusive; of one item if `only` is given."""
    events = events_between(session, user.id, first, last)
    return ledger(
        plans_between(session, user, first, last, only),
        events if only is None else [e for e in events if e.regimen_item_id == only],
        first,
        last,
        today=today,
        day_starts=user.day_starts_time,
    )


def counts_between(
    session: Session, user: User, first: date, last: date, *, today: date
) -> dict[date, DayCount]:
    """Count that ledger by day, for pages that show only counts."""
    answers = fetch(session, DoseEvent.answers_between, user.id, first, last)
    plans = plans_between(session, user, first, last)
    return count_days(
        plans,
        map(SlotAnswer._make, answers),
        first,
        last,
        today=today,
        day_starts=user.day_starts_time,
    )


def events_between(session: Session, user_id: UUID, first: date, last: date) -> list[Event]:
    """Read the doses logged for the days `first` to `last`, inclusive."""
    return list(map(Event._make, fetch(session, DoseEvent.due_between, user_id, first, last)))


def first_day_of(session: Session, user: User, now: datetime) -> date:
    """Return the first day that the ledger covers."""
    regimen = regimen_of(session, user)
    return min([item.starts_on for item in regimen.items] + [user.today(now), user.began_on])


def plans_between(
    session: Session, user: User, first: date, last: date, only: UUID | None = None
) -> list[Plan]:
    """Return the plans of every item (or of one), with the slots of imports."""
    regimen = regimen_of(session, user)
    plans = [item.plan for item in regimen.items if only is None or item.id == only]
    if regimen.has_imported_slots:
        return _with_imported_slots(session, user.id, plans, first, last)
    return plans


def _with_imported_slots(
    session: Session, user_id: UUID, plans: Iterable[Plan], first: date, last: date
) -> list[Plan]:
    slots: defaultdict[UUID, list[Slot]] = defaultdict(list)
    for imported in fetch(session, ImportedSlot.due_between, user_id, first, last):
        slots[imported.regimen_item_id].append(imported.slot)
    # A plan keeps its cached slots as long as it stays the same object.
    return [
        replace(plan, imported_slots=tuple(slots[plan.regimen_item_id]))
        if plan.regimen_item_id in slots
        else plan
        for plan in plans
    ]


def _grouped(rows: Sequence[Owned], key: str) -> defaultdict[UUID, list[Owned]]:
    groups: defaultdict[UUID, list[Owned]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups


def _item(
    item: RegimenItem,
    dosages: list[ScheduledDosage],
    pauses: list[Pause],
    ingredients: list[Ingredient],
    supplies: list[SupplyEntry],
) -> Item:
    strengths = [each.label_strength for each in ingredients if each.label_strength is not None]
    return Item(
        id=item.id,
        own_name=item.name,
        name=name_with_strength(item.name, strengths),
        catalogue_id=item.catalogue_id,
        kind=item.kind,
        route=item.route,
        icon=item.icon,
        tone=item.tone,
        instruction=item.instruction,
        starts_on=item.starts_on,
        ends_on=item.ends_on,
        end_reason=item.end_reason,
        note=item.note,
        plan=Plan(
            regimen_item_id=item.id,
            starts_on=item.starts_on,
            ends_on=item.ends_on,
            slots_from=item.slots_from,
            dosages=tuple(dosages),
            pauses=tuple(pause.span for pause in pauses),
        ),
        pauses=tuple(pauses),
        ingredients=tuple(ingredients),
        package=Package(item.package_price, item.package_amount),
        piece_amount=item.piece_amount,
        spray_ml=item.spray_ml,
        donation_note=item.donation_note,
        application=Application(item.zones, item.minutes_on, item.needle_mm),
        dry_minutes=item.dry_minutes,
        shut_out_hours=_shut_out_hours(item),
        neutral_name=item.neutral_name,
        supplies=tuple(supplies),
        refill_days=REFILL_DAYS if item.refill_days is None else item.refill_days,
    )


def _shut_out_hours(item: RegimenItem) -> float | None:
    rule = shut_out_rule(treatment_for(item.catalogue_id), item.route)
    if rule is None or item.shut_out_hours == 0:
        return None
    return item.shut_out_hours or rule.hours_after
