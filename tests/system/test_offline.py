"""The app on a phone in a dead zone: it opens, it logs, and the server has everything once."""

import base64
import json
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Error, FilePayload, Locator, Page, expect
from sqlmodel import delete
from starlette.responses import PlainTextResponse, Response

from app.db import writing
from app.models import (
    CheckIn,
    DoseEvent,
    Note,
    ProgressPhoto,
    RegimenItem,
    SignIn,
    SymptomReport,
    User,
)
from tests.support.phones import Phone
from tests.support.pictures import jpeg
from tests.support.site import Site
from tests.system.conftest import rows, until
from tests.system.test_outbox_online import circle, dose_versions, row_of

pytestmark = pytest.mark.usefixtures("items")
A_WEEK = 7
A_SECOND_TAP_MS = 600


def today_of(site: Site) -> date:
    """The day it is for Alice, whatever hour these tests run at."""
    (alice,) = rows(site.engine, User)
    return alice.today(site.clock.now)


def test_nothing_prevents_installing(own_browser: Phone) -> None:
    page = own_browser.keep()
    session = own_browser.browser.new_cdp_session(page)

    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    told = session.send("Page.getAppManifest")
    assert told["errors"] == []
    manifest = json.loads(told["data"])
    for image in [*manifest["icons"], *manifest["screenshots"]]:
        assert page.request.get(image["src"]).ok
    for shortcut in manifest["shortcuts"]:
        assert page.request.get(shortcut["url"]).ok


def test_the_app_opens_without_a_network_and_logs(own_browser: Phone, site: Site) -> None:
    own_browser.keep()
    own_browser.close()
    own_browser.lose_the_network()
    own_browser.start()
    page = own_browser.open("/")
    circle(page, "Finasteride").click()
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")
    expect(page.locator("outbox-status")).to_contain_text("1 waiting")
    page.reload()
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")
    own_browser.close()
    assert rows(site.engine, DoseEvent) == []

    own_browser.find_the_network()
    own_browser.start()
    page = own_browser.open("/")
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")
    expect(page.locator("outbox-status")).to_be_hidden()


def test_the_forms_of_a_day_open_and_log_without_a_network(phone: Phone, site: Site) -> None:
    page = phone.keep()
    phone.lose_the_network()
    page.goto("/")
    row_of(page, "Minoxidil").first.locator(".dose__text").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Note").fill("in the tunnel")
    sheet.get_by_role("button", name="Taken", exact=True).click()
    expect(sheet).to_be_hidden()
    page.get_by_role("group", name="Mood").get_by_role("radio").nth(3).check(force=True)
    page.get_by_role("group", name="Headache").get_by_role("radio").nth(2).check(force=True)
    words = page.locator("#notes, main").get_by_role("textbox", name="Note").last
    words.fill("A note from below ground")
    words.press("Control+Enter")
    page.locator("form:has(textarea[name=text]) button").last.click()
    phone.find_the_network()

    until(lambda: [each.note for each in rows(site.engine, DoseEvent)] == ["in the tunnel"])
    until(lambda: [each.mood for each in rows(site.engine, CheckIn)] == [4])
    until(lambda: [each.severity for each in rows(site.engine, SymptomReport)] == [2])
    until(lambda: [n.text for n in rows(site.engine, Note)] == ["A note from below ground"])


LET_A_DAY_PASS = """async (now) => {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    const found = await cache.match("/offline/plan")
    if (!found) continue
    const plan = await found.json()
    const first = plan.days.findIndex(({ ends_at }) => ends_at > now)
    plan.days[first].ends_at = now - 1
    await cache.put("/offline/plan", new Response(JSON.stringify(plan)))
  }
}"""


@pytest.mark.parametrize("has_network", [True, False])
def test_a_day_of_the_coming_week_is_there_and_read_only_until_it_begins(
    phone: Phone, site: Site, has_network: bool
) -> None:
    page = phone.keep()
    if not has_network:
        phone.lose_the_network()
    for ahead in range(1, A_WEEK):
        page.goto(f"/days/{today_of(site) + timedelta(days=ahead)}")
        expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "waiting")
        expect(page.locator("#main :is(button, a).check")).to_have_count(0)
        expect(page.get_by_role("button", name="Take all")).to_have_count(0)


