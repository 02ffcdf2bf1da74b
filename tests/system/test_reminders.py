"""Reminders on a phone: shown, answered from the lock screen, snoozed, known to have arrived."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, Worker, expect

from app.db import writing
from app.models import Delivery, DoseEvent, PushDevice, RegimenItem, Reminder, User
from app.push.content import Button, answers, content
from app.services.reminders import new_delivery
from tests.support.phones import Phone
from tests.support.regimens import decided, log_dose, taken
from tests.support.site import Site
from tests.system.conftest import rows, until

SUBSCRIPTION = {
    "endpoint": "https://fcm.googleapis.com/fcm/send/x",
    "p256dh": "B" * 87,
    "auth": "A" * 22,
}
# A headless browser has no push service: this one gives what a real one would.
SUBSCRIBES = """
const keys = {{ p256dh: "{p256dh}", auth: "{auth}" }}
PushManager.prototype.subscribe = async (options) => {{
  window.asked = options
  return {{ toJSON: () => ({{ endpoint: "{endpoint}", keys }}) }}
}}
PushManager.prototype.getSubscription = async () => null
""".format(**SUBSCRIPTION)
NEVER_SUBSCRIBES = """
PushManager.prototype.getSubscription = async () => null
PushManager.prototype.subscribe = () => new Promise(() => {})
"""
CLICK = """async (action) => {
  const [notification] = await registration.getNotifications()
  const event = new NotificationEvent("notificationclick", { notification, action })
  self.dispatchEvent(event)
}"""
SHOWN = """async () => (await registration.getNotifications()).map(
  ({ title, body, actions }) => [title, body, actions.map(({ title }) => title)],
)"""


@pytest.fixture
def page(phone: Phone, items: dict[str, RegimenItem]) -> Page:
    """The app on Alice's phone, which may show notifications."""
    phone.browser.grant_permissions(["notifications"])
    return phone.keep()


def today_of(site: Site) -> date:
    """The day it is for Alice, whatever hour these tests run at."""
    (alice,) = rows(site.engine, User)
    return alice.today(site.clock.now)


def worker_of(phone: Phone) -> Worker:
    return phone.browser.service_workers[0]


def subscribe(page: Page, site: Site) -> PushDevice:
    """Have the server know this browser."""
    page.evaluate(
        """(fields) => {
          const body = new URLSearchParams(fields)
          return fetch("/reminders/devices", { method: "POST", body })
        }""",
        SUBSCRIPTION,
    )
    [device] = rows(site.engine, PushDevice)
    return device


def deliver(phone: Phone, page: Page, told: dict[str, Any]) -> None:
    """Hand a message to the worker, as the browser's push service does."""
    session = phone.browser.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(20)
    registration = {"registrationId": found[-1]["registrationId"], "data": json.dumps(told)}
    session.send("ServiceWorker.deliverPushMessage", {"origin": phone.site.origin, **registration})


def reminder_of(site: Site, device: PushDevice, item: UUID) -> dict[str, Any]:
    """A call for this morning's dose of an item."""
    on = today_of(site)
    with writing(site.engine) as session:
        delivery_id = new_delivery(session, device, site.clock.now, on, "morning").id
        session.commit()
    buttons = (Button("taken", "Taken"), Button("snooze", "Snooze"), Button("skipped", "Skip"))
    return content(
        "Time for your morning routine",
        "Tap to answer.",
        address=f"{device.origin}/due/{on}/morning",
        delivery_id=delivery_id,
        tag=f"due/{on}/morning",
        account=str(device.user_id),
        label="Morning",
        **answers(on, "morning", [(item, "08:00")], buttons),
    )


def shown_on(phone: Phone) -> list[Any]:
    shown: list[Any] = worker_of(phone).evaluate(SHOWN)
    return shown


def test_a_reminder_is_shown_and_the_server_knows_that_it_arrived(
    phone: Phone, page: Page, site: Site, items: dict[str, RegimenItem]
) -> None:
    device = subscribe(page, site)

    deliver(phone, page, reminder_of(site, device, items["finasteride"].id))

    until(lambda: rows(site.engine, Delivery)[0].shown_at)
    assert shown_on(phone) == [
        ["Time for your morning routine", "Tap to answer.", ["Taken", "Snooze"]]
    ]


