"""Search texts: shown at an address that can be come back to, and named in none."""

from fastapi.testclient import TestClient

from tests.routers.pages import read


def test_a_search_and_an_own_item_can_be_come_back_to(client: TestClient) -> None:
    for address, form, field in (
        ("/regimen/search", {"q": "Nettle tea", "own": "true"}, "name"),
        ("/regimen/search", {"q": "Nettle tea"}, "q"),
        ("/notes/search", {"q": "Nettle tea"}, "q"),
    ):
        shown = client.post(address, data=form)
        assert shown.status_code == 303
        place = shown.headers["location"]
        assert "Nettle" not in place
        for _time in range(2):
            page = client.get(place)
            assert page.status_code == 200
            if field in read(page).fields:
                assert read(page).fields[field][0] == "Nettle tea"
            else:
                assert "Nettle tea" in page.text


def test_what_was_typed_is_shown_on_no_other_page_and_to_nobody_else(
    client: TestClient, bobs_client: TestClient
) -> None:
    place = client.post("/regimen/search", data={"q": "secret"}).headers["location"]
    bobs_client.cookies.set("sid-typed", client.cookies["sid-typed"])

    assert "secret" in client.get(place).text
    assert "secret" not in client.get("/regimen/new").text
    assert "secret" not in bobs_client.get(place).text
    for forged in ("%%%", "a", "eHg", ""):
        bobs_client.cookies.set("sid-typed", forged)
        assert bobs_client.get(place).status_code == 200


def test_what_was_typed_is_forgotten_after_a_quarter_of_an_hour(client: TestClient) -> None:
    cookie = client.post("/notes/search", data={"q": "secret"}).headers["set-cookie"]

    assert "Max-Age=900" in cookie
    assert "HttpOnly" in cookie
    assert "secret" not in cookie
