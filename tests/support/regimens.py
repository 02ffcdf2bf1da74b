"""Items to take, and the words to log them in."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from app.diary.regimen import load_regimen
from app.domain.timing import DoseTime, TimingKind
from app.models import RegimenItem, User
from app.services.dosages import DosageInput
from app.services.dose_events import record_dose
from app.services.dose_input import Answer, DoseInput
from app.services.history import Decision
from app.services.items import ItemInput, add_item
from tests.support.clock import NOW
from tests.support.people import BEGAN_ON

MORNING, EVENING = time(8), time(21)


def daily(
    *times: tuple[time, float], unit: str = "mg", kind: TimingKind = TimingKind.DAILY
) -> DosageInput:
    """So much at each of these times, every day."""
    return DosageInput(
        unit=unit, kind=kind, times=tuple(DoseTime(at, amount) for at, amount in times)
    )


TWICE_A_DAY = daily((MORNING, 1), (EVENING, 1), unit="mL")


def add(
    session: Session,
    user: User,
    name: str = "Minoxidil",
    dosage: DosageInput = TWICE_A_DAY,
    starts_on: date = BEGAN_ON,
    **more: Any,
) -> RegimenItem:
    """Add an item through the service, a day before now, and commit; `more` as in `ItemInput`."""
    item = ItemInput(name=name, starts_on=starts_on, dosage=dosage, **more)
    row = add_item(session, user, item, decided(user, 24 * 60))
    session.commit()
    return row


def decided(
    user: User, minutes_ago: float = 0, entry_id: UUID | None = None, now: datetime = NOW
) -> Decision:
    """What a person decides so many minutes before it arrives, or after now, if fewer than 0."""
    changed_at = now - timedelta(minutes=minutes_ago)
    return Decision(
        user_id=user.id,
        entry_id=entry_id or uuid4(),
        changed_at=changed_at,
        received_at=max(now, changed_at),
    )


def log_dose(
    session: Session,
    user: User,
    item: RegimenItem,
    dose: DoseInput,
    decision: Decision | None = None,
) -> UUID:
    """Log a dose through the service, and commit; the id of its event."""
    regimen = load_regimen(session, user.id)
    made = decision or decided(user)
    event_id = record_dose(session, user, regimen.by_id[item.id], dose, made)
    session.commit()
    return event_id


def taken(on: date, at: time | None = MORNING, **more: object) -> DoseInput:
    """A dose taken."""
    values = {"due_on": on, "due_time": at, "status": Answer.TAKEN, **more}
    return DoseInput.model_validate(values)
