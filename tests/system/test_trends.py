"""Charts answer to a finger, a mouse and the arrow keys; without any of them nothing is missing."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.support.browser import OpenContext, go_to, sign_in_browser
from tests.system.conftest import Year

# 18 to 24 May: 97%; 28 Sep to 4 Oct: 97 %.
DAYS_OF_A_WEEK = re.compile(r"^\d+[\w ]* to \d+ \w+( \d{4})?: \d+\s?%$")


@pytest.fixture
def page(year_context: BrowserContext) -> Page:
    return year_context.new_page()


def chart_of(page: Page, name: str) -> Locator:
    return page.locator(f'chart-readout[data-label^="{name}"]')


def numbers_of(page: Page, table: str, column: int) -> list[str]:
    """What the table beneath says, oldest first: "Mon 23 Nov: 4"."""
    found: list[list[str]] = page.locator(f"#{table} tbody tr").evaluate_all(
        "(rows, column) => rows.map((row) =>"
        " [row.cells[0].textContent, row.cells[column + 1].textContent])",
        column,
    )
    return [f"{name}: {value}" for name, value in found if value]


def test_the_arrow_keys_read_the_values_of_the_table_in_order(page: Page) -> None:
    go_to(page, "/trends/3-months")
    chart = chart_of(page, "Mood")
    readout = chart.locator(".readout")
    expected = numbers_of(page, "felt-table", 2)

    chart.focus()
    page.keyboard.press("Home")
    expect(readout).to_have_text(expected[0])
    page.keyboard.press("ArrowRight")
    expect(readout).to_have_text(expected[1])
    page.keyboard.press("End")
    expect(readout).to_have_text(expected[-1])
    page.keyboard.press("ArrowLeft")
    expect(readout).to_have_text(expected[-2])
    page.keyboard.press("Escape")
    expect(readout).to_be_hidden()


def test_a_mouse_reads_the_point_that_is_nearest(page: Page) -> None:
    go_to(page, "/trends/3-months")
    chart = chart_of(page, "Mood")
    chart.scroll_into_view_if_needed()
    box = chart.locator(".plot").bounding_box()
    assert box is not None
    expected = numbers_of(page, "felt-table", 2)

    page.mouse.move(box["x"] + 1, box["y"] + 20)
    expect(chart.locator(".readout")).to_have_text(expected[0])
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + 20)
    expect(chart.locator(".readout")).to_have_text(expected[-1])
    page.mouse.move(5, 5)
    expect(chart.locator(".readout")).to_be_hidden()


def test_the_readout_stays_within_its_chart(page: Page) -> None:
    go_to(page, "/trends/year")
    chart = chart_of(page, "Mood")
    chart.focus()
    for key in ("Home", "End"):
        page.keyboard.press(key)
        expect(chart.locator(".readout")).to_be_visible()
        outer = chart.bounding_box()
        inner = chart.locator(".readout").bounding_box()
        assert outer is not None
        assert inner is not None
        assert inner["x"] >= outer["x"] - 1
        assert inner["x"] + inner["width"] <= outer["x"] + outer["width"] + 1


def test_squares_of_days_are_read_too(page: Page) -> None:
    go_to(page, "/trends/3-months")
    chart = chart_of(page, "Doses by day")
    chart.focus()
    page.keyboard.press("End")
    expect(chart.locator(".readout")).to_have_text(re.compile(r"^23 Nov 2026: "))
    page.keyboard.press("ArrowLeft")
    expect(chart.locator(".readout")).to_have_text(re.compile(r"^22 Nov 2026: (all|part|none)"))


def test_shades_of_weeks_are_read_too(page: Page) -> None:
    go_to(page, "/trends/all")
    chart = chart_of(page, "Doses by week")
    chart.focus()
    page.keyboard.press("Home")
    expect(chart.locator(".readout")).to_have_text(DAYS_OF_A_WEEK)


def test_what_a_tap_reads_stays_until_the_next_tap(open_context: OpenContext, year: Year) -> None:
    context = open_context(has_touch=True, is_mobile=True)
    sign_in_browser(context, year.site, year.person)
    page = context.new_page()
    go_to(page, "/trends/year")
    chart = chart_of(page, "60-second count")
    readout = chart.locator(".readout")
    chart.locator(".plot").tap(position={"x": 80, "y": 40})
    expect(readout).to_have_text(re.compile(r"^[\w ]+ to [\w ]+: [\d.]+ hairs, 3 mornings$"))
    first = readout.inner_text()
    page.mouse.wheel(0, 40)
    expect(readout).to_have_text(first)
    chart.locator(".plot").tap(position={"x": 220, "y": 40})
    expect(readout).not_to_have_text(first)
    page.locator("h1").tap()
    expect(readout).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390, 900, 1280])
@pytest.mark.parametrize("address", ["/trends/year", "/trends/all", "/shedding"])
def test_the_signs_above_a_chart_never_overlap(page: Page, width: int, address: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    go_to(page, address)
    for chart in page.locator(".flagged").all():
        for lane in chart.locator(":scope > .flags").all():
            boxes = lane.evaluate(
                "(lane) => { const own = lane.href ? document.querySelector(lane.href.baseVal)"
                " : lane; if (getComputedStyle(lane).display === 'none') return [];"
                " const width = lane.ownerSVGElement.getBoundingClientRect().width;"
                " return [...own.querySelectorAll('.flag')].map((flag) => {"
                " const x = parseFloat(flag.getAttribute('x')) / 100 * width;"
                " const half = flag.querySelector('rect').getAttribute('width') / 2;"
                " return [x - half, x + half] }) }"
            )
            for (_left, right), (left, _right) in pairwise(boxes):
                assert right <= left


def test_a_finger_swipes_from_week_to_week(open_context: OpenContext, year: Year) -> None:
    context = open_context(has_touch=True, is_mobile=True)
    sign_in_browser(context, year.site, year.person)
    page = context.new_page()
    go_to(page, "/trends/2026-W47")
    swipe(page, 120, 300)
    page.wait_for_url("**/trends/2026-W46")
    page.wait_for_load_state("networkidle")
    swipe(page, 300, 120)
    page.wait_for_url("**/trends/2026-W47")


def test_a_finger_that_scrolls_or_reads_a_chart_does_not_turn_the_page(
    open_context: OpenContext, year: Year
) -> None:
    context = open_context(has_touch=True, is_mobile=True)
    sign_in_browser(context, year.site, year.person)
    page = context.new_page()
    go_to(page, "/trends/2026-W47")
    swipe(page, 200, 240, up=200)
    chart = chart_of(page, "Mood")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    swipe(page, 120, 300, y=box["y"] + box["height"] / 2)
    page.wait_for_timeout(200)
    assert page.url.endswith("/trends/2026-W47")


def swipe(page: Page, start: float, end: float, *, y: float = 320, up: float = 0) -> None:
    """A finger across the screen, as a touch screen reports it."""
    session = page.context.new_cdp_session(page)
    steps = 6

    def touch(kind: str, points: list[dict[str, float]]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", [{"x": start, "y": y}])
    for step in range(1, steps + 1):
        place = {"x": start + (end - start) * step / steps, "y": y - up * step / steps}
        touch("touchMove", [place])
    touch("touchEnd", [])


@pytest.mark.parametrize("span", ["", "/3-months", "/year", "/all"])
def test_without_script_the_page_is_complete(
    open_context: OpenContext, year: Year, span: str
) -> None:
    context = open_context(java_script_enabled=False)
    sign_in_browser(context, year.site, year.person)
    page = context.new_page()
    page.goto(f"/trends{span}")

    assert page.locator(".plot__dots").count() >= 3
    summaries = page.get_by_text("Show as a table")
    for place in range(summaries.count()):
        summaries.nth(place).click()
    for table in page.locator(".table--data").all():
        expect(table).to_be_visible()


def test_in_print_everything_is_shown_and_nothing_to_press(page: Page) -> None:
    go_to(page, "/trends/3-months")
    page.emulate_media(media="print")

    expect(page.locator(".nav")).to_be_hidden()
    expect(page.locator(".tabs")).to_be_hidden()
    expect(page.locator(".chart-foot").first).to_be_hidden()
    for part in (".plot", ".heatmap", ".marks", ".key-figure", "#doses-table", "#felt-table"):
        expect(page.locator(part).first).to_be_visible()


def test_nothing_shifts_after_the_first_paint(page: Page) -> None:
    page.add_init_script(
        "self.shift = 0; new PerformanceObserver((list) => {"
        " for (const entry of list.getEntries()) self.shift += entry.value"
        "}).observe({ type: 'layout-shift', buffered: true })"
    )
    go_to(page, "/trends/year")
    page.wait_for_timeout(300)

    assert page.evaluate("() => self.shift") < 0.005


def test_the_sets_of_counts_are_read_by_the_arrow_keys(page: Page) -> None:
    go_to(page, "/shedding")
    chart = chart_of(page, "Sets of counts")
    told = chart.locator("[data-text]").evaluate_all("(dots) => dots.map((d) => d.dataset.text)")
    assert len(told) > 1

    chart.focus()
    page.keyboard.press("End")
    expect(chart.locator(".readout")).to_have_text(told[-1])
    page.keyboard.press("ArrowLeft")
    expect(chart.locator(".readout")).to_have_text(told[-2])
