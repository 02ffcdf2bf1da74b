"""The first day of a diary moves back for an old log, and never past what was logged."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from app.diary.regimen import ledger_between
from app.domain.adherence import count_doses
from app.errors import Refused
from app.models import RegimenItem, User
from app.services.dose_input import Answer
from app.services.first_day import move_first_day
from app.services.regimen_writes import change_item
from tests.support.people import BEGAN_ON
from tests.support.regimens import MORNING, add, daily, decided, log_dose, taken

TODAY = date(2026, 11, 23)
PAPER = BEGAN_ON - timedelta(days=30)


@pytest.fixture
def finasteride(session: Session, alice: User) -> RegimenItem:
    """Taken for a year, and in the diary since its first day."""
    year = timedelta(days=365)
    return add(session, alice, "Finasteride", daily((MORNING, 1)), starts_on=TODAY - year)


def due_before(session: Session, user: User) -> tuple[int, int]:
    last = BEGAN_ON - timedelta(days=1)
    counted = count_doses(ledger_between(session, user, date(2026, 1, 1), last, today=TODAY))
    return counted.taken, counted.due


def test_an_old_log_can_be_typed_in_once_the_first_day_is_moved_back(
    session: Session, alice: User, finasteride: RegimenItem
) -> None:
    with pytest.raises(Refused, match="before your log began, on 1 September 2026"):
        log_dose(session, alice, finasteride, taken(PAPER))
    session.rollback()
    assert due_before(session, alice) == (0, 0)

    move_first_day(session, alice, PAPER, decided(alice))
    session.commit()
    log_dose(session, alice, finasteride, taken(PAPER))
    assert due_before(session, alice) == (1, 30)


def test_it_can_be_moved_forward_again_until_something_is_logged(
    session: Session, alice: User, finasteride: RegimenItem
) -> None:
    move_first_day(session, alice, PAPER, decided(alice, 30))
    move_first_day(session, alice, PAPER + timedelta(days=10), decided(alice, 20))
    session.commit()
    assert due_before(session, alice) == (0, 20)

    skipped = taken(PAPER + timedelta(days=12), status=Answer.SKIPPED)
    log_dose(session, alice, finasteride, skipped, decided(alice, 10))
    with pytest.raises(Refused, match="You logged something on 14 August 2026"):
        move_first_day(session, alice, BEGAN_ON, decided(alice))


def test_a_day_that_has_not_come_is_refused(session: Session, alice: User) -> None:
    with pytest.raises(Refused, match="is in the future"):
        move_first_day(session, alice, TODAY + timedelta(days=1), decided(alice))


def test_an_item_that_a_file_brought_keeps_the_slots_of_its_file(
    session: Session, alice: User, finasteride: RegimenItem
) -> None:
    change_item(session, finasteride, decided(alice, 30), slots_from=None)
    move_first_day(session, alice, PAPER, decided(alice))
    session.commit()

    session.refresh(finasteride)
    assert finasteride.slots_from is None


def test_moving_one_diary_leaves_another_alone(
    session: Session, alice: User, bob: User, finasteride: RegimenItem
) -> None:
    move_first_day(session, alice, PAPER, decided(alice))
    session.commit()

    assert (alice.began_on, bob.began_on) == (PAPER, BEGAN_ON)
