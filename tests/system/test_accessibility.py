"""Every page, empty and full: both themes, four screens, usual and large text."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from starlette.routing import Match, Route

from app.db import reading
from app.main import ROUTERS
from app.models import User
from tests.support.browser import OpenContext, sign_in_browser
from tests.support.set_up import printed_code
from tests.support.site import Site
from tests.support.views import EVERYWHERE, ON_EVERY_SCREEN, check
from tests.support.watch import Watch
from tests.system.conftest import Year, choose
from tests.system.pages import EMPTY, FULL, NEXT_WEEK, NO_PAGES, TODAY, Finder

# What most people open every week: asked on each screen, in both themes, with large text as well.
MAIN_PAGES = (
    *("Today", "yesterday", "the log", "a dose", "this month", "this week's trends"),
    *("notes", "shedding", "photos", "the regimen", "an item taken daily", "the search"),
    *("settings", "about"),
)
NOT_FOUND = "404 (Not Found)"
INVALID = "422 (Unprocessable"


@pytest.mark.parametrize("name", FULL)
def test_a_page_of_a_full_account_suits_everybody(
    name: str, year_page: Page, year: Year, watch: Watch
) -> None:
    if name == "a page that is not there":
        watch.allow(NOT_FOUND)
    with reading(year.site.engine) as session:
        address = FULL[name](Finder(session, year.person))
    open_page(year_page, address)
    check(year_page, ON_EVERY_SCREEN if name in MAIN_PAGES else EVERYWHERE)


@pytest.mark.parametrize("name", EMPTY)
def test_a_page_of_an_empty_account_suits_everybody(
    name: str, shown_page: Page, site: Site, person: User
) -> None:
    sign_in_browser(shown_page.context, site, person)
    open_page(shown_page, EMPTY[name])
    check(shown_page)


def test_the_set_up_page_suits_everybody(site: Site, open_context: OpenContext) -> None:
    page = open_context().new_page()
    open_page(page, f"/set-up#{printed_code(site.engine, site.clock.now)}")
    check(page)


def test_the_codes_of_several_addresses_suit_everybody(site: Site, page: Page) -> None:
    state = site.application.state
    settings = state.settings
    longest = f"http://{'strand-' * 6}at-home.example.org:8000"
    several = {"base_url": f"{longest}, https://strand.example.org"}
    state.settings = settings.model_copy(update=several)
    try:
        open_page(page, "/phone")
        expect(page.get_by_role("img", name="QR code of")).to_have_count(2)
        check(page)
    finally:
        state.settings = settings


@pytest.mark.parametrize("address", ["/", f"/days/{NEXT_WEEK}"])
def test_today_large_and_simple_suits_everybody(
    address: str, year_context: BrowserContext, year: Year
) -> None:
    choose(year.site, year.person, is_large=True)
    page = year_context.new_page()
    open_page(page, address)
    page.get_by_text("Everything else").click()
    check(page)


def test_a_first_day_large_and_simple_suits_everybody(site: Site, person: User, page: Page) -> None:
    choose(site, person, is_large=True)
    open_page(page, "/")
    expect(page.get_by_role("link", name="Add to my regimen")).to_be_visible()
    check(page)


def test_a_search_suits_everybody(year_context: BrowserContext) -> None:
    page = year_context.new_page()
    for words in ("fever", "xylophone"):
        open_page(page, "/notes")
        page.get_by_role("searchbox").fill(words)
        page.get_by_role("button", name="Search").click()
        page.wait_for_url("**/notes?typed=1")
        check(page)


def test_an_own_item_suits_everybody(year_context: BrowserContext, watch: Watch) -> None:
    watch.allow(INVALID)
    page = year_context.new_page()
    open_page(page, "/regimen/new")
    page.get_by_role("searchbox").fill("min")
    expect(page.locator("[data-words]:visible")).not_to_have_count(0)
    check(page)
    page.get_by_role("searchbox").fill("Rosemary tea")
    expect(page.locator("[data-words]:visible")).to_have_count(0)
    page.get_by_role("button", name="Add “Rosemary tea” as my own item").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Rosemary tea")
    check(page)
    page.locator("form").evaluate_all("(all) => { for (const form of all) form.noValidate = true }")
    page.get_by_role("button", name="Add to regimen").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)


@pytest.mark.parametrize(
    ("address", "button"),
    [
        ("/settings/password", "Change password"),
        (f"/days/{TODAY}/notes/new?kind=event", "Save"),
    ],
)
def test_a_form_that_was_refused_suits_everybody(
    address: str, button: str, year_context: BrowserContext, watch: Watch
) -> None:
    watch.allow(INVALID)
    page = year_context.new_page()
    open_page(page, address)
    page.locator("form").evaluate_all("(all) => { for (const form of all) form.noValidate = true }")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)


@pytest.mark.parametrize(
    "opener",
    [
        "[aria-keyshortcuts=L]",
        "#group-morning .dose a.dose__text",
        "#group-morning .group__actions a",
        "#check-in a[data-sheet]",
        "#notes a[data-sheet]",
        '#notes a[data-sheet][href*="as-needed"]',
    ],
    ids=["the log", "a dose", "one time for all", "the check-in", "an event", "an extra dose"],
)
def test_a_sheet_over_today_suits_everybody(opener: str, year_context: BrowserContext) -> None:
    page = year_context.new_page()
    open_page(page, "/")
    page.locator(opener).first.click()
    expect(page.locator("dialog[open] .sheet__title")).to_be_visible()
    check(page)


@pytest.mark.usefixtures("year_context")
def test_every_address_that_answers_with_a_page_is_among_these(year: Year) -> None:
    with reading(year.site.engine) as session:
        find = Finder(session, year.person)
        addresses = [address(find).partition("?")[0] for address in FULL.values()]
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, Route)]
    pages = [route for route in routes if route.methods is not None and "GET" in route.methods]
    seen = {name_of(pages, address) for address in [*addresses, "/set-up"]}
    assert {route.name for route in pages} - NO_PAGES - seen == set()


def name_of(pages: list[Route], address: str) -> str | None:
    """The name of the page that answers at an address."""
    scope = {"type": "http", "method": "GET", "path": address}
    matching = (route.name for route in pages if route.matches(scope)[0] is Match.FULL)
    return next(matching, None)


def open_page(page: Page, address: str) -> None:
    """Open a page and wait until every element on it has its module."""
    page.goto(address)
    expect(page.locator(":not(:defined)")).to_have_count(0)
