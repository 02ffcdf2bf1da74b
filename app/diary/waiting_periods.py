"""Find items that must wait after a needling session, from the logged doses."""

from collections.abc import Iterator, Mapping
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


def changes_of_waiting(session: Session, user: User, now: datetime) -> Iterator[datetime]:
    """Return the instants at which items begin or cease to wait, as known at `now`."""
    for by in regimen_of(session, user).items:
        for at in _sessions(session, user, by, now):
            yield from (at, at + timedelta(hours=by.shut_out_hours or 0))


def _waiting_period(session: Session, user: User, by: Item, now: datetime) -> WaitingPeriod | None:
    sessions = _sessions(session, user, by, now)
    until = shut_out_until(sessions, by.shut_out_hours or 0, now) if sessions else None
    if until is None:
        return None
    rule = shut_out_rule(by.treatment, by.route)
    assert rule is not None, "hours without a rule"
    return WaitingPeriod(by, by.shut_out_hours or 0, until, rule)


def _sessions(session: Session, user: User, by: Item, now: datetime) -> list[datetime]:
    """Return when an item was last taken that makes others wait."""
    hours, today = by.shut_out_hours, user.today(now)
    # Every page of doses calls this, and usually no item makes others wait.
    if hours is None or not by.is_current(today):
        return []
    first = user.today(now - timedelta(hours=hours))
    return [
        event.occurred_at
        for event in events_between(session, user.id, first, today)
        if event.regimen_item_id == by.id and event.status is DoseStatus.TAKEN
    ]


def _until(period: WaitingPeriod) -> datetime:
    return period.until
