"""Strand in German: chosen in the settings, spoken by page and toast, with room for long words."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.db import reading
from app.models import DoseEvent
from tests.support.browser import DESKTOP, SMALLEST, go_to
from tests.support.looks import axe, faults_of_words
from tests.support.site import Site
from tests.support.views import View, check, faults_of_layout, faults_of_place
from tests.system.conftest import Year, choose, rows, until
from tests.system.pages import FULL, Finder
from tests.system.test_outbox_online import row_of


@pytest.mark.usefixtures("items")
def test_a_person_who_chooses_german_logs_a_dose_in_german(page: Page, site: Site) -> None:
    go_to(page, "/settings")
    page.get_by_label("Language", exact=True).select_option(label="Deutsch")
    expect(page.get_by_role("heading", name="Einstellungen", level=1)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")

    go_to(page, "/")
    page.get_by_role("button", name="Finasteride, 1 mg nehmen").click()

    toast = page.locator("undo-toast")
    # Where the line is short, the toast leaves the amount out.
    expect(toast).to_contain_text(re.compile("Finasteride(, 1 mg)? genommen"))
    expect(toast.get_by_role("button", name="Rückgängig")).to_be_visible()
    expect(row_of(page, "Finasteride")).to_contain_text("genommen um 21:4")
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)


GERMAN = (
    View(SMALLEST, "light", 100, (axe, faults_of_layout)),
    View(SMALLEST, "light", 200, (faults_of_words,)),
    View(DESKTOP, "light", 100, (faults_of_place,)),
    View(DESKTOP, "light", 200, (faults_of_words,)),
)


@pytest.mark.parametrize(
    "name", ["Today", "the check-in", "this week's trends", "an item taken daily", "settings"]
)
def test_a_page_in_german_suits_everybody(name: str, year_page: Page, year: Year) -> None:
    choose(year.site, year.person, language="de")
    with reading(year.site.engine) as session:
        address = FULL[name](Finder(session, year.person))
    go_to(year_page, address)
    expect(year_page.locator("html")).to_have_attribute("lang", "de")
    check(year_page, GERMAN)
