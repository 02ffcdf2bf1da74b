"""Sums of what is counted apart."""

from collections.abc import Sequence
from dataclasses import fields

from app.domain.adherence import Adherence
from app.domain.figures import added


def added_up(parts: Sequence[Adherence]) -> Adherence:
    """What parts of a span come to together."""
    counts = {
        each.name: sum(getattr(part, each.name) for part in parts)
        for each in fields(Adherence)
        if each.name != "doses"
    }
    return Adherence(added([part.doses for part in parts]), **counts)
