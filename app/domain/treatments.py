"""What is known about a treatment: the shapes of the catalogue's entries.

A treatment is general, sourced reference text, the same for everyone; a regimen item is what
one person takes. Doses are those commonly reported and never advice, upper levels are adult
figures, and the grade speaks of hair alone: it never says safe.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.timing import DoseTime, TimingKind


class TreatmentKind(StrEnum):
    """What sort of thing a treatment is."""

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
    """What a limit is held against: one product's own amount, or a substance over all items."""

    PRODUCT = "product"
    SUBSTANCE = "substance"


@dataclass(frozen=True, slots=True)
class GradeMeaning:
    """A grade in one or two words, and in a sentence."""

    word: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A short text under a title of its own; `is_household` if it is about those one lives with.

    `is_donation` marks the note about giving blood, which differs by country: a person can
    change or hide it.
    """

    title: str
    text: str
    is_household: bool = False
    is_donation: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from; `status` is "verified" or "from memory"."""

    text: str
    status: str


@dataclass(frozen=True, slots=True)
class LabNote:
    """What a lab or a doctor should hear of before a test.

    It matters for `weeks` after the last dose too: a convention, by how long a medicine stays,
    so that nothing is left out of a list. `sources` are those of the entry that say it.
    """

    title: str
    text: str
    weeks: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class UpperLevel:
    """The most that an authority considers safe for an adult, a day."""

    authority: str
    substance: str
    amount: float
    unit: str
    applies_to: str
    note: str
    compares: Comparison = Comparison.SUBSTANCE


@dataclass(frozen=True, slots=True)
class WarnThreshold:
    """An amount a day or a week from which `sentence` is shown; equal codes say the same."""

    code: str
    substance: str
    amount: float
    unit: str
    per: str
    compares: Comparison
    operator: str
    sentence: str

    def is_reached_by(self, amount: float) -> bool:
        """Whether an amount, in this threshold's unit and period, is enough for the sentence."""
        return amount >= self.amount if self.operator == ">=" else amount > self.amount


@dataclass(frozen=True, slots=True)
class Substance:
    """What products hold; amounts of one substance add up over all items.

    A part (EPA) adds up with what it is `part_of` (EPA and DHA). `group` is the heading it is
    listed under.
    """

    slug: str
    name: str
    unit: str
    is_mineral: bool
    note: str
    upper_levels: tuple[UpperLevel, ...]
    warn_at: tuple[WarnThreshold, ...]
    sources: tuple[Source, ...]
    part_of: str = ""
    synonyms: tuple[str, ...] = ()
    group: str = ""

    @property
    def in_sentence(self) -> str:
        """The name within a sentence: magnesium, vitamin D, EPA and DHA."""
        is_abbreviation = self.name[1:2].isupper()
        return self.name if is_abbreviation else self.name[:1].lower() + self.name[1:]


@dataclass(frozen=True, slots=True)
class TypicalDose:
    """The range that is commonly reported, `per` day, week, month or session."""

    low: float
    high: float
    unit: str
    per: str
    words: str


@dataclass(frozen=True, slots=True)
class UsualDose:
    """What the form for a new item is filled with; the fields of a `Timing` without its dates."""

    amount: float
    unit: str
    timing: TimingKind
    times: tuple[DoseTime, ...] = ()
    every_days: int = 1
    per_week: int = 0
    per_week_most: int = 0
    instruction: str = ""
    minutes_on: float | None = None


@dataclass(frozen=True, slots=True)
class Elemental:
    """How much of its substance a mass of the product holds (magnesium in its salt, say)."""

    substance: str
    factor: float
    factor_note: str


@dataclass(frozen=True, slots=True)
class Strength:
    """How much active substance one unit of a product holds: 50 mg per mL at 5%.

    `written` is the strength as a label has it: "5%", or "2.275 mg/mL".
    """

    label: str
    written: str
    amount: float
    unit: str
    per: str
    note: str


@dataclass(frozen=True, slots=True)
class Salt:
    """The rough share of the element in one of its salts."""

    name: str
    share: float


@dataclass(frozen=True, slots=True)
class SideEffects:
    """Symptoms to offer in the check-in, and the commonly reported effects in words."""

    symptoms: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Interaction:
    """Something that people are advised to keep apart from, or to mention.

    `hours_apart` holds both ways. With `hours_before` and `hours_after`, the other is taken at
    least that long before, or at least that long after, this treatment. `catalogue_ids` are the
    entries that `other` means, where it means any.
    """

    other: str
    other_slug: str
    effect: str
    rule: str
    sentence: str
    hours_apart: float | None = None
    hours_before: float | None = None
    hours_after: float | None = None
    catalogue_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """Weeks that a comparison leaves out, first looks at, and may judge at.

    These are conventions for the analysis; only the dated facts in `note` are evidence.
    """

    leave_out_weeks: int
    look_weeks: int
    judge_weeks: int
    note: str
    shed_from_week: int | None = None
    shed_to_week: int | None = None
    days_can_be_compared: bool = True


@dataclass(frozen=True, slots=True)
class Treatment:
    """One entry of the catalogue."""

    id: str
    name: str
    short_name: str
    synonyms: tuple[str, ...]
    kind: TreatmentKind
    kind_words: str
    route: Route
    route_words: str
    icon: str
    tone: str
    unit: str
    unit_note: str
    substance: str
    typical: TypicalDose
    usual: UsualDose
    elemental: Elemental | None
    strengths: tuple[Strength, ...]
    salts: tuple[Salt, ...]
    limit_note: str
    upper_levels: tuple[UpperLevel, ...]
    warn_at: tuple[WarnThreshold, ...]
    side_effects: SideEffects
    cautions: tuple[Passage, ...]
    lab_notes: tuple[LabNote, ...]
    interactions: tuple[Interaction, ...]
    course: Course
    grade: Grade
    honest_line: str
    sources: tuple[Source, ...]
    reviewed_on: str

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
    note: str
    name: str = ""
    strength: str = ""


@dataclass(frozen=True, slots=True)
class ReadyMadeSet:
    """Treatments that are often begun together; to be edited before saving, and not advice."""

    id: str
    name: str
    sentence: str
    note: str
    items: tuple[SetItem, ...]
