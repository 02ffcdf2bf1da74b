"""Sign in, sign out, and the first account."""

from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from app.errors import LinkUsed, Refused, TooManyTries
from app.i18n import _, current
from app.models import ActivityKind, User
from app.services.accounts import AccountInput, create_account
from app.services.activity import record_activity
from app.services.passwords import SHORTEST_PASSWORD
from app.services.set_up import check_set_up_code
from app.services.sign_in_tries import Guesser, claim_try, known_device
from app.services.sign_ins import (
    SignedIn,
    device_label,
    end_sign_in,
    sign_in,
    start_sign_in,
    try_to_sign_in,
)
from app.settings import Settings, SignUp
from app.web.http.activity import place_of, record, recording_later
from app.web.http.confirmation import not_counted_if_busy, with_wait
from app.web.http.deps import (
    Now,
    SessionDep,
    SessionRoute,
    SettingsDep,
    VisitDep,
    cookie_name,
    delete_cookies,
    device_cookie_name,
)
from app.web.http.entries import Saving
from app.web.http.reading import Line, OneLine, Submission, ZoneName, submitted
from app.web.http.sign_in_cookies import set_cookies
from app.web.http.templating import path_for, render
from app.web.pages.settings.phone import is_loopback

router = APIRouter(tags=["sign in"], route_class=SessionRoute)

# The key that counts new accounts where sign-up is open; no name contains a line break.
SIGN_UP = "sign up\n"


class SignInForm(BaseModel):
    """A name and a password."""

    name: Line
    password: str = Field(max_length=1024)
    next: str = Field(default="", max_length=2000)


class AccountForm(BaseModel):
    """A new account; the password is used as typed, spaces included."""

    name: Line
    password: str = Field(max_length=1024)
    time_zone: ZoneName = "UTC"
    code: Annotated[OneLine, Field(max_length=200)] = ""


SignInSubmission = Annotated[Submission[SignInForm], Depends(submitted(SignInForm))]
AccountSubmission = Annotated[Submission[AccountForm], Depends(submitted(AccountForm))]


@router.get("/sign-in", name="new_sign_in")
def new(request: Request, session: SessionDep, settings: SettingsDep) -> Response:
    """Ask for name and password."""
    values = {"next": request.query_params.get("next", "")}
    return _show_sign_in(request, session, settings, Submission(values=values))


@router.post("/sign-in", name="create_sign_in")
def create(
    request: Request,
    session: SessionDep,
    settings: SettingsDep,
    now: Now,
    submission: SignInSubmission,
) -> Response:
    """Sign in. An error does not say which part was wrong, so that names cannot be found out."""
    form = submission.form
    if form is None:
        return _show_sign_in(request, session, settings, submission, 422)
    known = request.cookies.get(device_cookie_name(request), "")

    def guesser(user: User | None) -> Guesser:
        return Guesser(
            _host(request), known_device(settings.secret, user.id if user else None, known)
        )

    try:
        attempt = try_to_sign_in(session, form.name, guesser, now)
    except TooManyTries as refusal:
        refusal.field = "password"
        page = _show_sign_in(request, session, settings, submission.refused(refusal))
        user = session.exec(User.named(form.name)).first()
        page.background = recording_later(request, user, ActivityKind.TOO_MANY_TRIES, now)
        return with_wait(page, refusal)
    session.commit()
    label = device_label(request.headers.get("user-agent", ""))
    with not_counted_if_busy(session, attempt):
        found = sign_in(session, attempt, form.password, device_label=label, now=now)
    if found is not None:
        # The browser's earlier sign-in, if it has one, is replaced.
        end_sign_in(session, request.cookies.get(cookie_name(request), ""))
        record_activity(session, found.user_id, ActivityKind.SIGNED_IN, place_of(request), now)
    session.commit()
    if found is None:
        wrong = submission.refused(Refused(_("Name and password do not match."), "password"))
        page = _show_sign_in(request, session, settings, wrong, 422)
        page.background = recording_later(request, attempt.user, ActivityKind.WRONG_PASSWORD, now)
        return page
    address = own_path(form.next) or path_for(request, "show_today")
    return set_cookies(request, RedirectResponse(address, status_code=303), found)


