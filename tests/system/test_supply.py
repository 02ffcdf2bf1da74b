"""The supply in a browser: its sheets, without a network too, and what the page says afterwards."""

import pytest
from playwright.sync_api import Page, expect

from app.domain.supply import SupplyKind
from app.models import RegimenItem, SupplyEntry
from tests.support.browser import go_to
from tests.support.site import Site
from tests.support.watch import Watch
from tests.system.conftest import rows, until


@pytest.fixture
def item_page(page: Page, items: dict[str, RegimenItem]) -> Page:
    """The page of minoxidil."""
    go_to(page, f"/regimen/{items['minoxidil'].id}")
    return page


def add_pack(page: Page, amount: str) -> None:
    """Open the sheet, type how much is in a pack, and save."""
    page.get_by_role("link", name="Add a pack").click()
    page.get_by_label("In one pack").fill(amount)
    page.get_by_role("button", name="Add to the supply").click()


def test_a_pack_a_count_and_a_deletion_show_at_once(item_page: Page, site: Site) -> None:
    card = item_page.locator("#supply")
    add_pack(item_page, "60")
    expect(card).to_contain_text("30 days left")
    item_page.get_by_role("link", name="Count again").click()
    item_page.get_by_role("textbox", name="How much").fill("7.5")
    item_page.get_by_role("button", name="Save").click()
    expect(card).to_contain_text("Counted: 7.5")
    expect(card.locator(".supply__figure")).to_have_attribute("data-low", "")
    card.get_by_role("link", name="Counted: 7.5").click()
    item_page.get_by_role("button", name="Delete").click()
    expect(item_page.get_by_text("Deleted from the supply.")).to_be_visible()
    expect(card).to_contain_text("30 days left")
    assert [each.kind for each in rows(site.engine, SupplyEntry)] == [SupplyKind.PACK]


def test_a_pack_typed_without_a_network_is_saved_once_later(
    item_page: Page, site: Site, watch: Watch
) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED")
    item_page.get_by_role("link", name="Add a pack").click()
    item_page.get_by_label("In one pack").fill("60")
    item_page.context.set_offline(True)
    item_page.get_by_role("button", name="Add to the supply").click()
    expect(item_page.locator("outbox-status")).to_contain_text("1 waiting")
    assert rows(site.engine, SupplyEntry) == []
    item_page.context.set_offline(False)
    until(lambda: len(rows(site.engine, SupplyEntry)) == 1)
    expect(item_page.locator("outbox-status")).to_be_hidden()
    (entry,) = rows(site.engine, SupplyEntry)
    assert entry.amount == 60


def test_ordered_packs_arrive_at_a_touch(item_page: Page, site: Site) -> None:
    add_pack(item_page, "60")
    item_page.get_by_role("link", name="Add a pack").click()
    item_page.get_by_role("radio", name="On its way").check()
    item_page.get_by_role("button", name="Add to the supply").click()
    item_page.get_by_role("button", name="It has arrived").click()
    expect(item_page.locator("#supply")).to_contain_text("60 days left")
    until(lambda: all(each.at for each in rows(site.engine, SupplyEntry)))


def test_what_was_bought_is_ticked_on_the_list(
    item_page: Page, site: Site, items: dict[str, RegimenItem]
) -> None:
    add_pack(item_page, "10")
    expect(item_page.locator("#supply")).to_contain_text("5 days left")
    go_to(item_page, "/regimen/shopping")
    item_page.get_by_role("link", name="Bought: Minoxidil").click()
    expect(item_page.get_by_label("Packs")).to_have_value("6")
    item_page.get_by_role("button", name="Add to the supply").click()
    expect(item_page.get_by_text("Nothing to buy")).to_be_visible()
