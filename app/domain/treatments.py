"""The shapes of the catalogue's entries.

A statement has its own `sources`; without any it is commonly stated.

A treatment is general, sourced reference text, the same for everyone; a regimen item is what one
person takes. Doses are those commonly reported and never advice, upper levels are adult figures,
and the grade is about hair growth, not safety.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.domain.timing import DoseTime, TimingKind
from app.i18n import Text, current


class TreatmentKind(StrEnum):
    """The kind of a treatment."""

    SUPPLEMENT = "supplement"
    OTC = "otc"
    PRESCRIPTION = "prescription"
    COSMETIC = "cosmetic"
    DEVICE = "device"
    PROCEDURE = "procedure"


class Route(StrEnum):
    """How a treatment reaches the hair."""

    ORAL = "oral"
    SCALP = "scalp"
    SCALP_WASH = "scalp_wash"
    NEEDLING = "needling"
    LIGHT = "light"
    INJECTION = "injection"


class Grade(StrEnum):
    """How good the evidence on hair is."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    L = "L"


class Comparison(StrEnum):
    """What a limit is compared with: one product's amount, or a substance over all items."""

    PRODUCT = "product"
    SUBSTANCE = "substance"


@dataclass(frozen=True, slots=True)
class GradeMeaning:
    """A grade in one or two words, and in a sentence."""

    word: Text
    sentence: Text


