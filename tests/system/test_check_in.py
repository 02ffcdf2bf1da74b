"""The check-in saves as it is tapped, says so, and fits every phone."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from app.db import writing
from app.models import CheckIn, SymptomReport, TrackedSymptom, User
from tests.support.browser import go_to
from tests.support.site import Site
from tests.system.conftest import rows, until

pytestmark = pytest.mark.usefixtures("items")

SCREENS: tuple[ViewportSize, ...] = (
    {"width": 320, "height": 640},
    {"width": 390, "height": 844},
    {"width": 844, "height": 390},
    {"width": 1280, "height": 800},
)
ROW = """(row) => {
  const boxes = [...row.children].map((each) => each.getBoundingClientRect())
  return {
    tops: new Set(boxes.map(({ top }) => Math.round(top))).size,
    narrowest: Math.min(...boxes.map(({ width }) => width)),
    spilt: [...row.querySelectorAll(".segment__label")]
      .filter((each) => each.scrollWidth > each.clientWidth + 1).length,
  }
}"""


@pytest.fixture
def asks_sleep(site: Site, person: User) -> None:
    with writing(site.engine) as session:
        for position, slug in enumerate(("headache", "mood", "sleep")):
            session.add(TrackedSymptom(user_id=person.id, slug=slug, position=position))
        session.commit()


@pytest.mark.usefixtures("asks_sleep")
def test_every_answer_of_the_sheet_is_saved_as_it_is_given(page: Page, site: Site) -> None:
    go_to(page, "/")
    page.get_by_role("link", name="All questions").click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("button", name="Save")).to_be_hidden()
    expect(sheet.get_by_role("group", name="Dizziness")).to_be_hidden()

    sheet.get_by_role("group", name="Mood").locator("label").nth(3).click()
    expect(sheet.locator("output")).to_have_text("Saved")
    until(lambda: [row.mood for row in rows(site.engine, CheckIn)] == [4])

    sheet.get_by_role("group", name="Headache").locator("label").nth(2).click()
    sheet.locator("#details-headache summary").click()
    sheet.locator("[name=note-headache]").fill("after lunch")
    sheet.locator("[name=note]").fill("A long day")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    until(lambda: [row.note for row in rows(site.engine, CheckIn)] == ["A long day"])
    until(lambda: [row.note for row in rows(site.engine, SymptomReport)] == ["after lunch"])


@pytest.mark.usefixtures("asks_sleep")
def test_the_card_goes_on_saying_saved_when_the_page_was_fetched_again(
    page: Page, site: Site
) -> None:
    go_to(page, "/")
    card = page.locator("#check-in")
    card.get_by_role("group", name="Mood").locator("label").nth(3).click()
    expect(card.locator("output")).to_have_text("Saved")
    until(lambda: len(rows(site.engine, CheckIn)) == 1)


@pytest.mark.usefixtures("asks_sleep")
def test_the_eleven_stops_of_sleep_stand_in_one_row(page: Page) -> None:
    for screen in SCREENS:
        page.set_viewport_size(screen)
        go_to(page, "/")
        row = page.locator("#check-in .segments:has([name=sleep])").evaluate(ROW)
        assert row["tops"] == 1, screen
        assert row["narrowest"] >= 24, screen
        assert row["spilt"] == 0, screen
