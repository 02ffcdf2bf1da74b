"""Reminders as a person gets them: sent once, at the right minute, silent once answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.db import writing
from app.domain.reminders import PartReminder, ReminderText
from app.domain.supply import SupplyKind
from app.models import Delivery, PushDevice, RegimenItem, SignIn, User
from app.push import push_sender
from app.services.dose_input import Answer
from app.services.preferences import SettingsInput, save_part_reminder, save_settings
from app.services.reminders import Subscribed, add_device, due_clocks, note_shown, snooze
from app.worker.reminders import Reminding
from tests.support.databases import on_postgresql
from tests.support.people import sign_in
from tests.support.push_service import Pushed, PushService, push_service
from tests.support.queries import count_queries
from tests.support.regimens import MORNING, add, daily, decided, log_dose, taken
from tests.support.supplies import supply

ON = date(2026, 11, 24)
MINUTE = timedelta(minutes=1)


def at(clock: str, on: date = ON) -> datetime:
    """A time in Berlin, in winter."""
    return datetime.combine(on, time.fromisoformat(clock), tzinfo=UTC) - timedelta(hours=1)


@dataclass
class House:
    """Alice's reminders: what is sent when the worker looks at an instant."""

    engine: Engine
    session: Session
    alice: User
    service: PushService
    reminding: Reminding

    def look(self, now: datetime) -> list[Pushed]:
        """Let the worker look, and return what came to Alice's phone."""
        self.session.commit()
        self.reminding.remind(now)
        self.session.expire_all()
        return self.service.take()

    def titles(self, *clocks: str, on: date = ON) -> dict[str, list[str]]:
        """The titles that arrive at each of these times."""
        said = {clock: [each.title for each in self.look(at(clock, on))] for clock in clocks}
        return {clock: titles for clock, titles in said.items() if titles}

    def choose(self, now: datetime, **chosen: Any) -> None:
        """Save settings."""
        save_settings(
            self.session, self.alice, SettingsInput(**chosen), decided(self.alice, now=now)
        )
        self.session.commit()

    def remind_of(self, part: str, now: datetime, **how: Any) -> None:
        """Save how Alice is reminded of a part of the day."""
        made = decided(self.alice, now=now)
        save_part_reminder(self.session, self.alice, PartReminder(part, **how), made)
        self.session.commit()


@pytest.fixture
def service() -> Iterator[PushService]:
    """The push service of Alice's phone."""
    with push_service() as service:
        yield service


@pytest.fixture
def house(
    engine: Engine, session: Session, alice: User, service: PushService, tmp_path: Path
) -> Iterator[House]:
    """Reminders that were turned on at midnight, on a phone."""
    reminding = Reminding(engine, lambda: push_sender(tmp_path, [service.origin]))
    found = House(engine, session, alice, service, reminding)
    found.choose(at("00:00"), reminds=True)
    turn_on_a_phone(engine, session, alice, service)
    yield found
    reminding.close()


def turn_on_a_phone(
    engine: Engine, session: Session, user: User, service: PushService, name: str = "phone"
) -> PushDevice:
    sign_in(engine, user, at("00:00"))
    newest = select(SignIn).where(SignIn.user_id == user.id)
    known = {each.sign_in_id for each in session.exec(select(PushDevice))}
    [row] = [each for each in session.exec(newest) if each.id not in known]
    way = Subscribed(
        service.endpoint(name), service.p256dh, service.auth, "https://strand.example.org"
    )
    device = add_device(session, user, row.id, way, at("00:00"))
    session.commit()
    return device


@pytest.fixture
def minoxidil(session: Session, alice: User) -> RegimenItem:
    """One millilitre at 08:00 and at 21:00."""
    return add(session, alice)


def test_each_time_of_day_is_called_for_once_and_again_until_it_is_answered(
    house: House, minoxidil: RegimenItem
) -> None:
    said = house.titles(
        *("07:59", "08:00", "08:01", "08:15", "08:16", "08:30", "08:45", "09:00", "20:59", "21:00")
    )

    still = ["Still open: your morning routine"]
    assert said == {
        "08:00": ["Time for your morning routine"],
        **dict.fromkeys(("08:15", "08:30", "08:45"), still),
        "21:00": ["Time for your evening routine"],
    }


