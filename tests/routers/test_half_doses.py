"""Half a dose counts as taken, and looks and is called half wherever its day is shown."""

import pytest
from fastapi.testclient import TestClient

from app.models import RegimenItem
from tests.routers.pages import log

YESTERDAY = "2026-11-22"
HALF = {"amount_choice": "half", "planned_amount": "1"}


@pytest.fixture
def half_a_day(client: TestClient, minoxidil: RegimenItem) -> RegimenItem:
    """Minoxidil as of yesterday: half in the morning, all of it in the evening."""
    log(client, minoxidil, on=YESTERDAY, **HALF)
    log(client, minoxidil, on=YESTERDAY, at="21:00", planned_amount="1")
    return minoxidil


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/", ["Sunday, 22 November, 100% taken, 1 partial dose", "data-less"]),
        ("/calendar/2026-11", ["2 of 2 taken, 1 partial dose", "data-less"]),
        ("/trends/2026-W47", ['data-state="less"', 'aria-label="part of the dose"']),
        ("/regimen", ["2 of 60 doses taken in 30 days, 1 partial dose", "strand--less"]),
        ("/regimen/{item}", ['data-state="less" data-on="2026-11-22"', "Partial doses"]),
    ],
)
def test_half_a_dose_is_shown_and_named_as_such(
    client: TestClient, half_a_day: RegimenItem, address: str, shown: list[str]
) -> None:
    page = client.get(address.format(item=half_a_day.id)).text
    for words in shown:
        assert words in page, words


def test_half_a_dose_counts_as_taken(client: TestClient, half_a_day: RegimenItem) -> None:
    assert "2 of 14 taken" in client.get("/trends/2026-W47").text


@pytest.mark.parametrize(
    "told",
    [
        {"amount_choice": "double", "planned_amount": "1"},
        {"planned_amount": "1"},
        # One drop is not less than one millilitre.
        {"amount_choice": "other", "amount": "0.5", "unit": "drops"},
    ],
)
def test_a_whole_dose_is_not_called_half(
    client: TestClient, minoxidil: RegimenItem, told: dict[str, str]
) -> None:
    log(client, minoxidil, on=YESTERDAY, **told)
    page = client.get("/").text

    assert "Sunday, 22 November, 50% taken" in page
    assert "partial dose" not in page
    assert "data-less" not in page
