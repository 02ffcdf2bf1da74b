"""A later file corrects an earlier one, and never what the person changed by hand."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import Session, col, select

from app.domain.ledger import DoseStatus, Standing
from app.domain.timing import DoseTime, TimingKind
from app.interchange.importers.health_auto_export import read_log
from app.interchange.writer import ImportReport, import_log
from app.models import Dosage, DoseEvent, ImportedSlot, RegimenItem, User
from app.services.dosage_corrections import correct_dosage
from app.services.dosages import DosageInput
from app.services.dose_input import Answer
from app.services.items import remove_item
from tests.services.importers.test_health_auto_export import (
    HEADER,
    answer,
    bring_in,
    everything,
    item_of,
    ledger_of,
)
from tests.support.clock import NOW
from tests.support.databases import Rows, both_databases
from tests.support.regimens import decided, log_dose, taken

pytestmark = pytest.mark.slow

DAY = date(2026, 10, 5)
EIGHT = "2026-10-05 08:00:00 +0200"
LOOSE = f"{EIGHT},,Iron,,1.0,,count,Taken,No,\n"


def row(
    at: str | None = "08:20",
    status: str = "Taken",
    amount: str = "1.0",
    planned: str = "1.0",
    day: str = "2026-10-05",
    due: str = "08:00",
) -> str:
    taken_at = f"{day} {at}:00 +0200" if at else ""
    due_at = f"{day} {due}:00 +0200"
    return f"{taken_at},{due_at},Iron,Iron,{amount},{planned},count,{status},No,\n"


def told(outcome: ImportReport) -> tuple[int, int, int, int]:
    return outcome.new, outcome.changed, outcome.already_there, outcome.kept


CORRECTED = {
    "time": (row("08:05"), (DoseStatus.TAKEN, time(6, 5), 1)),
    "status": (row("08:05", "Skipped"), (DoseStatus.SKIPPED, time(6, 5), 1)),
    "amount": (row(amount="2.0"), (DoseStatus.TAKEN, time(6, 20), 2)),
    "not interacted": (row(None, "Not Interacted"), None),
    "not logged": (row("08:00", "Not Logged"), None),
}


@pytest.mark.parametrize(("line", "said"), CORRECTED.values(), ids=CORRECTED.keys())
def test_a_later_file_corrects_a_scheduled_dose(
    session: Session,
    alice: User,
    rows: Rows,
    line: str,
    said: tuple[DoseStatus, time, float] | None,
) -> None:
    bring_in(session, alice, HEADER + row("08:20"))

    outcome = bring_in(session, alice, HEADER + line)

    assert told(outcome) == (0, 1, 0, 0)
    found = [(e.status, e.occurred_at.astimezone(UTC).time(), e.amount) for e in rows(DoseEvent)]
    assert found == ([said] if said else [])
    assert len(rows(ImportedSlot)) == 1
    before = everything(rows)
    assert told(bring_in(session, alice, HEADER + line)) == (0, 0, 1, 0)
    assert everything(rows) == before


def test_a_reminder_that_was_answered_later_is_taken(
    session: Session, alice: User, rows: Rows
) -> None:
    bring_in(session, alice, HEADER + row(None, "Not Interacted"))

    outcome = bring_in(session, alice, HEADER + row("09:10"))

    assert told(outcome) == (0, 1, 0, 0)
    assert [each.standing for each in ledger_of(session, alice)] == [Standing.TAKEN]


def test_a_planned_amount_follows_the_later_file(session: Session, alice: User, rows: Rows) -> None:
    bring_in(session, alice, HEADER + row())

    outcome = bring_in(session, alice, HEADER + row(amount="2.0", planned="2.0"))

    assert outcome.changed == 1
    (line,) = ledger_of(session, alice)
    assert (line.amount, line.planned_amount) == (2, 2)


def test_a_file_that_was_imported_before_undoes_no_later_correction(
    session: Session, alice: User, rows: Rows
) -> None:
    bring_in(session, alice, HEADER + row("08:20"))
    bring_in(session, alice, HEADER + row("08:05"))
    before = everything(rows)

    outcome = bring_in(session, alice, HEADER + row("08:20"))

    assert told(outcome) == (0, 0, 1, 0)
    assert everything(rows) == before


@pytest.mark.parametrize("line", [line for line, _said in CORRECTED.values()], ids=CORRECTED)
def test_what_was_changed_by_hand_is_kept_and_reported(
    session: Session, alice: User, rows: Rows, line: str
) -> None:
    bring_in(session, alice, HEADER + row("08:20"))
    iron = item_of(session, alice, "Iron")
    by_hand = taken(DAY, time(8), amount=3, occurred_time=time(7, 30), note="with juice")
    log_dose(session, alice, iron, by_hand)  # type: ignore[arg-type]
    before = [event.model_dump() for event in rows(DoseEvent)]

    outcome = bring_in(session, alice, HEADER + line)

    assert told(outcome) == (0, 0, 0, 1)
    assert [event.model_dump() for event in rows(DoseEvent)] == before


def test_a_note_added_by_hand_stays_when_the_file_corrects_the_time(
    session: Session, alice: User, rows: Rows
) -> None:
    bring_in(session, alice, HEADER + row("08:20"))
    iron = item_of(session, alice, "Iron")
    at = datetime(2026, 10, 5, 6, 20, tzinfo=UTC)
    log_dose(session, alice, iron, taken(DAY, time(8), occurred_at=at, note="with juice"))  # type: ignore[arg-type]

    bring_in(session, alice, HEADER + row("08:05"))

    (event,) = rows(DoseEvent)
    assert event.occurred_at == at - timedelta(minutes=15)
    assert event.note == "with juice"


def test_a_dose_taken_back_by_hand_stays_away(session: Session, alice: User, rows: Rows) -> None:
    bring_in(session, alice, HEADER + row("08:20"))
    answer(session, alice, Answer.NOTHING)

    outcome = bring_in(session, alice, HEADER + row("08:05"))

    assert told(outcome) == (0, 0, 0, 1)
    assert rows(DoseEvent) == []


LOOSE_CORRECTED = {
    "amount": LOOSE.replace("1.0", "2.0"),
    "time": LOOSE.replace("08:00", "08:25"),
    "status": LOOSE.replace("Taken", "Skipped"),
}


@pytest.mark.parametrize("line", LOOSE_CORRECTED.values(), ids=LOOSE_CORRECTED)
def test_an_unscheduled_dose_that_was_corrected_is_there_once(
    session: Session, alice: User, rows: Rows, line: str
) -> None:
    bring_in(session, alice, HEADER + LOOSE)

    outcome = bring_in(session, alice, HEADER + line)

    assert told(outcome) == (0, 1, 0, 0)
    assert len(rows(DoseEvent)) == 1
    assert told(bring_in(session, alice, HEADER + LOOSE)) == (0, 0, 1, 0)
    assert len(rows(DoseEvent)) == 1


@both_databases
def test_an_unscheduled_dose_moved_far_is_one_where_the_file_covers_the_day(
    session: Session, alice: User, rows: Rows
) -> None:
    bring_in(session, alice, HEADER + row("06:00", due="06:00") + LOOSE)

    moved = LOOSE.replace("08:00", "17:00")
    outcome = bring_in(session, alice, HEADER + row("06:00", due="06:00") + moved)

    assert outcome.changed == 1
    assert len(rows(DoseEvent)) == 2


def test_two_files_with_different_doses_of_one_day_add_up(
    session: Session, alice: User, rows: Rows
) -> None:
    bring_in(session, alice, HEADER + LOOSE)

    outcome = bring_in(session, alice, HEADER + LOOSE.replace("08:00", "15:00"))

    assert outcome.extra == 1
    assert len(rows(DoseEvent)) == 2


def test_two_doses_of_one_clock_time_after_a_flight_are_both_kept(
    session: Session, alice: User, rows: Rows
) -> None:
    east = "2026-10-05 21:00:00 +0900"
    west = "2026-10-05 21:00:00 -1000"
    file = HEADER + "".join(f"{at},{at},Iron,Iron,1.0,1.0,count,Taken,No,\n" for at in (west, east))

    outcome = bring_in(session, alice, file)

    assert outcome.taken == 2
    lines = ledger_of(session, alice)
    assert [each.standing for each in lines] == [Standing.TAKEN] * 2
    assert len({each.event.occurred_at for each in lines if each.event}) == 2
    before = everything(rows)
    bring_in(session, alice, file + "\n")
    assert everything(rows) == before


def test_of_two_rows_for_one_scheduled_dose_the_answer_counts(
    session: Session, alice: User, rows: Rows
) -> None:
    file = HEADER + row("08:20") + row("08:30", "Snoozed") + row(None, "Not Logged")

    outcome = bring_in(session, alice, file)

    assert (outcome.taken, outcome.missed, outcome.doubled) == (1, 0, 2)
    assert [event.status for event in rows(DoseEvent)] == [DoseStatus.TAKEN]


UNTAKEN = ("Not Logged", "Unspecified", "Snoozed", "Notification Not Sent", "notLogged")


def test_a_dose_that_nobody_answered_is_missed_whatever_the_file_calls_it(
    session: Session, alice: User
) -> None:
    lines = [row("08:05", day=f"2026-10-0{n}") for n in (1, 2)]
    lines += [
        row("08:00", status, day=f"2026-10-0{n}") for n, status in enumerate(UNTAKEN, start=3)
    ]

    outcome = bring_in(session, alice, HEADER + "".join(lines))

    assert (outcome.taken, outcome.missed, outcome.refused) == (2, 5, 0)
    assert [each.standing for each in ledger_of(session, alice)].count(Standing.MISSED) == 5


def three_weeks(status: str = "Taken") -> str:
    days = [date(2026, 10, 1) + timedelta(days=n) for n in range(21)]
    return "".join(row("08:05", status, day=str(day)) for day in days)


def corrected_to(session: Session, alice: User, rows: Rows, *times: DoseTime) -> None:
    (dosage,) = rows(select(Dosage).order_by(col(Dosage.starts_on)))
    right = DosageInput(unit="count", kind=TimingKind.DAILY, times=times)
    correct_dosage(session, session.get_one(Dosage, dosage.id), right, decided(alice, -1))
    session.commit()


def test_after_a_correction_of_the_time_importing_again_changes_nothing(
    session: Session, alice: User, rows: Rows
) -> None:
    bring_in(session, alice, HEADER + three_weeks())
    corrected_to(session, alice, rows, DoseTime(time(8, 30), 1))
    before = everything(rows)

    again = bring_in(session, alice, HEADER + three_weeks())
    other = bring_in(session, alice, HEADER + three_weeks() + "\n")

    assert told(again) == told(other) == (0, 0, 21, 0)
    assert everything(rows) == before


@both_databases
def test_after_a_correction_a_later_file_still_corrects_and_adds(
    session: Session, alice: User, rows: Rows
) -> None:
    bring_in(session, alice, HEADER + three_weeks())
    corrected_to(session, alice, rows, DoseTime(time(8, 30), 1))

    later = three_weeks().replace("2026-10-05 08:05", "2026-10-05 08:40")
    outcome = bring_in(session, alice, HEADER + later + row("08:05", day="2026-10-22"))

    assert told(outcome) == (1, 1, 20, 0)
    events = rows(DoseEvent)
    assert len(events) == 22
    assert [e.occurred_at.minute for e in events if e.due_on == DAY] == [40]
    lines = ledger_of(session, alice)
    assert [each.standing for each in lines] == [Standing.TAKEN] * 22
    assert [each.at for each in lines] == [time(8, 30)] * 21 + [time(8)]


def test_an_item_that_was_removed_stays_away(session: Session, alice: User, rows: Rows) -> None:
    bring_in(session, alice, HEADER + row())
    (iron,) = session.exec(RegimenItem.owned_by(alice.id))
    remove_item(session, alice, iron, decided(alice, -1))
    session.commit()

    outcome = bring_in(session, alice, HEADER + row() + row(day="2026-10-06"))

    assert told(outcome) == (0, 0, 0, 2)
    assert rows(DoseEvent) == []


@both_databases
def test_an_interrupted_import_is_finished_by_importing_the_file_again(
    session: Session, alice: User, rows: Rows
) -> None:
    steps = iter(range(3))

    def interrupted(*, at_once: bool = False) -> None:
        session.commit()
        if next(steps, None) is None:
            raise KeyboardInterrupt

    file = (HEADER + three_weeks() + three_weeks().replace(",Iron,Iron,", ",Zinc,Zinc,")).encode()
    with pytest.raises(KeyboardInterrupt):
        import_log(session, alice, read_log(file, NOW), NOW, give_way=interrupted)
    session.rollback()
    assert 0 < len(rows(DoseEvent)) < 42 or rows(Dosage) == []

    outcome = bring_in(session, alice, file)

    assert outcome.new + outcome.already_there == 42
    assert len(rows(DoseEvent)) == 42
    assert {each.kind for each in rows(Dosage)} == {TimingKind.DAILY}
    assert len(rows(Dosage)) == 2


def test_a_mistaken_correction_loses_no_scheduled_dose_of_the_file(
    session: Session, alice: User, rows: Rows
) -> None:
    days = [f"2026-10-{number:02}" for number in range(5, 19)]
    answered = "".join(row(day=day) for day in days[::2])
    unanswered = "".join(row(None, "Not Logged", day=day) for day in days[1::2])
    bring_in(session, alice, HEADER + answered + unanswered)
    standings = [each.standing for each in ledger_of(session, alice)]
    right = DosageInput(unit="count", kind=TimingKind.DAILY, times=(DoseTime(time(8), 1),))
    as_needed = DosageInput(unit="count", kind=TimingKind.AS_NEEDED, usual_amount=1)
    for number, dosage in enumerate((as_needed, right)):
        (written,) = session.exec(select(Dosage)).all()
        correct_dosage(session, written, dosage, decided(alice, -1 - number))
        session.commit()

    assert [each.standing for each in ledger_of(session, alice)] == standings
    assert standings.count(Standing.MISSED) == 7
    bring_in(session, alice, HEADER + answered + unanswered + "\n")
    assert [each.standing for each in ledger_of(session, alice)] == standings
