"""The page for counting hairs: the readings of one set, with those of the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from app.diary import Diary
from app.domain.shedding import LONGEST_SET, MOST_RUNS, SET_SIZES, CountMethod, set_around
from app.i18n import _
from app.language import words
from app.language.shedding_words import METHODS, MethodWords, again, figure
from app.models import SheddingCount
from app.services.shedding import subject_of
from app.web.forms.shedding_count import values_of_count
from app.web.http.reading import Submission

LONG_UNWASHED = 4
# Far enough back to find the first of a row of mornings.
NEAR = 8 * LONGEST_SET


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One reading of the set: its name, its field, and the value in it."""

    name: str
    day: str
    field: str
    subject: str
    value: str
    error: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class CountPage:
    """Everything on the page of a count. `kept` is the day's own reading, once saved."""

    on: date
    run: int
    words: MethodWords
    lines: tuple[ReadingLine, ...]
    mean: str
    counted: int
    standing: str
    hint: str
    kept: UUID | None
    may_count_again: bool
    is_editable: bool
    is_future: bool
    values: Mapping[str, Any]
    unwashed: tuple[tuple[int, str], ...]
    others: tuple[MethodWords, ...]

    @property
    def own(self) -> ReadingLine:
        """The line of the day's own reading."""
        return next(line for line in self.lines if line.is_own)


def count_page(
    diary: Diary, on: date, method: CountMethod, run: int, submission: Submission[Any]
) -> CountPage:
    """Read the set and the latest answers, and lay them out."""
    user_id, session = diary.owner.id, diary.session
    rows = _set_of(diary, method, on)
    kept = next((row for row in rows if (row.on, row.run) == (on, run)), None)
    known = kept or _latest(session.exec(SheddingCount.newest(user_id, on)).all(), method)
    lines = _lines(diary, rows, on, method, run, submission)
    place = next(place for place, line in enumerate(lines, start=1) if line.is_own)
    values = [row.reading.value for row in rows]
    return CountPage(
        on=on,
        run=run,
        words=METHODS[method],
        lines=tuple(lines),
        mean=figure(sum(values) / len(values)) if values else "\N{EN DASH}",
        counted=len(values),
        standing=_standing(method, place),
        hint=_hint(method, place, is_today=on == diary.today),
        kept=kept.id if kept else None,
        may_count_again=_may_count_again(method, rows, on, kept),
        is_editable=diary.may_edit(on),
        is_future=on > diary.today,
        values={**values_of_count(known, is_saved=known is kept), **submission.values},
        unwashed=_unwashed(known),
        others=tuple(each for each in METHODS.values() if each.method is not method),
    )


def _set_of(diary: Diary, method: CountMethod, on: date) -> list[SheddingCount]:
    """Return the readings of the set that the day's reading belongs to, oldest first."""
    near = SheddingCount.between(diary.owner.id, on - NEAR, on + LONGEST_SET)
    rows = {row.reading: row for row in diary.session.exec(near) if row.method is method}
    return [rows[reading] for reading in set_around(method, rows, on)]


def field_of(method: CountMethod, on: date, run: int) -> str:
    """Return the name of a reading's field: `hairs-2026-11-23-1`."""
    return f"{'score' if method.is_score else 'hairs'}-{on}-{run}"


def _lines(
    diary: Diary,
    rows: Sequence[SheddingCount],
    on: date,
    method: CountMethod,
    run: int,
    submission: Submission[Any],
) -> list[ReadingLine]:
    stored = {(row.on, row.run): row.reading.value for row in rows}
    places = sorted({*stored, (on, run)})
    lines = []
    days = groupby(places, key=lambda place: place[0])
    for ordinal, (day, of_day) in enumerate(days, start=1):
        for _day, each_run in of_day:
            name = field_of(method, day, each_run)
            typed = submission.values.get(name)
            value = stored.get((day, each_run), "") if typed is None else typed
            lines.append(
                ReadingLine(
                    name=_line_name(method, ordinal, each_run),
                    day=_line_day(diary, day),
                    field=name,
                    subject=subject_of(diary.owner, day, method, each_run),
                    value=str(value),
                    error=submission.errors.get(name, ""),
                    is_own=(day, each_run) == (on, run),
                )
            )
    return lines


def _line_name(method: CountMethod, ordinal: int, run: int) -> str:
    name = f"{METHODS[method].reading} {ordinal}"
    return name if run == 1 else _("{name}, count {run}", name=name, run=run)


def _line_day(diary: Diary, day: date) -> str:
    if day == diary.today:
        return _("Today, {day}", day=words.short_day(day))
    return f"{words.short_weekday(day.weekday())} {words.dated(day, diary.today)}"


def _latest(rows: Sequence[SheddingCount], method: CountMethod) -> SheddingCount | None:
    """Return the last answers given: with this method, else with any."""
    alike = (row for row in rows if row.method is method)
    return next(alike, rows[0] if rows else None)


def _unwashed(known: SheddingCount | None) -> tuple[tuple[int, str], ...]:
    """Return the days since the last wash; keep a longer time that was entered before."""
    days = known.days_since_wash if known else None
    longest = max(days or 0, LONG_UNWASHED)
    each = [(day, str(day)) for day in range(LONG_UNWASHED)]
    return (*each, (longest, _("4 or more")))


def _standing(method: CountMethod, place: int) -> str:
    """Morning 3 of 3."""
    size, name = SET_SIZES[method], METHODS[method].reading
    if size == 1:
        return ""
    if place > size:
        return _("{name} {place} of this set", name=name, place=place)
    return _("{name} {place} of {size}", name=name, place=place, size=size)


def _hint(method: CountMethod, place: int, *, is_today: bool) -> str:
    """Say what comes next in the set, or that it is complete."""
    left = SET_SIZES[method] - place
    if SET_SIZES[method] == 1 or left < 0:
        return ""
    if left == 0:
        return _("That completes the set.")
    return _("Count again {what}.", what=again(method)) if is_today else ""


def _may_count_again(
    method: CountMethod, rows: Sequence[SheddingCount], on: date, kept: SheddingCount | None
) -> bool:
    """Whether a second or third minute can be counted on the same morning."""
    of_day = sum(row.on == on for row in rows)
    return method is CountMethod.SIXTY_SECOND and kept is not None and of_day < MOST_RUNS
