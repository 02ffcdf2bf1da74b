"""Which language a page speaks: the browser's, until the person chooses one."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

GERMAN = {"accept-language": "de-DE,de;q=0.9,en;q=0.8"}


@pytest.fixture
def choose(client: TestClient) -> Callable[[str], None]:
    def choose(language: str) -> None:
        sent = {"language": language}
        answer = client.post("/settings/preferences", data=sent)
        assert answer.status_code == 303

    return choose


def test_a_german_browser_is_welcomed_in_german(anonymous: TestClient) -> None:
    page = anonymous.get("/sign-in", headers=GERMAN).text

    assert '<html lang="de"' in page
    assert "Anmelden" in page


def test_without_a_choice_a_person_reads_the_language_of_the_browser(client: TestClient) -> None:
    assert "Einstellungen" in client.get("/settings", headers=GERMAN).text
    assert "Settings" in client.get("/settings").text


def test_a_chosen_language_wins_over_the_browser(
    client: TestClient, choose: Callable[[str], None]
) -> None:
    choose("de")
    assert "Einstellungen" in client.get("/settings").text

    choose("en")
    assert "Settings" in client.get("/settings", headers=GERMAN).text


def test_an_error_speaks_the_chosen_language_too(
    client: TestClient, choose: Callable[[str], None]
) -> None:
    choose("de")

    for path in (
        "/regimen/00000000-0000-4000-8000-000000000000",
        "/no/such/page",
        "/days/2026-02-30",
    ):
        page = client.get(path)

        assert page.status_code == 404
        assert '<html lang="de"' in page.text
        assert "Zu „Heute“" in page.text


def test_an_unknown_address_speaks_the_browsers_language_to_a_stranger(
    anonymous: TestClient,
) -> None:
    assert '<html lang="de"' in anonymous.get("/no/such/page", headers=GERMAN).text
    assert '<html lang="en"' in anonymous.get("/no/such/page").text


def test_a_form_in_german_shows_and_reads_decimal_commas_and_german_units(
    client: TestClient, choose: Callable[[str], None]
) -> None:
    choose("de")
    page = client.get("/regimen/new?catalogue_id=vitamin-d3").text

    assert '<option value="IU">IE</option>' in page
    assert '<option value="mg/spray">mg/Sprühstoß</option>' in page
    assert 'placeholder="0,05"' in page


def test_another_language_is_another_edition_of_the_pages_on_a_device(
    client: TestClient, choose: Callable[[str], None]
) -> None:
    english = client.get("/").headers["strand-edition"]

    choose("de")

    assert client.get("/").headers["strand-edition"] != english


@pytest.mark.parametrize("path", ["/about", "/about/sources", "/regimen/totals"])
def test_translated_notes_say_that_no_clinician_reviewed_them(
    path: str, client: TestClient, choose: Callable[[str], None]
) -> None:
    assert "reviewed by a clinician" not in client.get(path).text

    choose("de")

    assert "noch nicht ärztlich geprüft" in client.get(path).text


def test_files_stay_as_they_are_in_every_language(
    client: TestClient, choose: Callable[[str], None]
) -> None:
    english = client.get("/export/regimen.csv").content

    choose("de")

    assert client.get("/export/regimen.csv").content == english


def test_a_language_that_strand_does_not_speak_is_refused(client: TestClient) -> None:
    assert client.post("/settings/preferences", data={"language": "tlh"}).status_code == 422
