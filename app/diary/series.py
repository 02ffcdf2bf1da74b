"""Read the values of measures over time: as entered, in sets, and as points of a line."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from app.diary.diary import Diary
from app.domain.figures import Figures
from app.domain.measurements import COLUMNS as MEASURED
from app.domain.measures import COUNTS, Measure
from app.domain.shedding import CountMethod, CountSet, Reading, sets_by
from app.domain.symptoms import CHECK_IN_SCALES
from app.models import CheckIn, Measurement, SheddingCount, SymptomReport

# Values by the slugs of their measures.
Values = dict[str, list[float]]
SetsByMethod = Mapping[CountMethod, Sequence[CountSet]]


@dataclass(frozen=True, slots=True)
class SeriesValue:
    """The values of a day, a week or a set in one: their mean and range.

    `on` is the day at which a chart places it.
    """

    first: date
    last: date
    on: date
    mean: float
    lowest: float
    highest: float


def values_between(session: Session, user_id: UUID, first: date, last: date) -> dict[date, Values]:
    """Read every value of every measure by day, in four queries."""
    values: defaultdict[date, defaultdict[str, list[float]]]
    values = defaultdict(lambda: defaultdict(list))
    for names, statement in (
        (tuple(CHECK_IN_SCALES), CheckIn.scales_between(user_id, first, last)),
        (MEASURED, Measurement.values_between(user_id, first, last)),
    ):
        for on, *numbers in session.execute(statement):
            for name, number in zip(names, numbers, strict=True):
                if number is not None:
                    values[on][name].append(number)
    for on, symptom, severity in session.execute(
        SymptomReport.severities_between(user_id, first, last)
    ):
        values[on][symptom].append(severity)
    for on, method, hairs, score in session.execute(
        SheddingCount.readings_between(user_id, first, last)
    ):
        values[on][COUNTS[method].slug].append(score if hairs is None else hairs)
    return dict(values)


def count_sets(diary: Diary) -> dict[CountMethod, tuple[CountSet, ...]]:
    """Read every set of counts up to today, by method, in one query."""
    readings: defaultdict[CountMethod, list[Reading]] = defaultdict(list)
    found = SheddingCount.readings_between(diary.owner.id, date.min, diary.today)
    runs: dict[tuple[date, CountMethod], int] = {}
    for on, method, hairs, score in diary.session.execute(found):
        run = runs[on, method] = runs.get((on, method), 0) + 1
        value = score if hairs is None else hairs
        readings[method].append(Reading(on, run, value))
    return {each: sets_by(each, readings[each]) for each in CountMethod if each in readings}


def series_in(points: Iterable[Figures], measure: Measure) -> list[SeriesValue]:
    """Return a measure's values for the days or weeks that have any."""
    return [
        SeriesValue(each.first, each.last, each.first, tally.mean, tally.lowest, tally.highest)
        for each in points
        if (tally := each.tallies.get(measure.slug)) is not None
    ]


def series_of_sets(sets: Iterable[CountSet]) -> list[SeriesValue]:
    """Return one value per set, on the day in its middle."""
    return [
        SeriesValue(
            *(each.first_on, each.last_on, each.middle),
            *(each.mean, min(each.values), max(each.values)),
        )
        for each in sets
    ]
