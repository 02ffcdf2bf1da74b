"""Items taken as needed: logged in its own row, and asked about before it is too much."""

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from app.db import writing
from app.domain.timing import TimingKind
from app.models import DoseEvent, RegimenItem, User
from app.services.dosages import DosageInput
from tests.support.browser import go_to, sign_in_browser
from tests.support.regimens import add
from tests.support.site import Site
from tests.support.watch import Watch
from tests.system.conftest import rows, until

AS_NEEDED = DosageInput(
    unit="mg", kind=TimingKind.AS_NEEDED, usual_amount=500, gap_hours=6, daily_maximum=3
)
A_SECOND_TAP_MS = 600


@pytest.fixture(autouse=True)
def paracetamol(site: Site, person: User, items: dict[str, RegimenItem]) -> None:
    """Alice takes it against headaches: at most three a day, six hours apart."""
    with writing(site.engine) as session:
        add(session, person, "Paracetamol", AS_NEEDED)


def row(page: Page) -> Locator:
    return page.locator("#main .dose--needed")


def log_button(page: Page) -> Locator:
    return row(page).get_by_role("button", name="Log a dose of Paracetamol")


def test_log_stays_where_it_is_and_the_dose_appears_in_its_row(page: Page, site: Site) -> None:
    go_to(page, "/")
    log_button(page).scroll_into_view_if_needed()
    before = log_button(page).bounding_box()
    log_button(page).click()
    expect(row(page).locator(".dose__logged")).to_contain_text("taken 21:4")
    expect(row(page)).to_contain_text("1 of 3 today")
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    expect(row(page)).to_contain_text("next from 03:4")
    assert log_button(page).bounding_box() == before
    expect(page.locator("#group-any")).to_have_count(0)
    row(page).get_by_role("link", name="taken").click()
    sheet = page.get_by_role("dialog", name="Paracetamol")
    sheet.get_by_role("button", name="Undo").click()
    until(lambda: rows(site.engine, DoseEvent) == [])
    expect(row(page)).to_contain_text("0 of 3 today")


@pytest.mark.parametrize("is_offline", [False, True])
def test_a_dose_inside_its_gap_is_asked_about_and_logged_if_confirmed(
    page: Page, site: Site, watch: Watch, is_offline: bool
) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED")
    go_to(page, "/")
    page.context.set_offline(is_offline)
    log_button(page).click()
    expect(row(page).locator(".dose__logged")).to_contain_text("taken")
    if not is_offline:
        until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    page.clock.run_for(A_SECOND_TAP_MS)
    log_button(page).click()
    question = row(page).get_by_role("alert")
    expect(question).to_contain_text("Next tomorrow at 03:4")
    expect(question).to_contain_text("Log it anyway?")
    row(page).get_by_role("button", name="Don’t log it").click()
    expect(question).to_be_hidden()
    expect(row(page)).to_contain_text("1 of 3 today")
    page.clock.run_for(A_SECOND_TAP_MS)
    log_button(page).click()
    row(page).get_by_role("button", name="Log it anyway").click()
    expect(row(page)).to_contain_text("2 of 3 today")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    until(lambda: len(rows(site.engine, DoseEvent)) == 2)


def test_the_sheet_asks_as_well(page: Page, site: Site) -> None:
    go_to(page, "/")
    log_button(page).click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    page.get_by_role("link", name="Log", exact=True).first.click()
    page.get_by_role("dialog").get_by_role("link", name="Dose").click()
    sheet = page.get_by_role("dialog", name="Log a dose")
    sheet.get_by_role("button", name="Log a dose of Paracetamol").click()
    expect(sheet.get_by_role("alert")).to_contain_text("Log it anyway?")
    sheet.get_by_role("button", name="Log it anyway").click()
    expect(sheet).to_be_hidden()
    until(lambda: len(rows(site.engine, DoseEvent)) == 2)


def test_another_device_with_an_older_page_is_asked_by_the_server(
    page: Page, context: BrowserContext, site: Site, person: User, watch: Watch
) -> None:
    watch.allow("422 (Unprocessable")
    other = context.browser
    assert other is not None
    go_to(page, "/")
    with_other = other.new_context(base_url=site.origin, service_workers="block")
    sign_in_browser(with_other, site, person)
    with_other.clock.install(time=site.clock.now)
    tablet = with_other.new_page()
    go_to(tablet, "/")
    log_button(tablet).click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    log_button(page).click()
    told = page.locator("outbox-status")
    expect(told).to_contain_text("Log it anyway?")
    assert len(rows(site.engine, DoseEvent)) == 1
    told.get_by_role("button", name="Log it anyway").click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 2)
    expect(told).to_be_hidden()
    with_other.close()
