"""Manage the account: name, password, signed-in devices, the security log and deletion.

Every change here asks for the current password.
"""

import logging
from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from app.db import erase_deleted
from app.errors import Refused
from app.models import Activity, ActivityKind, SignIn
from app.models.activity import KEPT_FOR
from app.models.sign_in import IDLE_FOR
from app.services.accounts import delete_account, rename, set_password
from app.services.clean_up import note_erased
from app.services.passwords import SHORTEST_PASSWORD, check_password_is_strong, hash_password
from app.services.sign_ins import (
    MOST_SIGN_INS,
    SignedIn,
    end_other_sign_ins,
    is_unchanged,
    start_sign_in,
)
from app.web.http.activity import SHOWN, activity_days, record
from app.web.http.confirmation import NOT_CURRENT, confirm_password, with_wait
from app.web.http.deps import SessionRoute, VisitDep, delete_cookies
from app.web.http.entries import Saving
from app.web.http.reading import EntryForm, Line, Submission, submitted
from app.web.http.sign_in_cookies import set_cookies
from app.web.http.templating import path_for, render
from app.web.http.visit import Visit
from app.web.pages.photos.page import store_of

router = APIRouter(prefix="/settings", tags=["access"], route_class=SessionRoute)

LINES_A_PAGE, LAST_PAGE = 100, 1_000
log = logging.getLogger("strand")

Password = Annotated[str, Field(max_length=1024)]


class ConfirmedForm(BaseModel):
    """A form that needs only the current password."""

    current_password: Password


class NameForm(EntryForm, ConfirmedForm):
    """A new name to sign in with."""

    name: Annotated[Line, Field(min_length=1)]


class PasswordForm(ConfirmedForm):
    """A new password."""

    password: Password


class DeleteAccountForm(BaseModel):
    """The password, as confirmation."""

    password: Password


NameSubmission = Annotated[Submission[NameForm], Depends(submitted(NameForm))]
PasswordSubmission = Annotated[Submission[PasswordForm], Depends(submitted(PasswordForm))]
ConfirmedSubmission = Annotated[Submission[ConfirmedForm], Depends(submitted(ConfirmedForm))]
DeleteSubmission = Annotated[Submission[DeleteAccountForm], Depends(submitted(DeleteAccountForm))]


@router.get("/name", name="edit_name")
def edit_name(request: Request, visit: VisitDep) -> Response:
    """Show the form for a new name."""
    return _show(request, "name", Submission())


@router.post("/name", name="update_name")
def update_name(request: Request, visit: VisitDep, submission: NameSubmission) -> Response:
    """Change the name to sign in with."""
    with Saving(visit.diary.session, submission) as entry:
        form = entry.form
        confirm_password(request, visit, form.current_password)
        rename(visit.diary.session, visit.viewer, form.name, visit.decision(form))
        record(request, visit, ActivityKind.NAME)
        return _saved(request)
    return _show_again(request, "name", entry)


@router.get("/password", name="edit_password")
def edit_password(request: Request, visit: VisitDep) -> Response:
    """Show the form for a new password."""
    return _show(request, "password", Submission())


@router.post("/password", name="update_password")
def update_password(request: Request, visit: VisitDep, submission: PasswordSubmission) -> Response:
    """Change the password: every sign-in ends, and this browser gets a new one."""
    session = visit.diary.session
    with Saving(session, submission) as entry:
        form = entry.form
        check_password_is_strong(form.password, visit.viewer.name)
        confirm_password(request, visit, form.current_password)
        # No lock is held during hashing.
        session.commit()
        new_hash = hash_password(form.password)
        if not is_unchanged(session, visit.viewer):
            raise Refused(NOT_CURRENT, "current_password")
        set_password(session, visit.viewer, new_hash)
        token = start_sign_in(session, visit.viewer, visit.sign_in.device_label, visit.diary.now)
        record(request, visit, ActivityKind.PASSWORD)
        return set_cookies(request, _saved(request), SignedIn(visit.viewer.id, token))
    return _show_again(request, "password", entry)


@router.get("/devices", name="index_sign_ins")
def index_sign_ins(request: Request, visit: VisitDep) -> Response:
    """List the signed-in devices."""
    found = visit.diary.session.exec(SignIn.of_user(visit.viewer.id))
    context = {
        "nav": "settings",
        "sign_ins": [each for each in found if each.holds_at(visit.diary.now)],
        "this_sign_in": visit.sign_in.id,
        "idle_days": IDLE_FOR.days,
        "most": MOST_SIGN_INS,
    }
    return render(request, "settings/devices.html", context)


