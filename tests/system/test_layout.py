"""Layout on other screens: a phone held sideways, a desktop, large text, dark colours."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from tests.support.browser import (
    DESKTOP,
    PHONE,
    SIDEWAYS,
    SMALLEST,
    OpenContext,
    go_to,
    sign_in_browser,
)
from tests.support.looks import text_enlarged
from tests.system.conftest import Year
from tests.system.pages import TODAY

GAP = 16
BOX = "(element) => { const { x, y, width, height } = element.getBoundingClientRect(); "
BOX += "return [x, y, width, height] }"
# Luminance of what an element is painted with; a canvas turns any notation into bytes.
LUMINANCE = """(element) => {
  const canvas = document.createElement("canvas").getContext("2d")
  canvas.fillStyle = getComputedStyle(element).backgroundColor
  canvas.fillRect(0, 0, 1, 1)
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}"""
OVERLAPS = """(boxes) => {
  const places = boxes.map((each) => each.getBoundingClientRect())
  return places.flatMap((one, place) => places.slice(place + 1).filter((other) =>
    one.left < other.right - 1 && other.left < one.right - 1 &&
    one.top < other.bottom - 1 && other.top < one.bottom - 1)).length
}"""


def box(page: Page, selector: str) -> tuple[float, float, float, float]:
    """Where the first such element is: left, top, width and height in pixels."""
    left, top, width, height = page.locator(selector).first.evaluate(BOX)
    return left, top, width, height


def test_a_phone_held_sideways_has_a_rail_and_three_doses_on_the_screen(
    year_context: BrowserContext,
) -> None:
    page = year_context.new_page()
    page.set_viewport_size(SIDEWAYS)
    go_to(page, "/")
    left, top, width, height = box(page, ".nav")
    assert (left, top, height) == (0, 0, SIDEWAYS["height"])
    assert width < 100
    doses = page.locator(".dose").evaluate_all(f"(all) => all.map({BOX})")
    in_view = [top for _left, top, _width, height in doses if top + height <= SIDEWAYS["height"]]
    assert len(in_view) >= 3


@pytest.mark.parametrize("size", [SIDEWAYS, DESKTOP, {"width": 740, "height": 360}])
def test_the_days_of_a_week_lie_beside_a_long_title(
    size: ViewportSize, year_context: BrowserContext
) -> None:
    page = year_context.new_page()
    page.set_viewport_size(size)
    go_to(page, f"/days/{TODAY - timedelta(days=5)}")
    parts = page.locator("main h1, .corner, .week-strip__day, .week-strip__step:visible")
    assert parts.evaluate_all(OVERLAPS) == 0


def test_nothing_lies_over_the_minute_of_a_comb_count(year_context: BrowserContext) -> None:
    page = year_context.new_page()
    for size in (SIDEWAYS, PHONE):
        page.set_viewport_size(size)
        go_to(page, f"/days/{TODAY}/shedding/sixty_second#comb")
        assert page.locator(".nav").is_visible()
        page.get_by_role("button", name="Start").click()
        assert not page.locator(".nav").is_visible()
        _left, top, _width, height = box(page, ".timer__ring")
        assert top + height <= size["height"]
        page.reload()


@pytest.mark.parametrize("path", ["/regimen", "/regimen/totals", "/about", "/settings"])
def test_a_page_on_a_desktop_uses_its_width(path: str, year_context: BrowserContext) -> None:
    page = year_context.new_page()
    page.set_viewport_size(DESKTOP)
    go_to(page, path)
    cards = page.locator("main .card").evaluate_all(f"(all) => all.map({BOX})")
    assert len({round(left) for left, *_rest in cards}) > 1
    assert max(left + width for left, _top, width, _height in cards) > 1100


def test_a_form_on_a_desktop_is_in_the_middle(year_context: BrowserContext) -> None:
    page = year_context.new_page()
    page.set_viewport_size(DESKTOP)
    go_to(page, "/settings/check-in")
    left, _top, width, _height = box(page, "main form")
    page_left, _top, page_width, _height = box(page, ".page")
    assert abs((left + width / 2) - (page_left + page_width / 2)) < 10


def test_large_text_lays_no_answer_over_another(year_context: BrowserContext) -> None:
    page = year_context.new_page()
    go_to(page, "/")
    page.locator("#group-evening .dose a.dose__text").first.click()
    page.locator("dialog[open] .segment").first.wait_for()
    with text_enlarged(page, 200):
        labels = page.locator("dialog[open] .segment__label")
        assert labels.evaluate_all(OVERLAPS) == 0
        spilt = "(all) => all.filter((each) => each.scrollWidth > each.clientWidth + 1).length"
        assert labels.evaluate_all(spilt) == 0


@pytest.mark.parametrize("path", ["/", "/regimen", "/settings"])
def test_a_page_keeps_its_height_while_it_is_scrolled(
    path: str, year_context: BrowserContext
) -> None:
    page = year_context.new_page()
    go_to(page, path)
    height = page.evaluate("document.documentElement.scrollHeight")
    page.evaluate("scrollTo({ top: 1e6, behavior: 'instant' })")
    assert page.evaluate("document.documentElement.scrollHeight") == height


def test_a_chevron_stays_beside_its_words_with_large_text(year_context: BrowserContext) -> None:
    page = year_context.new_page()
    go_to(page, "/regimen")
    with text_enlarged(page, 200):
        rows = page.locator(".row:has(> .row__end > .icon:only-child)")
        ends = rows.evaluate_all(
            "(rows) => rows.map((row) => row.lastElementChild.getBoundingClientRect().left"
            " >= row.querySelector('.row__text').getBoundingClientRect().right)"
        )
    assert ends
    assert all(ends)


def test_what_can_be_pressed_is_lighter_than_its_card_in_the_dark(
    year_context: BrowserContext,
) -> None:
    page = year_context.new_page()
    page.emulate_media(color_scheme="dark")
    go_to(page, f"/days/{TODAY}/log")
    card = page.locator(".sheet-page").evaluate(LUMINANCE)
    assert page.locator(".sheet-page .icon-button").first.evaluate(LUMINANCE) > card
    go_to(page, "/trends")
    trough, lifted = ".tabs", ".tabs [aria-current]"
    difference = page.locator(lifted).evaluate(LUMINANCE) - page.locator(trough).evaluate(LUMINANCE)
    assert difference > 15


def test_a_title_is_not_broken_by_large_text(year_context: BrowserContext) -> None:
    page = year_context.new_page()
    page.set_viewport_size(SMALLEST)
    for path in ("/", "/calendar", "/regimen", "/settings"):
        go_to(page, path)
        with text_enlarged(page, 200):
            lines = page.locator("h1").first.evaluate(
                "(title) => { const range = document.createRange(); "
                "range.selectNodeContents(title); return range.getClientRects().length }"
            )
        title = page.locator("h1").first.inner_text()
        assert lines <= len(re.split(r"\s+", title)), title


@pytest.mark.parametrize("size", [PHONE, SIDEWAYS, DESKTOP])
def test_the_question_about_another_zone_covers_nothing(
    size: ViewportSize, open_context: OpenContext, year: Year
) -> None:
    context = open_context(timezone_id="Asia/Tokyo", viewport=size)
    sign_in_browser(context, year.site, year.person)
    page = context.new_page()
    go_to(page, "/")
    question = page.locator("zone-check")
    expect(question).to_contain_text("Tokyo")
    _left, top, _width, height = box(page, "zone-check")
    assert all(
        box(page, under)[1] >= top + height - 1 for under in ("main h1", "main .dose", ".corner")
    )
    question.get_by_role("button", name="Not now").click()
    expect(question).to_be_hidden()


def test_key_figures_leave_no_hole_on_the_smallest_screen(year_context: BrowserContext) -> None:
    page = year_context.new_page()
    page.set_viewport_size(SMALLEST)
    go_to(page, "/trends")
    cards = page.locator(".key-figure").evaluate_all(f"(all) => all.map({BOX})")
    last_row = [each for each in cards if each[1] == cards[-1][1]]
    assert sum(width for _left, _top, width, _height in last_row) > 250


@pytest.mark.parametrize("size", [SMALLEST, PHONE, SIDEWAYS, DESKTOP])
@pytest.mark.parametrize(
    ("path", "tiles"),
    [(f"/days/{TODAY}/photos/new", ".photo-slot"), (f"/days/{TODAY}/log", ".log-tile")],
)
def test_tiles_leave_no_hole(
    size: ViewportSize, path: str, tiles: str, year_context: BrowserContext
) -> None:
    page = year_context.new_page()
    page.set_viewport_size(size)
    go_to(page, path)
    places = page.locator(tiles).evaluate_all(f"(all) => all.map({BOX})")
    right = max(left + width for left, _top, width, _height in places)
    last_row = [left + width for left, top, width, _height in places if top == places[-1][1]]
    assert right - max(last_row) < 1


def test_photos_on_a_desktop_stand_beside_what_was_measured(year_context: BrowserContext) -> None:
    page = year_context.new_page()
    page.set_viewport_size(DESKTOP)
    go_to(page, "/photos?view=vertex")
    _left, top, _width, height = box(page, ".photo-page__next")
    assert box(page, "#reviews")[1] - (top + height) < 2 * GAP
    lead, measured = box(page, ".shot--lead"), box(page, "#reviews")
    assert measured[0] > lead[0] + lead[2]
    _left, below, _width, _height = box(page, ".photo-page__rest")
    assert below - max(lead[1] + lead[3], measured[1] + measured[3]) < 3 * GAP
    older = page.locator(".photo-page__rest .shot").evaluate_all(f"(all) => all.map({BOX})")
    assert len({top for _left, top, _width, _height in older}) == 1


def test_the_number_of_a_source_is_among_its_words(year_context: BrowserContext) -> None:
    page = year_context.new_page()
    page.set_viewport_size(DESKTOP)
    go_to(page, "/about/sources")
    link = page.locator(".source .link").first
    line = page.locator(".source p").first
    assert link.evaluate("(link) => link.getBoundingClientRect().height") < GAP * 1.5
    places = page.locator(".source").evaluate_all(f"(all) => all.map({BOX})")
    assert len({round(left) for left, *_rest in places}) == 2
    assert line.evaluate("(line) => line.getBoundingClientRect().height") < GAP * 3


def test_fields_side_by_side_begin_on_one_line(year_context: BrowserContext) -> None:
    page = year_context.new_page()
    go_to(page, f"/days/{TODAY}/measurements/new")
    upper, lower = (box(page, f"[name={name}]") for name in ("systolic", "diastolic"))
    assert upper[1] == lower[1]
    go_to(page, "/settings/check-in")
    own = page.locator("[name=own]").evaluate_all(f"(all) => all.map({BOX})")
    gaps = [below[1] - (above[1] + above[3]) for above, below in pairwise(own)]
    assert min(gaps) >= 8


def test_what_is_typed_is_marked_in_the_names_found(year_context: BrowserContext) -> None:
    page = year_context.new_page()
    go_to(page, "/regimen/new")
    page.get_by_role("searchbox").fill("vit d")
    marked = page.evaluate("[...CSS.highlights.get('found')].map(String)")
    assert {"Vit", "D"} <= set(marked)
    page.get_by_role("searchbox").fill("")
    assert page.evaluate("CSS.highlights.get('found').size") == 0
