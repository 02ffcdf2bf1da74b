"""Items of the regimen: added, stopped, paused, and kept apart by person."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.db import reading
from app.diary.regimen import ledger_between, load_regimen, regimen_of
from app.domain.ledger import Standing
from app.errors import NotFound, Refused
from app.models import (
    Dosage,
    DosageTime,
    DoseEvent,
    EntryVersion,
    Ingredient,
    Pause,
    RegimenItem,
    User,
)
from app.records import PAUSE
from app.services import items as items_service
from app.services.history import purge
from app.services.items import (
    IngredientInput,
    ItemEdit,
    ItemInput,
    add_item,
    edit_item,
    label_from_catalogue,
    remove_item,
    stop_item,
)
from app.services.pauses import end_pause, save_pause
from tests.support.clock import NOW
from tests.support.databases import Rows
from tests.support.people import BEGAN_ON
from tests.support.regimens import EVENING, MORNING, add, daily, decided, log_dose, taken

TODAY = date(2026, 11, 23)
LATER = NOW + timedelta(minutes=10)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


@pytest.fixture
def minoxidil(session: Session, alice: User) -> RegimenItem:
    return add(session, alice)


def pause(
    session: Session,
    user: User,
    item: RegimenItem,
    starts_on: date,
    ends_on: date | None = None,
    pause_id: UUID | None = None,
    minutes_ago: float = 60,
) -> UUID:
    row_id = pause_id or uuid4()
    pause = PAUSE.row(id=row_id, regimen_item_id=item.id, starts_on=starts_on, ends_on=ends_on)
    save_pause(session, user, pause, decided(user, minutes_ago))
    session.commit()
    return row_id


def test_an_item_begins_with_one_dosage_and_its_label(
    session: Session, rows: Rows, alice: User
) -> None:
    item = ItemInput(
        name="Magnesium",
        starts_on=BEGAN_ON,
        dosage=daily((EVENING, 1000)),
        ingredients=(IngredientInput(substance="magnesium", mass_ug=144_000, per_amount=2000),),
    )
    row = add_item(session, alice, item, decided(alice))
    session.commit()

    assert [(each.starts_on, each.ends_on) for each in rows(Dosage)] == [(BEGAN_ON, None)]
    value = load_regimen(session, alice.id).by_id[row.id]
    assert value.active_mg(1000, "mg") == 72
    assert value.active_mg(None, "mg") is None


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
    with pytest.raises(Refused, match="before the first day"):
        add(session, alice, "Zinc", daily((MORNING, 10)), day(3), ends_on=day(2))


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


def label(mass: float) -> ItemEdit:
    ingredients = (IngredientInput(substance="minoxidil", mass_ug=mass),)
    return ItemEdit(name="Minoxidil", tone="teal", ingredients=ingredients)


def test_a_label_is_written_as_it_is_now(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    for minutes_ago, mass in ((2, 1000), (1, 2000)):
        edit_item(session, minoxidil, label(mass), decided(alice, minutes_ago, now=LATER))
        session.commit()

    assert [each.mass_ug for each in rows(Ingredient)] == [2000]


def test_the_catalogue_knows_the_label_of_magnesium_and_none_of_what_it_does_not_know() -> None:
    (magnesium,) = label_from_catalogue("magnesium-l-threonate", "mg")

    assert magnesium.substance == "magnesium"
    assert magnesium.mass_ug == pytest.approx(72)
    assert label_from_catalogue("nothing-of-the-kind", "mg") == ()
    assert label_from_catalogue(None, "mg") == ()


@pytest.mark.parametrize(("unit", "mass_ug"), [("ug", 1), ("IU", 0.025), ("mg", 1000)])
def test_the_catalogues_label_goes_by_the_unit_that_is_taken(unit: str, mass_ug: float) -> None:
    (vitamin_d,) = label_from_catalogue("vitamin-d3", unit)

    assert vitamin_d.mass_ug == pytest.approx(mass_ug)
    assert vitamin_d.per_amount == 1


def test_the_catalogue_does_not_guess_what_is_in_a_capsule() -> None:
    assert label_from_catalogue("magnesium-l-threonate", "capsule") == ()


def test_a_stopped_item_keeps_its_history_and_is_not_due_any_more(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, taken(day(-4)))
    stop_item(session, minoxidil, day(-3), "Ran out", decided(alice))
    session.commit()

    rows = ledger_between(session, alice, day(-4), day(4), today=TODAY)
    assert [(row.on, row.standing) for row in rows] == [
        (day(-4), Standing.TAKEN),
        (day(-4), Standing.MISSED),
        (day(-3), Standing.MISSED),
        (day(-3), Standing.MISSED),
    ]
    assert load_regimen(session, alice.id).by_id[minoxidil.id].standing_on(TODAY) == "stopped"


def test_an_item_may_be_stopped_before_its_first_dose_and_no_earlier(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    stop_item(session, minoxidil, BEGAN_ON - timedelta(days=1), "", decided(alice))

    with pytest.raises(Refused, match="Minoxidil starts on 1 September 2026: choose a later day"):
        stop_item(session, minoxidil, BEGAN_ON - timedelta(days=2), "", decided(alice))


def test_a_paused_item_says_so_and_comes_back(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    pause(session, alice, minoxidil, day(-1), day(1))
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
    session: Session, alice: User, minoxidil: RegimenItem, starts_on: date, ends_on: date | None
) -> None:
    pause(session, alice, minoxidil, day(-3), day(-1))

    with pytest.raises(Refused, match="Another pause"):
        pause(session, alice, minoxidil, starts_on, ends_on)


def test_a_pause_may_touch_another_and_replace_itself(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    first = pause(session, alice, minoxidil, day(-3), day(-1))
    other = add(session, alice, "Zinc", daily((MORNING, 10)))

    pause(session, alice, minoxidil, day(0), day(2))
    pause(session, alice, minoxidil, day(-9), day(-4))
    pause(session, alice, minoxidil, day(-2), day(-1), first, minutes_ago=30)
    pause(session, alice, other, day(-3))

    item = load_regimen(session, alice.id).by_id[minoxidil.id]
    assert [each.starts_on for each in item.pauses] == [day(-9), day(-2), day(0)]


def test_a_pause_that_ends_before_it_starts_is_refused(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    with pytest.raises(Refused, match="before the first"):
        pause(session, alice, minoxidil, day(0), day(-1))


def test_of_two_devices_the_later_decision_about_an_item_counts_in_whatever_order_they_arrive(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    stopped, edited = decided(alice, 2, now=LATER), decided(alice, 1, now=LATER)
    edit_item(session, minoxidil, label(2000), edited)
    stop_item(session, minoxidil, day(-3), "Ran out", stopped)
    session.commit()

    (row,) = rows(RegimenItem)
    assert (row.tone, row.ends_on) == ("teal", None)
    states = [each.state or {} for each in rows(EntryVersion) if each.kind == "regimen_item"]
    assert sorted(str(state["ends_on"]) for state in states) == ["2026-11-20", "None", "None"]


def test_a_form_sent_twice_adds_one_item(session: Session, rows: Rows, alice: User) -> None:
    item, item_id = ItemInput(name="Zinc", starts_on=TODAY, dosage=daily((MORNING, 15))), uuid4()
    for minutes_ago in (2, 1):
        add_item(session, alice, item, decided(alice, minutes_ago), item_id)
        session.commit()

    assert [row.id for row in rows(RegimenItem)] == [item_id]
    assert len(rows(Dosage)) == len(rows(DosageTime)) == 1


def test_an_id_of_somebody_else_adds_nothing(
    session: Session, rows: Rows, bob: User, minoxidil: RegimenItem
) -> None:
    item = ItemInput(name="Bob's own", starts_on=TODAY, dosage=daily((MORNING, 15)))
    with pytest.raises(NotFound):
        add_item(session, bob, item, decided(bob), minoxidil.id)
    session.rollback()

    assert [row.name for row in rows(RegimenItem)] == ["Minoxidil"]


def test_a_removed_item_takes_its_doses_out_of_the_history_too(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    answer = decided(alice, 30)
    log_dose(session, alice, minoxidil, taken(day(-4)), answer)
    log_dose(session, alice, minoxidil, taken(day(-4), None, note="one more"), decided(alice, 20))
    pause(session, alice, minoxidil, day(-3))
    remove_item(session, alice, minoxidil, decided(alice, now=LATER))
    session.commit()
    purge(session, LATER + timedelta(days=91))
    session.commit()

    assert not [*rows(RegimenItem), *rows(DoseEvent), *rows(Pause)]
    assert {version.state for version in rows(EntryVersion)} == {None}
    assert len(rows(EntryVersion)) == 5


def test_a_pause_that_is_ended_before_it_began_is_taken_back(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    pause(session, alice, minoxidil, TODAY + timedelta(days=3))
    end_pause(session, alice, rows(Pause)[0], TODAY, decided(alice, now=LATER))
    session.commit()

    assert rows(Pause) == []
    newest = max(rows(EntryVersion), key=lambda each: each.changed_at)
    assert (newest.kind, newest.state) == ("pause", None)


def test_a_pause_that_is_ended_on_its_first_day_covers_no_day_and_the_minutes_until_then(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    pause(session, alice, minoxidil, TODAY)
    end_pause(session, alice, rows(Pause)[0], TODAY, decided(alice))
    session.commit()

    (ended,) = rows(Pause)
    assert not ended.span.covers(TODAY)
    assert (ended.last_day, ended.resumed_time) == (TODAY, alice.clock_at(NOW))


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
        session,
        alice,
        ItemInput(name="Zinc", starts_on=TODAY, dosage=daily((MORNING, 1))),
        decided(alice),
    )
    assert len(regimen_of(session, alice).items) == 2
    session.rollback()

    with reading(engine) as fresh:
        user = fresh.exec(select(User).where(User.id == alice.id)).one()
        assert [item.name for item in regimen_of(fresh, user).items] == ["Minoxidil"]
