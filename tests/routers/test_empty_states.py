"""Where there is nothing yet, a page says what to do next, and leads there."""

import re

import pytest
from fastapi.testclient import TestClient

from tests.routers.pages import TODAY, YESTERDAY, search

EMPTY = re.compile(
    r'<section class="card card--wash empty">.*?<h2>(.+?)</h2>\s*<p>(.+?)</p>\s*'
    r'<a class="button" href="([^"]+)">',
    re.DOTALL,
)


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/", "/regimen/new"),
        (f"/days/{YESTERDAY}", "/regimen/new"),
        (f"/days/{TODAY}/as-needed", "/regimen/new"),
        ("/regimen", "/regimen/new"),
        ("/regimen/totals", "/regimen/new"),
        (f"/days/{TODAY}/lab-list", "/regimen"),
        ("/regimen/hours-apart", "/regimen/medicines"),
        ("/regimen/medicines", "/regimen/medicines/new"),
        ("/notes", f"/days/{TODAY}/notes/new"),
        ("/photos", f"/days/{TODAY}/photos/new"),
        ("/photos?view=vertex", f"/days/{TODAY}/photos/new"),
        ("/shedding", f"/days/{TODAY}/shedding"),
        ("/trends", "/"),
        ("/trends/3-months", "/"),
        ("/trends/year", "/"),
        ("/trends/all", "/"),
        ("/trends/dates?from=2026-10-01&to=2026-10-20", "/"),
        ("/waiting", "/"),
    ],
)
def test_a_page_without_anything_leads_on(client: TestClient, address: str, leads_to: str) -> None:
    found = EMPTY.search(client.get(address).text)
    assert found is not None, "there is no empty state"
    title, sentence, action = found.groups()
    assert title
    assert re.search(r"[.:?]$", sentence.strip())
    assert action == leads_to
    assert client.get(action, follow_redirects=True).status_code == 200


@pytest.mark.parametrize("words", ["xylophone", "<script>"])
def test_a_search_without_a_find_leads_back(client: TestClient, words: str) -> None:
    found = EMPTY.search(search(client, "/notes/search", q=words).text)
    # Nothing was written yet: that is said, and not that nothing was found.
    assert found is not None
    assert client.get(found.group(3)).status_code == 200


def test_the_catalogue_without_a_find_offers_an_own_item(client: TestClient) -> None:
    page = search(client, "/regimen/search", q="Rosemary tea").text
    assert "Add “Rosemary tea” as my own item" in page
