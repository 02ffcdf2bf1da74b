"""Bump the versions that key the cached regimen and past figures."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlmodel import Session, col

from app.db.direct import execute_prepared
from app.db.tables import table_of
from app.diary.regimen import PAST_AFTER
from app.models import User
from app.records import Bumps
from app.services.reminders import look_again

BUMPING_LOG_VERSION = (
    update(User)
    .where(col(User.id) == bindparam("owner"))
    .values(log_version=col(User.log_version) + 1)
    .returning(col(User.log_version))
)


def bump(
    session: Session, bumps: Bumps, user_id: UUID, days: Iterable[date], now: datetime
) -> None:
    """Bump the version that a write to a record makes stale, for the days that it affects."""
    if bumps is Bumps.REGIMEN:
        _bump(session, user_id, regimen_version=1, log_version=1)
    elif bumps is Bumps.PAGES:
        _bump(session, user_id, regimen_version=1)
    elif bumps is Bumps.DAY:
        for on in days:
            bump_log_version(session, user_id, on, now)


def bump_regimen_version(session: Session, user: User) -> None:
    """Drop the cached regimen, pages and past figures.

    Call with every write that may change what was due or answered on a past day.
    """
    _bump(session, user.id, regimen_version=1, log_version=1)


def bump_page_version(session: Session, user: User) -> None:
    """Drop the cached regimen and pages but no figures: recomputing ten years takes a second.

    Call with every write to settings, names, notes, labels and other medicines.
    """
    _bump(session, user.id, regimen_version=1)


def is_long_past(on: date, now: datetime) -> bool:
    """Whether the figures of a day may be cached.

    A person's today is at most a day earlier or later than that of UTC, and a week is cached only
    two days after its days are long past (`OVER_AFTER`), so their clock need not be known here.
    """
    return on < now.astimezone(UTC).date() - PAST_AFTER


def bump_log_version(session: Session, user_id: UUID, on: date, now: datetime) -> None:
    """Drop the cached weekly figures if `on` is over 14 days old; call with every write."""
    if is_long_past(on, now):
        execute_prepared(session, BUMPING_LOG_VERSION, {"owner": user_id})


def _bump(session: Session, user_id: UUID, **steps: int) -> None:
    if "log_version" in steps:
        # Something may be due at another time now.
        look_again(session, user_id)
    columns = table_of(User).c
    grown = {name: columns[name] + step for name, step in steps.items()}
    session.execute(update(User).where(col(User.id) == user_id).values(grown))
