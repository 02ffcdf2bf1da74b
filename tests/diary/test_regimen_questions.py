"""What a regimen holds a day, and what of it lies too close together, without a web request."""

from datetime import time, timedelta
from uuid import uuid4

from sqlmodel import Session

from app.diary import Diary
from app.diary.pairs import is_too_close, pairs_of
from app.diary.totals import contents_a_day, has_changed_unit, totals_today
from app.domain.timing import TimingKind
from app.models import RegimenItem, User
from app.records import APART_RULE, MEDICINE, PAUSE
from app.services.dosages import DosageInput, change_dosage
from app.services.items import IngredientInput
from app.services.medicines import save_medicine, save_rule
from app.services.pauses import save_pause
from tests.support.clock import NOW
from tests.support.regimens import EVENING, MORNING, add, daily, decided

TODAY = NOW.date()
DAY = timedelta(days=1)
MAGNESIUM = (IngredientInput(substance="magnesium", mass_ug=144_000, per_amount=2000),)


def diary_of(session: Session, user: User) -> Diary:
    session.commit()
    session.refresh(user)
    return Diary(session, user, NOW)


def magnesium(session: Session, user: User, *, evening: float = 1000) -> RegimenItem:
    """By its label 144 mg of magnesium in 2 g; a gram in the morning and more in the evening."""
    dosage = daily((MORNING, 1000), (EVENING, evening))
    return add(session, user, "Magnesium", dosage, ingredients=MAGNESIUM)


def test_contents_of_a_day_are_those_of_the_label_times_the_doses(
    session: Session, alice: User
) -> None:
    item = magnesium(session, alice)
    diary = diary_of(session, alice)

    held = diary.item(item.id)
    contents = contents_a_day(held, held.dosage_on(TODAY))

    assert contents is not None
    assert (contents.amount, contents.unit) == (2000, "mg")
    assert contents.by_substance == {"magnesium": 144_000}
    assert contents_a_day(held, None) is None


def test_items_add_up_and_what_no_total_counts_is_named_with_its_reason(
    session: Session, alice: User
) -> None:
    magnesium(session, alice)
    magnesium(session, alice, evening=3000)
    as_needed = DosageInput(unit="mg", kind=TimingKind.AS_NEEDED, usual_amount=1000)
    rare = add(session, alice, "Magnesium at night", as_needed, ingredients=MAGNESIUM)
    held = add(session, alice, "Old magnesium", daily((MORNING, 1000)), ingredients=MAGNESIUM)
    pause = PAUSE.row(id=uuid4(), regimen_item_id=held.id, starts_on=TODAY - DAY)
    save_pause(session, alice, pause, decided(alice))
    plain = add(session, alice, "Ashwagandha", daily((MORNING, 600)), kind="supplement")

    totals = totals_today(diary_of(session, alice))

    assert totals.amount_of("magnesium") == 144 + 288
    assert totals.amount_of("zinc") == 0
    assert [total.substance.slug for total in totals.notable] == ["magnesium"]
    assert [item.id for item in totals.as_needed] == [rare.id]
    assert [item.id for item in totals.on_hold] == [held.id]
    assert [item.id for item in totals.unlabelled] == [plain.id]
    assert "zinc" in totals.none_in_any


def test_a_label_without_a_unit_is_in_doubt_once_the_dose_has_another_unit(
    session: Session, alice: User
) -> None:
    item = magnesium(session, alice)
    assert not has_changed_unit(diary_of(session, alice).item(item.id))

    change_dosage(session, item, daily((MORNING, 2), unit="capsule"), TODAY, decided(alice))

    assert has_changed_unit(diary_of(session, alice).item(item.id))


def test_an_item_too_close_to_another_medicine_is_found_by_either_id(
    session: Session, alice: User, bob: User
) -> None:
    item = magnesium(session, alice)
    medicine_id = uuid4()
    medicine = MEDICINE.row(id=medicine_id, name="Thyroid", times=(time(7),))
    save_medicine(session, alice, medicine, decided(alice))
    rule = APART_RULE.row(id=uuid4(), hours=4)
    save_rule(session, alice, rule, (item.id, medicine_id), decided(alice))
    diary = diary_of(session, alice)

    (pair,) = pairs_of(diary).too_close

    assert pair.tightest is not None
    assert (pair.tightest.minutes, pair.tightest.wanted_minutes) == (60, 240)
    assert is_too_close(diary, item.id)
    assert is_too_close(diary, medicine_id)
    assert not is_too_close(diary, uuid4())
    assert pairs_of(diary_of(session, bob)).spaced == ()


def test_a_medicine_that_is_taken_no_more_makes_no_pair(session: Session, alice: User) -> None:
    item = magnesium(session, alice)
    medicine_id = uuid4()
    over = MEDICINE.row(id=medicine_id, name="Thyroid", times=(time(7),), ends_on=TODAY - DAY)
    save_medicine(session, alice, over, decided(alice))
    rule = APART_RULE.row(id=uuid4(), hours=4)
    save_rule(session, alice, rule, (item.id, medicine_id), decided(alice))

    assert pairs_of(diary_of(session, alice)).spaced == ()


def test_between_two_dosages_the_one_before_and_the_one_planned_are_distinguished(
    session: Session, alice: User
) -> None:
    item = add(session, alice, dosage=daily((MORNING, 1)), starts_on=TODAY - 20 * DAY)
    change_dosage(session, item, daily((MORNING, 2)), TODAY + 5 * DAY, decided(alice))
    held = diary_of(session, alice).item(item.id)
    before, after = held.plan.dosages

    assert held.dosage_on_or_last(TODAY) == held.dosage_on_or_before(TODAY) == before
    assert held.dosage_on_or_last(TODAY - 30 * DAY) == after
    assert held.dosage_on_or_before(TODAY - 30 * DAY) is None
    assert held.dosage_on_or_before(TODAY + 9 * DAY) == after