def test_a_day_that_began_without_a_network_is_today_and_can_be_logged(
    phone: Phone, site: Site
) -> None:
    page = phone.keep()
    today = today_of(site)
    # A look at a day ahead, with a network, leaves the page that it begins with.
    page.goto(f"/days/{today + timedelta(days=2)}")
    phone.lose_the_network()
    for ahead in (1, 2):
        on = today + timedelta(days=ahead)
        page.evaluate(LET_A_DAY_PASS, 1000 * site.clock.now.timestamp())
        for address in ("/", f"/days/{on}"):
            page.goto(address)
            assert page.evaluate("document.body.dataset.today") == str(on)
        circle(page, "Finasteride").click()
        expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")


def test_a_sheet_of_a_day_that_began_without_a_network_logs_half_and_a_note(
    phone: Phone, site: Site
) -> None:
    page = phone.keep()
    tomorrow = today_of(site) + timedelta(days=1)
    page.goto(f"/days/{tomorrow}")
    sheet = open_sheet(page, "Finasteride")
    # A look at tomorrow's sheet, with a network, leaves the one that tomorrow begins with.
    expect(sheet.get_by_role("button", name="Taken", exact=True)).to_have_count(0)
    phone.lose_the_network()
    page.reload()
    expect(sheet.get_by_role("heading", name="Finasteride")).to_be_visible()
    expect(sheet.get_by_role("button", name="Taken", exact=True)).to_have_count(0)

    page.evaluate(LET_A_DAY_PASS, 1000 * site.clock.now.timestamp())
    page.goto("/")
    sheet = open_sheet(page, "Finasteride")
    sheet.get_by_role("radio", name="Half").check()
    sheet.get_by_label("Note").fill("past midnight, in the tunnel")
    sheet.get_by_role("button", name="Taken", exact=True).click()
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")
    phone.find_the_network()

    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    (event,) = rows(site.engine, DoseEvent)
    assert (event.due_on, event.amount, event.note) == (
        tomorrow,
        0.5,
        "past midnight, in the tunnel",
    )


def open_sheet(page: Page, name: str) -> Locator:
    """Open the sheet of an item's dose."""
    row_of(page, name).first.locator(".dose__text").click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    return sheet


def test_a_page_that_is_not_kept_says_so_and_offers_what_is(phone: Phone) -> None:
    page = phone.keep()
    phone.lose_the_network()
    page.goto("/export")
    expect(page.get_by_role("heading")).to_have_text("This page isn’t saved on this device.")
    page.locator("main").get_by_role("link", name="Regimen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regimen")


def test_what_waits_is_sent_by_the_browser_with_the_app_closed(
    own_browser: Phone, site: Site
) -> None:
    own_browser.browser.grant_permissions(["background-sync"], origin=site.origin)
    page = own_browser.keep()
    own_browser.lose_the_network()
    circle(page, "Finasteride").click()
    expect(page.locator("outbox-status")).to_contain_text("waiting")
    other = own_browser.browser.new_page()
    page.close()
    own_browser.find_the_network()

    until(lambda: len(rows(site.engine, DoseEvent)) == 1, seconds=20)
    assert other.url == "about:blank"


def test_after_signing_out_nothing_personal_is_left_on_the_phone(phone: Phone) -> None:
    page = phone.keep()
    page.evaluate("localStorage.setItem('dose-timer', 'dose/of/hers 1')")
    page.goto("/settings")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert page.evaluate("localStorage.getItem('dose-timer')") is None
    assert page.evaluate("caches.keys().then((names) => names.join(' '))").count("kept-") == 0
    phone.lose_the_network()
    with pytest.raises(Error, match="ERR_"):
        page.goto("/")


