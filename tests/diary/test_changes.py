"""What changed in a regimen, as data and without a web request."""

from datetime import timedelta
from uuid import uuid4

from sqlmodel import Session

from app.diary import Diary
from app.diary.changes import ChangeKind, changes, days_of_change
from app.models import RegimenItem, User
from app.records import PAUSE
from app.services.dosages import change_dosage
from app.services.items import restart_item, stop_item
from app.services.pauses import save_pause
from tests.support.clock import NOW
from tests.support.people import BEGAN_ON
from tests.support.regimens import MORNING, add, daily, decided

TODAY = NOW.date()
DAY = timedelta(days=1)


def finasteride(session: Session, user: User) -> RegimenItem:
    return add(session, user, "Finasteride", daily((MORNING, 1)))


def told(session: Session, user: User) -> list[tuple[str, ChangeKind, int]]:
    """Each change: the item, the kind, and in how many days from today; -2 is two days ago."""
    session.commit()
    session.refresh(user)
    diary = Diary(session, user, NOW)
    return [(each.item.name, each.kind, (each.on - TODAY).days) for each in changes(diary)]


def test_a_start_and_another_dose_are_listed_with_both_dosages(
    session: Session, alice: User
) -> None:
    item = finasteride(session, alice)
    change_dosage(session, item, daily((MORNING, 0.5)), TODAY - 9 * DAY, decided(alice))
    began = (BEGAN_ON - TODAY).days

    assert told(session, alice) == [
        ("Finasteride", ChangeKind.STARTED, began),
        ("Finasteride", ChangeKind.DOSAGE, -9),
    ]
    start, change = changes(Diary(session, alice, NOW))
    assert change.before == start.after
    assert change.after is not None
    assert [each.amount for each in change.after.timing.times] == [0.5]


def test_a_stop_and_a_restart_are_listed_and_the_break_between_is_not_a_pause(
    session: Session, alice: User
) -> None:
    item = finasteride(session, alice)
    stop_item(session, item, TODAY - 30 * DAY, "", decided(alice, 60))
    restart_item(session, alice, item, TODAY - 9 * DAY, decided(alice))

    assert [(kind, days) for _name, kind, days in told(session, alice)[1:]] == [
        (ChangeKind.STOPPED, -29),
        (ChangeKind.RESTARTED, -9),
    ]


def test_a_pause_ends_in_the_list_but_is_not_a_change_for_a_baseline(
    session: Session, alice: User
) -> None:
    item = finasteride(session, alice)
    pause = PAUSE.row(
        id=uuid4(),
        regimen_item_id=item.id,
        starts_on=TODAY - 5 * DAY,
        ends_on=TODAY + 2 * DAY,
    )
    save_pause(session, alice, pause, decided(alice))

    assert [(kind, days) for _name, kind, days in told(session, alice)[1:]] == [
        (ChangeKind.PAUSED, -5),
        (ChangeKind.RESUMED, 3),
    ]
    assert days_of_change(Diary(session, alice, NOW)) == [BEGAN_ON]


def test_changes_of_several_items_stand_in_the_order_of_their_days(
    session: Session, alice: User
) -> None:
    first = finasteride(session, alice)
    add(session, alice, "Biotin", daily((MORNING, 5)), starts_on=TODAY - 20 * DAY)
    stop_item(session, first, TODAY + 6 * DAY, "", decided(alice))

    assert told(session, alice)[1:] == [
        ("Biotin", ChangeKind.STARTED, -20),
        ("Finasteride", ChangeKind.STOPPED, 7),
    ]
    assert days_of_change(Diary(session, alice, NOW)) == [BEGAN_ON, TODAY - 20 * DAY]


def test_changes_are_the_owners_alone(session: Session, alice: User, bob: User) -> None:
    finasteride(session, bob)

    assert told(session, alice) == []
