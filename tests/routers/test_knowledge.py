"""Facts about the whole regimen on its pages."""

from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.domain.timing import TimingKind
from app.models import Note, RegimenItem, User
from app.services.dosages import DosageInput
from app.services.items import IngredientInput, ItemInput, add_item
from tests.routers.pages import Response, read, search
from tests.support.databases import Rows
from tests.support.people import BEGAN_ON
from tests.support.regimens import EVENING, MORNING, daily, decided


def take(
    session: Session,
    user: User,
    name: str,
    dosage: DosageInput,
    *,
    catalogue_id: str | None = None,
    label: tuple[str, float] | None = None,
    since: date = BEGAN_ON,
) -> str:
    """Take something from a day on; the address of its page."""
    item = ItemInput(
        name=name,
        catalogue_id=catalogue_id,
        starts_on=since,
        dosage=dosage,
        ingredients=(IngredientInput(substance=label[0], mass_ug=label[1]),) if label else (),
    )
    row = add_item(session, user, item, decided(user, 60))
    session.commit()
    return f"/regimen/{row.id}"


# What it adds up to


def test_the_regimen_leads_to_the_totals_and_says_what_is_notable(
    client: TestClient, session: Session, alice: User
) -> None:
    take(session, alice, "Magnesium", daily((MORNING, 144)), label=("magnesium", 1000))
    page = client.get("/regimen").text
    assert 'href="/regimen/totals"' in page
    assert "Magnesium: " not in page

    take(session, alice, "More", daily((EVENING, 156)), label=("magnesium", 1000))
    assert "Magnesium: 300 mg a day, above the EFSA level of 250 mg" in client.get("/regimen").text

    take(session, alice, "Biotin", daily((EVENING, 1000), unit="ug"), label=("biotin", 1))
    page = client.get("/regimen").text
    assert "Magnesium: 300 mg a day, above the EFSA level of 250 mg; and 1 more" in page


def test_the_totals_name_the_items_the_sentence_the_levels_and_the_sources(
    client: TestClient, session: Session, alice: User
) -> None:
    address = take(session, alice, "Zinc", daily((MORNING, 30)), label=("zinc", 1000))
    weekly = DosageInput(
        unit="mg", kind=TimingKind.WEEKDAYS, times=daily((EVENING, 140)).times, every_days=1
    )
    take(session, alice, "Sundays", weekly, label=("zinc", 1000))
    page = client.get("/regimen/totals").text

    assert f'href="{address}">Zinc</a>' in page
    assert "EFSA: 25 mg, adults, total intake, food included." in page
    assert "above the levels of EFSA (25 mg) and NASEM (40 mg)" in page
    assert "About 50 mg of zinc a day or more" in page
    assert "A doctor may prescribe this much." in page
    assert "PMC7231601" in page


def test_a_total_says_what_is_averaged_what_is_on_hold_and_what_no_label_says(
    client: TestClient, session: Session, alice: User
) -> None:
    weekly = DosageInput(
        unit="mg",
        kind=TimingKind.EVERY_DAYS,
        times=daily((EVENING, 70)).times,
        every_days=7,
    )
    take(session, alice, "Weekly zinc", weekly, label=("zinc", 1000))
    needed = DosageInput(unit="mg", kind=TimingKind.AS_NEEDED, usual_amount=25)
    take(session, alice, "Spare zinc", needed, label=("zinc", 1000))
    take(session, alice, "Multivitamin", daily((MORNING, 1), unit="tablet"))
    page = read(client.get("/regimen/totals")).text

    assert "10 mg a day on average" in page
    assert "Taken as needed, so not counted: Spare zinc." in page
    assert "Not counted, because no label figure is entered: Multivitamin." in page
    assert "Magnesium, iron, vitamin D, biotin, EPA and DHA, selenium" in page


def test_a_total_says_where_the_unit_of_a_dose_has_changed_under_its_label(
    client: TestClient, session: Session, alice: User
) -> None:
    address = take(session, alice, "Zinc", daily((MORNING, 25)), label=("zinc", 1000))
    assert "check its label" not in client.get("/regimen/totals").text
    capsules = {"unit": "capsule", "kind": "daily", "times": "08:00", "amounts": "1"}
    client.post(f"{address}/dosages", data={**capsules, "starts_on": "2026-11-23"})

    assert "its unit has changed, so check its label" in client.get("/regimen/totals").text


def test_totals_are_private(
    client: TestClient, bobs_client: TestClient, session: Session, bob: User
) -> None:
    take(session, bob, "Bob's iron", daily((MORNING, 65)), label=("iron", 1000))

    assert "Iron: 65 mg a day" in bobs_client.get("/regimen").text
    assert "Iron" not in client.get("/regimen").text
    assert "Nothing to add up yet" in client.get("/regimen/totals").text


