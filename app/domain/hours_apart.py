"""Find pairs to take hours apart, and how far apart their set times are.

The catalogue's rules for an item are compared with the other items and with the other medicines a
person takes; a person's own rule counts like them. The times of both sides become moments on the
wall clock over the coming weeks, so midnight, weekly doses and differing days need no special rule.
An interaction without hours is only mentioned, for a doctor or pharmacist; no times are checked.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from app.domain.catalogue import Interaction, Treatment
from app.domain.ledger import Plan
from app.domain.logical_dates import days_between
from app.i18n import lazy

MINUTES_AN_HOUR = 60
MINUTES_A_DAY = 24 * MINUTES_AN_HOUR
DAYS_LOOKED_AT = 35

OTHER_KINDS: Mapping[str, lazy] = MappingProxyType(
    {
        "levothyroxine": lazy("Levothyroxine (thyroid)"),
        "antibiotics": lazy("Tetracycline or quinolone antibiotic"),
        "bisphosphonates": lazy("Bisphosphonate (bones)"),
        "anticoagulants": lazy("Blood thinner"),
        "blood_pressure_medicines": lazy("Blood-pressure medicine or PDE5 inhibitor"),
        "potassium_raising": lazy("ACE inhibitor, ARB, potassium, trimethoprim or NSAID"),
        "levodopa": lazy("Levodopa (Parkinson’s)"),
        "penicillamine": lazy("Penicillamine"),
        "iron": lazy("Iron"),
        "fat_binders": lazy("Orlistat or cholestyramine"),
        "tretinoin": lazy("Tretinoin on the scalp"),
        "cyp3a4_inhibitors": lazy("Strong CYP3A4 inhibitor (ritonavir, ketoconazole tablets)"),
    }
)


class ClockMinute(NamedTuple):
    """A set time, in minutes from a shared midnight."""

    minute: int
    at: time


@dataclass(frozen=True, slots=True)
class Side:
    """An item or another medicine: its catalogue entries, and its set times.

    `substances` are those of an item's label; another medicine has a `kind` instead.
    """

    id: UUID
    name: str
    moments: tuple[ClockMinute, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    kind: str = ""
    substances: frozenset[str] = frozenset()

    @property
    def treatment_ids(self) -> frozenset[str]:
        """The entries about it."""
        return frozenset(treatment.id for treatment in self.treatments)


@dataclass(frozen=True, slots=True)
class OwnRule:
    """Hours that a person wants between two sides, in either order."""

    id: UUID
    first_id: UUID
    second_id: UUID
    hours: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class TimeGap:
    """Two consecutive set times: the `other` comes before or after the `one`."""

    one_at: time
    other_at: time
    minutes: int
    wanted_minutes: float

    @property
    def is_enough(self) -> bool:
        """Whether the wanted hours lie between them."""
        return self.minutes >= self.wanted_minutes

    @property
    def slack(self) -> float:
        """Minutes to spare; negative if minutes are missing."""
        return self.minutes - self.wanted_minutes


@dataclass(frozen=True, slots=True)
class SpacedPair:
    """Two sides to keep hours apart.

    The `other` has to be at least `hours_before` before, or `hours_after` after, the `one`. `rule`
    is the person's own, or None if it comes from `interaction` of `treatment`.
    """

    one: Side
    other: Side
    hours_before: float
    hours_after: float
    meetings: tuple[TimeGap, ...]
    treatment: Treatment | None = None
    interaction: Interaction | None = None
    rule: OwnRule | None = None

    @property
    def tightest(self) -> TimeGap | None:
        """The gap with the least slack; None without set times."""
        return min(self.meetings, key=lambda meeting: meeting.slack, default=None)

    @property
    def too_close(self) -> tuple[TimeGap, ...]:
        """The gaps that are too short, the shortest first."""
        close = (meeting for meeting in self.meetings if not meeting.is_enough)
        return tuple(sorted(close, key=lambda meeting: meeting.slack))

    @property
    def is_enough(self) -> bool | None:
        """Whether every gap is long enough; None if none can be compared."""
        return None if self.tightest is None else self.tightest.is_enough

    def concerns(self, side_id: UUID) -> bool:
        """Whether it is a pair of this item or medicine."""
        return side_id in {self.one.id, self.other.id}


@dataclass(frozen=True, slots=True)
class UntimedInteraction:
    """Two sides to be mentioned together: the catalogue names them without any hours."""

    one: Side
    other: Side
    treatment: Treatment
    interaction: Interaction

    def concerns(self, side_id: UUID) -> bool:
        """Whether it is a pair of this item or medicine."""
        return side_id in {self.one.id, self.other.id}


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs to keep apart, the closest first, and the pairs to mention together."""

    spaced: tuple[SpacedPair, ...]
    mentions: tuple[UntimedInteraction, ...]

    @property
    def too_close(self) -> tuple[SpacedPair, ...]:
        """The pairs with a gap that is too short."""
        return tuple(pair for pair in self.spaced if pair.is_enough is False)

    def of(self, side_id: UUID) -> "Pairs":
        """Return the pairs of one item or medicine."""
        return Pairs(
            tuple(pair for pair in self.spaced if pair.concerns(side_id)),
            tuple(pair for pair in self.mentions if pair.concerns(side_id)),
        )


