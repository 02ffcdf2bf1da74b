"""Hair counts over HTTP: guided, corrected, compared, taken back, and nobody else's."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.domain.logical_dates import iso_week
from app.domain.shedding import ChemicalTreatment, CountMethod, HairLength
from app.models import EntryVersion, SheddingCount, User
from app.models.shedding_count import shedding_count_id
from tests.routers.pages import (
    BEFORE,
    LATER,
    SCRIPT,
    TODAY,
    Response,
    as_entry,
    assert_can_be_repeated,
    assert_is_refused,
    read,
)
from tests.support.clock import NOW, Clock
from tests.support.databases import Rows
from tests.support.regimens import add

COMB, WASH, PICTURE, DAILY = CountMethod
ADDRESS = f"/days/{TODAY}/shedding/sixty_second"
MONDAY = date(2026, 11, 23)


def count(
    client: TestClient,
    hairs: object,
    *,
    on: str = TODAY,
    method: CountMethod = COMB,
    run: int = 1,
    entry: UUID | None = None,
    **fields: str,
) -> Response:
    """Enter a count from its form; with `entry` as the outbox does."""
    kind = "score" if method is PICTURE else "hairs"
    data = {"run": str(run), f"{kind}-{on}-{run}": str(hairs), **fields}
    return client.post(f"/days/{on}/shedding/{method}", data=data, headers=as_entry(entry))


def has_counted(
    session: Session, user: User, on: date, hairs: int, method: CountMethod = COMB, run: int = 1
) -> UUID:
    row = SheddingCount(
        id=shedding_count_id(user.id, on, method, run),
        user_id=user.id,
        on=on,
        iso_week=iso_week(on),
        method=method,
        run=run,
        hairs=None if method is PICTURE else hairs,
        score=hairs if method is PICTURE else None,
        logged_at=NOW,
    )
    session.add(row)
    session.commit()
    return row.id


def counted(rows: Rows) -> list[tuple[date, CountMethod, int, int | None]]:
    return sorted((row.on, row.method, row.run, row.hairs) for row in rows(SheddingCount))


@pytest.fixture
def bobs_count(session: Session, bob: User) -> UUID:
    return has_counted(session, bob, MONDAY, 31)


def test_a_count_is_kept_with_all_that_has_to_be_known_beside_it(
    client: TestClient, rows: Rows, alice: User
) -> None:
    response = count(
        client,
        " 12 ",
        days_since_wash="1",
        hair_length="short",
        chemical_treatment="dyed",
        comb="  Black,  fine teeth ",
        note=SCRIPT,
    )

    assert response.status_code == 303
    assert response.headers["location"] == "/shedding?method=sixty_second"
    (row,) = rows(SheddingCount)
    assert row.id == shedding_count_id(alice.id, MONDAY, COMB, 1)
    assert (row.on, row.iso_week, row.run, row.hairs, row.score) == (MONDAY, 202648, 1, 12, None)
    assert row.days_since_wash == 1
    assert row.hair_length is HairLength.SHORT
    assert row.chemical_treatment is ChemicalTreatment.DYED
    assert (row.comb, row.note) == ("Black, fine teeth", SCRIPT)
    assert "<script>alert" not in client.get(ADDRESS).text
    assert read(client.get(ADDRESS)).fields["note"] == [SCRIPT]


@pytest.mark.parametrize("hairs", ["0", "5000", "007", "\N{ARABIC-INDIC DIGIT ONE}2"])
def test_what_is_a_whole_number_in_the_range_is_a_count(
    client: TestClient, rows: Rows, hairs: str
) -> None:
    assert count(client, hairs).status_code == 303
    assert rows(SheddingCount)[0].hairs == int(hairs)


@pytest.mark.parametrize(
    "hairs",
    ["", " ", "-1", "5001", "1,5", "1.5", "many", "1e3", "0x1", "9" * 300, "12 or 13"],
)
def test_what_is_not_a_count_is_named_and_stays_typed(
    client: TestClient, rows: Rows, hairs: str
) -> None:
    name = f"hairs-{TODAY}-1"
    typed: dict[str, str | list[str]] = {name: hairs, "note": "two combs", "days_since_wash": "2"}
    assert_is_refused(client, ADDRESS, typed, name)

    assert rows(SheddingCount) == []
    told = count(client, hairs, entry=uuid4())
    assert (told.status_code, told.headers["content-type"][:10]) == (422, "text/plain")


def test_an_empty_form_asks_for_the_count(client: TestClient, rows: Rows) -> None:
    response = client.post(ADDRESS)

    assert response.status_code == 422
    assert "Enter how many hairs you counted. 0 is a count." in response.text
    assert rows(SheddingCount) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("days_since_wash", "-1"),
        ("days_since_wash", "61"),
        ("hair_length", "endless"),
        ("chemical_treatment", "magic"),
        ("comb", "x" * 41),
        ("note", "x" * 2001),
    ],
)
def test_what_cannot_be_beside_a_count_is_named(
    client: TestClient, rows: Rows, field: str, value: str
) -> None:
    response = client.post(ADDRESS, data={f"hairs-{TODAY}-1": "12", field: value})

    assert response.status_code == 422
    assert f'href="#field-{field}"' in response.text
    assert read(response).fields[f"hairs-{TODAY}-1"] == ["12"]
    assert rows(SheddingCount) == []


@pytest.mark.parametrize("run", ["0", "4", "-1", "two"])
def test_a_day_has_three_counts_at_most(client: TestClient, rows: Rows, run: str) -> None:
    data = {"run": run, f"hairs-{TODAY}-1": "12"}
    assert client.post(ADDRESS, data=data).status_code == 422
    assert rows(SheddingCount) == []


@pytest.mark.parametrize("on", [BEFORE, LATER, "1950-01-02"])
def test_a_day_that_cannot_be_written_is_refused(client: TestClient, rows: Rows, on: str) -> None:
    response = count(client, 12, on=on)

    assert response.status_code == 422
    assert rows(SheddingCount) == []
    page = client.get(f"/days/{on}/shedding/sixty_second")
    assert page.status_code == 200
    assert "hairs-" not in page.text


@pytest.mark.parametrize("on", ["1850-01-01", "2026-02-30", "today", "9999-12-31"])
def test_an_address_with_no_day_leads_nowhere(client: TestClient, rows: Rows, on: str) -> None:
    assert client.get(f"/days/{on}/shedding/sixty_second").status_code == 404
    assert count(client, 12, on=on).status_code == 404
    assert rows(SheddingCount) == []


@pytest.mark.parametrize(
    "name",
    [
        *("hairs-1850-01-01-1", "hairs-2026-02-30-1", f"hairs-{TODAY}-4", "hairs-2026-11-16-1"),
        *(f"hairs-{LATER}-1", "hairs-2026-11-30-1"),
    ],
)
def test_a_reading_of_no_day_of_the_set_is_refused(
    client: TestClient, rows: Rows, name: str
) -> None:
    response = client.post(ADDRESS, data={f"hairs-{TODAY}-1": "12", name: "13"})

    assert response.status_code == 422
    assert len(read(response).errors) == 2
    assert rows(SheddingCount) == [], "nothing of a form is kept that is refused"


def test_another_day_of_the_past_can_be_filled_in(client: TestClient, rows: Rows) -> None:
    assert count(client, 9, on="2026-09-01").status_code == 303
    assert counted(rows) == [(date(2026, 9, 1), COMB, 1, 9)]


@pytest.mark.parametrize("method", ["sixty_second", "wash", "daily"])
def test_only_a_picture_has_a_score(client: TestClient, rows: Rows, method: str) -> None:
    address = f"/days/{TODAY}/shedding/{method}"
    assert client.post(address, data={f"score-{TODAY}-1": "3"}).status_code == 422
    assert client.post(address, data={f"hairs-{TODAY}-1": "3"}).status_code == 303
    assert rows(SheddingCount)[0].score is None


def test_a_picture_with_hairs_is_refused(client: TestClient, rows: Rows) -> None:
    address = f"/days/{TODAY}/shedding/picture"
    both = {f"score-{TODAY}-1": "3", f"hairs-{TODAY}-1": "12"}
    assert client.post(address, data=both).status_code == 422
    for score in ("0", "7", "", "two"):
        assert client.post(address, data={f"score-{TODAY}-1": score}).status_code == 422
    assert rows(SheddingCount) == []

    assert client.post(address, data={f"score-{TODAY}-1": "6"}).status_code == 303
    assert [(row.hairs, row.score) for row in rows(SheddingCount)] == [(None, 6)]
    assert "checked" in client.get(address).text


def test_an_unknown_way_of_counting_leads_nowhere(client: TestClient) -> None:
    assert client.get(f"/days/{TODAY}/shedding/guess").status_code == 404
    assert client.post(f"/days/{TODAY}/shedding/guess").status_code == 404


def test_three_mornings_are_one_set_and_the_page_says_which_it_is(
    client: TestClient, clock: Clock
) -> None:
    said = []
    for morning in ("2026-11-23", "2026-11-24", "2026-11-25"):
        page = client.get(f"/days/{morning}/shedding/sixty_second").text
        said.append(next(n for n in "123" if f"Morning {n} of 3." in page))
        assert count(client, 10 + len(said), on=morning).status_code == 303
        clock.advance(days=1)

    assert said == ["1", "2", "3"]
    page = client.get("/days/2026-11-25/shedding/sixty_second").text
    assert "That completes the set." in page
    assert ">12</b> hairs in 60 s" in page
    assert "Mean of <span data-counted>3</span>" in page


def test_saturday_sunday_and_monday_are_one_set(
    client: TestClient, clock: Clock, session: Session, alice: User
) -> None:
    for on, hairs in ((date(2026, 11, 21), 10), (date(2026, 11, 22), 11)):
        has_counted(session, alice, on, hairs)
    page = client.get(ADDRESS).text

    assert "Morning 3 of 3." in page
    assert "Morning 3 of 3" in client.get("/").text
    form = {"run": "1", "hairs-2026-11-22-1": "12", f"hairs-{TODAY}-1": "14"}
    assert client.post(ADDRESS, data=form).status_code == 303
    overview = " ".join(read(client.get("/shedding")).text.split())
    assert "12 hairs in 60 s · mean of three mornings" in overview
    assert "21 to 23 Nov 3 mornings, mean 12" in overview


def test_after_a_morning_the_page_says_what_comes_next(client: TestClient, clock: Clock) -> None:
    said = []
    for morning in ("2026-11-23", "2026-11-24", "2026-11-25"):
        count(client, 12, on=morning)
        said.append(" ".join(read(client.get("/shedding")).text.split()))
        clock.advance(days=1)

    assert "Saved. Count again tomorrow morning (2 of 3)." in said[0]
    assert "Saved. Count again tomorrow morning (3 of 3)." in said[1]
    assert "Saved. Next set in two weeks, about 9 December." in said[2]
    later = " ".join(read(client.get("/shedding")).text.split())
    assert "Saved." not in later
    assert "Next set about 9 December." in later


def test_the_overview_leads_back_to_today(client: TestClient) -> None:
    assert 'class="back" href="/"' in client.get("/shedding").text


def test_before_a_number_is_typed_there_is_no_mean(client: TestClient) -> None:
    mean = client.get(ADDRESS).text.split('class="runs__mean"')[1].split(">")[0]

    assert "hidden" in mean


def test_one_may_count_before_the_washes(client: TestClient) -> None:
    assert "You can count now." in client.get(ADDRESS).text


def test_an_earlier_morning_is_corrected_and_keeps_what_was_said_with_it(
    client: TestClient, clock: Clock, rows: Rows
) -> None:
    count(client, 12, comb="the black one", note="first", days_since_wash="1")
    clock.advance(days=1)
    form = {
        "run": "1",
        f"hairs-{TODAY}-1": "13",
        "hairs-2026-11-24-1": "9",
        "comb": "the red one",
        "note": "second",
    }
    assert client.post("/days/2026-11-24/shedding/sixty_second", data=form).status_code == 303

    told = sorted((r.on, r.hairs, r.comb, r.note, r.days_since_wash) for r in rows(SheddingCount))
    assert told == [
        (MONDAY, 13, "the black one", "first", 1),
        (MONDAY + timedelta(days=1), 9, "the red one", "second", None),
    ]


def test_a_morning_sent_along_unchanged_is_not_decided_again(
    client: TestClient, clock: Clock, rows: Rows
) -> None:
    count(client, 12)
    clock.advance(days=1)
    form = {"run": "1", f"hairs-{TODAY}-1": "12", "hairs-2026-11-24-1": "9"}
    client.post("/days/2026-11-24/shedding/sixty_second", data=form)

    assert len(rows(EntryVersion)) == 2


def test_one_morning_can_be_counted_three_times(client: TestClient, rows: Rows) -> None:
    for run in (1, 2, 3):
        assert client.get(f"{ADDRESS}?run={run}").status_code == 200
        assert count(client, 10 + run, run=run).status_code == 303

    assert [hairs for *_rest, hairs in counted(rows)] == [11, 12, 13]
    assert "count 3" in client.get(f"{ADDRESS}?run=3").text
    assert "Count once more" not in client.get(ADDRESS).text
    assert client.get(f"{ADDRESS}?run=4").status_code == 404


def test_the_last_answers_are_proposed_the_next_time_but_not_the_note(
    client: TestClient, clock: Clock
) -> None:
    count(client, 12, days_since_wash="9", hair_length="long", comb="wide", note="once")
    clock.advance(days=14)
    page = read(client.get("/days/2026-12-07/shedding/wash"))

    assert page.fields["days_since_wash"] == ["9"]
    assert page.fields["hair_length"] == ["long"]
    assert page.fields["comb"] == ["wide"]
    assert page.fields["note"] == [""]
    assert page.fields["hairs-2026-12-07-1"] == [""]


def test_the_same_entry_twice_is_one_count(client: TestClient, rows: Rows) -> None:
    assert_can_be_repeated(client, ADDRESS, {"run": "1", f"hairs-{TODAY}-1": "12"})

    assert len(rows(SheddingCount)) == 1


def test_of_two_devices_the_later_decision_counts_however_they_arrive(
    client: TestClient, rows: Rows
) -> None:
    early, late = (NOW - timedelta(minutes=minutes) for minutes in (9, 2))
    count(client, 14, entry=uuid4(), changed_at=late.isoformat(), device="phone")
    count(client, 12, entry=uuid4(), changed_at=early.isoformat(), device="tablet")

    assert counted(rows) == [(MONDAY, COMB, 1, 14)]
    assert {version.state["hairs"] for version in rows(EntryVersion) if version.state} == {12, 14}


def test_a_count_is_taken_back_and_an_older_entry_does_not_bring_it_again(
    client: TestClient, clock: Clock, rows: Rows
) -> None:
    count(client, 12)
    own_id = rows(SheddingCount)[0].id
    clock.advance(minutes=1)
    assert client.post(f"/shedding/{own_id}/delete").status_code == 303
    assert rows(SheddingCount) == []

    count(client, 12, entry=uuid4(), changed_at=NOW.isoformat())
    assert rows(SheddingCount) == []
    assert [version.state for version in rows(EntryVersion)].count(None) == 1
    assert client.post(f"/shedding/{own_id}/delete").status_code == 404
    clock.advance(minutes=1)
    assert count(client, 13).status_code == 303
    assert counted(rows) == [(MONDAY, COMB, 1, 13)]


def test_another_persons_count_does_not_exist(
    client: TestClient, rows: Rows, bobs_count: UUID
) -> None:
    assert client.post(f"/shedding/{bobs_count}/delete").status_code == 404
    assert [row.hairs for row in rows(SheddingCount)] == [31]
    assert rows(EntryVersion) == []
    for address in ("/shedding", ADDRESS, "/"):
        assert "31" not in read(client.get(address)).fields.get(f"hairs-{TODAY}-1", [])
    assert "No counts yet" in client.get("/shedding").text


# The overview


def test_nothing_counted_yet_offers_to_begin(client: TestClient) -> None:
    page = client.get("/shedding").text

    assert "No counts yet" in page
    assert f'href="/days/{TODAY}/shedding"' in page
    for name in ("60-second count", "Wash-day count", "Picture scale", "Free daily count"):
        assert name in page


def test_a_new_count_begins_with_the_way_used_last(
    client: TestClient, session: Session, alice: User
) -> None:
    first = client.get(f"/days/{TODAY}/shedding")
    assert first.headers["location"] == ADDRESS
    has_counted(session, alice, MONDAY, 40, WASH)
    assert client.get(f"/days/{TODAY}/shedding").headers["location"].endswith("/wash")


def count_weekly(session: Session, user: User, weeks: int, hairs: int = 12) -> None:
    for week in range(weeks, 0, -1):
        for day, extra in enumerate((-1, 0, 1)):
            on = MONDAY - timedelta(weeks=week) + timedelta(days=day)
            has_counted(session, user, on, hairs + extra)


def test_the_latest_set_is_compared_with_the_own_range_and_noise_is_named(
    client: TestClient, session: Session, alice: User
) -> None:
    count_weekly(session, alice, 8)
    has_counted(session, alice, MONDAY, 20)
    page = " ".join(read(client.get("/shedding")).text.split())

    assert "20 is above your own range of 12 to 12, from your six sets before 23 Nov" in page
    assert "Your counts differ by about 1 hair, so a change of less than 2" in page
    assert "9 sets since September 2026. Highest: 20, 23 Nov." in page
    assert "normal" not in page.lower()


def test_the_range_ends_where_the_regimen_first_changed(
    client: TestClient, session: Session, alice: User
) -> None:
    count_weekly(session, alice, 10)
    add(session, alice, "Rosemary oil", starts_on=MONDAY - timedelta(weeks=3))
    page = " ".join(read(client.get("/shedding")).text.split())

    assert "from your five sets before 2 November" in page
    assert "Started Rosemary oil" in page


def test_too_few_sets_give_no_range(client: TestClient, session: Session, alice: User) -> None:
    count_weekly(session, alice, 3)
    page = " ".join(read(client.get("/shedding")).text.split())

    assert "Your range appears after two practice weeks and four sets." in page


def test_what_lies_outside_the_range_by_less_than_chance_is_about_the_same(
    client: TestClient, session: Session, alice: User
) -> None:
    count_weekly(session, alice, 8)
    has_counted(session, alice, MONDAY, 13)
    page = " ".join(read(client.get("/shedding")).text.split())

    assert "13 is about the same as your own range of 12 to 12" in page


def test_counts_of_the_minoxidil_shed_are_not_in_the_range(
    client: TestClient, session: Session, alice: User
) -> None:
    began = MONDAY - timedelta(weeks=20)
    solution = "minoxidil-topical-solution"
    add(session, alice, "Minoxidil", starts_on=began, catalogue_id=solution)
    for week in range(20, 0, -1):
        has_counted(session, alice, MONDAY - timedelta(weeks=week), 40 if week > 12 else 10)
    has_counted(session, alice, MONDAY, 10)
    page = " ".join(read(client.get("/shedding")).text.split())

    assert "10 is within your own range of 10 to 10" in page
    assert "Left out: counts from the first weeks of Minoxidil" in page


def test_where_every_set_is_left_out_the_page_says_what_is_needed(
    client: TestClient, session: Session, alice: User
) -> None:
    solution = "minoxidil-topical-solution"
    began = MONDAY - timedelta(weeks=7)
    add(session, alice, "Minoxidil", starts_on=began, catalogue_id=solution)
    count_weekly(session, alice, 7)
    page = " ".join(read(client.get("/shedding")).text.split())

    assert "Your range appears after four sets outside the first weeks of a new item" in page


def test_life_events_are_on_the_chart_and_washes_are_not(
    client: TestClient, session: Session, alice: User
) -> None:
    count_weekly(session, alice, 4)
    for label in ("fever", "wash"):
        on = MONDAY - timedelta(weeks=2)
        note = {"kind": "event", "label": label, "text": ""}
        assert client.post(f"/days/{on}/notes", data=note).status_code == 303
    page = client.get("/shedding").text

    assert 'class="flag flag--event"' in page
    assert "Fever" in page
    assert "Hair wash" not in page


def test_what_changed_since_the_range_is_named_before_what_changed_within_it(
    client: TestClient, session: Session, alice: User
) -> None:
    count_weekly(session, alice, 12)
    for name, weeks in (("Zinc", 5), ("Rosemary oil", 3), ("Iron", 1)):
        add(session, alice, name, starts_on=MONDAY - timedelta(weeks=weeks))
    page = " ".join(read(client.get("/shedding")).text.split())

    assert "from your five sets before 19 October" in page
    since = page.split("Since then: ")[1].split(".")[0]
    assert all(name in since for name in ("Started Zinc", "Started Rosemary oil", "Started Iron"))


def test_ways_of_counting_never_share_a_chart(
    client: TestClient, session: Session, alice: User
) -> None:
    has_counted(session, alice, MONDAY - timedelta(days=1), 11)
    has_counted(session, alice, MONDAY, 222, WASH)
    wash, comb = client.get("/shedding").text, client.get("/shedding?method=sixty_second").text

    assert wash.count('class="chart__dot"') == comb.count('class="chart__dot"') == 1
    assert "<b>222</b>" in wash
    assert "<b>222</b>" not in comb
    assert client.get("/shedding?method=daily").status_code == 200
    assert client.get("/shedding?method=guess").status_code == 404


def test_older_years_are_shown_when_they_are_asked_for(
    client: TestClient, session: Session, alice: User
) -> None:
    has_counted(session, alice, MONDAY - timedelta(days=500), 77)
    has_counted(session, alice, MONDAY, 11)
    year = client.get("/shedding").text

    assert "<b>77</b>" not in year
    assert "/shedding?method=sixty_second&amp;since=all" in year
    assert "<b>77</b>" in client.get("/shedding?since=all").text


@pytest.mark.parametrize("method", CountMethod)
@pytest.mark.parametrize("value", [1, 5])
def test_a_single_reading_of_any_way_makes_a_page(
    client: TestClient, session: Session, alice: User, method: CountMethod, value: int
) -> None:
    has_counted(session, alice, MONDAY, value, method)
    page = client.get("/shedding")

    assert page.status_code == 200
    assert "1 set since November 2026." in page.text


def test_nothing_shed_makes_a_chart_as_well(
    client: TestClient, session: Session, alice: User
) -> None:
    has_counted(session, alice, MONDAY, 0)
    assert 'cy="100.0%"' in client.get("/shedding").text


# Today


def test_today_leads_to_the_count_that_is_due(
    client: TestClient, clock: Clock, session: Session, alice: User
) -> None:
    assert "Count hairs" in client.get("/").text
    has_counted(session, alice, MONDAY, 12)
    assert "hairs in 60 s, 23 Nov" in client.get("/").text
    clock.advance(days=1)
    assert "Morning 2 of 3" in client.get("/").text
    clock.advance(days=6)
    assert 'href="/shedding"' in client.get("/").text
    clock.advance(days=7)
    later = client.get("/").text
    assert "Count hairs" in later
    assert "Last 12 hairs in 60 s, 23 Nov" in later


def test_days_that_cannot_be_written_offer_no_count(client: TestClient) -> None:
    for day in (BEFORE, LATER):
        assert "Count hairs" not in client.get(f"/days/{day}").text


def test_the_log_leads_to_the_count(client: TestClient) -> None:
    page = client.get(f"/days/{TODAY}/log").text

    assert f'href="/days/{TODAY}/shedding"' in page
    assert "Hair count" in page
