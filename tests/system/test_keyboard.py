"""Today with the keyboard alone: everything can be reached, seen, done and left again."""

import pytest
from playwright.sync_api import Locator, Page, expect

from app.models import CheckIn, DoseEvent, RegimenItem
from tests.support.browser import go_to
from tests.support.site import Site
from tests.system.conftest import rows, until

pytestmark = pytest.mark.usefixtures("items")
MOST_STOPS = 60


def test_the_first_stop_leads_past_the_navigation(page: Page) -> None:
    go_to(page, "/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.locator("#main").evaluate("(main) => main.contains(document.activeElement)")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_dose_is_logged_and_taken_back_by_keys(key: str, page: Page, site: Site) -> None:
    go_to(page, "/")
    circle = page.get_by_role("button", name="Take Finasteride")
    tab_to(page, circle)
    assert outline_of(circle) >= 2
    page.keyboard.press(key)
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    undo = page.get_by_role("status").get_by_role("button", name="Undo")
    tab_to(page, undo)
    page.keyboard.press(key)
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "waiting")
    until(lambda: rows(site.engine, DoseEvent) == [])


def test_focus_stays_where_it_was_when_the_page_brings_itself_up_to_date(page: Page) -> None:
    go_to(page, "/")
    circle = page.get_by_role("button", name="Take Finasteride")
    circle.focus()
    with page.expect_response(lambda answer: answer.request.method == "GET"):
        page.keyboard.press("Enter")
    expect(page.locator("html:not(:has([data-waiting]))")).to_be_attached()
    expect(page.get_by_role("link", name="Open Finasteride")).to_be_focused()


def test_a_sheet_takes_the_focus_keeps_it_and_gives_it_back(page: Page) -> None:
    go_to(page, "/")
    opener = row_of(page, "Finasteride").locator(".dose__text")
    tab_to(page, opener)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Finasteride")
    expect(dialog).to_be_visible()
    for _ in range(MOST_STOPS // 2):
        assert is_inside(dialog), "the focus left the sheet"
        page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


# The store is busy until `letGo()`; `painted` has the answers that are painted meanwhile.
HOLD_THE_STORE = """async (first) => {
  const own = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "checked")
  self.painted = []
  for (const radio of first.form.elements[first.name]) {
    const set = (isOn) => {
      if (isOn) self.painted.push(radio.value)
      own.set.call(radio, isOn)
    }
    Object.defineProperty(radio, "checked", { get: () => own.get.call(radio), set })
  }
  const database = await new Promise((resolve) => {
    indexedDB.open("strand", 1).onsuccess = ({ target }) => resolve(target.result)
  })
  const store = database.transaction("entries", "readwrite").objectStore("entries")
  let isHeld = true
  self.letGo = () => { isHeld = false }
  const hold = () => { if (isHeld) store.get(0).onsuccess = hold }
  hold()
}"""


def test_a_scale_is_answered_by_arrow_keys(page: Page, site: Site) -> None:
    go_to(page, "/")
    mood = page.get_by_role("group", name="Mood").get_by_role("radio")
    tab_to(page, mood.first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(mood.nth(2)).to_be_checked()
    expect(mood.nth(2)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    # Each press is an entry of its own: what the first answer acknowledges is not the last.
    until(lambda: [each.mood for each in rows(site.engine, CheckIn)] == [2])
    page.reload()
    expect(mood.nth(1)).to_be_checked()


def test_an_answer_changed_before_it_is_stored_is_not_put_back(page: Page, site: Site) -> None:
    go_to(page, "/")
    mood = page.get_by_role("group", name="Mood").get_by_role("radio")
    mood.first.evaluate(HOLD_THE_STORE)
    tab_to(page, mood.first)
    for key in ("Space", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    page.evaluate("self.letGo()")
    until(lambda: [each.mood for each in rows(site.engine, CheckIn)] == [3])
    expect(page.get_by_role("group", name="Mood")).not_to_have_attribute("data-waiting", "")
    assert set(page.evaluate("self.painted")) <= {"3"}


def test_the_key_l_opens_the_log_but_not_while_somebody_types(page: Page) -> None:
    go_to(page, "/")
    words = page.get_by_role("textbox", name="Note")
    words.focus()
    page.keyboard.type("l L")
    expect(page.locator("dialog")).to_be_hidden()
    expect(words).to_have_value("l L")
    words.fill("")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("Control+l")
    expect(page.locator("dialog")).to_be_hidden()
    page.keyboard.press("l")
    expect(page.get_by_role("dialog", name="Log something")).to_be_visible()
    page.keyboard.press("l")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()


def test_the_key_l_can_be_switched_off(page: Page) -> None:
    go_to(page, "/settings")
    page.get_by_role("switch", name="Keyboard shortcut").press("Space")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    go_to(page, "/")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("l")
    page.get_by_role("link", name="Log", exact=True).focus()
    page.keyboard.press("l")
    expect(page.locator("[aria-keyshortcuts], key-shortcuts, kbd")).to_have_count(0)
    expect(page.locator("dialog")).to_be_hidden()


def test_an_item_is_added_by_keys(page: Page, site: Site) -> None:
    go_to(page, "/regimen/new")
    search = page.get_by_role("searchbox")
    tab_to(page, search)
    page.keyboard.type("vitamin d")
    found = page.locator("#results").get_by_role("link", name="Vitamin D3")
    expect(page.locator("[data-words]:visible")).to_have_count(1)
    tab_to(page, found)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Vitamin D3")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Add to regimen"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Vitamin D3")
    assert "Vitamin D3" in {item.name for item in rows(site.engine, RegimenItem)}


def row_of(page: Page, name: str) -> Locator:
    """The first dose of an item."""
    return page.locator("li.dose").filter(has_text=name).first


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus."""
    for _ in range(MOST_STOPS):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {wanted}")


def is_inside(dialog: Locator) -> bool:
    """Whether the focus is in a dialog, or on the browser's own parts."""
    inside: bool = dialog.evaluate(
        "(dialog) => document.activeElement === document.body ||"
        " dialog.contains(document.activeElement)"
    )
    return inside


def outline_of(element: Locator) -> float:
    """How thick the outline round an element is."""
    width: float = element.evaluate(
        "(element) => parseFloat(getComputedStyle(element).outlineWidth)"
    )
    return width
