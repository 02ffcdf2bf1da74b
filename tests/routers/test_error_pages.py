"""Pages for what went wrong: a sentence, the navigation, and a way on."""

from fastapi.testclient import TestClient

from app.models import User


def test_a_page_that_is_not_there_keeps_the_navigation(client: TestClient, alice: User) -> None:
    for address in ("/nowhere", "/days/2026-02-30", "/calendar/2026-13"):
        page = client.get(address)
        assert page.status_code == 404
        assert 'class="nav"' in page.text
        assert 'href="/trends"' in page.text
        assert "Go to Today" in page.text
        assert alice.name not in page.text


def test_a_stranger_is_shown_no_navigation(anonymous: TestClient) -> None:
    page = anonymous.get("/nowhere")
    assert page.status_code == 404
    assert 'class="nav"' not in page.text


def test_the_offline_page_has_the_navigation_and_nothing_personal(
    client: TestClient, anonymous: TestClient, alice: User
) -> None:
    page = client.get("/offline").text
    assert 'class="nav"' in page
    assert page.count('class="row row--plain"') == 3
    assert alice.name not in page
    assert page == anonymous.get("/offline").text
