"""Logging with a connection: the tap answers at once, and the server has it once and rightly."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Response, Route, expect

from app.db import writing
from app.models import (
    CheckIn,
    DoseEvent,
    EntryVersion,
    Note,
    Preferences,
    RegimenItem,
    SymptomReport,
    User,
)
from tests.support.browser import HOME_NETWORK, OpenContext, go_to, sign_in_browser
from tests.support.clock import NOW
from tests.support.people import PASSWORD, make_user, save
from tests.support.regimens import MORNING, add, daily
from tests.support.site import Site
from tests.support.watch import Watch
from tests.system.conftest import TOAST_MS, TODAY, choose, rows, until

pytestmark = pytest.mark.usefixtures("items")

AT_ONCE_MS = 100
LARGE_PX = 72
WIDE_PX = 500
DOSES = re.compile(r"/regimen/[^/]+/doses$")
LOST = "ERR_CONNECTION_RESET"
UNPROCESSABLE = "422 (Unprocessable"
BROKEN = "500 (Internal Server Error)"
UNAUTHORISED = "401 (Unauthorized)"
NOT_SENT_YET = "outbox-status"

# Milliseconds from a real click to the row's new state; events tell the time unfeigned.
MEASURE = """(row) => {
  let tapped = 0
  row.addEventListener("click", ({ timeStamp }) => { tapped = timeStamp }, true)
  window.__took = new Promise((resolve) => {
    new MutationObserver(() => resolve(new Event("now").timeStamp - tapped))
      .observe(row, { attributes: true, attributeFilter: ["data-status"] })
  })
}"""


def dose_versions(site: Site) -> list[EntryVersion]:
    """What the history says of doses: the items themselves have theirs too."""
    return [each for each in rows(site.engine, EntryVersion) if each.kind == "dose_event"]


def test_a_tap_answers_within_a_tenth_of_a_second(page: Page, site: Site) -> None:
    page.route(DOSES, lambda route: None)  # The network says nothing at all.
    go_to(page, "/")
    row = row_of(page, "Finasteride")
    row.evaluate(MEASURE)
    circle(page, "Finasteride").click()
    took = page.evaluate("() => window.__took")
    assert took < AT_ONCE_MS, f"{took:.0f} ms"
    expect(row).to_have_attribute("data-status", "taken")
    expect(page.locator("[data-remaining]")).to_have_text("Two to go")
    expect(page.locator("[data-ring]")).to_have_attribute("aria-label", "1 of 3 taken")
    expect(page.locator("[data-to-go]")).to_have_text("2")
    assert rows(site.engine, DoseEvent) == []


def test_the_server_has_what_was_tapped_with_its_time_and_its_zone(page: Page, site: Site) -> None:
    go_to(page, "/")
    circle(page, "Finasteride").click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    (event,) = rows(site.engine, DoseEvent)
    assert (event.due_on, event.due_time, event.amount) == (TODAY, MORNING, 1)
    assert event.time_zone == "Europe/Berlin"
    assert abs(event.occurred_at - NOW) < timedelta(minutes=1)
    expect(row_of(page, "Finasteride")).to_contain_text("taken 21:4")
    page.reload()
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")


def test_undo_is_offered_for_six_seconds(page: Page, site: Site) -> None:
    go_to(page, "/")
    circle(page, "Finasteride").click()
    toast = page.locator("undo-toast")
    expect(toast).to_contain_text("Finasteride, 1 mg taken")
    page.clock.run_for(5_000)
    toast.get_by_role("button", name="Undo").click()
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "waiting")
    expect(page.locator("[data-remaining]")).to_have_text("Three to go")
    until(lambda: rows(site.engine, DoseEvent) == [])
    page.clock.run_for(1_000)
    circle(page, "Finasteride").click()
    page.mouse.move(5, 5)
    expect(toast).to_be_visible()
    page.clock.run_for(TOAST_MS)
    expect(toast).to_be_hidden()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)


def test_a_phone_in_german_says_in_german_what_it_knows_alone(
    page: Page, site: Site, person: User, watch: Watch
) -> None:
    watch.allow("net::ERR_INTERNET_DISCONNECTED")
    choose(site, person, language="de")
    go_to(page, "/")
    page.context.set_offline(True)
    page.locator("#main button.check").first.click()
    expect(page.locator("undo-toast")).to_contain_text("genommen")
    expect(page.locator("#main [data-status=taken]")).to_contain_text("genommen um 21:4")
    expect(page.locator("[data-remaining]")).to_have_text("Zwei noch offen")
    expect(page.locator("[data-ring]")).to_have_attribute("aria-label", "1 von 3 genommen")
    page.clock.run_for(1_500)
    expect(page.locator("outbox-status")).to_have_text("Offline: 1 noch nicht gesendet")


def test_take_all_is_one_entry_a_dose_at_one_instant(page: Page, site: Site) -> None:
    go_to(page, "/")
    page.get_by_role("button", name="Take all 2").click()
    expect(page.locator("#group-morning [data-status=taken]")).to_have_count(2)
    expect(page.locator("undo-toast")).to_contain_text("2 doses taken")
    until(lambda: len(rows(site.engine, DoseEvent)) == 2)
    assert len({event.occurred_at for event in rows(site.engine, DoseEvent)}) == 1
    assert len({version.entry_id for version in dose_versions(site)}) == 2
    page.get_by_role("button", name="Undo").click()
    until(lambda: rows(site.engine, DoseEvent) == [])
    expect(page.locator("[data-remaining]")).to_have_text("Three to go")


def test_one_time_for_all_is_chosen_on_a_sheet(page: Page, site: Site) -> None:
    go_to(page, "/")
    page.get_by_role("link", name="Morning: one time for all").click()
    sheet = page.get_by_role("dialog", name="Take all")
    sheet.get_by_label("One time for all").fill("07:10")
    sheet.get_by_role("button", name="Taken").click()
    expect(sheet).to_be_hidden()
    until(lambda: len(rows(site.engine, DoseEvent)) == 2)
    taken_at = {event.occurred_at for event in rows(site.engine, DoseEvent)}
    assert {f"{at:%H:%M}" for at in taken_at} == {"06:10"}


def test_half_a_dose_is_logged_on_its_sheet(page: Page, site: Site) -> None:
    go_to(page, "/")
    row_of(page, "Minoxidil").locator(".dose__text").click()
    sheet = page.get_by_role("dialog", name="Minoxidil")
    sheet.get_by_role("radio", name="Half").check()
    sheet.get_by_label("Note").fill("ran out")
    sheet.get_by_role("button", name="Taken", exact=True).click()
    expect(sheet).to_be_hidden()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    (event,) = rows(site.engine, DoseEvent)
    assert (event.amount, event.note, event.due_time) == (0.5, "ran out", MORNING)
    expect(row_of(page, "Minoxidil")).to_contain_text("ran out")


def test_the_head_of_a_sheet_has_its_cross_beside_the_name_and_undo_beneath(page: Page) -> None:
    go_to(page, "/")
    circle(page, "Finasteride").click()
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")
    row_of(page, "Finasteride").locator(".dose__text").click()
    sheet = page.get_by_role("dialog", name="Finasteride")
    name, cross, undo = (
        box
        for part in ("h1", "[data-close]", "button.undo")
        if (box := sheet.locator(part).bounding_box()) is not None
    )
    assert cross["y"] < name["y"] + name["height"] <= undo["y"]
    assert cross["x"] > name["x"] == undo["x"]


def test_an_answer_of_the_check_in_is_kept_without_a_button(page: Page, site: Site) -> None:
    go_to(page, "/")
    # For good: a button that is only late would shift the page when it came.
    expect(page.locator("#check-in .without-script")).to_have_css("display", "none")
    page.get_by_role("group", name="Headache").locator("label").nth(2).click()
    page.get_by_role("group", name="Mood").locator("label").nth(3).click()
    until(lambda: rows(site.engine, SymptomReport) and rows(site.engine, CheckIn))
    (report,), (check_in,) = rows(site.engine, SymptomReport), rows(site.engine, CheckIn)
    assert (report.symptom, report.severity, check_in.mood) == ("headache", 2, 4)
    page.reload()
    expect(page.get_by_role("group", name="Headache").get_by_role("radio").nth(2)).to_be_checked()
    expect(page.get_by_role("group", name="Mood").get_by_role("radio").nth(3)).to_be_checked()


def test_a_refusal_is_shown_in_the_sheet_which_keeps_what_was_typed(
    page: Page, site: Site, watch: Watch
) -> None:
    watch.allow(UNPROCESSABLE)
    go_to(page, "/")
    row_of(page, "Finasteride").locator(".dose__text").click()
    sheet = page.get_by_role("dialog", name="Finasteride")
    sheet.get_by_role("group", name="Amount").get_by_role("radio", name="Other").check()
    sheet.get_by_label("How much").fill("lots")
    sheet.get_by_label("Note").fill("kept")
    sheet.get_by_role("button", name="Taken", exact=True).click()
    expect(sheet.get_by_role("alert")).not_to_be_empty()
    expect(sheet.get_by_label("How much")).to_have_value("lots")
    expect(sheet.get_by_label("Note")).to_have_value("kept")
    assert rows(site.engine, DoseEvent) == []
    page.clock.run_for(600)
    sheet.get_by_label("How much").fill("0,5")
    sheet.get_by_role("button", name="Taken", exact=True).click()
    expect(sheet).to_be_hidden()
    until(lambda: [event.amount for event in rows(site.engine, DoseEvent)] == [0.5])


def test_a_sheet_closed_while_it_is_saved_leaves_its_page_open(
    year_context: BrowserContext,
) -> None:
    page = year_context.new_page()
    page.route("**/measurements/*", lambda route: None if is_post(route) else route.continue_())
    go_to(page, "/measurements")
    reading = page.locator("main [data-sheet]").first
    sheet = page.get_by_role("dialog")
    reading.click()
    sheet.get_by_role("button", name="Save").click()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.clock.run_for(1_000)
    reading.click()
    expect(sheet).to_be_visible()
    expect(page).to_have_url(re.compile("/measurements$"))


def is_post(route: Route) -> bool:
    return route.request.method == "POST"


def test_a_refused_tap_is_shown_in_the_servers_words_until_discarded(
    page: Page, site: Site, watch: Watch
) -> None:
    watch.allow(UNPROCESSABLE)
    go_to(page, "/")
    page.locator("li.dose input[name=due_on]").evaluate_all(
        "(fields) => { for (const field of fields) field.value = '2026-12-24' }"
    )
    circle(page, "Finasteride").click()
    told = page.locator(NOT_SENT_YET)
    expect(told.get_by_role("button", name="Discard")).to_be_visible()
    expect(told).to_contain_text("Finasteride, 1 mg")
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "waiting")
    told.get_by_role("button", name="Discard").click()
    expect(told).to_be_hidden()
    assert rows(site.engine, DoseEvent) == []


def test_a_lost_reply_leaves_one_row(page: Page, site: Site, watch: Watch) -> None:
    watch.allow(LOST)
    lost: list[str] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.headers["outbox-entry"])
        route.fetch()
        route.abort("connectionreset")

    page.route(DOSES, lose)
    go_to(page, "/")
    sent = answers_of(page)
    circle(page, "Finasteride").click()
    wait_on(page, lambda: sent)
    assert sent[0].headers["outbox-entry"] == lost[0]
    expect(row_of(page, "Finasteride")).not_to_have_attribute("data-waiting", "")
    assert len(rows(site.engine, DoseEvent)) == 1
    assert len(dose_versions(site)) == 1


def test_a_server_that_fails_three_times_is_reported_and_a_retry_fixes_it(
    page: Page, site: Site, watch: Watch
) -> None:
    watch.allow(BROKEN)
    page.route(DOSES, lambda route: route.fulfill(status=500, body="no"))
    go_to(page, "/")
    sent = answers_of(page)
    circle(page, "Finasteride").click()
    told = page.locator(NOT_SENT_YET)
    wait_on(page, lambda: len(sent) >= 3)
    expect(told).to_contain_text("The server failed three times.")
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")
    page.unroute(DOSES)
    told.get_by_role("button", name="Retry").click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    expect(told).to_be_hidden()


def test_two_tabs_show_the_same_and_log_it_once(page: Page, site: Site) -> None:
    go_to(page, "/")
    other = page.context.new_page()
    go_to(other, "/")
    circle(page, "Finasteride").click()
    expect(row_of(other, "Finasteride")).to_have_attribute("data-status", "taken")
    other.get_by_role("button", name="Take all 1").or_(circle(other, "Minoxidil")).first.click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 2)
    expect(row_of(page, "Minoxidil")).to_have_attribute("data-status", "taken")
    assert len(dose_versions(site)) == 2


def test_two_quick_taps_are_one(page: Page, site: Site) -> None:
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.post_data else None)
    go_to(page, "/")
    circle(page, "Finasteride").dblclick()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")
    assert len(posts) == 1


def test_a_tap_before_the_modules_are_there_is_not_lost(page: Page, site: Site) -> None:
    held: list[Route] = []
    is_slow = [True]
    page.route("**/elements/*", lambda route: held.append(route) if is_slow else route.continue_())
    page.goto("/")
    expect(page.locator("html[data-js]")).to_be_attached()
    circle(page, "Finasteride").click()
    wait_on(page, lambda: held)
    assert rows(site.engine, DoseEvent) == []
    is_slow.clear()
    for route in held:
        route.continue_()
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)


def test_without_its_modules_the_page_is_an_ordinary_form(
    page: Page, site: Site, watch: Watch
) -> None:
    watch.allow("ERR_FAILED")
    page.route("**/elements/*", lambda route: route.abort())
    page.goto("/")
    expect(page.locator("html:not([data-js])")).to_be_attached()
    with page.expect_navigation():
        circle(page, "Finasteride").click()
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")
    assert len(rows(site.engine, DoseEvent)) == 1


def test_another_accounts_entries_are_kept_and_neither_sent_nor_shown(
    page: Page, context: BrowserContext, site: Site, person: User, watch: Watch
) -> None:
    watch.allow("ERR_FAILED", UNAUTHORISED)
    page.route(DOSES, lambda route: route.abort())
    go_to(page, "/")
    circle(page, "Finasteride").click()
    expect(row_of(page, "Finasteride")).to_have_attribute("data-waiting", "")
    with writing(site.engine) as session:
        bob = save(session, make_user("Bob"))
        add(session, bob, "Biotin", daily((MORNING, 1)))
    # A tab of Alice's, left open while Bob signs in: the server compares, and refuses.
    sign_in_browser(context, site, bob)
    sent = answers_of(page)
    page.unroute(DOSES)
    wait_on(page, lambda: sent)
    assert sent[0].status == 401
    expect(page.get_by_role("link", name="Sign in to send 1")).to_be_visible()
    bobs = context.new_page()
    go_to(bobs, "/")
    expect(bobs.locator(NOT_SENT_YET)).to_be_hidden()
    circle(bobs, "Biotin").click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    bobs.close()
    sign_in_browser(context, site, person)
    go_to(page, "/")
    until(lambda: len(rows(site.engine, DoseEvent)) == 2)
    assert {event.user_id for event in rows(site.engine, DoseEvent)} == {person.id, bob.id}


def test_a_note_is_kept_from_the_day_and_is_in_its_list(page: Page, site: Site) -> None:
    go_to(page, "/")
    page.get_by_role("textbox", name="Note").fill("A quiet day")
    page.get_by_role("button", name="Save note").click()
    until(lambda: [note.text for note in rows(site.engine, Note)] == ["A quiet day"])
    page.get_by_role("heading", level=1).click()
    expect(page.locator("#notes .note-list")).to_contain_text("A quiet day")


def test_plain_http_on_a_home_network_logs_by_ordinary_forms(
    home_network: BrowserContext, site: Site, person: User
) -> None:
    page = home_network.new_page()
    page.goto("/sign-in")
    expect(page.get_by_text("http", exact=False).first).to_be_attached()
    page.get_by_label("Name").fill("Alice")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    assert page.evaluate("() => isSecureContext") is False
    expect(page.locator("html:not([data-js])")).to_be_attached()
    with page.expect_navigation():
        circle(page, "Finasteride").click()
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")
    page.get_by_role("group", name="Mood").locator("label").nth(3).click()
    page.locator("#check-in").get_by_role("button", name="Save").click()
    expect(page.get_by_role("group", name="Mood").get_by_role("radio").nth(3)).to_be_checked()
    assert len(rows(site.engine, DoseEvent)) == len(rows(site.engine, CheckIn)) == 1


@pytest.fixture
def home_network(site: Site, open_context: OpenContext, watch: Watch) -> BrowserContext:
    """A browser that knows the server by a name of a home network, without encryption."""
    origin = site.origin.replace("localhost", HOME_NETWORK)
    # Chromium says on every page that it heeds this header on https only.
    watch.allow(f"another host: {origin}/", "Cross-Origin-Opener-Policy")
    return open_context(base_url=origin)


def answers_of(page: Page) -> list[Response]:
    """What the server answers from now on to a dose."""
    answers: list[Response] = []
    page.on("response", lambda each: answers.append(each) if DOSES.search(each.url) else None)
    return answers


def wait_on(page: Page, condition: Callable[[], object]) -> None:
    """Let the page's time pass quickly until it has tried again."""
    for _ in range(40):
        if condition():
            return
        page.clock.run_for(2_000)
        page.wait_for_timeout(50)
    raise AssertionError("it was not tried again")


