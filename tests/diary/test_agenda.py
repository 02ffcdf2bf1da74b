"""What a day asks, as data and without a web request."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from app.diary import Diary
from app.diary.agenda import (
    Agenda,
    agenda_on,
    dose_in_slot,
    dose_of_event,
    items_for_an_extra_dose,
    taken_of_due,
)
from app.diary.regimen import counts_between
from app.domain.ledger import DayCount, Standing
from app.domain.spans import week_of
from app.domain.timing import TimingKind
from app.errors import NotFound
from app.models import RegimenItem, User
from app.services.dosages import DosageInput
from app.services.dose_input import Answer
from tests.support.clock import NOW
from tests.support.regimens import EVENING, MORNING, add, daily, decided, log_dose, taken

TODAY = NOW.date()
DAY = timedelta(days=1)
SOLUTION: dict[str, Any] = {"catalogue_id": "minoxidil-topical-solution", "route": "scalp"}


@pytest.fixture
def minoxidil(session: Session, alice: User) -> RegimenItem:
    """One millilitre at 08:00 and at 21:00, dry after 20 minutes."""
    return add(session, alice, dry_minutes=20, **SOLUTION)


@pytest.fixture
def paracetamol(session: Session, alice: User) -> RegimenItem:
    """At most three times a day, six hours apart."""
    as_needed = DosageInput(
        unit="mg", kind=TimingKind.AS_NEEDED, usual_amount=500, gap_hours=6, daily_maximum=3
    )
    return add(session, alice, "Paracetamol", as_needed)


def diary_of(session: Session, user: User, now: datetime = NOW) -> Diary:
    session.commit()
    session.refresh(user)
    return Diary(session, user, now)


def read(session: Session, user: User, days: int = 0, now: datetime = NOW) -> Agenda:
    """The agenda of a day, so many days from today."""
    return agenda_on(diary_of(session, user, now), TODAY + days * DAY)


def test_a_day_says_what_is_taken_what_is_late_and_what_waits(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, taken(TODAY))
    add(session, alice, "Biotin", daily((time(21, 30), 5), (time(22), 5)))

    agenda = read(session, alice)

    assert [(dose.row.standing, dose.is_late) for dose in agenda.doses] == [
        (Standing.TAKEN, False),
        (Standing.WAITING, True),
        (Standing.WAITING, True),
        (Standing.WAITING, False),
    ]
    assert [dose.item.name for dose in agenda.waiting] == ["Minoxidil", "Biotin", "Biotin"]
    assert agenda.count == DayCount(asked=4, due=1, taken=1)


def test_a_dose_is_late_from_the_sixth_minute_on(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    at_nine = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)

    late = [
        read(session, alice, now=at_nine + timedelta(minutes=minutes)).doses[1].is_late
        for minutes in (0, 5, 6)
    ]

    assert late == [False, False, True]


def test_a_day_that_is_over_has_missed_doses_and_none_that_wait(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, taken(TODAY - DAY, status=Answer.SKIPPED))

    agenda = read(session, alice, -1)

    assert agenda.waiting == []
    assert [dose.row.at for dose in agenda.missed] == [EVENING]
    assert agenda.count == DayCount(asked=2, due=2, taken=0)


def test_doses_stand_in_the_parts_of_the_day_in_the_persons_order(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    alice.preferences.day_parts = [["evening", "After work"]]

    agenda = read(session, alice)

    assert [(group.part.name, len(group.doses)) for group in agenda.groups] == [
        ("After work", 1),
        ("Morning", 1),
    ]


def test_a_part_of_the_day_is_done_once_each_of_its_doses_is_answered(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, taken(TODAY))

    assert [group.is_done for group in read(session, alice).groups] == [True, False]


def test_an_item_taken_as_needed_says_what_was_taken_and_when_the_next_is_allowed(
    session: Session, alice: User, paracetamol: RegimenItem
) -> None:
    log_dose(session, alice, paracetamol, taken(TODAY, None), decided(alice, 60))

    agenda = read(session, alice)
    (needed,) = agenda.as_needed

    assert (needed.taken, needed.taken_in_week, needed.is_over) == (1, 1, False)
    assert needed.allowed_at == NOW + timedelta(hours=5)
    assert [dose.row.standing for dose in needed.logged] == [Standing.EXTRA]
    assert agenda.groups == ()
    assert agenda.count == DayCount()


def test_an_extra_dose_can_be_logged_of_each_item_with_a_dosage_but_those_taken_as_needed(
    session: Session, alice: User, minoxidil: RegimenItem, paracetamol: RegimenItem
) -> None:
    add(session, alice, "Biotin", daily((MORNING, 5)), starts_on=TODAY + DAY)
    diary = diary_of(session, alice)

    names = [
        [item.name for item in items_for_an_extra_dose(diary, agenda_on(diary, on))]
        for on in (TODAY, TODAY + DAY)
    ]

    assert names == [["Minoxidil"], ["Minoxidil", "Biotin"]]


def test_an_as_needed_item_is_over_at_its_daily_maximum(
    session: Session, alice: User, paracetamol: RegimenItem
) -> None:
    for minutes in (60, 500, 800):
        log_dose(session, alice, paracetamol, taken(TODAY, None), decided(alice, minutes))

    (needed,) = read(session, alice).as_needed
    assert (needed.taken, needed.is_over) == (3, True)


def test_a_dose_that_was_just_applied_says_when_it_is_dry(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    log_dose(session, alice, minoxidil, taken(TODAY, EVENING), decided(alice, 5))

    dose = dose_in_slot(
        diary_of(session, alice), read(session, alice).doses[1].item, TODAY, EVENING
    )

    assert dose.dry_at == NOW + timedelta(minutes=15)


def test_a_topical_waits_after_needling_until_the_hours_are_over(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    how: dict[str, Any] = {"catalogue_id": "microneedling", "route": "needling"}
    needling = add(session, alice, "Microneedling", daily((time(20), 1), unit="session"), **how)
    log_dose(session, alice, needling, taken(TODAY, time(20)), decided(alice, 60))

    evening = next(dose for dose in read(session, alice).doses if dose.row.at == EVENING)

    assert evening.waiting_period is not None
    assert evening.waiting_period.caused_by.name == "Microneedling"
    assert evening.waiting_period.until == NOW + timedelta(hours=23)
    day_after = read(session, alice, 1).doses
    assert [dose.waiting_period is not None for dose in day_after] == [True, False, False]


def test_the_open_slot_nearest_to_now_is_the_one_proposed(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    agenda = read(session, alice)
    item = agenda.doses[0].item

    nearest = agenda.nearest_open(item, NOW)
    assert nearest is not None
    assert nearest.row.at == EVENING
    log_dose(session, alice, minoxidil, taken(TODAY, EVENING))
    nearest = read(session, alice).nearest_open(item, NOW)
    assert nearest is not None
    assert nearest.row.at == MORNING


def test_a_slot_or_an_event_that_is_not_there_is_not_found(
    session: Session, alice: User, bob: User, minoxidil: RegimenItem
) -> None:
    event_id = log_dose(session, alice, minoxidil, taken(TODAY))
    diary = diary_of(session, alice)

    assert dose_of_event(diary, event_id, TODAY).row.at == MORNING
    with pytest.raises(NotFound):
        dose_in_slot(diary, diary.item(minoxidil.id), TODAY, time(9))
    with pytest.raises(NotFound):
        dose_of_event(diary_of(session, bob), event_id, TODAY)


def test_the_share_of_a_week_is_what_was_taken_of_what_was_due(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    last_week = week_of(TODAY - 7 * DAY)
    log_dose(session, alice, minoxidil, taken(last_week.first))
    diary = diary_of(session, alice)

    counts = counts_between(session, alice, last_week.first, TODAY, today=diary.today)

    assert taken_of_due(counts, last_week) == 1 / 14
    assert taken_of_due(counts, week_of(TODAY + 7 * DAY)) is None
