"""Items of the regimen: added, stopped, paused, and kept apart by person."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.db import reading
from app.domain.ledger import Standing
from app.errors import Refused
from app.models import Dosage, Ingredient, Pause, RegimenItem, User
from app.services import items as items_service
from app.services.items import (
    IngredientInput,
    ItemInput,
    add_item,
    check_pause,
    label_from_catalogue,
    stop_item,
    write_ingredients,
)
from app.services.regimen import ledger_between, load_regimen, regimen_of
from tests.rigs.clock import NOW
from tests.rigs.databases import Rows
from tests.rigs.people import BEGAN_ON, save
from tests.rigs.regimens import EVENING, MORNING, add, daily, log_dose, taken

TODAY = date(2026, 11, 23)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


@pytest.fixture
def minoxidil(session: Session, alice: User) -> RegimenItem:
    return add(session, alice)


def pause(
    session: Session, item: RegimenItem, starts_on: date, ends_on: date | None = None
) -> Pause:
    row = Pause(user_id=item.user_id, regimen_item_id=item.id, starts_on=starts_on, ends_on=ends_on)
    return save(session, row)


def test_an_item_begins_with_one_dosage_and_its_label(
    session: Session, rows: Rows, alice: User
) -> None:
    item = ItemInput(
        name="Magnesium",
        starts_on=BEGAN_ON,
        dosage=daily((EVENING, 1000)),
        ingredients=(IngredientInput(substance="magnesium", mass_ug=144_000, per_amount=2000),),
    )
    row = add_item(session, alice, item, NOW)
    session.commit()

    assert [(each.starts_on, each.ends_on) for each in rows(Dosage)] == [(BEGAN_ON, None)]
    value = load_regimen(session, alice.id).by_id[row.id]
    assert value.elemental_mg(1000) == 72
    assert value.elemental_mg(None) is None


def test_an_item_from_before_the_log_is_not_missed_in_the_time_before(
    session: Session, alice: User
) -> None:
    item = add(session, alice, "Finasteride", daily((MORNING, 1)), date(2020, 1, 1))

    assert item.slots_from == BEGAN_ON
    rows = ledger_between(session, alice, date(2026, 8, 1), BEGAN_ON, today=TODAY)
    assert [row.on for row in rows] == [BEGAN_ON]


def test_an_item_planned_for_later_waits_for_its_day(session: Session, alice: User) -> None:
    item = add(session, alice, "Zinc", daily((MORNING, 10)), day(3))

    assert load_regimen(session, alice.id).by_id[item.id].standing_on(TODAY) == "planned"
    assert ledger_between(session, alice, TODAY, day(2), today=TODAY) == []


def test_an_end_before_the_start_is_refused(session: Session, alice: User) -> None:
    with pytest.raises(Refused, match="before the start"):
        add(session, alice, "Zinc", daily((MORNING, 10)), day(3), day(2))


def test_a_regimen_has_a_most(
    session: Session, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items_service, "MOST_ITEMS", 2)
    add(session, alice, "One")
    add(session, alice, "Two")

    with pytest.raises(Refused, match="at most"):
        add(session, alice, "Three")


def test_items_stand_in_the_order_in_which_they_were_added(
    session: Session, alice: User, bob: User
) -> None:
    for name in ("Zinc", "Biotin", "Minoxidil"):
        add(session, alice, name)
    add(session, bob, "Bob's own")

    assert [item.name for item in load_regimen(session, alice.id).items] == [
        *("Zinc", "Biotin", "Minoxidil"),
    ]


def test_a_label_is_written_as_it_is_now(
    session: Session, rows: Rows, minoxidil: RegimenItem
) -> None:
    for mass in (1000, 2000):
        write_ingredients(
            session, minoxidil, (IngredientInput(substance="minoxidil", mass_ug=mass),)
        )
        session.commit()

    assert [each.mass_ug for each in rows(Ingredient)] == [2000]


def test_the_catalogue_knows_the_label_of_magnesium_and_none_of_what_it_does_not_know() -> None:
    (magnesium,) = label_from_catalogue("magnesium-l-threonate")

    assert magnesium.substance == "magnesium"
    assert magnesium.mass_ug == pytest.approx(72)
    assert label_from_catalogue("nothing-of-the-kind") == ()
    assert label_from_catalogue(None) == ()


def test_a_stopped_item_keeps_its_history_and_is_not_due_any_more(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, taken(day(-4)))
    stop_item(minoxidil, day(-3), "Ran out")
    save(session, minoxidil)

    rows = ledger_between(session, alice, day(-4), day(4), today=TODAY)
    assert [(row.on, row.standing) for row in rows] == [
        (day(-4), Standing.TAKEN),
        (day(-4), Standing.MISSED),
        (day(-3), Standing.MISSED),
        (day(-3), Standing.MISSED),
    ]
    assert load_regimen(session, alice.id).by_id[minoxidil.id].standing_on(TODAY) == "stopped"


def test_an_item_may_be_stopped_before_its_first_dose_and_no_earlier(
    minoxidil: RegimenItem,
) -> None:
    stop_item(minoxidil, BEGAN_ON - timedelta(days=1), "")

    with pytest.raises(Refused):
        stop_item(minoxidil, BEGAN_ON - timedelta(days=2), "")


def test_a_paused_item_says_so_and_comes_back(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    pause(session, minoxidil, day(-1), day(1))
    item = load_regimen(session, alice.id).by_id[minoxidil.id]

    assert [item.standing_on(day(number)) for number in (-2, -1, 1, 2)] == [
        *("taking", "paused", "paused", "taking"),
    ]
    assert item.pause_on(TODAY) is not None
    assert item.pause_on(day(2)) is None


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [(day(-5), day(-3)), (day(-1), None), (day(-9), None), (day(-2), day(-2))],
)
def test_pauses_of_one_item_do_not_overlap(
    session: Session, minoxidil: RegimenItem, starts_on: date, ends_on: date | None
) -> None:
    pause(session, minoxidil, day(-3), day(-1))

    with pytest.raises(Refused, match="Another pause"):
        check_pause(session, minoxidil, starts_on, ends_on)


def test_a_pause_may_touch_another_and_replace_itself(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    row = pause(session, minoxidil, day(-3), day(-1))
    other = add(session, alice, "Zinc", daily((MORNING, 10)))

    check_pause(session, minoxidil, day(0), None)
    check_pause(session, minoxidil, day(-9), day(-4))
    check_pause(session, minoxidil, day(-2), None, but=row.id)
    check_pause(session, other, day(-3), None)


def test_a_pause_that_ends_before_it_starts_is_refused(
    session: Session, minoxidil: RegimenItem
) -> None:
    with pytest.raises(Refused, match="before the first"):
        check_pause(session, minoxidil, day(0), day(-1))


def test_every_change_makes_the_regimen_a_new_version_that_pages_read(
    session: Session, engine: Engine, alice: User, minoxidil: RegimenItem
) -> None:
    def names() -> list[str]:
        with reading(engine) as fresh:
            user = fresh.exec(select(User).where(User.id == alice.id)).one()
            return [item.name for item in regimen_of(fresh, user).items]

    assert names() == ["Minoxidil"]
    add(session, alice, "Zinc")
    assert names() == ["Minoxidil", "Zinc"]


def test_a_change_that_is_rolled_back_is_never_remembered(
    session: Session, engine: Engine, alice: User, minoxidil: RegimenItem
) -> None:
    add_item(
        session, alice, ItemInput(name="Zinc", starts_on=TODAY, dosage=daily((MORNING, 1))), NOW
    )
    assert len(regimen_of(session, alice).items) == 2
    session.rollback()

    with reading(engine) as fresh:
        user = fresh.exec(select(User).where(User.id == alice.id)).one()
        assert [item.name for item in regimen_of(fresh, user).items] == ["Minoxidil"]
