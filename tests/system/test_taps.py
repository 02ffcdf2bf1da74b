"""A tap does what it says: it never erases, and what is shown afterwards is what the server has."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect

from app.db import reading, writing
from app.models import DoseEvent, RegimenItem, User
from tests.support.browser import (
    DESKTOP,
    PHONE,
    SIDEWAYS,
    SMALLEST,
    OpenContext,
    go_to,
    sign_in_browser,
)
from tests.support.regimens import add, daily
from tests.support.site import Site
from tests.system.conftest import TODAY, Year, choose, rows, until
from tests.system.pages import Finder
from tests.system.test_outbox_online import circle, row_of

pytestmark = pytest.mark.usefixtures("items")

YESTERDAY = TODAY - timedelta(days=1)
A_SECOND_TAP_MS = 600
APART_PX = 8


def tick(page: Page, name: str) -> Locator:
    """The circle of a dose that is answered."""
    return row_of(page, name).locator("a.check")


def is_sent(page: Page) -> None:
    """Nothing waits, and the page is the server's own again."""
    expect(page.locator("html:not(:has([data-waiting], [data-shown]))")).to_be_attached()


@pytest.mark.parametrize("on", [TODAY, YESTERDAY])
@pytest.mark.parametrize("is_large", [False, True])
def test_a_tap_on_a_tick_opens_the_sheet_and_keeps_the_dose(
    page: Page, site: Site, person: User, on: object, is_large: bool
) -> None:
    choose(site, person, is_large=is_large)
    go_to(page, f"/days/{on}")
    circle(page, "Finasteride").click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    (before,) = rows(site.engine, DoseEvent)
    page.clock.run_for(A_SECOND_TAP_MS)
    tick(page, "Finasteride").click()
    sheet = page.get_by_role("dialog", name="Finasteride")
    expect(sheet.get_by_role("button", name="Undo")).to_be_in_viewport()
    assert rows(site.engine, DoseEvent) == [before]
    sheet.get_by_role("button", name="Undo").click()
    expect(sheet).to_be_hidden()
    until(lambda: rows(site.engine, DoseEvent) == [])
    expect(circle(page, "Finasteride")).to_be_visible()


def test_a_tap_on_a_skipped_dose_keeps_its_reason(page: Page, site: Site) -> None:
    go_to(page, "/")
    row_of(page, "Finasteride").locator(".dose__text").click()
    page.get_by_role("dialog").get_by_text("Travel").click()
    page.get_by_role("dialog").get_by_role("button", name="Skip").click()
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "skipped")
    tick(page, "Finasteride").click()
    expect(page.get_by_role("dialog").get_by_role("radio", name="Travel")).to_be_checked()
    assert [event.reason for event in rows(site.engine, DoseEvent)] == ["travel"]


def test_the_servers_words_take_the_place_of_the_phones_at_once(page: Page, site: Site) -> None:
    go_to(page, f"/days/{YESTERDAY}")
    for _dose in range(3):
        page.locator("button.check:visible").first.click()
        page.clock.run_for(A_SECOND_TAP_MS)
    until(lambda: len(rows(site.engine, DoseEvent)) == 3)
    is_sent(page)
    expect(page.locator("[data-when]").first).to_have_text("taken, filled in later")
    expect(page.locator("[data-remaining]")).to_have_text("All answered")


@pytest.mark.parametrize(
    ("choice", "typed", "said", "is_less"),
    [
        ("Half", None, "0.5 mL", True),
        ("Double", None, "2 mL", False),
        ("Other", "0,25", "0,25 mL", True),
        ("Other", "3", "3 mL", False),
    ],
)
def test_what_was_taken_is_said_by_its_real_amount(
    page: Page, site: Site, choice: str, typed: str | None, said: str, is_less: bool
) -> None:
    go_to(page, "/")
    row = row_of(page, "Minoxidil")
    row.locator(".dose__text").click()
    sheet = page.get_by_role("dialog", name="Minoxidil")
    sheet.get_by_role("group", name="Amount").get_by_role("radio", name=choice).check()
    if typed:
        sheet.get_by_label("How much").fill(typed)
    # The phone's own words, before the server is heard.
    page.route("**/doses", lambda route: None)
    sheet.get_by_role("button", name="Taken", exact=True).click()
    expect(sheet).to_be_hidden()
    expect(page.locator("undo-toast")).to_contain_text(f"Minoxidil, {said} taken")
    expect(row.locator("[data-amount]")).to_have_text(said)
    assert (row.get_attribute("data-part") is not None) == is_less
    ring = page.locator(".week-strip [aria-current] .pip[data-less]")
    expect(ring).to_have_count(int(is_less))
    page.unroute("**/doses")
    page.reload()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    go_to(page, "/")
    expect(row.locator("[data-amount]")).to_have_text(said.replace(",", "."))
    assert (row.get_attribute("data-part") is not None) == is_less
    half = row.locator("a.check .check__half")
    expect(half).to_have_css("display", "inline" if is_less else "none")
    expect(ring).to_have_count(int(is_less))


