"""The account that is measured: eight items, three years of doses, and what is still to log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle, product
from random import Random
from urllib.parse import urlencode
from uuid import UUID, uuid4

from sqlalchemy import Engine, insert
from sqlmodel import Session

from app.db import make_engine, writing
from app.db.migrations import migrate
from app.domain.ledger import DoseStatus
from app.domain.logical_dates import instant_of, iso_week, zone_named
from app.domain.timing import DoseTime, TimingKind
from app.models import (
    CheckIn,
    DoseEvent,
    EntryVersion,
    RegimenItem,
    SymptomReport,
    User,
    slot_event_id,
)
from app.models.check_in import check_in_id, symptom_report_id
from app.services.dosages import DosageInput
from app.services.history import Decision, plain
from app.services.items import ItemInput, add_item
from app.services.sign_ins import start_sign_in

DAYS_LOGGED = 1_095
TEN_YEARS = 3_653
DAYS_EMPTY = 2_500
LOGGED_TODAY = 4
# The days, today among them, whose doses an account for the dose log has still to log; such an
# account takes each item three times a day.
RECENT_DAYS = 14
DOSES_A_DAY = 3
ZONE = "Europe/Berlin"
ITEMS = (
    ("Minoxidil 5 %", "minoxidil_topical", "drop", "amber", time(8), 1, "mL"),
    ("Finasteride", "finasteride", "pill", "blue", time(8), 1, "mg"),
    ("Vitamin D3", "vitamin_d3", "sun", "copper", time(8), 25, "ug"),
    ("Zinc", "zinc", "pill", "teal", time(8, 30), 15, "mg"),
    ("Iron", "iron", "leaf", "rose", time(12, 30), 14, "mg"),
    ("Ketoconazole shampoo", "ketoconazole", "bottle", "violet", time(19), 1, "wash"),
    ("Omega 3", "omega_3", "fish", "sand", time(21), 1_000, "mg"),
    ("Magnesium", "magnesium", "capsule", "mint", time(21), 300, "mg"),
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A dose of an item on a day, and how it is answered."""

    item_id: UUID
    on: date
    at: time
    amount: float
    unit: str
    status: str = "taken"

    @property
    def occurred_at(self) -> datetime:
        """When it was due, and taken."""
        return instant_of(self.on, self.at, zone_named(ZONE), time(3))


@dataclass(frozen=True, slots=True)
class Account:
    """The cookie of the signed-in person, the slots they have answered, and those still free.

    `long_ago` are free slots of years before the first dose, `recent` those of these days, the
    newest first. `made_at`: doses logged later are the measurement's own.
    """

    token: str
    user_id: UUID
    made_at: datetime
    logged: Sequence[Slot]
    long_ago: Sequence[Slot]
    recent: Sequence[Slot]


def make_account(
    url: str, days: int = DAYS_LOGGED, *, leaves_recent: bool = False, name: str = "Alex Example"
) -> Account:
    """Make an account, and the schema in an empty database, with `days` of doses before today.

    `leaves_recent`: the doses of the last days are left to log, three of each item a day.
    """
    engine = make_engine(url)
    migrate(engine)
    now = datetime.now(UTC)
    doses_a_day = DOSES_A_DAY if leaves_recent else 1
    with writing(engine) as session:
        user = _add_user(session, name, now)
        token = start_sign_in(session, user, "Chrome on Linux", now)
        items = [
            _add_item(session, user, *item, doses_a_day=doses_a_day, now=now) for item in ITEMS
        ]
        session.commit()
    today = user.today(now)
    end, first = today + timedelta(days=1), today - timedelta(days=days)
    if leaves_recent:
        recent = list(_slots(items, end - timedelta(days=RECENT_DAYS), end, doses_a_day))
        logged = list(_slots(items, first, recent[0].on, doses_a_day))
    else:
        of_today = list(_slots(items, today, end, doses_a_day))
        logged = [*_slots(items, first, today, doses_a_day), *of_today[:LOGGED_TODAY]]
        recent = of_today[LOGGED_TODAY:]
    _log(engine, user.id, logged)
    _check_in(engine, user.id, sorted({slot.on for slot in logged}))
    engine.dispose()
    long_ago = list(_slots(items, user.began_on, first, doses_a_day))
    return Account(token, user.id, now, logged, long_ago, recent[::-1])


