"""The catalogue: facts about each treatment, read once from `catalogue.json`.

In the file, upper levels and thresholds of a substance are listed with the substance and apply to
every treatment that has it; facts about one product are listed with the treatment. `treatments.py`
defines the shapes.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import time
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.domain.labels import name_with_strength, parse_strength, with_percent_signs
from app.domain.quantities import (
    Amount,
    from_micrograms,
    share_of,
    to_micrograms,
    vitamin_d_micrograms,
)
from app.domain.text import begins_as_one, folded, is_one_slip_apart
from app.domain.timing import DoseTime, TimingKind
from app.domain.treatments import (
    Comparison,
    Course,
    Elemental,
    Grade,
    GradeMeaning,
    Interaction,
    LabNote,
    Passage,
    ReadyMadeSet,
    Route,
    Salt,
    SetItem,
    SideEffects,
    Source,
    Strength,
    Substance,
    Treatment,
    TreatmentKind,
    TypicalDose,
    UpperLevel,
    UsualDose,
    WarnThreshold,
)
from app.i18n import in_every_language, lazy

__all__ = [
    "CATALOGUE",
    "DOSE_NOTE",
    "GRADES",
    "GRADE_NOTE",
    "PRESCRIPTION_NOTE",
    "REVIEWED_ON",
    "SETS",
    "SOURCES",
    "SUBSTANCES",
    "UPPER_LEVEL_NOTE",
    "Comparison",
    "Course",
    "Elemental",
    "Grade",
    "GradeMeaning",
    "Interaction",
    "LabNote",
    "Passage",
    "ReadyMadeSet",
    "Route",
    "Salt",
    "SetItem",
    "SideEffects",
    "Source",
    "Strength",
    "Substance",
    "Treatment",
    "TreatmentKind",
    "TypicalDose",
    "UpperLevel",
    "UsualDose",
    "WarnThreshold",
    "elemental_amount",
    "find",
    "name_in_set",
    "root_of",
    "search_words",
    "substance_named",
    "treatment_for",
    "treatments_of",
]

DOSE_NOTE = lazy("Commonly reported doses, not advice.")
PRESCRIPTION_NOTE = lazy("Use the dose you were prescribed.")
UPPER_LEVEL_NOTE = lazy("Upper levels are for adults.")
GRADE_NOTE = lazy("The grade is about hair growth, not safety.")
WEEKS_AFTER = 2
# Fields that people read; the others are keys, numbers and word forms.
READ = frozenset(
    (
        *("text", "cite", "sentence", "name", "short_name", "note", "words", "effect", "rule"),
        *("route_words", "honest_line", "unit_note", "applies_to", "other", "limit_note"),
        *("kind_words", "factor_note", "instruction", "word", "label", "title"),
    )
)
SHORTEST_WORD_MISSPELT = 5
_MASS = re.compile(
    r"(?<![\w.,])\d+(?:[.,]\d+)*\s*(?:mg|g|mcg|ug|µg|μg|iu|ie|ui)(?![^\W\d_/])", re.IGNORECASE
)
STRENGTH_UNITS = {"mg", "g", "mcg", "ug", "μg", "ml", "iu", "ie", "percent"}


def treatment_for(catalogue_id: str | None) -> Treatment | None:
    """Return the entry that a regimen item was made from; `None` for a person's own item."""
    return CATALOGUE.get(catalogue_id) if catalogue_id else None


def treatments_of(
    treatment: Treatment | None, route: str, substances: Iterable[str], unit: str = ""
) -> tuple[Treatment, ...]:
    """List the entries for an item: its own, then those of other substances on its label.

    `unit` tells a solution (mL) from a foam (g).
    """
    roots = dict.fromkeys(root_of(slug) for slug in substances)
    known = [_PLAIN.get(slug) or _on_its_way(route, slug, unit) for slug in roots]
    own = {treatment.substance} if treatment else set()
    others = (each for each in known if each is not None and each.substance not in own)
    return ((treatment,) if treatment else ()) + tuple(others)


def _on_its_way(route: str, substance: str, unit: str) -> Treatment | None:
    """Return a substance's entry for this route: the one taken in this unit, else the first.

    The same medicine has different entries for the scalp and for swallowing.
    """
    entries = [
        each
        for each in CATALOGUE.values()
        if (each.route.value, each.substance) == (route, substance)
    ]
    return next((each for each in entries if each.unit == unit), entries[0] if entries else None)


def root_of(slug: str) -> str:
    """Return the substance that a part adds up with: EPA counts as omega-3."""
    substance = SUBSTANCES.get(slug)
    return substance.part_of or slug if substance else slug


