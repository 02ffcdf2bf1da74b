"""The demo's year: what the story says is there, and the ledger agrees with it."""

from collections import Counter
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.db import writing
from app.demo import make_demo_year
from app.diary.regimen import Item, ledger_between, load_regimen
from app.domain.adherence import measure
from app.domain.ledger import DoseStatus, Row, Standing
from app.domain.life_events import LIFE_EVENTS
from app.domain.shedding import CountMethod, noise_of, own_range, sets_of
from app.models import (
    CheckIn,
    DoseEvent,
    EntryVersion,
    Note,
    NoteKind,
    RegimenItem,
    SheddingCount,
    SymptomReport,
    User,
)
from app.services.check_ins import questions_of
from tests.support.clock import NOW
from tests.support.databases import on_sqlite
from tests.support.people import make_user

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("alices_year")]


@on_sqlite
def test_the_account_began_a_year_ago_and_keeps_its_zone(alice: User) -> None:
    assert alice.began_on == alice.today(NOW) - timedelta(days=365)
    assert alice.time_zone == "Europe/Berlin"
    assert alice.created_at <= NOW - timedelta(days=365)


@on_sqlite
def test_most_doses_of_the_year_were_taken_and_not_all(session: Session, alice: User) -> None:
    figures = measure(ledger_of(session, alice))
    doses = figures.doses

    assert doses.taken_of_due == pytest.approx(0.93, abs=0.02)
    assert doses.skipped > 30
    assert doses.missed > 30
    assert 20 < doses.backfilled < 0.06 * doses.taken
    assert figures.in_window / figures.timed == pytest.approx(0.98, abs=0.015)


def test_the_ledger_holds_every_event_once_and_none_before_the_log_began(
    session: Session, alice: User
) -> None:
    rows = ledger_of(session, alice)
    shown = Counter(row.event.id for row in rows if row.event)
    kept = session.exec(select(DoseEvent.id)).all()

    assert shown == Counter(kept)
    assert min(row.on for row in rows) == alice.began_on


@on_sqlite
def test_magnesium_was_raised_four_weeks_ago_and_paused_for_a_stomach_bug(
    session: Session, alice: User
) -> None:
    magnesium = item_named(session, alice, "Magnesium L-threonate")
    today = alice.today(NOW)
    before, since = magnesium.plan.dosages

    assert before.timing.amount_a_day == 1000
    assert since.timing.amount_a_day == 2000
    assert since.timing.starts_on == today - timedelta(days=28)
    assert [time.amount for time in since.timing.times] == [667, 1333]
    assert magnesium.active_mg(2000, "mg") == 144
    assert [(pause.starts_on, pause.ends_on) for pause in magnesium.pauses] == [
        (today - timedelta(days=95), today - timedelta(days=92))
    ]


@on_sqlite
def test_items_were_stopped_and_paused_with_a_reason(session: Session, alice: User) -> None:
    today = alice.today(NOW)
    standings = {
        item.name: item.standing_on(today) for item in load_regimen(session, alice.id).items
    }

    assert [name for name, standing in standings.items() if standing == "stopped"] == [
        "Omega-3",
        "Biotin",
    ]
    assert [name for name, standing in standings.items() if standing == "paused"] == [
        "Microneedling"
    ]
    assert item_named(session, alice, "Omega-3").end_reason == "Ran out"
    assert (item_named(session, alice, "Omega-3").ends_on or today).month == 9


@on_sqlite
def test_a_holiday_was_logged_by_the_clock_of_another_zone(session: Session, alice: User) -> None:
    abroad = [row for row in ledger_of(session, alice) if zone_of(row) == "Asia/Tokyo"]

    assert len({row.on for row in abroad}) == 10
    assert all(abs(row.minutes_off or 0) < 360 for row in abroad)


