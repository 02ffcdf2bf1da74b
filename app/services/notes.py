"""The days on which something may be noted, and the search through what was noted."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session, col

from app.domain.life_events import BLOOD_TEST, LIFE_EVENTS, MOST_DAYS_AHEAD
from app.domain.text import begins_as_one, folded
from app.errors import Refused
from app.i18n import _
from app.models import Note, User
from app.services.dose_events import check_day


def check_note_day(user: User, on: date, label: str, now: datetime) -> None:
    """Refuse a day that cannot be written; a blood test may be noted up to a year ahead."""
    if label != BLOOD_TEST:
        check_day(user, on, now)
    elif on > user.today(now) + timedelta(days=MOST_DAYS_AHEAD):
        raise Refused(
            _(
                "A blood test can be noted up to {most_days_ahead} days ahead.",
                most_days_ahead=MOST_DAYS_AHEAD,
            ),
            "on",
        )
    else:
        check_day(user, min(on, user.today(now)), now)


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


def _holds(text: str, *texts: str) -> bool:
    wanted = folded(text)
    if not wanted:
        return any(text in each for each in texts)
    return any(wanted in each or begins_as_one(each, wanted) for each in map(folded, texts))
