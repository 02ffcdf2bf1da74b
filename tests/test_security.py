"""What keeps a log private: headers, origins, cookies, sizes, logs, sockets, and the matrix."""

import base64
import hashlib
import logging
import re
import subprocess
import sys
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.db import make_engine
from app.domain.shedding import CountMethod
from app.domain.supply import SupplyKind
from app.main import LARGEST_BODY, ROUTERS, Strand, create_app
from app.models import (
    ApartRule,
    Dosage,
    DoseEvent,
    EntryVersion,
    Measurement,
    Medicine,
    Note,
    NoteKind,
    Pause,
    PushDevice,
    RegimenItem,
    SheddingCount,
    SignIn,
    SupplyEntry,
    User,
)
from app.models.shedding_count import shedding_count_id
from app.settings import Settings
from app.web.http.deps import VisitDep
from scripts.drills.routes import all_asked
from tests.support.clients import COOKIE
from tests.support.clock import NOW, Clock
from tests.support.databases import Rows, both_databases
from tests.support.people import PASSWORD, make_user, save, sign_in
from tests.support.pictures import add_photo
from tests.support.regimens import add

PROJECT = Path(__file__).parents[1]
TODAY = "2026-11-23"
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
SECRETS = ("Xanthippe-item", "between us two", PASSWORD)


@pytest.fixture
def minoxidil(session: Session, alice: User) -> RegimenItem:
    return add(session, alice)


def plain_browser(application: FastAPI, origin: str = "http://testserver") -> TestClient:
    """A browser that says nothing of where a request comes from."""
    return TestClient(
        application, base_url=origin, follow_redirects=False, raise_server_exceptions=False
    )


@pytest.fixture
def failing(engine: Engine, settings: Settings, alice: User, clock: Clock) -> TestClient:
    """Alice's browser, on an app with a bug that fails in the middle of a write."""
    application = create_app(settings, engine=engine, clock=clock)

    @application.post("/bug")
    def fail(visit: VisitDep) -> None:
        twice = make_user(visit.viewer.name)
        twice.time_zone = SECRETS[1]
        visit.diary.session.add(twice)
        visit.diary.session.flush()

    browser = plain_browser(application)
    browser.headers["sec-fetch-site"] = "same-origin"
    browser.cookies.set(COOKIE, sign_in(engine, alice, NOW))
    return browser


# Headers


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/notes", 200),
        ("GET", "/calendar", 303),
        ("GET", "/nowhere", 404),
        ("GET", "/days/2026-02-30", 404),
        ("PUT", "/", 405),
        ("POST", f"/days/{TODAY}/notes", 422),
        ("GET", "/export/doses.csv", 200),
        ("GET", "/healthz", 200),
    ],
)
def test_every_answer_carries_the_headers_and_is_kept_by_nobody(
    client: TestClient, method: str, address: str, status: int
) -> None:
    response = client.request(method, address)

    assert response.status_code == status
    assert HEADERS.items() <= dict(response.headers).items()
    assert response.headers["cache-control"] == "private, no-store"
    policy = response.headers["content-security-policy"]
    for directive in (
        "default-src 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "style-src 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types app",
    ):
        assert directive in policy.split("; ")
    assert "unsafe" not in policy
    assert "geolocation=()" in response.headers["permissions-policy"]


def test_each_inline_script_is_one_that_the_policy_names(client: TestClient) -> None:
    response = client.get("/")
    script = r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>"
    inline = re.findall(script, response.text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in inline]

    assert len(inline) == 2
    policy = response.headers["content-security-policy"].split("; ")
    [scripts] = [part for part in policy if part.startswith("script-src ")]
    assert {f"'sha256-{each}'" for each in digests} <= set(scripts.split(" "))
    assert "unsafe" not in scripts
    assert " style=" not in response.text
    assert re.search(r"<[^>]*\son[a-z]+=", response.text) is None


def test_static_files_asked_for_by_digest_are_kept_for_ever_and_others_are_not(
    client: TestClient, anonymous: TestClient
) -> None:
    page = client.get("/").text
    digested = re.findall(r'(?:href|src)="((?:/static/|/app\.css)[^"#]*\?v=[0-9a-f]+)', page)
    assert len(digested) >= 4

    for address in digested:
        response = anonymous.get(address)
        assert response.status_code == 200
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert HEADERS.items() <= dict(response.headers).items()
    assert anonymous.get("/static/js/app.js").headers["cache-control"] == "no-cache"
    for outside in ("/static/../pyproject.toml", "/static/%2e%2e/pyproject.toml", "/static/%00"):
        assert anonymous.get(outside).status_code == 404


