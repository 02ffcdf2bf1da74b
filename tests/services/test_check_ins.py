"""The answers to "How was today?", from one phone or two."""

from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlmodel import Session

from app.domain.symptoms import CHECK_IN_SCALES, SYMPTOMS
from app.errors import Refused
from app.models import CheckIn, EntryVersion, SymptomReport, TrackedSymptom, User
from app.records import SYMPTOM_REPORT
from app.services.check_ins import (
    answers_on,
    delete_symptom,
    questions_of,
    record_measure,
    record_symptom,
)
from app.services.history import Decision
from tests.support.databases import Rows
from tests.support.people import BEGAN_ON
from tests.support.regimens import add, decided

TODAY = date(2026, 11, 23)


def say(
    session: Session,
    user: User,
    field: str,
    value: Any,
    decision: Decision | None = None,
    on: date = TODAY,
) -> None:
    record_measure(session, user, on, field, value, decision or decided(user))
    session.commit()


def headache(severity: int, on: date = TODAY, **more: Any) -> SymptomReport:
    return SYMPTOM_REPORT.row(on=on, symptom="headache", severity=severity, **more)


def report(
    session: Session,
    user: User,
    severity: int | None,
    decision: Decision | None = None,
    **more: Any,
) -> None:
    decision = decision or decided(user)
    if severity is None:
        delete_symptom(session, user, TODAY, "headache", decision)
    else:
        record_symptom(session, user, headache(severity, **more), decision)
    session.commit()


def test_each_answer_is_kept_in_the_row_of_its_day(
    session: Session, rows: Rows, alice: User
) -> None:
    for field, value in (("mood", 4), ("energy", 2), ("sleep", 7), ("note", "Slept well")):
        say(session, alice, field, value)

    (check_in,) = rows(CheckIn)
    assert (check_in.mood, check_in.energy, check_in.sleep) == (4, 2, 7)
    assert (check_in.note, check_in.on, check_in.iso_week) == ("Slept well", TODAY, 202648)
    assert check_in.stress is None


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_two_phones_keep_the_last_answer_of_each_question(
    session: Session, rows: Rows, alice: User, order: tuple[int, ...]
) -> None:
    told = [
        ("mood", 1, decided(alice, 40)),
        ("energy", 5, decided(alice, 30)),
        ("mood", 3, decided(alice, 20)),
        ("energy", None, decided(alice, 10)),
    ]
    for number in order:
        say(session, alice, *told[number])

    (check_in,) = rows(CheckIn)
    assert (check_in.mood, check_in.energy) == (3, None)
    assert len(rows(EntryVersion)) == 4


def test_an_answer_of_zero_is_an_answer(session: Session, rows: Rows, alice: User) -> None:
    say(session, alice, "sleep", 0)

    assert rows(CheckIn)[0].sleep == 0


@pytest.mark.parametrize("empty", [None, ""])
@pytest.mark.parametrize(("field", "value"), [("mood", 3), ("note", "Fine")])
def test_a_check_in_without_any_answer_disappears(
    session: Session, rows: Rows, alice: User, field: str, value: object, empty: str | None
) -> None:
    say(session, alice, field, value, decided(alice, 9))
    say(session, alice, field, empty, decided(alice, 3))

    assert rows(CheckIn) == []
    assert len(rows(EntryVersion)) == 2


def test_taking_back_what_was_never_said_leaves_nothing(
    session: Session, rows: Rows, alice: User
) -> None:
    say(session, alice, "mood", None)

    assert rows(CheckIn) == []


def test_a_check_in_with_one_answer_left_stays(session: Session, rows: Rows, alice: User) -> None:
    say(session, alice, "mood", 3, decided(alice, 9))
    say(session, alice, "note", "Fine", decided(alice, 9))
    say(session, alice, "mood", None, decided(alice, 3))

    assert [(each.mood, each.note) for each in rows(CheckIn)] == [(None, "Fine")]


def test_replaying_an_answer_changes_nothing(session: Session, rows: Rows, alice: User) -> None:
    decision = decided(alice, 5)
    say(session, alice, "mood", 3, decision)
    say(session, alice, "mood", None, decided(alice, 3))
    say(session, alice, "mood", 3, decision)

    assert rows(CheckIn) == []