def pairs_to_space(
    items: Sequence[Side], medicines: Sequence[Side] = (), rules: Iterable[OwnRule] = ()
) -> Pairs:
    """Return every pair with a rule, timed or not, each once.

    If several entries describe an item, their longest hours count.
    """
    spaced: dict[frozenset[UUID], SpacedPair] = {}
    mentions: dict[frozenset[UUID], UntimedInteraction] = {}
    for one, other, treatment, interaction in _interacting(items, [*items, *medicines]):
        both = frozenset((one.id, other.id))
        pair = _spaced(one, other, treatment, interaction)
        if pair is None:
            mentions.setdefault(both, UntimedInteraction(one, other, treatment, interaction))
        elif both not in spaced or _hours(pair) > _hours(spaced[both]):
            spaced[both] = pair
    sides = {side.id: side for side in [*items, *medicines]}
    own = [
        _own_pair(sides[rule.first_id], sides[rule.second_id], rule)
        for rule in rules
        if rule.first_id in sides and rule.second_id in sides
    ]
    ordered = sorted([*spaced.values(), *own], key=_closest_first)
    return Pairs(
        tuple(ordered), tuple(pair for both, pair in mentions.items() if both not in spaced)
    )


def moments_of_plan(
    plan: Plan, first: date, last: date, day_starts: time
) -> tuple[ClockMinute, ...]:
    """Return the slots of an item from `first` to `last` that are not paused, as moments."""
    slots = plan.slots_by_key(first, last).values()
    return tuple(
        sorted(
            _moment(slot.on, slot.at, day_starts) for slot in slots if not plan.is_paused(slot.on)
        )
    )


def moments_every_day(
    times: Iterable[time], first: date, last: date, day_starts: time
) -> tuple[ClockMinute, ...]:
    """These times on each day from `first` to `last`, as moments."""
    days = list(days_between(first, last))
    return tuple(sorted(_moment(day, at, day_starts) for day in days for at in times))


def days_looked_at(today: date) -> tuple[date, date]:
    """Return the coming days to compare: a change made today may apply from tomorrow."""
    return today + timedelta(days=1), today + timedelta(days=DAYS_LOOKED_AT)


def _interacting(
    items: Sequence[Side], others: Sequence[Side]
) -> Iterator[tuple[Side, Side, Treatment, Interaction]]:
    for one in items:
        for treatment in one.treatments:
            for interaction in treatment.interactions:
                for other in others:
                    if other.id != one.id and _is_meant(interaction, other):
                        yield one, other, treatment, interaction


def _is_meant(interaction: Interaction, other: Side) -> bool:
    if other.kind:
        return other.kind == interaction.other_slug
    is_known = not other.treatment_ids.isdisjoint(interaction.catalogue_ids)
    return is_known or interaction.other_slug in other.substances


def _spaced(
    one: Side, other: Side, treatment: Treatment, interaction: Interaction
) -> SpacedPair | None:
    both_ways = interaction.hours_apart or 0
    before = interaction.hours_before or both_ways
    after = interaction.hours_after or both_ways
    if not before and not after:
        return None
    meetings = tuple(_meetings(one, other, before, after))
    return SpacedPair(one, other, before, after, meetings, treatment, interaction)


def _own_pair(one: Side, other: Side, rule: OwnRule) -> SpacedPair:
    meetings = tuple(_meetings(one, other, rule.hours, rule.hours))
    return SpacedPair(one, other, rule.hours, rule.hours, meetings, rule=rule)


def _meetings(one: Side, other: Side, before: float, after: float) -> Iterator[TimeGap]:
    """Return the closest approach of each pair of clock times that ever follow each other."""
    nearest: dict[tuple[time, time, bool], int] = {}
    minutes = [moment.minute for moment in other.moments]
    for moment in one.moments:
        earlier = bisect_right(minutes, moment.minute) - 1
        later = bisect_left(minutes, moment.minute)
        for place, is_after in ((earlier, False), (later, True)):
            if 0 <= place < len(minutes):
                key = (moment.at, other.moments[place].at, is_after)
                gap = abs(minutes[place] - moment.minute)
                nearest[key] = min(gap, nearest.get(key, gap))
    for (one_at, other_at, is_after), gap in nearest.items():
        wanted = after if is_after else before
        if gap == 0:
            wanted = max(before, after)
        yield TimeGap(one_at, other_at, gap, wanted * MINUTES_AN_HOUR)


def _moment(on: date, at: time, day_starts: time) -> ClockMinute:
    """Convert a time to a moment; times before the day starts belong to the night that ends it."""
    days = on.toordinal() + (at < day_starts)
    return ClockMinute(days * MINUTES_A_DAY + at.hour * MINUTES_AN_HOUR + at.minute, at)


def _hours(pair: SpacedPair) -> float:
    return max(pair.hours_before, pair.hours_after)


def _closest_first(pair: SpacedPair) -> tuple[int, float]:
    if pair.tightest is None:
        return (2, 0)
    return (0 if not pair.is_enough else 1, pair.tightest.slack)
