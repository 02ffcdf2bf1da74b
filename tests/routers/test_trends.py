"""Trend pages: any span, the same numbers everywhere, nothing made up where nothing is known."""

import csv
import io
import re
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.domain.logical_dates import week_name
from app.domain.shedding import CountMethod
from app.models import Note, NoteKind, RegimenItem, SheddingCount, User
from app.models.shedding_count import shedding_count_id
from app.records import SYMPTOM_REPORT
from app.services.check_ins import record_measure, record_symptom
from tests.routers.pages import TODAY, read
from tests.support.clock import NOW
from tests.support.people import save
from tests.support.regimens import MORNING, add, daily, decided, log_dose, taken

SPANS = ["", "/2026-W47", "/3-months", "/year", "/all", "/dates?from=2026-10-01&to=2026-10-20"]


@pytest.fixture
def year(session: Session, alices_year: User) -> User:
    """Alice's log is the demonstration's year, with counts on some mornings."""
    alice = alices_year
    for days_ago, hairs in ((30, 52), (29, 47), (28, 51), (9, 44), (8, 38), (7, 41)):
        count(session, alice, NOW.date() - timedelta(days=days_ago), hairs)
    session.commit()
    return alice


def count(
    session: Session,
    user: User,
    on: date,
    hairs: int,
    method: CountMethod = CountMethod.SIXTY_SECOND,
) -> None:
    year, week, _day = on.isocalendar()
    save(
        session,
        SheddingCount(
            id=shedding_count_id(user.id, on, method, 1),
            user_id=user.id,
            on=on,
            iso_week=100 * year + week,
            method=method,
            hairs=hairs,
            logged_at=NOW,
        ),
    )


def words_of(page: str) -> str:
    """The text of a page, without tags."""
    body = re.sub(r"<(script|svg)\b.*?</\1>", " ", page, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def execute_prepared(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("span", SPANS)
def test_every_span_opens_for_a_new_person_and_says_what_to_do(
    client: TestClient, span: str
) -> None:
    page = client.get(f"/trends{span}")

    assert page.status_code == 200
    assert "Nothing to show yet" in page.text
    assert 'href="/"' in page.text


@pytest.mark.parametrize("span", SPANS)
def test_every_span_opens_on_a_full_year(client: TestClient, year: User, span: str) -> None:
    page = client.get(f"/trends{span}")

    assert page.status_code == 200
    assert "Nothing to show yet" not in page.text
    for heading in ("Doses", "Shedding", "Headache", "Mood"):
        assert heading in page.text
    for path in re.findall(r' d="([^"]*)"', page.text):
        assert "nan" not in path.lower()
        assert "None" not in path


@pytest.mark.parametrize(
    "address",
    [
        "2026-W54",
        "2026-W00",
        "1200-W01",
        "2201-W01",
        "9999-W52",
        "weekly",
        "2026-W7",
        "year/chart-99.csv",
    ],
)
def test_a_span_that_is_none_is_not_there(client: TestClient, year: User, address: str) -> None:
    assert client.get(f"/trends/{address}").status_code == 404


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Enter the first day."),
        ("from=2026-10-01", "Enter the last day."),
        ("from=2026-10-09&to=2026-10-01", "The last day is before the first day."),
        ("from=1850-01-01&to=2026-10-01", "Enter a date from 1950 to 2200"),
        ("from=soon&to=2026-10-01", "Enter a date from 1950 to 2200"),
        ("from=1951-01-01&to=2026-10-01", "At most 20 years at once."),
    ],
)
def test_own_dates_that_cannot_be_are_refused_at_their_field(
    client: TestClient, year: User, query: str, sentence: str
) -> None:
    page = client.get(f"/trends/dates?{query}")

    assert page.status_code == 422
    assert sentence in page.text
    typed = dict(part.split("=") for part in query.split("&") if part)
    shown = [value for values in read(page).fields.values() for value in values]
    assert all(value in shown for value in typed.values())