@on_sqlite
def test_doses_were_skipped_for_many_reasons_and_some_halved_or_extra(
    session: Session, alice: User
) -> None:
    rows = ledger_of(session, alice)
    reasons = {row.event.reason for row in rows if row.event and row.event.reason}
    halves = [
        row for row in rows if row.event and row.is_taken and row.event.amount != row.planned_amount
    ]

    assert reasons >= {
        *("travel", "ran_out", "side_effect", "forgot", "doctors_advice", "blood_test"),
    }
    assert len(halves) >= 3
    assert sum(row.standing is Standing.EXTRA for row in rows) > 50


@on_sqlite
def test_a_bad_weekend_left_nothing(session: Session, alice: User) -> None:
    due = [row for row in ledger_of(session, alice) if row.is_due]
    empty = [on for on in sorted({row.on for row in due}) if not any_taken(due, on)]

    assert [on.isoweekday() for on in empty] == [6, 7]


@on_sqlite
def test_most_days_have_a_check_in_and_sleep_came_later(session: Session, alice: User) -> None:
    check_ins = session.exec(CheckIn.between(alice.id, alice.began_on, alice.today(NOW))).all()
    with_sleep = [check_in.on for check_in in check_ins if check_in.sleep is not None]

    assert len(check_ins) / 365 == pytest.approx(0.86, abs=0.05)
    assert min(with_sleep) >= alice.today(NOW) - timedelta(days=120)
    assert sum(check_in.note != "" for check_in in check_ins) > 8
    asked = [question.slug for question in questions_of(session, alice) if question.is_asked]
    assert asked == ["gi_upset", "headache", "mood", "energy", "sleep"]


@on_sqlite
def test_headaches_came_more_often_after_the_dose_was_raised(session: Session, alice: User) -> None:
    today = alice.today(NOW)
    raised_on = today - timedelta(days=28)
    reports = session.exec(SymptomReport.between(alice.id, alice.began_on, today)).all()
    headaches = [report for report in reports if report.symptom == "headache"]
    before = [report.severity > 0 for report in headaches if report.on < raised_on]
    since = [report.severity > 0 for report in headaches if report.on >= raised_on]

    assert sum(since) / len(since) > 2 * sum(before) / len(before)
    assert {report.severity for report in reports} >= {0, 1, 2, 3}


@on_sqlite
def test_notes_and_events_tell_the_year_in_plain_words(session: Session, alice: User) -> None:
    notes = session.exec(Note.newest_first(alice.id)).all()
    labels = {note.label for note in notes if note.kind is NoteKind.EVENT}

    assert 24 <= len(notes) <= 32
    assert labels >= {"haircut", "fever", "blood_test", "travel", "stress", "wash", "dye"}
    assert len(labels - set(LIFE_EVENTS)) == 1


@on_sqlite
def test_hairs_were_counted_in_sets_more_fell_after_minoxidil_and_fewer_in_the_end(
    session: Session, alice: User
) -> None:
    today = alice.today(NOW)
    rows = session.exec(SheddingCount.between(alice.id, alice.began_on, today)).all()
    combed, washed = (
        sets_of(row.reading for row in rows if row.method is method)
        for method in (CountMethod.SIXTY_SECOND, CountMethod.WASH)
    )
    minoxidil = today - timedelta(days=304)
    shed = [
        each.mean
        for each in combed
        if minoxidil + timedelta(days=14) <= each.first_on <= minoxidil + timedelta(days=50)
    ]
    before = own_range(combed, minoxidil)

    assert {len(each.readings) for each in [*combed, *washed]} == {3}
    assert 18 <= len(combed) <= 28
    assert 10 <= len(washed) <= 14
    assert before is not None
    assert before.sets >= 4
    assert min(shed) > before.highest
    assert max(each.mean for each in combed[-3:]) < before.highest
    noise = noise_of(combed)
    assert noise is not None
    assert 1.5 < noise.sem < 3.5


@on_sqlite
@pytest.mark.parametrize("days", range(7))
def test_whatever_weekday_it_is_the_baseline_has_enough_sets(
    session: Session, bob: User, days: int
) -> None:
    now = NOW + timedelta(days=days)
    make_demo_year(session, bob, now)
    today = bob.today(now)
    rows = session.exec(SheddingCount.between(bob.id, bob.began_on, today)).all()
    combed = sets_of(row.reading for row in rows if row.method is CountMethod.SIXTY_SECOND)

    assert own_range(combed, today - timedelta(days=304)) is not None
    assert rows[-1].method is CountMethod.SIXTY_SECOND
    assert rows[-1].logged_at <= now


