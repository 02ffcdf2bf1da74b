"""How a phone finds this installation."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.models import User
from app.settings import Settings
from tests.support.clients import SignInAs

THREE_WAYS = "Three ways to https"


def reached_by(client: TestClient, address: str, path: str = "/phone") -> str:
    response = client.get(f"{address}{path}", headers={"cookie": f"sid={client.cookies['sid']}"})
    assert response.status_code == 200
    return response.text


def shown(page: str) -> list[str]:
    return [part.split("<")[0] for part in page.split('<h2 class="address__url">')[1:]]


def test_the_address_of_the_visit_is_shown_with_a_code(client: TestClient) -> None:
    page = reached_by(client, "http://192.168.1.20:8000")

    assert shown(page) == ["http://192.168.1.20:8000"]
    assert 'aria-label="QR code of http://192.168.1.20:8000"' in page
    assert "You are here now." in page
    assert "Not encrypted." in page
    assert THREE_WAYS in page


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.1.1", "[::1]", "hair.localhost"])
def test_an_address_that_only_this_computer_has_is_not_offered(
    client: TestClient, host: str
) -> None:
    page = reached_by(client, f"http://{host}:8000")

    assert shown(page) == []
    assert "A phone cannot use this address" in page
    assert f"http://{host}:8000 means this computer only" in page
    assert "QR code" not in page
    assert THREE_WAYS in page


def test_every_address_of_the_settings_is_shown_the_encrypted_ones_first(
    application: FastAPI, client: TestClient, settings: Settings
) -> None:
    addresses = "http://192.168.1.20, https://strand.example.org/, http://localhost"
    application.state.settings = settings.model_copy(update={"base_url": addresses})

    page = reached_by(client, "http://192.168.1.20")

    assert shown(page) == ["https://strand.example.org", "http://192.168.1.20"]
    assert "Encrypted." in page
    assert "Not encrypted." in page
    assert THREE_WAYS not in page


def test_a_host_too_long_for_a_code_is_left_out(client: TestClient) -> None:
    assert shown(reached_by(client, f"http://{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}")) == []


def test_the_page_is_found_from_the_settings_and_from_an_empty_today(
    client: TestClient, alice: User, sign_in_as: SignInAs, tmp_path: Path
) -> None:
    for path in ("/settings", "/"):
        assert 'href="/phone"' in client.get(path).text
