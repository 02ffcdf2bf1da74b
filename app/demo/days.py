"""How the person of the demo felt, day by day, and their doses without a slot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from app.demo import story as story
from app.domain.logical_dates import days_between

CHECK_IN_CHANCE = 0.87
EXTRA_DOSES = {
    277: ("minoxidil", time(13, 20), 1.0, "mL", "A second time by mistake"),
    171: ("magnesium", time(23, 10), 1000.0, "mg", "Could not remember the first"),
    113: ("vitamin_d3", time(12, 40), 25.0, "ug", ""),
    64: ("magnesium", time(22, 50), 500.0, "mg", "Cramp in the calf"),
    17: ("minoxidil", time(14, 5), 1.0, "mL", "Rained on, so again"),
}


@dataclass(frozen=True, slots=True)
class FreeDose:
    """A dose without a slot."""

    item: str
    at: time
    amount: float
    unit: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day: the check-in (mood is None where it was left out) and doses without a slot."""

    mood: int | None
    energy: int | None
    sleep: int | None
    note: str
    symptoms: Mapping[str, int]
    is_suspicious: bool
    doses: tuple[FreeDose, ...]


def make_days(rng: Random, today: date) -> dict[date, Day]:
    """Make every day of the year before `today`."""
    first = today - timedelta(days=story.YEAR)
    days: dict[date, Day] = {}
    washes: set[date] = set()
    for on in days_between(first, today - timedelta(days=1)):
        if on.isoweekday() == 1 or on == first:
            washes = _wash_days(rng, on)
        days[on] = _day(rng, on, today, washes_hair=on in washes)
    return days


def _day(rng: Random, on: date, today: date, *, washes_hair: bool) -> Day:
    days_ago = (today - on).days
    gi_upset, headache = _gi_upset(rng, days_ago), _headache(rng, days_ago)
    strain = _strain(days_ago) + (headache >= 2) + (gi_upset >= 2)
    mood = _within(1, 5, rng.gauss(3.8 - 0.6 * strain, 0.75))
    energy = _within(1, 5, rng.gauss(3.5 - 0.7 * strain, 0.8))
    sleep = _within(0, 10, rng.gauss(6.9 - 0.8 * strain, 1.5))
    says_something = rng.random() < 0.06
    note = rng.choice(story.DAY_NOTES)
    answers = rng.random() < CHECK_IN_CHANCE and not story.is_bad_weekend(on, today)
    return Day(
        mood=mood if answers else None,
        energy=energy if answers and rng.random() < 0.96 else None,
        sleep=sleep if answers and days_ago <= story.SLEEP_ASKED_FROM else None,
        note=note if answers and says_something else "",
        symptoms={"gi_upset": gi_upset, "headache": headache} if answers else {},
        is_suspicious=days_ago <= story.DOSE_RAISED and rng.random() < 0.5,
        doses=tuple(_free_doses(rng, days_ago, headache, washes_hair=washes_hair)),
    )


def _gi_upset(rng: Random, days_ago: int) -> int:
    """Mild for two weeks after magnesium began, worse with the bug, otherwise rare."""
    if story.STOMACH_BUG.covers(days_ago):
        return rng.choice((2, 3, 3))
    if story.MAGNESIUM_STARTS - 14 <= days_ago <= story.MAGNESIUM_STARTS:
        return 1 if rng.random() < 0.5 else 0
    chance = 0.14 if days_ago <= story.DOSE_RAISED else 0.04
    return 1 if rng.random() < chance else 0


def _headache(rng: Random, days_ago: int) -> int:
    """More often since the dose was raised."""
    chance = 0.36 if days_ago <= story.DOSE_RAISED else 0.09
    if story.FEVER.covers(days_ago):
        chance = 0.9
    return rng.choice((1, 1, 2, 2, 3)) if rng.random() < chance else 0


def _strain(days_ago: int) -> float:
    if story.FEVER.covers(days_ago) or story.STOMACH_BUG.covers(days_ago):
        return 2
    return 1 if story.STRESS.covers(days_ago) else 0


def _free_doses(rng: Random, days_ago: int, headache: int, *, washes_hair: bool) -> list[FreeDose]:
    doses: list[FreeDose] = []
    if headache >= 2:
        hour = rng.randint(9, 14)
        doses.append(FreeDose("paracetamol", time(hour, rng.randint(0, 59)), 500, "mg"))
        if headache >= 3:
            doses.append(FreeDose("paracetamol", time(hour + 7, 15), 500, "mg"))
    if washes_hair and days_ago <= 350:
        doses.append(FreeDose("ketoconazole", time(7, rng.randint(5, 40)), 1, "wash"))
    if days_ago in EXTRA_DOSES:
        doses.append(FreeDose(*EXTRA_DOSES[days_ago]))
    return doses


def _wash_days(rng: Random, monday: date) -> set[date]:
    """Two washes a week as a rule, sometimes three, sometimes one."""
    count = rng.choice((2, 2, 2, 3, 3, 1))
    return {monday + timedelta(days=offset) for offset in rng.sample(range(7), count)}


def _within(lowest: int, highest: int, value: float) -> int:
    return max(lowest, min(highest, round(value)))
