"""days.csv, weeks.csv and symptom-list.csv: where they begin, and what they no longer leave out."""

import csv
from datetime import date, timedelta

from sqlmodel import Session

from app.interchange.csv_export import FILES, Flavour, csv_chunks
from app.interchange.csv_rows import Extract
from app.models import TrackedSymptom, User
from app.records import SYMPTOM_REPORT
from app.services.check_ins import record_measure, record_symptom
from tests.support.clock import NOW
from tests.support.people import save
from tests.support.regimens import EVENING, MORNING, add, daily, decided, log_dose, taken

TODAY = NOW.date()


def execute_prepared(
    session: Session, user: User, name: str, first: date | None = None
) -> list[dict[str, str]]:
    session.commit()
    extract = Extract(session, user, NOW, first)
    text = b"".join(csv_chunks(FILES[name], extract, Flavour.PLAIN)).decode()
    return list(csv.DictReader(text.splitlines()))


def test_the_demonstration_begins_with_its_log_and_not_with_its_regimen(
    session: Session, alices_year: User
) -> None:
    alice = alices_year
    first_day, first_week = (
        execute_prepared(session, alice, name)[0] for name in ("days", "weeks")
    )
    assert first_day["on"] == str(alice.began_on)
    assert int(first_day["doses_due"]) > 0
    assert first_week["starts_on"] == str(alice.began_on - timedelta(alice.began_on.weekday()))
    earlier = alice.began_on - timedelta(days=100)
    assert execute_prepared(session, alice, "days", earlier)[0]["on"] == str(alice.began_on)


def test_the_first_row_is_the_first_answer_where_nothing_was_due_before(
    session: Session, alice: User
) -> None:
    asked = TODAY - timedelta(days=9)
    add(session, alice, starts_on=TODAY - timedelta(days=1))
    record_measure(session, alice, asked, "mood", 4, decided(alice))

    rows = execute_prepared(session, alice, "days")
    assert (rows[0]["on"], rows[0]["doses_due"], rows[0]["mood"]) == (str(asked), "0", "4")
    assert len(rows) == 10
    later = asked + timedelta(days=2)
    assert execute_prepared(session, alice, "days", later)[0]["on"] == str(later)


def test_nothing_known_is_not_a_row(session: Session, alice: User) -> None:
    assert execute_prepared(session, alice, "days") == []
    assert execute_prepared(session, alice, "weeks") == []


def test_extra_and_backfilled_doses_are_counted_by_day_and_week(
    session: Session, alice: User
) -> None:
    item = add(session, alice)
    on = TODAY - timedelta(days=3)
    log_dose(session, alice, item, taken(on))
    log_dose(session, alice, item, taken(on, None, occurred_time=EVENING))
    log_dose(session, alice, item, taken(on, None, occurred_time=MORNING))

    (day,) = (row for row in execute_prepared(session, alice, "days") if row["on"] == str(on))
    assert (day["doses_taken"], day["doses_backfilled"], day["doses_extra"]) == ("1", "1", "2")
    assert list(day)[-2:] == ["doses_extra", "doses_backfilled"]
    (week,) = (
        row for row in execute_prepared(session, alice, "weeks") if row["doses_extra"] != "0"
    )
    assert (week["doses_backfilled"], week["doses_extra"]) == ("1", "2")
    assert list(week)[-2:] == ["doses_extra", "doses_backfilled"]


def test_an_own_symptom_leaves_with_its_name(session: Session, alice: User) -> None:
    own = TrackedSymptom(
        user_id=alice.id, slug="own_itch", name="Itchy scalp", position=3, is_asked=False
    )
    save(session, own)
    itch = SYMPTOM_REPORT.row(on=TODAY, symptom="own_itch", severity=2)
    record_symptom(session, alice, itch, decided(alice))

    assert execute_prepared(session, alice, "symptom-list") == [
        {"slug": "own_itch", "name": "Itchy scalp", "position": "3", "is_asked": "false"}
    ]
    (report,) = execute_prepared(session, alice, "symptoms")
    assert (report["symptom"], report["name"]) == ("own_itch", "Itchy scalp")
    assert (report["dose_a_day"], report["dose_unit"]) == ("", "")


def test_a_suspected_item_leaves_with_its_dose_on_that_day(session: Session, alice: User) -> None:
    item = add(session, alice, "Magnesium", daily((MORNING, 667), (EVENING, 1333)))
    headache = SYMPTOM_REPORT.row(on=TODAY, symptom="headache", severity=3, regimen_item_id=item.id)
    record_symptom(session, alice, headache, decided(alice))

    (report,) = execute_prepared(session, alice, "symptoms")
    assert (report["item"], report["dose_a_day"], report["dose_unit"]) == (
        *("Magnesium", "2000"),
        "mg",
    )
