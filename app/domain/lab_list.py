"""The notes that a lab and a doctor need before a blood test.

An item is listed while it is current, paused or not, and for as many weeks after its last dose as
its note says: finasteride still lowers a PSA value months later.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from app.domain.ledger import Plan
from app.domain.treatments import LabNote, Treatment


def lab_notes_on(treatments: Sequence[Treatment], plan: Plan, on: date) -> tuple[LabNote, ...]:
    """Return one item's notes that matter for a test on `on`."""
    return tuple(note for note in _notes(treatments) if _matters(note, plan, on))


def _notes(treatments: Iterable[Treatment]) -> Iterable[LabNote]:
    for treatment in treatments:
        yield from treatment.lab_notes


def _matters(note: LabNote, plan: Plan, on: date) -> bool:
    if plan.starts_on > on:
        return False
    return plan.ends_on is None or on <= plan.ends_on + timedelta(weeks=note.weeks)
