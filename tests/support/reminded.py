"""Many people whose doses are due in the same minute, each with a phone.

One is made through the services; the others are copies of its rows, of which 10,000 take seconds.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, insert, select
from sqlmodel import SQLModel

from app.db import writing
from app.domain.reminders import PARTS, PartReminder
from app.models import PushDevice, SignIn, User
from app.services.preferences import SettingsInput, save_part_reminder, save_settings
from app.services.reminders import Subscribed, add_device
from app.services.sign_ins import start_sign_in
from tests.support.people import make_user
from tests.support.push_service import PushService
from tests.support.regimens import add, daily, decided

# What the copies have rows in; a history is nothing that reminders read.
LEFT_OUT = {"entry_version"}
TOGETHER = 250
# Nobody is looked at before the measurement says so.
NEVER = datetime(2100, 1, 1, tzinfo=UTC)
Rows = list[tuple[Any, list[dict[str, Any]]]]


def make_reminded(
    engine: Engine, service: PushService, due_at: datetime, *, count: int, items: int
) -> None:
    """Make people with `items` items that are due at `due_at`, whom the worker does not look at.

    It is about noon where they live, so no day turns meanwhile. They are called for once.
    """
    rows = _rows_of(engine, _make_one(engine, service, due_at, items))
    numbers = iter(range(1, count))
    while copied := list(islice(numbers, TOGETHER)):
        with engine.execution_options(writes=True).begin() as connection:
            for table, originals in _copies(rows, copied, service):
                connection.execute(insert(table), originals)


def _make_one(engine: Engine, service: PushService, due_at: datetime, items: int) -> UUID:
    hours = 12 - due_at.hour
    zone = f"{'+' if hours >= 0 else '-'}{abs(hours):02}:00"
    began = due_at - timedelta(hours=2)
    with writing(engine) as session:
        user = make_user("Person 0", zone)
        session.add(user)
        session.commit()
        at = due_at.astimezone(user.zone).time().replace(second=0, microsecond=0)
        for number in range(items):
            add(session, user, f"Item {number}", daily((time(at.hour, at.minute), 1)))
        save_settings(session, user, SettingsInput(reminds=True), decided(user, now=began))
        for part in PARTS:
            once = PartReminder(part, again_times=0)
            save_part_reminder(session, user, once, decided(user, now=began))
        start_sign_in(session, user, "Chrome on Linux", began)
        session.commit()
        sign_in = session.execute(SignIn.of_user(user.id)).scalar_one()
        way = Subscribed(
            service.endpoint("0"), service.p256dh, service.auth, "https://strand.example.org"
        )
        add_device(session, user, sign_in.id, way, began)
        session.execute(SQLModel.metadata.tables["reminder_clock"].update().values(next_at=NEVER))
        session.commit()
        return user.id


def _rows_of(engine: Engine, user_id: UUID) -> Rows:
    """Return a person's rows of every table, in the order in which they can be written."""
    found: Rows = []
    with engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            owner = table.c.get("user_id", table.c.id if table.name == "user_account" else None)
            if owner is None or table.name in LEFT_OUT:
                continue
            rows = connection.execute(select(table).where(owner == user_id)).mappings()
            if originals := [dict(row) for row in rows]:
                found.append((table, originals))
    return found


def _copies(
    rows: Rows, numbers: Sequence[int], service: PushService
) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    """Yield the rows of other people, with ids, names and phones of their own."""
    ids: list[dict[UUID, UUID]] = [{} for _number in numbers]
    for table, originals in rows:
        copies = []
        for number, known in zip(numbers, ids, strict=True):
            own = {
                User.__tablename__: {"name": f"Person {number}", "name_key": f"person {number}"},
                PushDevice.__tablename__: {"endpoint": service.endpoint(str(number))},
                SignIn.__tablename__: {"token_hash": uuid4().hex * 2},
            }.get(table.name, {})
            for row in originals:
                copy = {
                    name: known.setdefault(value, uuid4()) if isinstance(value, UUID) else value
                    for name, value in row.items()
                }
                copies.append(copy | own)
        yield table, copies
