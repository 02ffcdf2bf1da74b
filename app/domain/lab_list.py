"""What a lab and a doctor should hear of before a blood test.

An item is told of while it is taken, on hold or not, and for the weeks after its last dose that
its note names: finasteride still lowers a PSA value months later.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from app.domain.ledger import Plan
from app.domain.treatments import LabNote, Treatment


def lab_notes_on(treatments: Sequence[Treatment], plan: Plan, on: date) -> tuple[LabNote, ...]:
    """The notes about one item that matter for a test on `on`."""
    return tuple(note for note in _notes(treatments) if _matters(note, plan, on))


def _notes(treatments: Iterable[Treatment]) -> Iterable[LabNote]:
    for treatment in treatments:
        yield from treatment.lab_notes


def _matters(note: LabNote, plan: Plan, on: date) -> bool:
    if plan.starts_on > on:
        return False
    return plan.ends_on is None or on <= plan.ends_on + timedelta(weeks=note.weeks)
