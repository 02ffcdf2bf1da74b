"""Read the values of measures over time: as entered, in sets, and as points of a line."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.db.direct import fetch
from app.diary.diary import Diary
from app.domain.figures import Figures
from app.domain.measurements import COLUMNS as MEASURED
from app.domain.measures import COUNTS, Measure
from app.domain.shedding import CountMethod, CountSet, Reading, sets_by
from app.domain.symptoms import CHECK_IN_SCALES
from app.models import CheckIn, Measurement, SheddingCount, SymptomReport

# Values by the slugs of their measures.
Values = dict[str, list[float]]
# Rows of a day and what was answered, measured or counted on it.
ValueRows = tuple[tuple[Any, ...], ...]
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
    return values_of(*value_rows(session, user_id, first, last))


def value_rows(session: Session, user_id: UUID, first: date, last: date) -> list[ValueRows]:
    """Read the rows with values: check-ins, measurements, symptoms, and counts of hairs."""
    queries = (
        CheckIn.scales_between,
        Measurement.values_between,
        SymptomReport.severities_between,
        SheddingCount.readings_between,
    )
    return [tuple(fetch(session, query, user_id, first, last)) for query in queries]


def values_of(
    check_ins: ValueRows, measurements: ValueRows, symptoms: ValueRows, counts: ValueRows
) -> dict[date, Values]:
    """Sort the values of these rows by day and measure."""
    values: defaultdict[date, defaultdict[str, list[float]]]
    values = defaultdict(lambda: defaultdict(list))
    for names, rows in ((tuple(CHECK_IN_SCALES), check_ins), (MEASURED, measurements)):
        for on, *numbers in rows:
            for name, number in zip(names, numbers, strict=True):
                if number is not None:
                    values[on][name].append(number)
    for on, symptom, severity in symptoms:
        values[on][symptom].append(severity)
    for on, method, hairs, score in counts:
        values[on][COUNTS[method].slug].append(score if hairs is None else hairs)
    return dict(values)


def count_sets(diary: Diary) -> dict[CountMethod, tuple[CountSet, ...]]:
    """Read every set of counts up to today, by method, in one query."""
    readings: defaultdict[CountMethod, list[Reading]] = defaultdict(list)
    read = SheddingCount.readings_between
    runs: dict[tuple[date, CountMethod], int] = {}
    for on, method, hairs, score in fetch(
        diary.session, read, diary.owner.id, date.min, diary.today
    ):
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
