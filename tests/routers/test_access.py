"""Who gets in, and as whom: every change asks for the current password."""

import re
import threading

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.models import FailedSignIn, SignIn, User
from app.routers import access
from app.services import sign_ins
from tests.routers.pages import Response, assert_is_refused, read
from tests.support.clients import COOKIE, SignInAs
from tests.support.clock import Clock
from tests.support.databases import Rows, both_databases
from tests.support.people import PASSWORD

NEW_PASSWORD = "nine loud paper lanterns"
WRONG = "wrong wrong wrong"
CONFIRMED = {"current_password": PASSWORD}
OTHERS = "/settings/sign-ins/others/delete"
NOT_IT = "That is not your current password."


def test_a_new_password_ends_every_other_sign_in(
    client: TestClient, sign_in_as: SignInAs, bobs_client: TestClient, rows: Rows, alice: User
) -> None:
    other = sign_in_as(alice)
    data = {"current_password": PASSWORD, "password": NEW_PASSWORD}
    assert client.post("/settings/password", data=data).status_code == 303

    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 303
    assert bobs_client.get("/").status_code == 200
    other.cookies.clear()
    again = {"name": "Alice", "password": PASSWORD}
    assert other.post("/sign-in", data=again).status_code == 422
    assert other.post("/sign-in", data={**again, "password": NEW_PASSWORD}).status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "name"),
    [
        ("wrong wrong wrong", NEW_PASSWORD, "current_password"),
        ("", NEW_PASSWORD, "current_password"),
        (PASSWORD, "short", "password"),
        (PASSWORD, "", "password"),
        (PASSWORD, "alicealice", "password"),
    ],
)
def test_a_password_that_cannot_be_changed_is_named_and_never_shown(
    client: TestClient, sign_in_as: SignInAs, alice: User, current: str, new: str, name: str
) -> None:
    other = sign_in_as(alice)
    data = {"current_password": current, "password": new}
    response = client.post("/settings/password", data=data)

    assert response.status_code == 422
    assert f'href="#field-{name}"' in response.text
    assert not any(each in response.text for each in (current, new) if len(each) > 5)
    assert other.get("/").status_code == 200


def test_another_persons_sign_in_does_not_exist(
    client: TestClient, bobs_client: TestClient, rows: Rows, bob: User
) -> None:
    bobs = next(each for each in rows(SignIn) if each.user_id == bob.id)

    assert client.post(f"/settings/sign-ins/{bobs.id}/delete").status_code == 404
    assert bobs_client.get("/").status_code == 200
    assert str(bobs.id) not in client.get("/settings/devices").text


def test_another_device_is_signed_out_on_the_page_of_devices(
    client: TestClient, sign_in_as: SignInAs, alice: User
) -> None:
    other = sign_in_as(alice)
    page = client.get("/settings/devices").text
    assert page.count(">This device<") == 1
    (address,) = re.findall(r'href="(/settings/sign-ins/[^"]+-[^"]+/delete)"', page)
    assert client.get(address).status_code == 200
    assert client.post(address, data=CONFIRMED).headers["location"] == "/settings/devices"
    assert other.get("/").status_code == 303
    assert client.get("/").status_code == 200


def test_the_account_goes_only_with_its_password(client: TestClient, rows: Rows) -> None:
    assert client.get("/settings/delete").status_code == 200
    data: dict[str, str | list[str]] = {"password": "wrong wrong wrong"}
    response = client.post("/settings/delete", data=data)
    assert response.status_code == 422
    assert "wrong wrong wrong" not in response.text
    assert_is_refused(client, "/settings/delete", {}, "password")
    assert len(rows(User)) == 1


def test_a_name_changes_only_with_the_password(
    client: TestClient, anonymous: TestClient, rows: Rows, alice: User
) -> None:
    assert read(client.get("/settings/name")).fields["name"] == ["Alice"]
    wrong = client.post("/settings/name", data={"name": "Carol", "current_password": WRONG})
    assert (wrong.status_code, rows(User)[0].name) == (422, "Alice")
    assert NOT_IT in wrong.text
    assert read(wrong).fields["name"] == ["Carol"]
    assert WRONG not in wrong.text

    saved = client.post("/settings/name", data={"name": "Carol", **CONFIRMED})
    assert saved.headers["location"] == "/settings?saved=1"
    data = {"name": "carol", "password": PASSWORD}
    assert anonymous.post("/sign-in", data=data).status_code == 303


