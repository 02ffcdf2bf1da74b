"""Notes and life events as lines of a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.db.direct import fetch
from app.domain.life_events import LIFE_EVENTS, life_event_name
from app.models import Note, NoteKind
from app.web.deps import Visit
from app.web.words import _


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note or event: what it is called, and what it says."""

    note: Note
    title: str
    icon: str

    @property
    def is_event(self) -> bool:
        """Whether it happened, rather than was remarked."""
        return self.note.kind is NoteKind.EVENT


def note_lines(notes: Iterable[Note]) -> list[NoteLine]:
    """Notes with their titles and icons."""
    return [NoteLine(note, _title(note), _icon(note)) for note in notes]


def notes_on(visit: Visit, on: date) -> list[NoteLine]:
    """The notes and events of one day."""
    return note_lines(fetch(visit.session, Note.between, visit.user.id, on, on))


def _title(note: Note) -> str:
    return life_event_name(note.label) if note.kind is NoteKind.EVENT else _("Note")


def _icon(note: Note) -> str:
    if note.kind is NoteKind.NOTE:
        return "note"
    known = LIFE_EVENTS.get(note.label)
    return known.icon if known else "flag"