def outbox_requests(
    account: Account, slots: Iterator[Slot], *, is_echoed: bool = True, is_tap: bool = True
) -> Iterator[bytes]:
    """Make a dose log for each slot, as the outbox or (without an echo) a plain form sends it.

    Without a tap, it comes from the sheet of a dose and replaces the earlier answer.
    """
    for slot in slots:
        fields = {
            "due_on": slot.on.isoformat(),
            "due_time": f"{slot.at:%H:%M}",
            **({"tap": "yes"} if is_tap else {}),
            "planned_amount": f"{slot.amount:g}",
            "unit": slot.unit,
            "status": slot.status,
            "time_zone": ZONE,
            "changed_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "device": "1f0c9b52-5b1e-4a6e-9b0f-0a6f0f6d7c11",
        }
        echo = f"Outbox-Entry: {uuid4()}\r\n" if is_echoed else ""
        body = urlencode(fields).encode()
        yield (
            f"POST /regimen/{slot.item_id}/doses HTTP/1.1\r\nHost: localhost\r\n"
            f"Cookie: sid={account.token}\r\nSec-Fetch-Site: same-origin\r\n{echo}"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body


def changing_requests(account: Account) -> Iterator[bytes]:
    """Change doses of today from their sheets for ever, each time to another answer."""
    slots = (
        replace(slot, status=status)
        for status in cycle(("taken", "skipped"))
        for slot in account.recent
    )
    return outbox_requests(account, slots, is_tap=False)


def _add_user(session: Session, name: str, now: datetime) -> User:
    user = User(
        name=name,
        name_key=name.lower(),
        password_hash="nobody signs in with it",
        time_zone=ZONE,
        began_on=now.date() - timedelta(days=DAYS_LOGGED + DAYS_EMPTY),
        created_at=now,
    )
    session.add(user)
    session.flush()
    return user


def _add_item(
    session: Session,
    user: User,
    name: str,
    catalogue_id: str,
    icon: str,
    tone: str,
    at: time,
    amount: float,
    unit: str,
    *,
    doses_a_day: int,
    now: datetime,
) -> RegimenItem:
    times = tuple(DoseTime(each, amount) for each in _times(at, doses_a_day))
    dosage = DosageInput(unit=unit, kind=TimingKind.DAILY, times=times)
    item = ItemInput(
        name=name,
        catalogue_id=catalogue_id,
        icon=icon,
        tone=tone,
        starts_on=user.began_on,
        dosage=dosage,
    )
    return add_item(session, user, item, Decision(user.id, uuid4(), now, now))


def _times(first: time, doses_a_day: int) -> list[time]:
    """An item's times of a day, an hour apart."""
    return [first.replace(hour=first.hour + later) for later in range(doses_a_day)]


def _slots(
    items: Sequence[RegimenItem], first: date, end: date, doses_a_day: int
) -> Iterator[Slot]:
    days = [first + timedelta(days=offset) for offset in range((end - first).days)]
    for on, (item, spec) in product(days, zip(items, ITEMS, strict=True)):
        for at in _times(spec[4], doses_a_day):
            yield Slot(item.id, on, at, amount=spec[5], unit=spec[6])


def _log(engine: Engine, user_id: UUID, slots: Sequence[Slot]) -> None:
    """Every dose taken on time, with its entry in the history, as if it had been logged."""
    events, versions = [], []
    for slot in slots:
        values = {
            "user_id": user_id,
            "regimen_item_id": slot.item_id,
            "due_on": slot.on,
            "due_time": slot.at,
            "iso_week": iso_week(slot.on),
            "status": DoseStatus.TAKEN,
            "occurred_at": slot.occurred_at,
            "logged_at": slot.occurred_at,
            "time_zone": ZONE,
            "amount": slot.amount,
            "unit": slot.unit,
            "note": "",
        }
        events.append({"id": slot_event_id(slot.item_id, slot.on, slot.at), **values})
        versions.append(
            {
                "user_id": user_id,
                "entry_id": uuid4(),
                "subject": f"dose/{slot.item_id}/{slot.on}/{slot.at:%H:%M}",
                "kind": "dose_event",
                "changed_at": slot.occurred_at,
                "received_at": slot.occurred_at,
                "device": "",
                "state": plain(values),
            }
        )
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(insert(DoseEvent), events)
        connection.execute(insert(EntryVersion), versions)


def _noon(on: date) -> datetime:
    return instant_of(on, time(12), zone_named(ZONE), time(3))


def _check_in(engine: Engine, user_id: UUID, days: Sequence[date]) -> None:
    """Make the check-ins of these days: two scales and two symptoms, deterministic."""
    answers = Random("felt")
    check_ins: list[dict[str, object]] = []
    reports: list[dict[str, object]] = []
    for on in days:
        day = {"user_id": user_id, "on": on, "iso_week": iso_week(on), "logged_at": _noon(on)}
        scales = {"mood": answers.randint(1, 5), "energy": answers.randint(1, 5)}
        check_ins.append({"id": check_in_id(user_id, on), **day, **scales, "note": ""})
        for symptom in ("gi_upset", "headache"):
            severity = max(0, answers.randint(-6, 3))
            row_id = symptom_report_id(user_id, on, symptom)
            reports.append({"id": row_id, **day, "symptom": symptom, "severity": severity})
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(insert(CheckIn), check_ins)
        connection.execute(insert(SymptomReport), [{**row, "note": ""} for row in reports])