def circle(page: Page, name: str) -> Locator:
    """The button that takes an item's first dose."""
    return page.get_by_role("button", name=f"Take {name}").first


def row_of(page: Page, name: str) -> Locator:
    """The first dose of an item."""
    return page.locator("li.dose").filter(has_text=name).first


@pytest.mark.parametrize(("answer", "taken_at"), [("Move it", "20:41"), ("Leave it", "17:41")])
def test_a_phone_whose_clock_is_hours_behind_is_asked_about(
    context: BrowserContext, page: Page, site: Site, watch: Watch, answer: str, taken_at: str
) -> None:
    watch.allow("409 (Conflict)")
    context.clock.set_system_time(site.clock.now - timedelta(hours=3))
    go_to(page, "/")
    circle(page, "Finasteride").click()
    expect(page.locator("outbox-status")).to_contain_text("3 h behind your server’s")
    assert rows(site.engine, DoseEvent) == []

    page.locator("outbox-status").get_by_role("button", name=answer).click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    (event,) = rows(site.engine, DoseEvent)
    assert event.occurred_at is not None
    assert f"{event.occurred_at:%H:%M}" == taken_at
    expect(page.locator("outbox-status")).to_be_hidden()


def test_a_clock_that_is_minutes_behind_is_corrected_without_a_word(
    context: BrowserContext, page: Page, site: Site
) -> None:
    context.clock.set_system_time(site.clock.now - timedelta(minutes=50))
    go_to(page, "/")
    circle(page, "Finasteride").click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    circle(page, "Minoxidil").click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 2)

    second = max(rows(site.engine, DoseEvent), key=lambda event: event.occurred_at or NOW)
    assert second.occurred_at is not None
    assert abs(second.occurred_at - site.clock.now) < timedelta(minutes=1)


