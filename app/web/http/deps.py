"""What handlers can request: sessions, visits, the time and the settings."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial, wraps
from inspect import signature
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel

from app.diary import Diary
from app.errors import ClockOff, NotFound, NotSignedIn
from app.i18n import current, speaking
from app.models import SignIn, User
from app.services.history import begin_turn
from app.services.sign_ins import find_sign_in, touch
from app.settings import Settings
from app.web.http.direct_calls import GROUPED, direct_app
from app.web.http.reading import ACCOUNT_HEADER, CLOCK_HEADER
from app.web.http.security import SAFE_METHODS
from app.web.http.typed_text import typed_cookie_name
from app.web.http.visit import Visit

Row = TypeVar("Row", bound=SQLModel)

SEEN_EVERY = timedelta(hours=1)
# A smaller error of a clock is accepted: nobody remembers times better.
WORTH_ASKING = timedelta(hours=1)
MOST_DIGITS = 15
# How many days ahead a page can be rendered for the beginning of its day.
DAYS_AHEAD = 7


def clock() -> datetime:
    """Return the current instant: the only clock of the web app. Tests pass another one."""
    return datetime.now(UTC)


async def get_now(request: Request) -> datetime:
    """Return when the request came in."""
    now: datetime = request.app.state.clock()
    return now


async def get_settings(request: Request) -> Settings:
    """Return the settings of this installation."""
    settings: Settings = request.app.state.settings
    return settings


Visits = Callable[[], AbstractContextManager[Visit]]
Now = Annotated[datetime, Depends(get_now)]
SettingsDep = Annotated[Settings, Depends(get_settings)]


async def session_context(request: Request) -> AbstractContextManager[Session]:
    """Open a session for pages that need no sign-in; the handler commits."""
    return _opened(request, is_reading=request.method in SAFE_METHODS)


async def visit_context(request: Request) -> AbstractContextManager[Visit]:
    """Open the signed-in person's visit.

    An entry that another account wrote on this device is refused and stays in the outbox.
    """
    return _visiting(request, is_reading=request.method in SAFE_METHODS)


async def tap_context(request: Request) -> Callable[[Session], AbstractContextManager[Visit]]:
    """Open the visit of a short write, with the session that it shares with others."""
    return partial(_visit, request, is_reading=False)


async def search_context(request: Request) -> AbstractContextManager[Visit]:
    """Open a visit for a search: the text is posted, and nothing is written."""
    return _visiting(request, is_reading=True)


async def visits_context(request: Request) -> Visits:
    """Let a handler open several visits, one after the other."""
    return lambda: _visiting(request, is_reading=request.method in SAFE_METHODS)


def get_account(request: Request) -> UUID:
    """Return who is signed in, for checks before a long body is read."""
    with _visiting(request, is_reading=True) as visit:
        return visit.viewer.id


VisitsDep = Annotated[Visits, Depends(visits_context)]
AccountDep = Annotated[UUID, Depends(get_account)]
# The dependencies that `SessionRoute` opens for a handler, and closes after it.
SessionDep = Annotated[Session, Depends(session_context)]
VisitDep = Annotated[Visit, Depends(visit_context)]
SearchDep = Annotated[Visit, Depends(search_context)]
# For a handler whose write is short, and which may run twice (`app/db/group_commit.py`).
TapDep = Annotated[Visit, Depends(tap_context)]
OPENED_FOR_HANDLERS = (SessionDep, VisitDep, SearchDep, TapDep)


class SessionRoute(APIRoute):
    """A route that opens and closes the session in the handler's own thread.

    The session begins after the body has arrived and ends before the answer is sent, so a slow
    client never holds a database connection. A handler announces what it wants by the type of one
    parameter (`OPENED_FOR_HANDLERS`); the route passes the opened object in its place.

    This costs no more than a handler that opens the session itself: 115 µs of CPU for a handler
    that does nothing. As a dependency with its own cleanup it would take 249 µs, for two more
    changes of thread (November 2026). A decorator would be as fast, but would also have to hide
    the parameter from FastAPI, and would be one more line above every handler.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _opening(endpoint), **options)
        self.app = direct_app(self)


