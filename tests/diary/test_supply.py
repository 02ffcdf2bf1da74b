"""How much is left follows from packs and logged doses alone, however and whenever they came."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.db import reading
from app.diary import Diary
from app.diary.agenda import agenda_on
from app.diary.supply import (
    packing_list,
    running_low,
    shopping_list,
)
from app.domain.ledger import DoseStatus
from app.domain.supply import Ending, SupplyKind
from app.domain.timing import TimingKind
from app.interchange.importers.health_auto_export import read_log
from app.interchange.writer import Choices, import_log
from app.models import DoseEvent, ImportedMedicine, RegimenItem, SupplyEntry, User
from app.photos.store import PhotoStore
from app.records import PAUSE, SUPPLY
from app.services.deletions import delete_row
from app.services.dosages import DosageInput, change_dosage
from app.services.dose_input import Answer
from app.services.pauses import save_pause
from app.services.supply import change_refill_days, receive_supply
from app.services.undo import undo_deletion
from tests.support.clock import NOW
from tests.support.people import make_user, save
from tests.support.queries import count_queries
from tests.support.regimens import EVENING, MORNING, add, daily, decided, log_dose, taken
from tests.support.supplies import stock_now, supply, supply_now

TODAY = NOW.date()
DAY = timedelta(days=1)
ONCE = daily((MORNING, 1), unit="mL")
LOST, RECOUNT = SupplyKind.LOST, SupplyKind.RECOUNT


@pytest.fixture
def minoxidil(session: Session, alice: User) -> RegimenItem:
    return add(session, alice, dosage=ONCE)


def test_doses_taken_after_the_pack_leave_it(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    supply(session, alice, minoxidil, 60, on=TODAY - 3 * DAY)
    log_dose(session, alice, minoxidil, taken(TODAY - 4 * DAY))
    log_dose(session, alice, minoxidil, taken(TODAY - 2 * DAY))
    log_dose(session, alice, minoxidil, taken(TODAY - DAY, amount=0.5))
    log_dose(session, alice, minoxidil, taken(TODAY, status=Answer.SKIPPED, reason="travel"))
    assert stock_now(session, alice, minoxidil) == 58.5


def test_a_pack_that_came_today_counts_from_now(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, taken(TODAY, occurred_time=MORNING), decided(alice, 60))
    supply(session, alice, minoxidil, 60)
    assert stock_now(session, alice, minoxidil) == 60


def test_a_pack_keeps_its_instant_when_something_else_of_it_is_changed(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    pack = supply(session, alice, minoxidil, 60, ago=300)
    log_dose(session, alice, minoxidil, taken(TODAY), decided(alice, 200))
    supply(session, alice, minoxidil, 50, id=pack)
    assert stock_now(session, alice, minoxidil) == 49
    supply(session, alice, minoxidil, 50, ago=20, id=pack, on=TODAY - DAY)
    log_dose(session, alice, minoxidil, taken(TODAY - DAY))
    assert stock_now(session, alice, minoxidil) == 48


def test_two_items_with_one_name_do_not_share_a_supply(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    other = add(session, alice, dosage=ONCE)
    supply(session, alice, minoxidil, 60, on=TODAY - DAY)
    supply(session, alice, other, 30, on=TODAY - DAY)
    log_dose(session, alice, other, taken(TODAY - DAY))
    assert stock_now(session, alice, minoxidil) == 60
    assert stock_now(session, alice, other) == 29


def test_packs_on_their_way_count_once_they_have_come(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    supply(session, alice, minoxidil, 5)
    ordered = supply(session, alice, minoxidil, 60, on=None, ordered_on=TODAY - 2 * DAY, packs=2)
    found = supply_now(session, alice, minoxidil)
    assert found is not None
    assert (found.stock.amount, found.is_ordered, found.needs_refill) == (5, True, False)
    receive_supply(session, alice, session.get_one(SupplyEntry, ordered), decided(alice))
    session.commit()
    assert stock_now(session, alice, minoxidil) == 125


def test_the_day_follows_the_plan_with_its_changes_and_pauses(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    supply(session, alice, minoxidil, 10)
    log_dose(session, alice, minoxidil, taken(TODAY), decided(alice, 40))
    assert stock_now(session, alice, minoxidil) == 10
    before = supply_now(session, alice, minoxidil)
    twice = daily((MORNING, 1), (EVENING, 1), unit="mL")
    change_dosage(session, minoxidil, twice, TODAY + 5 * DAY, decided(alice))
    pause = PAUSE.row(
        id=uuid4(),
        regimen_item_id=minoxidil.id,
        starts_on=TODAY + 2 * DAY,
        ends_on=TODAY + 3 * DAY,
    )
    save_pause(session, alice, pause, decided(alice))
    session.commit()
    after = supply_now(session, alice, minoxidil)
    assert before is not None
    assert after is not None
    assert before.outlook.runs_out_on == TODAY + 11 * DAY
    assert after.outlook.runs_out_on == TODAY + 9 * DAY
    assert after.days_left == 9


def test_a_dose_that_was_skipped_or_is_over_today_is_not_needed_any_more(
    session: Session, alice: User
) -> None:
    item = add(session, alice, "Zinc", daily((MORNING, 1), (EVENING, 1), unit="mL"))
    supply(session, alice, item, 3)
    log_dose(session, alice, item, taken(TODAY, status=Answer.SKIPPED), decided(alice))
    found = supply_now(session, alice, item)
    assert found is not None
    # One this evening, two tomorrow: the day after is not covered.
    assert found.outlook.runs_out_on == TODAY + 2 * DAY


def test_doses_in_a_unit_that_the_item_cannot_convert_leave_the_stock_unknown(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    supply(session, alice, minoxidil, 60, on=TODAY - 5 * DAY)
    log_dose(session, alice, minoxidil, taken(TODAY - DAY, None, unit="drop", amount=4))
    found = supply_now(session, alice, minoxidil)
    assert found is not None
    assert found.stock.other_units == {"drop"}
    assert (found.outlook.ending, found.days_left) == (Ending.OTHER_UNIT, None)
    supply(session, alice, minoxidil, 50, RECOUNT, 20)
    assert stock_now(session, alice, minoxidil) == 50


def test_capsules_hold_what_the_label_says(session: Session, alice: User) -> None:
    dosage = daily((MORNING, 667), (EVENING, 1333), unit="mg")
    item = add(session, alice, "Magnesium", dosage, piece_amount=666.7)
    supply(session, alice, item, 60, unit="capsule", on=TODAY - 3 * DAY)
    log_dose(session, alice, item, taken(TODAY - DAY))
    log_dose(session, alice, item, taken(TODAY - DAY, EVENING))
    found = supply_now(session, alice, item)
    assert found is not None
    assert found.stock.amount == pytest.approx(57, abs=0.01)
    assert found.stock.unit == "capsule"


def test_running_low_begins_on_the_day_of_the_refill(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    supply(session, alice, minoxidil, 15)
    log_dose(session, alice, minoxidil, taken(TODAY), decided(alice, 40))

    def low(within: int | None = None) -> list[tuple[int | None, bool]]:
        session.expire_all()
        found = running_low(Diary(session, alice, NOW), within)
        return [(each.days_left, each.needs_refill) for each in found]

    assert low() == []
    change_refill_days(session, minoxidil, 16, decided(alice, 3))
    session.commit()
    assert (low(), low(7)) == ([(16, True)], [])
    supply(session, alice, minoxidil, 60, on=None, ordered_on=TODAY)
    assert low() == [(16, False)]
    supply(session, alice, minoxidil, 5, RECOUNT, 20)
    assert low(7) == [(6, False)]
    supply(session, alice, minoxidil, 6, RECOUNT, 10)
    assert low(7) == []


def test_the_list_holds_whole_packs_for_what_is_missing_and_their_cost(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    supply(session, alice, minoxidil, 10, price=15.5)
    log_dose(session, alice, minoxidil, taken(TODAY), decided(alice, 40))
    enough = add(session, alice, "Zinc", ONCE)
    supply(session, alice, enough, 500)
    add(session, alice, "Iron", ONCE)
    paused = shopping_list(Diary(session, alice, NOW), 30)

    (bought,) = paused.to_buy
    assert (bought.missing, bought.packs, bought.cost) == (20, 2, 31)
    assert bought.cost_of_missing == 31
    assert [each.item.name for each in paused.enough] == ["Zinc"]
    assert [each.name for each in paused.uncounted] == ["Iron"]
    supply(session, alice, minoxidil, 10, on=None, ordered_on=TODAY, packs=3)
    assert shopping_list(Diary(session, alice, NOW), 30).to_buy == ()


def test_what_cannot_be_said_is_not_on_the_list(session: Session, alice: User) -> None:
    free = DosageInput(unit="mg", kind=TimingKind.AS_NEEDED, usual_amount=400)
    item = add(session, alice, "Ibuprofen", free)
    supply(session, alice, item, 8_000, unit="mg")
    found = shopping_list(Diary(session, alice, NOW), 30)
    assert [each.item.name for each in found.unknown] == ["Ibuprofen"]
    assert not found.to_buy
    assert not found.enough
    (packed,) = packing_list(Diary(session, alice, NOW), TODAY + DAY, TODAY + 2 * DAY)
    assert (packed.amount, packed.short) == (None, None)


def test_a_trip_takes_its_days_and_says_what_will_be_short(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    supply(session, alice, minoxidil, 12)
    log_dose(session, alice, minoxidil, taken(TODAY), decided(alice, 40))
    diary = Diary(session, alice, NOW)
    (near,) = packing_list(diary, TODAY + DAY, TODAY + 10 * DAY)
    (far,) = packing_list(diary, TODAY + 6 * DAY, TODAY + 15 * DAY)
    assert (near.amount, near.unit, near.short) == (10, "mL", 0)
    assert (far.amount, far.short) == (10, 3)


def test_a_deleted_pack_no_longer_counts_and_undo_brings_it_back(
    session: Session, alice: User, minoxidil: RegimenItem, tmp_path: Path
) -> None:
    supply(session, alice, minoxidil, 10)
    pack = supply(session, alice, minoxidil, 60)
    deleting = decided(alice, 10)
    delete_row(session, SUPPLY, pack, deleting)
    session.commit()
    assert stock_now(session, alice, minoxidil) == 10
    undo_deletion(session, alice, PhotoStore(tmp_path), deleting.entry_id, decided(alice))
    session.commit()
    assert stock_now(session, alice, minoxidil) == 70


def test_today_asks_once_for_the_doses_of_every_supply(
    session: Session, alice: User, engine: Engine
) -> None:
    for number in range(5):
        item = add(session, alice, f"Item {number}", ONCE)
        supply(session, alice, item, 3, on=TODAY - 60 * DAY)
    with reading(engine) as own:
        running_low(Diary(own, own.get_one(User, alice.id), NOW), 7)
    with reading(engine) as own:
        diary = Diary(own, own.get_one(User, alice.id), NOW)
        agenda = agenda_on(diary, diary.today)
        with count_queries(engine) as queries:
            assert len(running_low(diary, 7, agenda)) == 5
        assert len(queries) == 1


HEADER = (
    "Date,Scheduled Date,Medication,Nickname,Dosage,Scheduled Dosage,Unit,Status,Archived,Codings\n"
)
MATCH = Choices({"Minoxidil": "Minoxidil"})
COUNTED_ON = TODAY - 40 * DAY


def do(session: Session, user: User, item: RegimenItem, deed: tuple[Any, ...]) -> None:
    """Log, correct, delete or import a dose of a day, in any order."""
    what, days_ago, amount, minutes_ago = deed
    on = TODAY - timedelta(days=days_ago)
    decision = decided(user, minutes_ago)
    if what == "import":
        at = datetime.combine(on, time(12, days_ago), tzinfo=UTC).strftime(
            "%Y-%m-%d %H:%M:%S +0000"
        )
        line = f"{at},,Minoxidil,,{amount},,mL,Taken,No,\n"
        known = session.exec(select(ImportedMedicine).where(ImportedMedicine.user_id == user.id))
        match = Choices() if known.first() else MATCH
        import_log(session, user, read_log((HEADER + line).encode(), NOW), NOW, choices=match)
    elif what == "taken":
        dose = taken(on, amount=amount, occurred_time=MORNING)
        log_dose(session, user, item, dose, decision)
        return
    else:
        log_dose(session, user, item, taken(on, status=Answer(what)), decision)
        return
    session.commit()


deeds = st.tuples(
    st.sampled_from(("taken", "taken", "skipped", "nothing", "import")),
    st.integers(1, 50),
    st.sampled_from((0.5, 1.0, 2.0)),
    st.integers(0, 60),
)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(deeds, min_size=1, max_size=8))
def test_late_corrected_deleted_and_imported_doses_move_the_stock(
    session: Session, deeds: list[tuple[Any, ...]]
) -> None:
    user = save(session, make_user(f"Person {uuid4()}"))
    item = add(session, user, dosage=ONCE)
    supply(session, user, item, 500, on=COUNTED_ON)
    for deed in deeds:
        do(session, user, item, deed)
        # Read each time, so that what is cached must follow.
        read = stock_now(session, user, item)
        since = datetime.combine(COUNTED_ON, time(3), tzinfo=user.zone)
        events = session.exec(select(DoseEvent).where(DoseEvent.regimen_item_id == item.id)).all()
        gone = sum(
            event.amount or 0
            for event in events
            if event.status is DoseStatus.TAKEN and event.occurred_at > since
        )
        assert read == pytest.approx(500 - gone)
