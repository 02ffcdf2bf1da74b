"""The catalogue is found however a name is written."""

import pytest
from fastapi.testclient import TestClient

from tests.routers.pages import search


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Minoxidil 5%", "Minoxidil solution"),
        ("minoxidil5", "Minoxidil foam"),
        ("omega3", "Omega-3"),
        ("OMEGA 3 1000 mg", "Omega-3"),
        ("vitamin d 1000", "Vitamin D3"),
        ("Vitamin D3 2,000 IU", "Vitamin D3"),
        ("rosemary oil 2 %", "Rosemary oil"),
        ("L-threonate", "Magnesium L"),
        ("zínc", "Zinc"),
        ("Minoxidil 2.5mg", "Oral minoxidil"),
        ("minoxidil 5 percent foam", "Minoxidil foam"),
        ("f\u0131naster\u0131de", "Finasteride"),
        ("sawpalmetto", "Saw palmetto"),
        ("lthreonate", "Magnesium L"),
        ("l threonate", "Magnesium L"),
        ("magnesium lthreonate", "Magnesium L"),
    ],
)
def test_a_search_finds_it(client: TestClient, query: str, found: str) -> None:
    page = search(client, "/regimen/search", q=query).text.replace("\N{NON-BREAKING HYPHEN}", "-")

    assert found in page
    assert page.count("data-words") < 6
