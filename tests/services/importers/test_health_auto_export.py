from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from app.diary.regimen import Item, ledger_between, load_regimen
from app.domain.adherence import count_doses
from app.domain.ledger import DoseStatus, Row, Standing
from app.domain.timing import DoseTime
from app.errors import Refused
from app.interchange.imported_log import ImportedLog
from app.interchange.importers.health_auto_export import read_log
from app.interchange.writer import ImportReport, import_log, preview_log
from app.models import (
    Dosage,
    DosageTime,
    DoseEvent,
    EntryVersion,
    ImportedRow,
    ImportedSlot,
    RegimenItem,
    User,
)
from app.services.dosage_corrections import correct_dosage
from app.services.dosages import DosageInput
from app.services.dose_events import record_dose
from app.services.dose_input import Answer, DoseInput
from app.services.history import Decision
from tests.support.clock import NOW
from tests.support.databases import Rows, both_databases
from tests.support.regimens import decided

pytestmark = pytest.mark.slow

# No two imports come at one instant.
IMPORTS = count()
HISTORY = Path(__file__).parents[2] / "data/dose-history.csv"
FIRST, LAST = date(2023, 2, 16), date(2023, 5, 16)
HEADER = (
    "Date,Scheduled Date,Medication,Nickname,Dosage,Scheduled Dosage,Unit,Status,Archived,Codings\n"
)
TAKEN = "2026-10-05 08:38:00 +0200,2026-10-05 08:00:00 +0200,Iron,Iron,1.0,1.0,count,Taken,No,\n"
TABLES = (
    *(RegimenItem, Dosage, DosageTime, DoseEvent, EntryVersion, ImportedSlot, ImportedRow, User),
)


def bring_in(session: Session, user: User, content: str | bytes) -> ImportReport:
    content = content.encode() if isinstance(content, str) else content
    now = NOW + timedelta(microseconds=next(IMPORTS))
    log = read_log(content, now)
    previewed = counts_of(preview(session, user, log, now))
    outcome = import_log(session, user, log, now)
    session.commit()
    assert previewed == counts_of(outcome)
    return outcome


def preview(session: Session, user: User, log: ImportedLog, now: datetime) -> ImportReport:
    """What an import would do; nothing is changed by asking."""
    report, _targets = preview_log(session, user, log, now)
    assert (*session.new, *session.dirty, *session.deleted) == ()
    return report


def counts_of(report: ImportReport) -> tuple[int, ...]:
    doses = (report.taken, report.skipped, report.missed, report.extra)
    return (*doses, report.entries, report.changed, report.already_there, report.kept)


def bring_in_history(session: Session, user: User) -> ImportReport:
    return bring_in(session, user, HISTORY.read_bytes())


def adelaide(session: Session, alice: User) -> User:
    alice.time_zone = "Australia/Adelaide"
    session.commit()
    return alice


def ledger_of(session: Session, user: User, name: str | None = None) -> list[Row]:
    today = user.today(NOW)
    rows = ledger_between(session, user, date(2022, 1, 1), today, today=today)
    named = {item.id for item in items_of(session, user) if name in {None, item.name}}
    return [row for row in rows if row.regimen_item_id in named]


def items_of(session: Session, user: User) -> tuple[Item, ...]:
    return load_regimen(session, user.id).items


def item_of(session: Session, user: User, name: str) -> Item:
    return next(item for item in items_of(session, user) if item.name == name)


def everything(rows: Rows) -> dict[str, list[str]]:
    return {
        table.__name__: sorted(row.model_dump_json() for row in rows(table)) for table in TABLES
    }


