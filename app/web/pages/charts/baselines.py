"""What a comparison with earlier counts leaves out, and what it has to name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.diary import Diary
from app.domain.courses import left_out_weeks
from app.domain.shedding import CountMethod, CountSet, Days, Reading, sets_by, usable_sets
from app.language import words
from app.language.words import _
from app.models import SheddingCount
from app.web.pages.charts.marks import changes_by_day

MOST_NAMED = 4

SetsByMethod = Mapping[CountMethod, Sequence[CountSet]]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Weeks in which the catalogue expects that an item has not settled, ends included."""

    item: str
    days: Days


def left_out_of(diary: Diary) -> list[LeftOut]:
    """The left-out weeks of every item: of its start, of each new dose, after a long break."""
    return [
        LeftOut(item.name, days)
        for item in diary.regimen.items
        for treatment in item.catalogue_entries
        for days in left_out_weeks(treatment.course, item.plan)
    ]


def count_sets(diary: Diary, until: date) -> dict[CountMethod, tuple[CountSet, ...]]:
    """Every set up to a day, by method, from one query."""
    readings: dict[CountMethod, list[Reading]] = {}
    found = SheddingCount.readings_between(diary.owner.id, date.min, until)
    runs: dict[tuple[date, CountMethod], int] = {}
    for on, method, hairs, score in diary.session.execute(found):
        run = runs[on, method] = runs.get((on, method), 0) + 1
        value = score if hairs is None else hairs
        readings.setdefault(method, []).append(Reading(on, run, value))
    return {each: sets_by(each, readings[each]) for each in CountMethod if each in readings}


def usable_before_and_since(diary: Diary, start: date) -> tuple[int, int]:
    """How many sets of the method most used lie before a day, and after what is left out."""
    days = [each.days for each in left_out_of(diary)]
    found = [
        (len(usable_sets(sets, start, days)), _settled(sets, start, days))
        for sets in count_sets(diary, diary.today).values()
    ]
    return max(found, default=(0, 0))


def changes_named(diary: Diary, first: date, last: date) -> str:
    """What changed in the regimen from `first` to `last`, both included; "" for nothing."""
    found = [what for on, what in changes_by_day(diary).items() if first <= on <= last]
    more = len(found) - MOST_NAMED
    named = found[:MOST_NAMED] + ([_("{count} more").format(count=more)] if more > 0 else [])
    return "; ".join(named)


def items_left_out(left_out: Iterable[LeftOut], sets: Iterable[CountSet], until: date) -> str:
    """The items for whose first weeks sets before a day are left out; "" where none is."""
    earlier = [each for each in sets if each.last_on < until]
    names = [each.item for each in left_out if any(found.touches([each.days]) for found in earlier)]
    known = list(dict.fromkeys(names))
    more = len(known) - MOST_NAMED
    named = known[:MOST_NAMED] + ([_("{count} more").format(count=more)] if more > 0 else [])
    return words.joined(named)


def _settled(sets: Sequence[CountSet], start: date, left_out: Sequence[Days]) -> int:
    return sum(each.first_on >= start and not each.touches(left_out) for each in sets)
