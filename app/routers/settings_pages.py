"""Settings: the person's own clock, looks, questions, sign-ins, and the way out."""

import re
from collections.abc import Sequence
from datetime import time
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy import delete
from sqlmodel import col

from app.domain.day_parts import LONGEST_NAME, NAMES, DayPart, day_parts, moved
from app.domain.measurements import Measure, WeightUnit
from app.errors import Refused
from app.models import Hint, SignIn, Theme, User, VitaminUnit
from app.services.accounts import (
    SHORTEST_PASSWORD,
    check_password_is_strong,
    end_other_sign_ins,
    hash_password,
    password_matches,
)
from app.services.check_ins import questions_of
from app.services.measurements import choose_measures
from app.services.preferences import (
    AskedQuestion,
    Preferences,
    close_hint,
    keep_day_parts,
    keep_preferences,
    keep_questions,
    live_by,
)
from app.web.deps import Route, Visit, VisitDep, delete_cookie
from app.web.entries import accepted
from app.web.forms import (
    BareSubmission,
    ClockTime,
    EntryForm,
    Line,
    OneLine,
    Submission,
    ZoneName,
    submitted,
)
from app.web.measurements_page import MEASURE_NAMES, WEIGHT_UNIT_NAMES
from app.web.photo_pages import store_of
from app.web.templating import path_for, render
from app.web.words import WEEKDAYS, _

router = APIRouter(prefix="/settings", tags=["settings"], route_class=Route)

# Where a hint stands.
HINTED = {
    Hint.TODAY: "show_today",
    Hint.INSTALL: "show_today",
    Hint.TRENDS: "show_trends",
    Hint.REGIMEN: "index_regimen",
}
EARLIEST_DAY_START, LATEST_DAY_START = time(0), time(8)
MOST_OWN_SYMPTOMS = 40


class PreferencesForm(EntryForm):
    """Name, clock, calendar, units, looks, keys, discretion, size and currency."""

    name: Annotated[Line, Field(min_length=1)]
    time_zone: ZoneName
    day_starts_time: ClockTime
    first_weekday: Annotated[int, Field(ge=1, le=7)]
    theme: Theme
    vitamin_unit: VitaminUnit
    emergency_line: Annotated[OneLine, Field(max_length=200)] = ""
    single_keys: Literal["on", "off"] = "on"
    is_discreet: Literal["on", "off"] = "off"
    is_large: Literal["on", "off"] = "off"
    currency: Annotated[OneLine, Field(max_length=8)] = ""


class PasswordForm(BaseModel):
    """The old password and a new one."""

    current_password: str = Field(max_length=1024)
    password: str = Field(max_length=1024)


class ZoneForm(EntryForm):
    """A time zone to go by from now on."""

    time_zone: ZoneName


class AskedForm(EntryForm):
    """Which questions are asked, own symptoms, one a line, and which measurements are recorded.

    `measures` is sent empty where none is turned on; a form without it leaves them as they are.
    """

    asked: list[str] = Field(default_factory=list, max_length=100)
    own: list[str] = Field(default_factory=list, max_length=100)
    measures: list[str] = Field(default_factory=list, max_length=10)
    weight_unit: WeightUnit = WeightUnit.KG


class DayPartsForm(EntryForm):
    """What the times of day are called, one beside each; a button moves one of them as well."""

    slug: list[str] = Field(default_factory=list, max_length=20)
    name: list[Annotated[OneLine, Field(max_length=LONGEST_NAME)]] = Field(
        default_factory=list, max_length=20
    )
    move: Annotated[str, Field(max_length=20)] = ""


class DeleteForm(BaseModel):
    """The password, to say that it is meant."""

    password: str = Field(max_length=1024)


PreferencesSubmission = Annotated[Submission[PreferencesForm], Depends(submitted(PreferencesForm))]
PasswordSubmission = Annotated[Submission[PasswordForm], Depends(submitted(PasswordForm))]
ZoneSubmission = Annotated[Submission[ZoneForm], Depends(submitted(ZoneForm))]
AskedSubmission = Annotated[Submission[AskedForm], Depends(submitted(AskedForm))]
DayPartsSubmission = Annotated[Submission[DayPartsForm], Depends(submitted(DayPartsForm))]
DeleteSubmission = Annotated[Submission[DeleteForm], Depends(submitted(DeleteForm))]


@router.get("", name="show_settings")
def show(request: Request, visit: VisitDep, saved: str = "") -> Response:
    """Show every setting, and where one is signed in."""
    return _show(request, visit, is_saved=bool(saved))


