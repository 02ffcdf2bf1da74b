"""A page that follows the server never takes away what is typed on it, nor says what is past."""

import pytest
from playwright.sync_api import Page, expect

from app.models import DoseEvent, User
from tests.support.browser import OpenContext, go_to, sign_in_browser
from tests.support.site import Site
from tests.support.watch import Watch
from tests.system.conftest import rows, until

pytestmark = pytest.mark.usefixtures("items")

OFFLINE = "ERR_INTERNET_DISCONNECTED"
UNPROCESSABLE = "422 (Unprocessable"


def test_a_note_that_is_not_saved_yet_outlives_a_tick(page: Page, site: Site) -> None:
    go_to(page, "/")
    note = page.get_by_role("textbox", name="Note")
    note.fill("Slept badly")
    note.blur()
    page.get_by_role("button", name="Take Finasteride").click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_load_state("networkidle")
    expect(note).to_have_value("Slept badly")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator(".note-line")).to_contain_text("Slept badly")
    expect(note).to_have_value("")


def test_a_form_with_a_mistake_is_never_fetched_again(page: Page, watch: Watch) -> None:
    watch.allow(UNPROCESSABLE)
    go_to(page, "/regimen/new")
    page.get_by_role("button", name="Add an item of my own").click()
    page.get_by_role("textbox", name="Name").fill("Zinc gum")
    page.get_by_role("button", name="Add to regimen").click()
    expect(page.get_by_role("alert").first).to_contain_text("Enter how much one dose is.")
    expect(page.locator("main[data-busy]")).to_have_count(1)
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Zinc gum")


def test_what_comes_next_is_not_said_of_a_dose_that_was_taken_offline(
    page: Page, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    go_to(page, "/")
    about = page.locator("[data-about]")
    expect(about.first).to_be_visible()
    page.context.set_offline(True)
    for name, left in [("Finasteride", 2), ("Minoxidil", 1), ("Minoxidil", 0)]:
        page.get_by_role("button", name=f"Take {name}").first.click()
        # The circle gives way to a tick once the dose is stored.
        expect(page.locator("button.check:visible")).to_have_count(left)
    expect(page.locator("[data-about]:visible")).to_have_count(0)


@pytest.mark.parametrize("is_scripted", [True, False])
def test_back_from_an_own_item_is_its_form_again(
    open_context: OpenContext, site: Site, person: User, is_scripted: bool
) -> None:
    context = open_context(java_script_enabled=is_scripted)
    sign_in_browser(context, site, person)
    page = context.new_page()
    page.goto("/regimen/new")
    page.get_by_role("searchbox").fill("Nettle tea")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add “Nettle tea” as my own item").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Nettle tea")
    page.locator("[name=amount]").fill("1")
    page.get_by_role("button", name="Add to regimen").click()
    expect(page.get_by_text("Nettle tea").first).to_be_visible()

    page.go_back()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Nettle tea")
    page.go_back()
    expect(page.get_by_role("searchbox")).to_be_visible()
