"""Record activity in the security log, and show the log to its owner."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.background import BackgroundTask

from app.domain.networks import shortened
from app.i18n import _, lazy
from app.language.device_words import device_words
from app.language.words import day, full_day
from app.models import Activity, ActivityKind, User
from app.models.activity import FAILED
from app.services.activity import Place, record_activity
from app.services.sign_ins import device_label
from app.web.http.visit import Visit

SENTENCES = {
    ActivityKind.CREATED: lazy("Account created"),
    ActivityKind.SIGNED_IN: lazy("Signed in"),
    ActivityKind.WRONG_PASSWORD: lazy("Wrong password"),
    ActivityKind.TOO_MANY_TRIES: lazy("Sign-in refused: too many attempts"),
    ActivityKind.WRONG_CURRENT: lazy("Wrong current password"),
    ActivityKind.SIGNED_OUT: lazy("Signed out"),
    ActivityKind.REVOKED: lazy("Signed out {what}"),
    ActivityKind.REVOKED_OTHERS: lazy("Signed out every other device"),
    ActivityKind.PASSWORD: lazy("Password changed"),
    ActivityKind.RESET: lazy("Password reset on the server"),
    ActivityKind.NAME: lazy("Name changed"),
    ActivityKind.EXPORTED: lazy("Downloaded {what}"),
    ActivityKind.DELETED: lazy("Deleted an entry"),
}
SEVERAL = {
    ActivityKind.WRONG_PASSWORD: lazy("{n} wrong passwords"),
    ActivityKind.DELETED: lazy("Deleted {n} entries"),
}
ICONS = {
    ActivityKind.EXPORTED: "download",
    ActivityKind.DELETED: "cross",
    ActivityKind.SIGNED_OUT: "sign-out",
    ActivityKind.REVOKED: "sign-out",
    ActivityKind.REVOKED_OTHERS: "sign-out",
    ActivityKind.PASSWORD: "gear",
    ActivityKind.RESET: "gear",
    ActivityKind.NAME: "pencil",
}
DATA = frozenset({ActivityKind.EXPORTED, ActivityKind.DELETED})
SHOWN = {"": frozenset(ActivityKind), "sign-ins": frozenset(ActivityKind) - DATA, "data": DATA}


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One line of the log, as the page shows it."""

    at: datetime
    sentence: str
    detail: str
    icon: str
    is_failure: bool


@dataclass(frozen=True, slots=True)
class ActivityDay:
    """The lines of one day, newest first."""

    title: str
    lines: Sequence[ActivityLine]


def place_of(request: Request) -> Place:
    """Return the origin of a request."""
    host = request.client.host if request.client else ""
    return Place(device_label(request.headers.get("user-agent", "")), shortened(host))


def record(request: Request, visit: Visit, kind: ActivityKind, detail: str = "") -> None:
    """Record an action of the signed-in person; the handler commits."""
    session, now = visit.diary.session, visit.diary.now
    record_activity(session, visit.viewer.id, kind, place_of(request), now, detail)


def record_apart(
    request: Request, user_id: UUID, kind: ActivityKind, now: datetime, detail: str = ""
) -> None:
    """Record an action in a separate transaction, for a request that only reads.

    Failing to write it, on a full disk, must not keep people from downloading their data.
    """
    writing = request.app.state.database.writing
    _record_alone(writing, user_id, kind, place_of(request), now, detail)


def recording_later(
    request: Request, user: User | None, kind: ActivityKind, now: datetime
) -> BackgroundTask | None:
    """Record an action after the answer is sent, so that timing does not reveal which names exist.

    Nothing is recorded for an unknown name.
    """
    if user is None:
        return None
    writing = request.app.state.database.writing
    return BackgroundTask(_record_alone, writing, user.id, kind, place_of(request), now)


def _record_alone(
    writing: Callable[[], AbstractContextManager[Session]],
    user_id: UUID,
    kind: ActivityKind,
    place: Place,
    now: datetime,
    detail: str = "",
) -> None:
    # The database may be busy or full, or the account may have been deleted meanwhile.
    with suppress(SQLAlchemyError), writing() as session:
        record_activity(session, user_id, kind, place, now, detail)
        session.commit()


def activity_days(user: User, found: Sequence[Activity], today: date) -> Iterator[ActivityDay]:
    """Group the log by the person's calendar days, newest first."""
    for on, lines in groupby(found, lambda each: each.last_at.astimezone(user.zone).date()):
        title = day(on) if on.year == today.year else full_day(on)
        yield ActivityDay(
            _("Today") if on == today else title, [_line(user, each) for each in lines]
        )


def _what(activity: Activity) -> str:
    """Name the object of an action: the device signed out, or the file downloaded."""
    is_device = activity.kind is ActivityKind.REVOKED
    return device_words(activity.detail) if is_device else activity.detail


def _line(user: User, activity: Activity) -> ActivityLine:
    is_several = activity.times > 1 and activity.kind in SEVERAL
    sentence = (SEVERAL if is_several else SENTENCES)[activity.kind]
    details = [device_words(activity.device_label), activity.network]
    if activity.times > 1 and not is_several:
        details.append(_("{n} times", n=activity.times))
    return ActivityLine(
        at=activity.last_at.astimezone(user.zone),
        sentence=sentence.of(n=activity.times, what=_what(activity)),
        detail=", ".join(filter(None, details)),
        icon="warning" if activity.kind in FAILED else ICONS.get(activity.kind, "user"),
        is_failure=activity.kind in FAILED,
    )