def test_who_is_discreet_reads_no_names_in_notices(page: Page, site: Site, person: User) -> None:
    choose(site, person, is_discreet=True)
    page.route(DOSES, lambda route: None)
    go_to(page, "/")
    expect(page).to_have_title("Strand")
    circle(page, "Finasteride").click()
    expect(page.locator("undo-toast")).to_contain_text("A dose taken")
    page.goto("/waiting")
    expect(page.locator("waiting-list li")).to_contain_text("A dose, taken")
    assert "Finasteride" not in page.locator("body").inner_text()


def test_a_neutral_name_is_what_notices_say(
    page: Page, site: Site, person: User, items: dict[str, RegimenItem]
) -> None:
    choose(site, person, is_discreet=True)
    with writing(site.engine) as session:
        session.get_one(RegimenItem, items["finasteride"].id).neutral_name = "The small one"
        session.commit()
    go_to(page, "/")
    circle(page, "Finasteride").click()
    expect(page.locator("undo-toast")).to_contain_text("The small one taken")
    go_to(page, f"/regimen/{items['finasteride'].id}")
    expect(page).to_have_title("The small one · Strand")


def begin_today(site: Site, person: User) -> None:
    """Let this be the first day of a person's log."""
    with writing(site.engine) as session:
        session.get_one(User, person.id).began_on = TODAY
        session.commit()