@dataclass(frozen=True, slots=True)
class Passage:
    """A short text under a title of its own; `is_household` if it is about those one lives with.

    `is_donation` marks the note about giving blood, which differs by country: a person can
    change or hide it.
    """

    title: Text
    text: Text
    is_household: bool = False
    is_donation: bool = False
    sources: tuple["Source", ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a statement: its `key`, a short `cite` and one line of `text`.

    `status` ("verified" or "unchecked") and `remark` are for the editors and never shown. A
    statement with an unchecked source names none, and is commonly stated.
    """

    key: str
    cite: Text
    text: Text
    status: str = "verified"
    remark: str = ""
    doi: str = ""
    pmc: str = ""
    pubmed: str = ""

    @property
    def url(self) -> str:
        """The address of the source; "" if it has no DOI, PMC or PubMed number."""
        if self.pmc:
            return f"https://pmc.ncbi.nlm.nih.gov/articles/{self.pmc}/"
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return f"https://pubmed.ncbi.nlm.nih.gov/{self.pubmed}/" if self.pubmed else ""


class Cited(Protocol):
    """A statement that names its sources."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources; empty for what is commonly stated."""


@dataclass(frozen=True, slots=True)
class LabNote:
    """A note that a lab or a doctor needs before a test.

    It matters for `weeks` after the last dose too: a convention, by how long a medicine stays, so
    that a list leaves nothing out.
    """

    title: Text
    text: Text
    weeks: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class UpperLevel:
    """The highest daily amount that an authority considers safe for an adult.

    `basis` is "supplements", or "total" for food and supplements together. A level that is not a
    limit (`is_limit` False) is shown, and nothing is compared with it.
    """

    authority: str
    substance: str
    amount: float
    unit: str
    applies_to: Text
    note: Text
    compares: Comparison = Comparison.SUBSTANCE
    basis: str = "total"
    is_limit: bool = True
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class WarnThreshold:
    """A daily or weekly amount from which `sentence` is shown; equal codes say the same."""

    code: str
    substance: str
    amount: float
    unit: str
    per: str
    compares: Comparison
    operator: str
    sentence: Text
    sources: tuple[Source, ...] = ()

    def is_reached_by(self, amount: float) -> bool:
        """Whether an amount, in this threshold's unit and period, is enough for the sentence."""
        return amount >= self.amount if self.operator == ">=" else amount > self.amount


@dataclass(frozen=True, slots=True)
class Substance:
    """A substance in products; its amounts add up over all items.

    A part (EPA) adds up with the substance that it is `part_of` (EPA and DHA). `group` is the
    heading it is listed under.
    """

    slug: str
    name: Text
    unit: str
    is_mineral: bool
    note: Text
    upper_levels: tuple[UpperLevel, ...]
    warn_at: tuple[WarnThreshold, ...]
    note_sources: tuple[Source, ...] = ()
    part_of: str = ""
    synonyms: tuple[str, ...] = ()
    group: str = ""

    @property
    def limits(self) -> tuple[UpperLevel, ...]:
        """The levels that amounts are compared with, the lowest first."""
        limits = (level for level in self.upper_levels if level.is_limit)
        return tuple(sorted(limits, key=lambda level: level.amount))

    @property
    def shown_limits(self) -> tuple[UpperLevel, ...]:
        """The levels on a meter of items: those for supplements, if there are any."""
        for_supplements = tuple(each for each in self.limits if each.basis == "supplements")
        return for_supplements or self.limits

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source of its statements, each once."""
        return _once([self.note_sources, *_sources_of(self.upper_levels, self.warn_at)])

    @property
    def in_sentence(self) -> str:
        """The name within a sentence: magnesium, vitamin D, EPA and DHA."""
        return lower_first(self.name)


@dataclass(frozen=True, slots=True)
class TypicalDose:
    """The commonly reported range, `per` day, week, month or session."""

    low: float
    high: float
    unit: str
    per: str
    words: Text
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class UsualDose:
    """The values that a form for a new item starts with; a `Timing` without its dates."""

    amount: float
    unit: str
    timing: TimingKind
    times: tuple[DoseTime, ...] = ()
    every_days: int = 1
    per_week: int = 0
    per_week_most: int = 0
    instruction: Text = ""
    minutes_on: float | None = None


@dataclass(frozen=True, slots=True)
class Elemental:
    """The share of a product's mass that is its substance (magnesium in its salt, say)."""

    substance: str
    factor: float
    factor_note: Text


@dataclass(frozen=True, slots=True)
class Strength:
    """How much active substance one unit of a product contains: 50 mg per mL at 5%.

    `written` is the strength as a label writes it: "5%", or "2.275 mg/mL".
    """

    label: Text
    written: str
    amount: float
    unit: str
    per: str
    note: Text


@dataclass(frozen=True, slots=True)
class Salt:
    """The rough share of the element in one of its salts."""

    name: Text
    share: float


@dataclass(frozen=True, slots=True)
class SideEffects:
    """Symptoms to offer in the check-in, and the commonly reported effects in words."""

    symptoms: tuple[str, ...]
    words: Text
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Interaction:
    """Something to keep apart from, or to mention.

    `hours_apart` applies in both orders. With `hours_before` and `hours_after`, the other is taken
    at least that long before, or at least that long after, this treatment. `catalogue_ids` are the
    entries that `other` means, if any.
    """

    other: Text
    other_slug: str
    effect: Text
    rule: Text
    sentence: Text
    hours_apart: float | None = None
    hours_before: float | None = None
    hours_after: float | None = None
    catalogue_ids: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """Weeks that a comparison leaves out, first looks at, and may judge at.

    These are conventions for the analysis; only the dated facts in `note` are evidence.
    """

    leave_out_weeks: int
    look_weeks: int
    judge_weeks: int
    note: Text
    shed_from_week: int | None = None
    shed_to_week: int | None = None
    days_can_be_compared: bool = True
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Treatment:
    """One entry of the catalogue."""

    id: str
    name: Text
    short_name: Text
    synonyms: tuple[str, ...]
    kind: TreatmentKind
    kind_words: Text
    route: Route
    route_words: Text
    icon: str
    tone: str
    unit: str
    unit_note: Text
    substance: str
    typical: TypicalDose
    usual: UsualDose
    elemental: Elemental | None
    strengths: tuple[Strength, ...]
    salts: tuple[Salt, ...]
    limit_note: Text
    limit_sources: tuple[Source, ...]
    upper_levels: tuple[UpperLevel, ...]
    warn_at: tuple[WarnThreshold, ...]
    side_effects: SideEffects
    cautions: tuple[Passage, ...]
    lab_notes: tuple[LabNote, ...]
    interactions: tuple[Interaction, ...]
    course: Course
    grade: Grade
    honest_line: Text
    honest_sources: tuple[Source, ...]
    claims: tuple[Passage, ...]
    reviewed_on: str

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source of its statements, each once."""
        own = (self.typical, self.side_effects, self.course)
        lists = (self.cautions, self.lab_notes, self.interactions, self.claims)
        numbers = (self.upper_levels, self.warn_at)
        said = (self.honest_sources, self.limit_sources)
        return _once([*said, *_sources_of(own, *lists, *numbers)])

    @property
    def in_sentence(self) -> str:
        """The short name within a sentence: oral minoxidil, PRP."""
        return lower_first(self.short_name)

    @property
    def household_notes(self) -> tuple[Passage, ...]:
        """Cautions about pregnancy, children, animals, and others in the house."""
        return tuple(each for each in self.cautions if each.is_household)

    @property
    def own_cautions(self) -> tuple[Passage, ...]:
        """Cautions about the person who takes it."""
        return tuple(each for each in self.cautions if not each.is_household)

    @property
    def is_prescribed(self) -> bool:
        """Whether the page says to use the dose that was prescribed."""
        return self.kind is TreatmentKind.PRESCRIPTION


@dataclass(frozen=True, slots=True)
class SetItem:
    """One treatment of a ready-made set at its usual dose, ticked beforehand or not.

    Called `name`, if that is given, and of this `strength` ("5%").
    """

    catalogue_id: str
    usual: UsualDose
    ticked: bool
    note: Text
    name: Text = ""
    strength: str = ""


@dataclass(frozen=True, slots=True)
class ReadyMadeSet:
    """Treatments that are often begun together; to be edited before saving, and not advice."""

    id: str
    name: Text
    sentence: Text
    note: Text
    items: tuple[SetItem, ...]


def lower_first(name: Text) -> str:
    """Write a name for the middle of a sentence: lower case, except for abbreviations (EPA, PRP).

    German nouns keep their capital.
    """
    said = str(name)
    if current().has_capital_nouns or said[1:2].isupper():
        return said
    return said[:1].lower() + said[1:]


def _sources_of(*lists: Iterable[Cited]) -> Iterable[tuple[Source, ...]]:
    return (each.sources for cited in lists for each in cited)


def _once(lists: Iterable[tuple[Source, ...]]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(source for sources in lists for source in sources))
