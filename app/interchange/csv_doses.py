"""The rows of doses.csv: the ledger's standing of every dose."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlmodel import func, select

from app.db.direct import fetch
from app.diary.regimen import Item, first_day_of, plans_between, regimen_of
from app.domain.catalogue import SUBSTANCES
from app.domain.ledger import DoseStatus, Event, Row, Standing, unordered_ledger
from app.domain.logical_dates import time_order, zone_named
from app.interchange.csv_cells import Cell
from app.interchange.csv_rows import CsvRow, Extract
from app.models import DoseEvent
from app.records import DOSE_EVENT

DAYS_AT_FIRST, DAYS_AT_MOST = 7, 91
DOSES_AT_A_TIME = 1_000
# The instants of an event as stored, at the end of a row.
STORED = 2
# In an instant as text: where its minutes begin, where its seconds end, and whole seconds.
MINUTES, SECONDS, WHOLE = 13, 19, ".000000"
NEVER = datetime.min.replace(tzinfo=UTC)
STATUSES = {
    Standing.TAKEN: "taken",
    Standing.SKIPPED: "skipped",
    Standing.MISSED: "missed",
    Standing.EXTRA: "extra",
}
# The columns that hold what was logged, unchanged; empty for a slot without an answer.
AS_LOGGED = tuple(
    (each.name, each.stored) for each in DOSE_EVENT.sheet.columns if each.stored in Event._fields
)
NO_EVENT, NO_INSTANTS = (None,) * len(Event._fields), (None,) * STORED
# Rows are in order of day, so the hours of a few weeks are enough.
MOST_HOURS = 512
_in_order = itemgetter(*DOSE_EVENT.sheet.header)


def dose_rows(extract: Extract) -> Iterator[CsvRow]:
    """Return the standing of every dose in the ledger, except open and paused slots."""
    return chain.from_iterable(_batches(extract))


def _batches(extract: Extract) -> Iterator[Iterator[CsvRow]]:
    """Yield the rows of some days at a time.

    Reads as many days at a time as hold about a thousand doses, judged by the days just read: a
    quarter of a year for most people. So memory stays small however much a person logs.
    """
    user = extract.user
    today = user.today(extract.now)
    items = regimen_of(extract.session, user).by_id
    write = DoseWriter(items, user.day_starts_time)
    first, end = _days_with_doses(extract)
    days = DAYS_AT_FIRST
    while first <= end:
        last = min(first + timedelta(days=days - 1), end)
        found = fetch(extract.session, DoseEvent.exported_between, user.id, first, last)
        rows = unordered_ledger(
            plans_between(extract.session, user, first, last),
            [Event._make(each[:-STORED]) for each in found],
            first,
            last,
            today=today,
            day_starts=user.day_starts_time,
        )
        yield write(rows, {each[0]: each[-STORED:] for each in found})
        first = last + timedelta(days=1)
        days = max(1, min(DAYS_AT_MOST, days * DOSES_AT_A_TIME // max(1, len(rows))))


def _days_with_doses(extract: Extract) -> tuple[date, date]:
    """Return the wanted days that the ledger covers."""
    user = extract.user
    # Two queries, since SQLite finds the ends of an index one at a time.
    first, last = (
        extract.session.exec(
            select(end(DoseEvent.due_on)).where(DoseEvent.user_id == user.id)
        ).one()
        for end in (func.min, func.max)
    )
    begins = min(first_day_of(extract.session, user, extract.now), first or date.max)
    ends = max(user.today(extract.now), last or date.min)
    wanted_first, wanted_last = extract.days
    return max(begins, wanted_first), min(ends, wanted_last)


class DoseWriter:
    """Writes rows of the ledger as rows of the file, in one order and column by column.

    What was logged is moved by columns; ids and instants are written from the texts that SQLite
    stores, as each hour has one offset in a zone. A million rows take 0.6 of the time (November
    2026). A column of the record that is missing here is a `KeyError` at the first row.
    """

    def __init__(self, items: Mapping[UUID, Item], day_starts: time) -> None:
        self.order = {item_id: place for place, item_id in enumerate(items)}
        self.items = list(items.values())
        self.named = [(str(item.id), item.own_name) for item in self.items]
        self.day_starts = day_starts
        self.masses = lru_cache(MOST_HOURS)(self._masses)
        self.hours = Hours()

    def __call__(
        self, rows: Iterable[Row], stored: Mapping[Any, Sequence[Any]]
    ) -> Iterator[CsvRow]:
        """Write rows; `stored` has the instants of each event as stored, by its id."""
        keyed = sorted(
            [self._keyed(row) for row in rows if row.standing in STATUSES],
            key=itemgetter(slice(-1)),
        )
        if not keyed:
            return iter(())
        places = [each[2] for each in keyed]
        row = _columns(Row._fields, [each[-1] for each in keyed])
        event = _columns(Event._fields, [each or NO_EVENT for each in row["event"]])
        instants = [stored.get(each, NO_INSTANTS) for each in event["id"]]
        zones, amounts = event["time_zone"], list(map(_amount, row["event"], row["planned_amount"]))
        masses = list(map(self.masses, places, amounts, row["unit"], event["status"]))
        columns: dict[str, Sequence[Cell]] = {name: event[field] for name, field in AS_LOGGED}
        columns |= {
            "id": [_with_dashes(each) for each in event["id"]],
            "regimen_item_id": [self.named[place][0] for place in places],
            "item": [self.named[place][1] for place in places],
            "due_on": row["on"],
            "due_time": row["at"],
            "status": [STATUSES[each] for each in row["standing"]],
            "occurred_at": self.local([each[0] for each in instants], zones),
            "logged_at": self.local([each[1] for each in instants], zones),
            "amount": amounts,
            "unit": row["unit"],
            "elemental_mg": [each[0] for each in masses],
            "backfilled": row["is_backfilled"],
            "is_due": row["is_due"],
            "active_mg": [each[1] for each in masses],
        }
        return zip(*_in_order(columns), strict=True)

    def _keyed(self, row: Row) -> tuple[Any, ...]:
        """Return the sort key of a dose, so that every export has the same order; and the dose."""
        event = row.event
        occurred_at, number = (NEVER, "") if event is None else (event.occurred_at, event.id)
        clock = time_order(row.at, self.day_starts)
        return (row.on, clock, self.order[row.regimen_item_id], occurred_at, number, row)

    def local(self, instants: Sequence[Any], zones: Sequence[Any]) -> list[str | None]:
        """Write instants as stored with the offset of their zones: of texts, or of instants."""
        if not all(isinstance(at, str | None) for at in instants):
            return [at and _written(at, zone) for at, zone in zip(instants, zones, strict=True)]
        hours = self.hours
        return [
            None
            if at is None
            else f"{hour[0]}{at[MINUTES:].removesuffix(WHOLE)}{hour[1]}"
            if (hour := hours[at[:MINUTES], zone])
            else _written(_instant(at), zone)
            for at, zone in zip(instants, zones, strict=True)
        ]

    def _masses(
        self, place: int, amount: float | None, unit: str, status: DoseStatus | None
    ) -> tuple[float | None, float | None]:
        """Return milligrams of the first mineral, and of the first ingredient, in a dose taken."""
        if status is not DoseStatus.TAKEN:
            return None, None
        item = self.items[place]
        return elemental_mg(item, amount, unit), item.active_mg(amount, unit)


def _columns(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[str, tuple[Any, ...]]:
    """Turn rows into columns by name."""
    return dict(zip(names, zip(*rows, strict=True), strict=True))


def _amount(event: Event | None, planned: float | None) -> float | None:
    """Return what was logged, or else planned, as `Row.amount` does."""
    return planned if event is None else event.amount


class Hours(dict[tuple[str, str], tuple[str, str] | None]):
    """What an hour of UTC is in a zone: the text up to its minutes, and the offset.

    None if the offset changes within the hour, or has no whole hours.
    """

    def __missing__(self, key: tuple[str, str]) -> tuple[str, str] | None:
        """Compute the hour when it is first asked for."""
        if len(self) >= MOST_HOURS:
            self.clear()
        hour, zone = key
        begin, end = (_written(_instant(f"{hour}:{rest}"), zone) for rest in ("00:00", "59:59"))
        is_one = begin[MINUTES:SECONDS] == ":00:00" and begin[SECONDS:] == end[SECONDS:]
        self[key] = (begin[:MINUTES], begin[SECONDS:]) if is_one else None
        return self[key]


def _written(at: datetime, zone: str) -> str:
    return at.astimezone(zone_named(zone)).isoformat()


def _instant(stored: str) -> datetime:
    return datetime.fromisoformat(f"{stored}+00:00")


def _with_dashes(stored: Any) -> str | None:
    """Write an id as stored: 32 digits, or an id itself."""
    if isinstance(stored, str):
        return f"{stored[:8]}-{stored[8:12]}-{stored[12:16]}-{stored[16:20]}-{stored[20:]}"
    return None if stored is None else str(stored)


def elemental_mg(item: Item, amount: float | None, unit: str) -> float | None:
    """Return milligrams of the item's first mineral in a dose, by the person's own label."""
    mineral = next((each for each in item.label if _is_mineral(each.substance)), None)
    if amount is None or mineral is None:
        return None
    mass = mineral.micrograms_in(amount, unit)
    return None if mass is None else round(mass / 1000, 4)


def _is_mineral(slug: str) -> bool:
    substance = SUBSTANCES.get(slug)
    return substance is not None and substance.is_mineral
