"""Bump the versions that key the cached regimen and past figures."""

from datetime import date, datetime

from sqlalchemy import bindparam, update
from sqlmodel import Session, col

from app.db.direct import execute_prepared
from app.diary.regimen import PAST_AFTER
from app.models import User

BUMPING_LOG_VERSION = (
    update(User)
    .where(col(User.id) == bindparam("owner"))
    .values(log_version=col(User.log_version) + 1)
    .returning(col(User.log_version))
)


def bump_regimen_version(session: Session, user: User) -> None:
    """Drop the cached regimen, pages and past figures.

    Call with every write that may change what was due or answered on a past day.
    """
    _bump(session, user, regimen_version=1, log_version=1)


def bump_page_version(session: Session, user: User) -> None:
    """Drop the cached regimen and pages, but no figures: reading ten years again takes a second.

    Call with every write to settings, names, notes, labels and other medicines.
    """
    _bump(session, user, regimen_version=1)


def _bump(session: Session, user: User, **steps: int) -> None:
    columns = User.__table__.c  # type: ignore[attr-defined]
    grown = {name: columns[name] + step for name, step in steps.items()}
    session.execute(update(User).where(col(User.id) == user.id).values(grown))


def bump_log_version(session: Session, user: User, on: date, now: datetime) -> None:
    """Drop the cached weekly figures if `on` is over 14 days old; call with every write."""
    if on < user.today(now) - PAST_AFTER:
        execute_prepared(session, BUMPING_LOG_VERSION, {"owner": user.id})