@pytest.mark.parametrize("name", ["", "x" * 81, "bOB", " \x00 "])
def test_a_name_that_cannot_be_is_named(
    client: TestClient, rows: Rows, bob: User, name: str
) -> None:
    response = client.post("/settings/name", data={"name": name, **CONFIRMED})
    assert response.status_code == 422
    assert 'href="#field-name"' in response.text
    assert {user.name for user in rows(User)} == {"Alice", "Bob"}


def test_a_person_may_change_the_case_of_their_name(client: TestClient, rows: Rows) -> None:
    client.post("/settings/name", data={"name": "ALICE", **CONFIRMED})
    assert rows(User)[0].name == "ALICE"


def test_no_device_is_signed_out_without_the_password(
    client: TestClient, sign_in_as: SignInAs, rows: Rows, alice: User
) -> None:
    other = sign_in_as(alice)
    ids = [each.id for each in rows(SignIn)]
    for address in (*(f"/settings/sign-ins/{each}/delete" for each in ids), OTHERS):
        for data in ({}, {"current_password": ""}, {"current_password": "nope"}):
            response = client.post(address, data=data)
            assert response.status_code in {422, 429}
            assert 'href="#field-current_password"' in response.text
    assert other.get("/").status_code == client.get("/").status_code == 200


def test_every_other_device_is_signed_out_at_once(
    client: TestClient, sign_in_as: SignInAs, bobs_client: TestClient, alice: User
) -> None:
    assert OTHERS not in client.get("/settings/devices").text
    others = [sign_in_as(alice), sign_in_as(alice)]
    assert OTHERS in client.get("/settings/devices").text
    assert client.get(OTHERS).status_code == 200

    assert client.post(OTHERS, data=CONFIRMED).headers["location"] == "/settings/devices"
    assert [other.get("/").status_code for other in others] == [303, 303]
    assert client.get("/").status_code == bobs_client.get("/").status_code == 200


FORMS: dict[str, dict[str, str]] = {
    "/settings/password": {"current_password": WRONG, "password": NEW_PASSWORD},
    "/settings/name": {"current_password": WRONG, "name": "Carol"},
    "/settings/delete": {"password": WRONG},
    OTHERS: {"current_password": WRONG},
}


