"""Nothing on a page moves by itself once it is painted: what comes late lies over the page."""

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from app.db import reading
from tests.support.browser import DESKTOP, PHONE, SMALLEST, OpenContext, go_to, sign_in_browser
from tests.support.watch import Watch
from tests.system.conftest import Year, choose
from tests.system.pages import FULL, Finder

# What moved without a tap, and how far.
WATCH = """
self.moved = []
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput, sources } of list.getEntries()) {
    const names = sources.map(({ node }) => node?.className || node?.localName || "?")
    if (!hadRecentInput) self.moved.push(`${value.toFixed(3)}: ${names.join(", ")}`)
  }
}).observe({ type: "layout-shift", buffered: true })
"""
# The observer hears of a frame once it is over.
MOVED = """() => new Promise((resolve) => requestAnimationFrame(() =>
  requestAnimationFrame(() => resolve(self.moved.splice(0)))))"""
SHOW = "(tag) => { document.querySelector(tag).hidden = false }"


def moved(page: Page) -> list[str]:
    """What moved on the page since it was asked last."""
    page.wait_for_timeout(100)
    found: list[str] = page.evaluate(MOVED)
    return [f"{page.url}, {page.viewport_size}: {each}" for each in found]


@pytest.fixture
def traveller(open_context: OpenContext, year: Year) -> BrowserContext:
    """The phone of the person with the year, on a journey."""
    context = open_context(timezone_id="Asia/Tokyo")
    context.add_init_script(WATCH)
    sign_in_browser(context, year.site, year.person)
    return context


@pytest.mark.parametrize("size", [SMALLEST, PHONE, DESKTOP])
def test_the_question_about_another_zone_is_there_at_the_first_paint(
    size: ViewportSize, traveller: BrowserContext, year: Year
) -> None:
    page = traveller.new_page()
    page.set_viewport_size(size)
    found = []
    for language, theme in (("en", "light"), ("en", "dark"), ("de", "light")):
        choose(year.site, year.person, language=language, theme=theme)
        go_to(page, "/")
        expect(page.locator("zone-check")).to_be_visible()
        found += moved(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("size", [SMALLEST, PHONE, DESKTOP])
@pytest.mark.parametrize("late", ["app-worker", "day-turn", "undo-toast"])
def test_what_is_told_later_moves_nothing(
    late: str, size: ViewportSize, traveller: BrowserContext
) -> None:
    page = traveller.new_page()
    page.set_viewport_size(size)
    go_to(page, "/")
    moved(page)
    page.evaluate(SHOW, late)
    expect(page.locator(late)).to_be_visible()
    assert moved(page) == []


def test_nothing_moves_on_any_page(traveller: BrowserContext, year: Year, watch: Watch) -> None:
    watch.allow("404 (Not Found)")
    page = traveller.new_page()
    found = []
    with reading(year.site.engine) as session:
        addresses = [find(Finder(session, year.person)) for find in FULL.values()]
    for address in addresses:
        go_to(page, address)
        found += moved(page)
    assert not found, "\n".join(found)