def test_a_bug_shows_one_page_with_the_headers_and_no_traceback(
    failing: TestClient, rows: Rows
) -> None:
    response = failing.post("/bug")

    assert response.status_code == 500
    assert "Something went wrong on the server." in response.text
    assert "Traceback" not in response.text
    assert "IntegrityError" not in response.text
    assert HEADERS.items() <= dict(response.headers).items()
    assert "content-security-policy" in response.headers
    assert response.headers["cache-control"] == "private, no-store"
    assert len(rows(User)) == 1


def test_a_bug_tells_the_outbox_in_one_sentence(failing: TestClient) -> None:
    response = failing.post("/bug", headers={"outbox-entry": str(uuid4())})

    assert response.status_code == 500
    assert response.headers["content-type"].startswith("text/plain")


def test_https_is_remembered_for_a_year_and_plain_http_is_not(application: FastAPI) -> None:
    secure = plain_browser(application, "https://testserver").get("/sign-in")
    assert secure.headers["strict-transport-security"] == "max-age=31536000"
    plain = plain_browser(application).get("/sign-in")
    assert "strict-transport-security" not in plain.headers


# Where a write comes from


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "SAME-ORIGIN"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"origin": "http://evil.example"},
        {"origin": "https://testserver"},
        {"origin": "http://testserver:8080"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "http://testserver/"},
        {"origin": "null"},
        {"origin": "http://["},
        {"origin": ""},
        {},
    ],
)
def test_a_write_from_elsewhere_is_refused_before_anything_reads_it(
    client: TestClient, rows: Rows, headers: dict[str, str]
) -> None:
    del client.headers["sec-fetch-site"]
    response = client.post(f"/days/{TODAY}/notes", data={"text": "forged"}, headers=headers)

    assert response.status_code == 403
    assert response.text.startswith("This came from another site, so nothing was saved.")
    assert "STRAND_BASE_URL" in response.text
    assert "STRAND_TRUSTED_PROXIES" in response.text
    assert HEADERS.items() <= dict(response.headers).items()
    assert rows(Note) == []


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}]
)
def test_a_write_from_our_own_pages_passes(
    client: TestClient, rows: Rows, headers: dict[str, str]
) -> None:
    del client.headers["sec-fetch-site"]
    response = client.post(f"/days/{TODAY}/notes", data={"text": "own"}, headers=headers)

    assert response.status_code == 303
    assert len(rows(Note)) == 1


def test_a_script_without_a_cookie_passes_the_gate_and_is_asked_to_sign_in(
    application: FastAPI, alice: User
) -> None:
    data = {"name": "Alice", "password": PASSWORD}
    browser = plain_browser(application)
    assert browser.post("/sign-out").status_code == 401
    assert browser.post("/sign-in", data=data).status_code == 303


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_link_from_elsewhere_may_be_followed(client: TestClient, site: str) -> None:
    assert client.get("/", headers={"sec-fetch-site": site}).status_code == 200


def test_reading_changes_nothing(client: TestClient, rows: Rows, minoxidil: RegimenItem) -> None:
    before = [rows(table) for table in (DoseEvent, Note, RegimenItem, Dosage)]
    for address in (f"/regimen/{minoxidil.id}/delete?confirm=yes", "/sign-out", "/settings/delete"):
        client.get(address)

    assert [rows(table) for table in (DoseEvent, Note, RegimenItem, Dosage)] == before
    assert client.get("/").status_code == 200


# What strangers say of themselves


def test_what_a_stranger_says_is_forwarded_or_the_host_is_not_heard(
    application: FastAPI, alice: User
) -> None:
    forged = {
        "x-forwarded-proto": "https",
        "x-forwarded-host": "evil.example",
        "forwarded": "proto=https;host=evil.example",
        "host": "evil.example",
        "sec-fetch-site": "same-origin",
    }
    browser = plain_browser(application)
    data = {"name": "Alice", "password": PASSWORD}
    response = browser.post("/sign-in", data=data, headers=forged)

    assert response.headers["set-cookie"].startswith("sid=")
    assert response.headers["location"] == "/"
    assert "strict-transport-security" not in response.headers
    page = browser.get("/sign-in", headers=forged)
    assert "evil.example" not in page.text
    assert (
        browser.get("/static", headers=forged)
        .headers.get("location", "/")
        .startswith(("/", "http://evil.example/static"))
    )


