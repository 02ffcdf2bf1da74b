"""A list is kept as text, "a;b;c": in the table, in the history and in files."""

from datetime import time
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from app.domain.measurements import MeasurementKind
from app.models import EntryVersion, Medicine, Preferences, User
from app.records import MEDICINE
from app.services.deletions import delete_row
from app.services.history import record_row, values_of
from tests.support.databases import Rows
from tests.support.regimens import decided

MEDICINE_ID = UUID(int=4)
TWICE = (time(7), time(19, 30))


def enter(session: Session, user: User) -> None:
    row = MEDICINE.row(id=MEDICINE_ID, name="Levothyroxine", times=TWICE)
    record_row(session, decided(user, 2), MEDICINE, row)
    session.commit()


def test_the_table_and_the_history_hold_the_same_text(
    session: Session, rows: Rows, alice: User
) -> None:
    enter(session, alice)

    assert session.execute(text("SELECT times FROM medicine")).scalar_one() == "07:00;19:30"
    (version,) = rows(EntryVersion)
    assert version.state is not None
    assert version.state["times"] == "07:00;19:30"


def test_it_is_read_as_values_from_either(session: Session, rows: Rows, alice: User) -> None:
    enter(session, alice)

    (medicine,) = rows(Medicine)
    assert medicine.times == TWICE
    (version,) = rows(EntryVersion)
    values = values_of(MEDICINE, MEDICINE_ID, version)
    assert values is not None
    assert values["times"] == TWICE


def test_an_imported_row_with_a_list_is_deleted_and_restored_as_it_was(
    session: Session, rows: Rows, alice: User
) -> None:
    session.add(Medicine(id=MEDICINE_ID, user_id=alice.id, name="Iron", times=TWICE))
    session.commit()
    delete_row(session, MEDICINE, MEDICINE_ID, decided(alice))
    session.commit()

    before = rows(EntryVersion)[0]
    values = values_of(MEDICINE, MEDICINE_ID, before)
    assert values is not None
    assert values["times"] == TWICE


def test_an_empty_list_is_empty_text(session: Session, alice: User) -> None:
    assert alice.preferences.measures_on == ()
    alice.preferences.measures_on = (MeasurementKind.PULSE, MeasurementKind.WEIGHT)
    session.add(alice)
    session.commit()

    stored = session.execute(text("SELECT hints_seen, measures_on FROM preferences")).one()
    assert tuple(stored) == ("", "pulse;weight")
    session.expire_all()
    assert session.get_one(Preferences, alice.id).measures_on == ("pulse", "weight")
