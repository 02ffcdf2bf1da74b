"""Keep counts of shed hairs: what the pages and the API share."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field
from sqlmodel import Session

from app.domain.logical_dates import iso_week
from app.domain.shedding import (
    MOST_HAIRS,
    MOST_RUNS,
    ChemicalTreatment,
    CountMethod,
    HairLength,
)
from app.errors import Refused
from app.i18n import _
from app.models import SheddingCount, User
from app.models.shedding_count import shedding_count_id
from app.records import SHEDDING_COUNT
from app.services.deletions import delete_row
from app.services.dose_events import check_day
from app.services.history import Decision, record_version

MOST_DAYS_UNWASHED = 60


class Circumstances(BaseModel):
    """What has to be known beside a count, so that it can be compared."""

    days_since_wash: Annotated[int, Field(ge=0, le=MOST_DAYS_UNWASHED)] | None = None
    hair_length: HairLength | None = None
    chemical_treatment: ChemicalTreatment | None = None
    comb: Annotated[str, Field(max_length=40)] = ""
    note: Annotated[str, Field(max_length=2000)] = ""


class CountInput(Circumstances):
    """One reading: hairs, or for a picture its score."""

    on: date
    method: CountMethod
    run: Annotated[int, Field(ge=1, le=MOST_RUNS)] = 1
    hairs: Annotated[int, Field(ge=0, le=MOST_HAIRS)] | None = None
    score: Annotated[int, Field(ge=1, le=6)] | None = None


def record_count(session: Session, user: User, count: CountInput, decision: Decision) -> bool:
    """Keep one reading; says whether the decision stands. The caller commits."""
    check_day(user, count.on, decision.received_at)
    if count.method.is_score and (count.hairs is not None or count.score is None):
        raise Refused(_("Choose a picture from 1 to 6 instead of entering hairs."))
    if not count.method.is_score and (count.score is not None or count.hairs is None):
        raise Refused(_("Enter how many hairs you counted. 0 is a count."))
    return _save(session, user, count, decision, count.model_dump())


def take_back_count(session: Session, row: SheddingCount, decision: Decision) -> None:
    """Take a reading back. The caller commits."""
    delete_row(session, SHEDDING_COUNT, row.id, decision)


def subject_of(user: User, on: date, method: CountMethod, run: int) -> str:
    """What the outbox and the history call a reading."""
    return SHEDDING_COUNT.subject({"id": shedding_count_id(user.id, on, method, run)})


def _save(
    session: Session,
    user: User,
    count: CountInput,
    decision: Decision,
    values: dict[str, object],
) -> bool:
    values = {
        "user_id": user.id,
        "iso_week": iso_week(count.on),
        "logged_at": decision.changed_at,
        **values,
    }
    reading_id = shedding_count_id(user.id, count.on, count.method, count.run)
    named = {"id": reading_id, "on": count.on}
    return record_version(session, decision, SHEDDING_COUNT, named, values)
