"""The calendar of a month: doses and notes, plans, and one chosen day."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.diary import Diary
from app.diary.regimen import Item, counts_between
from app.domain.adherence import ratio
from app.domain.ledger import NOTHING_ASKED
from app.domain.logical_dates import iso_week, week_name
from app.errors import NotFound
from app.models import CheckIn, Note, NoteKind, SymptomReport
from app.web.http.reading import FIRST_YEAR, LAST_YEAR
from app.web.http.visit import Visit
from app.web.pages.charts.marks import planned_changes
from app.web.pages.day.notes import NoteLine, note_lines
from app.web.pages.day.page import DayPage, day_page

WEEK = 7
THURSDAY = 4


@dataclass(frozen=True, slots=True)
class MonthCell:
    """One day of the month. `due` includes planned doses on future days.

    `less`: how many of the doses taken were smaller than planned.
    """

    on: date
    share: float | None
    taken: int
    less: int
    due: int
    is_in_month: bool
    is_today: bool
    is_future: bool
    is_before: bool
    has_check_in: bool
    has_note: bool
    has_change: bool


@dataclass(frozen=True, slots=True)
class MonthWeek:
    """Seven days, from the person's first weekday on; the ISO week is that of the Thursday."""

    number: int
    name: str
    cells: tuple[MonthCell, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """A future change of the regimen, or a future event such as a blood test."""

    on: date
    text: str
    icon: str
    tone: str
    url: str


@dataclass(frozen=True, slots=True)
class MonthPage:
    """A month; `chosen` is the day whose doses are beside it on a wide screen."""

    first: date
    last: date
    weeks: tuple[MonthWeek, ...]
    planned: tuple[Planned, ...]
    chosen: DayPage | None
    notes: tuple[NoteLine, ...]

    @property
    def earlier(self) -> str:
        """The month before, 2026-10."""
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def later(self) -> str:
        """The month after, 2026-12."""
        return f"{self.last + timedelta(days=1):%Y-%m}"


def month_page(visit: Visit, month: str, chosen: date | None) -> MonthPage:
    """Read a month, 2026-11. Raises `NotFound` for one that does not exist.

    The default chosen day is today, or the first day of a future month.
    """
    first = _first_of(month)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    lead = (first.isoweekday() - visit.diary.owner.preferences.first_weekday) % WEEK
    grid_first = first - timedelta(days=lead)
    weeks = (lead + (last - first).days) // WEEK + 1
    grid_last = grid_first + timedelta(days=WEEK * weeks - 1)
    notes = list(
        visit.diary.session.exec(Note.between(visit.diary.owner.id, grid_first, grid_last))
    )
    changes = planned_changes(visit.diary, first, last)
    cells = _cells(visit.diary, (first, last), (grid_first, grid_last), notes, changes)
    on = _chosen(visit.diary, first, last, chosen)
    return MonthPage(
        first=first,
        last=last,
        weeks=tuple(_week(cells[at : at + WEEK]) for at in range(0, len(cells), WEEK)),
        planned=tuple(_planned(visit, (first, last), notes, changes)),
        chosen=day_page(visit, on) if on else None,
        notes=tuple(note_lines(note for note in notes if note.on == on)),
    )


def _first_of(month: str) -> date:
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise NotFound from error
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise NotFound
    return first


def _chosen(diary: Diary, first: date, last: date, chosen: date | None) -> date | None:
    """Return the day to show; an old month has none until one is chosen."""
    if chosen is not None and first <= chosen <= last:
        return chosen
    if diary.today > last:
        return None
    return max(first, diary.today)


def _cells(
    diary: Diary,
    month: tuple[date, date],
    grid: tuple[date, date],
    notes: Sequence[Note],
    changes: Sequence[tuple[date, Item, str]],
) -> list[MonthCell]:
    user, today = diary.owner, diary.today
    found = counts_between(diary.session, user, *grid, today=today)
    noted = {note.on for note in notes}
    changed = {on for on, _item, _text in changes}
    answered = {
        each.on
        for table in (CheckIn, SymptomReport)
        for each in diary.session.exec(table.between(user.id, *grid))
    }
    days = [grid[0] + timedelta(days=offset) for offset in range((grid[1] - grid[0]).days + 1)]
    counts = {on: found.get(on, NOTHING_ASKED) for on in days}
    return [
        MonthCell(
            on=on,
            share=ratio(counts[on].taken, counts[on].asked),
            taken=counts[on].taken,
            less=counts[on].less,
            due=counts[on].asked,
            is_in_month=month[0] <= on <= month[1],
            is_today=on == today,
            is_future=on > today,
            is_before=on < user.began_on,
            has_check_in=on in answered,
            has_note=on in noted,
            has_change=on in changed,
        )
        for on in days
    ]


def _week(cells: Sequence[MonthCell]) -> MonthWeek:
    thursday = next(cell.on for cell in cells if cell.on.isoweekday() == THURSDAY)
    return MonthWeek(iso_week(thursday) % 100, week_name(thursday), tuple(cells))


def _planned(
    visit: Visit,
    month: tuple[date, date],
    notes: Sequence[Note],
    changes: Sequence[tuple[date, Item, str]],
) -> list[Planned]:
    """Return the plans within the month, oldest first: changes, then events of a day."""
    planned = [
        Planned(
            on,
            text,
            item.icon,
            item.tone,
            visit.paths("show_regimen_item", regimen_item_id=item.id),
        )
        for on, item, text in changes
    ]
    ahead = [
        note
        for note in notes
        if note.kind is NoteKind.EVENT and max(month[0], visit.diary.today) <= note.on <= month[1]
    ]
    planned += [
        Planned(
            line.note.on,
            line.title,
            line.icon,
            "teal",
            visit.paths("edit_note", note_id=line.note.id),
        )
        for line in note_lines(ahead)
    ]
    return sorted(planned, key=lambda each: each.on)
