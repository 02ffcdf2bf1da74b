"""Rows of a form that are added at once: ingredients, times, steps and other amounts."""

from datetime import time

from playwright.sync_api import Page, expect

from app.models import DosageTime, Ingredient, Medicine, RegimenItem
from tests.support.browser import go_to
from tests.support.site import Site
from tests.system.conftest import TODAY, rows


def add_row(page: Page, name: str) -> None:
    """Press a button that adds a row, once its element is there."""
    page.wait_for_function("!!customElements.get('more-rows')")
    page.get_by_role("button", name=name, exact=True).click()


def test_ingredients_are_added_at_once_and_saved(page: Page, site: Site) -> None:
    go_to(page, "/regimen/new?catalogue_id=zinc")
    page.locator("summary", has_text="Label").click()
    shown = page.locator("[name=label_substance]").count()
    for number, name in enumerate(["Zinc", "Selenium", "Copper", "Iodine"]):
        if number >= shown:
            add_row(page, "Add another ingredient")
            expect(page.locator("[name=label_mass]").nth(number)).to_be_focused()
        page.locator("[name=label_mass]").nth(number).fill(str(number + 1))
        page.locator("[name=label_substance]").nth(number).fill(name)
    expect(page.locator("[name=label_mass]").first).to_have_value("1")
    ids = page.locator("more-rows [id]").evaluate_all("all => all.map(each => each.id)")
    assert len(ids) == len(set(ids))
    expect(page.get_by_role("group", name="Ingredient 4")).to_be_visible()
    page.locator("[name=amount]").fill("1")
    page.get_by_role("button", name="Add to regimen").click()
    page.wait_for_url("**/")

    assert [row.substance for row in rows(site.engine, Ingredient)][-1] == "iodine"


def test_times_and_other_amounts_are_added_at_once_and_keep_their_days(
    page: Page, site: Site
) -> None:
    go_to(page, "/regimen/new?catalogue_id=zinc")
    page.locator("[name=amount]").fill("10")
    page.locator("[name=times]").first.fill("08:00")
    page.get_by_text("Other amounts at some times or on some days").click()
    own = page.locator(".own-line")
    own.first.locator("[name=times]").fill("20:00")
    own.first.locator("[name=amounts]").fill("5")
    own.first.get_by_label("Sunday").check(force=True)
    add_row(page, "Add another")
    own.nth(1).locator("[name=times]").fill("21:00")
    own.nth(1).locator("[name=amounts]").fill("7")
    own.nth(1).get_by_label("Monday").check(force=True)
    add_row(page, "Add a time")
    page.get_by_label("Time 2", exact=True).fill("12:00")
    page.get_by_role("button", name="Add to regimen").click()
    page.wait_for_url("**/")

    lines = {(row.at, row.amount, row.days_of_week) for row in rows(site.engine, DosageTime)}
    assert lines == {
        (time(8), 10, "1234567"),
        (time(12), 10, "1234567"),
        (time(20), 5, "7"),
        (time(21), 7, "1"),
    }


def test_a_set_a_medicine_and_a_taper_are_given_more_rows(page: Page, site: Site) -> None:
    go_to(page, "/regimen/sets/classic")
    item = page.locator("li.pick", has_text="Finasteride")
    page.wait_for_function("!!customElements.get('more-rows')")
    item.get_by_role("button", name="Add a time").click()
    item.get_by_label("Time 2").fill("20:00")
    page.get_by_role("button", name="Add to my regimen").click()
    page.wait_for_url("**/")
    finasteride = rows(site.engine, RegimenItem)[0]
    assert sorted(row.at for row in rows(site.engine, DosageTime))[1:3] == [time(8), time(20)]

    go_to(page, "/regimen/medicines/new")
    page.get_by_label("Name").fill("Levothyroxine")
    page.get_by_label("Time 1").fill("07:00")
    add_row(page, "Add a time")
    page.get_by_label("Time 2").fill("19:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("07:00 and 19:00")).to_be_visible()
    assert [row.times for row in rows(site.engine, Medicine)] == [(time(7), time(19))]

    go_to(page, f"/regimen/{finasteride.id}/taper")
    add_row(page, "Add a step")
    expect(page.get_by_label("Step 3 from")).to_be_focused()
    expect(page.get_by_label("Step 1 from")).to_have_value(str(TODAY))