def test_a_change_of_the_regimen_is_known_offline_too(phone: Phone, site: Site) -> None:
    page = phone.keep()
    page.goto("/regimen/new?catalogue_id=zinc")
    page.get_by_role("button", name="Add to regimen").click()
    expect(row_of(page, "Zinc")).to_be_visible()
    tomorrow = today_of(site) + timedelta(days=1)
    until(lambda: "Zinc" in kept_text(page, f"/days/{tomorrow}"), seconds=15)
    phone.lose_the_network()
    page.goto(f"/days/{tomorrow}")
    expect(row_of(page, "Zinc")).to_be_visible()


def kept_text(page: Page, path: str) -> str:
    """What the phone has kept of a page."""
    script = "async (path) => (await caches.match(path))?.text() ?? ''"
    text: str = page.evaluate(script, path)
    return text


def test_a_browser_killed_right_after_a_tap_loses_nothing(own_browser: Phone, site: Site) -> None:
    own_browser.keep()
    own_browser.close()
    own_browser.lose_the_network()
    own_browser.start()
    page = own_browser.open("/")
    circle(page, "Finasteride").click()
    expect(row_of(page, "Finasteride")).to_have_attribute("data-waiting", "")
    own_browser.kill()

    own_browser.find_the_network()
    own_browser.start()
    own_browser.open("/")
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)


def test_a_new_version_says_so_and_waits_to_be_asked(phone: Phone, site: Site) -> None:
    page = phone.keep()
    served = site.application.state
    older = served.assets
    try:
        served.assets = replace(older, release="9.9.9")
        page.evaluate("navigator.serviceWorker.ready.then((worker) => worker.update())")
        bar = page.locator("app-worker")
        expect(bar).to_contain_text("A new version is ready.")
        page.evaluate("window.stillHere = true")
        page.wait_for_timeout(500)
        assert page.evaluate("window.stillHere")
        with page.expect_navigation():
            bar.get_by_role("button", name="Reload").click()
        expect(bar).to_be_hidden()
        names = page.evaluate("caches.keys()")
        assert len([name for name in names if name.startswith("shell-")]) == 1
    finally:
        served.assets = older


def test_two_phones_answer_one_slot_and_the_later_one_counts(
    phone: Phone, other_phone: Phone, site: Site
) -> None:
    mine, other = phone.keep(), other_phone.keep()
    phone.browser.set_offline(True)
    other_phone.browser.set_offline(True)
    circle(mine, "Finasteride").click()
    row_of(other, "Finasteride").locator(".dose__text").click()
    other.get_by_role("dialog").get_by_text("Forgot").click()
    other.get_by_role("dialog").get_by_role("button", name="Skip").click()
    for late in (other_phone, phone):
        late.browser.set_offline(False)
    until(lambda: len(dose_versions(site)) == 2)

    (event,) = rows(site.engine, DoseEvent)
    assert event.status == "skipped"


def test_what_waits_is_listed_can_be_discarded_and_saved(phone: Phone, site: Site) -> None:
    page = phone.keep()
    phone.lose_the_network()
    circle(page, "Finasteride").click()
    circle(page, "Minoxidil").click()
    page.get_by_role("link", name="waiting").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting")
    lines = page.locator("waiting-list li")
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("Finasteride, 1 mg, taken")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file").click()
    kept = json.loads(saved.value.path().read_text())
    assert [dict(entry["fields"])["status"] for entry in kept] == ["taken", "taken"]
    lines.first.get_by_role("button", name="Discard").click()
    expect(lines).to_have_count(1)

    phone.find_the_network()
    expect(page.locator("waiting-list")).to_contain_text("All sent")
    (event,) = rows(site.engine, DoseEvent)
    assert event.unit == "mL"


def test_a_photo_taken_in_a_dead_zone_waits_and_comes(phone: Phone, site: Site) -> None:
    page = phone.keep()
    phone.lose_the_network()
    page.goto(f"/days/{today_of(site)}/photos/new")
    expect(page.locator("photo-form:defined")).to_be_attached()
    picture: FilePayload = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": jpeg(400, 500)}
    page.get_by_label("Crown", exact=True).set_input_files(picture)
    expect(page.locator(".photo-slot__state").nth(2)).to_have_text("Ready")
    page.get_by_role("textbox", name="Note").fill("under the stairs")
    page.get_by_role("button", name="Save photos").click()
    page.wait_for_url("**/photos")
    expect(page.locator("outbox-status")).to_contain_text("1 waiting")
    assert rows(site.engine, ProgressPhoto) == []

    phone.find_the_network()
    until(lambda: [each.note for each in rows(site.engine, ProgressPhoto)] == ["under the stairs"])
    (photo,) = rows(site.engine, ProgressPhoto)
    assert (photo.view, photo.width, photo.height) == ("vertex", 400, 500)