def test_five_wrong_current_passwords_are_looked_at_whatever_the_form(
    client: TestClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = []

    def look(_user: User | None, _password: str) -> bool:
        looked_at.append(True)
        return False

    monkeypatch.setattr(sign_ins, "password_matches", look)
    answers: list[Response] = []
    for _round in range(5):
        answers += [client.post(address, data=data) for address, data in FORMS.items()]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 15
    assert len(looked_at) == 5
    for answer in answers[-4:]:
        assert "Too many attempts. Wait a few minutes, then try again." in answer.text
        assert 1 <= int(answer.headers["retry-after"]) <= 600
        assert "<form" in answer.text


def test_a_new_password_is_hashed_only_once_the_current_one_was_right(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(access, "hash_password", hashed.append)
    answers = [
        client.post("/settings/password", data=FORMS["/settings/password"]) for _try in range(7)
    ]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 2
    assert hashed == []


def test_a_password_changed_elsewhere_while_the_new_one_is_hashed_stays(
    client: TestClient, engine: Engine, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change_elsewhere(_password: str) -> str:
        with engine.execution_options(writes=True).begin() as connection:
            connection.execute(User.__table__.update().values(password_hash="elsewhere"))  # type: ignore[attr-defined]
        return "new"

    monkeypatch.setattr(access, "hash_password", change_elsewhere)
    answer = client.post("/settings/password", data={**CONFIRMED, "password": NEW_PASSWORD})

    assert answer.status_code == 422
    assert NOT_IT in answer.text
    assert [user.password_hash for user in rows(User)] == ["elsewhere"]


def test_after_the_wait_the_right_password_is_taken_and_the_count_restarts(
    client: TestClient, clock: Clock, rows: Rows
) -> None:
    for _try in range(6):
        client.post("/settings/delete", data={"password": WRONG})
    assert client.post("/settings/name", data={"name": "Carol", **CONFIRMED}).status_code == 429
    clock.advance(seconds=16)
    assert client.post("/settings/name", data={"name": "Carol", **CONFIRMED}).status_code == 303
    assert rows(FailedSignIn) == []


def test_who_found_one_phone_unlocked_uses_up_no_tries_of_another(
    client: TestClient, sign_in_as: SignInAs, anonymous: TestClient, alice: User
) -> None:
    for _try in range(8):
        client.post("/settings/delete", data={"password": WRONG})

    data = {"name": "Alice", "password": PASSWORD}
    assert anonymous.post("/sign-in", data=data).status_code == 303
    phone = sign_in_as(alice)
    assert phone.post(OTHERS, data=CONFIRMED).status_code == 303


def test_nobody_waits_for_a_current_password_that_is_being_hashed(
    client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_free = []

    def hash_slowly(_password: str) -> str:
        with engine.execution_options(writes=True).begin() as connection:
            connection.execute(User.__table__.update().values(time_zone="UTC"))  # type: ignore[attr-defined]
        is_free.append(True)
        return "new"

    def look(_user: User | None, _password: str) -> bool:
        hash_slowly("")
        return True

    monkeypatch.setattr(access, "hash_password", hash_slowly)
    monkeypatch.setattr(sign_ins, "password_matches", look)
    client.post("/settings/password", data=FORMS["/settings/password"])
    client.post("/settings/name", data=FORMS["/settings/name"])

    assert is_free == [True, True, True]


def test_changing_the_password_renews_the_own_token(
    client: TestClient, sign_in_as: SignInAs, rows: Rows, alice: User
) -> None:
    before = client.cookies[COOKIE]
    copied = sign_in_as(alice)
    copied.cookies.set(COOKIE, before)
    data = {**CONFIRMED, "password": NEW_PASSWORD}
    changed = client.post("/settings/password", data=data)

    token = changed.headers["set-cookie"].partition(f"{COOKIE}=")[2].partition(";")[0]
    assert token not in {"", before}
    client.cookies.clear()
    client.cookies.set(COOKIE, token)
    assert client.get("/").status_code == 200
    assert copied.get("/").status_code == 303
    (left,) = rows(SignIn)
    assert left.device_label == "Chrome on Linux"


@both_databases
def test_of_two_new_passwords_at_once_one_learns_that_the_old_one_is_gone(
    client: TestClient, sign_in_as: SignInAs, rows: Rows, alice: User
) -> None:
    browsers = [client, sign_in_as(alice)]
    news = [NEW_PASSWORD, "eight slow amber ferries"]
    answers: list[int] = []

    def change(browser: TestClient, password: str) -> None:
        data = {**CONFIRMED, "password": password}
        answers.append(browser.post("/settings/password", data=data).status_code)

    threads = [
        threading.Thread(target=change, args=given) for given in zip(browsers, news, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # The slower one has been signed out meanwhile, or learns that its password is old.
    assert answers.count(303) == 1
    assert set(answers) <= {303, 401, 422}
    assert len(rows(SignIn)) == 1


def test_the_page_of_devices_says_when_each_sign_in_ends(client: TestClient, clock: Clock) -> None:
    page = client.get("/settings/devices").text
    assert "Signed in until 22 May 2027" in page
    assert "after 30 days without use" in page
    assert "Up to 20 devices can be signed in" in page


def test_a_person_has_twenty_sign_ins_at_most_and_the_least_used_makes_room(
    sign_in_as: SignInAs, clock: Clock, rows: Rows, alice: User, bobs_client: TestClient
) -> None:
    first = sign_in_as(alice)
    clock.advance(minutes=1)
    second = sign_in_as(alice)
    for _device in range(18):
        clock.advance(minutes=1)
        sign_in_as(alice)
    clock.advance(hours=2)
    assert first.get("/").status_code == 200

    sign_in_as(alice)
    assert len(rows(SignIn.of_user(alice.id))) == 20
    assert first.get("/").status_code == bobs_client.get("/").status_code == 200
    assert second.get("/").status_code == 303


def test_sign_ins_that_have_ended_are_neither_shown_nor_kept(
    client: TestClient, sign_in_as: SignInAs, clock: Clock, rows: Rows, alice: User
) -> None:
    clock.advance(days=31)
    newer = sign_in_as(alice)
    assert newer.get("/settings/devices").text.count("Signed in until") == 1
    assert len(rows(SignIn)) == 1
