"""Somebody new: from the link in the server's log to the first dose."""

import time

from playwright.sync_api import expect

from app.models import DoseEvent, RegimenItem, User
from tests.support.browser import OpenContext
from tests.support.people import PASSWORD
from tests.support.set_up import printed_code
from tests.support.site import Site
from tests.system.conftest import rows, until

MOST_PAGES = 5
LONGEST_SECONDS = 20


def test_the_first_dose_is_five_pages_from_the_link(site: Site, open_context: OpenContext) -> None:
    page = open_context(timezone_id="Asia/Tokyo").new_page()
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    began = time.monotonic()
    page.goto(f"/set-up#{printed_code(site.engine, site.clock.now)}")
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    expect(page.get_by_label("Set-up code")).to_be_hidden()
    assert page.url.endswith("/set-up")
    page.get_by_label("Name").fill("Alice")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.locator("a.set").nth(1).click()
    page.get_by_role("button", name="Add to my regimen").click()
    page.locator("button.check").first.click()
    expect(page.locator("[data-status=taken]")).to_have_count(1)
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    assert time.monotonic() - began < LONGEST_SECONDS
    assert len(loads) <= MOST_PAGES, loads
    (user,) = rows(site.engine, User)
    assert user.time_zone == "Asia/Tokyo"
    assert rows(site.engine, RegimenItem) != []
