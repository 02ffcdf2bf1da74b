"""Match a typed or imported name to entries of the catalogue.

A match is a suggestion for a person to confirm, never a decision: "Finasterid 1 mg
Filmtabletten" suggests finasteride tablets, "Minoxidil" suggests the solution, the foam and the
tablets. Names, synonyms and brand names come from the catalogue.
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.domain.catalogue import CATALOGUE, Treatment
from app.domain.labels import LONGEST_NAME, with_percent_signs
from app.domain.text import folded, is_one_slip_apart
from app.domain.treatments import Route, TreatmentKind
from app.i18n import in_every_language

SHORTEST_MISSPELT = 7
SHORTEST_ANYWHERE = 3

_PERCENT = re.compile(r"\d\s*%")
_MILLIGRAMS = re.compile(r"\d\s*(?:mg|milligrams?)\b(?!\s*/?\s*(?:ml|g)\b)", re.IGNORECASE)
_STRENGTH = re.compile(
    r"\d+(?:[.,]\d+)*\s*(?:%|mg|µg|μg|ug|mcg|g|ml|iu|ie|ui|i\.\s?e\.)(?![^\W\d_])", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"\([^)]*\)")

_SWALLOWED = frozenset(
    folded(
        "tablet tablets tablette tabletten filmtabletten comprimé comprimés comprimido comprimidos "
        "tab tabs capsule capsules kapsel kapseln gélule gélules cap caps pill pills softgel "
        "softgels gummies oral"
    ).split()
)
_APPLIED = frozenset(
    folded(
        "topical topisch topique foam schaum mousse solution lösung loesung lotion serum cream "
        "creme gel ointment salbe scalp"
    ).split()
)
_WASHED_OUT = frozenset(["shampoo", "shampooing", "conditioner", "champu", "haarshampoo"])
_NEITHER = frozenset(["nasal", "eye", "eyes", "ear", "vaginal", "rectal"])
_MEDICINES = (TreatmentKind.OTC, TreatmentKind.PRESCRIPTION)


def match_name(text: str) -> Sequence[Treatment]:
    """Return the entries that a name may mean, in the catalogue's order; empty if none.

    Case, accents, punctuation, strengths, dosage forms and one misspelt letter in a long word
    do not matter. Among entries of one substance the longest name found wins, so "magnesium
    L-threonate" is not also plain magnesium. Nothing beyond `LONGEST_NAME` is read.
    """
    text = with_percent_signs(text[:LONGEST_NAME])
    words = folded(_STRENGTH.sub(" ", text)).split()
    lengths = {
        treatment.id: length
        for treatment in CATALOGUE.values()
        if (length := _longest_name_in(words, treatment)) and _can_be(treatment, words, text)
    }
    found = [
        CATALOGUE[each]
        for each, length in lengths.items()
        if length == max(_lengths_of_substance(lengths, CATALOGUE[each].substance))
    ]
    return tuple(found)


def _longest_name_in(words: list[str], treatment: Treatment) -> int:
    """Count the words of the longest of its names that `words` contain; 0 if none does."""
    return max((len(name) for name in _NAMES[treatment.id] if _holds(words, name)), default=0)


def _holds(words: list[str], name: tuple[str, ...]) -> bool:
    """Whether the name is there: in a row, as one word, or its longer words in any order."""
    starts = range(len(words) - len(name) + 1)
    if any(_is_alike(words[at : at + len(name)], name) for at in starts):
        return True
    if len(name) > 1 and _is_parted_otherwise(words, name):
        return True
    is_distinct = all(len(word) >= SHORTEST_ANYWHERE for word in name)
    return is_distinct and all(any(_is_same(word, each) for each in words) for word in name)


def _is_parted_otherwise(words: list[str], name: tuple[str, ...]) -> bool:
    """Whether consecutive words make up the name, ignoring spaces: "magnesium lthreonate"."""
    letters = "".join(name)
    if letters not in "".join(words):
        return False
    return re.search(f"(?:^| ){' ?'.join(letters)}(?: |$)", " ".join(words)) is not None


def _is_alike(words: list[str], name: tuple[str, ...]) -> bool:
    return all(_is_same(wanted, word) for wanted, word in zip(name, words, strict=True))


def _is_same(wanted: str, word: str) -> bool:
    """Whether a word is the wanted one; one letter of a long word may be wrong."""
    if word == wanted:
        return True
    return len(wanted) >= SHORTEST_MISSPELT and is_one_slip_apart(wanted, word)


def _can_be(treatment: Treatment, words: list[str], text: str) -> bool:
    """Whether the dosage form in the name allows this entry.

    There are no tablets of a shampoo; percent is no strength of a tablet, nor milligrams one of
    a solution.
    """
    if not _NEITHER.isdisjoint(words):
        return False
    routes = _routes_named(words)
    if routes and treatment.route in _ROUTES_OF_FORMS:
        return treatment.route in routes
    if treatment.kind not in _MEDICINES:
        return True
    is_swallowed = treatment.route is Route.ORAL
    return not (_PERCENT if is_swallowed else _MILLIGRAMS).search(text)


def _routes_named(words: list[str]) -> set[Route]:
    return {route for route, forms in _FORMS.items() if not forms.isdisjoint(words)}


def _lengths_of_substance(lengths: Mapping[str, int], substance: str) -> list[int]:
    return [length for each, length in lengths.items() if CATALOGUE[each].substance == substance]


def _names_of(treatment: Treatment) -> frozenset[tuple[str, ...]]:
    written = (
        *in_every_language(treatment.short_name),
        *(_IN_BRACKETS.sub(" ", each) for each in in_every_language(treatment.name)),
        *treatment.synonyms,
    )
    names = (tuple(folded(_STRENGTH.sub(" ", each)).split()) for each in written)
    return frozenset(name for name in names if name)


_FORMS: Mapping[Route, frozenset[str]] = MappingProxyType(
    {Route.ORAL: _SWALLOWED, Route.SCALP: _APPLIED, Route.SCALP_WASH: _WASHED_OUT}
)
_ROUTES_OF_FORMS = frozenset(_FORMS)
_NAMES: Mapping[str, frozenset[tuple[str, ...]]] = MappingProxyType(
    {treatment.id: _names_of(treatment) for treatment in CATALOGUE.values()}
)
