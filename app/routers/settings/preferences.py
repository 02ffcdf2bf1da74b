"""Preferences: clock, looks, units, language."""

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field

from app.diary import Diary
from app.errors import Refused
from app.i18n import LANGUAGES, _
from app.language.words import WEEKDAYS
from app.models import SignIn, Theme, User, VitaminUnit
from app.services.check_ins import questions_of
from app.services.preferences import LATEST_DAY_START, SettingsInput, save_settings
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import Saving, refused
from app.web.http.reading import (
    ClockTime,
    EntryForm,
    OneLine,
    Submission,
    WholeNumber,
    ZoneName,
    changed_fields,
    submitted,
)
from app.web.http.templating import path_for, render

router = APIRouter(prefix="/settings", tags=["settings"], route_class=SessionRoute)

SETTINGS = (
    *("time_zone", "day_starts_time", "first_weekday", "theme", "vitamin_unit"),
    *("emergency_line", "single_keys", "is_discreet", "is_large", "currency"),
    "language",
)
SWITCHES = ("single_keys", "is_discreet", "is_large")
MAY_BE_UNKNOWN = ("language",)
MAY_BE_EMPTY = ("emergency_line", "currency", *MAY_BE_UNKNOWN)


class PreferencesForm(EntryForm):
    """One or more settings; a setting that is not sent stays."""

    time_zone: ZoneName | None = None
    day_starts_time: ClockTime | None = None
    first_weekday: Annotated[WholeNumber, Field(ge=1, le=7)] | None = None
    theme: Theme | None = None
    vitamin_unit: VitaminUnit | None = None
    emergency_line: Annotated[OneLine, Field(max_length=200)] | None = None
    single_keys: Literal["on", "off"] | None = None
    is_discreet: Literal["on", "off"] | None = None
    is_large: Literal["on", "off"] | None = None
    currency: Annotated[OneLine, Field(max_length=8)] | None = None
    language: Literal["en", "de"] | None = None

    def changes(self, typed: Mapping[str, Any]) -> SettingsInput:
        """Return the changed settings, for the service."""
        changed = changed_fields(typed, SETTINGS)
        return SettingsInput(**{name: self._value(name) for name in changed})

    def _value(self, name: str) -> Any:
        value = getattr(self, name)
        if value is None and name not in MAY_BE_EMPTY:
            raise Refused(_("Fill this in."), name)
        if name in SWITCHES:
            return value == "on"
        return "" if value is None and name not in MAY_BE_UNKNOWN else value


class ZoneForm(EntryForm):
    """A new time zone."""

    time_zone: ZoneName


PreferencesSubmission = Annotated[Submission[PreferencesForm], Depends(submitted(PreferencesForm))]
ZoneSubmission = Annotated[Submission[ZoneForm], Depends(submitted(ZoneForm))]


@router.get("", name="show_settings")
def show(request: Request, visit: VisitDep, saved: str = "") -> Response:
    """Show every setting."""
    context = {**_context(visit.diary, Submission()), "is_saved": bool(saved)}
    return render(request, "settings/show.html", context)


@router.post("/preferences", name="update_preferences")
def update(request: Request, visit: VisitDep, submission: PreferencesSubmission) -> Response:
    """Save the changed settings: one from the page's script, a group from a plain form."""
    with Saving(visit.diary.session, submission) as entry:
        _check_name(submission, visit.viewer)
        changes = entry.form.changes(submission.values)
        save_settings(visit.diary.session, visit.viewer, changes, visit.decision(entry.form))
        return entry.accepted(request, path_for(request, "show_settings") + "?saved=1")
    context = _context(visit.diary, entry.submission)
    return refused(request, entry.submission, "settings/show.html", context)


@router.post("/time-zone", name="update_time_zone")
def update_time_zone(request: Request, visit: VisitDep, submission: ZoneSubmission) -> Response:
    """Use another time zone from now on: 08:00 is then 08:00 there."""
    with Saving(visit.diary.session, submission) as entry:
        changes = SettingsInput(time_zone=entry.form.time_zone)
        save_settings(visit.diary.session, visit.viewer, changes, visit.decision(entry.form))
        return entry.accepted(request, path_for(request, "show_today"))
    context = _context(visit.diary, entry.submission)
    return refused(request, entry.submission, "settings/show.html", context)


def _check_name(submission: Submission[PreferencesForm], user: User) -> None:
    """Refuse a new name from a page of an older release, which still had it in the settings."""
    if submission.values.get("name", user.name) != user.name:
        raise Refused(_("Reload this page to change your name."), "name")


def _context(diary: Diary, submission: Submission[Any]) -> dict[str, Any]:
    asked = [each for each in questions_of(diary.session, diary.owner) if each.is_asked]
    return {
        "nav": "settings",
        "is_saved": False,
        "submission": submission,
        "zones": sorted(available_timezones()),
        "weekdays": list(enumerate(WEEKDAYS, 1)),
        "hours": [time(hour) for hour in range(LATEST_DAY_START.hour + 1)],
        "languages": [
            ("", _("As in the browser")),
            *((each.code, each.name) for each in LANGUAGES.values()),
        ],
        "asked": len(asked),
        "devices": len(diary.session.exec(SignIn.of_user(diary.owner.id)).all()),
        "to_be_ordered": len(diary.regimen.items) > 1,
    }
