"""Symptoms, the scales of the check-in, and safety notes for worrying answers.

The questions are our own plain words, one line per symptom, with no composite score. A severity of
0 means asked and absent; no report means not asked.

Private symptoms are offered only to people who turn them on.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.i18n import Text, lazy


@dataclass(frozen=True, slots=True)
class Symptom:
    """A symptom that a check-in can ask about."""

    slug: str
    name: Text
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class ScalePoint:
    """One answer: its number, its word, and an explanation if needed."""

    value: int
    word: Text
    meaning: Text = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """A question with numbered answers; `points` name every answer or are empty."""

    slug: str
    name: Text
    question: Text
    lowest: int
    highest: int
    low_word: Text
    high_word: Text
    points: tuple[ScalePoint, ...] = ()
    words: Mapping[int, Text] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look the words up once: a day asks for dozens."""
        named = {self.lowest: self.low_word, self.highest: self.high_word}
        named |= {point.value: point.word for point in self.points}
        object.__setattr__(self, "words", named)

    @property
    def values(self) -> range:
        """The answers, lowest first."""
        return range(self.lowest, self.highest + 1)

    def word(self, value: int) -> str:
        """Return the answer in words, or its number if only the ends have words."""
        return str(self.words.get(value, value))


@dataclass(frozen=True, slots=True)
class RedFlags:
    """Signs that need a professional, for everyone or for those who take `catalogue_ids`."""

    title: Text
    sentence: Text
    signs: tuple[lazy, ...]
    catalogue_ids: tuple[str, ...] = ()


SYMPTOMS: Mapping[str, Symptom] = MappingProxyType(
    {
        symptom.slug: symptom
        for symptom in (
            Symptom("gi_upset", lazy("Stomach upset")),
            Symptom("headache", lazy("Headache")),
            Symptom("nausea", lazy("Nausea")),
            Symptom("loose_stools", lazy("Loose stools")),
            Symptom("stomach_pain", lazy("Stomach pain")),
            Symptom("dizziness", lazy("Dizziness")),
            Symptom("fast_heartbeat", lazy("Fast heartbeat")),
            Symptom("swelling", lazy("Swelling of legs or face")),
            Symptom("scalp_itch", lazy("Scalp itch")),
            Symptom("unwanted_hair", lazy("Unwanted hair growth")),
            Symptom("tiredness", lazy("Tiredness")),
            Symptom("anxious", lazy("Anxiety")),
            Symptom("low_mood", lazy("Low mood")),
            Symptom("trouble_sleeping", lazy("Trouble sleeping")),
            Symptom("less_interest_in_sex", lazy("Lower sex drive"), is_private=True),
            Symptom("erection_difficulty", lazy("Trouble with erections"), is_private=True),
            Symptom("ejaculation_problem", lazy("Trouble with ejaculation"), is_private=True),
            Symptom("breast_tenderness", lazy("Tender breasts"), is_private=True),
            Symptom("period_changes", lazy("Period changes"), is_private=True),
        )
    }
)

SEVERITY = Scale(
    "severity",
    lazy("Severity"),
    lazy("How bad was it today?"),
    0,
    4,
    lazy("none"),
    lazy("very severe"),
    (
        ScalePoint(0, lazy("none"), lazy("not there")),
        ScalePoint(1, lazy("mild"), lazy("noticed it")),
        ScalePoint(2, lazy("moderate"), lazy("bothered me")),
        ScalePoint(3, lazy("severe"), lazy("stopped me doing something")),
        ScalePoint(4, lazy("very severe"), lazy("had to stop what I was doing, or seek help")),
    ),
)
INTERFERENCE = Scale(
    "interference",
    lazy("Interference"),
    lazy("How much did it get in the way?"),
    0,
    4,
    lazy("not at all"),
    lazy("completely"),
    (
        ScalePoint(0, lazy("not at all")),
        ScalePoint(1, lazy("slightly")),
        ScalePoint(2, lazy("moderately")),
        ScalePoint(3, lazy("a lot")),
        ScalePoint(4, lazy("completely")),
    ),
)
MOOD = Scale(
    "mood",
    lazy("Mood"),
    lazy("How did you feel?"),
    1,
    5,
    lazy("very low"),
    lazy("very good"),
    (
        ScalePoint(1, lazy("very low")),
        ScalePoint(2, lazy("low")),
        ScalePoint(3, lazy("in between")),
        ScalePoint(4, lazy("good")),
        ScalePoint(5, lazy("very good")),
    ),
)
ENERGY = Scale(
    "energy",
    lazy("Energy"),
    lazy("How much energy did you have?"),
    1,
    5,
    lazy("very low"),
    lazy("very high"),
)
SLEEP = Scale(
    "sleep",
    lazy("Sleep"),
    lazy("How well did you sleep last night?"),
    0,
    10,
    lazy("worst"),
    lazy("best"),
)
STRESS = Scale(
    "stress", lazy("Stress"), lazy("How stressed were you?"), 0, 10, lazy("none"), lazy("extreme")
)
FOCUS = Scale(
    "focus",
    lazy("Focus"),
    lazy("How well could you concentrate?"),
    1,
    5,
    lazy("very poor"),
    lazy("very good"),
)

