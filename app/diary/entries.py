"""Read the entries of a day besides doses: notes, life events and measurements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.db.direct import fetch
from app.diary.diary import Diary
from app.domain.life_events import BLOOD_TEST
from app.models import Measurement, Note, NoteKind

ANNOUNCED_FROM = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class DayNotes:
    """The notes and life events of a day, and the day of the blood test to announce."""

    notes: tuple[Note, ...]
    blood_test_on: date | None


def notes_on(diary: Diary, on: date) -> DayNotes:
    """Read the notes of a day, and the blood test of that day or near today, in one query."""
    last = on + ANNOUNCED_FROM if on == diary.today else on
    found = list(fetch(diary.session, Note.between, diary.owner.id, on, last))
    tests = (note for note in found if note.label == BLOOD_TEST and note.kind is NoteKind.EVENT)
    return DayNotes(
        tuple(note for note in found if note.on == on),
        next((note.on for note in tests), None),
    )


def life_events(diary: Diary) -> Sequence[tuple[date, str, str]]:
    """Read the day, label and text of every life event, oldest first."""
    return fetch(diary.session, Note.events_of, diary.owner.id)


def measurements_on(diary: Diary, on: date) -> Sequence[Measurement]:
    """Read the readings of a day, for a person with any measurement turned on."""
    if not diary.owner.preferences.measures_on:
        return []
    return fetch(diary.session, Measurement.between, diary.owner.id, on, on)