@pytest.mark.parametrize("address", ["/sign-in", "/settings/preferences", f"/days/{TODAY}/notes"])
def test_a_body_over_the_limit_is_refused_before_it_is_read(
    client: TestClient, rows: Rows, address: str
) -> None:
    data = {"text": "x" * LARGEST_BODY, "name": "Alice"}
    response = client.post(address, data=data)

    assert response.status_code == 413
    assert "This is too large to upload." in response.text
    assert "</html>" in response.text
    assert HEADERS.items() <= dict(response.headers).items()
    assert rows(Note) == []


def test_a_body_that_grows_over_the_limit_is_refused_alike(client: TestClient, rows: Rows) -> None:
    pieces = (b"text=" + b"x" * 65_536 for _ in range(LARGEST_BODY // 65_536 + 1))
    form = {"content-type": "application/x-www-form-urlencoded"}
    response = client.post(f"/days/{TODAY}/notes", content=pieces, headers=form)

    assert response.status_code == 413
    assert "This is too large to upload." in response.text
    assert rows(Note) == []


def test_the_outbox_hears_in_one_sentence_that_an_entry_is_too_large(client: TestClient) -> None:
    entry = {"outbox-entry": str(uuid4())}
    data = {"text": "x" * LARGEST_BODY}
    response = client.post(f"/days/{TODAY}/notes", data=data, headers=entry)

    assert (response.status_code, response.text) == (413, "This is too large to upload.")
    assert response.headers["outbox-entry"] == entry["outbox-entry"]


def test_a_form_of_too_many_fields_is_refused_quickly(client: TestClient, rows: Rows) -> None:
    body = "&".join(f"f{number}=1" for number in range(60_000))
    form = {"content-type": "application/x-www-form-urlencoded"}
    response = client.post(f"/days/{TODAY}/notes", content=body, headers=form)

    assert response.status_code in {400, 413, 422}
    assert rows(Note) == []


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"text": "x"}'),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        (
            "multipart/form-data; boundary=x; charset=utf-7",
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n+2AA-\r\n--x--\r\n',
        ),
        ("application/x-www-form-urlencoded", b"text=%ff%fe%00&kind=%00"),
        ("text/plain", b"\x00"),
    ],
)
def test_a_body_that_is_not_a_form_breaks_nothing(
    client: TestClient, content_type: str, body: bytes
) -> None:
    response = client.post(
        f"/days/{TODAY}/notes", content=body, headers={"content-type": content_type}
    )

    assert response.status_code in {303, 400, 422}


# The log


def test_nothing_personal_is_logged_or_put_into_an_address(
    client: TestClient, failing: TestClient, caplog: pytest.LogCaptureFixture, rows: Rows
) -> None:
    caplog.set_level(logging.DEBUG)
    locations = []
    for address, data in (
        ("/regimen", {"name": SECRETS[0], "starts_on": TODAY, "times": "08:00", "amounts": "1"}),
        (f"/days/{TODAY}/notes", {"text": SECRETS[1]}),
        (f"/days/{TODAY}/check-in", {"note": SECRETS[1], "mood": "1"}),
        ("/sign-in", {"name": "Alice", "password": PASSWORD}),
        ("/sign-in", {"name": "Alice", "password": f"{PASSWORD}!"}),
        ("/settings/password", {"current_password": PASSWORD, "password": "short"}),
    ):
        locations.append(client.post(address, data=data).headers.get("location", ""))
    client.get(f"/regimen/{rows(RegimenItem)[0].id}")
    failing.post("/bug")

    ours = [
        record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    ]
    written = "\n".join(record.getMessage() + str(record.exc_info or "") for record in ours)
    for secret in SECRETS:
        assert secret not in written
        assert not any(secret in location for location in locations)


def test_an_error_of_the_database_names_no_values(database_url: str) -> None:
    assert make_engine(database_url).hide_parameters


def test_the_server_writes_no_line_a_request() -> None:
    source = (PROJECT / "app/cli/server.py").read_text()

    assert "access_log=False" in source
    assert "log_config=LOG_CONFIG" in source