@pytest.mark.parametrize(
    ("unit", "words"), [("ug", "125 µg (5,000 IU)"), ("IU", "5,000 IU (125 µg)")]
)
def test_vitamin_d_is_said_in_the_unit_one_prefers(
    client: TestClient, session: Session, alice: User, unit: str, words: str
) -> None:
    take(session, alice, "Vitamin D", daily((MORNING, 125), unit="ug"), label=("vitamin_d", 1))
    alice.preferences.vitamin_unit = type(alice.preferences.vitamin_unit)(unit)
    session.add(alice)
    session.commit()
    page = client.get("/regimen").text

    assert f"Vitamin D: {words} a day, above the EFSA and NASEM level of 100 µg" in page


# The list for the lab


def plan_blood_test(client: TestClient, on: str, **fields: str) -> Response:
    """Note a blood test."""
    event = {"kind": "event", "label": "blood_test", "text": "Fasting", **fields}
    return client.post(f"/days/{on}/notes", data=event)


@pytest.mark.parametrize("on", ["2026-11-23", "2026-11-27", "2027-11-24"])
def test_a_blood_test_can_be_noted_up_to_a_year_ahead(client: TestClient, on: str) -> None:
    assert plan_blood_test(client, on).headers["location"] == f"/days/{on}"

    day = client.get(f"/days/{on}").text
    assert "Fasting" in day
    assert f'href="/days/{on}/lab-list"' in day
    month = client.get(f"/calendar/{on[:7]}").text
    assert "month__mark--note" in month.split("</table>", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("on", "fields"),
    [
        ("2027-11-25", {}),
        ("2026-08-31", {}),
        ("2026-11-27", {"label": "fever"}),
        ("2026-11-27", {"label": "own", "own_label": "Blood test"}),
        ("2026-11-27", {"kind": "note"}),
    ],
)
def test_nothing_else_and_nothing_later_can_be_noted_ahead(
    client: TestClient, rows: Rows, on: str, fields: dict[str, str]
) -> None:
    response = plan_blood_test(client, on, **fields)

    assert response.status_code == 422
    assert "Fasting" in response.text
    assert rows(Note) == []


def test_a_blood_test_ahead_can_be_moved_and_taken_back(client: TestClient, rows: Rows) -> None:
    plan_blood_test(client, "2026-12-20")
    address = f"/notes/{rows(Note)[0].id}"
    moved = {"kind": "event", "label": "blood_test", "on": "2027-01-11"}

    assert client.post(address, data=moved).headers["location"] == "/days/2027-01-11"
    became = {**moved, "label": "fever"}
    assert client.post(address, data=became).status_code == 422
    assert client.post(f"{address}/delete").status_code == 303
    assert rows(Note) == []


@pytest.mark.parametrize(("substance", "is_told"), [("finasteride", True), ("rosemary_oil", False)])
def test_a_lab_hears_of_what_the_label_of_an_own_item_says_it_holds(
    client: TestClient, session: Session, alice: User, substance: str, is_told: bool
) -> None:
    take(session, alice, "From the pharmacy", daily((MORNING, 1)), label=(substance, 1000))
    plan_blood_test(client, "2026-11-27")

    page = client.get("/days/2026-11-27/lab-list").text
    assert "From the pharmacy" in page
    assert ("PSA" in page) is is_told


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("2026-11-23", "Blood test today"),
        ("2026-11-24", "Blood test tomorrow"),
        ("2026-11-26", "Blood test on Thursday"),
        ("2026-11-27", ""),
        ("2026-11-22", ""),
    ],
)
def test_today_says_from_three_days_before_that_a_blood_test_comes(
    client: TestClient, on: str, words: str
) -> None:
    plan_blood_test(client, on)
    page = client.get("/").text

    assert (words in page) if words else ("Blood test" not in page)
    assert ("What to tell the lab" in page) == bool(words)


def test_a_day_far_ahead_offers_a_blood_test_and_no_other_note(client: TestClient) -> None:
    page = client.get("/days/2027-03-01").text
    assert "/days/2027-03-01/notes/new?kind=event&amp;label=blood_test" in page
    assert "Save note" not in page
    assert "label=blood_test" not in client.get("/days/2028-03-01").text

    form = client.get("/days/2027-03-01/notes/new?kind=event&label=blood_test")
    assert 'value="blood_test" checked' in form.text
    assert "checked" not in client.get("/days/2027-03-01/notes/new?kind=event&label=x").text