@both_databases
def test_a_real_history_arrives_whole(session: Session, alice: User) -> None:
    outcome = bring_in_history(session, alice)

    assert (outcome.rows, outcome.refused, outcome.already_there) == (172, 0, 0)
    assert (outcome.taken, outcome.skipped, outcome.missed, outcome.extra) == (170, 1, 0, 1)
    counts = Counter(
        (item.name, row.standing.value)
        for item in items_of(session, alice)
        for row in ledger_of(session, alice, item.name)
    )
    assert counts == {
        ("Med_13", "taken"): 90,
        ("Med_15", "taken"): 54,
        ("Med_15", "skipped"): 1,
        ("Med_15", "extra"): 1,
        ("Med_9", "taken"): 17,
        ("Med_4", "taken"): 9,
    }


def test_the_figures_follow_from_the_file_alone(session: Session, alice: User) -> None:
    bring_in_history(session, alice)

    adherence = count_doses(ledger_of(session, alice))

    assert (adherence.due, adherence.taken, adherence.skipped) == (171, 170, 1)
    assert (adherence.missed, adherence.extra, adherence.backfilled) == (0, 1, 0)


def test_two_a_day_from_31_march_is_a_changed_dose(session: Session, alice: User) -> None:
    bring_in_history(session, alice)

    dosages = item_of(session, alice, "Med_13").plan.dosages
    said = [
        (each.timing.starts_on, each.timing.ends_on, each.timing.times[0].at,
         each.timing.times[0].amount, each.timing.kind.value, each.unit)
        for each in dosages
    ]  # fmt: skip
    assert said == [
        (FIRST, date(2023, 2, 18), time(8), 1, "daily", "count"),
        (date(2023, 2, 19), date(2023, 3, 30), time(8, 30), 1, "daily", "count"),
        (date(2023, 3, 31), LAST, time(8, 30), 2, "daily", "count"),
    ]
    rows = {row.on: row for row in ledger_of(session, alice, "Med_13")}
    assert rows[date(2023, 3, 30)].amount == rows[date(2023, 3, 30)].planned_amount == 1
    assert rows[date(2023, 3, 31)].amount == rows[date(2023, 3, 31)].planned_amount == 2


def test_twice_a_week_and_later_weekly_is_seen(session: Session, alice: User) -> None:
    bring_in_history(session, alice)

    dosages = item_of(session, alice, "Med_9").plan.dosages
    assert [each.timing.times[0].days_of_week for each in dosages] == ["14", "4"]


@pytest.mark.parametrize("zone", ["Australia/Adelaide", "Europe/Berlin", "America/New_York"])
def test_the_night_the_clocks_change_loses_and_doubles_nothing(
    session: Session, alice: User, zone: str
) -> None:
    alice.time_zone = zone
    session.commit()

    bring_in_history(session, alice)

    rows = ledger_of(session, alice, "Med_13")
    days = Counter(row.on for row in rows)
    assert set(days.values()) == {1}
    assert len(days) == (LAST - FIRST).days + 1
    around = [row for row in rows if date(2023, 4, 1) <= row.on <= date(2023, 4, 3)]
    assert [row.at for row in around] == [time(8, 30)] * 3
    assert [row.minutes_off for row in around] == [80, 34, 137]


def test_a_skipped_slot_and_a_dose_that_evening_are_two_facts(
    session: Session, alice: User
) -> None:
    bring_in_history(session, alice)

    rows = [row for row in ledger_of(session, alice, "Med_15") if row.on == date(2023, 3, 23)]
    assert sorted((row.standing.value, row.at) for row in rows if row.at) == [
        ("skipped", time(8, 30))
    ]
    (extra,) = [row for row in rows if row.standing is Standing.EXTRA]
    assert extra.at is None
    assert extra.event is not None
    assert extra.event.occurred_at == datetime(2023, 3, 23, 8, 36, tzinfo=UTC)


def test_at_home_an_entry_keeps_the_accounts_zone(
    session: Session, alice: User, rows: Rows
) -> None:
    bring_in_history(session, adelaide(session, alice))

    assert {event.time_zone for event in rows(DoseEvent)} == {"Australia/Adelaide"}


def test_elsewhere_an_entry_keeps_its_offset(session: Session, alice: User, rows: Rows) -> None:
    bring_in_history(session, alice)

    assert {event.time_zone for event in rows(DoseEvent)} == {"+10:30", "+09:30"}


