"""Guessing is slowed down, and no stranger can keep the owner out by guessing."""

import threading
from contextlib import ExitStack
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.models import FailedSignIn, SignIn, User
from app.services import passwords, sign_ins
from app.services.sign_in_tries import known_device, new_device_cookie
from tests.support.clients import COOKIE
from tests.support.clock import Clock
from tests.support.databases import Rows, both_databases
from tests.support.people import PASSWORD
from tests.support.set_up import printed_code

pytestmark = pytest.mark.slow

WRONG = "wrong wrong wrong"


def browser(application: FastAPI, host: str = "203.0.113.5") -> TestClient:
    """A browser in some network, with nothing stored yet."""
    return TestClient(
        application,
        client=(host, 50_000),
        follow_redirects=False,
        headers={"sec-fetch-site": "same-origin"},
    )


def enter(client: TestClient, password: str = PASSWORD, name: str = "Alice") -> int:
    return client.post("/sign-in", data={"name": name, "password": password}).status_code


def test_a_browser_that_has_signed_in_before_gets_in_however_much_strangers_guess(
    application: FastAPI, alice: User
) -> None:
    phone = browser(application, "198.51.100.7")
    assert enter(phone) == 303
    phone.cookies.delete(COOKIE)

    stranger = browser(application, "198.51.100.7")
    for _try in range(8):
        enter(stranger, WRONG)

    assert enter(stranger) == 429
    assert enter(phone) == 303


def test_a_stranger_in_another_network_does_not_keep_a_new_browser_out(
    application: FastAPI, alice: User
) -> None:
    stranger = browser(application, "203.0.113.5")
    for _try in range(8):
        enter(stranger, WRONG)

    assert enter(browser(application, "198.51.100.7")) == 303


def test_a_known_browser_is_slowed_down_as_well(application: FastAPI, alice: User) -> None:
    phone = browser(application)
    enter(phone)
    for _try in range(5):
        assert enter(phone, WRONG) == 422

    assert enter(phone) == 429


def test_a_browser_that_signs_in_again_stays_the_same_device(
    application: FastAPI, alice: User
) -> None:
    phone = browser(application)
    enter(phone)
    first = phone.cookies["sid-device"]
    enter(phone)

    assert phone.cookies["sid-device"] == first


def test_who_collects_device_cookies_gets_no_more_tries_and_keeps_nobody_out(
    application: FastAPI, alice: User
) -> None:
    collected = []
    for _browser in range(7):
        collected.append(browser(application))
        assert enter(collected[-1]) == 303
    own_phone = browser(application, "198.51.100.7")
    enter(own_phone)

    answers = [enter(each, WRONG) for each in collected for _try in range(5)]

    assert answers == [422] * 25 + [429] * 10
    assert enter(own_phone) == 303


def test_another_spelling_of_the_name_gives_a_known_browser_no_more_tries(
    application: FastAPI, alice: User
) -> None:
    phone = browser(application)
    enter(phone)
    spellings = ("Alice", "alice", "ALICE", "aLice", "alIce", "alicE")

    assert [enter(phone, WRONG, each) for each in spellings] == [422] * 5 + [429]


def test_all_addresses_of_a_home_count_as_one_network(application: FastAPI, alice: User) -> None:
    for number in range(5):
        assert enter(browser(application, f"2001:db8:1:2::{number + 1}"), WRONG) == 422

    assert enter(browser(application, "2001:db8:1:2:ffff::9")) == 429
    assert enter(browser(application, "2001:db8:1:3::1")) == 303


def test_a_name_guessed_from_everywhere_is_slowed_down_for_strangers(
    application: FastAPI, alice: User
) -> None:
    for number in range(100):
        enter(browser(application, f"203.0.{number}.5"), WRONG)

    assert enter(browser(application, "198.51.100.7")) == 429


def test_the_cookie_of_a_device_is_good_for_one_account_only(alice: User, bob: User) -> None:
    cookie = new_device_cookie("secret", alice.id)

    assert known_device("secret", alice.id, cookie)
    for forged in ("", ".", "x.y", cookie[:-1], "é.é", cookie.replace(".", "")):
        assert known_device("secret", alice.id, forged) == ""
    assert known_device("secret", bob.id, cookie) == ""
    assert known_device("another", alice.id, cookie) == ""
    assert known_device("secret", None, cookie) == ""


def test_signing_in_again_replaces_the_sign_in_of_the_same_browser(
    application: FastAPI, rows: Rows, alice: User
) -> None:
    phone = browser(application)
    enter(phone)
    enter(phone)

    assert len(rows(SignIn)) == 1


@both_databases
def test_tries_at_the_same_time_do_not_slip_past_the_count(
    application: FastAPI, rows: Rows, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = []

    def look(_user: User | None, _password: str) -> bool:
        looked_at.append(True)
        return False

    monkeypatch.setattr(sign_ins, "password_matches", look)
    threads = [
        threading.Thread(target=enter, args=(browser(application), WRONG)) for _try in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(looked_at) == 5
    assert len(rows(FailedSignIn)) == 5


def test_nobody_waits_for_a_password_that_is_being_hashed(
    application: FastAPI, engine: Engine, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_free = []

    def look(_user: User | None, _password: str) -> bool:
        with engine.execution_options(writes=True).begin() as connection:
            connection.execute(User.__table__.update().values(time_zone="UTC"))  # type: ignore[attr-defined]
        is_free.append(True)
        return False

    monkeypatch.setattr(sign_ins, "password_matches", look)

    assert enter(browser(application), WRONG) == 422
    assert is_free == [True]


def test_who_finds_too_many_passwords_waiting_is_refused_at_once_and_loses_no_try(
    application: FastAPI, rows: Rows, alice: User
) -> None:
    phone = browser(application)
    with ExitStack() as others:
        for _place in range(passwords.MOST_CHECKS):
            others.enter_context(passwords.CHECKS.taken(alice.id))
        answer = phone.post("/sign-in", data={"name": "Alice", "password": PASSWORD})

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "Too many passwords are being checked." in answer.text
    assert rows(FailedSignIn) == []
    assert enter(phone) == 303


def test_a_sign_in_under_way_does_not_outlive_a_changed_password(
    application: FastAPI, engine: Engine, rows: Rows, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def match(_user: User | None, _password: str) -> bool:
        with engine.execution_options(writes=True).begin() as connection:
            connection.execute(User.__table__.update().values(password_hash="new"))  # type: ignore[attr-defined]
        return True

    monkeypatch.setattr(sign_ins, "password_matches", match)

    assert enter(browser(application)) == 422
    assert rows(SignIn) == []


def test_a_clock_that_was_a_day_ahead_locks_nobody_out(
    application: FastAPI, clock: Clock, alice: User
) -> None:
    right = clock.now
    clock.set(right + timedelta(days=1))
    for _try in range(6):
        enter(browser(application), WRONG)
    clock.set(right)

    assert enter(browser(application)) == 303


def test_a_first_account_makes_its_browser_a_known_one(
    application: FastAPI, engine: Engine, clock: Clock
) -> None:
    phone = browser(application)
    data = {"name": "Alice", "password": PASSWORD, "code": printed_code(engine, clock.now)}
    assert phone.post("/set-up", data=data).status_code == 303

    assert "sid-device" in phone.cookies