def test_a_hint_closes_at_once_and_for_good(page: Page, site: Site, person: User) -> None:
    begin_today(site, person)
    go_to(page, "/")
    hint = page.get_by_text("Tap the circle when you’ve taken it")
    page.get_by_role("button", name="Got it").click()
    expect(hint).to_be_hidden()
    until(lambda: rows(site.engine, Preferences)[0].hints_seen == ("today",))
    go_to(page, "/")
    expect(page.locator("[data-remaining]")).to_be_visible()
    expect(hint).to_be_hidden()


def test_the_hint_goes_after_the_first_tap_and_no_circle_moves(
    page: Page, site: Site, person: User
) -> None:
    begin_today(site, person)
    go_to(page, "/")
    hint = page.get_by_text("Tap the circle when you’ve taken it")
    expect(hint).to_be_visible()
    before = circle(page, "Minoxidil").bounding_box()
    circle(page, "Finasteride").click()
    expect(hint).to_be_hidden()
    assert circle(page, "Minoxidil").bounding_box() == before


def test_reminders_are_offered_after_a_dose_of_the_third_day(page: Page, site: Site) -> None:
    offer = page.get_by_text("Would you like reminders?")
    go_to(page, "/")
    expect(offer).to_be_hidden()
    circle(page, "Finasteride").click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    go_to(page, "/")
    expect(offer).to_be_visible()
    link = page.get_by_role("link", name="Turn on reminders")
    expect(link).to_have_attribute("href", "/reminders")