@router.post("/sign-out", name="destroy_sign_in")
def destroy(request: Request, visit: VisitDep) -> Response:
    """End this sign-in, and clear what the browser stored."""
    visit.diary.session.delete(visit.sign_in)
    record(request, visit, ActivityKind.SIGNED_OUT)
    visit.diary.session.commit()
    response = RedirectResponse(path_for(request, "new_sign_in"), status_code=303)
    delete_cookies(request, response)
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


@router.get("/set-up", name="new_account")
def new_account(request: Request, session: SessionDep, settings: SettingsDep) -> Response:
    """Show the form for the first account, by the printed link; for later ones if open."""
    return _show_set_up(request, Submission(), is_first=_is_first(session, settings))


@router.post("/set-up", name="create_account")
def create_new_account(
    request: Request,
    session: SessionDep,
    settings: SettingsDep,
    now: Now,
    submission: AccountSubmission,
) -> Response:
    """Create the account, sign it in, and redirect to the first items."""
    is_first = _is_first(session, settings)
    session.rollback()
    with Saving(session, submission) as entry:
        form = entry.form
        # Check the right to an account before hashing the password, without holding a lock.
        if is_first:
            check_set_up_code(session, form.code, now)
        else:
            claim_try(session, SIGN_UP, Guesser(_host(request)), now)
        session.commit()
        user = create_account(
            session,
            AccountInput(
                name=form.name,
                password=form.password,
                time_zone=form.time_zone,
                language=current().code,
            ),
            now,
            set_up_code=form.code if is_first else None,
        )
        end_sign_in(session, request.cookies.get(cookie_name(request), ""))
        label = device_label(request.headers.get("user-agent", ""))
        token = start_sign_in(session, user, label, now)
        record_activity(session, user.id, ActivityKind.CREATED, place_of(request), now)
        onwards = RedirectResponse(path_for(request, "new_regimen_item"), status_code=303)
        return set_cookies(request, onwards, SignedIn(user.id, token))
    page = _show_set_up(request, entry.submission, is_first=is_first)
    return with_wait(page, entry.refusal)


def own_path(address: str) -> str:
    """Return an address within the app to redirect to; "" for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_own = not parts.scheme and not parts.netloc and address.startswith("/")
    return address if is_own and not address.startswith("//") and "\\" not in address else ""


def _is_first(session: Session, settings: Settings) -> bool:
    """Whether this would be the first account; raise `LinkUsed` if sign-up is closed."""
    is_first = session.exec(User.count()).one() == 0
    if not is_first and settings.sign_up is not SignUp.OPEN:
        raise LinkUsed
    return is_first


def _host(request: Request) -> str:
    return request.client.host if request.client else ""


def _show_sign_in(
    request: Request,
    session: Session,
    settings: Settings,
    submission: Submission[SignInForm],
    status_code: int = 200,
) -> Response:
    context = {
        "submission": submission,
        "is_first": session.exec(User.count()).one() == 0,
        "is_erased_later": request.query_params.get("erased") == "later",
        "may_sign_up": settings.sign_up is SignUp.OPEN,
        "is_plain_http": _is_plain_http(request),
    }
    return render(request, "sign_in/new.html", context, status_code=status_code)


def _show_set_up(
    request: Request,
    submission: Submission[AccountForm],
    *,
    is_first: bool,
) -> Response:
    context = {
        "is_first": is_first,
        "submission": submission,
        "zones": sorted(available_timezones()),
        "shortest_password": SHORTEST_PASSWORD,
        "is_plain_http": _is_plain_http(request),
    }
    return render(request, "set_up/new.html", context)


def _is_plain_http(request: Request) -> bool:
    """Whether others on the network could read along; this machine itself is safe."""
    return request.url.scheme == "http" and not is_loopback(str(request.url))
