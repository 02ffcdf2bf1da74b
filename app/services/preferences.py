"""Save settings: the newest decision about each setting wins.

Every setting is a subject of its own in the history; so are the times of day and each hint. If two
devices change two settings, both changes hold. Passwords and sign-ins are never part of the
history.
"""

from collections.abc import Sequence
from datetime import time
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session

from app.domain.day_parts import DayPart
from app.domain.logical_dates import zone_named
from app.domain.names import name_key
from app.domain.reminders import PartReminder, ReminderText, with_reminder
from app.errors import Refused
from app.i18n import LANGUAGES, _
from app.models import Hint, Theme, User, VitaminUnit
from app.services.history import Decision, append_version
from app.services.reminders import wind_clock
from app.services.versions import bump_page_version, bump_regimen_version

# Settings that change when reminders come.
OF_REMINDERS = frozenset({"reminds", "quiet_hours", "reminds_of_refills"})
# The settings that define the person's clock.
CLOCK = ("time_zone", "day_starts_time")
EARLIEST_DAY_START, LATEST_DAY_START = time(0), time(8)
WEEKDAY_NUMBERS = range(1, 8)
LONGEST = MappingProxyType({"emergency_line": 200, "currency": 8})


class SettingsInput(BaseModel):
    """Settings to change; others stay unchanged, as another device may have set them.

    `language` is the code of a supported language; None stands for the browser's.
    """

    name: str = ""
    time_zone: str = ""
    day_starts_time: time = EARLIEST_DAY_START
    first_weekday: int = 1
    theme: Theme = Theme.SYSTEM
    vitamin_unit: VitaminUnit = VitaminUnit.UG
    emergency_line: str = ""
    single_keys: bool = True
    is_discreet: bool = False
    is_large: bool = False
    currency: str = ""
    language: str | None = None
    reminds: bool = False
    reminder_text: ReminderText = ReminderText.QUIET
    quiet_hours: tuple[str, ...] = ()
    reminds_of_refills: bool = True

    @property
    def changes(self) -> dict[str, Any]:
        """The given settings, by name."""
        return {name: getattr(self, name) for name in self.model_fields_set}


def save_settings(
    session: Session, user: User, settings: SettingsInput, decision: Decision
) -> None:
    """Save settings, each as a subject of its own.

    A new clock moves nothing that was logged before. Raises `Refused` for a value that a setting
    cannot have. The caller commits.
    """
    _check(settings)
    saved = {
        name: value
        for name, value in settings.changes.items()
        if _append(session, decision, f"settings/{name.replace('_', '-')}", {name: value})
    }
    clock = {name: saved.pop(name) for name in CLOCK if name in saved}
    if clock:
        usual = {name: getattr(user, name) for name in CLOCK}
        user.change_clock(**(usual | clock), now=decision.received_at)
    if "name" in saved:
        saved["name_key"] = name_key(saved["name"])
    if saved or clock:
        _put(session, user, saved)
    if clock:
        # The clock decides on which day a dose was due, and how late it was.
        bump_regimen_version(session, user)
    if OF_REMINDERS & saved.keys():
        wind_clock(session, user, decision.received_at)


def save_part_reminder(
    session: Session, user: User, reminder: PartReminder, decision: Decision
) -> None:
    """Save how a person is reminded of one part of the day."""
    subject = f"settings/reminder/{reminder.part}"
    if _append(session, decision, subject, {"reminder": reminder.written}):
        # Another device may have changed another part since this visit began.
        session.add(user)
        session.refresh(user.preferences)
        kept = with_reminder(user.preferences.reminder_times, reminder)
        _put(session, user, {"reminder_times": kept})
        wind_clock(session, user, decision.received_at)


def save_day_parts(
    session: Session, user: User, parts: Sequence[DayPart], decision: Decision
) -> None:
    """Save the order and the own names of the times of day."""
    kept = [[part.slug, part.own_name] for part in parts]
    if _append(session, decision, "settings/day-parts", {"parts": kept}):
        _put(session, user, {"day_parts": kept})


def close_hint(session: Session, user: User, hint: Hint, decision: Decision) -> None:
    """Never show a hint again, on any device."""
    if _append(session, decision, f"hint/{hint}", {"is_closed": True}):
        # Another device may have closed another hint since this visit began.
        session.add(user)
        session.refresh(user.preferences)
        seen = {*user.preferences.hints_seen, hint.value}
        _put(session, user, {"hints_seen": tuple(sorted(seen))})


def _check(settings: SettingsInput) -> None:
    starts_at = settings.day_starts_time
    if not EARLIEST_DAY_START <= starts_at <= LATEST_DAY_START or starts_at.minute:
        raise Refused(_("Choose a full hour from 00:00 to 08:00."), "day_starts_time")
    if settings.first_weekday not in WEEKDAY_NUMBERS:
        raise Refused(_("Choose a day of the week."), "first_weekday")
    if settings.language is not None and settings.language not in LANGUAGES:
        raise Refused(_("Choose a language from the list."), "language")
    if "time_zone" in settings.model_fields_set:
        _check_zone(settings.time_zone)
    for name, most in LONGEST.items():
        if len(getattr(settings, name)) > most:
            raise Refused(_("Use at most {n} characters.", n=most), name)


def _check_zone(name: str) -> None:
    try:
        zone_named(name)
    except (ValueError, OverflowError) as error:
        raise Refused(_("Choose a time zone from the list."), "time_zone") from error


def _append(session: Session, decision: Decision, subject: str, state: dict[str, Any]) -> bool:
    return append_version(session, decision, kind="settings", subject=subject, state=state)


def _put(session: Session, user: User, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(user if name in User.model_fields else user.preferences, name, value)
    session.add(user)
    session.flush()
    bump_page_version(session, user)
