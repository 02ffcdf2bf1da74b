"""Answers and stored slots follow the plan: changes from a date, and corrections."""

from datetime import date, time, timedelta
from itertools import count
from uuid import uuid4

import pytest
from sqlmodel import Session

from app.diary.regimen import ledger_between
from app.domain.adherence import count_doses
from app.domain.ledger import Row, Standing
from app.domain.timing import DoseTime, TimingKind
from app.errors import Refused
from app.models import Dosage, DoseEvent, ImportBatch, ImportedSlot, RegimenItem, User
from app.services.dosage_corrections import correct_dosage
from app.services.dosages import DosageInput, change_dosage, new_dosage
from app.services.dose_input import Answer
from app.services.regimen_writes import change_item, write_plan
from app.services.versions import bump_regimen_version
from tests.support.clock import NOW
from tests.support.databases import Rows
from tests.support.people import BEGAN_ON, save
from tests.support.regimens import EVENING, MORNING, add, daily, decided, log_dose, taken

TODAY = date(2026, 11, 23)
EIGHT_THIRTY, NINE = time(8, 30), time(9)
AS_NEEDED = DosageInput(unit="mg", kind=TimingKind.AS_NEEDED, usual_amount=1)
# Minutes from now: each decision comes after the one before it.
LATER = count(1)
WEEKEND = DosageInput(unit="mg", kind=TimingKind.WEEKDAYS, times=(DoseTime(NINE, 1, "67"),))


def rows_on(session: Session, user: User, on: date) -> list[Row]:
    return ledger_between(session, user, on, on, today=TODAY)


def standings(session: Session, user: User, on: date) -> list[tuple[time | None, str]]:
    return [(row.at, row.standing.value) for row in rows_on(session, user, on)]


def change(session: Session, user: User, item: RegimenItem, dosage: DosageInput, on: date) -> None:
    change_dosage(session, item, dosage, on, decided(user, -next(LATER)))
    bump_regimen_version(session, user)
    session.commit()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (daily((MORNING, 1)), daily((MORNING, 2)), [(MORNING, "taken")]),
        (daily((MORNING, 1)), daily((NINE, 2)), [(NINE, "taken")]),
        (daily((MORNING, 1)), daily((EVENING, 2)), [(EVENING, "taken")]),
        (
            daily((MORNING, 1)),
            daily((NINE, 1), (EVENING, 1)),
            [(NINE, "taken"), (EVENING, "before")],
        ),
        (
            daily((MORNING, 1), (EVENING, 1)),
            daily((EVENING, 2)),
            [(EVENING, "taken")],
        ),
        (daily((MORNING, 1)), AS_NEEDED, [(MORNING, "taken")]),
        (daily((MORNING, 1)), WEEKEND, [(MORNING, "taken")]),
    ],
)
def test_a_change_from_today_keeps_the_answer_and_asks_nothing_twice(
    session: Session,
    rows: Rows,
    alice: User,
    before: DosageInput,
    after: DosageInput,
    expected: list[tuple[time, str]],
) -> None:
    item = add(session, alice, "Finasteride", before)
    log_dose(session, alice, item, taken(TODAY, note="with coffee"))
    change(session, alice, item, after, TODAY)

    assert standings(session, alice, TODAY) == expected
    (event,) = rows(DoseEvent)
    assert (event.amount, event.note) == (1, "with coffee")


def test_two_answers_of_today_both_count_where_one_dose_is_left(
    session: Session, alice: User
) -> None:
    item = add(session, alice, "Finasteride", daily((MORNING, 1), (EVENING, 1)))
    for at in (MORNING, EVENING):
        log_dose(session, alice, item, taken(TODAY, at))
    change(session, alice, item, daily((NINE, 2)), TODAY)

    assert standings(session, alice, TODAY) == [(NINE, "taken"), (EVENING, "taken")]
    assert standings(session, alice, TODAY + timedelta(days=1)) == [(NINE, "waiting")]


def test_a_skip_stays_a_skip(session: Session, alice: User) -> None:
    item = add(session, alice, "Finasteride", daily((MORNING, 1)))
    log_dose(session, alice, item, taken(TODAY, status=Answer.SKIPPED))
    change(session, alice, item, daily((NINE, 1)), TODAY)

    assert standings(session, alice, TODAY) == [(NINE, "skipped")]


