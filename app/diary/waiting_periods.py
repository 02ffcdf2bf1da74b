"""Find items that must wait after a needling session, from the logged doses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from app.diary.regimen import Item, events_between, regimen_of
from app.domain.applications import shut_out_rule, shut_out_until
from app.domain.catalogue import Interaction
from app.domain.ledger import DoseStatus
from app.models import User


@dataclass(frozen=True, slots=True)
class WaitingPeriod:
    """How long an item waits, after which other item, and the source of that rule."""

    caused_by: Item
    hours: float
    until: datetime
    rule: Interaction


def waiting_periods(session: Session, user: User, now: datetime) -> Mapping[UUID, WaitingPeriod]:
    """Return the items that wait at `now`: one query for each item that others wait for."""
    items = regimen_of(session, user).items
    found: dict[UUID, WaitingPeriod] = {}
    for by in items:
        period = _waiting_period(session, user, by, now)
        for item in items if period else ():
            if period and any(e.id in period.rule.catalogue_ids for e in item.catalogue_entries):
                found[item.id] = max(period, found.get(item.id, period), key=_until)
    return found


def _waiting_period(session: Session, user: User, by: Item, now: datetime) -> WaitingPeriod | None:
    hours, today = by.shut_out_hours, user.today(now)
    # Every page of doses calls this, and usually no item makes others wait.
    if hours is None or not by.is_current(today):
        return None
    rule = shut_out_rule(by.treatment, by.route)
    assert rule is not None, "hours without a rule"
    first = user.today(now - timedelta(hours=hours))
    sessions = [
        event.occurred_at
        for event in events_between(session, user.id, first, today)
        if event.regimen_item_id == by.id and event.status is DoseStatus.TAKEN
    ]
    until = shut_out_until(sessions, hours, now)
    return WaitingPeriod(by, hours, until, rule) if until else None


def _until(period: WaitingPeriod) -> datetime:
    return period.until