ONLY_LOOPBACK = """
import ipaddress, sys
outward = []

def watch(event, values):
    if event in {"socket.connect", "socket.sendto", "socket.getaddrinfo"}:
        where = values[0] if event == "socket.getaddrinfo" else values[1]
        host = where[0] if isinstance(where, tuple) else where
        if isinstance(where, (bytes, str)) and event != "socket.getaddrinfo":
            return
        try:
            local = host in (None, "localhost") or ipaddress.ip_address(host).is_loopback
        except ValueError:
            local = False
        if not local:
            outward.append((event, str(host)))

sys.addaudithook(watch)
from datetime import UTC, datetime
from pathlib import Path
from fastapi.testclient import TestClient
from app.db import make_engine
from app.db.migrations import migrate
from app.main import create_app
from app.settings import Settings
from tests.support.set_up import printed_code

settings = Settings(data_dir=Path(sys.argv[1]))
engine = make_engine(settings.url_of_database)
migrate(engine)
with TestClient(create_app(settings, engine), headers={"sec-fetch-site": "same-origin"}) as client:
    account = {"name": "Alice", "password": "nine loud paper lanterns", "time_zone": "UTC",
               "code": printed_code(engine, datetime.now(UTC))}
    assert client.post("/set-up", data=account).status_code == 200
    for address in ("/", "/regimen", "/notes", "/settings", "/about", "/export/doses.csv"):
        assert client.get(address).status_code == 200, address
print(outward)
"""


@pytest.mark.slow
def test_nothing_is_sent_outside_at_the_start_or_in_use(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", ONLY_LOOPBACK, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=PROJECT,
        check=False,
    )

    assert (told.stdout.strip(), told.returncode) == ("[]", 0), told.stderr


# The matrix: every route, by everyone


@dataclass(frozen=True)
class Things:
    """Alice's rows, by the names of the parameters that lead to them."""

    regimen_item_id: UUID
    dosage_id: UUID
    pause_id: UUID
    supply_id: UUID
    dose_event_id: UUID
    note_id: UUID
    shedding_count_id: UUID
    measurement_id: UUID
    photo_id: UUID
    medicine_id: UUID
    apart_rule_id: UUID
    sign_in_id: UUID
    device_id: UUID
    entry_id: UUID


@pytest.fixture
def things(
    client: TestClient, session: Session, rows: Rows, alice: User, minoxidil: RegimenItem
) -> Things:
    pause = Pause(user_id=alice.id, regimen_item_id=minoxidil.id, starts_on=minoxidil.starts_on)
    pause.ends_on = pause.starts_on
    save(session, pause)
    pack = SupplyEntry(
        id=uuid4(),
        user_id=alice.id,
        regimen_item_id=minoxidil.id,
        kind=SupplyKind.PACK,
        on=NOW.date(),
        at=NOW,
        amount=60,
        unit="mL",
        logged_at=NOW,
    )
    save(session, pack)
    note = Note(
        id=uuid4(),
        user_id=alice.id,
        on=NOW.date(),
        iso_week=202648,
        kind=NoteKind.NOTE,
        text="a note",
        logged_at=NOW,
    )
    save(session, note)
    count = SheddingCount(
        id=shedding_count_id(alice.id, NOW.date(), CountMethod.SIXTY_SECOND, 1),
        user_id=alice.id,
        on=NOW.date(),
        iso_week=202648,
        method=CountMethod.SIXTY_SECOND,
        hairs=12,
        logged_at=NOW,
    )
    save(session, count)
    measurement = Measurement(
        id=uuid4(),
        user_id=alice.id,
        on=NOW.date(),
        iso_week=202648,
        time_zone="Europe/Berlin",
        pulse_bpm=64,
        logged_at=NOW,
    )
    save(session, measurement)
    medicine = save(session, Medicine(id=uuid4(), user_id=alice.id, name="Levothyroxine"))
    rule = ApartRule(id=uuid4(), user_id=alice.id, hours=4)
    rule.first_item_id, rule.second_medicine_id = minoxidil.id, medicine.id
    save(session, rule)
    extra = {"due_on": TODAY, "status": "taken"}
    assert client.post(f"/regimen/{minoxidil.id}/doses", data=extra).status_code == 303
    forgotten = add_photo(client)
    assert client.post(f"/photos/{forgotten}/delete").status_code == 303
    device = PushDevice(
        user_id=alice.id,
        sign_in_id=rows(SignIn.of_user(alice.id))[0].id,
        endpoint="https://fcm.googleapis.com/x",
        p256dh="p256dh",
        auth="auth",
        origin="https://strand.example.org",
        created_at=NOW,
    )
    save(session, device)
    (deletion,) = rows(select(EntryVersion).where(col(EntryVersion.state).is_(None)))
    return Things(
        regimen_item_id=minoxidil.id,
        dosage_id=rows(Dosage)[0].id,
        pause_id=pause.id,
        supply_id=pack.id,
        dose_event_id=rows(DoseEvent)[0].id,
        note_id=note.id,
        shedding_count_id=count.id,
        measurement_id=measurement.id,
        photo_id=add_photo(client),
        medicine_id=medicine.id,
        apart_rule_id=rule.id,
        sign_in_id=device.sign_in_id,
        device_id=device.id,
        entry_id=deletion.entry_id,
    )


