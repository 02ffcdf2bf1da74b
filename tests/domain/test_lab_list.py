"""What a lab should hear of, and for how long after the last dose."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.domain.catalogue import CATALOGUE, Treatment
from app.domain.lab_list import lab_notes_on
from app.domain.ledger import PauseSpan, Plan

ON = date(2026, 11, 26)


def told(catalogue_id: str, plan: Plan) -> bool:
    return bool(lab_notes_on([CATALOGUE[catalogue_id]], plan, ON))


def plan(first: int, last: int | None = None, *pauses: PauseSpan) -> Plan:
    """Taken from so many days before the test, to so many days before it."""
    ends_on = None if last is None else ON - timedelta(days=last)
    return Plan(uuid4(), ON - timedelta(days=first), ends_on, None, (), pauses)


@pytest.mark.parametrize("catalogue_id", ["biotin", "finasteride-oral", "zinc"])
def test_what_is_taken_that_day_is_listed_even_on_hold(catalogue_id: str) -> None:
    assert told(catalogue_id, plan(100))
    assert told(catalogue_id, plan(0, 0))
    assert told(catalogue_id, plan(100, None, PauseSpan(ON - timedelta(days=9), None)))


@pytest.mark.parametrize(
    ("catalogue_id", "weeks"),
    [
        ("finasteride-oral", 26),
        ("finasteride-topical", 26),
        ("dutasteride-oral", 26),
        ("biotin", 4),
        ("zinc", 2),
    ],
)
def test_what_was_stopped_is_listed_for_the_weeks_that_matter(
    catalogue_id: str, weeks: int
) -> None:
    assert told(catalogue_id, plan(400, 7 * weeks))
    assert not told(catalogue_id, plan(400, 7 * weeks + 1))


def test_what_begins_later_and_what_no_lab_notices_is_not_listed() -> None:
    assert not told("biotin", plan(-1))
    assert not told("minoxidil-topical-solution", plan(100))
    assert lab_notes_on([], plan(100), ON) == ()


@pytest.mark.parametrize("treatment", CATALOGUE.values(), ids=CATALOGUE)
def test_a_lab_note_names_sources_of_its_entry_only(treatment: Treatment) -> None:
    for note in treatment.lab_notes:
        assert set(note.sources) <= set(treatment.sources)
