"""Save what a person chose in the settings: the newest decision about each setting wins.

Every setting is a subject of its own in the history; so are the questions of the check-in, the
times of day and each hint. Two devices that change two settings both get their way. Passwords
and sign-ins are never part of the history.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from sqlalchemy import delete
from sqlmodel import Session, col

from app.domain.day_parts import DayPart
from app.domain.names import name_key
from app.models import Hint, TrackedSymptom, User
from app.services.history import Decision, append_version
from app.services.versions import bump_page_version, bump_regimen_version

# The settings that make the person's clock.
CLOCK = ("time_zone", "day_starts_time")


class AskedQuestion(BaseModel):
    """One question of the check-in, in order; only a person's own symptom has a name."""

    slug: str
    name: str = ""
    is_asked: bool


def save_settings(
    session: Session, user: User, changes: Mapping[str, Any], decision: Decision
) -> None:
    """Save settings by their names, each as a subject of its own.

    A setting that is not in `changes` stays as another device may have left it. A new clock
    moves nothing that was logged before. The caller commits.
    """
    saved = {
        name: value
        for name, value in changes.items()
        if _stands(session, decision, f"settings/{name.replace('_', '-')}", {name: value})
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
        # The clock says on which day and how late a dose was due.
        bump_regimen_version(session, user)


def keep_questions(
    session: Session, user: User, questions: Sequence[AskedQuestion], decision: Decision
) -> None:
    """Save what the check-in asks, in this order; earlier answers stay."""
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
    """Save the order and the own names of the times of day."""
    kept = [[part.slug, part.own_name] for part in parts]
    if _stands(session, decision, "settings/day-parts", {"parts": kept}):
        _put(session, user, {"day_parts": kept})


def close_hint(session: Session, user: User, hint: Hint, decision: Decision) -> None:
    """Never show a hint again, on any device."""
    if _stands(session, decision, f"hint/{hint}", {"is_closed": True}):
        # Another device may have closed another hint since this visit began.
        session.add(user)
        session.refresh(user.preferences)
        _put(session, user, {"hints_seen": ";".join(sorted({*user.preferences.hints, hint}))})


def _stands(session: Session, decision: Decision, subject: str, state: dict[str, Any]) -> bool:
    return append_version(session, decision, kind="settings", subject=subject, state=state)


def _put(session: Session, user: User, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(user if name in User.model_fields else user.preferences, name, value)
    session.add(user)
    session.flush()
    bump_page_version(session, user)