def test_a_phone_can_be_left_without_a_network_and_the_server_learns_of_it_later(
    phone: Phone, site: Site
) -> None:
    page = phone.keep()
    page.goto("/settings")
    phone.lose_the_network()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "This page isn’t saved on this device."
    )
    page.goto("/")
    assert "Finasteride" not in page.content()
    assert len(rows(site.engine, SignIn)) == 1

    phone.find_the_network()
    page.goto("/")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert rows(site.engine, SignIn) == []


def test_what_waits_is_edited_where_it_was_typed(phone: Phone, site: Site) -> None:
    page = phone.keep()
    phone.lose_the_network()
    row_of(page, "Minoxidil").first.locator(".dose__text").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Note").fill("in the tunel")
    sheet.get_by_role("button", name="Taken", exact=True).click()
    expect(sheet).to_be_hidden()
    # Opened again, its sheet holds what was typed.
    row_of(page, "Minoxidil").first.locator(".dose__text").click()
    expect(sheet.get_by_label("Note")).to_have_value("in the tunel")
    page.keyboard.press("Escape")

    page.get_by_role("link", name="waiting").click()
    page.locator("waiting-list").get_by_role("link", name="Edit").click()
    expect(page.get_by_label("Note")).to_have_value("in the tunel")
    page.get_by_label("Note").fill("in the tunnel")
    page.get_by_role("button", name="Taken", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    phone.find_the_network()
    until(lambda: [each.note for each in rows(site.engine, DoseEvent)] == ["in the tunnel"])


def test_a_new_note_that_waits_is_edited_and_stays_one(phone: Phone, site: Site) -> None:
    page = phone.keep()
    phone.lose_the_network()
    page.goto(f"/days/{today_of(site)}/notes/new?kind=note")
    page.get_by_role("textbox", name="Note").fill("Itchy scalp, windy")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/days/*")
    page.goto("/waiting")
    page.locator("waiting-list").get_by_role("link", name="Edit").click()
    expect(page.get_by_role("textbox", name="Note")).to_have_value("Itchy scalp, windy")
    page.get_by_role("textbox", name="Note").fill("Itchy scalp, a windy day")
    page.get_by_role("button", name="Save").click()
    phone.find_the_network()

    until(lambda: [n.text for n in rows(site.engine, Note)] == ["Itchy scalp, a windy day"])


def entries_of(page: Page) -> list[dict[str, str]]:
    """What the phone keeps of the outbox, oldest first."""
    script = """() => new Promise((resolve) => {
      const request = indexedDB.open("strand", 1)
      request.onsuccess = () => {
        const all = request.result.transaction("entries").objectStore("entries").getAll()
        all.onsuccess = () => { request.result.close(); resolve(all.result) }
      }
    })"""
    entries: list[dict[str, str]] = page.evaluate(script)
    return entries


@pytest.mark.parametrize("status", [409, 422])
def test_an_entry_that_is_refused_stays_with_the_reason_and_the_others_go_on(
    phone: Phone, site: Site, status: int
) -> None:
    page = phone.keep()
    phone.lose_the_network()
    for name in ("Finasteride", "Minoxidil"):
        circle(page, name).click()
    page.get_by_role("button", name="Take Minoxidil").last.click()
    expect(page.locator("[data-ring]")).to_have_attribute("aria-label", "3 of 3 taken")
    _first, second, _third = entries_of(page)
    echo = {"outbox-entry": second["id"]}
    poison = PlainTextResponse("Not tonight, said the server.", status, echo)
    phone.server.application.instead = [None, poison]
    phone.find_the_network()

    banner = page.locator("outbox-status .refusal")
    expect(banner).to_contain_text("Not tonight, said the server.")
    until(lambda: len(rows(site.engine, DoseEvent)) == 2)
    banner.get_by_role("button", name="Retry").click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 3)
    expect(page.locator("outbox-status")).to_be_hidden()


@pytest.mark.parametrize("status", [401, 403, 408, 429, 500, 502, 503, 504])
def test_a_server_in_trouble_loses_and_doubles_nothing(
    phone: Phone, site: Site, status: int
) -> None:
    page = phone.keep()
    phone.lose_the_network()
    for name in ("Finasteride", "Minoxidil"):
        circle(page, name).click()
    phone.server.application.instead = [Response(status_code=status)]
    phone.find_the_network()

    until(lambda: phone.server.application.instead == [])
    page.evaluate("dispatchEvent(new Event('online'))")
    until(lambda: len(rows(site.engine, DoseEvent)) == 2)
    expect(page.locator("outbox-status")).to_be_hidden()
    assert len(dose_versions(site)) == 2


def test_a_sign_in_that_ran_out_keeps_the_queue_and_asks(
    phone: Phone, site: Site, person: User
) -> None:
    page = phone.keep()
    phone.lose_the_network()
    circle(page, "Finasteride").click()
    with writing(site.engine) as session:
        session.exec(delete(SignIn))
        session.commit()
    phone.find_the_network()
    expect(page.get_by_role("link", name="Sign in to send 1")).to_be_visible()
    assert rows(site.engine, DoseEvent) == []

    phone.sign_in(person)
    page.goto("/")
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")


def test_a_phone_without_room_says_that_it_kept_nothing(phone: Phone, site: Site) -> None:
    page = phone.keep()
    phone.lose_the_network()
    full = "{ throw new DOMException('', 'QuotaExceededError') }"
    page.evaluate(f"() => {{ IDBObjectStore.prototype.put = () => {full} }}")
    page.evaluate("() => { window.unkept = 0; addEventListener('unkept', () => unkept++) }")
    circle(page, "Finasteride").click()
    expect(page.locator("outbox-status")).to_contain_text("This device is full")
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "waiting")
    # A click, not a check: the answer is taken back before Playwright looks whether it was given.
    good = page.get_by_role("group", name="Mood").get_by_role("radio").nth(3)
    good.click(force=True)
    page.wait_for_function("() => unkept === 2")
    expect(good).not_to_be_checked()

    # With the server there, the browser's own form does it.
    phone.find_the_network()
    page.wait_for_timeout(A_SECOND_TAP_MS)
    circle(page, "Finasteride").click()
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)


def test_an_evening_in_another_zone_keeps_its_day_and_its_zone(
    own_browser: Phone, site: Site
) -> None:
    own_browser.keep()
    own_browser.close()
    own_browser.lose_the_network()
    own_browser.start(zone="Asia/Tokyo")
    page = own_browser.open("/")
    circle(page, "Finasteride").click()
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")
    today = page.evaluate("document.body.dataset.today")
    own_browser.find_the_network()

    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    (event,) = rows(site.engine, DoseEvent)
    assert (str(event.due_on), event.time_zone) == (today, "Asia/Tokyo")
    expect(page.locator("zone-check")).to_contain_text("Tokyo")


def test_the_app_is_installed_launched_and_runs_in_a_window_of_its_own(own_browser: Phone) -> None:
    page = own_browser.keep()
    session = own_browser.browser.new_cdp_session(page)
    app = {"manifestId": f"{own_browser.site.origin}/"}
    session.send("PWA.install", app)  # the page that is open
    assert session.send("PWA.getOsAppState", app)["badgeCount"] == 0
    assert session.send("PWA.launch", app)["targetId"]

    session.send("PWA.openCurrentPageInApp", app)
    page.wait_for_function("matchMedia('(display-mode: standalone)').matches")
    circle(page, "Finasteride").click()
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")


# What the system does when another app shares a picture with this one.
SHARE = """async ([address, picture]) => {
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0))
  const files = new DataTransfer()
  files.items.add(new File([bytes], "IMG_7.jpg", { type: "image/jpeg" }))
  const form = document.createElement("form")
  Object.assign(form, { method: "post", enctype: "multipart/form-data", action: address })
  const field = document.createElement("input")
  Object.assign(field, { type: "file", name: "photo", files: files.files })
  form.append(field)
  document.body.append(form)
  form.submit()
}"""


def test_a_photo_shared_by_another_app_is_asked_for_its_view(phone: Phone, site: Site) -> None:
    page = phone.keep()
    page.reload()
    manifest = json.loads(page.request.get("/manifest.webmanifest").text())
    target = manifest["share_target"]
    assert target["params"]["files"][0]["name"] == "photo"
    phone.lose_the_network()
    picture = base64.b64encode(jpeg(300, 400)).decode()
    with page.expect_navigation():
        page.evaluate(SHARE, [target["action"], picture])
    expect(page.get_by_role("heading", level=1)).to_have_text("Add photos")
    question = page.locator("[data-shared]")
    expect(question).to_contain_text("Which view is this photo?")
    question.get_by_role("button", name="Crown").click()
    expect(question).to_be_hidden()
    expect(page.locator(".photo-slot__state").nth(2)).to_have_text("Ready")
    page.get_by_role("button", name="Save photos").click()
    page.wait_for_url("**/photos")
    phone.find_the_network()

    until(lambda: [each.view for each in rows(site.engine, ProgressPhoto)] == ["vertex"])
    page.goto(f"/days/{today_of(site)}/photos/new")
    expect(page.locator("[data-shared]")).to_be_hidden()


# As the two versions before kept an entry: the first ones, and those that could wait with photos.
THEN = """([subject, label, action, fields, isLarge]) => new Promise((resolve) => {
  const account = document.body.dataset.account
  const entry = {
    subject, label, action, fields, before: undefined, isPartial: false, account,
    release: "0.0.1", device: "an old phone", id: crypto.randomUUID(),
    changed_at: new Date(Date.now() - 3_600_000).toISOString(),
    attempts: 0, failures: 0, reason: "", state: "waiting",
  }
  if (isLarge !== null) entry.isLarge = isLarge
  const request = indexedDB.open("strand", 1)
  request.onsuccess = () => {
    const writing = request.result.transaction("entries", "readwrite")
    writing.objectStore("entries").put(entry)
    writing.oncomplete = () => { request.result.close(); resolve() }
  }
})"""


@pytest.mark.parametrize("is_large", [None, False], ids=["two versions ago", "the version before"])
def test_what_an_older_version_kept_is_listed_shown_and_sent_once(
    phone: Phone, site: Site, items: dict[str, RegimenItem], is_large: bool | None
) -> None:
    page = phone.keep()
    phone.lose_the_network()
    on, item = today_of(site), items["finasteride"].id
    dose = [
        *(["due_on", f"{on}"], ["due_time", "08:00"], ["planned_amount", "1"], ["unit", "mg"]),
        *(["status", "taken"], ["time_zone", "Europe/Berlin"]),
    ]
    note_id = str(uuid4())
    note = [["kind", "note"], ["text", "From before"], ["id", note_id], ["time_zone", "UTC"]]
    for kept in (
        [f"dose/{item}/{on}/08:00", "Finasteride, 1 mg", f"/regimen/{item}/doses", dose, is_large],
        [f"note/{note_id}", "Note", f"/days/{on}/notes", note, is_large],
    ):
        page.evaluate(THEN, kept)
    page.goto("/waiting")
    expect(page.locator("waiting-list li")).to_have_count(2)
    expect(page.locator("waiting-list li").first).to_contain_text("Finasteride, 1 mg, taken")
    page.goto("/")
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")

    phone.find_the_network()
    page.goto("/")
    until(lambda: [each.text for each in rows(site.engine, Note)] == ["From before"])
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)
    expect(page.locator("outbox-status")).to_be_hidden()
    assert len(dose_versions(site)) == 1
    expect(row_of(page, "Finasteride")).to_have_attribute("data-status", "taken")