def test_a_neutral_notification_says_neither_item_nor_dose(
    house: House, minoxidil: RegimenItem
) -> None:
    [pushed] = house.look(at("08:00"))

    assert (pushed.title, pushed.body) == ("Time for your morning routine", "Tap to answer.")
    assert "inoxidil" not in str(pushed.content)
    assert pushed.content["web_push"] == 8030
    assert pushed.content["notification"]["navigate"] == (
        "https://strand.example.org/due/2026-11-24/morning"
    )
    assert pushed.data["doses"] == [[str(minoxidil.id), "08:00"]]


def test_the_last_call_says_that_it_is_the_last(house: House, minoxidil: RegimenItem) -> None:
    bodies = [house.look(at(clock))[0].body for clock in ("08:00", "08:15", "08:30", "08:45")]

    assert bodies == [
        "Tap to answer.",
        "One more at 08:30.",
        "One more at 08:45.",
        "This is the last reminder.",
    ]


def test_an_answered_routine_is_never_called_for_again(
    house: House, minoxidil: RegimenItem
) -> None:
    assert house.look(at("08:00"))
    log_dose(
        house.session, house.alice, minoxidil, taken(ON), decided(house.alice, now=at("08:03"))
    )

    assert house.titles("08:15", "08:30", "08:45", "20:59") == {}
    assert list(house.titles("21:00")) == ["21:00"]


@pytest.mark.slow
def test_a_dose_that_is_opened_again_is_called_for_again(
    house: House, minoxidil: RegimenItem
) -> None:
    made = decided(house.alice, now=at("07:50"))
    log_dose(house.session, house.alice, minoxidil, taken(ON), made)
    assert house.titles("08:00", "08:05") == {}

    nothing = taken(ON).model_copy(update={"status": Answer.NOTHING})
    log_dose(house.session, house.alice, minoxidil, nothing, decided(house.alice, now=at("08:10")))

    assert house.titles("08:10") == {"08:10": ["Time for your morning routine"]}


def test_a_later_dose_of_the_same_part_has_its_own_call(house: House) -> None:
    add(house.session, house.alice, "Vitamin D", daily((MORNING, 1000), unit="IU"))
    biotin = add(house.session, house.alice, "Biotin", daily((time(9, 30), 5)))
    for item_at in ("08:00",):
        assert len(house.look(at(item_at))) == 1
    assert house.titles("08:15", "08:30", "08:45", "09:29").keys() == {"08:15", "08:30", "08:45"}

    [pushed] = house.look(at("09:30"))

    assert pushed.title == "Time for your morning routine"
    assert [str(biotin.id), "09:30"] in pushed.data["doses"]


def test_names_and_doses_are_said_only_if_chosen(house: House, minoxidil: RegimenItem) -> None:
    house.choose(at("07:00"), reminder_text=ReminderText.DOSES)
    [pushed] = house.look(at("08:00"))
    assert (pushed.title, pushed.body) == ("Morning: 1 due", "Minoxidil 1\u00a0mL")

    log_dose(
        house.session, house.alice, minoxidil, taken(ON), decided(house.alice, now=at("08:01"))
    )
    house.choose(at("09:00"), is_discreet=True)
    [pushed] = house.look(at("21:00"))
    assert pushed.title == "Time for your evening routine"


def test_a_part_can_be_called_for_at_its_own_time_less_often_or_never(
    house: House, minoxidil: RegimenItem
) -> None:
    house.remind_of("morning", at("06:00"), at=time(7, 30), again_after=30, again_times=1)
    house.remind_of("evening", at("06:00"), is_on=False)

    said = house.titles("07:29", "07:30", "07:45", "08:00", "08:30", "21:00", "21:15")

    assert said.keys() == {"07:30", "08:00"}