@router.post("/preferences", name="update_preferences")
def update_preferences(
    request: Request, visit: VisitDep, submission: PreferencesSubmission
) -> Response:
    """Keep name, clock, units, looks and keys; what was logged before does not move."""
    form = submission.form
    if form is None:
        return _show(request, visit, preferences=submission, status_code=422)
    try:
        _check_preferences(visit, form)
    except Refused as refusal:
        return _show(request, visit, preferences=submission.refused(refusal), status_code=422)
    decision = visit.decision(form)
    preferences = Preferences.model_validate(form.model_dump())
    keep_preferences(visit.session, visit.user, preferences, decision)
    live_by(visit.session, visit.user, form.time_zone, form.day_starts_time, decision)
    return _saved(request, visit)


@router.post("/password", name="update_password")
def update_password(request: Request, visit: VisitDep, submission: PasswordSubmission) -> Response:
    """Change the password, and end every other sign-in."""
    form = submission.form
    try:
        if form is None:
            return _show(request, visit, password=submission, status_code=422)
        if not password_matches(visit.user, form.current_password):
            raise Refused(_("This is not your password."), "current_password")
        check_password_is_strong(form.password, visit.user.name)
    except Refused as refusal:
        return _show(request, visit, password=submission.refused(refusal), status_code=422)
    visit.user.password_hash = hash_password(form.password)
    visit.session.add(visit.user)
    end_other_sign_ins(visit.session, visit.user, visit.sign_in.id)
    return _saved(request, visit)


@router.post("/time-zone", name="update_time_zone")
def update_time_zone(request: Request, visit: VisitDep, submission: ZoneSubmission) -> Response:
    """Go by another clock from now on: 08:00 is 08:00 there."""
    if submission.form is None:
        return _show(request, visit, status_code=422)
    form, day_starts = submission.form, visit.user.day_starts_time
    live_by(visit.session, visit.user, form.time_zone, day_starts, visit.decision(form))
    visit.session.commit()
    return accepted(request, path_for(request, "show_today"))


@router.post("/sign-ins/{sign_in_id}/delete", name="revoke_sign_in")
def revoke(request: Request, visit: VisitDep, sign_in_id: UUID) -> Response:
    """End a sign-in somewhere else."""
    visit.session.delete(visit.own(SignIn, sign_in_id))
    visit.session.commit()
    return RedirectResponse(path_for(request, "show_settings"), status_code=303)


@router.get("/check-in", name="edit_asked")
def edit_asked(request: Request, visit: VisitDep) -> Response:
    """Show every question there is, and which are asked."""
    return _show_asked(request, visit, Submission())


@router.post("/check-in", name="update_asked")
def update_asked(request: Request, visit: VisitDep, submission: AskedSubmission) -> Response:
    """Keep what is asked; answers given before stay."""
    form = submission.form
    if form is None:
        return _show_asked(request, visit, submission, status_code=422)
    known = {question.slug: question for question in questions_of(visit.session, visit.user)}
    names = {slug: q.name for slug, q in known.items() if q.is_own}
    new_names = [" ".join(name.split())[:60] for name in form.own]
    slugs = {_own_slug(name): name for name in new_names if name and _own_slug(name) not in known}
    if len(names) + len(slugs) > MOST_OWN_SYMPTOMS:
        refusal = Refused(_("That is more than can be asked."), "own")
        return _show_asked(request, visit, submission.refused(refusal), status_code=422)
    questions = [
        AskedQuestion(
            slug=slug,
            name={**names, **slugs}.get(slug, ""),
            is_asked=slug in form.asked or slug in slugs,
        )
        for slug in [*known, *slugs]
    ]
    decision = visit.decision(form)
    keep_questions(visit.session, visit.user, questions, decision)
    if "measures" in submission.values:
        chosen = [measure for measure in Measure if measure in form.measures]
        choose_measures(visit.session, visit.user, chosen, form.weight_unit, decision)
    return _saved(request, visit)


@router.get("/times-of-day", name="edit_day_parts")
def edit_day_parts(request: Request, visit: VisitDep) -> Response:
    """Show the times of day, to be named and ordered."""
    return _show_day_parts(request, visit, Submission())


@router.post("/times-of-day", name="update_day_parts")
def update_day_parts(request: Request, visit: VisitDep, submission: DayPartsSubmission) -> Response:
    """Keep names and order; without a button that moves, it is done."""
    form = submission.form
    if form is None:
        return _show_day_parts(request, visit, submission, status_code=422)
    parts = _named(form.slug, form.name)
    slug, _space, way = form.move.partition(" ")
    if way:
        parts = moved(parts, slug, up=way == "up")
    keep_day_parts(visit.session, visit.user, parts, visit.decision(form))
    if not way:
        return _saved(request, visit)
    visit.session.commit()
    return RedirectResponse(path_for(request, "edit_day_parts"), status_code=303)


