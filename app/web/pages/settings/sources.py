"""The page of sources: each once, with the entries that use it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.catalogue import CATALOGUE, SOURCES, SUBSTANCES, Source


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source and the names of the entries that use it."""

    source: Source
    names: Sequence[str]


def source_lines() -> Sequence[SourceLine]:
    """Return every source of a statement, in alphabetical order."""
    used: dict[str, list[str]] = {}
    for treatment in CATALOGUE.values():
        for source in treatment.sources:
            used.setdefault(source.key, []).append(str(treatment.short_name))
    for substance in SUBSTANCES.values():
        for source in substance.sources:
            used.setdefault(source.key, []).append(substance.in_sentence)
    lines = [SourceLine(SOURCES[key], _once(names)) for key, names in used.items()]
    return sorted(lines, key=lambda line: str(line.source.cite).casefold())


def _once(names: Sequence[str]) -> Sequence[str]:
    """Leave out the substances that are named as treatments already."""
    return list({name.casefold(): name for name in reversed(names)}.values())[::-1]
