"""Notes and life events, saved without a form."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from app.domain.life_events import BLOOD_TEST, MOST_DAYS_AHEAD
from app.errors import Refused
from app.models import Note, NoteKind, User
from app.records import NOTE
from app.services.notes import save_note
from tests.support.clock import NOW
from tests.support.databases import Rows
from tests.support.regimens import decided

TODAY = NOW.date()
NOTE_ID = UUID(int=3)


def note(session: Session, user: User, minutes_ago: float = 0, **said: Any) -> None:
    made = NOTE.row(id=NOTE_ID, **{"on": TODAY, "kind": NoteKind.NOTE, **said})
    save_note(session, user, made, decided(user, minutes_ago))
    session.commit()


def test_a_note_has_no_label_and_an_event_keeps_its_own(
    session: Session, rows: Rows, alice: User
) -> None:
    note(session, alice, 1, label="illness", text="Slept badly")
    (plain,) = rows(Note)
    assert (plain.kind, plain.label, plain.text) == (NoteKind.NOTE, "", "Slept badly")

    note(session, alice, kind=NoteKind.EVENT, label="Moved house")
    (event,) = rows(Note)
    assert (event.kind, event.label, event.text) == (NoteKind.EVENT, "Moved house", "")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "text"),
        ({"kind": NoteKind.EVENT, "text": "Fever"}, "label"),
        ({"text": "Later", "on": TODAY + timedelta(days=2)}, "on"),
        ({"kind": NoteKind.EVENT, "label": "illness", "on": TODAY + timedelta(days=2)}, "on"),
    ],
)
def test_a_note_that_cannot_be_names_its_field_and_is_not_saved(
    session: Session, rows: Rows, alice: User, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        note(session, alice, **said)

    assert refusal.value.field == field
    assert rows(Note) == []


def test_a_blood_test_is_noted_up_to_a_year_ahead(
    session: Session, rows: Rows, alice: User
) -> None:
    last = TODAY + timedelta(days=MOST_DAYS_AHEAD)
    event: dict[str, Any] = {"kind": NoteKind.EVENT, "label": BLOOD_TEST}
    note(session, alice, 1, on=last, **event)

    with pytest.raises(Refused):
        note(session, alice, on=last + timedelta(days=1), **event)
    assert [each.on for each in rows(Note)] == [last]
