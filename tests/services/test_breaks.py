"""The days between a stop and a restart are nobody's due."""

from datetime import date, time, timedelta

import pytest
from sqlmodel import Session

from app.diary.figures import figures_by_day
from app.diary.regimen import ledger_between, load_regimen
from app.domain.adherence import count_doses
from app.errors import Refused
from app.models import Pause, RegimenItem, User
from app.records import PAUSE
from app.services.items import restart_item, stop_item
from app.services.pauses import save_pause
from tests.support.databases import Rows
from tests.support.people import BEGAN_ON
from tests.support.regimens import add, daily, decided, log_dose, taken

TODAY = date(2026, 11, 23)
SEVENTH = BEGAN_ON + timedelta(days=6)


@pytest.fixture
def zinc(session: Session, alice: User) -> RegimenItem:
    """Taken on the first six days, and stopped after the seventh."""
    item = add(session, alice, "Zinc", daily((time(8), 10)))
    for number in range(6):
        log_dose(session, alice, item, taken(BEGAN_ON + timedelta(days=number)))
    stop_item(session, item, SEVENTH, "It upset my stomach", decided(alice, 60))
    session.commit()
    return item


def taken_of_due(session: Session, user: User) -> tuple[int, int]:
    counted = count_doses(ledger_between(session, user, BEGAN_ON, TODAY, today=TODAY))
    return counted.taken, counted.due


def test_a_break_between_stop_and_restart_is_not_due(
    session: Session, rows: Rows, alice: User, zinc: RegimenItem
) -> None:
    restart_item(session, alice, zinc, TODAY, decided(alice))
    session.commit()

    assert taken_of_due(session, alice) == (6, 7)
    (pause,) = rows(Pause)
    assert (pause.starts_on, pause.ends_on, pause.is_break, pause.note) == (
        SEVENTH + timedelta(days=1),
        TODAY - timedelta(days=1),
        True,
        "It upset my stomach",
    )
    by_day = figures_by_day(session, alice, BEGAN_ON, TODAY, today=TODAY)
    assert sum(each.doses.due for each in by_day) == 7


def test_any_number_of_stops_and_restarts_leaves_only_the_days_between_them(
    session: Session, alice: User, zinc: RegimenItem
) -> None:
    minutes = iter(range(50, 0, -1))
    for first, last in ((20, 22), (40, 40)):
        back, end = (BEGAN_ON + timedelta(days=number) for number in (first, last))
        restart_item(session, alice, zinc, back, decided(alice, next(minutes)))
        stop_item(session, zinc, end, "", decided(alice, next(minutes)))
    restart_item(session, alice, zinc, TODAY, decided(alice))
    session.commit()

    assert taken_of_due(session, alice) == (6, 7 + 3 + 1)


def test_a_stop_taken_back_on_the_next_day_leaves_no_break(
    session: Session, rows: Rows, alice: User, zinc: RegimenItem
) -> None:
    restart_item(session, alice, zinc, SEVENTH + timedelta(days=1), decided(alice))
    session.commit()

    assert rows(Pause) == []


def test_a_restart_on_a_later_day_waits_for_it(
    session: Session, alice: User, zinc: RegimenItem
) -> None:
    restart_item(session, alice, zinc, TODAY + timedelta(days=3), decided(alice))
    session.commit()

    item = load_regimen(session, alice.id).by_id[zinc.id]
    assert item.standing_on(TODAY) == "paused"
    assert item.standing_on(TODAY + timedelta(days=3)) == "taking"


def test_a_restart_sent_twice_is_one_break(
    session: Session, rows: Rows, alice: User, zinc: RegimenItem
) -> None:
    decision = decided(alice)
    for _ in range(2):
        restart_item(session, alice, zinc, TODAY, decision)
        session.commit()

    assert len(rows(Pause)) == 1


def test_a_restart_ends_a_pause_that_was_still_open(
    session: Session, alice: User, zinc: RegimenItem
) -> None:
    open_end = PAUSE.row(id=alice.id, regimen_item_id=zinc.id, starts_on=SEVENTH)
    save_pause(session, alice, open_end, decided(alice, 59))
    restart_item(session, alice, zinc, TODAY, decided(alice))
    session.commit()

    assert load_regimen(session, alice.id).by_id[zinc.id].standing_on(TODAY) == "taking"
    assert taken_of_due(session, alice) == (6, 6)


def test_a_restart_on_a_day_of_an_earlier_break_ends_that_break(
    session: Session, alice: User, zinc: RegimenItem
) -> None:
    restart_item(session, alice, zinc, TODAY, decided(alice, 50))
    stop_item(session, zinc, SEVENTH, "", decided(alice, 40))
    restart_item(session, alice, zinc, SEVENTH + timedelta(days=3), decided(alice, 30))
    session.commit()

    breaks = [(each.starts_on, each.ends_on) for each in session.exec(Pause.of_item(zinc.id))]
    assert {ends_on for _starts_on, ends_on in breaks} == {SEVENTH + timedelta(days=2)}
    assert taken_of_due(session, alice) == (6, 7 + (TODAY - SEVENTH).days - 3)


def test_a_restart_before_the_first_day_is_refused(
    session: Session, alice: User, zinc: RegimenItem
) -> None:
    with pytest.raises(Refused, match="choose a later day"):
        restart_item(session, alice, zinc, BEGAN_ON - timedelta(days=1), decided(alice))
