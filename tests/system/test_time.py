"""The page and the clock: another zone, the end of a day, a dose that grows late."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from app.models import User
from tests.support.browser import (
    DESKTOP,
    PHONE,
    SIDEWAYS,
    OpenContext,
    at_time,
    go_to,
    sign_in_browser,
)
from tests.support.site import Site
from tests.system.conftest import TOAST_MS, rows

pytestmark = pytest.mark.usefixtures("items")

# 08:40 in Berlin, on a Tuesday.
FORTY_PAST_EIGHT = datetime(2026, 11, 24, 7, 40, tzinfo=UTC)
# 02:59 in Berlin: still Monday in a log whose days start at 03:00.
BEFORE_THREE = datetime(2026, 11, 24, 1, 59, tzinfo=UTC)
QUESTION = "Your phone is on Tokyo time; Strand is set to Europe/Berlin."


@pytest.fixture
def in_tokyo(open_context: OpenContext, site: Site, person: User) -> BrowserContext:
    """Alice's phone, on a journey."""
    context = open_context(timezone_id="Asia/Tokyo")
    sign_in_browser(context, site, person)
    return context


def test_in_another_zone_the_question_is_asked_once(in_tokyo: BrowserContext) -> None:
    page = in_tokyo.new_page()
    go_to(page, "/")
    expect(page.get_by_text(QUESTION)).to_be_visible()
    page.get_by_role("button", name="Not now").click()
    expect(page.get_by_text(QUESTION)).to_be_hidden()
    go_to(page, "/")
    expect(page.get_by_text(QUESTION)).to_be_hidden()


def test_eight_o_clock_stays_eight_o_clock_in_the_new_zone(
    in_tokyo: BrowserContext, site: Site
) -> None:
    page = in_tokyo.new_page()
    go_to(page, "/")
    page.get_by_role("button", name="Switch to Tokyo").click()
    expect(page.locator("body[data-zone='Asia/Tokyo']")).to_be_attached()
    expect(page.get_by_text(QUESTION)).to_be_hidden()
    # It is Tuesday, 05:41 there.
    expect(page.locator("body[data-today='2026-11-24']")).to_be_attached()
    expect(page.locator("#group-morning time")).to_contain_text("08:00")
    expect(page.locator("#group-morning [data-when]").first).to_have_text("due 08:00")
    assert [user.time_zone for user in rows(site.engine, User)] == ["Asia/Tokyo"]


def test_at_home_nothing_is_asked(page: Page) -> None:
    go_to(page, "/")
    expect(page.get_by_text("Your phone is on")).to_be_hidden()


def test_a_new_day_is_announced_and_nothing_is_swapped(page: Page, site: Site) -> None:
    at_time(page, site, BEFORE_THREE)
    go_to(page, "/")
    expect(page.locator("day-turn")).to_be_hidden()
    site.clock.advance(minutes=2)
    page.clock.run_for(120_000)
    expect(page.locator("day-turn")).to_contain_text("It is Tuesday now")
    expect(page.locator("main")).to_contain_text("Monday, 23 November")
    page.get_by_role("button", name="Take Minoxidil").last.click()
    expect(page.locator("html:not(:has([data-waiting]))")).to_be_attached()
    expect(page.locator("main")).to_contain_text("Monday, 23 November")
    page.clock.run_for(TOAST_MS)
    page.get_by_role("link", name="Go to today").click()
    expect(page.locator("main")).to_contain_text("Tuesday, 24 November")
    expect(page.locator("day-turn")).to_be_hidden()


@pytest.mark.parametrize("size", [PHONE, SIDEWAYS, DESKTOP])
def test_the_line_of_a_new_day_covers_neither_the_head_nor_a_circle(
    page: Page, site: Site, size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    at_time(page, site, BEFORE_THREE)
    go_to(page, "/")
    site.clock.advance(minutes=2)
    page.clock.run_for(120_000)
    expect(page.locator("day-turn")).to_be_visible()
    assert overlapping(page, "day-turn", "main h1, .corner a, .nav a, .week-strip a, .check") == 0
    page.evaluate("scrollTo({ top: 1e6, behavior: 'instant' })")
    assert overlapping(page, "day-turn", "main a, main button, .nav a") == 0


def overlapping(page: Page, selector: str, others: str) -> int:
    """How many of the others an element lies over."""
    found: int = page.evaluate(
        """([selector, others]) => {
          const one = document.querySelector(selector).getBoundingClientRect()
          return [...document.querySelectorAll(others)].filter((each) => {
            const other = each.getBoundingClientRect()
            return other.width > 0 && one.left < other.right && other.left < one.right &&
              one.top < other.bottom && other.top < one.bottom && !each.closest(selector)
          }).length
        }""",
        [selector, others],
    )
    return found


def test_how_long_a_dose_is_due_counts_on(page: Page, site: Site) -> None:
    at_time(page, site, FORTY_PAST_EIGHT)
    go_to(page, "/")
    due = page.locator("#group-morning [data-when]").first
    expect(due).to_have_text("due 40 min ago")
    site.clock.advance(minutes=5)
    page.clock.run_for(300_000)
    expect(due).to_have_text("due 45 min ago")
