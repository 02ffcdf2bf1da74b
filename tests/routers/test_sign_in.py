"""Accounts over HTTP: set up once, sign in, be slowed down, be signed out."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from app.db import writing
from app.models import FailedSignIn, SetUpLink, SignIn, User
from app.routers.sign_in import own_path
from app.services import accounts
from app.services.accounts import AccountInput, create_account, outdated_name_keys, renew_name_keys
from app.settings import Settings, SignUp
from tests.routers.pages import SCRIPT, Response, read
from tests.support.clients import COOKIE, SignInAs
from tests.support.clock import NOW, Clock
from tests.support.databases import Rows, both_databases, empty
from tests.support.people import PASSWORD, make_user, save, sign_in
from tests.support.set_up import printed_code

Enter = Callable[..., Response]
NEW_PASSWORD = "nine loud paper lanterns"


def enter(client: TestClient, name: str = "Alice", password: str = PASSWORD) -> Response:
    return client.post("/sign-in", data={"name": name, "password": password, "next": "/notes"})


SetUp = Callable[..., Response]


@pytest.fixture
def set_up(engine: Engine, clock: Clock) -> SetUp:
    """Fill in the set-up page, with the code that the server has just printed."""

    def set_up(client: TestClient, **changes: str) -> Response:
        data = {"name": "Alice", "password": NEW_PASSWORD, "time_zone": "Asia/Tokyo"}
        code = changes.get("code") or printed_code(engine, clock.now)
        return client.post("/set-up", data={**data, "code": code, **changes})

    return set_up


def test_the_set_up_link_makes_the_first_account_and_signs_it_in(
    anonymous: TestClient, set_up: SetUp, rows: Rows
) -> None:
    assert "code" in read(anonymous.get("/set-up")).fields
    response = set_up(anonymous)

    assert (response.status_code, response.headers["location"]) == (303, "/regimen/new")
    (user,) = rows(User)
    assert (user.name, user.time_zone, str(user.began_on)) == ("Alice", "Asia/Tokyo", "2026-11-24")
    assert anonymous.get("/").status_code == 200


def test_the_set_up_link_works_once_ever(
    anonymous: TestClient, engine: Engine, clock: Clock, set_up: SetUp, rows: Rows
) -> None:
    other, code = printed_code(engine, clock.now), printed_code(engine, clock.now)
    set_up(anonymous, code=code)
    assert set_up(anonymous, name="Mallory", code=other).status_code == 404
    anonymous.post("/settings/delete", data={"password": NEW_PASSWORD})
    assert rows(User) == []

    for used in (code, other):
        response = set_up(anonymous, code=used)
        assert response.status_code == 422
        assert "Restart the server to print a new link." in response.text
        assert read(response).fields["name"] == ["Alice"]
    assert rows(User) == []
    assert set_up(anonymous).status_code == 303


def test_the_set_up_link_works_for_a_day(
    anonymous: TestClient, engine: Engine, clock: Clock, set_up: SetUp, rows: Rows
) -> None:
    early, code = printed_code(engine, clock.now), printed_code(engine, clock.now)
    clock.advance(hours=24)
    assert set_up(anonymous, code=code).status_code == 422
    clock.advance(hours=-0.1)
    assert set_up(anonymous, code=early).status_code == 303


def test_an_account_made_on_the_server_ends_the_link(
    anonymous: TestClient, engine: Engine, clock: Clock, set_up: SetUp, rows: Rows
) -> None:
    code = printed_code(engine, clock.now)
    with writing(engine) as session:
        create_account(session, AccountInput(name="Bob", password=NEW_PASSWORD), clock.now)
        session.commit()

    assert set_up(anonymous, code=code).status_code == 404
    assert rows(SetUpLink) == []


def test_a_link_outlives_an_account_that_could_not_be(
    anonymous: TestClient, engine: Engine, clock: Clock, set_up: SetUp
) -> None:
    code = printed_code(engine, clock.now)
    assert set_up(anonymous, code=code, password="short").status_code == 422
    assert set_up(anonymous, code=code).status_code == 303


@both_databases
def test_a_set_up_link_used_by_six_at_once_makes_one_account(
    application: FastAPI, engine: Engine, clock: Clock, set_up: SetUp, rows: Rows
) -> None:
    for _round in range(3):
        codes = [printed_code(engine, clock.now) for _link in range(2)]
        answers: list[int] = []

        def use(number: int, codes: list[str] = codes, answers: list[int] = answers) -> None:
            browser = TestClient(
                application, follow_redirects=False, headers={"sec-fetch-site": "same-origin"}
            )
            answer = set_up(browser, name=f"Person {number}", code=codes[number % 2])
            answers.append(answer.status_code)

        threads = [threading.Thread(target=use, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert answers.count(303) == 1
        assert set(answers) <= {303, 404, 422}
        assert len(rows(User)) == 1
        empty(engine)


def test_nobody_waits_for_the_password_of_a_new_account_that_is_being_hashed(
    anonymous: TestClient, engine: Engine, set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_free = []

    def hash_slowly(_password: str) -> str:
        printed_code(engine, NOW)
        is_free.append(True)
        return "new"

    monkeypatch.setattr(accounts, "hash_password", hash_slowly)

    assert set_up(anonymous).status_code == 303
    assert is_free == [True]


def test_no_password_is_hashed_for_a_wrong_code(
    anonymous: TestClient, set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(accounts, "hash_password", hashed.append)

    assert set_up(anonymous, code="guessed").status_code == 422
    assert hashed == []


@pytest.mark.parametrize("code", ["", "0" * 24, "x", "\N{SNOWMAN}", "a" * 201])
def test_a_wrong_code_makes_no_account(
    anonymous: TestClient, set_up: SetUp, rows: Rows, code: str
) -> None:
    response = anonymous.post(
        "/set-up", data={"name": "Alice", "password": NEW_PASSWORD, "code": code}
    )
    assert response.status_code == 422
    assert 'href="#field-code"' in response.text
    assert rows(User) == []


def test_accounts_of_one_network_are_made_a_few_at_a_time(
    application: FastAPI, anonymous: TestClient, settings: Settings, set_up: SetUp, alice: User
) -> None:
    application.state.settings = settings.model_copy(update={"sign_up": SignUp.OPEN})
    answers = [set_up(anonymous, name=f"Person {place}") for place in range(7)]

    assert [answer.status_code for answer in answers] == [303] * 5 + [429] * 2
    assert answers[-1].headers["retry-after"] == "15"
    assert read(answers[-1]).fields["name"] == ["Person 6"]


@pytest.mark.parametrize("name", ["sign up", "sign up\n", "Sign\nUp"])
def test_new_accounts_and_an_account_named_sign_up_are_counted_apart(
    application: FastAPI,
    anonymous: TestClient,
    settings: Settings,
    set_up: SetUp,
    alice: User,
    name: str,
) -> None:
    application.state.settings = settings.model_copy(update={"sign_up": SignUp.OPEN})
    for _try in range(6):
        anonymous.post("/sign-in", data={"name": name, "password": "wrong wrong wrong"})

    assert set_up(anonymous, name="Carol").status_code == 303


def test_later_accounts_are_made_only_where_that_is_open(
    application: FastAPI,
    anonymous: TestClient,
    settings: Settings,
    set_up: SetUp,
    rows: Rows,
    alice: User,
) -> None:
    assert set_up(anonymous, name="Carol").status_code == 404
    assert "/set-up" not in anonymous.get("/sign-in").text

    application.state.settings = settings.model_copy(update={"sign_up": SignUp.OPEN})
    assert "/set-up" in anonymous.get("/sign-in").text
    assert anonymous.get("/set-up").status_code == 200
    assert set_up(anonymous, name="Carol").status_code == 303
    assert {user.name for user in rows(User)} == {"Alice", "Carol"}


def test_open_sign_up_does_not_make_the_first_account_without_the_link(
    application: FastAPI, anonymous: TestClient, settings: Settings, set_up: SetUp, rows: Rows
) -> None:
    application.state.settings = settings.model_copy(update={"sign_up": SignUp.OPEN})

    assert set_up(anonymous, code="guessed").status_code == 422
    assert rows(User) == []


LOOK_LIKE_ALICE = {
    "another case": "aLICE",
    "spaces around it": "  Alice ",
    "full-width letters": "\N{FULLWIDTH LATIN CAPITAL LETTER A}lice",
    "a zero-width space": "Al\N{ZERO WIDTH SPACE}ice",
    "a zero-width joiner": "Alice\N{ZERO WIDTH JOINER}",
    "a soft hyphen": "Al\N{SOFT HYPHEN}ice",
    "a byte order mark": "\N{ZERO WIDTH NO-BREAK SPACE}Alice",
    "a variation selector": "Alice\N{VARIATION SELECTOR-16}",
    "a tag": "Alice\N{TAG LATIN SMALL LETTER A}",
    "a mark of direction": "\N{RIGHT-TO-LEFT OVERRIDE}Alice",
    "letters of mathematics": "\N{MATHEMATICAL BOLD CAPITAL A}lice",
    "a dotless i": "Al\N{LATIN SMALL LETTER DOTLESS I}ce",
    "a script a": "\N{LATIN SMALL LETTER ALPHA}lice",
    "one for an L": "A1ice",
    "one for an I": "Al1ce",
    "a digit of another script": "Al\N{EXTENDED ARABIC-INDIC DIGIT ONE}ce",
    "a capital I for an L": "aIice",
    "a bar for an L": "A|ice",
    "small capitals": "\u1d00\u029f\u026a\u1d04\u1d07",
    "letters in black circles": "\U0001f150\U0001f15b\U0001f158\U0001f152\U0001f154",
    "letters of flags": "\U0001f1e6\U0001f1f1\U0001f1ee\U0001f1e8\U0001f1ea",
    "all Cyrillic": "\u0430\u04cf\u0456\u0441\u0435",
    "a stroke through a letter": "A\N{COMBINING LONG STROKE OVERLAY}lice",
    "a line below": "Alice\N{COMBINING LOW LINE}",
    "a dot below": "Alic\N{COMBINING DOT BELOW}e",
    "a circle around": "Alice\N{COMBINING ENCLOSING CIRCLE}",
    "a Turkish capital": "AL\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}CE",
}


@pytest.mark.parametrize("name", LOOK_LIKE_ALICE.values(), ids=LOOK_LIKE_ALICE.keys())
def test_a_name_that_looks_like_another_is_taken_and_means_the_same(
    application: FastAPI,
    anonymous: TestClient,
    settings: Settings,
    set_up: SetUp,
    rows: Rows,
    alice: User,
    name: str,
) -> None:
    application.state.settings = settings.model_copy(update={"sign_up": SignUp.OPEN})
    response = set_up(anonymous, name=name)

    assert response.status_code == 422
    assert "This name, or one that looks like it, is taken." in response.text
    assert len(rows(User)) == 1
    assert enter(anonymous, name).status_code == 303


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Coco", "\u0421\u043e\u0441\u043e"),
        ("\u0421\u043e\u0441\u043e", "Coco"),
        ("Kotta", "\u039a\u039f\u03a4\u03a4\u0391"),
        ("\u0420\u0430\u0443\u0430", "Paya"),
        ("Bob 1", "B0b I"),
        ("Martha", "rnartha"),
        ("Lu", "\u14aa\u144c"),
    ],
    ids=[
        "Cyrillic like Latin",
        "Latin like Cyrillic",
        "Greek",
        "a Cyrillic name",
        "digits",
        "two letters like one",
        "Canadian syllables",
    ],
)
def test_a_name_in_another_alphabet_that_looks_the_same_is_taken(
    application: FastAPI,
    anonymous: TestClient,
    settings: Settings,
    set_up: SetUp,
    session: Session,
    first: str,
    second: str,
) -> None:
    save(session, make_user(first))
    application.state.settings = settings.model_copy(update={"sign_up": SignUp.OPEN})

    assert "This name, or one that looks like it, is taken." in set_up(anonymous, name=second).text
    assert enter(anonymous, first).status_code == 303


@pytest.mark.parametrize("name", ["\u0410lice", "Al\u03b9ce", "Bo\u0184", "\u0391nna"])
def test_a_name_that_mixes_alphabets_in_a_word_is_refused(
    anonymous: TestClient, set_up: SetUp, rows: Rows, name: str
) -> None:
    response = set_up(anonymous, name=name)
    if name == "Bo\u0184":
        assert response.status_code == 303
    else:
        assert "Write each word of the name in one alphabet." in response.text
        assert rows(User) == []


@pytest.mark.parametrize(
    "name",
    [
        "\u0410\u043d\u043d\u0430 Berlin",
        "\u0391\u03bd\u03bd\u03b1",
        "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}",
        "\u6e2fJIN\u30ab",
        "\u0639\u0644\u064a",
        "\u0915\u093f\u0930\u0923",
        "Nguy\u1ec5n Ho\u00e0",
        "O\N{RIGHT SINGLE QUOTATION MARK}Neill-2",
    ],
)
def test_names_of_all_scripts_sign_in(anonymous: TestClient, set_up: SetUp, name: str) -> None:
    assert set_up(anonymous, name=name).status_code == 303
    anonymous.cookies.clear()

    assert enter(anonymous, name.swapcase(), NEW_PASSWORD).status_code == 303


@pytest.mark.parametrize(
    "name", ["\N{ZERO WIDTH SPACE}", "\N{HANGUL FILLER} \N{BRAILLE PATTERN BLANK}"]
)
def test_a_name_that_nobody_can_see_is_none(
    anonymous: TestClient, set_up: SetUp, rows: Rows, name: str
) -> None:
    assert "Choose a name to sign in with." in set_up(anonymous, name=name).text
    assert rows(User) == []


def test_a_name_that_grows_when_it_is_compared_still_fits(
    anonymous: TestClient, set_up: SetUp
) -> None:
    longest = "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 80
    assert set_up(anonymous, name=longest).status_code == 303
    anonymous.cookies.clear()
    assert enter(anonymous, longest, NEW_PASSWORD).status_code == 303
    assert enter(anonymous, longest[1:], NEW_PASSWORD).status_code == 422


def test_accounts_that_looked_alike_before_keep_signing_in_each_to_their_own(
    anonymous: TestClient, session: Session, engine: Engine, rows: Rows
) -> None:
    names = ["\u0421\u043e\u0441\u043e", "Coco", "Coc\N{ZERO WIDTH SPACE}o", "Dora"]
    for place, name in enumerate(names):
        user = make_user(name)
        user.created_at += timedelta(days=place)
        user.name_key = name.casefold()
        save(session, user)

    for _start in range(2):
        with writing(engine) as writer:
            renew_name_keys(writer, outdated_name_keys(writer))
            writer.commit()

    for name in (*names, "COCO", "\u0421\u041e\u0421\u041e"):
        anonymous.cookies.clear()
        assert enter(anonymous, name).status_code == 303
        page = anonymous.get("/settings/name")
        assert read(page).fields["name"][0].casefold() == name.casefold()


def test_a_name_is_the_same_however_its_accents_are_written(
    anonymous: TestClient, set_up: SetUp
) -> None:
    composed, decomposed = "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}", "Zoe\N{COMBINING DIAERESIS}"
    set_up(anonymous, name=composed)
    anonymous.cookies.clear()

    assert enter(anonymous, decomposed, NEW_PASSWORD).status_code == 303


@pytest.mark.parametrize(
    "password",
    [
        "",
        "elevenchars",
        "x" * 1025,
        "aaaaaaaaaaaa",
        "abcdefghijkl",
        "abababababab",
        "alice boalice bo",
        "passpasspass",
        "password1234",
        "P@ssw0rd2026!",
    ],
)
def test_a_weak_password_is_refused_and_the_rest_stays_typed_but_never_the_password(
    anonymous: TestClient, set_up: SetUp, rows: Rows, password: str
) -> None:
    name = "Alice Bo" if "alice" in password else "Alice"
    response = set_up(anonymous, name=name, password=password)
    page = read(response)

    assert response.status_code == 422
    assert 'href="#field-password"' in response.text
    assert page.fields["name"] == [name]
    assert page.fields["time_zone"] == ["Asia/Tokyo"]
    assert not password or password not in response.text
    assert rows(User) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \x00 "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"time_zone": "Europe"}, "time_zone"),
        ({"time_zone": "+99:99"}, "time_zone"),
        ({"time_zone": "x" * 10_000}, "time_zone"),
    ],
)
def test_an_account_that_cannot_be_names_the_field(
    anonymous: TestClient, set_up: SetUp, rows: Rows, changes: dict[str, str], field: str
) -> None:
    response = set_up(anonymous, **changes)

    assert response.status_code == 422
    assert f'href="#field-{field}"' in response.text
    assert "etc/passwd is" not in response.text
    assert rows(User) == []


def test_a_name_in_markup_is_text(anonymous: TestClient, set_up: SetUp) -> None:
    set_up(anonymous, name=SCRIPT)

    for address in ("/", "/settings", "/regimen", "/nowhere"):
        assert "<script>alert" not in anonymous.get(address).text


def test_signing_in_leads_on_to_where_one_was_going(anonymous: TestClient, alice: User) -> None:
    led = anonymous.get("/notes?q=a%26b&page=2").headers["location"]
    assert led == "/sign-in?next=/notes%3Fq%3Da%2526b%26page%3D2"
    assert read(anonymous.get(led)).fields["next"] == ["/notes?q=a%26b&page=2"]

    assert enter(anonymous, " aLICE ").headers["location"] == "/notes"
    assert anonymous.get("/notes").status_code == 200


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(
    anonymous: TestClient, alice: User
) -> None:
    wrong_password = enter(anonymous, "Alice", "not it at all")
    wrong_name = enter(anonymous, "Aline", "not it at all")

    assert wrong_password.status_code == wrong_name.status_code == 422
    assert wrong_password.text.replace("Alice", "?") == wrong_name.text.replace("Aline", "?")
    assert "Name and password do not match." in wrong_name.text
    assert "not it at all" not in wrong_name.text
    assert "set-cookie" not in wrong_name.headers


@pytest.mark.parametrize("name", ["Alice", "Nobody"])
def test_after_five_wrong_passwords_the_next_has_to_wait_for_everyone_alike(
    anonymous: TestClient, clock: Clock, alice: User, name: str
) -> None:
    for _try in range(5):
        assert enter(anonymous, name, "wrong wrong wrong").status_code == 422
    # Not even the right one is looked at; the form stays.
    told = enter(anonymous, name)
    assert (told.status_code, told.headers["retry-after"]) == (429, "15")
    assert read(told).fields["name"] == [name]

    clock.advance(seconds=14)
    assert enter(anonymous, name).status_code == 429
    clock.advance(seconds=2)
    assert enter(anonymous, name).status_code == (303 if name == "Alice" else 422)


def test_waiting_grows_and_is_over_after_a_quarter_of_an_hour(
    anonymous: TestClient, clock: Clock, rows: Rows, alice: User
) -> None:
    for _try in range(5):
        enter(anonymous, password="wrong wrong wrong")
    clock.advance(seconds=16)
    assert enter(anonymous, password="wrong wrong wrong").status_code == 422
    clock.advance(seconds=16)
    assert enter(anonymous).status_code == 429

    clock.advance(minutes=16)
    assert enter(anonymous).status_code == 303
    assert rows(FailedSignIn) == []


def test_another_name_is_not_slowed_down_by_it(
    anonymous: TestClient, alice: User, bob: User
) -> None:
    for _try in range(6):
        enter(anonymous, password="wrong wrong wrong")

    assert enter(anonymous, "Bob").status_code == 303


def test_a_network_that_guesses_has_to_wait_whatever_the_name(
    anonymous: TestClient, engine: Engine, clock: Clock, rows: Rows, alice: User
) -> None:
    enter(anonymous, "Somebody 0", "wrong wrong wrong")
    (first,) = rows(FailedSignIn)
    with engine.execution_options(writes=True).begin() as connection:
        for number in range(1, 50):
            row = FailedSignIn(
                name_hash=f"{number:064}", network_hash=first.network_hash, failed_at=clock.now
            )
            connection.execute(FailedSignIn.__table__.insert().values(**row.model_dump()))  # type: ignore[attr-defined]

    assert enter(anonymous).status_code == 429
    # What a stranger claims to be forwarded for is not heard.
    forged = {"x-forwarded-for": "203.0.113.7", "forwarded": "for=203.0.113.7"}
    data = {"name": "Alice", "password": PASSWORD}
    assert anonymous.post("/sign-in", data=data, headers=forged).status_code == 429


def test_a_sign_in_gets_a_new_token_and_an_old_cookie_buys_nothing(
    anonymous: TestClient, rows: Rows, alice: User
) -> None:
    anonymous.cookies.set(COOKIE, "chosen by somebody else")
    anonymous.get("/sign-in")
    response = enter(anonymous)

    assert "chosen" not in response.headers["set-cookie"]
    (found,) = rows(SignIn)
    token = response.headers["set-cookie"].split("=")[1].split(";")[0]
    assert len(token) >= 43
    assert token not in found.token_hash


def test_a_sign_in_revoked_elsewhere_is_gone_at_once(
    sign_in_as: SignInAs, rows: Rows, alice: User
) -> None:
    phone = sign_in_as(alice)
    (lost,) = rows(SignIn)
    laptop = sign_in_as(alice)
    assert phone.get("/").status_code == 200

    response = laptop.post(
        f"/settings/sign-ins/{lost.id}/delete", data={"current_password": PASSWORD}
    )
    assert response.headers["location"] == "/settings/devices"
    assert phone.get("/").headers["location"].startswith("/sign-in")
    assert laptop.get("/").status_code == 200


def test_a_sign_in_ends_after_thirty_days_without_use(client: TestClient, clock: Clock) -> None:
    for _visit in range(3):
        clock.advance(days=29)
        assert client.get("/").status_code == 200

    clock.advance(days=30)
    assert client.get("/").status_code == 303


def test_a_sign_in_ends_after_half_a_year_however_much_it_is_used(
    client: TestClient, clock: Clock
) -> None:
    for _visit in range(8):
        clock.advance(days=22)
        assert client.get("/").status_code == 200

    clock.advance(days=4)
    assert client.get("/").status_code == 303


def test_use_is_noted_even_when_the_request_was_refused(
    client: TestClient, clock: Clock, rows: Rows
) -> None:
    before = rows(SignIn)[0].last_seen_at
    clock.advance(hours=2)
    assert client.post("/days/2026-11-23/notes", data={"text": ""}).status_code == 422

    assert rows(SignIn)[0].last_seen_at == before + timedelta(hours=2)


def test_signing_out_ends_it_and_empties_the_browser(client: TestClient, rows: Rows) -> None:
    response = client.post("/sign-out")

    assert response.headers["location"] == "/sign-in"
    assert response.headers["clear-site-data"] == '"cache", "storage"'
    assert f"{COOKIE}=" in response.headers["set-cookie"]
    assert "Max-Age=0" in response.headers["set-cookie"]
    assert rows(SignIn) == []
    assert client.get("/").status_code == 303


@pytest.mark.parametrize("address", ["/sign-out", "/settings/delete"])
def test_what_was_searched_for_is_gone_with_the_sign_in(client: TestClient, address: str) -> None:
    client.post("/notes/search", data={"q": "itching"})
    assert "sid-typed" in client.cookies

    assert client.post(address, data={"password": PASSWORD}).status_code == 303
    assert "sid-typed" not in client.cookies


def test_signing_out_on_https_names_the_cookie_as_a_browser_needs_it(
    application: FastAPI, engine: Engine, clock: Clock, alice: User
) -> None:
    browser = TestClient(
        application,
        base_url="https://testserver",
        follow_redirects=False,
        headers={"sec-fetch-site": "same-origin"},
    )
    browser.cookies.set("__Host-sid", sign_in(engine, alice, clock.now))
    gone = browser.post("/sign-out").headers["set-cookie"]

    assert gone.startswith("__Host-sid=")
    assert "Secure" in gone
    assert "Path=/" in gone


def test_a_cookie_of_plain_http_opens_nothing_on_https(
    application: FastAPI, engine: Engine, clock: Clock, alice: User
) -> None:
    browser = TestClient(application, base_url="https://testserver", follow_redirects=False)
    browser.cookies.set("sid", sign_in(engine, alice, clock.now))

    assert browser.get("/").status_code == 303


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "///evil.example",
        "https://evil.example",
        "http://[",
        "https://[evil",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        "",
        " ",
        "@evil.example",
    ],
)
def test_next_cannot_lead_off_the_site(anonymous: TestClient, alice: User, address: str) -> None:
    assert own_path(address) == ""
    data = {"name": "Alice", "password": PASSWORD, "next": address}
    response = anonymous.post("/sign-in", data=data)
    assert (response.status_code, response.headers["location"]) == (303, "/")


@pytest.mark.parametrize("address", ["/", "/notes?q=a", "/days/2026-11-23#dose"])
def test_next_leads_to_any_page_of_ours(address: str) -> None:
    assert own_path(address) == address


def test_a_cookie_is_scoped_to_the_one_host(
    application: FastAPI, anonymous: TestClient, alice: User
) -> None:
    plain = enter(anonymous).headers["set-cookie"]
    secure = TestClient(
        application,
        base_url="https://testserver",
        follow_redirects=False,
        headers={"sec-fetch-site": "same-origin"},
    )
    bound = enter(secure).headers["set-cookie"]

    assert plain.startswith("sid=")
    assert "Secure" not in plain
    assert bound.startswith("__Host-sid=")
    assert "Secure" in bound
    for cookie in (plain, bound):
        assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_a_page_on_plain_http_says_that_it_is_not_encrypted(
    application: FastAPI, anonymous: TestClient, alice: User
) -> None:
    assert "not encrypted" in anonymous.get("/sign-in").text
    for origin in ("https://testserver", "http://localhost:8000", "http://127.0.0.1"):
        browser = TestClient(application, base_url=origin)
        assert "not encrypted" not in browser.get("/sign-in").text