@router.get("/activity", name="index_activity")
def index_activity(request: Request, visit: VisitDep, show: str = "", page: int = 1) -> Response:
    """Show the security log, newest first."""
    shown, page = show if show in SHOWN else "", min(max(page, 1), LAST_PAGE)
    lines = Activity.newest_first(visit.viewer.id).where(col(Activity.kind).in_(SHOWN[shown]))
    on_page = lines.offset((page - 1) * LINES_A_PAGE).limit(LINES_A_PAGE + 1)
    found = visit.diary.session.exec(on_page).all()
    context = {
        "nav": "settings",
        "days": list(activity_days(visit.viewer, found[:LINES_A_PAGE], visit.diary.today)),
        "shown": shown,
        "page": page,
        "has_more": len(found) > LINES_A_PAGE,
        "kept_days": KEPT_FOR.days,
    }
    return render(request, "settings/activity.html", context)


@router.get("/sign-ins/others/delete", name="confirm_revoke_others")
def confirm_revoke_others(request: Request, visit: VisitDep) -> Response:
    """Ask for the password before signing out every other device."""
    return _show(request, "revoke", Submission(), sign_in=None)


@router.post("/sign-ins/others/delete", name="revoke_other_sign_ins")
def revoke_others(request: Request, visit: VisitDep, submission: ConfirmedSubmission) -> Response:
    """Sign out every other device."""
    return _revoke(
        request,
        visit,
        submission,
        None,
        lambda: end_other_sign_ins(visit.diary.session, visit.viewer, visit.sign_in.id),
    )


@router.get("/sign-ins/{sign_in_id}/delete", name="confirm_revoke_sign_in")
def confirm_revoke(request: Request, visit: VisitDep, sign_in_id: UUID) -> Response:
    """Ask for the password before signing out another device."""
    return _show(request, "revoke", Submission(), sign_in=visit.diary.own(SignIn, sign_in_id))


@router.post("/sign-ins/{sign_in_id}/delete", name="revoke_sign_in")
def revoke(
    request: Request, visit: VisitDep, sign_in_id: UUID, submission: ConfirmedSubmission
) -> Response:
    """Sign out another device."""
    sign_in = visit.diary.own(SignIn, sign_in_id)
    return _revoke(
        request,
        visit,
        submission,
        sign_in,
        lambda: visit.diary.session.execute(delete(SignIn).where(col(SignIn.id) == sign_in.id)),
    )


@router.get("/delete", name="confirm_delete")
def confirm_delete(request: Request, visit: VisitDep) -> Response:
    """Ask for the password before deleting everything."""
    return _show(request, "delete", Submission())


@router.post("/delete", name="destroy_account")
def destroy(request: Request, visit: VisitDep, submission: DeleteSubmission) -> Response:
    """Delete the account and everything in it."""
    with Saving(visit.diary.session, submission) as entry:
        confirm_password(request, visit, entry.form.password, "password")
        delete_account(visit.diary.session, visit.viewer.id, visit.diary.now)
    if not entry.is_saved:
        return _show_again(request, "delete", entry)
    address = path_for(request, "new_sign_in")
    if not _erased(request, visit.viewer.id):
        address += "?erased=later"
    response = RedirectResponse(address, status_code=303)
    delete_cookies(request, response)
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


def _erased(request: Request, user_id: UUID) -> bool:
    """Delete the remains of a deleted account; return whether everything is gone."""
    database = request.app.state.database
    try:
        store_of(request).remove_all(user_id)
        is_erased = erase_deleted(database.engine)
        if is_erased:
            with database.writing() as session:
                note_erased(session, [user_id])
                session.commit()
    except (OSError, SQLAlchemyError):
        is_erased = False
    if not is_erased:
        log.warning(
            "A deleted account could not be erased completely yet. Strand tries again in an hour."
        )
    return is_erased


def _revoke(
    request: Request,
    visit: Visit,
    submission: Submission[ConfirmedForm],
    sign_in: SignIn | None,
    end: Callable[[], object],
) -> Response:
    """End a sign-in, or all others (None), after checking the password."""
    with Saving(visit.diary.session, submission) as entry:
        confirm_password(request, visit, entry.form.current_password)
        end()
        if sign_in is None:
            record(request, visit, ActivityKind.REVOKED_OTHERS)
        else:
            record(request, visit, ActivityKind.REVOKED, sign_in.device_label)
        return RedirectResponse(path_for(request, "index_sign_ins"), status_code=303)
    return _show_again(request, "revoke", entry, sign_in=sign_in)


def _saved(request: Request) -> Response:
    return RedirectResponse(path_for(request, "show_settings") + "?saved=1", status_code=303)


def _show_again(request: Request, page: str, entry: Saving[BaseModel], **more: object) -> Response:
    return with_wait(_show(request, page, entry.submission, **more), entry.refusal)


def _show(
    request: Request, page: str, submission: Submission[BaseModel], **more: object
) -> Response:
    context = {
        "nav": "settings",
        "submission": submission,
        "shortest_password": SHORTEST_PASSWORD,
        **more,
    }
    return render(request, f"settings/{page}.html", context)