@router.post("/hints/{hint}/close", name="close_hint")
def close(request: Request, visit: VisitDep, hint: Hint, submission: BareSubmission) -> Response:
    """Show a hint no more."""
    close_hint(visit.session, visit.user, hint, visit.decision(submission.form or EntryForm()))
    visit.session.commit()
    return accepted(request, path_for(request, HINTED[hint]))


@router.get("/delete", name="confirm_delete")
def confirm_delete(request: Request, visit: VisitDep) -> Response:
    """Ask for the password before everything goes."""
    return render(request, "settings/delete.html", {"nav": "settings", "submission": Submission()})


@router.post("/delete", name="destroy_account")
def destroy(request: Request, visit: VisitDep, submission: DeleteSubmission) -> Response:
    """Delete the account and everything in it."""
    form = submission.form
    if form is None or not password_matches(visit.user, form.password):
        wrong = submission.refused(Refused(_("This is not your password."), "password"))
        context = {"nav": "settings", "submission": wrong}
        return render(request, "settings/delete.html", context, status_code=422)
    visit.session.execute(delete(User).where(col(User.id) == visit.user.id))
    visit.session.commit()
    store_of(request).remove_all(visit.user.id)
    response = RedirectResponse(path_for(request, "new_sign_in"), status_code=303)
    delete_cookie(request, response)
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


def _check_preferences(visit: Visit, form: PreferencesForm) -> None:
    other = visit.session.exec(User.named(form.name)).first()
    if other is not None and other.id != visit.user.id:
        raise Refused(_("This name is taken."), "name")
    if not EARLIEST_DAY_START <= form.day_starts_time <= LATEST_DAY_START:
        raise Refused(_("A day starts between 00:00 and 08:00."), "day_starts_time")
    if form.day_starts_time.minute:
        raise Refused(_("A day starts on the full hour."), "day_starts_time")


def _own_slug(name: str) -> str:
    """A slug that no symptom of the list has, and that keeps letters of every script."""
    letters = re.sub(r"\W+", "_", name.casefold()).strip("_")
    return "own-" + (letters or name.encode().hex())[:40]


def _saved(request: Request, visit: Visit) -> Response:
    visit.session.commit()
    return RedirectResponse(path_for(request, "show_settings") + "?saved=1", status_code=303)


def _show(
    request: Request,
    visit: Visit,
    *,
    preferences: Submission[PreferencesForm] | None = None,
    password: Submission[PasswordForm] | None = None,
    is_saved: bool = False,
    status_code: int = 200,
) -> Response:
    context = {
        "nav": "settings",
        "is_saved": is_saved,
        "preferences": preferences or Submission(),
        "password": password or Submission(),
        "shortest_password": SHORTEST_PASSWORD,
        "zones": sorted(available_timezones()),
        "weekdays": list(enumerate(WEEKDAYS, 1)),
        "sign_ins": visit.session.exec(SignIn.of_user(visit.user.id)).all(),
        "this_sign_in": visit.sign_in.id,
        "to_be_ordered": len(visit.regimen.items) > 1,
    }
    return render(request, "settings/show.html", context, status_code=status_code)


def _show_asked(
    request: Request, visit: Visit, submission: Submission[AskedForm], status_code: int = 200
) -> Response:
    context = {
        "nav": "settings",
        "questions": questions_of(visit.session, visit.user),
        "measures": MEASURE_NAMES,
        "weight_units": WEIGHT_UNIT_NAMES,
        "submission": submission,
    }
    return render(request, "settings/check_in.html", context, status_code=status_code)


def _show_day_parts(
    request: Request, visit: Visit, submission: Submission[DayPartsForm], status_code: int = 200
) -> Response:
    typed = submission.values
    parts = day_parts(visit.user.day_parts)
    if typed:
        parts = _named(typed.get("slug", []), typed.get("name", []))
    context = {
        "nav": "settings",
        "parts": parts,
        "names": NAMES,
        "submission": submission,
    }
    return render(request, "settings/day_parts.html", context, status_code=status_code)


def _named(slugs: Sequence[str], names: Sequence[str]) -> tuple[DayPart, ...]:
    """The times of day as a form lists them, a name beside each."""
    return day_parts(list(zip(slugs, names, strict=False)))
