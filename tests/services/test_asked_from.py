"""An item added, changed or resumed in the afternoon has missed no morning."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from app.db import reading
from app.diary.regimen import counts_between, ledger_between
from app.domain.timing import DoseTime, times_every
from app.models import Dosage, Pause, RegimenItem, User
from app.records import PAUSE
from app.services.dosage_corrections import correct_dosage
from app.services.dosages import DosageInput, TaperStep, change_by_steps, change_dosage
from app.services.dose_input import Answer
from app.services.history import Decision
from app.services.items import ItemInput, add_item, restart_item, stop_item
from app.services.pauses import end_pause, save_pause
from app.services.versions import bump_regimen_version
from tests.support.databases import Rows
from tests.support.people import save
from tests.support.regimens import EVENING, MORNING, daily, decided, log_dose, taken

# 14:30 in Berlin.
AFTERNOON = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)
LAST_WEEK = TODAY - timedelta(days=7)
NOON = time(12)
TWICE = daily((MORNING, 1), (EVENING, 1))


def at(user: User, minutes_later: float = 0) -> Decision:
    return decided(user, -minutes_later, now=AFTERNOON)


def added(
    session: Session,
    user: User,
    dosage: DosageInput = TWICE,
    starts_on: date = TODAY,
    decision: Decision | None = None,
    **more: Any,
) -> RegimenItem:
    item = ItemInput(name="Finasteride", starts_on=starts_on, dosage=dosage, **more)
    row = add_item(session, user, item, decision or at(user))
    session.commit()
    return row


def added_last_week(session: Session, user: User, dosage: DosageInput = TWICE) -> RegimenItem:
    long_ago = decided(user, now=AFTERNOON - timedelta(days=8))
    return added(session, user, dosage, LAST_WEEK, long_ago)


def standings(
    session: Session, user: User, on: date = TODAY, today: date = TODAY
) -> dict[str, str]:
    bump_regimen_version(session, user)
    session.commit()
    with reading(session.get_bind().engine) as reader:
        rows = ledger_between(reader, reader.get_one(User, user.id), on, on, today=today)
    return {f"{row.at:%H:%M}": row.standing.value for row in rows}


def test_an_item_added_in_the_afternoon_missed_no_morning(session: Session, alice: User) -> None:
    added(session, alice)

    assert standings(session, alice) == {"08:00": "before", "21:00": "waiting"}
    assert standings(session, alice, today=TOMORROW) == {"08:00": "before", "21:00": "missed"}
    count = counts_between(session, alice, TODAY, TODAY, today=TOMORROW)[TODAY]
    assert (count.asked, count.due, count.taken) == (1, 1, 0)


def test_its_morning_can_still_be_logged_and_then_counts(session: Session, alice: User) -> None:
    item = added(session, alice)
    log_dose(session, alice, item, taken(TODAY, occurred_time=MORNING), at(alice, 1))

    assert standings(session, alice) == {"08:00": "taken", "21:00": "waiting"}
    count = counts_between(session, alice, TODAY, TODAY, today=TOMORROW)[TODAY]
    assert (count.asked, count.due, count.taken) == (2, 2, 1)
    log_dose(session, alice, item, taken(TODAY, status=Answer.NOTHING), at(alice, 2))
    assert standings(session, alice) == {"08:00": "before", "21:00": "waiting"}


def test_every_eight_hours_from_ten_at_night_begins_at_ten_at_night(
    session: Session, alice: User
) -> None:
    times = tuple(DoseTime(each, 1) for each in times_every(8, time(22)))
    evening = decided(alice, now=AFTERNOON + timedelta(hours=6, minutes=30))
    dosage = DosageInput(unit="mg", kind=TWICE.kind, times=times)
    added(session, alice, dosage, decision=evening)

    assert standings(session, alice, today=TOMORROW) == {
        **{"06:00": "before", "14:00": "before"},
        "22:00": "missed",
    }
    assert set(standings(session, alice, TOMORROW).values()) == {"waiting"}


def test_the_clock_is_the_persons_own(session: Session, alice: User) -> None:
    alice.time_zone = "America/New_York"
    save(session, alice)
    added(session, alice, daily((MORNING, 1), (time(9), 1)))

    assert standings(session, alice) == {"08:00": "before", "09:00": "waiting"}


def test_a_start_years_before_a_new_log_is_asked_for_from_now_on(
    session: Session, alice: User
) -> None:
    alice.began_on = TODAY
    save(session, alice)
    added(session, alice, starts_on=date(2024, 1, 1))

    assert standings(session, alice) == {"08:00": "before", "21:00": "waiting"}


def test_a_start_last_week_keeps_the_slots_since_then(session: Session, alice: User) -> None:
    added(session, alice, starts_on=LAST_WEEK)

    assert set(standings(session, alice, LAST_WEEK).values()) == {"missed"}
    assert set(standings(session, alice).values()) == {"waiting"}


def test_a_start_tomorrow_has_its_whole_first_day(session: Session, alice: User) -> None:
    added(session, alice, starts_on=TOMORROW)

    assert set(standings(session, alice, TOMORROW).values()) == {"waiting"}


def test_adding_the_same_item_again_keeps_the_minute_it_was_first_added(
    session: Session, alice: User
) -> None:
    row = added(session, alice, daily((time(14), 1), (time(15), 1)))
    again = ItemInput(name="Finasteride", starts_on=TODAY, dosage=daily((time(15), 1)))
    add_item(session, alice, again, at(alice, 60), row.id)

    assert standings(session, alice) == {"15:00": "waiting"}


def test_a_correction_does_not_bring_the_morning_back(
    session: Session, alice: User, rows: Rows
) -> None:
    added(session, alice)
    (dosage,) = rows(Dosage)
    dosage = session.get_one(Dosage, dosage.id)
    correct_dosage(session, dosage, daily((time(8, 30), 1), (time(16), 1)), at(alice, 10))

    assert standings(session, alice) == {"08:30": "before", "16:00": "waiting"}


def test_a_change_from_today_adds_no_missed_time_and_excuses_none(
    session: Session, alice: User
) -> None:
    item = added_last_week(session, alice)
    change_dosage(session, item, daily((MORNING, 2), (NOON, 2), (EVENING, 2)), TODAY, at(alice))

    assert standings(session, alice, today=TOMORROW) == {
        **{"08:00": "missed", "12:00": "before"},
        "21:00": "missed",
    }


def test_a_change_from_yesterday_asks_for_the_whole_of_both_days(
    session: Session, alice: User
) -> None:
    item = added_last_week(session, alice)
    change_dosage(session, item, daily((NOON, 2)), TODAY - timedelta(days=1), at(alice))

    assert standings(session, alice) == {"12:00": "waiting"}


def test_a_step_of_a_taper_from_today_misses_nothing_earlier(session: Session, alice: User) -> None:
    item = added_last_week(session, alice, daily((EVENING, 1)))
    steps = [TaperStep(TODAY, 2), TaperStep(TODAY + timedelta(days=7), 3)]
    change_by_steps(session, item, daily((NOON, 1), (EVENING, 1)), steps, at(alice))

    assert standings(session, alice) == {"12:00": "before", "21:00": "waiting"}
    next_week = TODAY + timedelta(days=7)
    assert set(standings(session, alice, next_week).values()) == {"waiting"}


@pytest.fixture
def paused(session: Session, alice: User) -> Pause:
    item = added_last_week(session, alice)
    save_pause(
        session,
        alice,
        PAUSE.row(id=item.id, regimen_item_id=item.id, starts_on=TODAY - timedelta(days=2)),
        decided(alice, now=AFTERNOON - timedelta(days=2)),
    )
    session.commit()
    return session.get_one(Pause, item.id)


def test_a_pause_ended_in_the_afternoon_missed_no_morning(
    session: Session, alice: User, paused: Pause
) -> None:
    end_pause(session, alice, paused, TODAY, at(alice))

    assert standings(session, alice, TODAY - timedelta(days=1)) == {
        **{"08:00": "paused"},
        "21:00": "paused",
    }
    assert standings(session, alice) == {"08:00": "before", "21:00": "waiting"}


def test_a_pause_whose_last_day_is_set_to_yesterday_is_ended_now(
    session: Session, alice: User, paused: Pause
) -> None:
    item = session.get_one(RegimenItem, paused.regimen_item_id)
    yesterday = TODAY - timedelta(days=1)
    starts_on = paused.starts_on
    days = PAUSE.row(id=paused.id, regimen_item_id=item.id, starts_on=starts_on, ends_on=yesterday)
    save_pause(session, alice, days, at(alice))
    assert standings(session, alice) == {"08:00": "before", "21:00": "waiting"}

    noted = PAUSE.like(days, ends_on=yesterday, note="Dermatitis")
    save_pause(session, alice, noted, at(alice, 60))
    assert standings(session, alice) == {"08:00": "before", "21:00": "waiting"}


def test_a_pause_entered_after_it_was_over_excuses_nothing_today(
    session: Session, alice: User
) -> None:
    item = added_last_week(session, alice)
    days = PAUSE.row(
        id=item.id,
        regimen_item_id=item.id,
        starts_on=LAST_WEEK,
        ends_on=TODAY - timedelta(days=1),
    )
    save_pause(session, alice, days, at(alice))

    assert standings(session, alice) == {"08:00": "waiting", "21:00": "waiting"}


def test_a_restart_in_the_afternoon_missed_no_morning(session: Session, alice: User) -> None:
    item = added_last_week(session, alice)
    stop_item(session, item, TODAY - timedelta(days=3), "", at(alice, -60))
    restart_item(session, alice, item, TODAY, at(alice))

    assert set(standings(session, alice, TODAY - timedelta(days=1)).values()) == {"paused"}
    assert standings(session, alice) == {"08:00": "before", "21:00": "waiting"}


def test_a_restart_from_tomorrow_has_its_whole_first_day(session: Session, alice: User) -> None:
    item = added_last_week(session, alice)
    stop_item(session, item, TODAY - timedelta(days=3), "", at(alice, -60))
    restart_item(session, alice, item, TOMORROW, at(alice))

    assert set(standings(session, alice, TOMORROW).values()) == {"waiting"}
