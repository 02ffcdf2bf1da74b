"""The rows of days.csv and weeks.csv: the figures of the trend pages, wide.

Every symptom that was ever reported has a column of its own, named by its slug. A day has
its answers as they are; a week has means, and n behind each. Weeks are whole ISO weeks, also
where only some of their days are wanted. What was not asked or counted is empty, never zero.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlmodel import func, select

from app.domain.figures import SHED, Doses, Figures
from app.domain.logical_dates import week_name, week_start
from app.domain.measurements import COLUMNS as MEASURED
from app.domain.shedding import CountMethod
from app.domain.symptoms import CHECK_IN_SCALES, SYMPTOMS
from app.models import CheckIn, DoseEvent, Measurement, SheddingCount, SymptomReport
from app.services.csv_cells import Cell
from app.services.csv_rows import CsvRow, Extract
from app.services.figures import figures_by_day, figures_by_week
from app.services.regimen import first_day_of

DAYS_AT_A_TIME = 91
DECIMALS = 4
# The contract names three methods; the picture scale is a score and comes last.
SHED_COLUMNS = tuple(
    f"{SHED}{method}"
    for method in (
        CountMethod.SIXTY_SECOND,
        CountMethod.WASH,
        CountMethod.DAILY,
        CountMethod.PICTURE,
    )
)


def day_columns(extract: Extract) -> tuple[str, ...]:
    """The columns of a day behind its doses: scales, symptoms, counts, measurements."""
    return (*CHECK_IN_SCALES, *_symptoms(extract), *SHED_COLUMNS, *MEASURED)


def week_columns(extract: Extract) -> tuple[str, ...]:
    """The same for a week, with n behind each mean."""
    return tuple(name for key in day_columns(extract) for name in (key, f"{key}_n"))


def day_rows(extract: Extract) -> Iterator[CsvRow]:
    """One row a day, from the first that anything is known of to today."""
    keys = day_columns(extract)
    first, last = _days(extract)
    while first <= last:
        until = min(first + timedelta(days=DAYS_AT_A_TIME - 1), last)
        for each in _read(extract, first, until):
            means = (_mean(each, key) for key in keys)
            yield (each.first, *_counts(each.doses), *means)
        first = until + timedelta(days=1)


def week_rows(extract: Extract) -> Iterator[CsvRow]:
    """One row an ISO week."""
    keys = day_columns(extract)
    first, last = _days(extract)
    if first > last:
        return
    user, today = extract.user, extract.user.today(extract.now)
    for each in figures_by_week(extract.session, user, week_start(first), last, today=today):
        doses = each.doses
        means = [cell for key in keys for cell in (_mean(each, key), each.n(key))]
        share = _rounded(doses.taken_of_due)
        yield (week_name(each.first), each.first, *_counts(doses), share, *means)


def _read(extract: Extract, first: date, last: date) -> list[Figures]:
    today = extract.user.today(extract.now)
    return figures_by_day(extract.session, extract.user, first, last, today=today)


def _symptoms(extract: Extract) -> list[str]:
    """Every symptom with a report: those of the list in its order, then one's own."""
    found = set(
        extract.session.exec(
            select(SymptomReport.symptom).where(SymptomReport.user_id == extract.user.id).distinct()
        )
    )
    return [slug for slug in SYMPTOMS if slug in found] + sorted(found - SYMPTOMS.keys())


def _days(extract: Extract) -> tuple[date, date]:
    """The wanted days, no further than anything is known of."""
    user, session = extract.user, extract.session
    begins = first_day_of(session, user, extract.now)
    ends = user.today(extract.now)
    for column, owner in (
        (DoseEvent.due_on, DoseEvent.user_id),
        (CheckIn.on, CheckIn.user_id),
        (SymptomReport.on, SymptomReport.user_id),
        (SheddingCount.on, SheddingCount.user_id),
        (Measurement.on, Measurement.user_id),
    ):
        statement = select(func.min(column), func.max(column)).where(owner == user.id)
        earliest, latest = session.exec(statement).one()
        begins, ends = min(begins, earliest or begins), max(ends, latest or ends)
    wanted_first, wanted_last = extract.days
    return max(begins, wanted_first), min(ends, wanted_last)


def _counts(doses: Doses) -> tuple[int, int, int, int]:
    return (doses.due, doses.taken, doses.skipped, doses.missed)


def _mean(figures: Figures, key: str) -> Cell:
    return _rounded(figures.mean(key))


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, DECIMALS)
