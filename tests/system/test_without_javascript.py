"""Everything that a day needs, with JavaScript switched off: links, forms and pages."""

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from app.models import CheckIn, DoseEvent, Note, Pause, RegimenItem, User
from tests.support.browser import OpenContext, sign_in_browser
from tests.support.people import PASSWORD
from tests.support.set_up import printed_code
from tests.support.site import Site
from tests.system.conftest import TODAY, rows

MOST_CLICKS = 4


@pytest.fixture
def context(open_context: OpenContext, site: Site, person: User) -> BrowserContext:
    """Alice's phone, which runs no scripts."""
    context = open_context(java_script_enabled=False)
    sign_in_browser(context, site, person)
    return context


def test_the_first_dose_is_four_clicks_from_the_link(site: Site, open_context: OpenContext) -> None:
    page = open_context(java_script_enabled=False).new_page()
    code = printed_code(site.engine, site.clock.now)
    page.goto(f"/set-up#{code}")
    page.get_by_label("Set-up code").fill(code)
    page.get_by_label("Name").fill("Alice")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    clicks = [
        page.get_by_role("button", name="Continue"),
        page.locator("a.set").nth(1),
        page.get_by_role("button", name="Add to my regimen"),
        page.locator("button.check").first,
    ]
    for each in clicks:
        each.click()
    assert len(clicks) <= MOST_CLICKS
    expect(page.locator("[data-status=taken]")).to_have_count(1)
    assert len(rows(site.engine, DoseEvent)) == 1


@pytest.mark.usefixtures("items")
def test_doses_are_taken_halved_skipped_with_a_reason_and_taken_back(
    page: Page, site: Site
) -> None:
    page.goto("/")
    page.get_by_role("button", name="Take all 2").click()
    expect(page.locator("#group-morning [data-status=taken]")).to_have_count(2)
    unfold(page)
    page.get_by_role("link", name="Open Finasteride").click()
    page.get_by_role("button", name="Undo").click()
    expect(dose(page, "Finasteride")).to_have_attribute("data-status", "waiting")
    dose(page, "Finasteride").locator(".dose__text").click()
    page.locator(".chip", has_text="Forgot").click()
    page.get_by_role("button", name="Skip this dose").click()
    expect(dose(page, "Finasteride")).to_have_attribute("data-status", "skipped")
    unfold(page)
    dose(page, "Minoxidil").locator(".dose__text").click()
    page.get_by_role("radio", name="Half").check()
    page.get_by_role("button", name="Save", exact=True).click()
    answers = {(e.status.value, e.amount, e.reason) for e in rows(site.engine, DoseEvent)}
    assert ("taken", 0.5, None) in answers
    assert any(status == "skipped" and reason for status, _, reason in answers)
    unfold(page)
    dose(page, "Minoxidil").locator(".dose__text").click()
    page.get_by_role("button", name="Undo").click()
    expect(dose(page, "Minoxidil")).to_have_attribute("data-status", "waiting")
    assert len(rows(site.engine, DoseEvent)) == 1


@pytest.mark.usefixtures("items")
def test_a_day_is_written_down(page: Page, site: Site) -> None:
    page.goto("/")
    page.get_by_role("group", name="Mood").locator("label").nth(3).click()
    page.locator("#check-in").get_by_role("button", name="Save").click()
    expect(page.get_by_role("group", name="Mood").get_by_role("radio").nth(3)).to_be_checked()
    assert [row.mood for row in rows(site.engine, CheckIn)] == [4]
    page.get_by_role("textbox", name="Note").fill("A quiet day")
    page.get_by_role("button", name="Save note").click()
    page.get_by_role("link", name="Life event").click()
    page.locator(".chip", has_text="Haircut").click()
    page.get_by_role("button", name="Save").click()
    assert len(rows(site.engine, Note)) == 2
    page.goto("/notes")
    page.get_by_role("searchbox").fill("quiet")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".note-list li")).to_have_count(1)


@pytest.mark.usefixtures("items")
def test_the_regimen_is_changed_paused_and_stopped(page: Page, site: Site) -> None:
    page.goto("/regimen")
    page.get_by_role("link", name="Finasteride").click()
    page.get_by_role("link", name="Change dose").click()
    page.locator("#field-amount").fill("0,5")
    page.get_by_role("button", name="Save change").click()
    expect(page.locator("main")).to_contain_text("0.5 mg")
    page.get_by_role("link", name="Pause", exact=True).click()
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    assert [row.starts_on for row in rows(site.engine, Pause)] == [TODAY]
    page.get_by_role("button", name="Resume").click()
    page.get_by_role("link", name="Stop", exact=True).click()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("heading", name="Finasteride", level=1)).to_be_visible()
    last_days = {row.name: row.ends_on for row in rows(site.engine, RegimenItem)}
    assert last_days == {"Finasteride": TODAY, "Minoxidil": None}


@pytest.mark.usefixtures("items")
def test_the_log_is_taken_along_and_one_signs_out(page: Page) -> None:
    page.goto("/export")
    page.get_by_text("Single files").click()
    with page.expect_download() as download:
        page.locator("main a[href*='.csv'], main form[action*='.csv'] button").first.click()
    assert download.value.path().read_text(encoding="utf-8-sig") != ""
    page.goto("/settings")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/sign-in")
    page.goto("/")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.locator("li.dose")).to_have_count(0)


def unfold(page: Page) -> None:
    """Open the group that folded once all of it was answered."""
    page.locator("#group-morning > summary").click()


def dose(page: Page, name: str) -> Locator:
    """The first dose of an item."""
    return page.locator("li.dose").filter(has_text=name).first
