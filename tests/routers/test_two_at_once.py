"""Two devices of one person save at the same instant: what both said is there.

SQLite lets one writer at a time begin; PostgreSQL lets both read before either writes, unless
they take turns. Each pair below reads something, and then writes what depends on it.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import (
    CheckIn,
    Dosage,
    DoseEvent,
    HairReview,
    Preferences,
    RegimenItem,
    SymptomReport,
    TrackedSymptom,
    User,
)
from tests.routers.pages import TODAY
from tests.support.clients import SignInAs
from tests.support.clock import Clock
from tests.support.databases import Rows, both_databases
from tests.support.people import PASSWORD
from tests.support.regimens import add

pytestmark = [pytest.mark.slow, both_databases]

# On SQLite one writer at a time begins, so it is enough to see that it does.
ROUNDS = {"sqlite": 4, "postgresql": 25}
Form = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class World:
    """What a pair works on: the day of the round, an item, and what stands afterwards."""

    number: int
    on: date
    item: RegimenItem
    rows: Rows


@dataclass(frozen=True)
class Pair:
    """Two forms sent at once, what they need before, and what has to be true after both."""

    forms: Callable[[World], tuple[Form, Form]]
    holds: Callable[[World], bool]
    before: Callable[[World], Form] | None = None


def symptom(world: World) -> tuple[Form, Form]:
    address = f"/days/{world.on}/check-in"
    return (address, {"symptom-headache": "3"}), (address, {"note-headache": "since noon"})


def has_both_parts_of_the_symptom(world: World) -> bool:
    (report,) = [each for each in world.rows(SymptomReport) if each.on == world.on]
    return (report.severity, report.note) == (3, "since noon")


def measures(world: World) -> tuple[Form, Form]:
    address = f"/days/{world.on}/check-in"
    return (address, {"mood": "4"}), (address, {"energy": "2"})


def has_both_measures(world: World) -> bool:
    (row,) = [each for each in world.rows(CheckIn) if each.on == world.on]
    return (row.mood, row.energy) == (4, 2)


def review(world: World) -> tuple[Form, Form]:
    address = f"/days/{world.on}/photos"
    return (address, {"part_width_mm": "6"}), (address, {"global_change": "1"})


def has_both_parts_of_the_review(world: World) -> bool:
    (row,) = [each for each in world.rows(HairReview) if each.on == world.on]
    return (row.part_width_mm, row.global_change) == (6, 1)


def settings(world: World) -> tuple[Form, Form]:
    address = "/settings/preferences"
    return (
        (address, {"currency": f"{world.number}"}),
        (address, {"emergency_line": f"{world.number}"}),
    )


def has_both_settings(world: World) -> bool:
    (chosen,) = world.rows(Preferences)
    return chosen.currency == chosen.emergency_line == str(world.number)


def own_symptoms(world: World) -> tuple[Form, Form]:
    address, number = "/settings/check-in", world.number % 15
    return (address, {"own": f"left {number}"}), (address, {"own": f"right {number}"})


def has_both_own_symptoms(world: World) -> bool:
    names = {each.name for each in world.rows(TrackedSymptom)}
    return {f"left {world.number % 15}", f"right {world.number % 15}"} <= names


def dosages(world: World) -> tuple[Form, Form]:
    address = f"/regimen/{world.item.id}/dosages"
    form = {"starts_on": str(world.on), "unit": "mL", "kind": "daily", "times": "08:00"}
    return (address, {**form, "amounts": "2"}), (address, {**form, "amounts": "3"})


def has_one_dosage_a_day(world: World) -> bool:
    found = sorted(
        (each for each in world.rows(Dosage) if each.regimen_item_id == world.item.id),
        key=lambda each: each.starts_on,
    )
    return all(
        earlier.ends_on is not None and earlier.ends_on < later.starts_on
        for earlier, later in pairwise(found)
    )


def doses(world: World) -> tuple[Form, Form]:
    address = f"/regimen/{world.item.id}/doses"
    slot = {"due_on": str(world.on), "due_time": "08:00"}
    return (
        (address, {**slot, "status": "taken"}),
        (address, {**slot, "status": "skipped", "reason": "forgot"}),
    )


def has_one_dose_in_the_slot(world: World) -> bool:
    found = [each for each in world.rows(DoseEvent) if each.due_on == world.on]
    return len([each for each in found if each.due_time is not None]) == 1


PAIRS = {
    "severity and note of a symptom": Pair(
        symptom,
        has_both_parts_of_the_symptom,
        before=lambda world: (f"/days/{world.on}/check-in", {"symptom-headache": "1"}),
    ),
    "two measures of a day": Pair(measures, has_both_measures),
    "both parts of a review beside photos": Pair(review, has_both_parts_of_the_review),
    "two settings": Pair(settings, has_both_settings),
    "two symptoms of one's own": Pair(own_symptoms, has_both_own_symptoms),
    "two changes of a dosage": Pair(dosages, has_one_dosage_a_day),
    "two answers to a dose": Pair(doses, has_one_dose_in_the_slot),
}


def at_once(browsers: list[TestClient], forms: tuple[Form, Form]) -> list[int]:
    """Send two forms as closely together as two threads can; how they were answered."""
    together = threading.Barrier(2)
    answers: list[int] = []

    def send(browser: TestClient, form: Form) -> None:
        together.wait()
        answers.append(browser.post(form[0], data=form[1]).status_code)

    threads = [
        threading.Thread(target=send, args=given) for given in zip(browsers, forms, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize("name", PAIRS)
def test_of_two_devices_at_once_neither_loses_what_the_other_said(
    sign_in_as: SignInAs, session: Session, rows: Rows, clock: Clock, alice: User, name: str
) -> None:
    rounds = ROUNDS[rows.engine.dialect.name]
    pair = PAIRS[name]
    item = add(session, alice)
    browsers = [sign_in_as(alice), sign_in_as(alice)]
    lost = []
    for number in range(rounds):
        world = World(number, date.fromisoformat(TODAY) - timedelta(days=number), item, rows)
        if pair.before is not None:
            address, form = pair.before(world)
            browsers[0].post(address, data=form)
        clock.advance(seconds=1)
        answers = at_once(browsers, pair.forms(world))
        assert set(answers) <= {303, 422}, answers
        assert 303 in answers
        if not pair.holds(world):
            lost.append(number)
    assert lost == []


def test_of_twenty_wrong_passwords_at_once_five_are_looked_at(
    anonymous: TestClient, sign_in_as: SignInAs, rows: Rows, alice: User
) -> None:
    browser = sign_in_as(alice)
    answers: list[int] = []

    def confirm() -> None:
        data = {"current_password": "wrong wrong wrong", "name": "Carol"}
        answers.append(browser.post("/settings/name", data=data).status_code)

    threads = [threading.Thread(target=confirm) for _try in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [422] * 5 + [429] * 15


def test_a_password_changed_at_once_with_sign_ins_leaves_one(
    client: TestClient, sign_in_as: SignInAs, rows: Rows, clock: Clock, alice: User
) -> None:
    passwords = [PASSWORD, "nine loud paper lanterns"]
    for number in range(5):
        old, new = passwords[number % 2], passwords[1 - number % 2]
        change = {"current_password": old, "password": new}
        other = TestClient(
            client.app, follow_redirects=False, headers={"sec-fetch-site": "same-origin"}
        )
        at_once(
            [client, other],
            (("/settings/password", change), ("/sign-in", {"name": "Alice", "password": old})),
        )
        # A browser that signed in with the old password is out, whichever was first.
        assert other.get("/").status_code == 303
        client.cookies.clear()
        clock.advance(minutes=16)
        client.post("/sign-in", data={"name": "Alice", "password": new})
        assert client.get("/").status_code == 200