# Private addresses without an id: the same path is another page for everyone.
OWN_PAGES = {
    "show_today": "/",
    "show_day": f"/days/{TODAY}",
    "show_this_month": "/calendar",
    "show_month": "/calendar/2026-11",
    "show_log": f"/days/{TODAY}/log",
    "choose_as_needed": f"/days/{TODAY}/as-needed",
    "choose_time_for_all": f"/days/{TODAY}/take-all/morning",
    "take_all": f"/days/{TODAY}/take-all",
    "edit_check_in": f"/days/{TODAY}/check-in",
    "update_check_in": f"/days/{TODAY}/check-in",
    "index_notes": "/notes",
    "search_notes": "/notes/search",
    "new_note": f"/days/{TODAY}/notes/new",
    "create_note": f"/days/{TODAY}/notes",
    "show_shopping": "/regimen/shopping",
    "show_packing": "/regimen/packing",
    "index_measurements": "/measurements",
    "new_measurement": f"/days/{TODAY}/measurements/new",
    "create_measurement": f"/days/{TODAY}/measurements",
    "index_shedding": "/shedding",
    "new_count": f"/days/{TODAY}/shedding",
    "edit_count": f"/days/{TODAY}/shedding/sixty_second",
    "update_count": f"/days/{TODAY}/shedding/sixty_second",
    "show_phone": "/phone",
    "index_photos": "/photos",
    "new_photos": f"/days/{TODAY}/photos/new",
    "create_photos": f"/days/{TODAY}/photos",
    "edit_hair_review": f"/days/{TODAY}/hair-review",
    "update_hair_review": f"/days/{TODAY}/hair-review",
    "new_set": "/regimen/sets/classic",
    "create_set": "/regimen/sets/classic",
    "index_regimen": "/regimen",
    "show_totals": "/regimen/totals",
    "show_lab_list": f"/days/{TODAY}/lab-list",
    "show_hours_apart": "/regimen/hours-apart",
    "new_apart_rule": "/regimen/hours-apart/new",
    "create_apart_rule": "/regimen/hours-apart",
    "index_medicines": "/regimen/medicines",
    "new_medicine": "/regimen/medicines/new",
    "create_medicine": "/regimen/medicines",
    "new_regimen_item": "/regimen/new",
    "search_catalogue": "/regimen/search",
    "create_regimen_item": "/regimen",
    "show_trends": "/trends",
    "show_span": "/trends/2026-W47",
    "download_chart": "/trends/year/chart-0.csv",
    "show_export": "/export",
    "download_csv": "/export/doses.csv",
    "download_everything": "/export/strand.zip",
    "show_settings": "/settings",
    "update_preferences": "/settings/preferences",
    "edit_password": "/settings/password",
    "update_password": "/settings/password",
    "edit_name": "/settings/name",
    "update_name": "/settings/name",
    "index_sign_ins": "/settings/devices",
    "index_activity": "/settings/activity",
    "confirm_revoke_others": "/settings/sign-ins/others/delete",
    "revoke_other_sign_ins": "/settings/sign-ins/others/delete",
    "update_time_zone": "/settings/time-zone",
    "edit_asked": "/settings/check-in",
    "edit_day_parts": "/settings/times-of-day",
    "edit_first_day": "/settings/first-day",
    "update_first_day": "/settings/first-day",
    "update_asked": "/settings/check-in",
    "update_day_parts": "/settings/times-of-day",
    "close_hint": "/settings/hints/today/close",
    "confirm_delete": "/settings/delete",
    "destroy_account": "/settings/delete",
    "destroy_sign_in": "/sign-out",
    "show_about": "/about",
    "show_sources": "/about/sources",
    "show_reminders": "/reminders",
    "update_reminders": "/reminders",
    "edit_part_reminder": "/reminders/times/morning",
    "update_part_reminder": "/reminders/times/morning",
    "add_push_device": "/reminders/devices",
    "send_test_reminder": "/reminders/test",
    "note_reminder_shown": "/reminders/shown",
    "snooze_reminder": "/reminders/snooze",
    "show_due": f"/due/{TODAY}/morning",
    "edit_order": "/regimen/order",
    "index_deleted_items": "/regimen/deleted",
    "show_offline_plan": "/offline/plan",
    "show_waiting": "/waiting",
}
# Addresses that lead to something of one person's.
OWN_THINGS = {
    "show_dose": f"/days/{TODAY}/doses/{{regimen_item_id}}/08:00",
    "edit_dose_event": "/doses/{dose_event_id}",
    "create_dose_event": "/regimen/{regimen_item_id}/doses",
    "edit_note": "/notes/{note_id}/edit",
    "update_note": "/notes/{note_id}",
    "destroy_note": "/notes/{note_id}/delete",
    "edit_measurement": "/measurements/{measurement_id}/edit",
    "update_measurement": "/measurements/{measurement_id}",
    "destroy_measurement": "/measurements/{measurement_id}/delete",
    "destroy_count": "/shedding/{shedding_count_id}/delete",
    "show_photo": "/photos/{photo_id}",
    "show_photo_file": "/photos/{photo_id}/512.jpg",
    "update_photo": "/photos/{photo_id}",
    "confirm_delete_photo": "/photos/{photo_id}/delete",
    "destroy_photo": "/photos/{photo_id}/delete",
    "show_regimen_item": "/regimen/{regimen_item_id}",
    "edit_regimen_item": "/regimen/{regimen_item_id}/edit",
    "update_regimen_item": "/regimen/{regimen_item_id}",
    "link_regimen_item": "/regimen/{regimen_item_id}/link",
    "edit_stop": "/regimen/{regimen_item_id}/stop",
    "update_stop": "/regimen/{regimen_item_id}/stop",
    "restore_regimen_item": "/regimen/{regimen_item_id}/restore",
    "edit_restart": "/regimen/{regimen_item_id}/restart",
    "resume_regimen_item": "/regimen/{regimen_item_id}/resume",
    "move_regimen_item": "/regimen/{regimen_item_id}/move",
    "confirm_delete_item": "/regimen/{regimen_item_id}/delete",
    "destroy_regimen_item": "/regimen/{regimen_item_id}/delete",
    "new_dosage": "/regimen/{regimen_item_id}/dosages/new",
    "create_dosage": "/regimen/{regimen_item_id}/dosages",
    "new_taper": "/regimen/{regimen_item_id}/taper",
    "create_taper": "/regimen/{regimen_item_id}/taper",
    "edit_dosage": "/dosages/{dosage_id}/edit",
    "update_dosage": "/dosages/{dosage_id}",
    "new_pack": "/regimen/{regimen_item_id}/supply/new",
    "new_count_of_supply": "/regimen/{regimen_item_id}/supply/count",
    "edit_refill": "/regimen/{regimen_item_id}/supply/reminder",
    "update_refill": "/regimen/{regimen_item_id}/supply/reminder",
    "create_supply": "/regimen/{regimen_item_id}/supply",
    "edit_supply": "/supply/{supply_id}/edit",
    "update_supply": "/supply/{supply_id}",
    "receive_supply": "/supply/{supply_id}/arrived",
    "destroy_supply": "/supply/{supply_id}/delete",
    "new_pause": "/regimen/{regimen_item_id}/pauses/new",
    "create_pause": "/regimen/{regimen_item_id}/pauses",
    "edit_pause": "/pauses/{pause_id}/edit",
    "update_pause": "/pauses/{pause_id}",
    "end_pause": "/pauses/{pause_id}/end",
    "destroy_pause": "/pauses/{pause_id}/delete",
    "edit_medicine": "/regimen/medicines/{medicine_id}/edit",
    "update_medicine": "/regimen/medicines/{medicine_id}",
    "destroy_medicine": "/regimen/medicines/{medicine_id}/delete",
    "edit_apart_rule": "/regimen/hours-apart/{apart_rule_id}/edit",
    "update_apart_rule": "/regimen/hours-apart/{apart_rule_id}",
    "destroy_apart_rule": "/regimen/hours-apart/{apart_rule_id}/delete",
    "confirm_revoke_sign_in": "/settings/sign-ins/{sign_in_id}/delete",
    "undo_deletion": "/deleted/{entry_id}/undo",
    "update_push_device": "/reminders/devices/{device_id}",
    "revoke_sign_in": "/settings/sign-ins/{sign_in_id}/delete",
}
FOR_EVERYONE = {
    *("new_sign_in", "create_sign_in", "new_account", "create_account"),
    *("manifest", "service_worker", "show_offline", "share_photo"),
}
ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
METHODS = {route.name: next(iter(route.methods or ())) for route in ROUTES}