def test_the_week_the_table_the_chart_and_the_file_say_the_same(
    client: TestClient, year: User
) -> None:
    page = words_of(client.get("/trends/2026-W47").text)
    week = next(
        row
        for row in execute_prepared(client.get("/export/weeks.csv").text)
        if row["iso_week"] == "2026-W47"
    )

    assert f"{week['doses_taken']} of {week['doses_due']} taken" in page
    share = round(100 * float(week["taken_of_due"]))
    assert f"Doses taken {share} %" in page
    with_headache = sum(
        row["headache"] not in {"", "0"}
        for row in execute_prepared(
            client.get("/export/days.csv?from=2026-11-16&to=2026-11-22").text
        )
    )
    assert f"Headache days {with_headache} /{week['headache_n']}" in page
    assert f"mean {float(week['mood']):.1f}".removesuffix(".0") in page


def test_a_chart_as_a_file_has_the_numbers_of_its_table(client: TestClient, year: User) -> None:
    page = client.get("/trends/year").text
    table = page.split('id="shedding-table"')[1].split("</table>")[0]
    in_table = re.findall(r'<tr><th scope="row">([^<]+)</th><td>([^<]+)</td>', table)
    link = re.search(r'href="(/trends/year/chart-1\.csv[^"]*)"', page)
    assert link is not None
    rows = execute_prepared(client.get(unescape(link[1])).text)

    assert len(rows) == len(in_table) > 0
    for row, (week, cell) in zip(rows, in_table, strict=True):
        assert week_name(date.fromisoformat(row["starts_on"])) == week
        mean = float(row["mean"])
        shown = f"{mean:.1f}".removesuffix(".0")
        assert cell == (f"{shown} ({row['n']})" if row["n"] != "1" else shown)


def test_no_address_names_a_symptom(client: TestClient, year: User) -> None:
    page = client.get("/trends/3-months").text

    assert not re.search(r'(?:href|action)="[^"]*(?:headache|gi_upset|mood)', page)


def test_a_week_leads_to_its_neighbours_and_never_beyond_today(
    client: TestClient, year: User
) -> None:
    this_week, before = client.get("/trends").text, client.get("/trends/2026-W47").text

    assert 'href="/trends/2026-W47" rel="prev"' in this_week
    assert 'rel="next"' not in this_week
    assert 'href="/trends/2026-W46" rel="prev"' in before
    assert 'href="/trends" rel="next"' in before
    assert 'href="/calendar/2026-11"' in before


def test_the_first_week_of_the_log_has_none_before(client: TestClient, year: User) -> None:
    began = year.began_on.isocalendar()
    first = client.get(f"/trends/{began.year}-W{began.week:02}").text
    earliest = re.search(r'href="([^"]+)" rel="prev"', first)

    assert earliest is None or "W" in earliest[1]


def test_the_calendar_leads_to_every_week(client: TestClient, year: User) -> None:
    page = client.get("/calendar/2026-11").text

    for week in range(44, 49):
        assert f'href="/trends/2026-W{week}"' in page or (week == 48 and 'href="/trends"' in page)


def test_nothing_known_is_neither_zero_nor_a_line(
    client: TestClient, session: Session, alice: User
) -> None:
    add(session, alice)
    for days_ago in (44, 43, 42, 41, 40, 20, 6, 5, 4, 3, 2):
        on = NOW.date() - timedelta(days=days_ago)
        record_measure(session, alice, on, "mood", 4, decided(alice))
    session.commit()
    page = client.get("/trends/3-months").text
    chart = page.split('aria-labelledby="outcome-12"')[1].split("</section>")[0]

    dots = re.search(r'class="plot__dots" d="([^"]*)"', chart)
    line = re.search(r'class="plot__line" d="([^"]*)"', chart)
    assert dots is not None
    assert dots[1].count("h0") == 11
    assert line is not None
    assert line[1].count("M") == 2, "no line over five weeks of which one answer is known"
    assert line[1].count("l") == 2, "and none before there are four in seven days"
    assert "Mean 4, 11 days" in words_of(page)


def test_a_week_without_a_dose_due_says_so(
    client: TestClient, session: Session, alice: User
) -> None:
    add(session, alice, starts_on=date(2026, 11, 23))
    page = words_of(client.get("/trends/2026-W45").text)

    assert "Nothing was due." in page
    assert "Doses taken – none due" in page


