"""Save the questions of the check-in, and name a person's own symptoms."""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence, Set

from pydantic import BaseModel
from sqlalchemy import delete
from sqlmodel import Session, col

from app.errors import Refused
from app.i18n import _
from app.models import TrackedSymptom, User
from app.services.check_ins import questions_of
from app.services.history import Decision, append_version
from app.services.versions import bump_page_version

MOST_OWN_SYMPTOMS = 40
LONGEST_NAME = 60
SLUG_LENGTH = 44


class AskedQuestion(BaseModel):
    """One question of the check-in, in order; only a person's own symptom has a name."""

    slug: str
    name: str = ""
    is_asked: bool


def choose_questions(
    session: Session,
    user: User,
    asked: Collection[str],
    new_symptoms: Iterable[str],
    decision: Decision,
) -> None:
    """Ask the questions with these slugs, then new symptoms of the person's own.

    A name that one of their symptoms has already adds nothing. Raises `Refused` for too many. The
    caller commits.
    """
    known = {question.slug: question for question in questions_of(session, user)}
    names = {slug: question.name for slug, question in known.items() if question.is_own}
    cleaned = (" ".join(name.split())[:LONGEST_NAME] for name in new_symptoms)
    added = _new_slugs(filter(None, cleaned), names, known.keys())
    if len(names) + len(added) > MOST_OWN_SYMPTOMS:
        raise Refused(_("You can’t add more symptoms of your own."), "own")
    own = {**names, **added}
    questions = [
        AskedQuestion(slug=slug, name=own.get(slug, ""), is_asked=slug in asked or slug in added)
        for slug in [*known, *added]
    ]
    save_questions(session, user, questions, decision)


def save_questions(
    session: Session, user: User, questions: Sequence[AskedQuestion], decision: Decision
) -> None:
    """Save the questions in this order; earlier answers stay. The caller commits."""
    rows = [each.model_dump() for each in questions]
    state = {"questions": rows}
    if append_version(
        session, decision, kind="settings", subject="settings/questions", state=state
    ):
        session.execute(delete(TrackedSymptom).where(col(TrackedSymptom.user_id) == user.id))
        session.add_all(
            TrackedSymptom(user_id=user.id, position=position, **row)
            for position, row in enumerate(rows)
        )
        session.flush()
        bump_page_version(session, user)


def _new_slugs(
    new_names: Iterable[str], names: Mapping[str, str], taken: Set[str]
) -> dict[str, str]:
    """Make slugs for own symptoms that do not exist yet.

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
    """Make a slug that no listed symptom has; it keeps letters of every script."""
    letters = re.sub(r"\W+", "_", name.casefold()).strip("_")
    return f"own-{letters or name.encode().hex()}"[:SLUG_LENGTH]
