"""What the pages of a whole year say can be counted in doses.csv by anybody."""

import csv
from collections import defaultdict
from datetime import date, time, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.language import words
from app.models import RegimenItem, User
from app.records import PAUSE
from app.services.pauses import save_pause
from tests.routers.pages import read
from tests.support.clock import NOW
from tests.support.databases import Rows
from tests.support.regimens import add, daily, decided

TODAY = NOW.date()
SATURDAY = TODAY - timedelta(days=16)

Row = dict[str, str]


@pytest.fixture
def year(alices_year: User) -> User:
    """A year of a log."""
    return alices_year


def execute_prepared(client: TestClient, name: str) -> list[Row]:
    return list(csv.DictReader(client.get(f"/export/{name}.csv").text.splitlines()))


def said(client: TestClient, address: str) -> str:
    return " ".join(read(client.get(address)).text.split())


def taken_of_due(rows: list[Row]) -> tuple[int, int]:
    due = [row for row in rows if row["is_due"] == "true"]
    return sum(row["status"] == "taken" for row in due), len(due)


def by_day(rows: list[Row]) -> dict[date, list[Row]]:
    days: defaultdict[date, list[Row]] = defaultdict(list)
    for row in rows:
        days[date.fromisoformat(row["due_on"])].append(row)
    return days


@pytest.mark.slow
def test_a_year_of_days_with_every_dose_counts_only_days_that_are_over(
    client: TestClient, year: User
) -> None:
    days = by_day(execute_prepared(client, "doses"))
    over = [taken_of_due(rows) for on, rows in days.items() if year.began_on <= on < TODAY]
    asked = [(taken, due) for taken, due in over if due]
    complete = sum(taken == due for taken, due in asked)

    assert len(asked) == 365
    sentence = f"All doses taken on {complete} of {len(asked)} days."
    assert sentence in said(client, f"/trends/dates?from={year.began_on}&to={TODAY}")


@pytest.mark.slow
@pytest.mark.parametrize("on", [SATURDAY, SATURDAY + timedelta(days=2), TODAY])
def test_a_day_and_its_week_page_say_the_share_of_doses_csv(
    client: TestClient, year: User, on: date
) -> None:
    monday = on - timedelta(days=on.weekday())
    week = {str(monday + timedelta(days=offset)) for offset in range(7)}
    taken, due = taken_of_due(
        [row for row in execute_prepared(client, "doses") if row["due_on"] in week]
    )
    share = words.percent(taken / due)

    assert f"{share} taken th" in said(client, f"/days/{on}")
    year_week = monday.isocalendar()
    page = said(client, f"/trends/{year_week.year}-W{year_week.week:02}")
    assert f"{taken} of {due}" in page
    assert share in page.replace(" %", "%")
    (row,) = (
        each for each in execute_prepared(client, "weeks") if each["starts_on"] == str(monday)
    )
    assert (row["doses_taken"], row["doses_due"]) == (str(taken), str(due))


@pytest.mark.slow
def test_a_pause_entered_later_changes_every_page_and_file_alike(
    client: TestClient, session: Session, rows: Rows, year: User
) -> None:
    finasteride = next(each for each in rows(RegimenItem) if each.name == "Finasteride")
    item = session.get_one(RegimenItem, finasteride.id)
    first = TODAY.replace(day=1) - timedelta(days=61)
    pause = PAUSE.row(
        id=item.id,
        regimen_item_id=item.id,
        starts_on=first,
        ends_on=first + timedelta(days=29),
    )
    save_pause(session, year, pause, decided(year))
    session.commit()

    doses = execute_prepared(client, "doses")
    in_pause = [
        row
        for row in doses
        if row["item"] == "Finasteride"
        and str(pause.starts_on) <= row["due_on"] <= str(pause.ends_on)
    ]
    assert {row["status"] for row in in_pause} <= {"extra", "skipped"}
    assert {row["is_due"] for row in in_pause} == {"false"}
    days = by_day(doses)
    for row in execute_prepared(client, "days"):
        own = days[date.fromisoformat(row["on"])]
        due = [each["status"] for each in own if each["is_due"] == "true"]
        assert (row["doses_due"], row["doses_taken"]) == (str(len(due)), str(due.count("taken")))
        assert row["doses_skipped"] == str(due.count("skipped"))
        assert row["doses_missed"] == str(due.count("missed"))
    for row in execute_prepared(client, "weeks"):
        monday = date.fromisoformat(row["starts_on"])
        week = [
            each for offset in range(7) for each in days.get(monday + timedelta(days=offset), [])
        ]
        taken, due_count = taken_of_due(week)
        share = f"{round(taken / due_count, 4):.10g}" if due_count else ""
        assert (row["doses_taken"], row["taken_of_due"]) == (str(taken), share)


def test_an_item_of_today_does_not_say_that_no_dose_was_due(
    client: TestClient, session: Session, alice: User
) -> None:
    late = add(session, alice, "Melatonin", daily((time(23), 1)), starts_on=TODAY)
    assert (
        "nothing to count yet. A dose is still open today."
        in client.get(f"/regimen/{late.id}").text
    )