def test_a_change_from_an_earlier_day_keeps_every_answer_since(
    session: Session, alice: User
) -> None:
    item = add(session, alice, "Finasteride", daily((MORNING, 1)))
    for number in (3, 2, 1):
        log_dose(session, alice, item, taken(TODAY - timedelta(days=number)))
    change(session, alice, item, daily((NINE, 2)), TODAY - timedelta(days=2))

    found = [standings(session, alice, TODAY - timedelta(days=number)) for number in (3, 2, 1)]
    assert found == [[(MORNING, "taken")], [(NINE, "taken")], [(NINE, "taken")]]


@pytest.fixture
def imported(session: Session, alice: User) -> RegimenItem:
    """21 days that a file brought: due at 08:00, taken, and the dosage that explains them."""
    item = add(session, alice, "Med 13", daily((MORNING, 1), unit="puff"))
    change_item(session, item, decided(alice, 50), slots_from=None)
    first, last = TODAY - timedelta(days=21), TODAY - timedelta(days=1)
    known = new_dosage(item, daily((MORNING, 1), unit="puff"), first, last)
    write_plan(session, item, [known], decided(alice, 49))
    batch = save(session, ImportBatch(user_id=alice.id, source="file", imported_at=NOW))
    for number in range(1, 22):
        on = TODAY - timedelta(days=number)
        session.add(
            ImportedSlot(
                id=uuid4(),
                user_id=alice.id,
                regimen_item_id=item.id,
                import_batch_id=batch.id,
                due_on=on,
                due_time=MORNING,
                amount=1,
                unit="puff",
                window_minutes=360,
            )
        )
    session.commit()
    for number in range(1, 22):
        on = TODAY - timedelta(days=number)
        log_dose(session, alice, item, taken(on), decided(alice, 40))
    return item


def correct(
    session: Session, user: User, item: RegimenItem, right: DosageInput, first: date | None = None
) -> None:
    dosage = session.exec(Dosage.of_item(item.id)).all()[-1]
    correct_dosage(session, dosage, right, decided(user, -next(LATER)), first)
    bump_regimen_version(session, user)
    session.commit()


def counted(session: Session, user: User) -> tuple[int, int, int]:
    found = count_doses(ledger_between(session, user, BEGAN_ON, TODAY, today=TODAY))
    return found.taken, found.missed, found.extra


def test_imported_slots_move_with_their_answers(
    session: Session, rows: Rows, alice: User, imported: RegimenItem
) -> None:
    correct(session, alice, imported, daily((EIGHT_THIRTY, 1), unit="puff"))

    assert counted(session, alice) == (21, 0, 0)
    assert {slot.due_time for slot in rows(ImportedSlot)} == {EIGHT_THIRTY}


def test_amount_and_unit_of_imported_slots_are_corrected_with_their_answers(
    session: Session, rows: Rows, alice: User, imported: RegimenItem
) -> None:
    correct(session, alice, imported, daily((MORNING, 2), unit="Milligrams"))

    assert {(each.amount, each.unit) for each in rows(ImportedSlot)} == {(2, "Milligrams")}
    assert {(each.amount, each.unit) for each in rows(DoseEvent)} == {(2, "Milligrams")}
    assert counted(session, alice) == (21, 0, 0)


def test_a_dropped_time_takes_its_imported_slots_with_it(
    session: Session, rows: Rows, alice: User, imported: RegimenItem
) -> None:
    correct(session, alice, imported, daily((MORNING, 1), (EVENING, 1), unit="puff"))
    assert counted(session, alice) == (21, 0, 0)

    correct(session, alice, imported, WEEKDAYS)
    assert counted(session, alice) == (15, 0, 6)

    correct(session, alice, imported, AS_NEEDED)
    assert rows(ImportedSlot) == []
    assert counted(session, alice) == (0, 0, 21)


WEEKDAYS = DosageInput(
    unit="puff", kind=TimingKind.WEEKDAYS, times=(DoseTime(MORNING, 1, "12345"),)
)
EVERY_SECOND = DosageInput(
    unit="puff", kind=TimingKind.EVERY_DAYS, times=(DoseTime(MORNING, 1),), every_days=2
)
AS_NEEDED = DosageInput(unit="puff", kind=TimingKind.AS_NEEDED, usual_amount=1)


