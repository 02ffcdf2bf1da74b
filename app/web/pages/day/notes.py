"""Notes and life events as lines of a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.diary.entries import notes_on
from app.domain.life_events import LIFE_EVENTS, life_event_name
from app.i18n import _
from app.language import words
from app.models import Note, NoteKind
from app.web.http.visit import Visit


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note or event: its title and its text."""

    note: Note
    title: str
    icon: str

    @property
    def is_event(self) -> bool:
        """Whether it is a life event rather than a note."""
        return self.note.kind is NoteKind.EVENT

    @property
    def short_date(self) -> str:
        """Wed 25: its day, below the name of the month."""
        return words.day_of_week(self.note.on)


@dataclass(frozen=True, slots=True)
class NoteMonth:
    """The notes of one month, newest first; `id` is its anchor, 2026-11."""

    id: str
    title: str
    lines: tuple[NoteLine, ...]


@dataclass(frozen=True, slots=True)
class MonthLink:
    """A month that has notes: their number, and the page on which they begin."""

    id: str
    title: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class BloodTest:
    """A blood test on this day or soon after, and the list to bring."""

    title: str
    url: str


def note_lines(notes: Iterable[Note]) -> list[NoteLine]:
    """Return notes with their titles and icons."""
    return [NoteLine(note, _title(note), _icon(note)) for note in notes]


def note_months(notes: Iterable[Note]) -> list[NoteMonth]:
    """Group notes, newest first, by month."""
    months = groupby(note_lines(notes), lambda line: line.note.on.replace(day=1))
    return [NoteMonth(_month_id(on), words.month(on), tuple(lines)) for on, lines in months]


def month_links(visit: Visit, days: Sequence[date], a_page: int) -> list[MonthLink]:
    """A link to each month that has notes. `days` is the day of each note, newest first;
    `a_page` is how many notes a page lists."""
    links = []
    place = 0
    for on, same in groupby(days, lambda day: day.replace(day=1)):
        count = sum(1 for _day in same)
        page, anchor = place // a_page + 1, _month_id(on)
        url = f"{visit.paths('index_notes')}?page={page}#{anchor}"
        links.append(MonthLink(anchor, words.month(on), count, url))
        place += count
    return links


def day_notes(visit: Visit, on: date) -> tuple[list[NoteLine], BloodTest | None]:
    """Read the notes of one day, and the blood test of that day or near today, in one query."""
    found = notes_on(visit.diary, on)
    test_on = found.blood_test_on
    return note_lines(found.notes), _blood_test(visit, test_on, on) if test_on else None


def _month_id(on: date) -> str:
    return f"{on:%Y-%m}"


def _blood_test(visit: Visit, test_on: date, on: date) -> BloodTest:
    days = (test_on - visit.diary.today).days
    if days == 0:
        title = _("Blood test today")
    elif days == 1:
        title = _("Blood test tomorrow")
    elif test_on == on:
        title = _("Blood test on this day")
    else:
        title = _("Blood test on {weekday}", weekday=words.weekday(test_on.weekday()))
    return BloodTest(title, visit.paths("show_lab_list", on=test_on))


def _title(note: Note) -> str:
    return life_event_name(note.label) if note.kind is NoteKind.EVENT else _("Note")


def _icon(note: Note) -> str:
    if note.kind is NoteKind.NOTE:
        return "note"
    known = LIFE_EVENTS.get(note.label)
    return known.icon if known else "flag"
