"""List the pages that a device caches, so that they open and log offline.

The server renders the days of the coming week in advance, so the schedule is computed in one place
only. Today and tomorrow include the sheets for logging. A device caches two versions of every
future page: as it is now, and as it will be when the day begins (`?ahead=yes`).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from app.diary.agenda import agenda_on
from app.domain.shedding import CountMethod
from app.web.http.deps import DAYS_AHEAD
from app.web.http.templating import edition_of
from app.web.http.visit import Visit
from app.web.pages.day.dose_lines import sheet_url

DAYS_WITH_SHEETS = 2


def offline_plan(visit: Visit) -> dict[str, Any]:
    """Return the account, the edition, the days with the instant each ends at, and other pages."""
    days = [visit.diary.today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1)]
    sheets = [url for on in days[:DAYS_WITH_SHEETS] for url in _sheets(visit, on)]
    return {
        "account": str(visit.diary.owner.id),
        "edition": edition_of(visit),
        "days": [_day(visit, on) for on in days],
        "pages": [*_main_pages(visit), *sheets],
    }


def _day(visit: Visit, on: date) -> dict[str, Any]:
    ends_at: datetime = visit.diary.owner.day_turns_at(on)
    return {
        "url": visit.paths("show_day", on=on),
        "ends_at": int(ends_at.timestamp() * 1000),
    }


def _main_pages(visit: Visit) -> Iterator[str]:
    for name in ("show_trends", "index_regimen", "index_shedding", "index_photos", "show_waiting"):
        yield visit.paths(name)


def _sheets(visit: Visit, on: date) -> Iterator[str]:
    """Return the address of every form that logs something on a day."""
    for group in agenda_on(visit.diary, on).groups:
        yield from (sheet_url(visit, dose.row) for dose in group.doses)
        if any(dose.is_open for dose in group.doses):
            yield visit.paths("choose_time_for_all", on=on, group=group.part.slug)
    for name in ("show_log", "edit_check_in", "choose_as_needed", "new_count", "new_photos"):
        yield visit.paths(name, on=on)
    if visit.diary.owner.preferences.measures_on:
        yield visit.paths("new_measurement", on=on)
    for kind in ("note", "event"):
        yield f"{visit.paths('new_note', on=on)}?kind={kind}"
    for method in CountMethod:
        yield visit.paths("edit_count", on=on, method=method.value)
