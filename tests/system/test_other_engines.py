"""The same app in Firefox and in Safari's engine: both have no Background Sync."""

import pytest

from app.models import DoseEvent, User
from tests.support.engines import Engine
from tests.support.people import sign_in
from tests.support.phones import IS_KEPT
from tests.support.site import Server, Site
from tests.system.conftest import rows, until

pytestmark = pytest.mark.usefixtures("items")
ROW = """[...document.querySelectorAll("li.dose")]
  .find((row) => row.textContent.includes("Finasteride"))"""
CIRCLE = f"{ROW}.querySelector('button.check')"
SLOW = 30


def test_the_app_opens_in_a_dead_zone_logs_and_the_server_has_it_once(
    other_browser: Engine, site: Site, home_server: Server, person: User
) -> None:
    other = other_browser
    origin = f"http://localhost:{home_server.port}"
    other.visit(f"{origin}/sign-in")
    other.sign_in(origin, sign_in(site.engine, person, site.clock.now))
    other.visit(f"{origin}/")
    until(lambda: other.told(f'({IS_KEPT})("/offline/plan")'), seconds=SLOW)

    home_server.stop()
    other.visit(f"{origin}/")
    until(lambda: other.told("customElements.get('outbox-form') !== undefined"), seconds=SLOW)
    other.told(f"{CIRCLE}.click()")
    until(lambda: other.told(f"{ROW}.dataset.waiting") == "", seconds=SLOW)
    assert other.told(f"{ROW}.dataset.status") == "taken"
    other.visit(f"{origin}/")
    until(lambda: other.told(f"{ROW}.dataset.status") == "taken", seconds=SLOW)
    assert rows(site.engine, DoseEvent) == []

    home_server.start()
    other.told("dispatchEvent(new Event('online'))")
    until(lambda: len(rows(site.engine, DoseEvent)) == 1, seconds=SLOW)
    until(lambda: other.told("document.querySelector('outbox-status').hidden"), seconds=SLOW)
    until(lambda: other.told(f"{ROW}.dataset.waiting") is None, seconds=SLOW)
    assert other.told(f"{ROW}.dataset.status") == "taken"
