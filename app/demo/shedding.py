"""How many hairs the person of the demo counted: a minoxidil shed early on, fewer in the end."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from app.demo import story as story
from app.domain.logical_dates import iso_week, week_start
from app.domain.shedding import ChemicalTreatment, CountMethod, HairLength
from app.models.shedding_count import shedding_count_id

MINOXIDIL_STARTS = 304
SHED = story.StoryPhase(MINOXIDIL_STARTS - 14, MINOXIDIL_STARTS - 56)
CALM_AGAIN = MINOXIDIL_STARTS - 90
# Two to three months after a fever more hair is shed for a while.
AFTER_THE_FEVER = story.StoryPhase(96, 72)
USUAL, LOWEST = 1.0, 0.7
COMBED, WASHED = 13.6, 31.0
WEEK = timedelta(weeks=1)
MORNINGS = (0, 1, 2)
WASH_DAYS = (3, 4, 5)
NOTES = {2: "Long minute. Counted twice.", 7: "More in the comb than ever.", 16: "A new towel."}

InstantOf = Callable[[date, time], datetime]


def shedding_rows(user_id: UUID, today: date, instant: InstantOf) -> Iterator[dict[str, Any]]:
    """The year's counts: combed on three mornings every few weeks, washes monthly."""
    rng = Random("Strand shedding")
    first = week_start(today - timedelta(days=story.YEAR) + WEEK)
    for number, monday in enumerate(_weeks_of_combing(rng, first, today)):
        for offset in MORNINGS:
            on = monday + timedelta(days=offset)
            hairs = _around(rng, COMBED * _level((today - on).days), 2.3)
            note = NOTES.get(number, "") if offset == MORNINGS[-1] else ""
            at = instant(on, time(7, 40 + offset))
            yield _row(user_id, on, CountMethod.SIXTY_SECOND, hairs, at, note)
    # They end before the combing does: the page opens with what was counted last.
    for monday in _every_fourth_week(first, today - 4 * WEEK):
        for offset in WASH_DAYS:
            on = monday + timedelta(days=offset)
            hairs = _around(rng, WASHED * _level((today - on).days), 4.6)
            yield _row(user_id, on, CountMethod.WASH, hairs, instant(on, time(20, 15)), "")


def _weeks_of_combing(rng: Random, first: date, today: date) -> Iterator[date]:
    """Practice, every week until minoxidil, then every second or third; none on the journey."""
    monday = first
    while monday + timedelta(days=MORNINGS[-1]) < today:
        days_ago = (today - monday).days
        if not story.AWAY.covers(days_ago):
            yield monday
        if monday == first:
            monday += 2 * WEEK
        elif days_ago > MINOXIDIL_STARTS:
            monday += WEEK
        else:
            monday += rng.choice((2, 2, 3)) * WEEK


def _every_fourth_week(first: date, until: date) -> Iterator[date]:
    while first < until:
        yield first
        first += 4 * WEEK


def _level(days_ago: int) -> float:
    """How much is shed, as a share of what was usual before minoxidil."""
    if days_ago > SHED.first:
        return USUAL
    if SHED.covers(days_ago):
        return 1.6
    if days_ago > CALM_AGAIN:
        return USUAL + 0.6 * (days_ago - CALM_AGAIN) / (SHED.last - CALM_AGAIN)
    level = LOWEST + (USUAL - LOWEST) * days_ago / CALM_AGAIN
    return level * 1.3 if AFTER_THE_FEVER.covers(days_ago) else level


def _around(rng: Random, level: float, spread: float) -> int:
    return max(0, round(rng.gauss(level, spread)))


def _row(
    user_id: UUID, on: date, method: CountMethod, hairs: int, at: datetime, note: str
) -> dict[str, Any]:
    return {
        "id": shedding_count_id(user_id, on, method, 1),
        "user_id": user_id,
        "on": on,
        "iso_week": iso_week(on),
        "method": method,
        "run": 1,
        "hairs": hairs,
        "score": None,
        "days_since_wash": 1,
        "hair_length": HairLength.SHORT,
        "chemical_treatment": ChemicalTreatment.NONE,
        "comb": "Black, fine teeth" if method is CountMethod.SIXTY_SECOND else "",
        "note": note,
        "logged_at": at,
    }
