"""Save notes and life events, and search them."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session, col

from app.domain.life_events import BLOOD_TEST, LIFE_EVENTS, MOST_DAYS_AHEAD
from app.domain.text import begins_as_one, folded
from app.errors import Refused
from app.i18n import _
from app.models import Note, NoteKind, User
from app.records import NOTE
from app.services.history import Decision, record_row
from app.services.writable_days import check_day


def save_note(session: Session, user: User, note: Note, decision: Decision) -> bool:
    """Save a note or a life event; return whether it is now the latest state.

    A note has no label; one that is given is ignored. Raises `Refused` for a day that cannot be
    written, a note without text and an event without a label, and `NotFound` for another person's
    id. The caller commits.
    """
    if note.kind is NoteKind.NOTE:
        note.label = ""
    _check_day(user, note, decision)
    if note.kind is NoteKind.NOTE and not note.text:
        raise Refused(_("Write something first."), "text")
    if note.kind is NoteKind.EVENT and not note.label:
        raise Refused(_("Choose what happened."), "label")
    return record_row(session, decision, NOTE, note)


def find_notes(session: Session, user: User, text: str, *, start: int, most: int) -> Sequence[Note]:
    """Find notes and events that contain `text`, newest first; "" finds all.

    Compares as `folded` does, so both databases find the same: "strasse" finds "Straße", and "dont"
    finds "don't". A text without letters or digits is searched for literally. Skips the first
    `start` and returns at most `most`.
    """
    if not text:
        return session.exec(Note.newest_first(user.id).offset(start).limit(most)).all()
    found = [
        note_id
        for note_id, label, said in session.execute(Note.texts_of(user.id))
        if _holds(text, said, label, str(LIFE_EVENTS[label].name) if label in LIFE_EVENTS else "")
    ]
    wanted = found[start : start + most]
    return session.exec(Note.newest_first(user.id).where(col(Note.id).in_(wanted))).all()


def _check_day(user: User, note: Note, decision: Decision) -> None:
    """Refuse a day that cannot be written; a blood test may be noted up to a year ahead."""
    now = decision.received_at
    today = user.today(now)
    if note.label != BLOOD_TEST:
        check_day(user, note.on, now, "on")
    elif note.on > today + timedelta(days=MOST_DAYS_AHEAD):
        raise Refused(
            _(
                "A blood test can be noted up to {most_days_ahead} days ahead.",
                most_days_ahead=MOST_DAYS_AHEAD,
            ),
            "on",
        )
    else:
        check_day(user, min(note.on, today), now, "on")


def _holds(text: str, *texts: str) -> bool:
    wanted = folded(text)
    if not wanted:
        return any(text in each for each in texts)
    return any(wanted in each or begins_as_one(each, wanted) for each in map(folded, texts))
