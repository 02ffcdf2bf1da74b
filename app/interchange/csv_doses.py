"""The rows of doses.csv: the ledger's standing of every dose."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from uuid import UUID

from sqlmodel import func, select

from app.diary.regimen import Item, first_day_of, ledger_between, regimen_of
from app.domain.catalogue import SUBSTANCES
from app.domain.ledger import DoseStatus, Row, Standing
from app.domain.logical_dates import time_order, zone_named
from app.interchange.csv_cells import Cell
from app.interchange.csv_rows import CsvRow, Extract
from app.models import DoseEvent
from app.records import DOSE_EVENT

DAYS_AT_FIRST, DAYS_AT_MOST = 7, 91
DOSES_AT_A_TIME = 1_000
NEVER = datetime.min.replace(tzinfo=UTC)
STATUSES = {
    Standing.TAKEN: "taken",
    Standing.SKIPPED: "skipped",
    Standing.MISSED: "missed",
    Standing.EXTRA: "extra",
}
# Cells that only an answered dose has.
UNANSWERED: dict[str, Cell] = dict.fromkeys(
    (
        *("id", "occurred_at", "logged_at", "time_zone", "reason", "note"),
        *("day_starts_time", "zones", "minutes_on", "needle_mm"),
    )
)
_in_order = itemgetter(*DOSE_EVENT.sheet.header)


def dose_rows(extract: Extract) -> Iterator[CsvRow]:
    """Yield the standing of every dose in the ledger, except open and paused slots.

    Reads as many days at a time as hold about a thousand doses, judged by the days just read: a
    quarter of a year for most people. So memory stays small however much a person logs.
    """
    user = extract.user
    today = user.today(extract.now)
    items = regimen_of(extract.session, user).by_id
    order = {item_id: place for place, item_id in enumerate(items)}
    first, end = _days_with_doses(extract)
    days = DAYS_AT_FIRST
    while first <= end:
        last = min(first + timedelta(days=days - 1), end)
        rows = ledger_between(extract.session, user, first, last, today=today)
        rows.sort(key=lambda row: _place(row, order, user.day_starts_time))
        for row in rows:
            if row.standing in STATUSES:
                yield _dose(row, items[row.regimen_item_id])
        first = last + timedelta(days=1)
        days = max(1, min(DAYS_AT_MOST, days * DOSES_AT_A_TIME // max(1, len(rows))))


def _days_with_doses(extract: Extract) -> tuple[date, date]:
    """Return the wanted days that the ledger covers."""
    user = extract.user
    first, last = extract.session.exec(
        select(func.min(DoseEvent.due_on), func.max(DoseEvent.due_on)).where(
            DoseEvent.user_id == user.id
        )
    ).one()
    begins = min(first_day_of(extract.session, user, extract.now), first or date.max)
    ends = max(user.today(extract.now), last or date.min)
    wanted_first, wanted_last = extract.days
    return max(begins, wanted_first), min(ends, wanted_last)


def _place(
    row: Row, order: dict[UUID, int], day_starts: time
) -> tuple[date, tuple[int, time], int, datetime, int]:
    """Return the sort key of a dose, so that every export has the same order."""
    event = row.event
    occurred_at, number = (NEVER, 0) if event is None else (event.occurred_at, event.id.int)
    clock = time_order(row.at, day_starts)
    return (row.on, clock, order[row.regimen_item_id], occurred_at, number)


def _dose(row: Row, item: Item) -> CsvRow:
    event = row.event
    is_in_the_body = event is not None and event.status is DoseStatus.TAKEN
    cells: dict[str, Cell] = {
        "regimen_item_id": item.id,
        "item": item.own_name,
        "due_on": row.on,
        "due_time": row.at,
        "status": STATUSES[row.standing],
        "amount": row.amount,
        "unit": row.unit,
        "elemental_mg": _elemental_mg(item, row.amount, row.unit) if is_in_the_body else None,
        "backfilled": row.is_backfilled,
        "is_due": row.is_due,
        "active_mg": item.active_mg(row.amount, row.unit) if is_in_the_body else None,
    }
    if event is None:
        cells |= UNANSWERED
    else:
        zone = zone_named(event.time_zone)
        cells |= {
            "id": event.id,
            "occurred_at": event.occurred_at.astimezone(zone),
            "logged_at": event.logged_at.astimezone(zone),
            "time_zone": event.time_zone,
            "reason": event.reason,
            "note": event.note,
            "day_starts_time": event.day_starts_time,
            "zones": event.zones,
            "minutes_on": event.minutes_on,
            "needle_mm": event.needle_mm,
        }
    row_in_order: CsvRow = _in_order(cells)
    return row_in_order


def _elemental_mg(item: Item, amount: float | None, unit: str) -> float | None:
    """Return milligrams of the item's first mineral in a dose, by the person's own label."""
    mineral = next((each for each in item.label if _is_mineral(each.substance)), None)
    if amount is None or mineral is None:
        return None
    mass = mineral.micrograms_in(amount, unit)
    return None if mass is None else round(mass / 1000, 4)


def _is_mineral(slug: str) -> bool:
    substance = SUBSTANCES.get(slug)
    return substance is not None and substance.is_mineral
