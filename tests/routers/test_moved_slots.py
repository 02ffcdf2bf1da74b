"""A page that is not fresh answers a slot whose time was corrected or changed since."""

from collections.abc import Callable
from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from app.diary.regimen import ledger_between
from app.domain.timing import TimingKind
from app.models import Dosage, DoseEvent, RegimenItem, User
from app.services.dosage_corrections import correct_dosage
from app.services.dosages import DosageInput, change_dosage
from app.services.history import Decision
from app.services.versions import bump_regimen_version
from tests.routers.pages import TODAY, YESTERDAY, log
from tests.support.clock import NOW
from tests.support.databases import Rows
from tests.support.regimens import EVENING, MORNING, TWICE_A_DAY, daily, decided

EIGHT_THIRTY, NINE, TEN = time(8, 30), time(9), time(10)
TAP = {"tap": "yes", "planned_amount": "1"}
LATER_TIME = daily((EIGHT_THIRTY, 1), (EVENING, 1), unit="mL")
AS_NEEDED = DosageInput(unit="mL", kind=TimingKind.AS_NEEDED, usual_amount=1)
Plan = Callable[[Session, RegimenItem, DosageInput, Decision], None]


def correct(session: Session, item: RegimenItem, dosage: DosageInput, decision: Decision) -> None:
    """Correct the last dosage of an item."""
    last = session.exec(Dosage.of_item(item.id)).all()[-1]
    correct_dosage(session, last, dosage, decision)


def change_from_today(
    session: Session, item: RegimenItem, dosage: DosageInput, decision: Decision
) -> None:
    """Change the dosage of an item from today on."""
    change_dosage(session, item, dosage, date.fromisoformat(TODAY), decision)


BOTH_WAYS = pytest.mark.parametrize("put", [correct, change_from_today])


class Devices:
    """A phone and a tablet of Alice's, on which Minoxidil is due at 08:00 and at 21:00."""

    def __init__(
        self, client: TestClient, session: Session, alice: User, minoxidil: RegimenItem
    ) -> None:
        self.client, self.session = client, session
        self.alice, self.item = alice, minoxidil

    def plan(self, put: Plan, dosage: DosageInput, minutes_ago: float) -> None:
        """Correct or change the dosage."""
        put(self.session, self.item, dosage, decided(self.alice, minutes_ago))
        bump_regimen_version(self.session, self.alice)
        self.session.commit()

    def say(self, at: str, minutes_ago: float, on: str = TODAY, **fields: str) -> UUID:
        """Say something of a dose, as a page shows it; the entry."""
        entry, decided_at = uuid4(), NOW - timedelta(minutes=minutes_ago)
        said = {**fields, "changed_at": decided_at.isoformat()}
        assert log(self.client, self.item, on=on, at=at, entry=entry, **said).status_code == 204
        return entry

    def day(self, on: str = TODAY) -> list[tuple[time | None, str]]:
        """What a day shows of the item."""
        self.session.rollback()
        day = date.fromisoformat(on)
        rows = ledger_between(self.session, self.alice, day, day, today=date.fromisoformat(TODAY))
        self.session.commit()
        return [(row.at, row.standing.value) for row in rows]

    def event(self, at: time) -> DoseEvent:
        """The answer to a slot."""
        return self.session.exec(
            select(DoseEvent)
            .where(col(DoseEvent.regimen_item_id) == self.item.id, col(DoseEvent.due_time) == at)
            .execution_options(populate_existing=True)
        ).one()


@pytest.fixture
def devices(client: TestClient, session: Session, alice: User, minoxidil: RegimenItem) -> Devices:
    """Alice's devices."""
    return Devices(client, session, alice, minoxidil)


def shown(*rows: tuple[time, str]) -> list[tuple[time, str]]:
    return [*rows]


@BOTH_WAYS
@pytest.mark.parametrize("stale", [10, 40], ids=["tapped after it", "tapped before it"])
@pytest.mark.parametrize("said", [TAP, {**TAP, "only_if_open": "yes"}], ids=["tap", "take all"])
def test_a_stale_tap_on_a_slot_whose_answer_moved_is_not_a_second_dose(
    devices: Devices, rows: Rows, put: Plan, stale: float, said: dict[str, str]
) -> None:
    devices.say("08:00", 60, **TAP)
    devices.plan(put, LATER_TIME, 30)
    devices.say("08:00", stale, **said)

    assert devices.day() == shown((EIGHT_THIRTY, "taken"), (EVENING, "waiting"))
    (event,) = rows(DoseEvent)
    assert event.occurred_at == NOW - timedelta(minutes=60)


@BOTH_WAYS
@pytest.mark.parametrize("stale", [10, 40], ids=["tapped after it", "tapped before it"])
def test_a_stale_tap_answers_the_slot_that_took_the_place_of_its_own(
    devices: Devices, put: Plan, stale: float
) -> None:
    devices.plan(put, LATER_TIME, 30)
    devices.say("08:00", stale, **TAP)

    assert devices.day() == shown((EIGHT_THIRTY, "taken"), (EVENING, "waiting"))
    assert devices.event(EIGHT_THIRTY).occurred_at == NOW - timedelta(minutes=stale)


