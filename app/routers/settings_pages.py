"""Settings: clock, looks, times of day, and check-in questions."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import time
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field

from app.diary import Diary
from app.domain.day_parts import LONGEST_NAME, NAMES, DayPart, day_parts, moved
from app.domain.measurements import MeasurementKind, WeightUnit
from app.errors import Refused
from app.i18n import LANGUAGES, _
from app.language.words import WEEKDAYS
from app.models import Hint, SignIn, Theme, User, VitaminUnit
from app.services.check_ins import questions_of
from app.services.measurements import choose_measures
from app.services.preferences import (
    AskedQuestion,
    close_hint,
    keep_day_parts,
    keep_questions,
    save_settings,
)
from app.web.forms.reading import (
    BareSubmission,
    ClockTime,
    EntryForm,
    OneLine,
    Submission,
    WholeNumber,
    ZoneName,
    submitted,
)
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import Saving, accepted, refused
from app.web.http.templating import path_for, render
from app.web.pages.measurements.page import MEASURE_NAMES, WEIGHT_UNIT_NAMES

router = APIRouter(prefix="/settings", tags=["settings"], route_class=SessionRoute)

# The page of each hint.
HINTED = {
    Hint.TODAY: "show_today",
    Hint.INSTALL: "show_today",
    Hint.TRENDS: "show_trends",
    Hint.REGIMEN: "index_regimen",
}
EARLIEST_DAY_START, LATEST_DAY_START = time(0), time(8)
SETTINGS = (
    *("time_zone", "day_starts_time", "first_weekday", "theme", "vitamin_unit"),
    *("emergency_line", "single_keys", "is_discreet", "is_large", "currency"),
    "language",
)
SWITCHES = ("single_keys", "is_discreet", "is_large")
MAY_BE_UNKNOWN = ("language",)
MAY_BE_EMPTY = ("emergency_line", "currency", *MAY_BE_UNKNOWN)
MOST_OWN_SYMPTOMS = 40
SLUG_LENGTH = 44


class PreferencesForm(EntryForm):
    """One or more settings; one that is not sent stays as it is."""

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


class ZoneForm(EntryForm):
    """A time zone to use from now on."""

    time_zone: ZoneName


class AskedForm(EntryForm):
    """Which questions are asked, new own symptoms, and which measurements are recorded.

    `measures` is sent empty where none is turned on; a form without it leaves them as they are.
    """

    asked: list[str] = Field(default_factory=list, max_length=100)
    own: list[str] = Field(default_factory=list, max_length=100)
    measures: list[str] = Field(default_factory=list, max_length=10)
    weight_unit: WeightUnit = WeightUnit.KG


class DayPartsForm(EntryForm):
    """Names of the times of day, in order; a button also moves one of them."""

    slug: list[str] = Field(default_factory=list, max_length=20)
    name: list[Annotated[OneLine, Field(max_length=LONGEST_NAME)]] = Field(
        default_factory=list, max_length=20
    )
    move: Annotated[str, Field(max_length=20)] = ""


PreferencesSubmission = Annotated[Submission[PreferencesForm], Depends(submitted(PreferencesForm))]
ZoneSubmission = Annotated[Submission[ZoneForm], Depends(submitted(ZoneForm))]
AskedSubmission = Annotated[Submission[AskedForm], Depends(submitted(AskedForm))]
DayPartsSubmission = Annotated[Submission[DayPartsForm], Depends(submitted(DayPartsForm))]


@router.get("", name="show_settings")
def show(request: Request, visit: VisitDep, saved: str = "") -> Response:
    """Show every setting."""
    context = {**_settings_context(visit.diary, Submission()), "is_saved": bool(saved)}
    return render(request, "settings/show.html", context)


@router.post("/preferences", name="update_preferences")
def update_preferences(
    request: Request, visit: VisitDep, submission: PreferencesSubmission
) -> Response:
    """Save the settings that were changed: one from the page's script, a group from a bare form."""
    with Saving(visit.diary.session, submission) as entry:
        _check_name(submission, visit.viewer)
        changes = _changes(entry.form, submission.values)
        _check_settings(changes)
        save_settings(visit.diary.session, visit.viewer, changes, visit.decision(entry.form))
        return accepted(request, path_for(request, "show_settings") + "?saved=1")
    context = _settings_context(visit.diary, entry.submission)
    return refused(request, entry.submission, "settings/show.html", context)


@router.post("/time-zone", name="update_time_zone")
def update_time_zone(request: Request, visit: VisitDep, submission: ZoneSubmission) -> Response:
    """Use another time zone from now on: 08:00 is 08:00 there."""
    with Saving(visit.diary.session, submission) as entry:
        changes = {"time_zone": entry.form.time_zone}
        save_settings(visit.diary.session, visit.viewer, changes, visit.decision(entry.form))
        return accepted(request, path_for(request, "show_today"))
    context = _settings_context(visit.diary, entry.submission)
    return refused(request, entry.submission, "settings/show.html", context)


@router.get("/check-in", name="edit_asked")
def edit_asked(request: Request, visit: VisitDep) -> Response:
    """Show every question, and which are asked."""
    return _show_asked(request, visit.diary, Submission())


@router.post("/check-in", name="update_asked")
def update_asked(request: Request, visit: VisitDep, submission: AskedSubmission) -> Response:
    """Save what is asked; earlier answers stay."""
    with Saving(visit.diary.session, submission) as entry:
        form, decision = entry.form, visit.decision(entry.form)
        questions = _asked_questions(visit.diary, form)
        keep_questions(visit.diary.session, visit.viewer, questions, decision)
        if "measures" in submission.values:
            chosen = [measure for measure in MeasurementKind if measure in form.measures]
            choose_measures(visit.diary.session, visit.viewer, chosen, form.weight_unit, decision)
        return _saved(request)
    return _show_asked(request, visit.diary, entry.submission, status_code=422)


