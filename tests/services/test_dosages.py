"""Changing a dose from a date, and putting right what was typed wrong."""

from datetime import date, time, timedelta

import pytest
from sqlmodel import Session, select

from app.diary.regimen import ledger_between
from app.domain.ledger import Row, Standing
from app.domain.timing import DoseTime, TimingKind
from app.errors import Refused
from app.models import Dosage, DosageTime, DoseEvent, EntryVersion, RegimenItem, User, slot_event_id
from app.services.dosage_corrections import correct_dosage
from app.services.dosages import (
    DosageInput,
    TaperStep,
    change_by_steps,
    change_dosage,
    change_starts_on,
)
from app.services.history import Decision
from tests.support.clock import NOW
from tests.support.databases import Rows
from tests.support.people import BEGAN_ON
from tests.support.regimens import EVENING, MORNING, add, daily, decided, log_dose, taken

TODAY = date(2026, 11, 23)
NOON = time(12)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


@pytest.fixture
def magnesium(session: Session, alice: User) -> RegimenItem:
    """500 mg in the morning and 1,000 mg in the evening."""
    return add(session, alice, "Magnesium", daily((MORNING, 500), (EVENING, 1000)))


def spans(session: Session, item: RegimenItem) -> list[tuple[date, date | None]]:
    return [(each.starts_on, each.ends_on) for each in session.exec(Dosage.of_item(item.id))]


def correct(
    session: Session,
    user: User,
    item: RegimenItem,
    corrected: DosageInput,
    decision: Decision | None = None,
) -> None:
    """Correct the item's newest dosage, and commit."""
    dosage = session.exec(Dosage.of_item(item.id)).all()[-1]
    correct_dosage(session, dosage, corrected, decision or decided(user, -1))
    session.commit()


def rows_on(session: Session, user: User, on: date) -> list[Row]:
    return ledger_between(session, user, on, on, today=TODAY)


def answers(rows: Rows) -> set[tuple[date, time | None, float | None]]:
    return {(event.due_on, event.due_time, event.amount) for event in rows(DoseEvent)}


def test_a_change_ends_one_dosage_and_starts_the_next(
    session: Session, alice: User, magnesium: RegimenItem
) -> None:
    change_dosage(session, magnesium, daily((EVENING, 2000)), day(-3), decided(alice))
    session.commit()

    assert spans(session, magnesium) == [(BEGAN_ON, day(-4)), (day(-3), None)]
    assert [row.planned_amount for row in rows_on(session, alice, day(-4))] == [500, 1000]
    assert [row.planned_amount for row in rows_on(session, alice, day(-3))] == [2000]


def test_a_change_rewrites_no_history(
    session: Session, rows: Rows, alice: User, magnesium: RegimenItem
) -> None:
    log_dose(session, alice, magnesium, taken(day(-5)))
    before = rows_on(session, alice, day(-5))
    change_dosage(session, magnesium, daily((NOON, 2000)), day(-3), decided(alice))
    session.commit()

    assert rows_on(session, alice, day(-5)) == before
    assert answers(rows) == {(day(-5), MORNING, 500)}


def test_a_change_on_the_first_day_replaces_the_dosage(
    session: Session, alice: User, magnesium: RegimenItem
) -> None:
    change_dosage(session, magnesium, daily((EVENING, 2000)), BEGAN_ON, decided(alice))
    session.commit()

    assert spans(session, magnesium) == [(BEGAN_ON, None)]
    assert len(session.exec(select(DosageTime)).all()) == 1


def test_doing_a_change_twice_ends_as_once(
    session: Session, alice: User, magnesium: RegimenItem
) -> None:
    for _ in range(2):
        change_dosage(session, magnesium, daily((EVENING, 2000)), day(1), decided(alice))
        session.commit()

    assert spans(session, magnesium) == [(BEGAN_ON, day(0)), (day(1), None)]


def test_a_change_before_planned_ones_drops_them_and_their_history_is_kept(
    session: Session, alice: User, magnesium: RegimenItem
) -> None:
    change_dosage(session, magnesium, daily((EVENING, 2000)), day(5), decided(alice, 9))
    change_dosage(session, magnesium, daily((EVENING, 1500)), day(1), decided(alice, 3))
    session.commit()

    assert spans(session, magnesium) == [(BEGAN_ON, day(0)), (day(1), None)]
    versions = session.exec(select(EntryVersion).where(EntryVersion.kind == "dosages")).all()
    plans = [(version.state or {})["dosages"] for version in versions]
    assert sorted(str([each["starts_on"] for each in plan][1:]) for plan in plans) == [
        *("['2026-11-24']", "['2026-11-28']", "[]"),
    ]


