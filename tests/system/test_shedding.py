"""Counting hairs in a real browser: the minute, the numbers, by keys and without a script."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from app.models import SheddingCount, User
from tests.support.browser import OpenContext, at_time, go_to, sign_in_browser
from tests.support.site import Site
from tests.support.watch import Watch
from tests.system.conftest import TODAY, rows, until
from tests.system.test_keyboard import tab_to

ADDRESS = f"/days/{TODAY}/shedding/sixty_second"
INVALID = "422 (Unprocessable"
TONES = """
window.tones = 0
const start = OscillatorNode.prototype.start
OscillatorNode.prototype.start = function (...when) { window.tones += 1; start.apply(this, when) }
window.buzzes = []
navigator.vibrate = (pattern) => window.buzzes.push(pattern)
"""
LOCKS = """
window.locks = []
if (navigator.wakeLock) navigator.wakeLock.request = async () => {
  const lock = new EventTarget()
  lock.isHeld = true
  lock.release = async () => { lock.isHeld = false; lock.dispatchEvent(new Event("release")) }
  window.locks.push(lock)
  return lock
}
"""


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page that writes down what would be heard, felt and kept alight."""
    page = context.new_page()
    page.add_init_script(TONES + LOCKS)
    go_to(page, ADDRESS)
    expect(page.locator("comb-timer")).to_have_attribute("data-state", "ready")
    return page


def test_the_minute_runs_and_leads_to_the_result(page: Page, site: Site) -> None:
    expect(page.get_by_role("heading", name="Three mornings, one minute each")).to_be_visible()
    page.get_by_role("link", name="Start timer").click()
    expect(page.get_by_role("heading", name="Comb, back to front")).to_be_visible()
    expect(page.get_by_role("heading", name="Three mornings")).to_be_hidden()
    expect(said(page)).to_have_text("Started. One minute.")
    page.clock.run_for(37_000)
    expect(page.locator("[data-elapsed]")).to_have_text("00:37")
    expect(page.get_by_role("timer")).to_contain_text("23 seconds to go")
    assert page.evaluate("locks.filter(({ isHeld }) => isHeld).length") == 1
    page.clock.run_for(24_000)
    expect(said(page)).to_have_text("The minute is over. Stop combing and count.")
    expect(field(page)).to_be_visible()
    expect(page.locator("#result")).to_be_focused()
    assert page.evaluate("[tones, buzzes.length, locks.some(({ isHeld }) => isHeld)]") == [
        *(3, 1, False)
    ]

    for _ in range(3):
        page.get_by_role("button", name="One more").click()
    page.get_by_role("button", name="One fewer").click()
    expect(field(page)).to_have_value("2")
    field(page).fill("12")
    expect(page.locator("[data-mean]")).to_have_text("12")
    page.locator(".segment", has_text="1").first.click()
    page.get_by_role("button", name="Save this count").click()
    page.wait_for_url("**/shedding?method=sixty_second")
    expect(page.locator(".latest")).to_contain_text("12 hairs in 60 s")
    (row,) = rows(site.engine, SheddingCount)
    assert (row.hairs, row.days_since_wash, row.run) == (12, 1, 1)


def test_a_tab_that_slept_is_right_when_it_wakes(page: Page, site: Site) -> None:
    start(page)
    hide(page)
    # The clock goes on, and not one timer runs.
    page.context.clock.set_system_time(site.clock.now + timedelta(seconds=45))
    show(page)
    expect(page.get_by_role("timer")).to_contain_text("00:4")
    hide(page)
    page.context.clock.set_system_time(site.clock.now + timedelta(seconds=90))
    show(page)
    expect(said(page)).to_contain_text("The minute is over")
    expect(field(page)).to_be_visible()


def test_a_pause_stops_the_minute_and_the_screen_may_sleep(page: Page) -> None:
    start(page)
    page.clock.run_for(20_000)
    page.get_by_role("button", name="Pause").click()
    elapsed = page.locator("[data-elapsed]").text_content() or ""
    page.clock.run_for(120_000)
    expect(page.locator("[data-elapsed]")).to_have_text(elapsed)
    expect(said(page)).to_have_text("Paused.")
    assert not page.evaluate("locks.some(({ isHeld }) => isHeld)")
    page.get_by_role("button", name="Continue").click()
    page.clock.run_for(41_000)
    expect(field(page)).to_be_visible()


def test_leaving_the_step_stops_it_without_a_sound(page: Page) -> None:
    start(page)
    page.clock.run_for(5_000)
    page.get_by_role("link", name="Back to get ready").locator("visible=true").click()
    page.clock.run_for(120_000)
    expect(page.get_by_role("heading", name="Three mornings")).to_be_visible()
    expect(page.locator("comb-timer")).to_have_attribute("data-state", "ready")
    assert page.evaluate("[tones, locks.some(({ isHeld }) => isHeld)]") == [0, False]
    start(page)
    expect(page.locator("[data-elapsed]")).to_have_text("00:00")


def test_sound_that_was_switched_off_stays_off(page: Page) -> None:
    page.goto(f"{ADDRESS}#comb")
    page.get_by_role("button", name="Sound on").click()
    page.reload()
    expect(page.locator("comb-timer")).to_have_attribute("data-state", "ready")
    expect(page.get_by_role("button", name="Sound off")).to_be_visible()
    page.get_by_role("button", name="Start", exact=True).click()
    page.clock.run_for(61_000)
    expect(field(page)).to_be_visible()
    assert page.evaluate("[tones, buzzes.length]") == [0, 1]