def test_installing_is_offered_once_after_a_dose_of_a_later_day(
    page: Page, site: Site, person: User
) -> None:
    choose(site, person, hints_seen=("reminders",))
    offer = page.get_by_text("Works offline on your phone")
    go_to(page, "/")
    expect(offer).to_be_hidden()
    circle(page, "Finasteride").click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    go_to(page, "/")
    expect(offer).to_be_visible()
    expect(page.get_by_role("link", name="Show me how")).to_have_attribute("href", "/phone")
    page.get_by_role("button", name="Not now").click()
    expect(offer).to_be_hidden()
    until(lambda: rows(site.engine, Preferences)[0].hints_seen == ("install", "reminders"))
    go_to(page, "/")
    expect(offer).to_be_hidden()


def measures_at_least(part: Locator, width: int, height: int) -> None:
    """The page follows new entries: a part may be gone just when it is asked."""

    def is_large() -> bool:
        box = part.bounding_box()
        return box is not None and box["width"] >= width and box["height"] >= height

    until(is_large)


def test_large_and_simple_is_today_alone(page: Page, site: Site, person: User) -> None:
    choose(site, person, is_large=True)
    go_to(page, "/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Three to go")
    expect(page.get_by_role("navigation")).to_have_count(0)
    circle(page, "Finasteride").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two to go")
    measures_at_least(row_of(page, "Finasteride").locator("a.check"), LARGE_PX, LARGE_PX)
    page.set_viewport_size({"width": 1280, "height": 800})
    measures_at_least(row_of(page, "Finasteride"), WIDE_PX, LARGE_PX)
    page.clock.run_for(TOAST_MS)
    page.get_by_text("Everything else").click()
    page.get_by_role("link", name="Regimen").click()
    expect(page.get_by_role("navigation")).to_be_visible()
