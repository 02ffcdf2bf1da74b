"""The writer stores any imported log, whatever format it came from."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from sqlmodel import Session, SQLModel

from app.domain.ledger import DoseStatus, Standing
from app.domain.measurements import Values
from app.domain.recurrence import InferredDosage
from app.domain.shedding import CountMethod
from app.domain.timing import DoseTime, Timing, TimingKind
from app.interchange.imported_log import (
    SLOT,
    UNANSWERED,
    Answer,
    ImportedCheckIn,
    ImportedCount,
    ImportedDose,
    ImportedEntry,
    ImportedItem,
    ImportedLog,
    ImportedMeasurement,
    ImportedNote,
    hash_of,
    key_of,
)
from app.interchange.writer import ImportReport, import_log, undo_import
from app.models import (
    CheckIn,
    DoseEvent,
    EntryVersion,
    ImportBatch,
    ImportedRow,
    Measurement,
    Note,
    NoteKind,
    SheddingCount,
    SymptomReport,
    User,
)
from app.services.check_ins import record_measure
from tests.services.importers.test_health_auto_export import (
    counts_of,
    item_of,
    ledger_of,
    preview,
)
from tests.support.clock import NOW
from tests.support.databases import Rows, both_databases
from tests.support.regimens import decided

DAY = date(2026, 10, 5)
IMPORTS = count(1)
ENTRIES: tuple[ImportedEntry, ...] = (
    ImportedNote("note-1", DAY, "Less itching", line=2),
    ImportedNote("note-2", DAY, "", label="haircut", line=3),
    ImportedCheckIn("mood-1", DAY, "mood", 4, line=4),
    ImportedCheckIn("note-3", DAY, "note", "Slept badly", line=5),
    ImportedCheckIn("headache-1", DAY, "headache", 2, line=6),
    ImportedCount("count-1", DAY, CountMethod.SIXTY_SECOND, 14, line=7),
    ImportedMeasurement("weight-1", DAY, Values(weight_kg=71.5), line=8),
)
TABLES: tuple[type[SQLModel], ...] = (CheckIn, SymptomReport, Note, SheddingCount, Measurement)


def log_of(*entries: ImportedEntry, **more: Any) -> ImportedLog:
    number = next(IMPORTS)
    return ImportedLog(
        source="paper",
        content_hash=hash_of(str(number).encode()),
        entries=entries,
        rows=len(entries),
        **more,
    )


def store(session: Session, user: User, log: ImportedLog) -> ImportReport:
    now = NOW + timedelta(seconds=next(IMPORTS))
    previewed = preview(session, user, log, now)
    report = import_log(session, user, log, now)
    session.commit()
    assert counts_of(previewed) == counts_of(report)
    assert previewed.refusals == report.refusals
    return report


def undo(session: Session, user: User, imported: ImportReport) -> int:
    batch = session.get_one(ImportBatch, imported.batch_id)
    report = undo_import(session, user, batch, NOW + timedelta(hours=1))
    session.commit()
    return report.kept


def told(report: ImportReport) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.already_there, report.kept


def logged(rows: Rows) -> dict[str, list[str]]:
    return {
        table.__name__: sorted(row.model_dump_json(exclude={"logged_at"}) for row in rows(table))
        for table in TABLES
    }


@both_databases
def test_notes_check_ins_counts_and_measurements_come_in(
    session: Session, alice: User, rows: Rows
) -> None:
    alice.began_on = date(2026, 11, 1)

    report = store(session, alice, log_of(*ENTRIES))

    assert told(report) == (7, 0, 0, 0)
    assert "7 new (0 taken, 0 skipped, 0 missed, 0 extra, 7 other entries)" in str(report)
    assert {(note.kind, note.label, note.text) for note in rows(Note)} == {
        (NoteKind.NOTE, "", "Less itching"),
        (NoteKind.EVENT, "haircut", ""),
    }
    assert [(each.mood, each.note) for each in rows(CheckIn)] == [(4, "Slept badly")]
    assert [(each.symptom, each.severity) for each in rows(SymptomReport)] == [("headache", 2)]
    assert [(each.hairs, each.score) for each in rows(SheddingCount)] == [(14, None)]
    assert [(each.weight_kg, each.measured_at) for each in rows(Measurement)] == [(71.5, None)]
    assert alice.began_on == DAY


def test_entries_that_come_again_change_nothing(session: Session, alice: User, rows: Rows) -> None:
    store(session, alice, log_of(*ENTRIES))
    before, versions = logged(rows), len(rows(EntryVersion))

    again = store(session, alice, log_of(*ENTRIES))

    assert told(again) == (0, 0, 7, 0)
    assert (logged(rows), len(rows(EntryVersion))) == (before, versions)


CORRECTED: tuple[ImportedEntry, ...] = (
    ImportedNote("note-1", DAY, "No itching"),
    ImportedCheckIn("mood-1", DAY, "mood", 2),
    ImportedCheckIn("headache-1", DAY, "headache", 0),
    ImportedCount("count-1", DAY, CountMethod.SIXTY_SECOND, 41),
    ImportedMeasurement("weight-1", DAY, Values(weight_kg=70)),
)


@both_databases
@pytest.mark.parametrize("entry", CORRECTED, ids=lambda each: each.key)
def test_a_later_file_corrects_an_entry_and_undoing_it_brings_the_earlier_back(
    session: Session, alice: User, rows: Rows, entry: ImportedEntry
) -> None:
    first = store(session, alice, log_of(*ENTRIES))
    before = logged(rows)

    later = store(session, alice, log_of(entry))
    assert told(later) == (0, 1, 0, 0)
    assert logged(rows) != before
    assert undo(session, alice, later) == 0

    assert logged(rows) == before
    assert undo(session, alice, first) == 0
    assert logged(rows) == {table.__name__: [] for table in TABLES}
    assert rows(ImportedRow) == []


def test_an_answer_given_by_hand_is_kept(session: Session, alice: User, rows: Rows) -> None:
    first = store(session, alice, log_of(*ENTRIES))
    record_measure(session, alice, DAY, "mood", 5, decided(alice))
    session.commit()

    later = store(session, alice, log_of(ImportedCheckIn("mood-1", DAY, "mood", 2)))

    assert told(later) == (0, 0, 0, 1)
    assert undo(session, alice, first) == 1
    assert [(each.mood, each.note) for each in rows(CheckIn)] == [(5, "")]


@both_databases
def test_an_answer_that_a_phone_sends_late_wins_over_the_file(
    session: Session, alice: User, rows: Rows
) -> None:
    store(session, alice, log_of(ImportedCheckIn("mood-1", DAY, "mood", 2)))

    answered_at = datetime.combine(DAY, time(20), UTC)
    late = decided(alice, now=answered_at)
    record_measure(session, alice, DAY, "mood", 5, late)
    session.commit()

    assert [each.mood for each in rows(CheckIn)] == [5]


REFUSED = {
    "a score out of range": (ImportedCheckIn("a", DAY, "mood", 9, line=7), "between 1 and 5"),
    "an unknown question": (ImportedCheckIn("a", DAY, "luck", 1, line=7), 'named "luck"'),
    "too many hairs": (ImportedCount("a", DAY, CountMethod.WASH, 9_000, line=7), "0 and 5000"),
    "no such picture": (ImportedCount("a", DAY, CountMethod.PICTURE, 0, line=7), "1 and 6"),
    "half a blood pressure": (
        ImportedMeasurement("a", DAY, Values(systolic_mmhg=120), line=7),
        "both numbers",
    ),
    "a day to come": (ImportedNote("a", date(2027, 3, 1), "Later", line=7), "future"),
    "a text too long": (ImportedNote("a", DAY, "x" * 10_001, line=7), "10,000 characters"),
}


@pytest.mark.parametrize(("entry", "reason"), REFUSED.values(), ids=REFUSED)
def test_an_entry_that_breaks_a_rule_is_refused_alone(
    session: Session, alice: User, rows: Rows, entry: ImportedEntry, reason: str
) -> None:
    report = store(session, alice, log_of(entry, *ENTRIES))

    assert report.new == 7
    ((line, said),) = [(each.line, each.reason) for each in report.refusals]
    assert line == 7
    assert reason in said


def test_dosages_that_a_file_states_are_not_inferred(session: Session, alice: User) -> None:
    at = datetime(2026, 10, 5, 8, tzinfo=UTC)
    taken = Answer(DoseStatus.TAKEN, at, 2, "mg")
    doses = [
        ImportedDose(key_of(SLOT, "zinc", at), "zinc", at, at, taken, 2, "mg"),
        ImportedDose(
            key_of(SLOT, "zinc", at + timedelta(days=1)),
            "zinc",
            at + timedelta(days=1),
            at + timedelta(days=1),
            UNANSWERED,
            2,
            "mg",
        ),
    ]
    timing = Timing(
        TimingKind.WEEKDAYS,
        date(2026, 9, 1),
        date(2026, 10, 6),
        times=(DoseTime(time(8), 2, "12"),),
    )
    item = ImportedItem("zinc", "Zinc", (InferredDosage("mg", timing),))

    report = store(session, alice, log_of(items=[item], doses=doses))

    assert told(report) == (2, 0, 0, 0)
    zinc = item_of(session, alice, "Zinc")
    assert zinc.plan.starts_on == date(2026, 9, 1)
    assert [each.timing.times for each in zinc.plan.dosages] == [timing.times]
    standings = [each.standing for each in ledger_of(session, alice, "Zinc")]
    assert standings == [Standing.TAKEN, Standing.MISSED]


def test_an_item_without_doses_comes_in_too(session: Session, alice: User, rows: Rows) -> None:
    report = store(session, alice, log_of(items=[ImportedItem("zinc", "Zinc")]))

    assert report.items == ["Zinc"]
    assert item_of(session, alice, "Zinc").plan.starts_on == alice.today(NOW)
    assert rows(DoseEvent) == []


def test_an_empty_log_writes_nothing(session: Session, alice: User, rows: Rows) -> None:
    report = store(session, alice, log_of())

    assert told(report) == (0, 0, 0, 0)
    assert rows(ImportBatch) == []