def test_a_dose_answered_before_a_backdated_change_answers_the_slot_in_its_place(
    session: Session, alice: User, magnesium: RegimenItem
) -> None:
    log_dose(session, alice, magnesium, taken(day(-1)))
    change_dosage(session, magnesium, daily((NOON, 2000)), day(-2), decided(alice))
    session.commit()

    assert [(row.at, row.standing) for row in rows_on(session, alice, day(-1))] == [
        (NOON, Standing.TAKEN),
    ]


def test_a_change_starts_today_or_tomorrow_where_today_is_answered(
    session: Session, alice: User, magnesium: RegimenItem
) -> None:
    assert change_starts_on(session, magnesium, TODAY) == TODAY
    log_dose(session, alice, magnesium, taken(TODAY))
    assert change_starts_on(session, magnesium, TODAY) == day(1)


def test_a_change_never_starts_before_the_item(session: Session, alice: User) -> None:
    planned = add(session, alice, "Zinc", daily((NOON, 10)), starts_on=day(9))

    assert change_starts_on(session, planned, TODAY) == day(9)


def test_a_change_outside_the_item_is_refused(session: Session, alice: User) -> None:
    item = add(session, alice, "Zinc", daily((NOON, 10)), BEGAN_ON, ends_on=day(-10))

    for outside in (BEGAN_ON - timedelta(days=1), day(-9)):
        with pytest.raises(Refused):
            change_dosage(session, item, daily((NOON, 20)), outside, decided(alice))


def test_a_taper_is_entered_once_and_its_steps_follow_each_other(
    session: Session, alice: User, magnesium: RegimenItem
) -> None:
    steps = [TaperStep(day(1), 750), TaperStep(day(8), 500), TaperStep(day(15), 250)]
    change_by_steps(session, magnesium, daily((EVENING, 1000)), steps, decided(alice))
    session.commit()

    dosages = session.exec(Dosage.of_item(magnesium.id)).all()
    assert [(each.starts_on, each.ends_on) for each in dosages] == [
        (BEGAN_ON, day(0)),
        (day(1), day(7)),
        (day(8), day(14)),
        (day(15), None),
    ]
    assert len({each.taper_id for each in dosages}) == 2
    planned = {
        number: [row.planned_amount for row in rows_on(session, alice, day(number))]
        for number in (0, 1, 7, 8, 15, 40)
    }
    assert planned == {0: [500, 1000], 1: [750], 7: [750], 8: [500], 15: [250], 40: [250]}


def test_a_taper_of_what_has_no_times_steps_its_usual_amount(session: Session, alice: User) -> None:
    washes = DosageInput(unit="mg", kind=TimingKind.FLEXIBLE, usual_amount=1, per_week=2)
    item = add(session, alice, "Shampoo", washes)
    steps = [TaperStep(day(1), 5), TaperStep(day(8), 2.5)]
    change_by_steps(session, item, washes, steps, decided(alice))
    session.commit()

    assert [each.usual_amount for each in session.exec(Dosage.of_item(item.id))] == [1, 5, 2.5]


@pytest.mark.parametrize("numbers", [[1], [], [8, 1], [1, 1]])
def test_a_taper_needs_two_steps_in_order(
    session: Session, alice: User, magnesium: RegimenItem, numbers: list[int]
) -> None:
    steps = [TaperStep(day(number), 1) for number in numbers]

    with pytest.raises(Refused):
        change_by_steps(session, magnesium, daily((EVENING, 1)), steps, decided(alice))


def test_correcting_a_time_moves_its_answers_with_it(
    session: Session, rows: Rows, alice: User, magnesium: RegimenItem
) -> None:
    for number in (-3, -2):
        log_dose(session, alice, magnesium, taken(day(number)))
    correct(session, alice, magnesium, daily((time(7), 500), (EVENING, 1000)))

    assert answers(rows) == {(day(-3), time(7), 500), (day(-2), time(7), 500)}
    assert {event.id for event in rows(DoseEvent)} == {
        slot_event_id(magnesium.id, day(number), time(7)) for number in (-3, -2)
    }
    assert [row.standing for row in rows_on(session, alice, day(-2))] == [
        Standing.TAKEN,
        Standing.MISSED,
    ]


def test_an_amount_that_was_planned_follows_and_an_own_one_stays(
    session: Session, rows: Rows, alice: User, magnesium: RegimenItem
) -> None:
    log_dose(session, alice, magnesium, taken(day(-3)))
    log_dose(session, alice, magnesium, taken(day(-2), amount=250))
    correct(session, alice, magnesium, daily((MORNING, 667), (EVENING, 1333)))

    assert answers(rows) == {(day(-3), MORNING, 667), (day(-2), MORNING, 250)}


