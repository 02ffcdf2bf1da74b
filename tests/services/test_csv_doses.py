"""doses.csv, written by columns, has the bytes of a file that is written row by row."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from random import Random
from uuid import UUID

import pytest
from sqlmodel import Session

from app.diary.regimen import ledger_between, regimen_of
from app.domain.applications import Zone
from app.domain.ledger import DoseStatus, Row
from app.domain.logical_dates import time_order, zone_named
from app.domain.timing import TimingKind
from app.interchange.csv_cells import csv_line
from app.interchange.csv_doses import NEVER, STATUSES, elemental_mg
from app.interchange.csv_export import BYTE_ORDER_MARK, FILES, Flavour, csv_chunks
from app.interchange.csv_rows import Extract
from app.models import DoseEvent, User
from app.models.dose_event import slot_event_id
from app.records import DOSE_EVENT
from app.services.items import IngredientInput
from tests.support.clock import NOW
from tests.support.databases import both_databases
from tests.support.people import BEGAN_ON
from tests.support.regimens import EVENING, MORNING, add, daily

# With and without whole hours, with half an hour of summer time, and known by their offset alone.
ZONES = (
    *("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"),
    *("Pacific/Chatham", "UTC", "+10:30", "-03:00"),
)
# Around the ends of summer time in Berlin, New York and Lord Howe.
TURNS = tuple(
    datetime.fromisoformat(f"2026-{hour}:00+00:00")
    for hour in ("10-25T01", "11-01T06", "10-03T15", "03-29T01", "04-04T15")
)
NOTES = ("", "", "", "with food", "a,b", 'said "no"', "two\nlines", "a\rb", "=SUM(A1)", "a;b")


@pytest.fixture
def diary(session: Session, alice: User) -> User:
    """Doses in many zones: in slots and without, on the second and not, with notes of all kinds."""
    random = Random("doses")
    iron = (IngredientInput(substance="iron", mass_ug=200),)
    items = [
        add(session, alice, "Minoxidil"),
        add(session, alice, "Iron, gentle", daily((MORNING, 25.5)), ingredients=iron),
        add(session, alice, "As needed", daily(kind=TimingKind.AS_NEEDED)),
    ]
    for number in range(600):
        item, on = random.choice(items), BEGAN_ON + timedelta(days=random.randint(0, 83))
        at = random.choice((None, MORNING, EVENING, time(1)))
        occurred_at = random.choice((*TURNS, NOW - timedelta(days=random.randint(0, 80))))
        occurred_at += timedelta(
            minutes=random.randint(-90, 90), microseconds=random.choice((0, 0, 1, 999_999))
        )
        event_id = (
            UUID(int=random.getrandbits(128)) if at is None else slot_event_id(item.id, on, at)
        )
        if session.get(DoseEvent, event_id) is not None:
            continue
        session.add(
            DoseEvent(
                id=event_id,
                user_id=alice.id,
                regimen_item_id=item.id,
                due_on=on,
                due_time=at,
                iso_week=0,
                status=random.choice(list(DoseStatus)),
                occurred_at=occurred_at,
                logged_at=occurred_at + timedelta(hours=random.choice((0, 0, 1, 40))),
                time_zone=random.choice(ZONES),
                amount=random.choice((None, 1, 0.5, 1_000)),
                unit=random.choice(("mg", "mL")),
                reason=random.choice((None, "forgot")),
                note=NOTES[number % len(NOTES)] if number > 300 else "",
                day_starts_time=random.choice((time(3), time(6))),
                zones=random.choice(((), (Zone.CROWN,), (Zone.CROWN, Zone.TEMPLES))),
                minutes_on=random.choice((None, 4)),
                needle_mm=random.choice((None, 0.5)),
            )
        )
        session.flush()
    session.commit()
    return alice


def written_row_by_row(session: Session, user: User, flavour: Flavour) -> str:
    """The file as its rows are described, one cell after the other."""
    items = regimen_of(session, user).by_id
    order = list(items)
    has_commas, is_guarded = flavour is Flavour.DECIMAL_COMMA, flavour is not Flavour.PLAIN

    def place(row: Row) -> tuple[object, ...]:
        event = row.event
        instant = (NEVER, 0) if event is None else (event.occurred_at, event.id.int)
        clock = time_order(row.at, user.day_starts_time)
        return (row.on, clock, order.index(row.regimen_item_id), *instant)

    def cells(row: Row) -> Iterator[object]:
        item, event = items[row.regimen_item_id], row.event
        zone = zone_named(event.time_zone) if event else UTC
        is_in_the_body = event is not None and event.status is DoseStatus.TAKEN
        values = {
            **(event._asdict() if event else {}),
            "occurred_at": event and event.occurred_at.astimezone(zone),
            "logged_at": event and event.logged_at.astimezone(zone),
            "regimen_item_id": item.id,
            "item": item.own_name,
            "due_on": row.on,
            "due_time": row.at,
            "status": STATUSES[row.standing],
            "amount": row.amount,
            "unit": row.unit,
            "elemental_mg": elemental_mg(item, row.amount, row.unit) if is_in_the_body else None,
            "backfilled": row.is_backfilled,
            "is_due": row.is_due,
            "active_mg": item.active_mg(row.amount, row.unit) if is_in_the_body else None,
        }
        return (values.get(name) for name in DOSE_EVENT.sheet.header)

    rows = ledger_between(session, user, BEGAN_ON, NOW.date(), today=NOW.date())
    told = sorted((row for row in rows if row.standing in STATUSES), key=place)
    lines = [DOSE_EVENT.sheet.header, *map(cells, told)]
    mark = BYTE_ORDER_MARK if is_guarded else ""
    return mark + "".join(
        csv_line(line, is_guarded=is_guarded, has_commas=has_commas)  # type: ignore[arg-type]
        for line in lines
    )


@pytest.mark.slow
@both_databases
@pytest.mark.parametrize("flavour", list(Flavour))
def test_the_file_has_the_bytes_of_one_written_row_by_row(
    session: Session, diary: User, flavour: Flavour
) -> None:
    chunks = csv_chunks(FILES["doses"], Extract(session, diary, NOW), flavour)

    written = b"".join(chunks).decode()

    assert written.count("\n") > 400
    assert written == written_row_by_row(session, diary, flavour)
