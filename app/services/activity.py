"""Record what happened to an account, for its owner to read.

Strangers cannot flood the log: repeats from the same place within an hour are one line with a
count, refusals are not counted, and a day has at most twenty lines of failures. The rest of a day's
failures share one more line without a place.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from app.i18n import marked
from app.models import Activity, ActivityKind
from app.models.activity import FAILED, KEPT_FOR
from app.services.history import lock_user

TOGETHER_WITHIN = timedelta(hours=1)
FAILURES_A_DAY = 20
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request came from: a description of the browser, and its shortened network."""

    device_label: str = ""
    network: str = ""


ON_THE_SERVER = Place(marked("The server"))
MANY_PLACES = Place(marked("Many devices"))


def record_activity(
    session: Session,
    user_id: UUID,
    kind: ActivityKind,
    place: Place,
    now: datetime,
    detail: str = "",
) -> None:
    """Add a line to a person's log, or raise the count of the last one. The caller commits."""
    if kind is ActivityKind.TOO_MANY_TRIES and _same(session, user_id, kind, place, now, detail):
        return
    lock_user(session, user_id)
    if kind in FAILED and _failures(session, user_id, now) >= FAILURES_A_DAY:
        place = _same_place_or_many(session, user_id, kind, place, now)
    line = _same(session, user_id, kind, place, now, detail)
    if line is None:
        line = Activity(
            user_id=user_id,
            kind=kind,
            first_at=now,
            last_at=now,
            device_label=place.device_label[:80],
            network=place.network,
            detail=detail[:80],
        )
    elif kind is not ActivityKind.TOO_MANY_TRIES:
        line.times += 1
        line.last_at = now
    session.add(line)
    session.flush()


def delete_old_activity(session: Session, now: datetime) -> None:
    """Delete lines older than 180 days. The caller commits."""
    session.execute(delete(Activity).where(col(Activity.last_at) < now - KEPT_FOR))


def _same_place_or_many(
    session: Session, user_id: UUID, kind: ActivityKind, place: Place, now: datetime
) -> Place:
    return place if _same(session, user_id, kind, place, now, "") else MANY_PLACES


def _same(
    session: Session, user_id: UUID, kind: ActivityKind, place: Place, now: datetime, detail: str
) -> Activity | None:
    """Return the line that counts a repeat of the same activity."""
    within = ONE_DAY if place == MANY_PLACES else TOGETHER_WITHIN
    return session.exec(
        Activity.newest_first(user_id)
        .where(Activity.kind == kind, Activity.detail == detail[:80])
        .where(Activity.device_label == place.device_label[:80], Activity.network == place.network)
        .where(col(Activity.first_at) > now - within)
        .limit(1)
    ).first()


def _failures(session: Session, user_id: UUID, now: datetime) -> int:
    return session.exec(
        select(func.count())
        .select_from(Activity)
        .where(Activity.user_id == user_id, col(Activity.kind).in_(FAILED))
        .where(col(Activity.first_at) > now - ONE_DAY)
    ).one()