def test_a_week_of_one_dose_is_a_whole_page(
    client: TestClient, session: Session, alice: User
) -> None:
    item = add(session, alice, dosage=daily((MORNING, 1)), starts_on=NOW.date())
    log_dose(session, alice, item, taken(NOW.date()))
    page = words_of(client.get("/trends").text)

    assert "1 of 1 taken." in page
    assert "Doses taken 1 /1 share shown after 7 days (1 of 7)" in page


def test_methods_never_share_a_chart_and_no_normal_is_shown(
    client: TestClient, session: Session, alice: User
) -> None:
    add(session, alice)
    for number, method in enumerate(
        (CountMethod.SIXTY_SECOND, CountMethod.WASH, CountMethod.DAILY)
    ):
        count(session, alice, NOW.date() - timedelta(days=3), 20 + number, method)
    page = client.get("/trends").text

    assert page.count('class="plot"') + page.count('class="plot ') >= 3
    for name in ("60-second count", "Wash-day count", "Free daily count"):
        assert name in page
    assert "normal" not in words_of(page).lower()


def test_changes_and_life_events_have_the_same_letters_in_every_span(
    client: TestClient, year: User
) -> None:
    def marks(span: str) -> dict[str, str]:
        page = client.get(f"/trends/{span}").text
        found = re.findall(
            r'class="sign[^"]*">([^<]+)</span><span class="marks__day">[^<]*</span><span>([^<]+)',
            page,
        )
        return {text: sign for sign, text in found}

    year_of_marks, months = marks("year"), marks("3-months")
    assert months
    assert months.items() <= year_of_marks.items()
    assert any("1,000 → 2,000 mg a day" in text for text in months)
    assert {sign.isdigit() for sign in months.values()} == {True, False}


def test_a_wash_is_not_a_mark_and_a_fever_is(
    client: TestClient, session: Session, alice: User
) -> None:
    add(session, alice)
    for label in ("wash", "fever"):
        save(
            session,
            Note(
                id=uuid4(),
                user_id=alice.id,
                on=NOW.date() - timedelta(days=2),
                iso_week=202647,
                kind=NoteKind.EVENT,
                label=label,
                logged_at=NOW,
            ),
        )
    headache = SYMPTOM_REPORT.row(on=NOW.date(), symptom="headache", severity=1)
    record_symptom(session, alice, headache, decided(alice))
    session.commit()
    page = words_of(client.get("/trends/3-months").text)

    assert "Fever" in page
    assert "Hair wash" not in page


def test_another_persons_numbers_are_nowhere(
    client: TestClient, bobs_client: TestClient, year: User
) -> None:
    for span in SPANS:
        page = bobs_client.get(f"/trends{span}").text
        assert "Minoxidil" not in page
        assert "Nothing to show yet" in page
    assert execute_prepared(bobs_client.get("/trends/year/chart-0.csv").text) == []


