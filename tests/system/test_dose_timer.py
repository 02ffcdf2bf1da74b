"""The timers of a dose in a real browser: until it is rinsed, until it is dry."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.db import writing
from app.models import DoseEvent, RegimenItem, User
from tests.support.browser import go_to
from tests.support.regimens import EVENING, add, daily
from tests.support.site import Site
from tests.system.conftest import TODAY, rows, until

HEARD = """
window.tones = 0
const start = OscillatorNode.prototype.start
OscillatorNode.prototype.start = function (...when) { window.tones += 1; start.apply(this, when) }
window.buzzes = 0
navigator.vibrate = () => { window.buzzes += 1 }
"""
FIVE_MINUTES = 5 * 60_000


@pytest.fixture
def shampoo(site: Site, person: User) -> RegimenItem:
    """To be left on for five minutes, in the evening."""
    return applied(site, person, "Ketoconazole", route="scalp_wash", minutes_on=5)


@pytest.fixture
def solution(site: Site, person: User) -> RegimenItem:
    """Dry after twenty minutes."""
    return applied(site, person, "Minoxidil", route="scalp", dry_minutes=20)


def applied(site: Site, person: User, name: str, **how: Any) -> RegimenItem:
    with writing(site.engine) as session:
        return add(session, person, name, daily((EVENING, 1), unit="mL"), **how)


def open_sheet(page: Page, item: RegimenItem) -> None:
    page.add_init_script(HEARD)
    go_to(page, f"/days/{TODAY}/doses/{item.id}/21:00")


def test_five_minutes_run_and_signal(page: Page, shampoo: RegimenItem, site: Site) -> None:
    open_sheet(page, shampoo)
    timer = page.locator("dose-timer")
    expect(timer).to_contain_text("5:00")
    timer.get_by_role("button", name="Start").click()
    page.clock.run_for(61_000)
    expect(timer.locator("[data-left]")).to_have_text("3:59")
    assert page.evaluate("buzzes") == 0
    page.clock.run_for(FIVE_MINUTES)
    expect(timer.get_by_role("status")).to_have_text("Time is up. Tap Taken to log it.")
    assert page.evaluate("[tones, buzzes]") == [3, 1]
    page.get_by_role("button", name="Taken", exact=True).click()
    page.wait_for_url("**/days/*")
    until(lambda: [each.minutes_on for each in rows(site.engine, DoseEvent)] == [5])


def test_the_minutes_typed_are_those_that_run(page: Page, shampoo: RegimenItem) -> None:
    open_sheet(page, shampoo)
    page.get_by_label("Left on").fill("1,5")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("[data-left]")).to_have_text("1:30")


def test_a_sheet_closed_meanwhile_finds_its_timer_running(page: Page, shampoo: RegimenItem) -> None:
    open_sheet(page, shampoo)
    page.get_by_role("button", name="Start").click()
    go_to(page, "/")
    page.clock.run_for(60_000)
    open_sheet(page, shampoo)
    expect(page.locator("dose-timer")).to_have_attribute("data-state", "running")
    left = page.locator("[data-left]").inner_text()
    assert left.startswith(("3:5", "4:00"))
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("[data-left]")).to_have_text("5:00")
    go_to(page, "/")
    open_sheet(page, shampoo)
    expect(page.locator("dose-timer")).to_have_attribute("data-state", "ready")


def test_what_was_put_on_counts_down_until_it_is_dry(
    page: Page, solution: RegimenItem, site: Site
) -> None:
    open_sheet(page, solution)
    expect(page.locator("dose-timer")).to_have_count(0)
    page.get_by_role("button", name="Taken", exact=True).click()
    page.wait_for_url("**/days/*")
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    open_sheet(page, solution)
    timer = page.locator("dose-timer")
    expect(timer).to_contain_text("Dry in")
    expect(timer.locator("[data-left]")).to_contain_text("19:5")
    page.clock.run_for(20 * 60_000)
    expect(timer.get_by_role("status")).to_have_text("Dry.")
    assert page.evaluate("buzzes") == 1
