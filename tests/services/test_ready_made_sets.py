"""Ready-made sets, added without a form."""

from datetime import time
from uuid import UUID

import pytest
from sqlmodel import Session

from app.diary.regimen import load_regimen
from app.domain.timing import DoseTime, TimingKind
from app.errors import NotFound, Refused
from app.models import RegimenItem, User
from app.services.dosages import MOST_TIMES
from app.services.ready_made_sets import ChosenTreatment, add_set, set_named
from tests.support.databases import Rows
from tests.support.regimens import decided

SOLUTION, SHAMPOO = "minoxidil-topical-solution", "ketoconazole-shampoo"
SET_ID = UUID(int=5)


def add(session: Session, user: User, *chosen: ChosenTreatment) -> None:
    add_set(session, user, set_named("topical-only"), chosen, decided(user), SET_ID)
    session.commit()


def test_what_is_not_given_of_a_treatment_is_as_usual(session: Session, alice: User) -> None:
    add(session, alice, ChosenTreatment(SHAMPOO), ChosenTreatment(SOLUTION, times=(time(7),)))

    solution, shampoo = load_regimen(session, alice.id).items
    (as_chosen,), (as_usual,) = solution.plan.dosages, shampoo.plan.dosages
    assert (as_chosen.unit, as_chosen.timing.times) == ("mL", (DoseTime(time(7), 1),))
    assert as_usual.timing.kind is TimingKind.FLEXIBLE
    assert (as_usual.timing.per_week, as_usual.timing.usual_amount) == (2, 1)


def test_a_set_sent_twice_is_added_once(session: Session, rows: Rows, alice: User) -> None:
    for _again in range(2):
        add(session, alice, ChosenTreatment(SOLUTION, 0.7))

    assert len(rows(RegimenItem)) == 1


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ((), "chosen"),
        ((ChosenTreatment("iron"),), "chosen"),
        ((ChosenTreatment(SOLUTION, times=(time(8), time(8))),), f"times-{SOLUTION}"),
        (
            (ChosenTreatment(SOLUTION, times=tuple(time(hour) for hour in range(MOST_TIMES + 1))),),
            f"times-{SOLUTION}",
        ),
    ],
)
def test_a_choice_that_cannot_be_is_refused_by_its_field(
    session: Session, alice: User, chosen: tuple[ChosenTreatment, ...], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        add(session, alice, *chosen)

    assert refusal.value.field == field


def test_an_unknown_set_is_not_found() -> None:
    with pytest.raises(NotFound):
        set_named("no-such-set")
