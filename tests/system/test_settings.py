"""Settings in a browser: saved as they change, and honest about what could not be saved."""

from playwright.sync_api import BrowserContext, Page, expect

from app.models import Preferences, User
from tests.support.browser import OpenContext, go_to, sign_in_browser
from tests.support.site import Site
from tests.support.watch import Watch
from tests.system.conftest import choose, rows, until


def test_a_setting_is_saved_as_it_is_changed(page: Page, site: Site) -> None:
    go_to(page, "/settings")
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    page.get_by_role("radio", name="Dark").click()
    theme = page.locator("#row-theme [data-said]")
    expect(theme).to_have_text("Saved")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.get_by_role("switch", name="Discreet").check()
    expect(page.locator("#row-is_discreet [data-said]")).to_have_text("Saved")
    page.get_by_label("Day starts at").select_option("05:00")
    expect(page.locator("#row-day_starts_time [data-said]")).to_have_text("Saved")
    (user,), (chosen,) = rows(site.engine, User), rows(site.engine, Preferences)
    assert (
        chosen.theme.value,
        chosen.is_discreet,
        user.day_starts_time.hour,
    ) == ("dark", True, 5)


def test_a_saved_setting_leaves_alone_what_another_device_changed(
    page: Page, site: Site, person: User
) -> None:
    go_to(page, "/settings")
    choose(site, person, currency="CHF", is_large=True)
    page.get_by_role("radio", name="Light").check()
    expect(page.locator("#row-theme [data-said]")).to_have_text("Saved")
    (chosen,) = rows(site.engine, Preferences)
    assert (chosen.theme.value, chosen.currency, chosen.is_large) == (
        "light",
        "CHF",
        True,
    )


def test_what_is_wrong_is_said_at_the_row_and_stays_to_be_corrected(
    page: Page, site: Site, watch: Watch
) -> None:
    watch.allow("422 (Unprocessable")
    go_to(page, "/settings")
    currency = page.get_by_label("Currency", exact=True)
    currency.evaluate("field => field.removeAttribute('maxlength')")
    currency.fill("nine signs")
    currency.press("Enter")
    expect(page.locator("#row-currency [data-said]")).to_have_text("At most 8 characters.")
    expect(currency).to_have_attribute("aria-invalid", "true")
    currency.fill("CHF")
    currency.press("Enter")
    expect(page.locator("#row-currency [data-said]")).to_have_text("Saved")
    expect(currency).not_to_have_attribute("aria-invalid", "true")
    until(lambda: [each.currency for each in rows(site.engine, Preferences)] == ["CHF"])


def test_a_setting_that_cannot_be_saved_goes_back_and_says_so(
    page: Page, site: Site, watch: Watch
) -> None:
    watch.allow("net::ERR_INTERNET_DISCONNECTED")
    go_to(page, "/settings")
    page.context.set_offline(True)
    discreet = page.get_by_role("switch", name="Discreet")
    discreet.click()
    expect(page.locator("#row-is_discreet [data-said]")).to_contain_text("Not saved: no connection")
    expect(discreet).not_to_be_checked()
    page.get_by_role("radio", name="Dark").click()
    expect(page.locator("#row-theme [data-said]")).to_contain_text("Not saved")
    expect(page.get_by_role("radio", name="System")).to_be_checked()
    page.context.set_offline(False)
    assert not rows(site.engine, Preferences)[0].is_discreet


def test_a_phone_is_not_asked_about_keys(
    open_context: OpenContext, site: Site, person: User
) -> None:
    phone = open_context(has_touch=True, is_mobile=True)
    sign_in_browser(phone, site, person)
    page = phone.new_page()
    go_to(page, "/settings")
    hovers = page.evaluate("matchMedia('(any-hover: hover)').matches")
    expect(page.locator("#row-single_keys")).to_be_visible(visible=hovers)


def test_a_group_is_saved_by_its_button_without_script(
    open_context: OpenContext, site: Site, person: User
) -> None:
    context: BrowserContext = open_context(java_script_enabled=False)
    sign_in_browser(context, site, person)
    page = context.new_page()
    page.goto("/settings")
    page.get_by_label("Week starts on").select_option("Sunday")
    page.get_by_role("region", name="Your day").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert rows(site.engine, Preferences)[0].first_weekday == 7