@on_sqlite
def test_this_morning_is_taken_and_this_evening_open(session: Session, alice: User) -> None:
    today = alice.today(NOW)
    rows = ledger_between(session, alice, today, today, today=today)
    morning = [row for row in rows if row.at is not None and row.at.hour < 12]
    evening = [row for row in rows if row.at is not None and row.at.hour > 12]

    assert {row.standing for row in morning} == {Standing.TAKEN}
    assert {row.standing for row in evening} == {Standing.WAITING}
    assert len(morning) == 4
    check_in = session.exec(CheckIn.between(alice.id, today, today)).one()
    assert check_in.mood is not None
    assert check_in.energy is None
    doses = select(EntryVersion).where(EntryVersion.kind == "dose_event")
    assert len(session.exec(doses).all()) == len(morning)


@on_sqlite
def test_nothing_was_logged_before_it_happened_or_after_now(session: Session, alice: User) -> None:
    for event in session.exec(select(DoseEvent)):
        assert event.occurred_at <= NOW
        assert event.logged_at <= NOW
    assert session.exec(select(CheckIn).where(col(CheckIn.logged_at) > NOW)).all() == []


@on_sqlite
def test_two_accounts_get_the_same_year_and_two_years_fit_one_server(
    session: Session, alice: User, bob: User
) -> None:
    make_demo_year(session, bob, NOW)
    session.commit()

    assert told(session, alice) == told(session, bob)


@on_sqlite
def test_a_year_early_in_the_morning_has_no_dose_from_the_future(engine: Engine) -> None:
    with writing(engine) as session:
        carol = make_user("Carol")
        session.add(carol)
        session.flush()
        early = NOW.replace(hour=3, minute=5)
        make_demo_year(session, carol, early)

        today = carol.today(early)
        rows = ledger_between(session, carol, today, today, today=today)
        assert {row.standing for row in rows} <= {Standing.WAITING, Standing.PAUSED}


@on_sqlite
def test_the_year_is_made_in_seconds(session: Session, bob: User) -> None:
    began = perf_counter()
    make_demo_year(session, bob, NOW)
    session.commit()

    assert perf_counter() - began < 10


def ledger_of(session: Session, user: User) -> list[Row]:
    today = user.today(NOW)
    return ledger_between(session, user, user.began_on, today, today=today)


def item_named(session: Session, user: User, name: str) -> Item:
    return next(item for item in load_regimen(session, user.id).items if item.name == name)


def zone_of(row: Row) -> str:
    return row.event.time_zone if row.event else ""


def any_taken(rows: list[Row], on: object) -> bool:
    return any(row.is_taken for row in rows if row.on == on)


def told(session: Session, user: User) -> list[tuple[Any, ...]]:
    """What a year says, without the ids that differ from account to account."""
    names = dict(
        session.exec(
            select(RegimenItem.id, RegimenItem.name).where(RegimenItem.user_id == user.id)
        ).all()
    )
    doses: list[tuple[str, object, object, DoseStatus, datetime, float | None]] = [
        (names[e.regimen_item_id], e.due_on, e.due_time, e.status, e.occurred_at, e.amount)
        for e in session.exec(select(DoseEvent).where(DoseEvent.user_id == user.id))
    ]
    days = [
        (c.on, c.mood, c.energy, c.sleep, c.note)
        for c in session.exec(select(CheckIn).where(CheckIn.user_id == user.id))
    ]
    symptoms = [
        (s.on, s.symptom, s.severity)
        for s in session.exec(select(SymptomReport).where(SymptomReport.user_id == user.id))
    ]
    counts = [
        (c.on, c.method, c.run, c.hairs, c.note)
        for c in session.exec(select(SheddingCount).where(SheddingCount.user_id == user.id))
    ]
    return sorted([*doses, *days, *symptoms, *counts], key=repr)