@pytest.mark.parametrize("mistake", [WEEKDAYS, EVERY_SECOND, AS_NEEDED])
def test_a_mistaken_correction_can_itself_be_corrected(
    session: Session, rows: Rows, alice: User, imported: RegimenItem, mistake: DosageInput
) -> None:
    correct(session, alice, imported, mistake)
    correct(session, alice, imported, daily((MORNING, 1), unit="puff"))

    assert counted(session, alice) == (21, 0, 0)
    assert {slot.window_minutes for slot in rows(ImportedSlot)} == {360}


def test_an_odd_time_of_the_file_stays_where_it_is(
    session: Session, rows: Rows, alice: User, imported: RegimenItem
) -> None:
    slot = rows(ImportedSlot)[0]
    odd = session.get_one(ImportedSlot, slot.id)
    odd.due_time = NINE
    session.commit()
    correct(session, alice, imported, daily((EIGHT_THIRTY, 1), unit="spray"))

    assert {each.due_time for each in rows(ImportedSlot)} == {EIGHT_THIRTY, NINE}
    assert {each.unit for each in rows(ImportedSlot)} == {"spray"}


def test_a_change_within_an_imported_time_asks_for_no_day_twice(
    session: Session, alice: User, imported: RegimenItem
) -> None:
    change(session, alice, imported, daily((NINE, 2), unit="puff"), TODAY - timedelta(days=5))

    assert counted(session, alice) == (21, 0, 0)


def test_the_first_day_can_be_corrected_to_an_earlier_one(session: Session, alice: User) -> None:
    first = TODAY - timedelta(days=3)
    item = add(session, alice, "Zinc", daily((MORNING, 10)), starts_on=first)
    correct(session, alice, item, daily((MORNING, 10)), TODAY - timedelta(days=5))
    log_dose(session, alice, item, taken(TODAY - timedelta(days=5)))

    session.refresh(item)
    assert item.starts_on == TODAY - timedelta(days=5)
    assert counted(session, alice) == (1, 4, 0)


def test_the_first_day_can_be_corrected_to_a_later_one(session: Session, alice: User) -> None:
    item = add(session, alice, "Zinc", daily((MORNING, 10)))
    log_dose(session, alice, item, taken(TODAY - timedelta(days=1)))
    correct(session, alice, item, daily((MORNING, 10)), TODAY - timedelta(days=2))

    assert counted(session, alice) == (1, 1, 0)


def test_a_first_day_after_a_dose_that_was_taken_is_refused(session: Session, alice: User) -> None:
    item = add(session, alice, "Zinc", daily((MORNING, 10)))
    log_dose(session, alice, item, taken(TODAY - timedelta(days=4)))

    with pytest.raises(Refused, match="You logged a dose on 19 November 2026"):
        correct(session, alice, item, daily((MORNING, 10)), TODAY - timedelta(days=2))


def test_the_day_of_a_change_can_be_corrected_both_ways(session: Session, alice: User) -> None:
    item = add(session, alice, "Zinc", daily((MORNING, 10)))
    for number in range(1, 7):
        log_dose(session, alice, item, taken(TODAY - timedelta(days=number)))
    change(session, alice, item, daily((NINE, 20)), TODAY - timedelta(days=3))
    for number in (5, 2):
        correct(session, alice, item, daily((NINE, 20)), TODAY - timedelta(days=number))
        found = [rows_on(session, alice, TODAY - timedelta(days=n)) for n in range(1, 7)]
        times = [row.at for day in found for row in day]
        assert times == [NINE] * number + [MORNING] * (6 - number)
        assert {row.standing for day in found for row in day} == {Standing.TAKEN}


def test_a_rhythm_counts_from_the_corrected_first_day(
    session: Session, rows: Rows, alice: User
) -> None:
    weekly = DosageInput(
        unit="mg", kind=TimingKind.EVERY_DAYS, times=(DoseTime(MORNING, 1),), every_days=7
    )
    first = TODAY - timedelta(days=21)
    item = add(session, alice, "Zinc", weekly, starts_on=first)
    change(session, alice, item, weekly, TODAY - timedelta(days=9))
    dosage = session.exec(Dosage.of_item(item.id)).all()[0]
    decision = decided(alice, -next(LATER))
    correct_dosage(session, dosage, weekly, decision, first + timedelta(days=1))
    bump_regimen_version(session, alice)
    session.commit()
    session.expire_all()

    found = ledger_between(session, alice, BEGAN_ON, TODAY, today=TODAY)
    assert [row.on for row in found] == [first + timedelta(days=n) for n in (1, 8, 15)]
