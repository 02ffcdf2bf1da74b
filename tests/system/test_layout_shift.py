"""Nothing on a page moves by itself once it is painted: what comes late lies over the page."""

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from app.db import reading
from tests.support.browser import DESKTOP, PHONE, SMALLEST, OpenContext, go_to, sign_in_browser
from tests.system.conftest import Year, choose
from tests.system.pages import FULL, Finder

# What moved without a tap, and how far. The bar at the bottom may settle by a few pixels (0.003);
# a line of text that comes above the page scores ten times as much.
WATCH = """
self.moved = []
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput, sources } of list.getEntries()) {
    if (hadRecentInput || value < 0.01) continue
    const names = sources.map(({ node }) => node?.className || node?.localName || "?")
    self.moved.push(`${value.toFixed(3)}: ${names.join(", ")}`)
  }
}).observe({ type: "layout-shift", buffered: true })
"""
# The observer hears of a frame once it is over.
MOVED = """() => new Promise((resolve) => requestAnimationFrame(() =>
  requestAnimationFrame(() => resolve(self.moved.splice(0)))))"""
PAGES = (
    *("Today", "yesterday", "a day to come", "a dose", "the log", "the check-in", "this month"),
    *("this week's trends", "everything", "notes", "a new note", "shedding", "a new count"),
    *("the regimen", "the search", "an item taken daily", "editing an item", "settings"),
    *("the export", "the phone", "about", "offline", "waiting", "signing in"),
)
SHOW = "(tag) => { document.querySelector(tag).hidden = false }"


def moved(page: Page) -> list[str]:
    """What moved on the page since it was asked last."""
    page.wait_for_timeout(100)
    found: list[str] = page.evaluate(MOVED)
    return [f"{page.url}, {page.viewport_size}: {each}" for each in found]


def watched(context: BrowserContext) -> Page:
    """A page that notes what moves on it."""
    page = context.new_page()
    page.add_init_script(WATCH)
    return page


@pytest.fixture
def traveller(open_context: OpenContext, year: Year) -> BrowserContext:
    """The phone of the person with the year, on a journey."""
    context = open_context(timezone_id="Asia/Tokyo")
    sign_in_browser(context, year.site, year.person)
    return context


@pytest.mark.parametrize("size", [SMALLEST, PHONE, DESKTOP])
def test_the_question_about_another_zone_is_there_at_the_first_paint(
    size: ViewportSize, traveller: BrowserContext, year: Year
) -> None:
    page = watched(traveller)
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
    page = watched(traveller)
    page.set_viewport_size(size)
    go_to(page, "/")
    moved(page)
    page.evaluate(SHOW, late)
    expect(page.locator(late)).to_be_visible()
    assert moved(page) == []


def test_nothing_moves_on_a_page_of_any_kind(traveller: BrowserContext, year: Year) -> None:
    page = watched(traveller)
    found = []
    with reading(year.site.engine) as session:
        addresses = [FULL[name](Finder(session, year.person)) for name in PAGES]
    for address in addresses:
        go_to(page, address)
        found += moved(page)
    assert not found, "\n".join(found)