@both_databases
def test_importing_twice_changes_nothing(session: Session, alice: User, rows: Rows) -> None:
    bring_in_history(session, alice)
    before = everything(rows)

    again = bring_in_history(session, alice)

    assert (again.rows, again.already_there, again.taken) == (172, 172, 0)
    assert (again.items, again.dosages, again.proposals) == ([], 0, [])
    assert everything(rows) == before


@both_databases
def test_a_later_and_longer_file_adds_only_what_is_new(
    session: Session, alice: User, rows: Rows
) -> None:
    lines = HISTORY.read_text().splitlines(keepends=True)
    bring_in(session, alice, "".join(lines[:60]))

    outcome = bring_in(session, alice, "".join(lines))

    assert (outcome.already_there, outcome.taken) == (59, 113)
    assert outcome.items == []
    longer = {table: everything(rows)[table] for table in ("Dosage", "DosageTime", "DoseEvent")}
    assert len(longer["DoseEvent"]) == 172
    assert len(longer["Dosage"]) == 7


def test_a_medicine_that_was_archived_since_is_known_again(
    session: Session, alice: User, rows: Rows
) -> None:
    extra = TAKEN.replace("2026-10-05 08:00:00 +0200", "").replace(",1.0,1.0,", ",1.0,,")
    bring_in(session, alice, HEADER + extra)

    bring_in(session, alice, HEADER + extra.replace(",No,", ",Yes,"))

    assert len(rows(DoseEvent)) == 1


def test_equal_rows_are_distinguished(session: Session, alice: User, rows: Rows) -> None:
    extra = TAKEN.replace("2026-10-05 08:00:00 +0200", "").replace(",1.0,1.0,", ",1.0,,")

    bring_in(session, alice, HEADER + extra * 2)
    bring_in(session, alice, HEADER + extra * 2)

    assert len(rows(DoseEvent)) == 2


def test_what_the_person_changed_since_counts(session: Session, alice: User, rows: Rows) -> None:
    bring_in(session, alice, HEADER + TAKEN)
    answer(session, alice, Answer.SKIPPED)

    bring_in(session, alice, HEADER + TAKEN + TAKEN.replace("08:38", "08:39"))

    assert [event.status for event in rows(DoseEvent)] == [DoseStatus.SKIPPED]


@both_databases
def test_what_the_person_took_back_stays_away(session: Session, alice: User, rows: Rows) -> None:
    bring_in(session, alice, HEADER + TAKEN)
    answer(session, alice, Answer.NOTHING)

    bring_in(session, alice, HEADER + TAKEN.replace("08:38", "08:39"))

    assert rows(DoseEvent) == []


def test_a_dosage_that_the_person_corrected_counts(
    session: Session, alice: User, rows: Rows
) -> None:
    lines = HISTORY.read_text().splitlines(keepends=True)
    bring_in(session, alice, "".join(lines[:30]))
    dosage = rows(select(Dosage).order_by(col(Dosage.starts_on)))[0]
    corrected = DosageInput(unit="capsule", kind=dosage.kind, times=(DoseTime(time(8), 1),))
    later = decided(alice, -1)
    correct_dosage(session, session.get_one(Dosage, dosage.id), corrected, later)
    session.commit()

    bring_in(session, alice, "".join(lines))

    assert session.get_one(Dosage, dosage.id, populate_existing=True).unit == "capsule"


def test_the_log_begins_with_the_first_imported_day(session: Session, alice: User) -> None:
    bring_in_history(session, alice)

    assert alice.began_on == FIRST
    assert {item.starts_on for item in items_of(session, alice)} == {
        FIRST,
        date(2023, 3, 20),
        date(2023, 3, 23),
    }


