"""An import is undone as a whole: what was before is there again, what was changed since stays."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session, SQLModel, select

from app.domain.ledger import DoseStatus, Standing
from app.domain.timing import DoseTime, TimingKind
from app.errors import Refused
from app.interchange.importers.health_auto_export import read_log
from app.interchange.writer import (
    Choices,
    ImportReport,
    UndoReport,
    import_log,
    imports_to_undo,
    undo_import,
)
from app.models import (
    Dosage,
    DosageTime,
    DoseEvent,
    EntryVersion,
    GivesWay,
    ImportBatch,
    ImportedMedicine,
    ImportedRow,
    ImportedSlot,
    RegimenItem,
    User,
)
from app.services.deleted_items import restore_item
from app.services.dosage_corrections import correct_dosage
from app.services.dosages import DosageInput
from app.services.history import purge
from app.services.items import remove_item
from tests.services.importers.test_health_auto_export import (
    FIRST,
    HEADER,
    bring_in,
    bring_in_history,
    item_of,
    ledger_of,
)
from tests.services.importers.test_later_files import CORRECTED, DAY, LOOSE, row, three_weeks
from tests.support.clock import NOW
from tests.support.databases import Rows, both_databases
from tests.support.regimens import MORNING, add, daily, decided, log_dose, taken

pytestmark = pytest.mark.slow

LATER = NOW + timedelta(hours=1)
# Everything that an import writes, except history and the record of the import itself.
WRITTEN: Sequence[type[SQLModel]] = (
    *(RegimenItem, Dosage, DosageTime, DoseEvent, ImportedSlot, ImportedRow, ImportedMedicine),
)
LOGGED = [table for table in WRITTEN if table is not ImportedRow]
# Ids that no one refers to.
NAMES: dict[type[SQLModel], set[str]] = defaultdict(set, {DosageTime: {"id"}})


def written(rows: Rows, tables: Sequence[type[SQLModel]] = WRITTEN) -> dict[str, list[str]]:
    return {
        table.__name__: sorted(each.model_dump_json(exclude=NAMES[table]) for each in rows(table))
        for table in tables
    }


def undo(session: Session, user: User, imported: ImportReport, now: datetime = LATER) -> UndoReport:
    batch = session.get_one(ImportBatch, imported.batch_id)
    report = undo_import(session, user, batch, now)
    session.commit()
    return report


@both_databases
def test_of_a_whole_history_nothing_is_left(session: Session, alice: User, rows: Rows) -> None:
    began_on = alice.began_on
    imported = bring_in_history(session, alice)
    assert alice.began_on == FIRST

    report = undo(session, alice, imported)

    assert written(rows) == {table.__name__: [] for table in WRITTEN}
    assert (report.slots, report.kept) == (171, 0)
    assert sorted(report.items) == ["Med_13", "Med_15", "Med_4", "Med_9"]
    assert alice.began_on == began_on


def test_after_an_undo_the_same_file_comes_in_again(
    session: Session, alice: User, rows: Rows
) -> None:
    imported = bring_in_history(session, alice)
    events = sorted(event.model_dump_json() for event in rows(DoseEvent))
    undo(session, alice, imported)

    again = bring_in_history(session, alice)

    assert (again.new, again.changed, again.kept) == (172, 0, 0)
    assert again.batch_id != imported.batch_id
    assert sorted(event.model_dump_json() for event in rows(DoseEvent)) == events
    undo(session, alice, again)
    assert written(rows) == {table.__name__: [] for table in WRITTEN}


def test_an_import_of_an_older_release_is_not_taken_back_by_half(
    session: Session, alice: User, rows: Rows
) -> None:
    imported = bring_in(session, alice, HEADER + row())
    # Before migration 0022 decisions did not name their import.
    session.execute(update(EntryVersion).values(import_batch_id=None))
    session.commit()
    before = written(rows)

    with pytest.raises(Refused, match="made by an older version of Strand"):
        undo(session, alice, imported)

    session.rollback()
    assert written(rows) == before
    assert imports_to_undo(session, alice, LATER) == []
    assert rows(ImportBatch)[0].undone_at is None


LATER_FILES = {
    **{name: HEADER + line for name, (line, _said) in CORRECTED.items()},
    "planned amount": HEADER + row(planned="2.0"),
    "one more day": HEADER + row() + row(day="2026-10-06"),
    "an earlier day": HEADER + row(day="2026-10-01") + row(),
    "a second time of day": HEADER + row() + row("20:10", due="20:00"),
    "a loose dose": HEADER + row() + LOOSE.replace("08:00", "12:00"),
    "another medicine": HEADER + row() + row(day="2026-10-06").replace("Iron", "Zinc"),
}


@pytest.mark.parametrize("later", LATER_FILES.values(), ids=LATER_FILES)
def test_what_the_earlier_file_said_is_there_again(
    session: Session, alice: User, rows: Rows, later: str
) -> None:
    bring_in(session, alice, HEADER + row("08:20"))
    before, began_on = written(rows, LOGGED), alice.began_on

    imported = bring_in(session, alice, later)
    assert written(rows, LOGGED) != before
    report = undo(session, alice, imported)

    assert written(rows, LOGGED) == before
    assert alice.began_on == began_on
    assert report.kept == 0
    again = bring_in(session, alice, later)
    assert (again.new, again.changed) == (imported.new, imported.changed)


def test_what_was_changed_by_hand_stays(session: Session, alice: User, rows: Rows) -> None:
    imported = bring_in(session, alice, HEADER + row() + row(day="2026-10-06"))
    iron = item_of(session, alice, "Iron")
    noted = taken(DAY, time(8), note="with juice")
    log_dose(session, alice, iron, noted, decided(alice, -1))  # type: ignore[arg-type]

    report = undo(session, alice, imported)

    assert [event.note for event in rows(DoseEvent)] == ["with juice"]
    assert [each.standing for each in ledger_of(session, alice)] == [Standing.TAKEN]
    assert report.kept == 2, "the dose, and its item"
    assert report.items == []
    assert bring_in(session, alice, HEADER + row()).kept == 1


@both_databases
def test_a_tap_that_gave_way_to_the_file_counts_again(
    session: Session, alice: User, rows: Rows
) -> None:
    imported = bring_in(session, alice, HEADER + row("08:20", "Skipped"))
    tap = taken(DAY, time(8), gives_way=GivesWay.TO_ANY)
    log_dose(session, alice, item_of(session, alice, "Iron"), tap)  # type: ignore[arg-type]
    assert [event.status for event in rows(DoseEvent)] == [DoseStatus.SKIPPED]

    undo(session, alice, imported)

    assert [event.status for event in rows(DoseEvent)] == [DoseStatus.TAKEN]


def test_what_a_later_file_changed_stays(session: Session, alice: User, rows: Rows) -> None:
    first = bring_in(session, alice, HEADER + row("08:20") + row(day="2026-10-06"))
    second = bring_in(session, alice, HEADER + row("08:05"))

    report = undo(session, alice, first)

    assert [(e.due_on, e.occurred_at.minute) for e in rows(DoseEvent)] == [(DAY, 5)]
    assert report.kept == 2
    undo(session, alice, second)
    assert rows(DoseEvent) == []


@both_databases
def test_doses_that_a_correction_moved_are_taken_back_too(
    session: Session, alice: User, rows: Rows
) -> None:
    imported = bring_in(session, alice, HEADER + three_weeks())
    (dosage,) = session.exec(select(Dosage)).all()
    right = DosageInput(unit="count", kind=TimingKind.DAILY, times=(DoseTime(time(8, 30), 1),))
    correct_dosage(session, dosage, right, decided(alice, -1))
    session.commit()

    undo(session, alice, imported)

    assert rows(DoseEvent) == []
    assert rows(ImportedSlot) == []
    assert len(rows(Dosage)) == 1, "the corrected dosage is the person's"


@both_databases
def test_an_own_item_is_as_it_was_and_the_match_is_asked_for_again(
    session: Session, alice: User, rows: Rows
) -> None:
    add(session, alice, "Iron", daily((MORNING, 1), unit="count"), date(2026, 11, 1))
    before = written(rows)
    log = read_log((HEADER + three_weeks()).encode(), NOW)
    imported = import_log(session, alice, log, NOW, choices=Choices({"Iron": "Iron"}))
    session.commit()

    undo(session, alice, imported)

    assert written(rows) == before
    with pytest.raises(Refused, match="may be the same as your item Iron"):
        import_log(session, alice, log, NOW)


def test_an_item_that_was_removed_stays_away(session: Session, alice: User, rows: Rows) -> None:
    imported = bring_in(session, alice, HEADER + row())
    (iron,) = session.exec(RegimenItem.owned_by(alice.id))
    remove_item(session, alice, iron, decided(alice, -1))
    session.commit()

    report = undo(session, alice, imported)

    assert (report.taken_back, report.items) == (0, [])
    assert rows(RegimenItem) == []
    assert bring_in(session, alice, HEADER + row()).kept == 1


def test_an_item_restored_after_the_undo_has_no_slot_of_the_file(
    session: Session, alice: User, rows: Rows
) -> None:
    imported = bring_in(session, alice, HEADER + row() + row(None, "Not Logged", day="2026-10-06"))
    (iron,) = session.exec(RegimenItem.owned_by(alice.id))
    item_id = iron.id
    remove_item(session, alice, iron, decided(alice, -1))
    session.commit()
    undo(session, alice, imported)

    restore_item(session, alice, item_id, decided(alice, -120))
    session.commit()

    assert rows(ImportedSlot) == []
    assert [each.standing for each in ledger_of(session, alice)] == [Standing.EXTRA]


@both_databases
def test_history_keeps_what_an_import_replaced_for_as_long_as_it_can_be_undone(
    session: Session, alice: User, rows: Rows
) -> None:
    old = HEADER + row("08:20", day="2025-01-05")
    bring_in(session, alice, old)
    imported = bring_in(session, alice, old.replace("08:20", "08:05"))

    purge(session, NOW + timedelta(days=89))
    undo(session, alice, imported, NOW + timedelta(days=89))

    assert [event.occurred_at.minute for event in rows(DoseEvent)] == [20]


def test_after_90_days_an_import_can_no_longer_be_undone(
    session: Session, alice: User, rows: Rows
) -> None:
    imported = bring_in(session, alice, HEADER + row())
    late = NOW + timedelta(days=91)

    assert imports_to_undo(session, alice, late) == []
    with pytest.raises(Refused, match="more than 90 days old"):
        undo(session, alice, imported, late)

    session.rollback()
    assert len(rows(DoseEvent)) == 1


@both_databases
def test_an_interrupted_undo_is_finished_by_undoing_again(
    session: Session, alice: User, rows: Rows
) -> None:
    file = HEADER + three_weeks() + three_weeks().replace(",Iron,Iron,", ",Zinc,Zinc,")
    imported = bring_in(session, alice, file)
    batch = session.get_one(ImportBatch, imported.batch_id)
    steps = iter(range(1))

    def interrupted(*, at_once: bool = False) -> None:
        session.commit()
        if next(steps, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        undo_import(session, alice, batch, LATER, interrupted)
    session.rollback()
    assert 0 < len(rows(DoseEvent)) < 42

    report = undo(session, alice, imported)

    assert written(rows) == {table.__name__: [] for table in WRITTEN}
    assert report.kept == 0
    assert undo(session, alice, imported).taken_back == 0


def test_only_the_decisions_of_the_import_carry_its_name(
    session: Session, alice: User, rows: Rows
) -> None:
    add(session, alice, "Biotin")
    imported = bring_in(session, alice, HEADER + row())

    named = {each.import_batch_id for each in rows(EntryVersion) if each.device}
    assert named == {imported.batch_id}


def test_the_import_of_another_person_is_untouched(
    session: Session, alice: User, bob: User, rows: Rows
) -> None:
    imported = bring_in(session, alice, HEADER + row())
    bring_in(session, bob, HEADER + row())

    undo(session, alice, imported)

    assert [event.user_id for event in rows(DoseEvent)] == [bob.id]
