"""Take all answers only what is open, however old the page it comes from, in any order."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from app.models import DoseEvent, GivesWay, RegimenItem, SkipReason, User, slot_event_id
from app.services.dose_input import Answer, DoseInput
from app.services.history import purge
from tests.support.clock import NOW
from tests.support.databases import Rows
from tests.support.people import make_user, save
from tests.support.regimens import MORNING, add, daily, decided, log_dose, taken

TODAY = NOW.date()


@pytest.fixture
def item(session: Session, alice: User) -> RegimenItem:
    return add(session, alice)


def answers(rows: Rows) -> list[tuple[str, float | None, str]]:
    return [(event.status.value, event.amount, event.note) for event in rows(DoseEvent)]


# The decisions, so many minutes ago, in order of the clock; and the final state.
HALF: dict[str, Any] = {"amount": 0.5, "note": "felt dizzy"}
GROUP: dict[str, Any] = {"gives_way": GivesWay.TO_ANY}
NOTHING: dict[str, Any] = {"status": Answer.NOTHING}
SKIP: dict[str, Any] = {"status": Answer.SKIPPED, "reason": SkipReason.TRAVEL}


@pytest.mark.parametrize(
    ("decisions", "stands"),
    [
        ([HALF, GROUP], [("taken", 0.5, "felt dizzy")]),
        ([SKIP, GROUP], [("skipped", 1.0, "")]),
        ([GROUP, HALF], [("taken", 0.5, "felt dizzy")]),
        ([HALF, NOTHING, GROUP], [("taken", 1.0, "")]),
        ([HALF, GROUP, NOTHING], []),
        ([GROUP, NOTHING], []),
        ([GROUP, NOTHING, GROUP], [("taken", 1.0, "")]),
        ([HALF, GROUP, SKIP], [("skipped", 1.0, "")]),
        ([GROUP], [("taken", 1.0, "")]),
    ],
)
def test_what_was_answered_stays_and_only_what_is_open_is_taken_in_any_order(
    session: Session,
    rows: Rows,
    alice: User,
    decisions: list[dict[str, Any]],
    stands: list[tuple[str, float | None, str]],
) -> None:
    arrivals = list(permutations(range(len(decisions))))
    for number, order in enumerate(arrivals):
        item = add(session, alice, f"Item {number}")
        for place in order:
            minutes_ago = 10 * (len(decisions) - place)
            dose = taken(TODAY, **decisions[place])
            log_dose(session, alice, item, dose, decided(alice, minutes_ago))
        found = [event for event in rows(DoseEvent) if event.regimen_item_id == item.id]
        said = [(event.status.value, event.amount, event.note) for event in found]
        assert said == stands, f"arrived as {order}"


def test_of_two_groups_the_first_one_is_listed_with_its_time(
    session: Session, rows: Rows, alice: User, item: RegimenItem
) -> None:
    for minutes_ago in (5, 30, 10):
        log_dose(session, alice, item, taken(TODAY, **GROUP), decided(alice, minutes_ago))

    (event,) = rows(DoseEvent)
    assert event.occurred_at == NOW - timedelta(minutes=30)


def test_a_group_brought_back_by_an_undo_is_a_whole_row_again(
    session: Session, rows: Rows, alice: User, item: RegimenItem
) -> None:
    group = decided(alice, 10)
    log_dose(session, alice, item, taken(TODAY, **HALF), decided(alice, 30))
    log_dose(session, alice, item, taken(TODAY, time_zone="Europe/Lisbon", **GROUP), group)
    assert answers(rows) == [("taken", 0.5, "felt dizzy")]
    log_dose(session, alice, item, taken(TODAY, **NOTHING), decided(alice, 20))

    (event,) = rows(DoseEvent)
    assert event.id == slot_event_id(item.id, TODAY, MORNING)
    assert (event.amount, event.unit, event.note) == (1, "mL", "")
    assert (event.due_on, event.due_time) == (TODAY, MORNING)
    assert event.occurred_at == group.changed_at
    assert event.time_zone == "Europe/Lisbon"


def test_a_dose_that_a_file_brought_is_an_answer_too(
    session: Session, rows: Rows, alice: User, item: RegimenItem
) -> None:
    log_dose(session, alice, item, taken(TODAY, **HALF))
    (imported,) = rows(DoseEvent)
    session.delete(session.get_one(DoseEvent, imported.id))
    session.commit()
    # As an importer writes it: a row, and no decision of a person.
    other = add(session, alice, "Imported")
    values = imported.model_dump()
    values |= {"regimen_item_id": other.id, "id": slot_event_id(other.id, TODAY, MORNING)}
    session.add(DoseEvent(**values))
    session.commit()
    log_dose(session, alice, other, taken(TODAY, **GROUP))

    assert answers(rows) == [("taken", 0.5, "felt dizzy")]


def test_purging_keeps_the_answer_that_a_group_gave_way_to(
    session: Session, rows: Rows, alice: User, item: RegimenItem
) -> None:
    log_dose(session, alice, item, taken(TODAY, **HALF), decided(alice, 30))
    log_dose(session, alice, item, taken(TODAY, **GROUP), decided(alice, 20))
    purge(session, NOW + timedelta(days=100))
    session.commit()
    again = decided(alice, 5, now=NOW + timedelta(days=100))
    log_dose(session, alice, item, taken(TODAY, **GROUP), again)

    assert answers(rows) == [("taken", 0.5, "felt dizzy")]


def test_undo_takes_back_its_own_answer_and_no_other(
    session: Session, rows: Rows, alice: User, item: RegimenItem
) -> None:
    group = decided(alice, 10)
    log_dose(session, alice, item, taken(TODAY, **HALF), decided(alice, 20))
    log_dose(session, alice, item, taken(TODAY, **GROUP), group)
    undo = taken(TODAY, **NOTHING, undoes=group.entry_id)
    log_dose(session, alice, item, undo, decided(alice, 9))
    assert answers(rows) == [("taken", 0.5, "felt dizzy")]

    other = add(session, alice, "Zinc")
    tap = decided(alice, 5)
    log_dose(session, alice, other, taken(TODAY), tap)
    log_dose(session, alice, other, taken(TODAY, **NOTHING, undoes=tap.entry_id), decided(alice, 4))
    assert answers(rows) == [("taken", 0.5, "felt dizzy")]


LATE_EVENING = daily((time(23), 1), (time(0, 30), 1), (time(8), 1), (time(21), 1))
AUTUMN = date(2026, 10, 24)  # The clock goes back in Berlin the night after.


@pytest.mark.parametrize(
    ("on", "due", "typed", "zone", "occurred_at"),
    [
        (date(2026, 11, 20), "23:00", "03:30", "Europe/Berlin", "2026-11-21 02:30"),
        (date(2026, 11, 20), "23:00", "22:30", "Europe/Berlin", "2026-11-20 21:30"),
        (date(2026, 11, 20), "23:00", "02:30", "Europe/Berlin", "2026-11-21 01:30"),
        (date(2026, 11, 20), "21:00", "05:00", "Europe/Berlin", "2026-11-21 04:00"),
        # Due half an hour after midnight, in the night that ends the day.
        (date(2026, 11, 20), "00:30", "23:50", "Europe/Berlin", "2026-11-20 22:50"),
        (date(2026, 11, 20), "00:30", "04:10", "Europe/Berlin", "2026-11-21 03:10"),
        (date(2026, 11, 20), "08:00", "07:10", "Europe/Berlin", "2026-11-20 06:10"),
        (date(2026, 11, 20), "08:00", "02:50", "Europe/Berlin", "2026-11-20 01:50"),
        # Late in the evening of the same day, not early the evening before.
        (date(2026, 11, 20), "08:00", "22:30", "Europe/Berlin", "2026-11-20 21:30"),
        (AUTUMN, "23:00", "03:30", "Europe/Berlin", "2026-10-25 02:30"),
        (AUTUMN, "23:00", "03:30", "Asia/Tokyo", "2026-10-24 18:30"),
        (date(2026, 11, 20), "23:00", "03:30", "America/New_York", "2026-11-21 08:30"),
    ],
)
def test_a_typed_time_is_the_instant_nearest_to_when_the_dose_was_due(
    session: Session,
    rows: Rows,
    on: date,
    due: str,
    typed: str,
    zone: str,
    occurred_at: str,
) -> None:
    person = save(session, make_user("Carol", zone))
    item = add(session, person, "Magnesium", LATE_EVENING)
    at = time.fromisoformat(due)
    log_dose(session, person, item, taken(on, at, occurred_time=time.fromisoformat(typed)))

    (event,) = rows(DoseEvent)
    assert event.due_on == on
    assert event.occurred_at == datetime.fromisoformat(occurred_at).replace(tzinfo=UTC)


def test_a_dose_without_a_slot_moves_to_the_time_nearest_to_when_it_was_taken(
    session: Session, rows: Rows, alice: User, item: RegimenItem
) -> None:
    event_id: UUID = uuid4()
    night = datetime(2026, 11, 23, 1, 50, tzinfo=UTC)
    dose = DoseInput(due_on=date(2026, 11, 22), status=Answer.TAKEN, id=event_id)
    first = dose.model_copy(update={"occurred_at": night})
    log_dose(session, alice, item, first, decided(alice, 5))
    moved = dose.model_copy(update={"occurred_time": time(3, 20), "near": night})
    log_dose(session, alice, item, moved)

    (event,) = rows(DoseEvent)
    assert event.occurred_at == datetime(2026, 11, 23, 2, 20, tzinfo=UTC)
