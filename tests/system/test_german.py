"""Strand in German: chosen in the settings, spoken by page and toast, with room for long words."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from app.db import reading
from app.models import DoseEvent
from tests.support.browser import DESKTOP, SMALLEST, go_to
from tests.support.looks import (
    axe,
    broken_words,
    overflows,
    overlaps,
    targets_below_44,
    text_enlarged,
)
from tests.support.site import Site
from tests.system.conftest import Year, choose, rows, until
from tests.system.pages import FULL, Finder
from tests.system.test_outbox_online import row_of


@pytest.mark.usefixtures("items")
def test_whoever_chooses_german_logs_a_dose_in_german(page: Page, site: Site) -> None:
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


@pytest.mark.parametrize("size", [SMALLEST, DESKTOP], ids=["320", "1280"])
@pytest.mark.parametrize(
    "name", ["Today", "the check-in", "this week's trends", "an item taken daily", "settings"]
)
def test_a_page_in_german_suits_everybody(
    name: str, size: ViewportSize, year_context: BrowserContext, year: Year
) -> None:
    choose(year.site, year.person, language="de")
    with reading(year.site.engine) as session:
        address = FULL[name](Finder(session, year.person))
    page = year_context.new_page()
    page.set_viewport_size(size)
    go_to(page, address)
    expect(page.locator("html")).to_have_attribute("lang", "de")

    found = [*axe(page), *targets_below_44(page), *faults_of_words(page)]
    with text_enlarged(page, 200):
        found += [f"200%: {each}" for each in faults_of_words(page)]

    assert not found, "\n".join(found)


def faults_of_words(page: Page) -> list[str]:
    """What makes the page scroll sideways, words over words, and words broken in two."""
    return [*overflows(page), *overlaps(page), *broken_words(page)]