def test_what_comes_up_in_quiet_hours_waits_until_they_end(
    house: House, session: Session, alice: User
) -> None:
    house.choose(at("00:10"), quiet_hours=("22:30", "07:00"))
    add(session, alice, "Melatonin", daily((time(22, 45), 1)))
    iron = add(session, alice, "Iron", daily((time(6), 14)))

    assert house.titles("06:00", "06:59", "07:00").keys() == {"07:00"}
    log_dose(session, alice, iron, taken(ON, time(6)), decided(alice, now=at("07:01")))
    assert house.titles("22:45", "23:30") == {}


def test_a_call_that_is_late_waits_until_quiet_hours_end(
    house: House, minoxidil: RegimenItem
) -> None:
    house.choose(at("00:10"), quiet_hours=("08:05", "08:20"))

    assert house.titles("08:06", "08:19", "08:20") == {"08:20": ["Time for your morning routine"]}


def test_a_snooze_silences_every_device_until_its_end(house: House, minoxidil: RegimenItem) -> None:
    turn_on_a_phone(house.engine, house.session, house.alice, house.service, "tablet")
    assert len(house.look(at("08:00"))) == 2
    snooze(house.session, house.alice, ON, "morning", at("09:04"), at("08:04"))

    assert house.titles("08:15", "08:30", "09:00") == {}
    assert {each.path for each in house.look(at("09:04"))} == {"/push/phone", "/push/tablet"}
    assert house.titles("09:19").keys() == {"09:19"}


def test_reminders_turned_on_at_noon_do_not_call_for_the_morning(
    house: House, minoxidil: RegimenItem
) -> None:
    house.choose(at("00:20"), reminds=False)
    assert house.titles("08:00", "12:00") == {}

    house.choose(at("12:00"), reminds=True)

    assert house.titles("12:00", "12:15").keys() == set()
    assert house.titles("21:00").keys() == {"21:00"}


