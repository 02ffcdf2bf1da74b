"""Log doses."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.diary.agenda import next_allowed_at
from app.diary.regimen import Item, events_between
from app.domain.applications import Application
from app.domain.ledger import DoseStatus
from app.domain.logical_dates import iso_week
from app.models import DoseEvent, User, slot_event_id
from app.records import DOSE_EVENT
from app.services.dose_input import Answer, DoseInput, FirstLogged, instant_of_dose
from app.services.history import Decision, record_version
from app.services.moved_slots import time_of_slot
from app.services.reminders import look_again
from app.services.writable_days import check_day


def record_dose(
    session: Session, user: User, item: Item, dose: DoseInput, decision: Decision
) -> UUID:
    """Put a dose in the state that the person decided; return the event's id.

    `due_on` must be between the account's first day and tomorrow. A dose without an amount takes
    the planned one. A time in the future is refused. If the slot's time was corrected or changed
    since, the answer goes to its current time. Raises `Refused`. The caller commits.
    """
    check_day(user, dose.due_on, decision.received_at)
    if dose.due_time is None:
        at, event_id = None, dose.id or decision.entry_id
    else:
        at = time_of_slot(session, user, item, dose.due_on, dose.due_time)
        event_id = slot_event_id(item.id, dose.due_on, at)
    slot = {"regimen_item_id": item.id, "due_on": dose.due_on, "due_time": at}
    values: dict[str, Any] | None = None
    if dose.status is not Answer.NOTHING:
        amount, unit = _amount(item, dose, at)
        first = dose.first_logged or FirstLogged(
            logged_at=decision.changed_at,
            time_zone=dose.time_zone or user.time_zone,
            day_starts_time=user.day_starts_time,
        )
        values = {
            "user_id": user.id,
            **slot,
            "iso_week": iso_week(dose.due_on),
            "status": DoseStatus(dose.status),
            "occurred_at": instant_of_dose(user, dose, decision),
            "logged_at": min(first.logged_at, decision.changed_at),
            "time_zone": first.time_zone,
            "amount": amount,
            "unit": unit,
            "reason": dose.reason.value if dose.reason else None,
            "note": dose.note,
            "day_starts_time": first.day_starts_time,
            **_applied(item, dose).columns,
        }
    record_version(
        session,
        replace(
            decision,
            gives_way=dose.gives_way,
            short_answer=dose.status.value if dose.is_plain else None,
            undoes=dose.undoes,
        ),
        DOSE_EVENT,
        {"id": event_id, **slot},
        values,
    )
    if values is None:
        # The dose is open again.
        look_again(session, user.id)
    return event_id


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that a dose would exceed: the gap until `allowed_at`, or `most` doses a day."""

    allowed_at: datetime | None
    most: int | None


def limit_broken(
    session: Session, user: User, item: Item, dose: DoseInput, decision: Decision
) -> Limit | None:
    """Return the limit that a new dose would exceed; the person may still confirm it.

    A dose that is logged already is only changed, so no limit applies.
    """
    dosage = item.dosage_on(dose.due_on)
    event_id = dose.id or decision.entry_id
    is_new = dose.due_time is None and dose.status is Answer.TAKEN
    if dosage is None or not is_new or session.get(DoseEvent, event_id) is not None:
        return None
    gap = timedelta(hours=dosage.timing.gap_hours or 0)
    first = dose.due_on - gap - timedelta(days=1)
    events = events_between(session, user.id, first, dose.due_on + timedelta(days=1))
    own = [event for event in events if event.regimen_item_id == item.id]
    is_today = dose.due_on == user.today(decision.received_at)
    allowed_at = next_allowed_at(item, own, decision.changed_at, dose.due_on) if is_today else None
    most = dosage.timing.daily_maximum
    taken = sum(e.due_on == dose.due_on and e.status is DoseStatus.TAKEN for e in own)
    limit = Limit(allowed_at, most if most and taken >= most else None)
    return limit if limit.allowed_at or limit.most else None


def _amount(item: Item, dose: DoseInput, at: time | None) -> tuple[float | None, str]:
    dosage = item.dosage_on(dose.due_on)
    planned, unit = None, dose.unit or "count"
    if dosage is not None:
        unit = dose.unit or dosage.unit
        timing = dosage.timing
        nearest = [*timing.times_on(dose.due_on), *timing.times]
        planned = timing.usual_amount or next(
            (each.amount for each in nearest if each.at == at),
            nearest[0].amount if nearest else None,
        )
    return (planned if dose.amount is None else dose.amount), unit


def _applied(item: Item, dose: DoseInput) -> Application:
    """Return where and how the dose went: as entered, else as usual; nothing if it was skipped."""
    told = Application() if dose.status is Answer.SKIPPED else dose.application
    return told or item.application
