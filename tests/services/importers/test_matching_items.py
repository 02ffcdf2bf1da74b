"""An imported medicine and an own item of the same name: one or two, as the person says."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from app.domain.ledger import Standing
from app.errors import Refused
from app.interchange.importers.health_auto_export import read_log
from app.interchange.writer import Choices, ImportReport, import_log, preview_log
from app.models import DoseEvent, ImportedSlot, RegimenItem, User
from app.services.items import remove_item
from tests.services.importers.test_health_auto_export import HEADER, TAKEN, bring_in, ledger_of
from tests.support.clock import NOW
from tests.support.databases import Rows, both_databases
from tests.support.regimens import MORNING, add, daily, decided, log_dose, taken

pytestmark = pytest.mark.slow

DAY = date(2026, 11, 20)
NEW = TAKEN.replace("2026-10-05", str(DAY)).replace("+0200", "+0100")


def bring_in_as(session: Session, user: User, content: str, choices: Choices) -> ImportReport:
    now = NOW + timedelta(minutes=1)
    outcome = import_log(session, user, read_log(content.encode(), now), now, choices=choices)
    session.commit()
    return outcome


@pytest.mark.parametrize("own", ["Iron", "iron", "IRON", "Írón"])
def test_a_second_item_of_the_same_name_needs_a_choice(
    session: Session, alice: User, rows: Rows, own: str
) -> None:
    add(session, alice, own)

    with pytest.raises(Refused) as refusal:
        bring_in(session, alice, HEADER + NEW)
    session.rollback()

    assert f'--match "Iron={own}"' in str(refusal.value)
    assert '--as-new "Iron"' in str(refusal.value)
    assert len(rows(RegimenItem)) == 1
    assert rows(ImportedSlot) == []


@pytest.mark.parametrize(
    ("own", "entry", "medicine"),
    [
        ("Finasterid 1mg", None, "finasteride 1 MG Oral Tablet"),
        ("My hair pill", "finasteride-oral", "Propecia 1 mg"),
        ("Vit. D3 1000 IE", None, "cholecalciferol 1000 UNT Oral Capsule"),
    ],
)
def test_an_own_item_of_the_same_catalogue_entry_needs_a_choice_too(
    session: Session, alice: User, rows: Rows, own: str, entry: str | None, medicine: str
) -> None:
    add(session, alice, own, catalogue_id=entry)
    file = HEADER + NEW.replace("Iron,Iron", f"{medicine},")

    with pytest.raises(Refused) as refusal:
        bring_in(session, alice, file)
    session.rollback()

    assert f'--match "{medicine}={own}"' in str(refusal.value)
    assert len(rows(RegimenItem)) == 1
    assert bring_in_as(session, alice, file, Choices({medicine: own})).items == []
    assert len(rows(RegimenItem)) == 1


def test_two_medicines_of_a_phone_are_two_even_if_they_are_the_same_entry(
    session: Session, alice: User, rows: Rows
) -> None:
    bring_in(session, alice, HEADER + NEW)
    bring_in(session, alice, HEADER + NEW.replace("Iron,Iron", "Ferrous sulfate 325 mg,"))

    assert len(rows(RegimenItem)) == 2


def test_an_item_that_may_be_something_else_is_not_a_question(
    session: Session, alice: User, rows: Rows
) -> None:
    add(session, alice, "Minoxidil")
    bring_in(session, alice, HEADER + NEW.replace("Iron,Iron", "Minoxidil 2.5 mg tablet,"))

    assert len(rows(RegimenItem)) == 2


@both_databases
def test_matched_doses_answer_the_slots_of_the_own_plan(
    session: Session, alice: User, rows: Rows
) -> None:
    add(session, alice, "Iron", daily((MORNING, 1), unit="count"), date(2026, 11, 1))
    later = NEW.replace(f"{DAY} 08:00", f"{DAY} 08:20")

    outcome = bring_in_as(session, alice, HEADER + later, Choices({"Iron": "Iron"}))

    assert (outcome.taken, outcome.items) == (1, [])
    (line,) = [each for each in ledger_of(session, alice) if each.on == DAY]
    assert (line.standing, line.at, line.amount) == (Standing.TAKEN, MORNING, 1)
    assert len(rows(RegimenItem)) == 1
    again = bring_in(session, alice, HEADER + later + NEW.replace(str(DAY), "2026-11-21"))
    assert (again.taken, again.already_there) == (1, 1)
    assert len(rows(RegimenItem)) == 1


def test_a_dose_logged_by_hand_and_imported_is_one(
    session: Session, alice: User, rows: Rows
) -> None:
    item = add(session, alice, "Iron", daily((MORNING, 1), unit="count"), date(2026, 11, 1))
    log_dose(session, alice, item, taken(DAY, MORNING, note="with juice"))

    outcome = bring_in_as(session, alice, HEADER + NEW, Choices({"iron": "iron"}))

    assert (outcome.new, outcome.kept) == (0, 1)
    assert [event.note for event in rows(DoseEvent)] == ["with juice"]


def test_more_doses_than_the_plan_has_slots_are_extra(session: Session, alice: User) -> None:
    add(session, alice, "Iron", daily((MORNING, 1), unit="count"), date(2026, 11, 1))
    evening = NEW.replace(" 08:", " 20:")

    outcome = bring_in_as(session, alice, HEADER + NEW + evening, Choices({"Iron": "Iron"}))

    assert (outcome.taken, outcome.extra) == (1, 1)


@both_databases
def test_an_older_history_is_put_before_the_own_plan(session: Session, alice: User) -> None:
    add(session, alice, "Iron", daily((MORNING, 1), unit="count"), date(2026, 11, 1))
    file = HEADER + "".join(TAKEN.replace("10-05", f"10-{n:02}") for n in range(5, 25))

    bring_in_as(session, alice, file, Choices({"Iron": "Iron"}))

    old = [each for each in ledger_of(session, alice) if each.on < date(2026, 11, 1)]
    assert [each.standing for each in old] == [Standing.TAKEN] * 20


def test_as_new_makes_a_second_item(session: Session, alice: User, rows: Rows) -> None:
    add(session, alice, "Iron")

    outcome = bring_in_as(session, alice, HEADER + NEW, Choices(as_new=["iron"]))

    assert outcome.items == ["Iron"]
    assert len(rows(RegimenItem)) == 2
    assert bring_in(session, alice, HEADER + NEW + "\n").already_there == 1


@pytest.mark.parametrize("entry", ["iron", "Iron"])
def test_a_match_with_the_catalogue_links_the_item(
    session: Session, alice: User, rows: Rows, entry: str
) -> None:
    outcome = bring_in(session, alice, HEADER + NEW)
    assert '--match "Iron=iron"' in outcome.offers[0]
    assert [item.catalogue_id for item in rows(RegimenItem)] == [None]

    bring_in_as(session, alice, HEADER + NEW, Choices({"Iron": entry}))

    assert [item.catalogue_id for item in rows(RegimenItem)] == ["iron"]
    assert len(rows(DoseEvent)) == 1


def test_a_removed_item_comes_back_as_new_only(session: Session, alice: User, rows: Rows) -> None:
    bring_in(session, alice, HEADER + NEW)
    (item,) = session.exec(RegimenItem.owned_by(alice.id))
    remove_item(session, alice, item, decided(alice, -1))
    session.commit()

    assert bring_in(session, alice, HEADER + NEW).kept == 1
    outcome = bring_in_as(session, alice, HEADER + NEW, Choices(as_new=["Iron"]))

    assert outcome.taken == 1
    assert len(rows(DoseEvent)) == 1


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        (Choices({"Zinc": "Iron"}), 'no medicine named "Zinc"'),
        (Choices({"Iron": "Steel"}), 'no item and no catalogue entry named "Steel"'),
        (Choices(as_new=["Zinc"]), 'no medicine named "Zinc"'),
    ],
)
def test_a_choice_that_cannot_be_followed_is_refused(
    session: Session, alice: User, rows: Rows, choices: Choices, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        bring_in_as(session, alice, HEADER + NEW, choices)
    session.rollback()

    assert rows(RegimenItem) == []


def test_a_preview_proposes_and_writes_nothing(session: Session, alice: User, rows: Rows) -> None:
    add(session, alice, "Iron")
    zinc = NEW.replace("Iron,Iron", "Zinc,")

    log = read_log((HEADER + NEW + zinc).encode(), NOW)
    outcome, targets = preview_log(session, alice, log, NOW)

    assert outcome.rows == 2
    iron, second = map(str, targets)
    assert iron.startswith("Iron (1 dose): the same as your item Iron?")
    assert second.startswith("Zinc (1 dose): a new item. It looks like Zinc")
    session.rollback()
    assert len(rows(RegimenItem)) == 1
