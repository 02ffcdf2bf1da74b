"""A new amount keeps the rhythm; a new rhythm counts from its own first day."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from app.diary.regimen import load_regimen
from app.domain.timing import DoseTime, TimingKind, slots_between
from app.models import Dosage, RegimenItem, User
from app.services.dosage_corrections import correct_dosage
from app.services.dosages import (
    DosageInput,
    TaperStep,
    change_by_steps,
    change_dosage,
    in_rhythm,
    new_dosage,
)
from tests.support.clock import NOW
from tests.support.regimens import add, decided

FIRST = date(2026, 9, 7)
EIGHT = time(8)


def every(days: int, amount: float = 1) -> DosageInput:
    times = (DoseTime(EIGHT, amount),)
    return DosageInput(unit="mg", kind=TimingKind.EVERY_DAYS, times=times, every_days=days)


def cycle(on: int, off: int, amount: float = 1) -> DosageInput:
    times = (DoseTime(EIGHT, amount),)
    return DosageInput(unit="mg", kind=TimingKind.CYCLE, times=times, cycle_on=on, cycle_off=off)


def due(session: Session, user: User, item: RegimenItem, days: int = 60) -> list[date]:
    plan = load_regimen(session, user.id).by_id[item.id].plan
    return [slot.on for slot in plan.slots(FIRST, FIRST + timedelta(days=days))]


def test_a_new_amount_keeps_every_two_weeks(session: Session, alice: User) -> None:
    item = add(session, alice, "Vitamin D", every(14), starts_on=FIRST)
    change_dosage(session, item, every(14, 2), FIRST + timedelta(days=8), decided(alice))
    session.commit()

    assert due(session, alice, item, 42) == [FIRST + timedelta(days=n) for n in (0, 14, 28, 42)]


def test_a_new_amount_in_the_middle_of_a_cycle_keeps_its_days_off(
    session: Session, alice: User
) -> None:
    item = add(session, alice, "Creatine", cycle(5, 2), starts_on=FIRST)
    before = due(session, alice, item)
    for number in (3, 8, 9):
        on = FIRST + timedelta(days=number)
        change_dosage(session, item, cycle(5, 2, number), on, decided(alice, 60 - number))
        session.commit()

    assert due(session, alice, item) == before


def test_the_steps_of_a_taper_share_one_rhythm(session: Session, alice: User) -> None:
    item = add(session, alice, "Prednisone", every(2), starts_on=FIRST)
    before = due(session, alice, item, 30)
    steps = [TaperStep(FIRST + timedelta(days=n), 10 - n / 5) for n in (5, 10, 17)]
    change_by_steps(session, item, every(2), steps, decided(alice))
    session.commit()

    assert due(session, alice, item, 30) == before


def test_the_steps_of_a_taper_in_a_new_rhythm_count_from_its_first(
    session: Session, alice: User
) -> None:
    item = add(session, alice, "Prednisone", every(7), starts_on=FIRST)
    steps = [TaperStep(FIRST + timedelta(days=n), 10 - n / 5) for n in (5, 10)]
    change_by_steps(session, item, every(2), steps, decided(alice))
    session.commit()

    assert due(session, alice, item, 15) == [
        FIRST + timedelta(days=n) for n in (0, 5, 7, 9, 11, 13, 15)
    ]


def test_a_new_rhythm_counts_from_the_day_of_the_change(session: Session, alice: User) -> None:
    item = add(session, alice, "Vitamin D", every(14), starts_on=FIRST)
    change_dosage(session, item, every(10), FIRST + timedelta(days=16), decided(alice))
    session.commit()

    assert due(session, alice, item, 40) == [FIRST + timedelta(days=n) for n in (0, 14, 16, 26, 36)]


def test_correcting_the_amount_keeps_a_rhythm_that_goes_on_from_before(
    session: Session, alice: User
) -> None:
    item = add(session, alice, "Vitamin D", every(14), starts_on=FIRST)
    change_dosage(session, item, every(14, 2), FIRST + timedelta(days=8), decided(alice, 9))
    before = due(session, alice, item)
    correct_dosage(
        session, session.exec(Dosage.of_item(item.id)).all()[-1], every(14, 3), decided(alice)
    )
    session.commit()

    assert due(session, alice, item) == before


def test_correcting_a_rhythm_back_to_the_one_before_goes_on_with_it(
    session: Session, alice: User
) -> None:
    item = add(session, alice, "Vitamin D", every(14), starts_on=FIRST)
    before = due(session, alice, item)
    change_dosage(session, item, every(7, 2), FIRST + timedelta(days=8), decided(alice, 9))
    correct_dosage(
        session, session.exec(Dosage.of_item(item.id)).all()[-1], every(14, 2), decided(alice)
    )
    session.commit()

    assert due(session, alice, item) == before


RHYTHMS = st.one_of(
    st.builds(every, st.integers(1, 40)),
    st.builds(cycle, st.integers(1, 21), st.integers(1, 21)),
    st.just(
        DosageInput(
            unit="mg",
            kind=TimingKind.DAYS_OF_MONTH,
            times=(DoseTime(EIGHT, 1),),
            days_of_month=(1, 15, 31),
        )
    ),
    st.sampled_from(["1", "135", "67", "1234567"]).map(
        lambda days: DosageInput(
            unit="mg", kind=TimingKind.WEEKDAYS, times=(DoseTime(EIGHT, 1, days),)
        )
    ),
)


@given(RHYTHMS, st.lists(st.integers(1, 90), min_size=1, max_size=4, unique=True))
def test_changes_of_the_amount_alone_never_move_a_due_day(
    rhythm: DosageInput, changes: list[int]
) -> None:
    item = RegimenItem(
        user_id=uuid4(),
        name="Any",
        kind="supplement",
        route="oral",
        icon="pill",
        tone="mint",
        starts_on=FIRST,
        created_at=NOW,
    )
    plan = [new_dosage(item, rhythm, FIRST)]
    last = FIRST + timedelta(days=200)
    without = [slot.on for slot in slots_between(item.id, "mg", plan[0].timing, FIRST, last)]
    for number in sorted(changes):
        on = FIRST + timedelta(days=number)
        doubled = tuple(DoseTime(t.at, t.amount + 1, t.days_of_week) for t in rhythm.times)
        (changed,) = in_rhythm(
            plan, [new_dosage(item, rhythm.model_copy(update={"times": doubled}), on)]
        )
        plan[-1].values["ends_on"] = on - timedelta(days=1)
        plan.append(changed)

    found = [s.on for each in plan for s in slots_between(item.id, "mg", each.timing, FIRST, last)]
    assert found == without


@pytest.mark.parametrize("kind", [TimingKind.DAILY, TimingKind.AS_NEEDED])
def test_where_no_days_are_counted_no_day_is_kept(
    session: Session, alice: User, kind: TimingKind
) -> None:
    times = (DoseTime(EIGHT, 1),) if kind.has_slots else ()
    dosage = DosageInput(unit="mg", kind=kind, times=times, usual_amount=1)
    item = add(session, alice, "Zinc", dosage, starts_on=FIRST)
    change_dosage(session, item, dosage, FIRST + timedelta(days=3), decided(alice))
    session.commit()

    assert [each.rhythm_from for each in session.exec(Dosage.of_item(item.id))] == [None, None]
