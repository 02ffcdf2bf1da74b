"""Deleting an item can be undone: all that belonged to it comes back in one decision."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, SQLModel, select

from app.domain.supply import SupplyKind
from app.errors import NotFound
from app.models import (
    ApartRule,
    Dosage,
    DosageTime,
    DoseEvent,
    EntryVersion,
    ImportBatch,
    ImportedSlot,
    Ingredient,
    Pause,
    RegimenItem,
    SupplyEntry,
    SymptomReport,
    User,
)
from app.records import PAUSE
from app.services.deleted_items import deleted_items, restore_item
from app.services.dose_input import Answer
from app.services.history import purge
from app.services.items import IngredientInput, remove_item
from app.services.pauses import save_pause
from tests.support.clock import NOW
from tests.support.databases import Rows
from tests.support.people import save
from tests.support.regimens import EVENING, MORNING, add, daily, decided, log_dose, taken

TODAY = date(2026, 11, 23)
TABLES: tuple[type[SQLModel], ...] = (
    *(RegimenItem, Ingredient, Dosage, DosageTime, Pause, DoseEvent, ImportedSlot, ApartRule),
    SupplyEntry,
    SymptomReport,
)


def everything(rows: Rows) -> dict[str, list[str]]:
    """Every row of the tables that an item reaches, without the order."""
    return {
        table.__name__: sorted(str(sorted(row.model_dump().items())) for row in rows(table))
        for table in TABLES
    }


@pytest.fixture
def zinc(session: Session, alice: User) -> RegimenItem:
    """An item with all that an item can have."""
    label = (IngredientInput(substance="zinc", mass_ug=10_000),)
    item = add(session, alice, "Zinc", daily((MORNING, 10), (EVENING, 5)), ingredients=label)
    other = add(session, alice, "Iron", daily((time(12), 20)))
    for number in range(1, 4):
        on = TODAY - timedelta(days=number)
        log_dose(session, alice, item, taken(on, note="with food"), decided(alice, 60))
        skipped = taken(on, EVENING, status=Answer.SKIPPED, reason="travel")
        log_dose(session, alice, item, skipped, decided(alice, 60))
    log_dose(session, alice, item, taken(TODAY, None), decided(alice, 60))
    week = PAUSE.row(
        id=uuid4(),
        regimen_item_id=item.id,
        starts_on=TODAY - timedelta(days=9),
        ends_on=TODAY - timedelta(days=7),
    )
    save_pause(session, alice, week, decided(alice, 50))
    batch = save(session, ImportBatch(user_id=alice.id, source="file", imported_at=NOW))
    slot = ImportedSlot(
        id=uuid4(), user_id=alice.id, regimen_item_id=item.id, import_batch_id=batch.id,
        due_on=TODAY - timedelta(days=30), due_time=MORNING, amount=1, unit="mg",
        window_minutes=360,
    )  # fmt: skip
    rule = ApartRule(
        id=uuid4(), user_id=alice.id, first_item_id=item.id, second_item_id=other.id, hours=2
    )
    symptom = SymptomReport(
        id=uuid4(), user_id=alice.id, on=TODAY, iso_week=48, symptom="headache", severity=2,
        regimen_item_id=item.id, logged_at=NOW,
    )  # fmt: skip
    pack = SupplyEntry(
        id=uuid4(), user_id=alice.id, regimen_item_id=item.id, kind=SupplyKind.PACK, on=TODAY,
        at=NOW, amount=60, unit="mg", price=9.5, logged_at=NOW,
    )  # fmt: skip
    session.add_all([slot, rule, symptom, pack])
    session.commit()
    return item


def test_undo_brings_back_every_row(
    session: Session, rows: Rows, alice: User, zinc: RegimenItem
) -> None:
    before, item_id = everything(rows), zinc.id
    remove_item(session, alice, zinc, decided(alice, 20))
    session.commit()
    assert [row.name for row in rows(RegimenItem)] == ["Iron"]

    restore_item(session, alice, item_id, decided(alice))
    session.commit()
    assert everything(rows) == before
    assert deleted_items(session, alice) == []


def test_what_was_restored_is_the_latest_of_its_history(
    session: Session, rows: Rows, alice: User, zinc: RegimenItem
) -> None:
    item_id = zinc.id
    remove_item(session, alice, zinc, decided(alice, 20))
    restore_item(session, alice, item_id, decided(alice, 10))
    session.commit()

    latest: dict[str, bool] = {}
    for version in sorted(rows(EntryVersion), key=lambda each: each.changed_at):
        latest[version.subject] = version.state is not None
    assert all(latest.values())
    purge(session, NOW + timedelta(days=400))
    session.commit()
    assert len(rows(DoseEvent)) == 7


def test_an_item_is_deleted_and_restored_again_and_again(
    session: Session, rows: Rows, alice: User, zinc: RegimenItem
) -> None:
    before, item_id = everything(rows), zinc.id
    for minutes in (40, 30, 20):
        item = session.exec(select(RegimenItem).where(RegimenItem.id == item_id)).one()
        remove_item(session, alice, item, decided(alice, minutes))
        session.commit()
        assert [each.name for each in deleted_items(session, alice)] == ["Zinc"]
        for _ in range(2):
            restore_item(session, alice, item_id, decided(alice, minutes - 5))
            session.commit()

    assert everything(rows) == before


def test_a_slot_of_an_import_that_was_undone_stays_away(
    session: Session, rows: Rows, alice: User, zinc: RegimenItem
) -> None:
    item_id = zinc.id
    remove_item(session, alice, zinc, decided(alice, 20))
    session.delete(session.exec(select(ImportBatch)).one())
    session.commit()
    restore_item(session, alice, item_id, decided(alice))
    session.commit()

    assert rows(ImportedSlot) == []
    assert len(rows(DoseEvent)) == 7


def test_nobody_restores_what_is_anothers_or_was_never_deleted(
    session: Session, alice: User, bob: User, zinc: RegimenItem
) -> None:
    item_id = zinc.id
    remove_item(session, alice, zinc, decided(alice, 20))
    session.commit()

    for user, wanted in ((bob, item_id), (alice, uuid4())):
        with pytest.raises(NotFound):
            restore_item(session, user, wanted, decided(user))


def test_after_ninety_days_it_is_gone(session: Session, alice: User, zinc: RegimenItem) -> None:
    remove_item(session, alice, zinc, decided(alice, 20))
    purge(session, NOW + timedelta(days=91))
    session.commit()

    assert deleted_items(session, alice) == []
