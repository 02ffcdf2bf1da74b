"""The form of a note or life event."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from pydantic import Field

from app.domain.life_events import LIFE_EVENTS
from app.models import Note, NoteKind
from app.records import NOTE
from app.web.forms.rows import shown_columns, typed_columns
from app.web.http.reading import (
    Day,
    EntryForm,
    Line,
    LongText,
    OneLine,
    Submission,
    submitted,
)

# The choice for an event that is not in the list; its name is typed.
OWN = "own"


class NoteForm(EntryForm):
    """A note or a life event."""

    id: UUID | None = None
    on: Day | None = None
    kind: NoteKind = NoteKind.NOTE
    label: Line = ""
    own_label: Annotated[OneLine, Field(max_length=60)] = ""
    text: LongText = ""

    def note(self, note_id: UUID, on: date) -> Note:
        """Return the note; its day is `on` if the form names none."""
        label = self.own_label or self.label if self.label in {OWN, ""} else self.label
        typed = {**typed_columns(self, NOTE), "on": self.on or on, "label": label}
        return NOTE.row(id=note_id, **typed)


def values_of_note(note: Note) -> Mapping[str, Any]:
    """Fill the form in with a stored note."""
    is_listed = note.label in LIFE_EVENTS
    return {
        **shown_columns(NoteForm, NOTE, note),
        "label": note.label if is_listed or not note.label else OWN,
        "own_label": "" if is_listed else note.label,
    }


NoteSubmission = Annotated[Submission[NoteForm], Depends(submitted(NoteForm))]
