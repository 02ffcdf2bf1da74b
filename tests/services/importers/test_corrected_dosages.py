"""Correcting the dosages that an import inferred moves no dose out of its slot."""

from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import Session

from app.diary.regimen import ledger_between, load_regimen
from app.domain.adherence import count_doses
from app.domain.timing import DoseTime
from app.interchange.importers.health_auto_export import read_log
from app.interchange.writer import import_log
from app.models import Dosage, User
from app.services.dosage_corrections import correct_dosage
from app.services.dosages import DosageInput
from app.services.versions import bump_regimen_version
from tests.support.clock import NOW
from tests.support.regimens import decided

HISTORY = Path(__file__).parents[2] / "data/dose-history.csv"
FIRST, LAST = date(2023, 2, 1), date(2023, 6, 1)
Counts = dict[UUID, tuple[int, int, int, int]]


@pytest.fixture
def adelaide(session: Session, alice: User) -> User:
    """Alice with the history of a person in Adelaide."""
    alice.time_zone = "Australia/Adelaide"
    session.commit()
    import_log(session, alice, read_log(HISTORY.read_bytes(), NOW), NOW)
    session.commit()
    return alice


def counts(session: Session, user: User) -> Counts:
    """Taken, missed, skipped and extra doses of each item."""
    found: Counts = {}
    for item in load_regimen(session, user.id).items:
        rows = ledger_between(session, user, FIRST, LAST, today=LAST, only=item.id)
        each = count_doses(rows)
        found[item.id] = (each.taken, each.missed, each.skipped, each.extra)
    return found


def half_an_hour_later(line: DoseTime) -> DoseTime:
    at = (datetime.combine(FIRST, line.at) + timedelta(minutes=30)).time()
    return DoseTime(at, line.amount, line.days_of_week)


@pytest.mark.slow
def test_every_time_of_every_inferred_dosage_moves_half_an_hour(
    session: Session, adelaide: User
) -> None:
    before = counts(session, adelaide)
    minutes = 1
    for item in load_regimen(session, adelaide.id).items:
        for dosage in item.plan.dosages:
            if not dosage.timing.times:
                continue
            right = DosageInput(
                unit="Milligrams",
                kind=dosage.timing.kind,
                times=tuple(half_an_hour_later(line) for line in dosage.timing.times),
                every_days=dosage.timing.every_days,
            )
            row = session.get_one(Dosage, dosage.id)
            correct_dosage(session, row, right, decided(adelaide, -minutes))
            minutes += 1
    bump_regimen_version(session, adelaide)
    session.commit()
    session.expire_all()

    assert sum(taken for taken, *_ in before.values()) > 100
    assert counts(session, adelaide) == before

    later = NOW + timedelta(hours=9)
    import_log(session, adelaide, read_log(HISTORY.read_bytes(), later), later)
    session.commit()
    assert counts(session, adelaide) == before