def test_fifteen_items_stand_in_one_table(
    client: TestClient, session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    for number in range(14):
        add(session, alice, f"Item {number}")
    page = client.get("/trends").text
    table = page.split('class="week-table"')[1].split("</table>")[0]

    assert table.count('<th scope="row">') == 15
    assert table.count('class="shape"') == 15 * 7


@pytest.mark.parametrize("span", ["", "/year", "/all"])
def test_a_page_holds_up_with_text_that_would_be_html(
    client: TestClient, session: Session, alice: User, span: str
) -> None:
    add(session, alice, "<script>alert(1)</script>")
    page = client.get(f"/trends{span}").text

    assert "<script>alert" not in page


def test_today_is_a_day_of_the_week(client: TestClient, year: User) -> None:
    page = client.get("/trends").text

    assert f'abbr="Monday, {int(TODAY[-2:])} November"' in page


def heights_of(page: str, outcome: int) -> list[int]:
    """The heights of a chart's smoothed line, point by point."""
    chart = page.split(f'aria-labelledby="outcome-{outcome}"')[1].split("</section>")[0]
    found = re.search(r'class="plot__line" d="M\d+ (\d+)([^"]*)"', chart)
    assert found is not None
    heights = [int(found[1])]
    for step in re.findall(r"l-?\d+ (-?\d+)", found[2]):
        heights.append(heights[-1] + int(step))
    return heights


def test_a_day_has_one_height_in_every_span(
    client: TestClient, session: Session, alice: User
) -> None:
    add(session, alice)
    for days_ago in range(80):
        on = NOW.date() - timedelta(days=days_ago)
        mood = 5 if days_ago > 30 else 1 + days_ago % 3
        record_measure(session, alice, on, "mood", mood, decided(alice))
    session.commit()
    whole = heights_of(client.get("/trends/3-months").text, 12)
    for first in (date(2026, 10, 26), date(2026, 11, 9)):
        part = heights_of(client.get(f"/trends/dates?from={first}&to={TODAY}").text, 12)
        assert len(part) > 10
        assert part == whole[-len(part) :]


def test_a_set_is_one_point_of_its_mean_with_a_line_from_lowest_to_highest(
    client: TestClient, session: Session, alice: User
) -> None:
    add(session, alice)
    for days, hairs in ((23, 10), (22, 14), (21, 12), (2, 8), (1, 9), (0, 10)):
        count(session, alice, NOW.date() - timedelta(days=days), hairs)
    page = client.get("/trends/3-months").text
    chart = page.split('aria-labelledby="outcome-1"')[1].split("</section>")[0]

    assert chart.count("h0") == 2
    ranges = re.search(r'class="plot__ranges" d="([^"]*)"', chart)
    assert ranges is not None
    assert ranges[1].count("M") == 2
    assert "31 Oct to 2 Nov: 12 hairs, 3 mornings" in chart
    assert "21 to 23 Nov: 9 hairs, 3 mornings" in chart


@pytest.mark.parametrize(("now", "said"), [(13, "about the same"), (20, "up by 9")])
def test_no_arrow_is_shown_for_less_than_the_own_noise(
    client: TestClient, session: Session, alice: User, now: int, said: str
) -> None:
    add(session, alice)
    for weeks in (12, 10, 4, 3):
        for day, extra in enumerate((-2, 0, 2)):
            count(
                session, alice, date(2026, 11, 23) - timedelta(weeks=weeks, days=-day), 11 + extra
            )
    for day, extra in enumerate((-2, 0, 2)):
        count(session, alice, date(2026, 11, 16) + timedelta(days=day), now + extra)
    page = words_of(client.get("/trends/2026-W47").text)
    figure = page.split("Hairs per comb")[1].split("Compared with")[0]

    assert said in figure
    assert ("▲" in figure) is (said != "about the same")


def test_a_week_without_a_count_shows_the_last_one(
    client: TestClient, session: Session, alice: User
) -> None:
    add(session, alice)
    for day, hairs in ((16, 9), (17, 10), (18, 11)):
        count(session, alice, date(2026, 11, day), hairs)
    page = words_of(client.get("/trends").text)

    assert "Hairs per comb 10 last count, 18 Nov" in page
    assert "No count this week. Previous 4 weeks: 10 (3 mornings)." in page


def test_what_was_counted_in_left_out_weeks_is_not_a_baseline(
    client: TestClient, session: Session, alice: User
) -> None:
    solution = "minoxidil-topical-solution"
    add(session, alice, starts_on=date(2026, 9, 14), catalogue_id=solution)
    for week in (date(2026, 9, 28), date(2026, 10, 12), date(2026, 10, 26), date(2026, 11, 16)):
        for day, extra in enumerate((-1, 0, 1)):
            hairs = (30 if week < date(2026, 11, 9) else 12) + extra
            count(session, alice, week + timedelta(days=day), hairs)
    page = words_of(client.get("/trends/2026-W47").text)

    assert "▼" not in page.split("Hairs per comb")[1].split("Doses")[0]
    assert "Previous 4 weeks:" not in page


def test_below_four_answers_a_row_says_how_many_there_are(
    client: TestClient, session: Session, alice: User
) -> None:
    add(session, alice)
    headache = SYMPTOM_REPORT.row(on=NOW.date(), symptom="headache", severity=1)
    record_symptom(session, alice, headache, decided(alice))
    for days_ago in range(4):
        on = NOW.date() - timedelta(days=days_ago)
        record_measure(session, alice, on, "mood", 4, decided(alice))
    session.commit()
    for span in ("", "/3-months", "/year"):
        page = client.get(f"/trends{span}").text
        assert "Headache · 1 day so far" in words_of(page)
        assert "A line appears after four answers in seven days." in words_of(page)
        assert 'aria-labelledby="outcome-12"' in page
        assert page.count('class="plot__dots"') == 1