def test_one_entry_may_answer_several_questions(session: Session, rows: Rows, alice: User) -> None:
    decision = decided(alice)
    say(session, alice, "mood", 3, decision)
    say(session, alice, "energy", 4, decision)
    report(session, alice, 0, decision)

    assert len(rows(EntryVersion)) == 3
    assert (rows(CheckIn)[0].mood, rows(CheckIn)[0].energy) == (3, 4)


def test_a_severity_of_none_at_all_is_kept_and_differs_from_not_asked(
    session: Session, rows: Rows, alice: User
) -> None:
    report(session, alice, 0, decided(alice, 9))
    assert [each.severity for each in rows(SymptomReport)] == [0]
    report(session, alice, None, decided(alice, 3))
    assert rows(SymptomReport) == []


def test_a_symptom_has_one_report_a_day_with_the_last_word(
    session: Session, rows: Rows, alice: User
) -> None:
    item = add(session, alice)
    report(session, alice, 3, decided(alice, 3), interference=2, regimen_item_id=item.id)
    report(session, alice, 1, decided(alice, 9))

    (kept,) = rows(SymptomReport)
    assert (kept.severity, kept.interference, kept.regimen_item_id) == (3, 2, item.id)
    assert (kept.symptom, kept.iso_week) == ("headache", 202648)


def test_two_people_have_their_own_day(
    session: Session, rows: Rows, alice: User, bob: User
) -> None:
    for user, mood in ((alice, 2), (bob, 5)):
        say(session, user, "mood", mood)
        report(session, user, mood - 1)

    assert {(each.user_id, each.mood) for each in rows(CheckIn)} == {(alice.id, 2), (bob.id, 5)}
    check_in, reports = answers_on(session, alice, TODAY)
    assert check_in is not None
    assert (check_in.mood, reports["headache"].severity) == (2, 1)


@pytest.mark.parametrize("on", [BEGAN_ON - timedelta(days=1), TODAY + timedelta(days=2)])
def test_days_before_the_log_and_after_tomorrow_are_refused(
    session: Session, rows: Rows, alice: User, on: date
) -> None:
    with pytest.raises(Refused):
        say(session, alice, "mood", 3, on=on)
    with pytest.raises(Refused):
        record_symptom(session, alice, headache(1, on=on), decided(alice))
    session.rollback()

    assert rows(EntryVersion) == []


def test_a_day_in_the_past_can_be_filled_in(session: Session, rows: Rows, alice: User) -> None:
    say(session, alice, "mood", 3, on=BEGAN_ON)

    assert [each.on for each in rows(CheckIn)] == [BEGAN_ON]


def test_a_new_account_is_asked_four_things_and_can_ask_for_all_the_others(
    session: Session, alice: User
) -> None:
    questions = questions_of(session, alice)

    assert [each.slug for each in questions if each.is_asked] == [
        *("gi_upset", "headache", "mood", "energy"),
    ]
    assert {each.slug for each in questions} == {*SYMPTOMS, *CHECK_IN_SCALES}
    assert len(questions) == len({each.slug for each in questions})


def test_what_was_chosen_is_asked_in_its_order_with_own_words(
    session: Session, alice: User
) -> None:
    session.add_all(
        [
            TrackedSymptom(user_id=alice.id, slug="sleep", position=1),
            TrackedSymptom(user_id=alice.id, slug="own-1", name="Tight scalp", position=0),
            TrackedSymptom(user_id=alice.id, slug="mood", position=2, is_asked=False),
        ]
    )
    session.commit()
    asked = [each for each in questions_of(session, alice) if each.is_asked]

    assert [(each.slug, each.name, each.is_symptom) for each in asked] == [
        ("own-1", "Tight scalp", True),
        ("sleep", "Sleep", False),
    ]
    assert asked[0].is_own
    assert asked[0].subject(TODAY) == "symptom/2026-11-23/own-1"
    assert asked[1].subject(TODAY) == "check-in/2026-11-23/sleep"
