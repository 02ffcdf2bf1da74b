"""Other medicines and own rules: the newest decision counts, and every list is private."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from app.errors import NotFound, Refused
from app.models import ApartRule, EntryVersion, Medicine, RegimenItem, User
from app.records import APART_RULE, MEDICINE
from app.services.items import remove_item
from app.services.medicines import (
    remove_medicine,
    remove_rule,
    save_medicine,
    save_rule,
)
from tests.support.clock import NOW
from tests.support.databases import Rows
from tests.support.regimens import add, decided

LATER = NOW + timedelta(minutes=10)
THYROID = {"name": "Levothyroxine", "kind": "levothyroxine", "times": (time(7), time(19))}


def enter(
    session: Session,
    user: User,
    medicine: Mapping[str, Any] = THYROID,
    medicine_id: UUID | None = None,
    minutes_ago: float = 60,
) -> UUID:
    row_id = medicine_id or uuid4()
    row = MEDICINE.row(id=row_id, **medicine)
    save_medicine(session, user, row, decided(user, minutes_ago))
    session.commit()
    return row_id


def keep_apart(
    session: Session,
    user: User,
    first: UUID,
    second: UUID,
    hours: float = 4,
    rule_id: UUID | None = None,
    minutes_ago: float = 50,
) -> UUID:
    row_id = rule_id or uuid4()
    rule = APART_RULE.row(id=row_id, hours=hours)
    save_rule(session, user, rule, (first, second), decided(user, minutes_ago))
    session.commit()
    return row_id


@pytest.fixture
def minoxidil(session: Session, alice: User) -> RegimenItem:
    return add(session, alice)


def states(session: Session, subject: str) -> list[object]:
    versions = session.exec(
        select(EntryVersion)
        .where(EntryVersion.subject == subject)
        .order_by(EntryVersion.changed_at)  # type: ignore[arg-type]
    )
    return [each.state for each in versions]


def test_the_times_of_a_medicine_are_kept_by_the_clock(
    session: Session, rows: Rows, alice: User
) -> None:
    enter(session, alice)
    (medicine,) = rows(Medicine)

    assert medicine.times == (time(7), time(19))


def test_of_two_devices_the_later_decision_about_a_medicine_counts(
    session: Session, rows: Rows, alice: User
) -> None:
    medicine_id = enter(session, alice)
    for name, minutes_ago in (("From the phone", 10), ("From the tablet, offline", 20)):
        changed = {**THYROID, "name": name}
        enter(session, alice, changed, medicine_id, minutes_ago)

    assert [each.name for each in rows(Medicine)] == ["From the phone"]
    assert [state["name"] for state in states(session, MEDICINE.subject({"id": medicine_id}))] == [  # type: ignore[index]
        "Levothyroxine",
        "From the tablet, offline",
        "From the phone",
    ]


def test_a_medicine_taken_off_the_list_stays_off_when_an_older_change_arrives(
    session: Session, rows: Rows, alice: User
) -> None:
    medicine_id = enter(session, alice)
    remove_medicine(session, alice, rows(Medicine)[0], decided(alice, 5))
    session.commit()
    enter(session, alice, THYROID, medicine_id, minutes_ago=20)

    assert rows(Medicine) == []
    assert states(session, MEDICINE.subject({"id": medicine_id}))[-1] is None


def test_of_two_devices_the_later_decision_about_a_rule_counts(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    medicine_id = enter(session, alice)
    rule_id = keep_apart(session, alice, minoxidil.id, medicine_id)
    keep_apart(session, alice, minoxidil.id, medicine_id, 2, rule_id, minutes_ago=5)
    keep_apart(session, alice, minoxidil.id, medicine_id, 8, rule_id, minutes_ago=30)

    (rule,) = rows(ApartRule)
    assert rule.hours == 2
    assert (rule.first_id, rule.second_id) == (minoxidil.id, medicine_id)

    remove_rule(session, rule, decided(alice, 1))
    session.commit()
    assert rows(ApartRule) == []


def test_a_rule_goes_with_the_medicine_or_the_item_that_it_names(
    session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> None:
    medicine_id, other_id = enter(session, alice), enter(session, alice)
    rule_ids = [keep_apart(session, alice, minoxidil.id, each) for each in (medicine_id, other_id)]

    medicine = session.get_one(Medicine, medicine_id)
    remove_medicine(session, alice, medicine, decided(alice, 2))
    session.commit()
    assert [each.id for each in rows(ApartRule)] == [rule_ids[1]]
    assert states(session, APART_RULE.subject({"id": rule_ids[0]}))[-1] is None

    row = session.get_one(RegimenItem, minoxidil.id)
    remove_item(session, alice, row, decided(alice, 1, now=LATER))
    session.commit()
    assert rows(ApartRule) == []
    assert states(session, APART_RULE.subject({"id": rule_ids[1]}))[-1] is None


def test_nobody_writes_over_anothers_medicine_or_rule(
    session: Session, rows: Rows, alice: User, bob: User, minoxidil: RegimenItem
) -> None:
    medicine_id = enter(session, alice)
    rule_id = keep_apart(session, alice, minoxidil.id, medicine_id)
    bobs_item, bobs_medicine = add(session, bob, "Bob's").id, enter(session, bob)

    with pytest.raises(NotFound):
        enter(session, bob, medicine_id=medicine_id)
    session.rollback()
    with pytest.raises(NotFound):
        keep_apart(session, bob, bobs_item, bobs_medicine, rule_id=rule_id)
    session.rollback()
    assert [each.hours for each in rows(ApartRule)] == [4]


@pytest.mark.parametrize("name", ["first", "second"])
def test_a_rule_names_only_the_persons_own(
    session: Session, alice: User, bob: User, minoxidil: RegimenItem, name: str
) -> None:
    bobs = enter(session, bob)
    first, second = (bobs if each == name else minoxidil.id for each in ("first", "second"))

    with pytest.raises(Refused, match=r"Choose one from the list\.") as refusal:
        keep_apart(session, alice, first, second)
    assert refusal.value.field == name


def test_nothing_is_kept_apart_from_itself(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    with pytest.raises(Refused, match="two different"):
        keep_apart(session, alice, minoxidil.id, minoxidil.id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "sweets"}, "kind"),
        ({"starts_on": date(2026, 11, 2), "ends_on": date(2026, 11, 1)}, "ends_on"),
    ],
)
def test_a_medicine_that_cannot_be_is_refused_at_its_field(
    session: Session, rows: Rows, alice: User, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        enter(session, alice, {**THYROID, **changes})

    assert refusal.value.field == field
    assert rows(Medicine) == []


def test_a_list_has_an_end(session: Session, alice: User) -> None:
    session.add_all(Medicine(id=uuid4(), user_id=alice.id, name=f"{n}") for n in range(100))
    session.commit()
    known = session.exec(select(Medicine)).first()
    assert known is not None

    with pytest.raises(Refused, match="at most 100"):
        enter(session, alice)
    enter(session, alice, medicine_id=known.id)
