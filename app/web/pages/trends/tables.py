"""The table beneath the charts of a section: the same numbers, one row per day or week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.adherence import Doses
from app.domain.figures import Figures
from app.domain.logical_dates import week_name
from app.domain.quantities import format_number
from app.i18n import _, cached_per_language
from app.language import words
from app.web.pages.trends.outcomes import mean_words

# The date, the name and the cells of each row.
Rows = tuple[tuple[str, str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a section: its columns, and its rows, which may be in several parts."""

    head: tuple[str, ...]
    parts: tuple[Rows, ...]

    def column(self, name: str) -> int:
        """Return the numbers of a chart."""
        return self.head.index(name)


def dose_table(parts: Iterable[Rows]) -> Table:
    """Return the table of doses, of the rows of its years."""
    head = (_("Due"), _("Taken"), _("Missed"), _("Skipped"), _("Extra"), _("Share"))
    return Table(head, tuple(filter(None, parts)))


def dose_rows(points: Iterable[Figures], today: date) -> Rows:
    """Return counts and share of each day or week on which anything was due or taken."""
    return tuple(
        (*_row_head(each, today), _dose_cells(each.doses))
        for each in points
        if each.doses.due or each.doses.extra
    )


def means_table(points: Iterable[Figures], columns: Sequence[tuple[str, str]]) -> Table:
    """Return means, with n after each mean of several numbers."""
    rows = []
    for each in points:
        cells = tuple([_mean_cell(each, key) for _name, key in columns])
        if any(cells):
            rows.append((*_row_head(each, each.last), cells))
    head = tuple(name for name, _key in columns)
    return Table(head, (tuple(rows),) if rows else ())


def _mean_cell(figures: Figures, key: str) -> str:
    tally = figures.tallies.get(key)
    return "" if tally is None else _mean_and_n(tally.mean, tally.n)


# Ten years repeat the same few numbers: each is formatted once.
@cached_per_language(4_096)
def _mean_and_n(mean: float, n: int) -> str:
    return mean_words(mean) if n == 1 else f"{mean_words(mean)} ({format_number(n)})"


@cached_per_language(4_096)
def _dose_cells(doses: Doses) -> tuple[str, ...]:
    counts = (doses.due, doses.taken, doses.missed, doses.skipped, doses.extra)
    return (*map(format_number, counts), words.percent(doses.taken_of_due))


def _row_head(figures: Figures, today: date) -> tuple[str, str]:
    """Return a row's date and its text; a week is named by its text."""
    on = figures.first
    if figures.first == figures.last:
        return on.isoformat(), f"{words.short_weekday(on.weekday())} {words.dated(on, today)}"
    return "", week_name(on)
