"""What must wait after a session of needling, by what was logged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from app.domain.applications import shut_out_rule, shut_out_until
from app.domain.catalogue import Interaction
from app.domain.ledger import DoseStatus
from app.models import User
from app.services.regimen import Item, events_between, regimen_of


@dataclass(frozen=True, slots=True)
class ShutOut:
    """Until when an item waits, because of which other one, and who says so."""

    by: Item
    hours: float
    until: datetime
    rule: Interaction


def shut_outs(session: Session, user: User, now: datetime) -> Mapping[UUID, ShutOut]:
    """The items that wait at `now`; a query for each item that shuts others out, mostly none."""
    items = regimen_of(session, user).items
    found: dict[UUID, ShutOut] = {}
    for by in items:
        shut_out = _shut_out(session, user, by, now)
        for item in items if shut_out else ():
            if shut_out and any(e.id in shut_out.rule.catalogue_ids for e in item.spoken_of):
                found[item.id] = max(shut_out, found.get(item.id, shut_out), key=_until)
    return found


def _shut_out(session: Session, user: User, by: Item, now: datetime) -> ShutOut | None:
    hours, today = by.shut_out_hours, user.today(now)
    # Mostly none: every page of doses asks every item.
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
    return ShutOut(by, hours, until, rule) if until else None


def _until(shut_out: ShutOut) -> datetime:
    return shut_out.until