def test_two_amounts_that_were_swapped_are_put_right(
    session: Session, rows: Rows, alice: User, magnesium: RegimenItem
) -> None:
    log_dose(session, alice, magnesium, taken(day(-3)))
    log_dose(session, alice, magnesium, taken(day(-3), EVENING))
    correct(session, alice, magnesium, daily((MORNING, 1000), (EVENING, 500)))

    assert answers(rows) == {(day(-3), MORNING, 1000), (day(-3), EVENING, 500)}


def test_both_times_may_move_at_once(
    session: Session, rows: Rows, alice: User, magnesium: RegimenItem
) -> None:
    log_dose(session, alice, magnesium, taken(day(-3)))
    log_dose(session, alice, magnesium, taken(day(-3), EVENING))
    correct(session, alice, magnesium, daily((NOON, 500), (time(22), 1000)))

    assert answers(rows) == {(day(-3), NOON, 500), (day(-3), time(22), 1000)}


def test_times_about_midnight_move_in_the_order_of_the_persons_day(
    session: Session, rows: Rows, alice: User
) -> None:
    item = add(session, alice, "Magnesium", daily((time(23), 500), (time(1), 1000)))
    log_dose(session, alice, item, taken(day(-3), time(23)))
    log_dose(session, alice, item, taken(day(-3), time(1), note="late, after midnight"))
    correct(session, alice, item, daily((time(22, 30), 500), (time(23, 30), 1000)))

    assert {(event.due_time, event.amount, event.note) for event in rows(DoseEvent)} == {
        (time(22, 30), 500, ""),
        (time(23, 30), 1000, "late, after midnight"),
    }


def test_where_the_new_time_has_an_answer_both_are_kept(
    session: Session, rows: Rows, alice: User, magnesium: RegimenItem
) -> None:
    log_dose(session, alice, magnesium, taken(day(-3)))
    log_dose(session, alice, magnesium, taken(day(-3), NOON, note="from an old page"))
    correct(session, alice, magnesium, daily((NOON, 500), (EVENING, 1000)))

    assert len(rows(DoseEvent)) == 2
    assert [(row.at, row.standing) for row in rows_on(session, alice, day(-3))] == [
        (None, Standing.EXTRA),
        (NOON, Standing.TAKEN),
        (EVENING, Standing.MISSED),
    ]


def test_what_is_in_the_log_is_the_newest_of_its_history(
    session: Session, rows: Rows, alice: User, magnesium: RegimenItem
) -> None:
    """After moves and a collision, each event has a version, and each emptied slot a tombstone."""
    for number, at in ((-3, MORNING), (-3, NOON), (-2, MORNING)):
        log_dose(session, alice, magnesium, taken(day(number), at), decided(alice, 30))
    correct(session, alice, magnesium, daily((NOON, 500), (EVENING, 1000)))

    newest: dict[str, bool] = {}
    for version in sorted(rows(EntryVersion), key=lambda each: each.changed_at):
        if version.kind == "dose_event":
            newest[version.subject] = version.state is not None
    present = {subject for subject, is_present in newest.items() if is_present}
    subjects = {
        f"dose/{event.id}"
        if event.due_time is None
        else f"dose/{magnesium.id}/{event.due_on}/{event.due_time:%H:%M}"
        for event in rows(DoseEvent)
    }
    assert present == subjects


def test_an_old_answer_that_arrives_after_its_time_was_corrected_does_not_come_back(
    session: Session, rows: Rows, alice: User, magnesium: RegimenItem
) -> None:
    answer = decided(alice, 30)
    log_dose(session, alice, magnesium, taken(day(-3)), answer)
    correct(session, alice, magnesium, daily((NOON, 500), (EVENING, 1000)))
    log_dose(session, alice, magnesium, taken(day(-3)), answer)

    assert answers(rows) == {(day(-3), NOON, 500)}


def test_amounts_that_differ_by_weekday_are_corrected_each_by_its_own(
    session: Session, rows: Rows, alice: User
) -> None:
    def uneven(monday: float, else_: float) -> DosageInput:
        times = (DoseTime(MORNING, monday, "1"), DoseTime(MORNING, else_, "234567"))
        return DosageInput(unit="mg", kind=TimingKind.WEEKDAYS, times=times)

    item = add(session, alice, "Uneven", uneven(10, 20))
    log_dose(session, alice, item, taken(day(-7)))
    log_dose(session, alice, item, taken(day(-6)))
    correct(session, alice, item, uneven(15, 20))

    assert answers(rows) == {(day(-7), MORNING, 15), (day(-6), MORNING, 20)}