@router.get("/times-of-day", name="edit_day_parts")
def edit_day_parts(request: Request, visit: VisitDep) -> Response:
    """Show the times of day, to name and order them."""
    return _show_day_parts(request, visit.diary, Submission())


@router.post("/times-of-day", name="update_day_parts")
def update_day_parts(request: Request, visit: VisitDep, submission: DayPartsSubmission) -> Response:
    """Save names and order; a move button stays on the page."""
    with Saving(visit.diary.session, submission) as entry:
        form = entry.form
        parts = _named(form.slug, form.name)
        slug, _space, way = form.move.partition(" ")
        if way:
            parts = moved(parts, slug, up=way == "up")
        keep_day_parts(visit.diary.session, visit.viewer, parts, visit.decision(form))
        if way:
            return RedirectResponse(path_for(request, "edit_day_parts"), status_code=303)
        return _saved(request)
    return _show_day_parts(request, visit.diary, entry.submission, status_code=422)


@router.post("/hints/{hint}/close", name="close_hint")
def close(request: Request, visit: VisitDep, hint: Hint, submission: BareSubmission) -> Response:
    """Never show a hint again."""
    close_hint(
        visit.diary.session, visit.viewer, hint, visit.decision(submission.form or EntryForm())
    )
    visit.diary.session.commit()
    return accepted(request, path_for(request, HINTED[hint]))


def _changes(form: PreferencesForm, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that a form changes, by name.

    A bare form sends its whole group, with what it showed in `was_NAME`: a setting that the
    person left alone is not saved, since another device may have changed it meanwhile.
    """
    sent = [name for name in SETTINGS if name in typed and typed[name] != typed.get(f"was_{name}")]
    return {name: _changed(form, name) for name in sent}


def _changed(form: PreferencesForm, name: str) -> Any:
    value = getattr(form, name)
    if value is None and name not in MAY_BE_EMPTY:
        raise Refused(_("Fill this in."), name)
    if name in SWITCHES:
        return value == "on"
    return "" if value is None and name not in MAY_BE_UNKNOWN else value


def _check_name(submission: Submission[PreferencesForm], user: User) -> None:
    """Refuse a new name from a page of an older release, which still has it in the settings."""
    if submission.values.get("name", user.name) != user.name:
        raise Refused(_("Reload this page to change your name."), "name")


def _check_settings(changes: Mapping[str, Any]) -> None:
    starts_at = changes.get("day_starts_time", EARLIEST_DAY_START)
    if not EARLIEST_DAY_START <= starts_at <= LATEST_DAY_START or starts_at.minute:
        raise Refused(_("Choose a full hour from 00:00 to 08:00."), "day_starts_time")


def _asked_questions(diary: Diary, form: AskedForm) -> list[AskedQuestion]:
    """Every question with whether it is asked, new symptoms of one's own last."""
    known = {question.slug: question for question in questions_of(diary.session, diary.owner)}
    names = {slug: question.name for slug, question in known.items() if question.is_own}
    new_names = [" ".join(name.split())[:60] for name in form.own]
    slugs = _new_slugs(filter(None, new_names), names, known.keys())
    if len(names) + len(slugs) > MOST_OWN_SYMPTOMS:
        raise Refused(_("You can’t add more symptoms of your own."), "own")
    return [
        AskedQuestion(
            slug=slug,
            name={**names, **slugs}.get(slug, ""),
            is_asked=slug in form.asked or slug in slugs,
        )
        for slug in [*known, *slugs]
    ]


def _new_slugs(
    new_names: Iterable[str], names: Mapping[str, str], taken: Set[str]
) -> dict[str, str]:
    """Slugs of own symptoms that do not exist yet.

    Two names with the same letters ("+1" and "=1") are two symptoms.
    """
    found: dict[str, str] = {}
    for name in new_names:
        if name.casefold() in {each.casefold() for each in (*names.values(), *found.values())}:
            continue
        slug = _own_slug(name)
        if slug in taken or slug in found:
            digest = hashlib.sha256(name.casefold().encode()).hexdigest()
            slug = f"{slug[: SLUG_LENGTH - 9]}-{digest[:8]}"
        found[slug] = name
    return found


def _own_slug(name: str) -> str:
    """A slug that no listed symptom has; it keeps letters of every script."""
    letters = re.sub(r"\W+", "_", name.casefold()).strip("_")
    return f"own-{letters or name.encode().hex()}"[:SLUG_LENGTH]


def _saved(request: Request) -> Response:
    return RedirectResponse(path_for(request, "show_settings") + "?saved=1", status_code=303)


def _settings_context(diary: Diary, submission: Submission[Any]) -> dict[str, Any]:
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


def _show_asked(
    request: Request, diary: Diary, submission: Submission[AskedForm], status_code: int = 200
) -> Response:
    context = {
        "nav": "settings",
        "questions": questions_of(diary.session, diary.owner),
        "measures": MEASURE_NAMES,
        "weight_units": WEIGHT_UNIT_NAMES,
        "submission": submission,
    }
    return render(request, "settings/check_in.html", context, status_code=status_code)


def _show_day_parts(
    request: Request, diary: Diary, submission: Submission[DayPartsForm], status_code: int = 200
) -> Response:
    typed = submission.values
    parts = day_parts(diary.owner.preferences.day_parts)
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
    """The times of day in the order of a form, with their names."""
    return day_parts(list(zip(slugs, names, strict=False)))
