"""Add up what a regimen contains a day, by substance, and what one item contains."""

from collections import defaultdict
from dataclasses import dataclass

from app.diary.diary import Diary
from app.diary.regimen import Item
from app.domain.catalogue import root_of
from app.domain.labels import Content
from app.domain.ledger import ScheduledDosage
from app.domain.substance_totals import SubstanceTotal, substance_totals


@dataclass(frozen=True, slots=True)
class RegimenTotals:
    """Today's totals, and the items that no total counts, grouped by the reason.

    `unlabelled` are items whose label could name contents but is not filled in. `none_in_any` are
    the substances of the catalogue that no item contains.
    """

    substances: tuple[SubstanceTotal, ...]
    as_needed: tuple[Item, ...]
    on_hold: tuple[Item, ...]
    unlabelled: tuple[Item, ...]
    none_in_any: tuple[str, ...]

    @property
    def notable(self) -> list[SubstanceTotal]:
        """The totals above an upper level, or with a note."""
        return [total for total in self.substances if total.is_notable]

    def amount_of(self, slug: str) -> float:
        """Return the total of a substance, in its own unit."""
        found = (each.amount for each in self.substances if each.substance.slug == slug)
        return next(found, 0)


@dataclass(frozen=True, slots=True)
class DayContents:
    """What the doses of a day contain, by the label: each content in micrograms."""

    amount: float
    unit: str
    masses: tuple[tuple[Content, float], ...]

    @property
    def by_substance(self) -> dict[str, float]:
        """Micrograms by substance; forms of one substance are added up."""
        sums: defaultdict[str, float] = defaultdict(float)
        for held, mass in self.masses:
            sums[root_of(held.substance)] += mass
        return dict(sums)


def totals_today(diary: Diary) -> RegimenTotals:
    """Add up today's regimen."""
    items = diary.regimen.by_id
    totals = substance_totals([item.labelled for item in items.values()], diary.today)
    unlabelled = [items[each] for each in totals.unlabelled]
    return RegimenTotals(
        substances=totals.substances,
        as_needed=tuple(items[each] for each in totals.as_needed),
        on_hold=tuple(items[each] for each in totals.on_hold),
        unlabelled=tuple(item for item in unlabelled if _may_hold_something(item)),
        none_in_any=tuple(substance.in_sentence for substance in totals.none_in_any),
    )


def contents_a_day(item: Item, dosage: ScheduledDosage | None) -> DayContents | None:
    """Return what a day of a dosage contains; None if the dosage names no daily amount."""
    if dosage is None:
        return None
    amount = dosage.timing.amount_a_day or dosage.timing.usual_amount
    if amount is None:
        return None
    masses = [(held, held.micrograms_in(amount, dosage.unit)) for held in item.label]
    known = tuple((held, mass) for held, mass in masses if mass is not None)
    return DayContents(amount, dosage.unit, known)


def has_changed_unit(item: Item) -> bool:
    """Whether the label may be for an earlier unit: a content has none, the dose had several."""
    has_plain_contents = any(not held.unit and held.strength is None for held in item.label)
    return has_plain_contents and len({dosage.unit for dosage in item.plan.dosages}) > 1


def _may_hold_something(item: Item) -> bool:
    """Whether the label could name a content: shampoos and needles have none."""
    if item.treatment is not None:
        return item.treatment.elemental is not None
    return item.kind == "supplement"
