"""What a person chose for themselves: each is a decision, and the newest stands.

Name and looks are one subject, the clock another, the questions of the check-in, the times of day
and each hint one more:
a phone that proposes another time zone takes nothing else back. Passwords and sign-ins are no
decisions of this kind: history must not keep them.
"""

from collections.abc import Sequence
from datetime import time
from typing import Any

from pydantic import BaseModel
from sqlalchemy import delete
from sqlmodel import Session, col

from app.domain.day_parts import DayPart
from app.models import Hint, Theme, TrackedSymptom, User, VitaminUnit
from app.models.user import name_key
from app.services.history import Decision, stands
from app.services.regimen import grow_version


class Preferences(BaseModel):
    """Name, calendar, units, looks, keys, discretion, size and currency."""

    name: str
    first_weekday: int
    theme: Theme
    vitamin_unit: VitaminUnit
    emergency_line: str
    single_keys: bool
    is_discreet: bool = False
    is_large: bool = False
    currency: str = ""


class AskedQuestion(BaseModel):
    """One question of the check-in, in its place; a name only where it is the person's own."""

    slug: str
    name: str = ""
    is_asked: bool


def keep_preferences(
    session: Session, user: User, preferences: Preferences, decision: Decision
) -> None:
    """Keep name, calendar, units, looks, keys and currency. The caller commits."""
    chosen = preferences.model_dump()
    if _stands(session, decision, "settings/preferences", chosen):
        _put(session, user, {**chosen, "name_key": name_key(preferences.name)})


def live_by(
    session: Session, user: User, time_zone: str, day_starts_time: time, decision: Decision
) -> None:
    """Go by another clock from now on; what was logged before does not move."""
    clock = {"time_zone": time_zone, "day_starts_time": day_starts_time}
    if _stands(session, decision, "settings/clock", clock):
        user.live_by(time_zone, day_starts_time, decision.received_at)
        _put(session, user, {})


def keep_questions(
    session: Session, user: User, questions: Sequence[AskedQuestion], decision: Decision
) -> None:
    """Keep what the check-in asks, in this order; answers given before stay."""
    rows = [each.model_dump() for each in questions]
    if _stands(session, decision, "settings/questions", {"questions": rows}):
        session.execute(delete(TrackedSymptom).where(col(TrackedSymptom.user_id) == user.id))
        session.add_all(
            TrackedSymptom(user_id=user.id, position=position, **row)
            for position, row in enumerate(rows)
        )
        _put(session, user, {})


def keep_day_parts(
    session: Session, user: User, parts: Sequence[DayPart], decision: Decision
) -> None:
    """Keep the order and the own names of the times of day."""
    kept = [[part.slug, part.own_name] for part in parts]
    if _stands(session, decision, "settings/day-parts", {"parts": kept}):
        _put(session, user, {"day_parts": kept})


def close_hint(session: Session, user: User, hint: Hint, decision: Decision) -> None:
    """Show a hint no more, on any device."""
    if _stands(session, decision, f"hint/{hint}", {"is_closed": True}):
        # Another device may have closed another one since this visit began.
        session.add(user)
        session.refresh(user)
        _put(session, user, {"hints_seen": ";".join(sorted({*user.hints, hint}))})


def _stands(session: Session, decision: Decision, subject: str, state: dict[str, Any]) -> bool:
    return stands(session, decision, kind="settings", subject=subject, state=state)


def _put(session: Session, user: User, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(user, name, value)
    session.add(user)
    session.flush()
    grow_version(session, user)