def test_what_repeats_is_proposed_and_not_done(session: Session, alice: User) -> None:
    outcome = bring_in_history(session, alice)

    assert outcome.proposals == [
        "Med_13 seems to repeat: every day at 08:30, 2 pieces. Add this on its page.",
        "Med_9 seems to repeat: every Thursday at 20:30, 1 piece. Add this on its page.",
        "Med_4 seems to repeat: every Monday at 08:30, 1 piece. Add this on its page.",
        "Med_15 seems to repeat: every day at 08:30, 1 piece. Add this on its page.",
    ]
    assert [row for row in ledger_of(session, alice) if row.on > LAST] == []


def test_a_reminder_nobody_answered_is_missed(session: Session, alice: User) -> None:
    silent = TAKEN.replace("2026-10-05 08:38:00 +0200", "").replace("Taken", "Not Interacted")

    outcome = bring_in(session, alice, HEADER + silent)

    assert outcome.missed == 1
    (row,) = ledger_of(session, alice)
    assert (row.standing, row.is_due, row.on) == (Standing.MISSED, True, date(2026, 10, 5))


def test_a_dose_may_differ_from_the_planned_one(session: Session, alice: User) -> None:
    bring_in(session, alice, HEADER + TAKEN.replace(",1.0,1.0,", ",2.0,1.0,"))

    (row,) = ledger_of(session, alice)
    assert (row.amount, row.planned_amount) == (2, 1)


def test_a_dose_after_midnight_belongs_to_the_evening_before(session: Session, alice: User) -> None:
    night = TAKEN.replace("2026-10-05 08:38", "2026-10-06 01:10").replace(
        "2026-10-05 08:00", "2026-10-06 01:00"
    )

    bring_in(session, alice, HEADER + night)

    (row,) = ledger_of(session, alice)
    assert (row.on, row.at, row.minutes_off) == (date(2026, 10, 5), time(1), 10)


def test_the_window_is_narrower_where_a_day_has_more_doses(
    session: Session, alice: User, rows: Rows
) -> None:
    evening = TAKEN.replace(" 08:", " 20:")

    bring_in(session, alice, HEADER + TAKEN)
    bring_in(session, alice, HEADER + TAKEN + evening)

    assert [slot.window_minutes for slot in rows(ImportedSlot)] == [180, 180]


def test_doses_without_any_schedule_are_as_needed(session: Session, alice: User) -> None:
    extra = TAKEN.replace("2026-10-05 08:00:00 +0200", "").replace(",1.0,1.0,", ",1.0,,")

    outcome = bring_in(session, alice, HEADER + extra)

    assert (outcome.extra, outcome.proposals) == (1, [])
    (dosage,) = item_of(session, alice, "Iron").plan.dosages
    assert dosage.timing.kind.value == "as_needed"


def test_a_nickname_names_the_item(session: Session, alice: User) -> None:
    outcome = bring_in(session, alice, HEADER + TAKEN.replace("Iron,Iron", "Ferrous X,Iron"))

    assert outcome.items == ["Iron"]


def test_columns_are_found_by_name_and_extra_ones_do_no_harm(session: Session, alice: User) -> None:
    reordered = (
        "\ufeffStatus,Medication,Unit,Colour,Dosage,Scheduled Dosage,Scheduled Date,Date\r\n"
        "taken,Iron,mcg,red,25,25,2026-10-05T08:00:00+02:00,2026-10-05T06:38:00Z\r\n"
    )

    outcome = bring_in(session, alice, reordered)

    assert outcome.taken == 1
    (row,) = ledger_of(session, alice)
    assert (row.unit, row.amount, row.minutes_off) == ("ug", 25, 38)