def test_the_list_tells_what_matters_to_the_lab_and_what_else_is_taken(
    client: TestClient, session: Session, alice: User, rows: Rows
) -> None:
    take(session, alice, "Biotin", daily((MORNING, 5000), unit="ug"), catalogue_id="biotin")
    take(session, alice, "Finasteride", daily((MORNING, 1)), catalogue_id="finasteride-oral")
    take(session, alice, "Multi", daily((EVENING, 1), unit="tablet"), label=("zinc", 10_000))
    take(session, alice, "Foam", daily((EVENING, 1), unit="g"))
    thyroid = {"name": "Levothyroxine", "times": "07:00", "note": "50 µg"}
    client.post("/regimen/medicines", data=thyroid)
    finasteride = next(each for each in rows(RegimenItem) if each.name == "Finasteride")
    stopped = {"ends_on": "2026-11-20"}
    client.post(f"/regimen/{finasteride.id}/stop", data=stopped)
    page = read(client.get("/days/2026-11-26/lab-list")).text
    told, others = page.split("Also taken")

    assert "5,000 µg 08:00, since 1 Sep" in told
    assert "troponin can read falsely low" in told
    assert "FDA safety communication" in told
    assert "1 mg 08:00, from 1 Sep, last on 20 Nov" in told
    assert "D’Amico AV" in told
    assert "Copper and a blood count." in told
    assert "Foam" in others
    assert "50 µg, 07:00" in others
    assert "stop biotin" not in page.lower()
    assert "Ask the lab or your doctor" in page


def test_the_list_of_somebody_who_takes_nothing_says_so(client: TestClient) -> None:
    assert "Nothing to list" in client.get("/days/2026-11-26/lab-list").text


# What an item's own page knows


@pytest.mark.parametrize(
    ("since", "title", "sentence"),
    [
        (
            date(2026, 11, 1),
            "Too early to say",
            "Week 4 of 17: too early to see anything. A first look from 28 Feb 2027.",
        ),
        (
            date(2026, 9, 1),
            "Still early",
            "Week 12 of 17: still early. A first look from 29 Dec.",
        ),
        (
            date(2026, 7, 1),
            "Time for a first look",
            "Week 21 of 52: time for a first look. Do not judge before 30 Jun 2027.",
        ),
        (
            date(2025, 7, 1),
            "Long enough to judge",
            "Week 73: 52 weeks are over. You have no hair counts from before, so there is nothing",
        ),
    ],
)
def test_an_items_page_says_how_far_its_course_is(
    client: TestClient, session: Session, alice: User, since: date, title: str, sentence: str
) -> None:
    dose = daily((MORNING, 1), unit="mL")
    foam = "minoxidil-topical-solution"
    page = client.get(take(session, alice, "Foam", dose, catalogue_id=foam, since=since)).text

    assert f"<h2>{title}</h2>" in page
    assert sentence in page
    assert "These weeks are a convention for judging hair, not evidence." in page
    is_early = since > date(2026, 10, 1)
    assert ("More shedding than usual is often reported in weeks 2 to 8" in page) == is_early


def test_an_own_item_and_one_that_is_stopped_have_no_course(
    client: TestClient, session: Session, alice: User
) -> None:
    own = take(session, alice, "Own", daily((MORNING, 1)))
    zinc = take(session, alice, "Zinc", daily((MORNING, 10)), catalogue_id="zinc")
    assert "chart--course" in client.get(zinc).text
    client.post(f"{zinc}/stop", data={"ends_on": "2026-11-20"})

    for address in (own, zinc):
        assert "chart--course" not in client.get(address).text


def test_cautions_the_household_and_the_lab_stand_under_their_own_titles(
    client: TestClient, session: Session, alice: User
) -> None:
    address = take(session, alice, "Iron", daily((MORNING, 14)), catalogue_id="iron")
    page = client.get(address).text

    cautions, household = (
        page.index("<h2>Cautions</h2>"),
        page.index("<h2>For others in your household</h2>"),
    )
    lab = page.index("<h2>Blood tests and the lab</h2>")
    assert cautions < page.index("haemochromatosis") < household
    assert household < page.index("Keep it locked away.") < lab
    assert lab < page.index("Ferritin and a blood count.")
    assert (
        "NASEM: 45 mg, adults, total intake, food included. Not for treatment under medical care."
        in page
    )


def test_a_dose_above_the_products_own_number_is_a_note(
    client: TestClient, session: Session, alice: User
) -> None:
    usual = take(session, alice, "One", daily((MORNING, 1)), catalogue_id="finasteride-oral")
    more = take(session, alice, "Five", daily((MORNING, 5)), catalogue_id="finasteride-oral")
    sentence = "More than 1 mg of finasteride a day is above the dose for hair."

    assert sentence not in client.get(usual).text
    assert sentence in client.get(more).text


def test_the_form_of_a_new_item_shows_levels_and_cautions_before_it_is_saved(
    client: TestClient,
) -> None:
    page = client.get("/regimen/new?catalogue_id=iron").text

    assert "Before you begin: levels and cautions" in page
    assert "EFSA: 40 mg, adults, total intake, food included." in page
    assert "haemochromatosis" in page
    assert "An overdose of iron can kill a child." in page
    own = search(client, "/regimen/search", q="Own", own="true").text
    assert "Before you begin" not in own
