"""The rows of days.csv and weeks.csv: the figures of the trend pages, wide.

Every symptom that was ever reported has a column of its own, named by its slug. A day has
its answers as they are; a week has means, and n behind each. Weeks are whole ISO weeks, also
where only some of their days are wanted. What was not asked or counted is empty, never zero.
The first row is the first day (or week) with a dose, an answer or a count. `doses_extra` and
`doses_backfilled` are at the end, after the columns of every earlier release.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import dropwhile

from sqlmodel import func, select

from app.diary.figures import figures_by_day, figures_by_week
from app.diary.regimen import regimen_of
from app.domain.adherence import Doses
from app.domain.figures import Figures
from app.domain.logical_dates import week_name, week_start
from app.domain.measurements import COLUMNS as MEASURED
from app.domain.measures import COUNTS
from app.domain.shedding import CountMethod
from app.domain.symptoms import CHECK_IN_SCALES, SYMPTOMS
from app.interchange.csv_cells import Cell
from app.interchange.csv_rows import CsvRow, Extract
from app.models import (
    CheckIn,
    DoseEvent,
    ImportedSlot,
    Measurement,
    SheddingCount,
    SymptomReport,
)

DAYS_AT_A_TIME = 91
DECIMALS = 4
MORE_DOSES = ("doses_extra", "doses_backfilled")
# The contract names three methods; the picture scale is a score and comes last.
SHED_COLUMNS = tuple(
    COUNTS[method].slug
    for method in (
        CountMethod.SIXTY_SECOND,
        CountMethod.WASH,
        CountMethod.DAILY,
        CountMethod.PICTURE,
    )
)


def day_columns(extract: Extract) -> tuple[str, ...]:
    """Return the columns of a day after its doses: scales, symptoms, counts, measurements."""
    return (*_keys(extract), *MORE_DOSES)


def week_columns(extract: Extract) -> tuple[str, ...]:
    """Return the same columns for a week, with n after each mean."""
    means = (name for key in _keys(extract) for name in (key, f"{key}_n"))
    return (*means, *MORE_DOSES)


def day_rows(extract: Extract) -> Iterator[CsvRow]:
    """Yield one row per day, from the first day with any data to today."""
    keys = _keys(extract)
    for each in _begun(extract, _every_day(extract)):
        means = (_mean(each, key) for key in keys)
        yield (each.first, *_counts(each.doses), *means, *_more(each.doses))


def week_rows(extract: Extract) -> Iterator[CsvRow]:
    """Yield one row per ISO week."""
    keys = _keys(extract)
    first, last = _days(extract)
    if first > last:
        return
    user, today = extract.user, extract.user.today(extract.now)
    weeks = figures_by_week(extract.session, user, week_start(first), last, today=today)
    for each in _begun(extract, weeks):
        doses = each.doses
        means = [cell for key in keys for cell in (_mean(each, key), each.n(key))]
        share = _rounded(doses.taken_of_due)
        counts = (*_counts(doses), share)
        yield (week_name(each.first), each.first, *counts, *means, *_more(doses))


def _every_day(extract: Extract) -> Iterator[Figures]:
    first, last = _days(extract)
    today = extract.user.today(extract.now)
    while first <= last:
        until = min(first + timedelta(days=DAYS_AT_A_TIME - 1), last)
        yield from figures_by_day(extract.session, extract.user, first, until, today=today)
        first = until + timedelta(days=1)


def _begun(extract: Extract, parts: Iterable[Figures]) -> Iterable[Figures]:
    """Skip the parts before the first with data, and keep all later ones."""
    if extract.first is not None and extract.first > _known_days(extract)[0]:
        return parts
    return dropwhile(lambda part: not (part.by_item or part.tallies), parts)


def _keys(extract: Extract) -> tuple[str, ...]:
    """Return everything that has a mean: scales, symptoms, counts, measurements."""
    return (*CHECK_IN_SCALES, *_symptoms(extract), *SHED_COLUMNS, *MEASURED)


def _symptoms(extract: Extract) -> list[str]:
    """Return every symptom with a report: listed ones in their order, then the person's own."""
    found = set(
        extract.session.exec(
            select(SymptomReport.symptom).where(SymptomReport.user_id == extract.user.id).distinct()
        )
    )
    return [slug for slug in SYMPTOMS if slug in found] + sorted(found - SYMPTOMS.keys())


def _days(extract: Extract) -> tuple[date, date]:
    """Return the wanted days that have data."""
    begins, ends = _known_days(extract)
    wanted_first, wanted_last = extract.days
    return max(begins, wanted_first), min(ends, wanted_last)


def _known_days(extract: Extract) -> tuple[date, date]:
    """Return the days that have data, at least up to today."""
    user, session = extract.user, extract.session
    begins = ends = user.today(extract.now)
    for plan in (item.plan for item in regimen_of(session, user).items):
        if plan.slots_from is not None:
            begins = min(begins, max(plan.starts_on, plan.slots_from))
    for column, owner in (
        (DoseEvent.due_on, DoseEvent.user_id),
        (ImportedSlot.due_on, ImportedSlot.user_id),
        (CheckIn.on, CheckIn.user_id),
        (SymptomReport.on, SymptomReport.user_id),
        (SheddingCount.on, SheddingCount.user_id),
        (Measurement.on, Measurement.user_id),
    ):
        statement = select(func.min(column), func.max(column)).where(owner == user.id)
        earliest, latest = session.exec(statement).one()
        begins, ends = min(begins, earliest or begins), max(ends, latest or ends)
    return begins, ends


def _counts(doses: Doses) -> tuple[int, int, int, int]:
    return (doses.due, doses.taken, doses.skipped, doses.missed)


def _more(doses: Doses) -> tuple[int, int]:
    return (doses.extra, doses.backfilled)


def _mean(figures: Figures, key: str) -> Cell:
    return _rounded(figures.mean(key))


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, DECIMALS)