def test_what_is_being_timed_or_counted_is_not_swapped_away(page: Page) -> None:
    start(page)
    expect(page.locator("comb-timer")).to_have_attribute("data-busy", "")
    page.clock.run_for(61_000)
    expect(page.locator("comb-timer")).not_to_have_attribute("data-busy", "")
    page.get_by_role("button", name="One more").click()
    expect(page.locator("count-set")).to_have_attribute("data-busy", "")


def test_it_is_all_done_by_keys(page: Page, site: Site) -> None:
    tab_to(page, page.get_by_role("link", name="Start timer"))
    page.keyboard.press("Enter")
    expect(page.locator("#comb")).to_be_focused()
    pause = page.get_by_role("button", name="Pause")
    tab_to(page, pause)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Continue")).to_be_focused()
    page.keyboard.press("Space")
    page.clock.run_for(61_000)
    expect(page.locator("#result")).to_be_focused()
    tab_to(page, page.get_by_role("button", name="One more"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Save this count"))
    page.keyboard.press("Enter")
    until(lambda: [row.hairs for row in rows(site.engine, SheddingCount)] == [1])


def test_an_earlier_morning_goes_along_only_where_it_was_changed(page: Page, site: Site) -> None:
    for day, hairs in enumerate((12, 9)):
        save(page, site, day, hairs)
    at_time(page, site, site.clock.now + timedelta(days=1))
    go_to(page, f"/days/{TODAY + timedelta(days=2)}/shedding/sixty_second#result")
    expect(page.locator("[data-mean]")).to_have_text("10.5")
    page.get_by_label("Morning 1").fill("13")
    page.get_by_label("Morning 3").fill("14")
    expect(page.locator("[data-mean]")).to_have_text("12")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.get_by_role("button", name="Save this set").click()
    page.wait_for_url("**/shedding?method=sixty_second")
    until(lambda: hairs_of(site) == [13, 9, 14])
    posted = [name for data in sent for name in re.findall(r"hairs-([\d-]+)-1=", data)]
    assert posted == [str(TODAY), str(TODAY + timedelta(days=2))]


def test_what_the_server_refuses_stays_on_the_page(page: Page, site: Site, watch: Watch) -> None:
    watch.allow(INVALID)
    page.goto(f"{ADDRESS}#result")
    expect(page.locator("outbox-form:defined")).to_be_attached()
    field(page).fill("1,5")
    page.get_by_role("button", name="Save this count").click()
    expect(page.get_by_role("alert")).to_have_text("Enter a whole number from 0 to 5,000.")
    expect(field(page)).to_have_value("1,5")
    assert rows(site.engine, SheddingCount) == []


def test_without_a_script_any_clock_will_do(
    open_context: OpenContext, site: Site, person: User, watch: Watch
) -> None:
    watch.allow(INVALID)
    context = open_context(java_script_enabled=False)
    sign_in_browser(context, site, person)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Hairs shed").click()
    page.get_by_role("link", name="Start timer").click()
    expect(page.get_by_text("Use any clock that shows seconds")).to_be_visible()
    expect(page.get_by_role("timer")).to_be_hidden()
    page.get_by_role("link", name="Enter count").click()
    expect(page.get_by_role("button", name="One more")).to_be_hidden()
    field(page).fill("many")
    page.get_by_role("button", name="Save this count").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a whole number from 0 to 5,000.")
    expect(field(page)).to_have_value("many")
    field(page).fill("0")
    page.get_by_role("button", name="Save this count").click()
    expect(page.locator(".latest")).to_contain_text("0 hairs in 60 s")
    assert hairs_of(site) == [0]

    page.get_by_role("link", name="Mon 23 0 hairs in 60 s on 23 November, change").click()
    page.get_by_role("button", name="Delete this count").click()
    expect(page.get_by_role("heading", name="No counts yet")).to_be_visible()
    page.goto(f"/days/{TODAY}/shedding/picture")
    page.locator(".bundle", has_text="a strand").click()
    page.get_by_role("button", name="Save this count").click()
    assert [row.score for row in rows(site.engine, SheddingCount)] == [4]


def start(page: Page) -> None:
    """Start the minute."""
    page.get_by_role("link", name="Start timer").click()
    expect(page.locator("comb-timer")).to_have_attribute("data-state", "running")


def save(page: Page, site: Site, day: int, hairs: int) -> None:
    """Enter the count of a morning, on that morning."""
    if day:
        at_time(page, site, site.clock.now + timedelta(days=1))
    go_to(page, f"/days/{TODAY + timedelta(days=day)}/shedding/sixty_second#result")
    expect(page.locator("outbox-form:defined")).to_be_attached()
    page.locator("[data-own] input").fill(str(hairs))
    page.get_by_role("button", name="Save this").click()
    page.wait_for_url("**/shedding?method=sixty_second")
    until(lambda: len(rows(site.engine, SheddingCount)) == day + 1)


def hairs_of(site: Site) -> list[int | None]:
    """The counts, by day."""
    counts = sorted(rows(site.engine, SheddingCount), key=lambda row: row.on)
    return [row.hairs for row in counts]


def field(page: Page) -> Locator:
    """The number of the day's own count."""
    return page.locator("[data-own] input")


def said(page: Page) -> Locator:
    """What a screen reader is told."""
    return page.locator("[data-said]")


def hide(page: Page) -> None:
    """Put the tab into the background."""
    turn(page, is_hidden=True)


def show(page: Page) -> None:
    """Bring the tab back."""
    turn(page, is_hidden=False)


def turn(page: Page, *, is_hidden: bool) -> None:
    """Let the page believe that it is hidden, or seen again."""
    page.evaluate(
        """(isHidden) => {
          Object.defineProperty(document, "hidden", { get: () => isHidden, configurable: true })
          document.dispatchEvent(new Event("visibilitychange"))
        }""",
        is_hidden,
    )