CHECK_IN_SCALES: Mapping[str, Scale] = MappingProxyType(
    {scale.slug: scale for scale in (MOOD, ENERGY, SLEEP, STRESS, FOCUS)}
)

MINOXIDIL_IDS = ("minoxidil-topical-solution", "minoxidil-topical-foam", "minoxidil-oral-low")
FINASTERIDE_IDS = ("finasteride-oral", "finasteride-topical")
FINASTERIDE_TABLET_IDS = ("finasteride-oral",)
DUTASTERIDE_IDS = ("dutasteride-oral",)

RED_FLAGS = (
    RedFlags(
        lazy("See a doctor soon"),
        lazy("See a doctor soon about any of these:"),
        (
            lazy("round bald patches"),
            lazy("scalp pain"),
            lazy("pus or scarring"),
            lazy("sudden heavy shedding"),
            lazy("loss of brows or lashes"),
            lazy("hair loss with fever or weight loss"),
        ),
    ),
    RedFlags(
        lazy("On minoxidil: urgent"),
        lazy("On minoxidil, get urgent care for any of these:"),
        (lazy("chest pain"), lazy("fainting"), lazy("breathlessness"), lazy("swelling")),
        MINOXIDIL_IDS,
    ),
)

GET_HELP = lazy("If your mood has changed, or you have thoughts of harming yourself, get help now:")
NO_EMERGENCY_LINE = lazy("your local emergency number or a crisis line.")
FINASTERIDE_AND_MOOD = lazy(
    "For finasteride 1 mg, the European Medicines Agency advises stopping and seeking medical"
    " advice if mood changes. It also advises seeking medical advice about problems with sexual"
    " function, which may contribute to mood changes."
)
TOPICAL_FINASTERIDE_AND_MOOD = lazy(
    "The European Medicines Agency’s measures on mood are for finasteride tablets; it changed"
    " nothing for the skin spray. Some of the drug reaches the blood all the same: if your mood"
    " changes, or you have problems with sexual function, tell your doctor."
)
DUTASTERIDE_AND_MOOD = lazy(
    "For dutasteride, the European Medicines Agency found no direct link with suicidal thoughts,"
    " and gives a warning as a precaution."
)
MINOXIDIL_AND_HEART = lazy(
    "On minoxidil, chest pain, fainting, breathlessness or swelling need urgent care. For a fast"
    " heartbeat or dizziness, the leaflet of the solution says to stop and seek advice."
)


def red_flags_for(catalogue_ids: Collection[str]) -> tuple[RedFlags, ...]:
    """Return the signs to list for someone who takes these."""
    return tuple(
        flags
        for flags in RED_FLAGS
        if not flags.catalogue_ids or _takes(catalogue_ids, flags.catalogue_ids)
    )


def mood_note(catalogue_ids: Collection[str], *, emergency_line: str) -> list[str]:
    """Return where to find help with mood, and the notes on the items taken."""
    line = emergency_line.strip()
    paragraphs = [f"{GET_HELP} {_as_sentence(line) if line else NO_EMERGENCY_LINE}"]
    if _takes(catalogue_ids, FINASTERIDE_TABLET_IDS):
        paragraphs.append(str(FINASTERIDE_AND_MOOD))
    elif _takes(catalogue_ids, FINASTERIDE_IDS):
        paragraphs.append(str(TOPICAL_FINASTERIDE_AND_MOOD))
    if _takes(catalogue_ids, DUTASTERIDE_IDS):
        paragraphs.append(str(DUTASTERIDE_AND_MOOD))
    return paragraphs


def safety_note(
    catalogue_ids: Collection[str],
    severities: Mapping[str, int],
    mood: int | None,
    *,
    emergency_line: str,
) -> list[str]:
    """Return the paragraphs beside a day's answers; empty if nothing calls for one.

    With finasteride or dutasteride any low mood is enough; without, it takes the lowest mood or a
    severe low mood.
    """
    paragraphs = []
    if _mood_is_worrying(catalogue_ids, severities.get("low_mood", 0), mood):
        paragraphs += mood_note(catalogue_ids, emergency_line=emergency_line)
    if _takes(catalogue_ids, MINOXIDIL_IDS) and _heart_is_worrying(severities):
        paragraphs.append(str(MINOXIDIL_AND_HEART))
    return paragraphs


def _mood_is_worrying(catalogue_ids: Collection[str], low_mood: int, mood: int | None) -> bool:
    if _takes(catalogue_ids, FINASTERIDE_IDS + DUTASTERIDE_IDS):
        return low_mood >= 1 or (mood is not None and mood <= 2)
    return low_mood >= 3 or mood == MOOD.lowest


def _heart_is_worrying(severities: Mapping[str, int]) -> bool:
    return (
        severities.get("swelling", 0) >= 1
        or severities.get("fast_heartbeat", 0) >= 1
        or severities.get("dizziness", 0) >= 2
    )


def _takes(catalogue_ids: Collection[str], any_of: tuple[str, ...]) -> bool:
    return any(catalogue_id in catalogue_ids for catalogue_id in any_of)


def _as_sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