def substance_named(text: str) -> str:
    """Return the slug of a substance by slug, name or synonym; an unknown name as it was typed."""
    plain = folded(text)
    slug = _NAMED.get(plain) or next(
        (slug for name, slug in _NAMED.items() if _is_misspelt(plain, name)), None
    )
    return slug or " ".join(text.split())


def find(text: str) -> list[Treatment]:
    """Search names, substances and synonyms; names that begin with `text` come first.

    Ignores a mass, and a strength at the end that no name contains: "vitamin D 1000 IU" and "1,000"
    find vitamin D, "minoxidil 2.5 mg" every minoxidil.
    """
    words = folded(_MASS.sub(" ", with_percent_signs(text))).split()
    if not words:
        return list(CATALOGUE.values())
    found = _found(words)
    while not found and len(words) > 1 and _is_strength(words[-1]):
        words.pop()
        found = _found(words)
    return found


def _found(words: list[str]) -> list[Treatment]:
    wanted = " ".join(words)
    ranked = [(_rank(treatment, wanted), treatment) for treatment in CATALOGUE.values()]
    found = [(rank, treatment) for rank, treatment in ranked if rank is not None]
    return [treatment for _, treatment in sorted(found, key=lambda pair: pair[0])]


def _is_strength(word: str) -> bool:
    return word.isdigit() or word in STRENGTH_UNITS


def name_in_set(item: SetItem) -> str:
    """Return the name of an item of a ready-made set: Minoxidil 5%."""
    strengths = [parse_strength(item.strength)] if item.strength else []
    return name_with_strength(str(item.name or CATALOGUE[item.catalogue_id].short_name), strengths)


def search_words(treatment: Treatment) -> str:
    """Return all words that find a treatment, for a search on the page itself."""
    return " ".join(_names(treatment))


def elemental_amount(treatment: Treatment, amount: float, unit: str) -> Amount | None:
    """Return how much of its substance an amount contains; `None` if only the label can say."""
    for strength in treatment.strengths:
        if strength.per == unit:
            return Amount(share_of(amount, strength.amount), strength.unit)
    if treatment.elemental is None:
        return None
    substance = SUBSTANCES[treatment.elemental.substance]
    is_vitamin_d = substance.slug == "vitamin_d" and unit == "IU"
    mass = vitamin_d_micrograms(amount) if is_vitamin_d else to_micrograms(amount, unit)
    if mass is None:
        return None
    held = share_of(mass, treatment.elemental.factor)
    return Amount(from_micrograms(held, substance.unit), substance.unit)


def _is_misspelt(text: str, name: str) -> bool:
    has_long_words = all(len(word) >= SHORTEST_WORD_MISSPELT for word in name.split())
    return has_long_words and is_one_slip_apart(text, name)


def _names(treatment: Treatment) -> list[str]:
    substance = SUBSTANCES[treatment.substance].name
    names = (treatment.short_name, treatment.name, substance, *treatment.synonyms)
    return list(dict.fromkeys(folded(name) for each in names for name in in_every_language(each)))


def _rank(treatment: Treatment, wanted: str) -> int | None:
    """Rank a name: 0 if it is `wanted`; then names, then words, that begin with it, then parts."""
    names = _names(treatment)
    short_name, words = names[0], " " + " ".join(names)
    checks = (
        wanted in names,
        any(name.startswith(wanted) for name in names),
        all(f" {word}" in words for word in wanted.split()),
        any(begins_as_one(name, wanted) for name in names),
        wanted in short_name,
    )
    return next((rank for rank, matches in enumerate(checks) if matches), None)


def _substance(slug: str, raw: dict[str, Any]) -> Substance:
    levels = tuple(_upper_level(row | {"substance": slug}) for row in raw["upper_levels"])
    thresholds = tuple(
        _threshold(row | {"substance": slug, "compares": "substance"}) for row in raw["warn_at"]
    )
    read = {
        "slug": slug,
        "upper_levels": levels,
        "warn_at": thresholds,
        "note_sources": _sources(raw["note_sources"]),
        "synonyms": tuple(raw["synonyms"]),
    }
    return Substance(**raw | read)


def _upper_level(raw: dict[str, Any]) -> UpperLevel:
    compares = Comparison(raw.get("compares", "substance"))
    return UpperLevel(**raw | {"compares": compares, "sources": _sources(raw["sources"])})


def _threshold(raw: dict[str, Any]) -> WarnThreshold:
    compares = Comparison(raw.get("compares", "product"))
    return WarnThreshold(**raw | {"compares": compares, "sources": _sources(raw["sources"])})


def _sources(keys: Iterable[str]) -> tuple[Source, ...]:
    return tuple(SOURCES[key] for key in keys)