def test_a_change_of_a_dose_is_said_and_cannot_be_undone_into_nothing(
    page: Page, site: Site
) -> None:
    go_to(page, "/")
    circle(page, "Finasteride").click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    is_sent(page)
    page.clock.run_for(A_SECOND_TAP_MS)
    tick(page, "Finasteride").click()
    sheet = page.get_by_role("dialog", name="Finasteride")
    sheet.get_by_label("Note").fill("with breakfast")
    sheet.get_by_role("button", name="Save").click()
    expect(page.locator("undo-toast")).to_be_visible()
    expect(page.locator("undo-toast button")).to_be_hidden()
    until(lambda: [each.note for each in rows(site.engine, DoseEvent)] == ["with breakfast"])


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("size", [SMALLEST, PHONE, SIDEWAYS, DESKTOP])
def test_the_offer_to_undo_lies_clear_of_every_circle(
    page: Page, site: Site, person: User, size: ViewportSize, is_large: bool
) -> None:
    choose(site, person, is_large=is_large)
    with writing(site.engine) as session:
        for number in range(12):
            add(session, person, f"Magnesium L-threonate {number}", daily((time(8), 667)))
    page.set_viewport_size(size)
    go_to(page, "/")
    page.get_by_role("button", name="Take Magnesium").nth(1).click()
    toast = page.locator("undo-toast")
    expect(toast).to_be_visible()
    for scrolled in range(0, 1200, 37):
        page.evaluate("(top) => scrollTo({ top, behavior: 'instant' })", scrolled)
        overlap = page.evaluate(
            """(apart) => {
              const toast = document.querySelector("undo-toast").getBoundingClientRect()
              return [...document.querySelectorAll(".check")].some((each) => {
                const { left, right, top, bottom, width } = each.getBoundingClientRect()
                return width && left < toast.right + apart && right > toast.left - apart &&
                  top < toast.bottom + apart && bottom > toast.top - apart
              })
            }""",
            APART_PX,
        )
        assert not overlap, f"scrolled by {scrolled}"
    box, undo = toast.bounding_box(), toast.get_by_role("button").bounding_box()
    assert box is not None
    assert undo is not None
    # One line, with Undo at its start.
    assert box["height"] < 2 * undo["height"]
    assert undo["x"] - box["x"] < APART_PX
    name = toast.locator(".toast__text").inner_text()
    assert name.startswith("Magnesium L-threonate")


def test_back_closes_a_sheet_and_forward_opens_it_again(page: Page) -> None:
    go_to(page, "/regimen")
    go_to(page, "/")
    row_of(page, "Finasteride").locator(".dose__text").click()
    sheet = page.get_by_role("dialog", name="Finasteride")
    expect(sheet).to_be_visible()
    page.go_back()
    expect(sheet).to_be_hidden()
    expect(page).to_have_url("/")
    page.go_forward()
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.wait_for_function("() => !history.state")
    page.go_back()
    expect(page).to_have_url("/regimen")


def test_back_from_a_sheet_on_a_sheet_returns_to_the_first(page: Page) -> None:
    go_to(page, "/")
    page.get_by_role("link", name="Log", exact=True).first.click()
    log = page.get_by_role("dialog", name="Log something")
    log.get_by_role("link", name="Dose").click()
    expect(page.get_by_role("dialog", name="Log a dose")).to_be_visible()
    page.go_back()
    expect(log).to_be_visible()
    log.get_by_role("link", name="Dose").click()
    second = page.get_by_role("dialog", name="Log a dose")
    second.get_by_role("link", name="Close").click()
    expect(page.locator("dialog")).to_be_hidden()
    page.wait_for_function("() => !history.state")
    expect(page).to_have_url("/")