@BOTH_WAYS
def test_a_stale_tap_follows_a_slot_that_moved_twice(devices: Devices, put: Plan) -> None:
    devices.say("08:00", 60, **TAP)
    devices.plan(put, LATER_TIME, 40)
    devices.plan(put, daily((NINE, 1), (EVENING, 1), unit="mL"), 30)
    for at in ("08:00", "08:30"):
        devices.say(at, 10, **TAP)

    assert devices.day() == shown((NINE, "taken"), (EVENING, "waiting"))


@BOTH_WAYS
def test_a_stale_tap_on_a_time_that_came_back_meets_it(devices: Devices, put: Plan) -> None:
    devices.say("08:00", 60, **TAP)
    devices.plan(put, LATER_TIME, 40)
    devices.plan(put, TWICE_A_DAY, 30)
    for at in ("08:00", "08:30"):
        devices.say(at, 10, **TAP)

    assert devices.day() == shown((MORNING, "taken"), (EVENING, "waiting"))


@BOTH_WAYS
@pytest.mark.parametrize(
    "dosage",
    [daily((EVENING, 1), unit="mL"), AS_NEEDED],
    ids=["the morning dose was dropped", "as needed"],
)
def test_a_stale_tap_on_a_time_that_was_dropped_stays_an_extra_dose(
    devices: Devices, put: Plan, dosage: DosageInput
) -> None:
    devices.plan(put, dosage, 30)
    devices.say("08:00", 10, **TAP)

    assert (MORNING, "extra") in devices.day()
    assert (EVENING, "taken") not in devices.day()
    devices.say("08:00", 5, status="nothing")
    assert (MORNING, "extra") not in devices.day()


def test_a_stale_tap_meets_an_answer_that_moved_to_the_only_time_left(
    devices: Devices,
) -> None:
    devices.say("08:00", 60, **TAP)
    devices.plan(change_from_today, daily((EVENING, 2), unit="mL"), 30)
    devices.say("08:00", 10, **TAP)

    assert devices.day() == shown((EVENING, "taken"))


@BOTH_WAYS
def test_stale_taps_on_two_times_whose_doses_were_swapped_stay_with_their_times(
    devices: Devices, put: Plan
) -> None:
    devices.plan(put, daily((MORNING, 2), (EVENING, 1), unit="mL"), 30)
    devices.say("08:00", 10, **TAP)
    devices.say("21:00", 5, status="skipped", reason="travel")

    assert devices.day() == shown((MORNING, "taken"), (EVENING, "skipped"))


@BOTH_WAYS
def test_stale_taps_on_two_times_that_both_moved_meet_one_each(devices: Devices, put: Plan) -> None:
    devices.say("08:00", 60, **TAP)
    devices.say("21:00", 50, status="skipped", tap="yes")
    devices.plan(put, daily((NINE, 2), (TEN, 2), unit="mL"), 30)
    devices.say("21:00", 10, status="skipped", tap="yes")
    devices.say("08:00", 5, **TAP)

    assert devices.day() == shown((NINE, "taken"), (TEN, "skipped"))


def test_a_stale_tap_of_a_day_before_the_change_stays_where_it_was(devices: Devices) -> None:
    devices.plan(change_from_today, LATER_TIME, 30)
    devices.say("08:00", 10, on=YESTERDAY, **TAP)

    assert devices.day(YESTERDAY) == shown((MORNING, "taken"), (EVENING, "missed"))


HALF = {"amount_choice": "half", "planned_amount": "1", "note": "felt dizzy"}


@BOTH_WAYS
@pytest.mark.parametrize("said", [50, 10], ids=["typed before it", "typed after it"])
def test_what_was_typed_without_a_network_stands_when_the_time_changed_meanwhile(
    devices: Devices, put: Plan, said: float
) -> None:
    devices.say("08:00", 60, **TAP)
    devices.plan(put, LATER_TIME, 30)
    devices.say("08:00", said, **HALF)

    assert devices.day() == shown((EIGHT_THIRTY, "taken"), (EVENING, "waiting"))
    event = devices.event(EIGHT_THIRTY)
    assert (event.amount, event.note) == (0.5, "felt dizzy")


@BOTH_WAYS
def test_a_stale_tap_gives_way_to_what_was_typed_before_the_time_changed(
    devices: Devices, put: Plan
) -> None:
    devices.say("08:00", 60, **HALF)
    devices.plan(put, LATER_TIME, 30)
    devices.say("08:00", 10, status="skipped", tap="yes")

    assert devices.event(EIGHT_THIRTY).note == "felt dizzy"


@BOTH_WAYS
def test_an_undo_on_a_stale_page_takes_back_the_answer_that_moved(
    devices: Devices, rows: Rows, put: Plan
) -> None:
    tap = devices.say("08:00", 60, **TAP)
    devices.plan(put, LATER_TIME, 30)
    devices.say("08:00", 10, status="nothing", undoes=str(tap))

    assert rows(DoseEvent) == []
    assert [at for at, _standing in devices.day()] == [EIGHT_THIRTY, EVENING]