@pytest.mark.parametrize("action", ["taken", "skipped"])
def test_a_dose_is_answered_from_the_lock_screen_once(
    phone: Phone, page: Page, site: Site, items: dict[str, RegimenItem], action: str
) -> None:
    told = reminder_of(site, subscribe(page, site), items["finasteride"].id)
    # Today would take the second one away.
    page.goto("/notes")
    for _twice in range(2):
        deliver(phone, page, told)
        until(lambda: shown_on(phone))
        worker_of(phone).evaluate(CLICK, action)
        until(lambda: rows(site.engine, DoseEvent))
        until(lambda: not shown_on(phone))

    [event] = rows(site.engine, DoseEvent)
    assert (event.status.value, event.regimen_item_id) == (action, items["finasteride"].id)


def test_a_dose_is_taken_in_a_dead_zone_and_counts_once_the_network_is_back(
    phone: Phone, page: Page, site: Site, items: dict[str, RegimenItem]
) -> None:
    told = reminder_of(site, subscribe(page, site), items["finasteride"].id)
    deliver(phone, page, told)
    until(lambda: shown_on(phone))
    phone.lose_the_network()

    worker_of(phone).evaluate(CLICK, "taken")

    expect(page.locator("outbox-status")).to_contain_text("1 waiting")
    assert rows(site.engine, DoseEvent) == []
    phone.find_the_network()
    page.evaluate("dispatchEvent(new Event('online'))")
    until(lambda: len(rows(site.engine, DoseEvent)) == 1)


def test_snooze_asks_again_in_ten_minutes(
    phone: Phone, page: Page, site: Site, items: dict[str, RegimenItem]
) -> None:
    told = reminder_of(site, subscribe(page, site), items["finasteride"].id)
    deliver(phone, page, told)
    until(lambda: shown_on(phone))

    worker_of(phone).evaluate(CLICK, "snooze")

    until(lambda: rows(site.engine, Reminder))
    [reminder] = rows(site.engine, Reminder)
    assert reminder.snoozed_until is not None
    left = reminder.snoozed_until - site.clock.now
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)


def test_a_reminder_that_was_answered_elsewhere_goes_when_today_opens(
    phone: Phone, page: Page, site: Site, person: User, items: dict[str, RegimenItem]
) -> None:
    deliver(phone, page, reminder_of(site, subscribe(page, site), items["finasteride"].id))
    until(lambda: shown_on(phone))
    page.goto("/")
    page.wait_for_timeout(300)
    assert shown_on(phone)

    with writing(site.engine) as session:
        now = site.clock.now
        dose = taken(today_of(site), occurred_at=now)
        log_dose(session, person, items["finasteride"], dose, decided(person, now=now))
    page.goto("/")

    until(lambda: not shown_on(phone))


def test_a_browser_is_turned_on_with_one_tap(phone: Phone, page: Page, site: Site) -> None:
    page.add_init_script(SUBSCRIBES)
    page.goto("/reminders")

    page.get_by_role("button", name="Turn on for this device").click()

    expect(page.get_by_role("heading", name="Reminders are on")).to_be_visible()
    expect(page.get_by_role("button", name="Send a test")).to_be_visible()
    assert [each.endpoint for each in rows(site.engine, PushDevice)] == [SUBSCRIPTION["endpoint"]]


def test_a_push_service_that_never_answers_is_said(
    phone: Phone, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.add_init_script(NEVER_SUBSCRIBES)
    page.clock.install()
    page.goto("/reminders")

    page.get_by_role("button", name="Turn on for this device").click()
    page.clock.run_for(16_000)

    expect(page.locator("[data-trouble]")).to_have_text(
        "The browser’s push service did not answer. Try again in a moment."
    )


def test_a_browser_that_blocks_notifications_is_told_what_to_do(phone: Phone, page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })"
    )
    page.goto("/reminders")

    expect(page.get_by_role("heading", name="Notifications are blocked")).to_be_visible()


def test_an_iphone_in_a_tab_is_told_to_install_first(phone: Phone, page: Page) -> None:
    page.add_init_script(
        "delete window.PushManager;"
        "Object.defineProperty(navigator, 'standalone', { get: () => false })"
    )
    page.goto("/reminders")

    expect(
        page.get_by_role("heading", name="First, put Strand on your Home Screen")
    ).to_be_visible()


def test_the_due_page_takes_everything_with_one_tap(
    phone: Phone, page: Page, site: Site, items: dict[str, RegimenItem]
) -> None:
    on = today_of(site)
    page.goto(f"/due/{on}/morning")

    page.get_by_role("button", name="Take all 2").click()

    expect(page.get_by_role("heading", name="Morning done")).to_be_visible()
    until(lambda: len(rows(site.engine, DoseEvent)) == 2)