@pytest.mark.parametrize(
    ("page_of", "opener", "title"),
    [
        ("Minoxidil", "Pause", "Pause Minoxidil"),
        ("Minoxidil", "Stop", "Stop Minoxidil"),
        ("Magnesium L-threonate", "Change", "Pause Magnesium L-threonate"),
        ("Biotin", "Restart", "Restart Biotin"),
        ("Minoxidil/edit", "Delete this item and its doses", "Delete Minoxidil"),
        ("a photo", "Delete photo", "Delete this photo?"),
    ],
)
def test_a_sheet_about_an_item_or_a_photo_closes_like_any_other(
    year_context: BrowserContext, year: Year, page_of: str, opener: str, title: str
) -> None:
    with reading(year.site.engine) as session:
        find = Finder(session, year.person)
        name, _, rest = page_of.partition("/")
        address = find.photo() if name == "a photo" else f"{find.item(name)}/{rest}".rstrip("/")
    page = year_context.new_page()
    go_to(page, address)
    link = page.get_by_role("link", name=opener, exact=True).first
    sheet = page.get_by_role("dialog", name=title)
    ways_out: tuple[Callable[[], object], ...] = (
        lambda: sheet.get_by_role("link", name="Close").click(),
        page.go_back,
        lambda: page.keyboard.press("Escape"),
    )
    for leave in ways_out:
        link.click()
        expect(sheet).to_be_visible()
        leave()
        expect(sheet).to_be_hidden()
        page.wait_for_function("() => !history.state")
        expect(page).to_have_url(address)


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_sheet_is_pulled_down_by_its_head_and_keeps_its_head(
    open_context: OpenContext, site: Site, person: User, motion: str
) -> None:
    context = open_context(reduced_motion=motion, viewport=SMALLEST)
    sign_in_browser(context, site, person)
    page = context.new_page()
    go_to(page, "/")
    page.get_by_role("link", name="All questions").click()
    sheet = page.locator("dialog")
    expect(sheet).to_be_visible()
    page.wait_for_timeout(400)
    sheet.evaluate("(sheet) => sheet.scrollTo(0, sheet.scrollHeight)")
    close = sheet.get_by_role("link", name="Close")
    expect(close).to_be_in_viewport()
    pull(page, sheet, 40)
    expect(sheet).to_be_visible()
    pull(page, sheet, 200)
    expect(sheet).to_be_hidden()


def pull(page: Page, sheet: Locator, down: int) -> None:
    """Take a sheet by its head, and let go of it so far below, slowly."""
    box = sheet.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 12
    page.mouse.move(x, y)
    page.mouse.down()
    for part in range(1, 9):
        page.mouse.move(x, y + down * part / 8)
        page.wait_for_timeout(25)
    page.mouse.up()


def test_the_ring_of_the_week_follows_what_waits(
    context: BrowserContext, page: Page, items: dict[str, RegimenItem]
) -> None:
    page.route("**/doses", lambda route: None)
    go_to(page, "/")
    circle(page, "Finasteride").click()
    pip = page.locator(".week-strip [aria-current] .pip__value")
    expect(pip).to_have_attribute("stroke-dasharray", "33.3 100")
    page.reload()
    expect(pip).to_have_attribute("stroke-dasharray", "33.3 100")


def test_a_group_folds_with_the_next_page_and_never_under_the_finger(
    page: Page, site: Site
) -> None:
    go_to(page, "/")
    evening = circle(page, "Minoxidil").last
    page.get_by_role("button", name="Take all 2").click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 2)
    group = page.locator("details#group-morning")
    expect(group).to_have_attribute("open", "")
    is_sent(page)
    tops = page.locator(".check:visible").evaluate_all(
        "(circles) => circles.map((each) => Math.round(each.getBoundingClientRect().top))"
    )
    assert len(tops) == 3
    go_to(page, "/")
    expect(group).not_to_have_attribute("open", "")
    expect(group.locator("summary")).to_contain_text("2 of 2, 21:4")
    expect(evening).to_be_in_viewport()
    group.locator("summary").click()
    expect(tick(page, "Finasteride")).to_be_visible()


@pytest.mark.parametrize("is_large", [False, True])
def test_the_next_open_circle_is_on_screen_however_much_is_done(
    page: Page, site: Site, person: User, is_large: bool
) -> None:
    choose(site, person, is_large=is_large)
    with writing(site.engine) as session:
        for number in range(8):
            add(session, person, f"Zinc {number}", daily((time(8), 15)))
    go_to(page, "/")
    page.get_by_role("button", name="Take all 10").click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 10)
    go_to(page, "/")
    expect(page.locator("button.check:visible").first).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("is_large", [False, True])
def test_a_sideways_finger_turns_the_day(
    open_context: OpenContext, site: Site, person: User, is_large: bool
) -> None:
    choose(site, person, is_large=is_large)
    context = open_context(has_touch=True, is_mobile=True)
    sign_in_browser(context, site, person)
    page = context.new_page()
    go_to(page, "/")
    swipe(page, 300, 80)
    expect(page).to_have_url(f"/days/{TODAY + timedelta(days=1)}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tomorrow")
    page.wait_for_function("() => customElements.get('swipe-pages')")
    swipe(page, 80, 300)
    expect(page).to_have_url(f"/days/{TODAY}")
    page.wait_for_function("() => customElements.get('swipe-pages')")
    swipe(page, 80, 300)
    expect(page.get_by_role("heading", level=1)).to_have_text("Yesterday")


def swipe(page: Page, start: int, end: int) -> None:
    """Draw a finger sideways over the head of the page."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, x: int | None) -> None:
        points = [] if x is None else [{"x": x, "y": 240}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", start)
    for part in range(1, 9):
        touch("touchMove", start + (end - start) * part // 8)
    touch("touchEnd", None)
