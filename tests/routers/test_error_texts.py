"""What a person reads when something did not work."""

from fastapi.testclient import TestClient

from app.models import RegimenItem, User


def test_a_wrong_password_says_nothing_of_saving(anonymous: TestClient, alice: User) -> None:
    page = anonymous.post("/sign-in", data={"name": alice.name, "password": "wrong"})

    assert page.status_code == 422
    assert "You are not signed in:" in page.text
    assert "Not saved yet" not in page.text
    assert 'aria-invalid="true"' in page.text


def test_a_used_set_up_link_offers_to_sign_in(anonymous: TestClient, alice: User) -> None:
    page = anonymous.get("/set-up")

    assert page.status_code == 404
    assert "This link has already been used, or is incomplete." in page.text
    assert '<a class="button" href="/sign-in">Sign in</a>' in page.text
    assert "moved or deleted" not in page.text


def test_an_address_that_leads_nowhere_says_why(client: TestClient) -> None:
    page = client.get("/nowhere")

    assert "This page does not exist." in page.text
    assert "the address is incomplete" in page.text


def test_the_summary_of_errors_names_the_field(client: TestClient, minoxidil: RegimenItem) -> None:
    fields = {"name": "Minoxidil", "tone": "mint", "package_price": "cheap"}

    page = client.post(f"/regimen/{minoxidil.id}", data=fields)

    assert page.status_code == 422
    assert "<b>Price:</b> Enter a number such as 0.5." in page.text
    assert 'aria-invalid="true"' in page.text
