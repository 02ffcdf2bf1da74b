"""Save the answers to the check-in field by field, and list its questions."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from app.db import upsert
from app.db.direct import fetch
from app.domain.logical_dates import iso_week
from app.domain.symptoms import CHECK_IN_SCALES, SEVERITY, SYMPTOMS, Scale
from app.i18n import Text
from app.models import CheckIn, SymptomReport, TrackedSymptom, User
from app.models.check_in import FIELDS, check_in_id
from app.records import CHECK_IN, SYMPTOM_REPORT
from app.services.history import Decision, append_version, record_row, record_version
from app.services.versions import bump_log_version
from app.services.writable_days import check_day

ASKED_FROM_THE_START = ("gi_upset", "headache", "mood", "energy")


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the check-in: a symptom with its severity, or a measure on its own scale."""

    slug: str
    title: Text
    scale: Scale
    is_private: bool
    is_asked: bool
    is_own: bool = False

    @property
    def name(self) -> str:
        """Its name in the reader's language; an own symptom keeps its name as typed."""
        return str(self.title)

    @property
    def is_symptom(self) -> bool:
        """Whether the answer is a severity, stored as a symptom report."""
        return self.scale is SEVERITY

    def subject(self, on: date) -> str:
        """The outbox subject of this question's answer on a day."""
        return f"{'symptom' if self.is_symptom else 'check-in'}/{on}/{self.slug}"


class Suspicion(NamedTuple):
    """A report of a symptom that the person linked to an item; severity 1 to 4."""

    on: date
    symptom: str
    severity: int
    regimen_item_id: UUID


def suspicions_between(session: Session, user_id: UUID, first: date, last: date) -> list[Suspicion]:
    """Read the suspicions from `first` to `last`, inclusive, oldest first."""
    rows = fetch(session, SymptomReport.suspected_between, user_id, first, last)
    return list(map(Suspicion._make, rows))


def questions_of(session: Session, user: User) -> list[Question]:
    """Return every question for this person, asked or not, in their order."""
    chosen = fetch(session, TrackedSymptom.of_user, user.id)
    return list(_questions(tuple((each.slug, each.name, each.is_asked) for each in chosen)))


def answers_on(
    session: Session, user: User, on: date
) -> tuple[CheckIn | None, dict[str, SymptomReport]]:
    """Read the check-in of a day, and its symptom reports by slug."""
    check_ins = fetch(session, CheckIn.between, user.id, on, on)
    reports = fetch(session, SymptomReport.between, user.id, on, on)
    return next(iter(check_ins), None), {report.symptom: report for report in reports}


def record_measure(
    session: Session, user: User, on: date, field: str, value: Any, decision: Decision
) -> None:
    """Save one answer of a day's check-in; None (or an empty note) deletes it."""
    check_day(user, on, decision.received_at)
    bump_log_version(session, user.id, on, decision.received_at)
    is_answer = value not in {None, ""}
    subject = CHECK_IN.subject({"on": on, "field": field})
    state = {"value": value} if is_answer else None
    if not append_version(session, decision, kind=CHECK_IN.kind, subject=subject, state=state):
        return
    write_measure(session, user.id, on, field, value if is_answer else None, decision.changed_at)


def write_measure(
    session: Session, user_id: UUID, on: date, field: str, value: Any, logged_at: datetime
) -> None:
    """Write one answer of a day's check-in that the history has already; None deletes it."""
    row_id = check_in_id(user_id, on)
    nothing_said = "" if field == "note" else None
    values = {
        "id": row_id,
        "user_id": user_id,
        "on": on,
        "iso_week": iso_week(on),
        field: nothing_said if value is None else value,
        "logged_at": logged_at,
    }
    upsert(session, CheckIn, values)
    if value is None:
        nothing = [col(getattr(CheckIn, each)).is_(None) for each in FIELDS if each != "note"]
        session.execute(
            delete(CheckIn).where(col(CheckIn.id) == row_id, col(CheckIn.note) == "", *nothing)
        )


def record_symptom(session: Session, user: User, report: SymptomReport, decision: Decision) -> None:
    """Save a day's worst severity of one symptom, with its details."""
    check_day(user, report.on, decision.received_at)
    record_row(session, decision, SYMPTOM_REPORT, report)


def delete_symptom(session: Session, user: User, on: date, slug: str, decision: Decision) -> None:
    """Delete a day's report of one symptom."""
    check_day(user, on, decision.received_at)
    record_version(session, decision, SYMPTOM_REPORT, {"on": on, "symptom": slug}, None)


@lru_cache(maxsize=256)
def _questions(chosen: tuple[tuple[str, str, bool], ...]) -> tuple[Question, ...]:
    """The chosen questions in their order, then all others; cached by the choice."""
    known = [_question(slug, name, is_asked=is_asked) for slug, name, is_asked in chosen]
    listed = {question.slug for question in known}
    rest = [
        _question(slug, "", is_asked=not chosen and slug in ASKED_FROM_THE_START)
        for slug in (*ASKED_FROM_THE_START, *CHECK_IN_SCALES, *SYMPTOMS)
        if slug not in listed
    ]
    return tuple({question.slug: question for question in [*known, *rest]}.values())


def _question(slug: str, own_name: str, *, is_asked: bool) -> Question:
    if slug in CHECK_IN_SCALES:
        scale = CHECK_IN_SCALES[slug]
        return Question(slug, scale.name, scale, is_private=False, is_asked=is_asked)
    if slug in SYMPTOMS:
        symptom = SYMPTOMS[slug]
        return Question(slug, symptom.name, SEVERITY, symptom.is_private, is_asked)
    return Question(slug, own_name, SEVERITY, is_private=False, is_asked=is_asked, is_own=True)