def test_every_route_is_in_the_matrix(application: FastAPI) -> None:
    assert set(METHODS) == OWN_PAGES.keys() | OWN_THINGS.keys() | FOR_EVERYONE
    assert len(METHODS) == len(ROUTES), "two routes have one name"
    own_things = {route.name for route in ROUTES if "_id}" in route.path} - {
        "new_set",
        "create_set",
    }
    assert own_things == OWN_THINGS.keys()
    assert isinstance(application, Strand)
    others = {getattr(route, "name", "") for route in application.routes} - METHODS.keys()
    assert others <= {"static", "stylesheet", "words", "health", ""}


def test_nobody_sees_or_changes_anything_without_signing_in(anonymous: TestClient) -> None:
    nobody = {field: UUID(int=7) for field in Things.__dataclass_fields__}
    in_script = {"sec-fetch-mode": "cors"}
    let_in = []
    for name, path in {**OWN_PAGES, **OWN_THINGS}.items():
        address = path.format(**nobody)
        response = anonymous.request(METHODS[name], address)
        to_sign_in = response.headers.get("location", "").startswith("/sign-in?next=/")
        is_asked = (response.status_code, to_sign_in) == (303, True)
        refused = is_asked if METHODS[name] == "GET" else response.status_code == 401
        fetched = anonymous.request(METHODS[name], address, headers=in_script)
        if not refused or fetched.status_code != 401:
            let_in.append((name, response.status_code, fetched.status_code))

    assert let_in == []


