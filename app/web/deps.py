"""What a handler may ask for."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from inspect import signature
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from sqlmodel import Session, SQLModel

from app.db import reading, writing
from app.diary import Diary
from app.errors import ClockOff, NotFound, NotSignedIn
from app.models import SignIn, User
from app.services.accounts import find_sign_in, touch
from app.services.history import Decision, begin_turn
from app.settings import Settings
from app.web.forms import ACCOUNT_HEADER, CLOCK_HEADER, EntryForm
from app.web.gate import SAFE_METHODS
from app.web.templating import Paths
from app.web.typed_text import typed_cookie_name

Row = TypeVar("Row", bound=SQLModel)

SEEN_EVERY = timedelta(hours=1)
# A clock that is off by less is believed: nobody remembers better.
WORTH_ASKING = timedelta(hours=1)
MOST_DIGITS = 15
# How many days from today on are drawn as they will be when they begin.
DAYS_AHEAD = 7


@dataclass(frozen=True)
class Visit:
    """One request of a signed-in person: whose diary they look at, and through what."""

    diary: Diary
    viewer: User
    sign_in: SignIn
    paths: Paths

    def decision(self, form: EntryForm) -> Decision:
        """Who decided what a form says, and when: never later than it arrives."""
        return Decision(
            user_id=self.viewer.id,
            entry_id=form.entry_id,
            changed_at=min(form.changed_at or self.diary.now, self.diary.now),
            received_at=self.diary.now,
            device=form.device,
        )


def clock() -> datetime:
    """The current instant: the only clock of the web app. Tests start it with another one."""
    return datetime.now(UTC)


async def get_now(request: Request) -> datetime:
    """When the request came in."""
    now: datetime = request.app.state.clock()
    return now


async def get_settings(request: Request) -> Settings:
    """The settings of this installation."""
    settings: Settings = request.app.state.settings
    return settings


Visits = Callable[[], AbstractContextManager[Visit]]
Now = Annotated[datetime, Depends(get_now)]
SettingsDep = Annotated[Settings, Depends(get_settings)]


async def announce_session(request: Request) -> AbstractContextManager[Session]:
    """A session for pages that need nobody to be signed in; the handler commits."""
    engine = request.app.state.engine
    return (reading if request.method in SAFE_METHODS else writing)(engine)


async def announce_visit(request: Request) -> AbstractContextManager[Visit]:
    """The signed-in person's visit.

    An entry that another account wrote on this device is nobody's here: it stays where it is.
    """
    return _visiting(request, is_reading=request.method in SAFE_METHODS)


async def announce_search(request: Request) -> AbstractContextManager[Visit]:
    """The visit of somebody who searches: what is typed is posted, and nothing is written."""
    return _visiting(request, is_reading=True)


async def announce_visits(request: Request) -> Visits:
    """As many visits as a handler wants, one after the other."""
    return lambda: _visiting(request, is_reading=request.method in SAFE_METHODS)


def get_account(request: Request) -> UUID:
    """Who is signed in: for what has to be known before a long body is read."""
    with _visiting(request, is_reading=True) as visit:
        return visit.viewer.id


VisitsDep = Annotated[Visits, Depends(announce_visits)]
AccountDep = Annotated[UUID, Depends(get_account)]
# What `Route` opens for a handler, and closes after it.
SessionDep = Annotated[Session, Depends(announce_session)]
VisitDep = Annotated[Visit, Depends(announce_visit)]
SearchDep = Annotated[Visit, Depends(announce_search)]
ANNOUNCED = (SessionDep, VisitDep, SearchDep)


class Route(APIRoute):
    """A route whose session begins and ends in the handler's own thread.

    It begins once the body has arrived and ends before the answer leaves, so that nobody holds a
    connection to the database by being slow. And a dependency of its own would change threads
    twice, which costs as much as everything that the sign-in asks of the database.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _opening(endpoint), **options)


