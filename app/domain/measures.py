"""List the measures that a person can follow over time, and how to read their values.

Figures, charts, tables and CSV columns name a measure by its slug. A slug never changes, because it
is in files that people keep. A person's own symptom is a measure as well: its slug is not in the
registry, and `measure_named` makes it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from app.domain.measurements import COLUMNS as MEASURED
from app.domain.shedding import SCORES, CountMethod
from app.domain.symptoms import CHECK_IN_SCALES, SEVERITY, STRESS, SYMPTOMS

WEEK = timedelta(weeks=1)
MONTH = timedelta(days=28)


class Direction(StrEnum):
    """The direction in which a person wants a value to go; `NEITHER` if people differ."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


class Cadence(StrEnum):
    """How often there is a value.

    `DAILY` is asked or counted every day, `SETS` is counted in sets of readings that are weeks
    apart, `OCCASIONAL` is a single value every few days or weeks.
    """

    DAILY = "daily"
    SETS = "sets"
    OCCASIONAL = "occasional"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure, and how its line is drawn.

    `scale` holds the lowest and the highest value; None for a number that begins at zero and has no
    end. The weight of a value halves after `half_life`. A gap longer than `longest_gap` breaks the
    line; without one, the line needs four values in seven days.
    """

    slug: str
    unit: str
    direction: Direction
    cadence: Cadence
    scale: tuple[float, float] | None = None
    half_life: timedelta = MONTH
    longest_gap: timedelta | None = None

    def half_life_in(self, *, weeks: bool) -> timedelta:
        """Return the half-life of its line, whose points are days or weeks."""
        return MONTH if weeks else self.half_life

    def longest_gap_in(self, *, weeks: bool) -> timedelta | None:
        """Return the longest gap of its line; it is longer for weeks, drawn on their Mondays."""
        if not weeks:
            return self.longest_gap
        return MONTH + (self.longest_gap or timedelta())


# Sets are weeks apart and a free count is daily: the line has to bridge the usual gap.
COUNTS: Mapping[CountMethod, Measure] = MappingProxyType(
    {
        CountMethod.SIXTY_SECOND: Measure(
            "shed_sixty_second",
            "hairs",
            Direction.LOWER,
            Cadence.SETS,
            longest_gap=timedelta(days=70),
        ),
        CountMethod.WASH: Measure(
            "shed_wash",
            "hairs",
            Direction.LOWER,
            Cadence.SETS,
            longest_gap=timedelta(days=100),
        ),
        CountMethod.PICTURE: Measure(
            "shed_picture",
            "",
            Direction.LOWER,
            Cadence.OCCASIONAL,
            scale=(SCORES[0], SCORES[-1]),
            longest_gap=timedelta(days=42),
        ),
        CountMethod.DAILY: Measure(
            "shed_daily",
            "hairs",
            Direction.LOWER,
            Cadence.DAILY,
            half_life=WEEK,
            longest_gap=timedelta(days=14),
        ),
    }
)


def measure_named(slug: str) -> Measure:
    """Return the measure of a slug: one of the registry, else a person's own symptom."""
    return MEASURES.get(slug) or _symptom(slug)


def _scales() -> Iterator[Measure]:
    for scale in CHECK_IN_SCALES.values():
        yield Measure(
            scale.slug,
            "",
            Direction.LOWER if scale is STRESS else Direction.HIGHER,
            Cadence.DAILY,
            scale=(scale.lowest, scale.highest),
            half_life=WEEK,
        )


def _symptom(slug: str) -> Measure:
    return Measure(
        slug,
        "",
        Direction.LOWER,
        Cadence.DAILY,
        scale=(SEVERITY.lowest, SEVERITY.highest),
        half_life=WEEK,
    )


def _measurements() -> Iterator[Measure]:
    """Values measured at home: no direction is good for everyone."""
    for column in MEASURED:
        unit = column.rpartition("_")[2]
        yield Measure(column, unit, Direction.NEITHER, Cadence.OCCASIONAL, longest_gap=MONTH)


# In the order of the columns of days.csv, except symptoms, of which a file has only some.
MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        measure.slug: measure
        for measure in (
            *_scales(),
            *map(_symptom, SYMPTOMS),
            *COUNTS.values(),
            *_measurements(),
        )
    }
)