def test_an_own_amount_keeps_its_unit_where_the_amounts_are_other_ones_now(
    session: Session, rows: Rows, alice: User
) -> None:
    item = add(session, alice, "Zinc", daily((MORNING, 1), unit="capsule"))
    log_dose(session, alice, item, taken(day(-3)))
    log_dose(session, alice, item, taken(day(-2), amount=2))
    correct(session, alice, item, daily((MORNING, 25), unit="mg"))

    assert {(event.amount, event.unit) for event in rows(DoseEvent)} == {
        (25, "mg"),
        (2, "capsule"),
    }


def test_a_unit_that_was_mistyped_is_put_right_for_every_amount(
    session: Session, rows: Rows, alice: User
) -> None:
    item = add(session, alice, "Vitamin D3", daily((MORNING, 25), unit="mg"))
    log_dose(session, alice, item, taken(day(-3)))
    log_dose(session, alice, item, taken(day(-2), amount=12.5))
    correct(session, alice, item, daily((MORNING, 25), unit="ug"))

    assert {(event.amount, event.unit) for event in rows(DoseEvent)} == {
        (25, "ug"),
        (12.5, "ug"),
    }


def test_only_the_span_of_the_corrected_dosage_moves(
    session: Session, rows: Rows, alice: User, magnesium: RegimenItem
) -> None:
    for number in (-5, -1):
        log_dose(session, alice, magnesium, taken(day(number)))
    new = daily((MORNING, 500), (EVENING, 1500))
    change_dosage(session, magnesium, new, day(-3), decided(alice))
    session.commit()
    correct(session, alice, magnesium, daily((NOON, 500), (EVENING, 1500)))

    assert answers(rows) == {(day(-5), MORNING, 500), (day(-1), NOON, 500)}


def test_a_time_that_is_taken_out_leaves_its_answers_as_extra_doses(
    session: Session, alice: User, magnesium: RegimenItem
) -> None:
    log_dose(session, alice, magnesium, taken(day(-3), EVENING))
    correct(session, alice, magnesium, daily((MORNING, 500)))

    assert [(row.at, row.standing) for row in rows_on(session, alice, day(-3))] == [
        (MORNING, Standing.MISSED),
        (EVENING, Standing.EXTRA),
    ]


def test_another_persons_log_is_not_touched(
    session: Session, rows: Rows, alice: User, bob: User, magnesium: RegimenItem
) -> None:
    his = add(session, bob, "Magnesium", daily((MORNING, 500), (EVENING, 1000)))
    log_dose(session, bob, his, taken(day(-3)))
    correct(session, alice, magnesium, daily((NOON, 100), (EVENING, 1000)))

    assert answers(rows) == {(day(-3), MORNING, 500)}


def test_what_a_dosage_said_before_is_in_the_history(
    session: Session, alice: User, magnesium: RegimenItem
) -> None:
    correct(session, alice, magnesium, daily((MORNING, 667), (EVENING, 1333)))

    newest_first = select(EntryVersion).where(EntryVersion.kind == "dosages")
    states = [each.state or {} for each in session.exec(newest_first)]
    said = sorted(tuple(t["amount"] for t in state["dosages"][0]["times"]) for state in states)
    assert said == [(500, 1000), (667, 1333)]


def test_of_two_devices_the_later_decision_about_the_dosages_counts(
    session: Session, rows: Rows, alice: User, magnesium: RegimenItem
) -> None:
    log_dose(session, alice, magnesium, taken(day(-3)))
    arrived_at = NOW + timedelta(minutes=9)
    later, earlier = decided(alice, now=arrived_at), decided(alice, 4, now=arrived_at)
    correct(session, alice, magnesium, daily((NOON, 700), (EVENING, 1000)), later)
    change_dosage(session, magnesium, daily((EVENING, 2000)), day(-5), earlier)
    session.commit()

    assert [(each.starts_on, each.ends_on) for each in rows(Dosage)] == [(BEGAN_ON, None)]
    assert answers(rows) == {(day(-3), NOON, 700)}
    assert len([each for each in rows(EntryVersion) if each.kind == "dosages"]) == 3


def test_an_amount_without_a_time_is_put_right_too(
    session: Session, rows: Rows, alice: User
) -> None:
    washes = DosageInput(unit="mL", kind=TimingKind.FLEXIBLE, usual_amount=5, per_week=2)
    item = add(session, alice, "Shampoo", washes)
    log_dose(session, alice, item, taken(day(-3), None))
    log_dose(session, alice, item, taken(day(-2), None, amount=7))
    correct(session, alice, item, washes.model_copy(update={"usual_amount": 10}))

    assert {event.amount for event in rows(DoseEvent)} == {10, 7}