REFUSED = {
    "no offset": (TAKEN.replace(" +0200,2026", ",2026"), "no offset"),
    "the future": (TAKEN.replace("2026-10-05", "2026-12-05"), "future"),
    "a far slot": (TAKEN.replace("2026-10-05 08:00", "2027-10-05 08:00"), "future"),
    "an unknown status": (TAKEN.replace("Taken", "Eaten"), '"Eaten" is not known'),
    "no name": (TAKEN.replace("Iron,Iron", " ,"), "name of the medication is missing"),
    "no number": (TAKEN.replace(",1.0,1.0,", ",one,1.0,"), '"one" is not a number'),
    "too much": (TAKEN.replace(",1.0,1.0,", ",2000000,1.0,"), "too large for a dose"),
    "a dose of nothing": (TAKEN.replace(",1.0,1.0,", ",0,1.0,"), "dose of 0"),
    "no date": (TAKEN.replace("2026-10-05 08:38:00 +0200", "yesterday"), "not a date and time"),
    "an impossible day": (TAKEN.replace("2026-10-05 08:38", "2026-13-05 08:38"), "not a date"),
    "an old day": (TAKEN.replace("2026-10-05", "0026-10-05"), "before 1950"),
    "a wild offset": (TAKEN.replace("+0200", "+2300"), "offset that no place"),
    "too few fields": ("2026-10-05 08:38:00 +0200,Iron\n", "2 fields, and 10 are needed"),
    "a comma too many": (TAKEN.replace("No,", "No,,x"), "11 fields, and 10 are needed"),
    "neither answer nor slot": (
        TAKEN.replace("2026-10-05 08:00:00 +0200", "").replace("Taken", "Not Interacted"),
        "no answer and no scheduled date",
    ),
}


@pytest.mark.parametrize(("row", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_a_row_that_cannot_be_understood_is_refused_alone(
    session: Session, alice: User, row: str, reason: str
) -> None:
    two_lines = TAKEN.replace("Iron,Iron", 'Iron,"Iron\nmorning"').replace("10-05", "10-04")

    outcome = bring_in(session, alice, HEADER + two_lines + "\n" + row + TAKEN)

    assert outcome.taken == 2
    ((line, said),) = [(each.line, each.reason) for each in outcome.refusals]
    assert line == 5
    assert reason in said
    assert said.endswith(".")


BROKEN = {
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00", "not text in UTF-8"),
    "null characters": (b"Date,\x00", "not text"),
    "empty": (b"", "empty"),
    "an open quotation mark": ((HEADER + TAKEN + '"2026').encode(), "quotation mark"),
    "another header": (
        b"date,mood\n2026-10-05,3\n",
        "lacks the columns Scheduled Date, Medication",
    ),
}


@pytest.mark.parametrize(("content", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_a_file_that_is_not_such_a_file_changes_nothing(
    session: Session, alice: User, rows: Rows, content: bytes, reason: str
) -> None:
    before = everything(rows)

    with pytest.raises(Refused, match=reason):
        bring_in(session, alice, content)

    session.rollback()
    assert everything(rows) == before


def test_too_many_medicines_are_refused(
    session: Session, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.interchange.writer.items.MOST_ITEMS", 3)
    many = "".join(TAKEN.replace("Iron,Iron", f"Medicine {n},") for n in range(4))

    with pytest.raises(Refused, match="at most 3 items"):
        bring_in(session, alice, HEADER + many)


@both_databases
def test_two_people_import_the_same_file_apart(
    session: Session, alice: User, bob: User, rows: Rows
) -> None:
    bring_in_history(session, alice)

    outcome = bring_in_history(session, bob)

    assert outcome.taken == 170
    assert Counter(event.user_id for event in rows(DoseEvent)) == {alice.id: 172, bob.id: 172}


def answer(session: Session, user: User, status: Answer) -> None:
    item = item_of(session, user, "Iron")
    dose = DoseInput(due_on=date(2026, 10, 5), due_time=time(8), status=status)
    decision = Decision(user.id, item.id, changed_at=NOW, received_at=NOW)
    record_dose(session, user, item, dose, decision)
    session.commit()


def test_progress_is_shown(session: Session, alice: User) -> None:
    told: list[tuple[int, int]] = []

    log = read_log(HISTORY.read_bytes(), NOW)
    import_log(session, alice, log, NOW, lambda done, total: told.append((done, total)))

    assert told == [(100, 172)]