def _cited(raw: dict[str, Any]) -> dict[str, Any]:
    """Return a statement with its sources read."""
    return raw | {"sources": _sources(raw["sources"])}


def _usual(raw: dict[str, Any]) -> UsualDose:
    times = tuple(DoseTime(time.fromisoformat(at), amount) for at, amount in raw.get("times", []))
    return UsualDose(**raw | {"timing": TimingKind(raw["timing"]), "times": times})


def _treatment(raw: dict[str, Any], reviewed_on: str) -> Treatment:
    substance = SUBSTANCES[raw["substance"]]
    own_levels = tuple(_upper_level(row) for row in raw["upper_levels"])
    own_thresholds = tuple(
        _threshold(row | {"substance": substance.slug}) for row in raw["warn_at"]
    )
    read = {
        "synonyms": tuple(raw["synonyms"]),
        "kind": TreatmentKind(raw["kind"]),
        "route": Route(raw["route"]),
        "typical": TypicalDose(**_cited(raw["typical"])),
        "usual": _usual(raw["usual"]),
        "elemental": Elemental(**raw["elemental"]) if raw["elemental"] else None,
        "strengths": tuple(Strength(**row) for row in raw["strengths"]),
        "salts": tuple(Salt(**row) for row in raw["salts"]),
        "upper_levels": substance.upper_levels + own_levels,
        "warn_at": own_thresholds + substance.warn_at,
        "side_effects": SideEffects(
            symptoms=tuple(raw["side_effects"]["symptoms"]),
            words=raw["side_effects"]["words"],
            sources=_sources(raw["side_effects"]["sources"]),
        ),
        "cautions": tuple(Passage(**_cited(row)) for row in raw["cautions"]),
        "lab_notes": tuple(
            LabNote(**{"weeks": WEEKS_AFTER} | _cited(row)) for row in raw["lab_notes"]
        ),
        "interactions": tuple(_interaction(row) for row in raw["interactions"]),
        "course": Course(**_cited(raw["course"])),
        "grade": Grade(raw["grade"]),
        "limit_sources": _sources(raw["limit_sources"]),
        "honest_sources": _sources(raw["honest_sources"]),
        "claims": tuple(Passage(**_cited(row)) for row in raw["claims"]),
        "reviewed_on": reviewed_on,
    }
    return Treatment(**raw | read)


def _interaction(raw: dict[str, Any]) -> Interaction:
    ids = tuple(raw.get("catalogue_ids", []))
    return Interaction(**_cited(raw) | {"catalogue_ids": ids})


def _ready_made_set(raw: dict[str, Any]) -> ReadyMadeSet:
    return ReadyMadeSet(**raw | {"items": tuple(_set_item(row) for row in raw["items"])})


def _set_item(raw: dict[str, Any]) -> SetItem:
    return SetItem(**raw, usual=CATALOGUE[raw["catalogue_id"]].usual)


def _translatable(value: Any, field: str = "") -> Any:
    """Return the file with each text that people read as a message."""
    if isinstance(value, dict):
        return {name: _translatable(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_translatable(each, field) for each in value]
    return lazy(value) if isinstance(value, str) and value and field in READ else value


_FILE: dict[str, Any] = _translatable(
    json.loads(Path(__file__).with_name("catalogue.json").read_text(encoding="utf-8"))
)

REVIEWED_ON: str = _FILE["reviewed_on"]
GRADES: Mapping[Grade, GradeMeaning] = MappingProxyType(
    {Grade(letter): GradeMeaning(**row) for letter, row in _FILE["grades"].items()}
)
SOURCES: Mapping[str, Source] = MappingProxyType(
    {key: Source(key=key, **row) for key, row in _FILE["sources"].items()}
)
SUBSTANCES: Mapping[str, Substance] = MappingProxyType(
    {slug: _substance(slug, row) for slug, row in _FILE["substances"].items()}
)
CATALOGUE: Mapping[str, Treatment] = MappingProxyType(
    {row["id"]: _treatment(row, _FILE["reviewed_on"]) for row in _FILE["items"]}
)
SETS: tuple[ReadyMadeSet, ...] = tuple(_ready_made_set(row) for row in _FILE["sets"])

_NAMED: Mapping[str, str] = MappingProxyType(
    {
        folded(name): slug
        for slug, substance in SUBSTANCES.items()
        for each in (slug, substance.name, *substance.synonyms)
        for name in in_every_language(each)
    }
)
# The entry that is only its substance: it stands for every product that contains it.
_PLAIN: Mapping[str, Treatment] = MappingProxyType(
    {
        treatment.substance: treatment
        for treatment in CATALOGUE.values()
        if treatment.elemental is not None and treatment.elemental.factor == 1
    }
)