@both_databases
def test_what_is_alices_is_not_there_for_bob_and_is_for_her(
    client: TestClient, bobs_client: TestClient, things: Things
) -> None:
    def ask(browser: TestClient, name: str) -> int:
        address = OWN_THINGS[name].format(**vars_of(things))
        return browser.request(METHODS[name], address).status_code

    assert {name: ask(bobs_client, name) for name in OWN_THINGS} == dict.fromkeys(OWN_THINGS, 404)
    # What takes something away comes last, and the sign-in last of all.
    last = (
        *("end_pause", "destroy_pause", "destroy_note", "destroy_count", "destroy_photo"),
        *("destroy_measurement", "destroy_supply"),
        *("destroy_apart_rule", "destroy_medicine", "destroy_regimen_item", "revoke_sign_in"),
    )
    for name in sorted(OWN_THINGS, key=lambda name: last.index(name) if name in last else -1):
        status = ask(client, name)
        assert status in {200, 303, 422} or (name == "destroy_pause" and status == 404), name


@pytest.mark.slow
@both_databases
def test_every_own_page_opens_and_every_empty_form_is_answered(
    client: TestClient, minoxidil: RegimenItem
) -> None:
    answers = {
        name: client.request(METHODS[name], OWN_PAGES[name]).status_code
        for name in sorted(OWN_PAGES.keys() - {"destroy_sign_in"}, key=lambda name: METHODS[name])
    }

    assert {name: status for name, status in answers.items() if status not in {200, 303, 422}} == {}


@both_databases
def test_every_page_for_everyone_opens(anonymous: TestClient) -> None:
    answers = {
        route.name: anonymous.request(METHODS[route.name], route.path).status_code
        for route in ROUTES
        if route.name in FOR_EVERYONE
    }

    assert {name: status for name, status in answers.items() if status >= 500} == {}


@pytest.mark.slow
def test_an_id_that_is_none_is_not_there(client: TestClient) -> None:
    for name, address in OWN_THINGS.items():
        for wrong in ("1", "x" * 300, "%00", str(UUID(int=0)), "'--"):
            given = address.format(**dict.fromkeys(Things.__dataclass_fields__, wrong))
            status = client.request(METHODS[name], given).status_code
            assert status in {404, 405}, (name, wrong)


def vars_of(things: Things) -> dict[str, UUID]:
    return {name: getattr(things, name) for name in Things.__dataclass_fields__}


# Anything at all in any field

