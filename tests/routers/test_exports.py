import csv
import io
from datetime import date, time
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.domain.timing import DoseTime, TimingKind
from app.interchange.csv_export import FILES
from app.models import User
from app.services.dosages import DosageInput
from app.services.items import ItemInput, add_item
from tests.routers.pages import read
from tests.support.regimens import decided


@pytest.fixture
def biotin(session: Session, alice: User) -> UUID:
    """Alice takes it every morning since 20 November; the name would be a formula."""
    dosage = DosageInput(unit="tablet", kind=TimingKind.DAILY, times=(DoseTime(time(8), 1),))
    started = ItemInput(name="=Biotin", starts_on=date(2026, 11, 20), dosage=dosage)
    item = add_item(session, alice, started, decided(alice))
    session.commit()
    return item.id


@pytest.mark.parametrize("name", FILES)
def test_each_file_downloads(client: TestClient, biotin: UUID, name: str) -> None:
    response = client.get(f"/export/{name}.csv")

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    filename = f"strand-{name}-2026-11-23.csv"
    assert response.headers["content-disposition"] == f'attachment; filename="{filename}"'
    assert response.headers["cache-control"] == "private, no-store"
    header = response.text.splitlines()[0].split(",")
    assert header[: len(FILES[name].columns)] == list(FILES[name].columns)


def test_days_and_flavour_are_heard(client: TestClient, biotin: UUID) -> None:
    narrowed = "?from=2026-11-21&to=2026-11-22&flavour=spreadsheet"
    response = client.get(f"/export/doses.csv{narrowed}")

    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [(row["due_on"], row["item"]) for row in rows] == [
        ("2026-11-21", "'=Biotin"),
        ("2026-11-22", "'=Biotin"),
    ]


def test_the_page_offers_every_file_and_says_what_words_mean(
    client: TestClient, biotin: UUID
) -> None:
    page = client.get("/export")

    assert page.status_code == 200
    assert 'href="/export/strand.zip"' in page.text
    for name in FILES:
        assert f'formaction="/export/{name}.csv"' in page.text
    assert read(page).fields["flavour"] == ["spreadsheet"]
    assert "<details" in page.text
    assert " open" not in page.text.split("<details")[1].split(">")[0]
    for word in ("skipped", "missed", "extra", "backfilled"):
        assert f"<dt>{word}</dt>" in page.text
    assert "It is not a medical device." in page.text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=yesterday", "Enter a date such as 2026-11-23."),
        ("to=2026-02-30", "Enter a date such as 2026-11-23."),
        ("from=2026-11-02&to=2026-11-01", "The last day is before the first day."),
        ("flavour=salty", "Choose one from the list."),
    ],
)
def test_a_bad_choice_is_named_on_the_page(client: TestClient, query: str, sentence: str) -> None:
    response = client.get(f"/export/doses.csv?{query}")

    assert response.status_code == 422
    assert response.text.count(sentence) >= 1
    assert read(response).errors[1:] == [sentence]
    assert response.headers["content-type"] == "text/html; charset=utf-8"


def test_what_was_typed_stays(client: TestClient) -> None:
    response = client.get("/export/doses.csv?from=2026-11-02&to=2026-11-01")

    assert 'value="2026-11-02"' in response.text
    assert 'value="2026-11-01"' in response.text


def test_empty_fields_are_everything(client: TestClient, biotin: UUID) -> None:
    response = client.get("/export/doses.csv?from=&to=&flavour=plain")

    assert len(response.text.splitlines()) == 4


@pytest.mark.parametrize("name", ["passwords", "doses.csv", "..%2Fsecret", ""])
def test_there_is_no_other_file(client: TestClient, name: str) -> None:
    assert client.get(f"/export/{name}.csv").status_code == 404


def test_downloads_are_not_for_strangers(anonymous: TestClient, biotin: UUID) -> None:
    for address in ("/export", "/export/doses.csv", "/export/strand.zip"):
        assert anonymous.get(address).status_code == 303


def test_nobody_gets_anothers_rows(bobs_client: TestClient, biotin: UUID) -> None:
    for name in FILES:
        assert "Biotin" not in bobs_client.get(f"/export/{name}.csv").text


def test_downloading_twice_gives_the_same(client: TestClient, biotin: UUID) -> None:
    first, second = (client.get("/export/doses.csv").content for _ in range(2))

    assert first == second
