"""Logging a dose: what is kept, what is refused, and who wins."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from app.diary.agenda import next_allowed_at
from app.diary.regimen import events_between, ledger_between, load_regimen
from app.domain.ledger import DoseStatus, Standing
from app.domain.timing import DoseTime, TimingKind
from app.errors import NotFound, Refused
from app.models import DoseEvent, RegimenItem, SkipReason, User, slot_event_id
from app.services.dosages import DosageInput
from app.services.dose_input import Answer, DoseInput
from tests.support.clock import NOW
from tests.support.databases import DOSE_VERSIONS, Rows
from tests.support.people import BEGAN_ON
from tests.support.regimens import EVENING, MORNING, add, daily, decided, log_dose, taken

TODAY = date(2026, 11, 23)
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def minoxidil(session: Session, alice: User) -> RegimenItem:
    return add(session, alice)


def skipped(on: date, at: time | None = MORNING) -> DoseInput:
    return DoseInput(due_on=on, due_time=at, status=Answer.SKIPPED, reason=SkipReason.TRAVEL)


def nothing(on: date, at: time | None = MORNING, event_id: UUID | None = None) -> DoseInput:
    return DoseInput(due_on=on, due_time=at, status=Answer.NOTHING, id=event_id)


def test_a_dose_of_a_slot_takes_the_planned_amount_and_the_instant_of_the_tap(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, taken(TODAY, EVENING), decided(alice, 2))

    (event,) = rows(DoseEvent)
    assert event.id == slot_event_id(minoxidil.id, TODAY, EVENING)
    assert (event.amount, event.unit, event.status) == (1, "mL", DoseStatus.TAKEN)
    assert event.occurred_at == event.logged_at == NOW - timedelta(minutes=2)
    assert (event.time_zone, event.iso_week) == ("Europe/Berlin", 202648)


def test_a_dose_of_a_day_that_is_over_was_on_time_unless_said_otherwise(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, taken(YESTERDAY))

    (event,) = rows(DoseEvent)
    assert event.occurred_at == datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
    assert event.logged_at == NOW


def test_a_time_typed_in_belongs_to_the_day_of_the_dose(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    late = taken(YESTERDAY, EVENING, occurred_time=time(1, 15))
    log_dose(session, alice, minoxidil, late)

    assert rows(DoseEvent)[0].occurred_at == datetime(2026, 11, 23, 0, 15, tzinfo=UTC)


def test_two_devices_with_the_same_answer_make_one_dose(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, taken(TODAY), decided(alice, 9))
    log_dose(session, alice, minoxidil, taken(TODAY), decided(alice, 4))

    (event,) = rows(DoseEvent)
    assert event.logged_at == NOW - timedelta(minutes=4)
    assert len(rows(DOSE_VERSIONS)) == 2


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_two_devices_with_different_answers_keep_the_later_one_in_any_order(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem, order: tuple[int, ...]
) -> None:
    told = [
        (taken(TODAY), decided(alice, 30)),
        (nothing(TODAY), decided(alice, 20)),
        (skipped(TODAY), decided(alice, 10)),
    ]
    for number in order:
        log_dose(session, alice, minoxidil, *told[number])

    assert [event.status for event in rows(DoseEvent)] == [DoseStatus.SKIPPED]


def test_a_dose_taken_back_leaves_its_slot_open_again(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, taken(TODAY), decided(alice, 9))
    log_dose(session, alice, minoxidil, nothing(TODAY), decided(alice, 4))

    rows = ledger_between(session, alice, TODAY, TODAY, today=TODAY)
    assert [row.standing for row in rows] == [Standing.WAITING, Standing.WAITING]


def test_a_reason_is_gone_when_a_skip_becomes_a_dose(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, skipped(TODAY), decided(alice, 9))
    assert rows(DoseEvent)[0].reason == "travel"
    log_dose(session, alice, minoxidil, taken(TODAY), decided(alice, 4))

    assert rows(DoseEvent)[0].reason is None


def test_a_dose_without_a_slot_is_known_by_its_own_id(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    event_id = uuid4()
    dose = taken(TODAY, None, id=event_id, amount=0.5)
    log_dose(session, alice, minoxidil, dose, decided(alice, 9))
    log_dose(session, alice, minoxidil, dose, decided(alice, 9))

    (event,) = rows(DoseEvent)
    assert (event.id, event.due_time, event.amount) == (event_id, None, 0.5)
    log_dose(session, alice, minoxidil, nothing(TODAY, None, event_id))
    assert rows(DoseEvent) == []


def test_an_event_of_a_stranger_cannot_be_changed_or_taken_back(
    session: Session, rows: Rows, alice: User, bob: User, minoxidil: RegimenItem
) -> None:
    event_id = log_dose(session, alice, minoxidil, taken(TODAY, None, note="Alice's"))
    his = add(session, bob)

    with pytest.raises(NotFound):
        log_dose(session, bob, his, taken(TODAY, None, id=event_id, note="Bob's"))
    session.rollback()
    log_dose(session, bob, his, nothing(TODAY, None, event_id))

    assert [(event.note, event.user_id) for event in rows(DoseEvent)] == [("Alice's", alice.id)]


@pytest.mark.parametrize(
    "on", [BEGAN_ON - timedelta(days=1), TOMORROW + timedelta(days=1), date(1900, 1, 1)]
)
@pytest.mark.parametrize("status", list(Answer))
def test_days_before_the_log_and_after_tomorrow_are_refused(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem, on: date, status: Answer
) -> None:
    dose = DoseInput(due_on=on, due_time=MORNING, status=status)
    with pytest.raises(Refused):
        log_dose(session, alice, minoxidil, dose)
    session.rollback()

    assert rows(DoseEvent) == []
    assert rows(DOSE_VERSIONS) == []


def test_tomorrows_dose_may_be_taken_tonight(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, taken(TOMORROW))

    assert rows(DoseEvent)[0].occurred_at == NOW


def test_a_time_that_has_not_come_yet_is_refused(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    with pytest.raises(Refused, match="is in the future"):
        log_dose(session, alice, minoxidil, taken(TODAY, EVENING, occurred_time=time(23)))


def test_clocks_may_differ_by_some_minutes(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    soon = taken(TODAY, EVENING, occurred_at=NOW + timedelta(minutes=9))
    log_dose(session, alice, minoxidil, soon)

    assert rows(DoseEvent)[0].occurred_at == NOW + timedelta(minutes=9)


def test_an_entry_keeps_the_zone_of_its_phone_and_a_later_journey_moves_nothing(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    at_home = taken(YESTERDAY, occurred_time=time(8, 5))
    log_dose(session, alice, minoxidil, at_home, decided(alice, 2200))
    before = ledger_between(session, alice, YESTERDAY, YESTERDAY, today=TODAY)
    alice.time_zone = "Asia/Tokyo"
    session.add(alice)
    session.commit()

    assert ledger_between(session, alice, YESTERDAY, YESTERDAY, today=TODAY) == before
    assert before[0].minutes_off == 5


def test_a_day_that_begins_earlier_from_now_on_makes_no_dose_late(
    session: Session, alice: User
) -> None:
    tablet = add(session, alice, "Tablet", daily((time(2), 1)), starts_on=YESTERDAY)
    two_at_night = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)
    log_dose(session, alice, tablet, taken(YESTERDAY, time(2)), decided(alice, now=two_at_night))

    alice.change_clock(alice.time_zone, time(1), NOW)
    (row,) = ledger_between(session, alice, YESTERDAY, YESTERDAY, today=TODAY)

    assert (row.is_backfilled, row.minutes_off) == (False, 5)


def test_a_dose_taken_in_tokyo_is_on_time_by_the_clock_there(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    dose = taken(YESTERDAY, occurred_time=time(8, 5), time_zone="Asia/Tokyo")
    log_dose(session, alice, minoxidil, dose, decided(alice, 2200))

    (morning, _evening) = ledger_between(session, alice, YESTERDAY, YESTERDAY, today=TODAY)
    assert morning.event is not None
    assert morning.event.occurred_at == datetime(2026, 11, 21, 23, 5, tzinfo=UTC)
    assert morning.minutes_off == 5


def test_a_slot_answered_from_an_old_page_is_kept_as_an_extra_dose(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, taken(YESTERDAY, time(13)))

    rows = ledger_between(session, alice, YESTERDAY, YESTERDAY, today=TODAY)
    assert [row.standing for row in rows] == [Standing.MISSED, Standing.EXTRA, Standing.MISSED]


def test_the_planned_amount_is_that_of_the_weekday(
    session: Session, rows: Rows, alice: User
) -> None:
    uneven = DosageInput(
        unit="mg",
        kind=TimingKind.WEEKDAYS,
        times=(DoseTime(MORNING, 1, "1"), DoseTime(MORNING, 2, "234567")),
    )
    item = add(session, alice, "Uneven", uneven)
    log_dose(session, alice, item, taken(YESTERDAY))
    log_dose(session, alice, item, taken(TODAY))

    assert {event.due_on: event.amount for event in rows(DoseEvent)} == {YESTERDAY: 2, TODAY: 1}


def test_seconds_do_not_make_another_slot(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, taken(TODAY, time(8, 0, 30)))

    rows = ledger_between(session, alice, TODAY, TODAY, today=TODAY)
    assert [(row.at, row.standing) for row in rows] == [
        (MORNING, Standing.TAKEN),
        (EVENING, Standing.WAITING),
    ]


def test_as_needed_doses_take_the_usual_amount_and_say_when_the_next_one_fits(
    session: Session, alice: User
) -> None:
    as_needed = DosageInput(
        unit="mg", kind=TimingKind.AS_NEEDED, usual_amount=500, gap_hours=6, daily_maximum=3
    )
    item = add(session, alice, "Paracetamol", as_needed)
    log_dose(session, alice, item, taken(TODAY, None), decided(alice, 60))
    value = load_regimen(session, alice.id).by_id[item.id]
    events = events_between(session, alice.id, TODAY, TODAY)

    assert events[0].amount == 500
    assert next_allowed_at(value, events, NOW, TODAY) == NOW + timedelta(hours=5)
    assert next_allowed_at(value, events, NOW + timedelta(hours=5), TODAY) is None
    assert next_allowed_at(value, [], NOW, TODAY) is None


def test_a_dose_over_the_limit_is_saved_all_the_same(
    session: Session, rows: Rows, alice: User
) -> None:
    as_needed = DosageInput(
        unit="mg", kind=TimingKind.AS_NEEDED, usual_amount=500, gap_hours=6, daily_maximum=1
    )
    item = add(session, alice, "Paracetamol", as_needed)
    for _ in range(3):
        log_dose(session, alice, item, taken(TODAY, None))

    assert len(rows(DoseEvent)) == 3


def test_the_history_can_tell_every_answer_of_a_slot(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    for minutes, dose in ((9, taken(TODAY)), (6, nothing(TODAY)), (3, skipped(TODAY))):
        log_dose(session, alice, minoxidil, dose, decided(alice, minutes))

    versions = session.exec(DOSE_VERSIONS).all()
    told = [version.state for version in sorted(versions, key=lambda each: each.changed_at)]
    assert {version.subject for version in versions} == {f"dose/{minoxidil.id}/2026-11-23/08:00"}
    assert [state and state["status"] for state in told] == ["taken", None, "skipped"]


def test_another_items_dose_at_the_same_time_is_another_dose(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    other = add(session, alice, "Finasteride", daily((MORNING, 1)))
    log_dose(session, alice, minoxidil, taken(TODAY))
    log_dose(session, alice, other, taken(TODAY))

    assert len(rows(DoseEvent)) == 2