def test_a_server_that_was_off_sends_one_summary_and_no_volley(
    house: House, session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    add(session, alice, "Biotin", daily((time(13), 5)))
    assert house.titles("07:00") == {}

    assert house.titles("21:40", "21:41", "21:55", "22:30") == {
        "21:40": ["Some doses are still open"]
    }


def test_a_flight_east_and_a_clock_change_call_for_a_routine_once(
    house: House, session: Session, minoxidil: RegimenItem
) -> None:
    assert len(house.look(at("08:00"))) == 1
    log_dose(
        house.session, house.alice, minoxidil, taken(ON), decided(house.alice, now=at("08:01"))
    )
    house.choose(at("08:02"), time_zone="Asia/Tokyo")

    # It is 16:02 in Tokyo: the morning was called for, the evening comes at 21:00 there.
    assert house.titles("08:05", "12:59").keys() == set()
    assert house.titles("13:00").keys() == {"13:00"}


@pytest.mark.parametrize("night", ["2026-10-25", "2027-03-28"])
def test_on_a_night_of_a_clock_change_each_time_is_called_for_once(
    house: House, session: Session, alice: User, night: str
) -> None:
    on = date.fromisoformat(night)
    add(session, alice, "Melatonin", daily((time(2, 30), 1)), starts_on=date(2026, 9, 1))
    house.remind_of("night", at("00:00", on - timedelta(days=1)), again_times=0)
    begins = datetime.combine(on, time(0), tzinfo=UTC) - timedelta(hours=3)

    said = [each for n in range(6 * 60) for each in house.look(begins + n * MINUTE)]

    assert len(said) == 1


def test_a_device_that_is_gone_gets_nothing_more(house: House, minoxidil: RegimenItem) -> None:
    house.service.answers = [(410, {})]
    house.look(at("08:00"))

    assert house.look(at("08:15")) == []
    [device] = house.session.exec(select(PushDevice)).all()
    assert device.gone_at is not None
    assert [each.failure for each in house.session.exec(select(Delivery))] == ["gone"]


def test_a_busy_service_is_asked_again_after_the_time_that_it_names(
    house: House, minoxidil: RegimenItem
) -> None:
    house.service.answers = [(429, {"retry-after": "60"}), (503, {})]
    assert house.look(at("08:00")) == []
    assert house.look(at("08:00") + timedelta(seconds=59)) == []
    assert house.look(at("08:01")) == []

    [pushed] = house.look(at("08:02"))

    assert pushed.title == "Time for your morning routine"


def test_a_notification_that_was_shown_is_known_to_have_arrived(
    house: House, alice: User, minoxidil: RegimenItem
) -> None:
    house.look(at("08:00"))
    [delivery] = house.session.exec(select(Delivery)).all()
    assert (delivery.state, delivery.shown_at) == ("sent", None)

    note_shown(house.session, alice, delivery.id, at("08:01"))

    assert delivery.shown_at == at("08:01")


def test_every_message_is_as_long_and_says_how_long_it_holds(
    house: House, session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    [first] = house.look(at("08:00"))
    house.choose(at("08:01"), reminder_text=ReminderText.DOSES)
    add(session, alice, "A name that is rather long", daily((MORNING, 1)))
    [second] = house.look(at("08:15"))

    assert first.length == second.length
    assert (first.headers["ttl"], first.headers["topic"]) == ("900", "20261124-morning")
    assert first.headers["urgency"] == "normal"


def test_two_workers_call_for_a_routine_once(
    house: House, minoxidil: RegimenItem, tmp_path: Path
) -> None:
    other = Reminding(house.engine, lambda: push_sender(tmp_path, [house.service.origin]))
    house.session.commit()

    other.remind(at("08:00"))

    assert len(house.look(at("08:00"))) == 1
    other.close()


def test_what_a_person_takes_is_read_once_for_a_call(house: House, minoxidil: RegimenItem) -> None:
    with count_queries(house.engine) as queries:
        assert len(house.look(at("08:00"))) == 1

    assert len([each for each in queries if "FROM dosage_time" in each]) == 1


@on_postgresql
def test_a_call_that_another_process_holds_is_left_to_it(
    house: House, minoxidil: RegimenItem
) -> None:
    with writing(house.engine) as other:
        assert len(due_clocks(other, at("08:00"), 10)) == 1
        assert house.look(at("08:00")) == []

    assert len(house.look(at("08:00"))) == 1


def test_bob_gets_no_reminder_of_alice(house: House, bob: User, minoxidil: RegimenItem) -> None:
    turn_on_a_phone(house.engine, house.session, bob, house.service, "bob")

    assert [each.path for each in house.look(at("08:00"))] == ["/push/phone"]


def test_a_person_is_told_once_that_an_item_runs_low(
    house: House, session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    supply(session, alice, minoxidil, 20)
    log_dose(session, alice, minoxidil, taken(ON), decided(alice, now=at("08:00")))

    assert house.titles("17:59", "18:00") == {"18:00": ["Something is running low"]}
    tomorrow = ON + timedelta(days=1)
    assert house.titles("18:00", on=tomorrow).get("18:00") != ["Something is running low"]


def test_a_new_pack_ends_it_and_the_next_shortage_is_told_again(
    house: House, session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    house.choose(at("06:00"), reminder_text=ReminderText.NAMES)
    for part in ("morning", "evening"):
        house.remind_of(part, at("06:00"), is_on=False)
    supply(session, alice, minoxidil, 20)
    [pushed] = house.look(at("18:00"))
    assert pushed.title.startswith("Minoxidil: ")
    assert pushed.title.endswith("days left")
    assert pushed.content["notification"]["navigate"].endswith("/regimen/shopping")

    supply(session, alice, minoxidil, 60)
    assert house.look(at("18:00", ON + timedelta(days=1))) == []

    supply(session, alice, minoxidil, 10, SupplyKind.RECOUNT, ago=0)
    assert len(house.look(at("18:00", ON + timedelta(days=2)))) == 1
    assert house.look(at("18:00", ON + timedelta(days=3))) == []


def test_nobody_is_told_of_refills_who_turned_that_off(
    house: House, session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    supply(session, alice, minoxidil, 30)
    house.choose(at("09:00"), reminds_of_refills=False)

    assert "18:00" not in house.titles("18:00")
