"""Add up what a day's doses of all items contain, by substance, against the upper levels.

Each item counts with the daily amount of its plan, averaged over the rhythm if the days differ (a
weekly dose of 350 is 50 a day), times the contents on its label. As-needed doses have no rhythm and
are never guessed; paused items are not taken. Upper levels are adult figures of NASEM and EFSA: a
total above one is a note, the same for everybody, because a doctor may prescribe more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import isclose
from uuid import UUID

from app.domain.catalogue import SUBSTANCES, Comparison, Substance, Treatment, root_of
from app.domain.labels import Content
from app.domain.ledger import Plan, ScheduledDosage
from app.domain.quantities import from_micrograms, to_micrograms
from app.domain.timing import DAYS_A_WEEK, TimingKind
from app.domain.treatments import UpperLevel, WarnThreshold


@dataclass(frozen=True, slots=True)
class LabelledItem:
    """An item for totals: its plan and its label."""

    id: UUID
    plan: Plan
    label: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one item adds to a day; `is_averaged` if its days differ."""

    item_id: UUID
    micrograms: float
    is_averaged: bool


@dataclass(frozen=True, slots=True)
class SubstanceTotal:
    """One substance over all items, a day."""

    substance: Substance
    parts: tuple[Part, ...]

    @property
    def amount(self) -> float:
        """The total, in the substance's own unit."""
        return self.amount_in(self.substance.unit)

    def amount_in(self, unit: str) -> float:
        """Return the total in a unit of mass."""
        return from_micrograms(sum(part.micrograms for part in self.parts), unit)

    @property
    def levels_passed(self) -> tuple[UpperLevel, ...]:
        """The upper levels below the total, the lowest first."""
        levels = self.substance.limits
        return tuple(level for level in levels if self.amount_in(level.unit) > level.amount)

    @property
    def highest_reached(self) -> WarnThreshold | None:
        """The highest threshold that the total reaches."""
        reached = (
            threshold
            for threshold in self.substance.warn_at
            if threshold.is_reached_by(self.amount_in(threshold.unit))
        )
        return max(reached, key=lambda threshold: threshold.amount, default=None)

    @property
    def is_notable(self) -> bool:
        """Whether there is a sentence to show, or the total is above a level."""
        return bool(self.levels_passed) or self.highest_reached is not None


@dataclass(frozen=True, slots=True)
class Totals:
    """A day's totals, and the items that no total counts, grouped by the reason."""

    substances: tuple[SubstanceTotal, ...]
    as_needed: tuple[UUID, ...] = ()
    on_hold: tuple[UUID, ...] = ()
    unlabelled: tuple[UUID, ...] = ()
    none_in_any: tuple[Substance, ...] = ()


def substance_totals(regimen: Sequence[LabelledItem], on: date) -> Totals:
    """Add up the items current on `on`, for each substance with levels or notes."""
    current = [item for item in regimen if item.plan.is_current(on)]
    on_hold = [item for item in current if item.plan.is_paused(on)]
    taken = [
        (item, dosage)
        for item in current
        if item not in on_hold and (dosage := item.plan.dosage_on(on)) is not None
    ]
    as_needed = [
        item for item, dosage in taken if dosage.timing.kind is TimingKind.AS_NEEDED and item.label
    ]
    totals = [_total(substance, taken) for substance in SUBSTANCES.values() if _is_shown(substance)]
    return Totals(
        substances=tuple(total for total in totals if total.parts),
        as_needed=_ids(as_needed),
        on_hold=_ids(item for item in on_hold if item.label),
        unlabelled=_ids(item for item, dosage in taken if not _fits(item, dosage.unit)),
        none_in_any=tuple(total.substance for total in totals if not total.parts),
    )


def reached_by_product(treatment: Treatment, dosage: ScheduledDosage) -> tuple[WarnThreshold, ...]:
    """Return the thresholds that a product's own dose reaches, per day or per week.

    Amounts in another kind of unit than the threshold's are not compared.
    """
    a_day = dosage.timing.average_a_day
    if a_day is None:
        return ()
    return tuple(
        threshold
        for threshold in treatment.warn_at
        if threshold.compares is Comparison.PRODUCT
        and (amount := _in_unit(a_day, dosage.unit, threshold.unit)) is not None
        and threshold.is_reached_by(
            round(amount * (DAYS_A_WEEK if threshold.per == "week" else 1), 9)
        )
    )


def _total(
    substance: Substance, taken: Iterable[tuple[LabelledItem, ScheduledDosage]]
) -> SubstanceTotal:
    parts = []
    for item, dosage in taken:
        a_day = dosage.timing.average_a_day
        held = _micrograms_in(item, substance, a_day, dosage.unit) if a_day else 0
        if a_day and held:
            usual = dosage.timing.amount_a_day
            is_averaged = usual is None or not isclose(usual, a_day)
            parts.append(Part(item.id, round(held, 6), is_averaged))
    return SubstanceTotal(substance, tuple(parts))


def _micrograms_in(item: LabelledItem, substance: Substance, amount: float, unit: str) -> float:
    """Return micrograms of a substance, its parts included (EPA is part of omega-3)."""
    return sum(
        each.micrograms_in(amount, unit) or 0
        for each in item.label
        if root_of(each.substance) == substance.slug
    )


def _fits(item: LabelledItem, unit: str) -> bool:
    """Whether the label gives a content for a dose in this unit."""
    return any(each.micrograms_in(1, unit) is not None for each in item.label)


def _is_shown(substance: Substance) -> bool:
    return bool(substance.upper_levels or substance.warn_at)


def _in_unit(amount: float, unit: str, wanted: str) -> float | None:
    if unit == wanted:
        return amount
    mass = to_micrograms(amount, unit)
    is_mass = to_micrograms(1, wanted) is not None
    return None if mass is None or not is_mass else from_micrograms(mass, wanted)


def _ids(items: Iterable[LabelledItem]) -> tuple[UUID, ...]:
    return tuple(item.id for item in items)