NASTY = [
    "\x00",
    "\N{PILE OF POO}" * 30,
    "9" * 5000,
    "-1",
    "2147483648",
    "1e400",
    "08:00+14:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31",
    "../../etc/passwd",
    "'; DROP TABLE note; --",
    "{{7*7}}<script>alert(1)</script>",
]
# Fields whose names are made from what is asked: of a symptom, or of a day.
MADE_NAMES = {
    "update_check_in": ("symptom-headache", "interference-headache", "suspect-headache"),
    "update_count": (f"hairs-{TODAY}-1", f"score-{TODAY}-1"),
}
FULL = {
    "due_on": TODAY,
    "due_time": "08:00",
    "status": "taken",
    "text": "a note",
    "pulse": "64",
    "name": "Zinc",
    "unit": "mg",
    "kind": "daily",
    "times": "08:00",
    "amounts": "1",
    "starts_on": TODAY,
    "ends_on": TODAY,
    "time_zone": "UTC",
    "day_starts_time": "03:00",
    "first_weekday": "1",
    "theme": "dark",
    "vitamin_unit": "ug",
    "asked": "mood",
    "chosen": "finasteride-oral",
    f"hairs-{TODAY}-1": "12",
    "hours": "4",
    "amount": "60",
    "days": "14",
}
FORMS = (
    "create_dose_event",
    "take_all",
    "update_check_in",
    "create_note",
    "update_note",
    "update_count",
    "create_measurement",
    "update_measurement",
    "create_photos",
    "update_photo",
    "update_hair_review",
    "update_regimen_item",
    "update_stop",
    "create_dosage",
    "create_taper",
    "update_dosage",
    "create_pause",
    "create_supply",
    "update_supply",
    "update_refill",
    "create_medicine",
    "update_medicine",
    "create_apart_rule",
    "update_apart_rule",
    "update_asked",
    "update_day_parts",
    "update_preferences",
    "update_time_zone",
    # Last, as every other form takes longer with each item that they add.
    "create_regimen_item",
    "create_set",
)


@pytest.fixture(scope="module")
def read_by(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The fields that each form reads, by the name of its route."""
    asked = {route.name: route.fields for route in all_asked(tmp_path_factory.mktemp("asked"))}
    return {name: [*asked[name], *MADE_NAMES.get(name, ())] for name in FORMS}


@pytest.mark.slow
@both_databases
def test_nothing_that_can_be_typed_breaks_a_form(
    client: TestClient, things: Things, read_by: dict[str, list[str]]
) -> None:
    for name in FORMS:
        for nasty in NASTY:
            assert_is_answered(client, things, name, dict.fromkeys(read_by[name], nasty))
    assert client.get("/").status_code in {200, 303}


@pytest.mark.slow
def test_nothing_that_can_be_typed_into_one_field_breaks_its_form(
    client: TestClient, things: Things, read_by: dict[str, list[str]]
) -> None:
    # Fields recur in many forms, with another of the texts in each.
    texts = cycle(NASTY)
    for name in FORMS:
        for field in read_by[name]:
            assert_is_answered(client, things, name, {**FULL, field: next(texts)})
    assert client.get("/").status_code in {200, 303}


def assert_is_answered(client: TestClient, things: Things, name: str, data: dict[str, str]) -> None:
    """Whatever a form says, it is saved, refused, or of nothing that is there."""
    address = {**OWN_PAGES, **OWN_THINGS}[name].format(**vars_of(things))
    kinds = ("daily", "days_of_month") if "dosage" in name or "item" in name else ("note",)
    for kind in kinds:
        response = client.post(address, data={"kind": kind, **data})
        assert response.status_code in {204, 303, 404, 422}, (name, data, response.text[:300])
        assert "<script>alert" not in response.text


@pytest.mark.parametrize("own", ["", "&own=true", "&own=perhaps"])
@pytest.mark.parametrize("address", ["/notes/search", "/regimen/search", "/notes?x=", "/?x="])
def test_nothing_that_can_be_searched_breaks_a_page(
    client: TestClient, address: str, own: str
) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    for nasty in ("%00", "%ff%fe", "%ED%A0%80", "%25", "{{7*7}}", "<script>", "%0d%0aSet-Cookie:x"):
        if address.endswith("search"):
            response = client.post(address, content=f"q={nasty}{own}", headers=form)
        else:
            response = client.get(address + nasty)
        assert response.status_code in {200, 303, 404, 422}
        cookie = response.headers.get("set-cookie", "")
        assert re.fullmatch(r"(sid-typed=[\w-]*; HttpOnly; [\w=;/ -]*)?", cookie)
        if response.status_code == 303:
            response = client.get(response.headers["location"])
            assert response.status_code == 200
        assert "<script>" not in response.text


@pytest.mark.parametrize(
    "query",
    [
        "from=0001-01-01&to=9999-12-31",
        "from=9999-12-31",
        "to=0001-01-01",
        "from=2026-02-30",
        "from=%00",
        "flavour=sweet",
        "from=" + "9" * 41,
    ],
)
def test_nothing_that_can_be_asked_breaks_an_export(
    client: TestClient, minoxidil: RegimenItem, query: str
) -> None:
    assert client.get(f"/export/doses.csv?{query}").status_code in {200, 404, 422}
    for name in ("../../etc/passwd", "..%2fsecret", "doses.csv", "%00", "strand"):
        assert client.get(f"/export/{name}.csv").status_code == 404