def _opening(handler: Callable[..., Any]) -> Callable[..., Any]:
    """The handler, given what was announced to it."""
    parameters = signature(handler).parameters.values()
    name = next((each.name for each in parameters if each.annotation in ANNOUNCED), None)
    if name is None:
        return handler

    @wraps(handler)
    def handle(**given: Any) -> Any:
        with given.pop(name) as opened:
            return handler(**{name: opened}, **given)

    return handle


@contextmanager
def _visiting(request: Request, *, is_reading: bool) -> Iterator[Visit]:
    state = request.app.state
    engine, paths = state.engine, state.paths
    # Of several visits of one request the first says when it came in.
    earlier: Visit | None = getattr(request.state, "visit", None)
    with (reading if is_reading else writing)(engine) as session:
        # The sign-in begins no transaction: nobody without one gets SQLite's one write lock.
        user, sign_in = _signed_in(request, session)
        if not is_reading:
            # What a handler reads stands until it commits, and whoever waits decides later.
            begin_turn(session, user.id)
        now = earlier.diary.now if earlier else state.clock()
        if not sign_in.holds_at(now):
            raise NotSignedIn
        # The other way round where the server's clock was ahead.
        if abs(now - sign_in.last_seen_at) > SEEN_EVERY:
            touch(session, sign_in.id, now)
            session.commit()
            if not is_reading:
                begin_turn(session, user.id)
        _check_clock(request, now)
        drawn_for = _begin_of_day_ahead(request, user, now) or now
        request.state.visit = visit = Visit(Diary(session, user, drawn_for), user, sign_in, paths)
        request.state.read_at = now
        yield visit


def _begin_of_day_ahead(request: Request, user: User, now: datetime) -> datetime | None:
    """When the day of a page begins that is asked for as it will be by then (`?ahead=yes`).

    A device keeps such pages to log on, should it have no network when the day begins. None for
    any other page, and for one of today. Raises `NotFound` for a day outside the coming week.
    """
    if request.method not in SAFE_METHODS or "ahead" not in request.query_params:
        return None
    try:
        on = date.fromisoformat(request.path_params["on"])
    except (KeyError, ValueError) as error:
        raise NotFound from error
    today = user.today(now)
    if not today <= on <= today + timedelta(days=DAYS_AHEAD):
        raise NotFound
    return user.day_turns_at(on - timedelta(days=1)) if on > today else None


def _signed_in(request: Request, session: Session) -> tuple[User, SignIn]:
    token = request.cookies.get(cookie_name(request), "")
    found = find_sign_in(session, token) if token else None
    if found is None or request.headers.get(ACCOUNT_HEADER, str(found[0].id)) != str(found[0].id):
        raise NotSignedIn
    return found


def _check_clock(request: Request, now: datetime) -> None:
    told = request.headers.get(CLOCK_HEADER, "")
    # What is no time, and what no clock of this age can show, is not asked about.
    if not told.isascii() or not told.isdigit() or len(told) > MOST_DIGITS:
        return
    if abs(now.timestamp() - int(told) / 1000) >= WORTH_ASKING.total_seconds():
        raise ClockOff


def cookie_name(request: Request) -> str:
    """The sign-in cookie: bound to the host on https, without Secure on plain http."""
    name: str = request.app.state.cookie_name
    return f"__Host-{name}" if request.scope["scheme"] == "https" else name


def device_cookie_name(request: Request) -> str:
    """The cookie by which a browser is known that has signed in before; it signs nobody in."""
    name: str = request.app.state.cookie_name
    return f"__Host-{name}-device" if request.scope["scheme"] == "https" else f"{name}-device"


def delete_cookies(request: Request, response: Response) -> None:
    """Delete the sign-in cookie, and what was searched for.

    For `__Host-` names browsers require Secure here too.
    """
    is_secure = request.url.scheme == "https"
    for name in (cookie_name(request), typed_cookie_name(request)):
        response.delete_cookie(name, path="/", secure=is_secure, httponly=True, samesite="lax")