def _opening(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a handler to open its announced dependency."""
    parameters = signature(handler).parameters.values()
    announced = next((each for each in parameters if each.annotation in OPENED_FOR_HANDLERS), None)
    if announced is None:
        return handler
    name = announced.name

    @wraps(handler)
    def handle(**given: Any) -> Any:
        with given.pop(name) as opened:
            return handler(**{name: opened}, **given)

    @wraps(handler)
    def handle_with(session: Session, **given: Any) -> Any:
        with given.pop(name)(session) as opened:
            return handler(**{name: opened}, **given)

    if announced.annotation != TapDep:
        return handle
    setattr(handle_with, GROUPED, True)
    return handle_with


def _opened(request: Request, *, is_reading: bool) -> AbstractContextManager[Session]:
    database = request.app.state.database
    opened: AbstractContextManager[Session] = (
        database.reading() if is_reading else database.writing()
    )
    return opened


@contextmanager
def _visiting(request: Request, *, is_reading: bool) -> Iterator[Visit]:
    # If a request has several visits, the first decides when it came in.
    earlier: Visit | None = getattr(request.state, "visit", None)
    now = earlier.diary.now if earlier else None
    with (
        _opened(request, is_reading=is_reading) as session,
        _visit(request, session, is_reading=is_reading, now=now) as visit,
    ):
        yield visit


@contextmanager
def _visit(
    request: Request, session: Session, *, is_reading: bool, now: datetime | None = None
) -> Iterator[Visit]:
    state = request.app.state
    # Checking the sign-in begins no transaction, so only signed-in people get SQLite's write lock.
    user, sign_in = _signed_in(request, session)
    if not is_reading:
        # Rows read by the handler stay unchanged until it commits; a request that waits decides
        # later.
        begin_turn(session, user.id)
    now = now or state.clock()
    if not sign_in.holds_at(now):
        raise NotSignedIn
    # Negative if the server's clock was ahead.
    if abs(now - sign_in.last_seen_at) > SEEN_EVERY:
        touch(session, sign_in.id, now)
        session.commit()
        if not is_reading:
            begin_turn(session, user.id)
    _check_clock(request, now)
    drawn_for = _begin_of_day_ahead(request, user, now) or now
    diary = Diary(session, user, drawn_for)
    request.state.visit = visit = Visit(diary, user, sign_in, state.paths)
    request.state.read_at = now
    with speaking(user.preferences.language or current().code) as language:
        # An error is shown after the session is closed.
        request.state.language = language.code
        yield visit


def _begin_of_day_ahead(request: Request, user: User, now: datetime) -> datetime | None:
    """Return when the day of a page requested with `?ahead=yes` begins: it is rendered for then.

    A device caches such pages to log on if it is offline when the day begins. None for any other
    page, and for today's. Raises `NotFound` for a day outside the coming week.
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


def account_language(request: Request) -> str:
    """Return the language of a page without a visit: the account's, else the browser's.

    Falls back to the browser's if the database cannot be read.
    """
    token = request.cookies.get(cookie_name(request), "")
    with suppress(SQLAlchemyError), _opened(request, is_reading=True) as session:
        found = find_sign_in(session, token) if token else None
        if found is not None and found[1].holds_at(request.app.state.clock()):
            return found[0].preferences.language or current().code
    return current().code


def _check_clock(request: Request, now: datetime) -> None:
    told = request.headers.get(CLOCK_HEADER, "")
    # Ignore values that are not a time, or that no clock could show.
    if not told.isascii() or not told.isdigit() or len(told) > MOST_DIGITS:
        return
    if abs(now.timestamp() - int(told) / 1000) >= WORTH_ASKING.total_seconds():
        raise ClockOff


def cookie_name(request: Request) -> str:
    """Return the name of the sign-in cookie: bound to the host on https, without Secure on http."""
    name: str = request.app.state.cookie_name
    return f"__Host-{name}" if request.scope["scheme"] == "https" else name


def device_cookie_name(request: Request) -> str:
    """Return the name of the cookie that recognises a browser; it signs nobody in."""
    name: str = request.app.state.cookie_name
    return f"__Host-{name}-device" if request.scope["scheme"] == "https" else f"{name}-device"


def delete_cookies(request: Request, response: Response) -> None:
    """Delete the sign-in cookie and the cookie of the last search.

    Browsers require Secure to delete a `__Host-` cookie too.
    """
    is_secure = request.url.scheme == "https"
    for name in (cookie_name(request), typed_cookie_name(request)):
        response.delete_cookie(name, path="/", secure=is_secure, httponly=True, samesite="lax")
