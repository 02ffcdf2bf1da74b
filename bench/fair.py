"""The least that Strand could cost: the same rows and the same page, written by hand.

FastAPI, pydantic and `sqlite3` on the event loop, in Strand's own schema with its indexes: find the
session, validate the form, append to the history, write the row, commit with synchronous=FULL. The
page of today sends the same queries and fills one flat template that is made of Strand's own page,
compressed alike. Strand's extra cost is that of its layers, its threads and everything else it
does.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from html import escape
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID, uuid5

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, Template
from pydantic import AwareDatetime, BaseModel, Field
from pydantic_core import to_json

from app.db import PRAGMAS, sqlite_module
from app.main import NO_TELEMETRY
from bench.packing import packed

FIND = (
    "SELECT u.id, u.time_zone, u.day_starts_time, s.last_seen_at FROM sign_in s "
    "JOIN user_account u ON u.id = s.user_id WHERE s.token_hash = ?"
)
OWN_ITEM = "SELECT 1 FROM regimen_item WHERE id = ? AND user_id = ?"
APPEND = (
    "INSERT INTO entry_version (user_id, entry_id, subject, kind, changed_at, received_at, device, "
    "gives_way, short_answer, state) VALUES (?, ?, ?, 'dose_event', ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO NOTHING RETURNING NOT EXISTS (SELECT 1 FROM entry_version o "
    "WHERE o.user_id = entry_version.user_id AND o.subject = entry_version.subject "
    "AND (o.changed_at, o.entry_id) > (entry_version.changed_at, entry_version.entry_id))"
)
DOSE = (
    *("id", "user_id", "regimen_item_id", "due_on", "due_time", "iso_week", "status"),
    *("occurred_at", "logged_at", "time_zone", "amount", "unit", "reason", "note"),
    *("day_starts_time", "zones", "minutes_on", "needle_mm"),
)
WRITE = (
    f"INSERT INTO dose_event ({', '.join(DOSE)}) VALUES ({', '.join('?' * len(DOSE))}) "
    f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in DOSE[1:])} "
    "WHERE dose_event.user_id = excluded.user_id RETURNING 1"
)
SLOTS = (
    "SELECT i.id, i.name, i.icon, i.tone, t.at, t.amount, d.unit FROM regimen_item i "
    "JOIN dosage d ON d.regimen_item_id = i.id JOIN dosage_time t ON t.dosage_id = d.id "
    "WHERE i.user_id = ? ORDER BY t.at, i.position, i.id"
)
# The other questions of a day's page, each of a user between two days.
WEEK = (
    "SELECT due_on, count(*) FROM dose_event WHERE user_id = ? AND due_on BETWEEN ? AND ? "
    "AND status = 'taken' GROUP BY due_on"
)
EVENTS = (
    "SELECT regimen_item_id, due_time, status, occurred_at, logged_at, time_zone, amount, unit, "
    "reason, note, day_starts_time, zones, minutes_on, needle_mm FROM dose_event "
    "WHERE user_id = ? AND due_on BETWEEN ? AND ?"
)
CHECK_IN = 'SELECT mood, energy FROM check_in WHERE user_id = ? AND "on" BETWEEN ? AND ?'
SYMPTOMS = 'SELECT symptom, severity FROM symptom_report WHERE user_id = ? AND "on" BETWEEN ? AND ?'
REST = (
    'SELECT * FROM note WHERE user_id = ? AND "on" BETWEEN ? AND ?',
    'SELECT * FROM shedding_count WHERE user_id = ? AND "on" BETWEEN ? AND ?',
    'SELECT * FROM progress_photo WHERE user_id = ? AND "on" BETWEEN ? AND ?',
)
ROW = re.compile(r'<li class="dose".*?</li>', re.DOTALL)
SCALE = re.compile(r'<input type="radio" name="([a-z_-]+)" value="(\d)"( checked)?>')
# By the state of a dose: the words about its time, with a hole.
WHEN = {"taken": "taken {{ row.taken_at }}", "open": "due {{ row.at }}"}


class Dose(BaseModel):
    """A dose as a tap on its row sends it."""

    due_on: date
    due_time: time
    planned_amount: float = Field(gt=0, le=1_000_000)
    unit: str = Field(max_length=24)
    status: str = Field(pattern="^(taken|skipped|nothing)$")
    time_zone: str = Field(max_length=64)
    changed_at: AwareDatetime
    device: str = Field(max_length=64)
    tap: bool = False


def sqlite_program(path: str) -> FastAPI:
    """The dose log and the page of today on one connection."""
    app = FastAPI(openapi_url=None, telemetry=NO_TELEMETRY)
    connection: Any = sqlite_module().connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", *PRAGMAS):
        connection.execute(f"PRAGMA {pragma}")

    @app.post("/regimen/{item_id}/doses")
    async def log(request: Request, item_id: UUID) -> Response:
        """Log one dose."""
        dose = Dose.model_validate(dict(parse_qsl((await request.body()).decode())))
        entry_id = UUID(request.headers["outbox-entry"])
        connection.execute("BEGIN IMMEDIATE")
        try:
            _log(connection, request, item_id, entry_id, dose)
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise
        return Response(status_code=204, headers={"outbox-entry": str(entry_id)})

    _add_page(app, connection)
    return app


def _signed_in(connection: Any, request: Request) -> tuple[Any, ...]:
    token = hashlib.sha256(request.cookies["sid"].encode()).hexdigest()
    found: tuple[Any, ...] | None = connection.execute(FIND, (token,)).fetchone()
    if found is None:
        raise HTTPException(401)
    return found


def _log(connection: Any, request: Request, item_id: UUID, entry_id: UUID, dose: Dose) -> None:
    user_id, _zone, day_starts, _seen = _signed_in(connection, request)
    if connection.execute(OWN_ITEM, (item_id.hex, user_id)).fetchone() is None:
        raise HTTPException(404)
    now = datetime.now(UTC)
    changed_at, at = _stored(min(dose.changed_at, now)), f"{dose.due_time:%H:%M}"
    year, week, _day = dose.due_on.isocalendar()
    row = (
        uuid5(item_id, f"{dose.due_on} {at}").hex,
        *(user_id, item_id.hex, str(dose.due_on), dose.due_time.isoformat("microseconds")),
        *(year * 100 + week, dose.status, changed_at, changed_at, dose.time_zone),
        *(dose.planned_amount, dose.unit, None, "", day_starts, "", None, None),
    )
    version = (
        *(user_id, entry_id.hex, f"dose/{item_id}/{dose.due_on}/{at}", changed_at, _stored(now)),
        *(dose.device, "to_more" if dose.tap else "never", dose.status),
        to_json(dict(zip(DOSE[1:], row[1:], strict=True))).decode(),
    )
    (is_newest,) = connection.execute(APPEND, version).fetchone() or (0,)
    if is_newest and connection.execute(WRITE, row).fetchone() is None:
        raise HTTPException(404)


def _stored(instant: datetime) -> str:
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _add_page(app: FastAPI, connection: Any) -> None:
    made: list[Template] = []

    @app.put("/template")
    async def fill(request: Request) -> Response:
        """Take Strand's page, from which the template is made."""
        slots = list(_slots(connection, _signed_in(connection, request)[0]))
        html = template_of((await request.body()).decode(), slots)
        made[:] = [Environment(autoescape=True).from_string(html)]
        return Response(status_code=204)

    @app.get("/")
    async def today(request: Request) -> HTMLResponse:
        """Show today."""
        user_id, *_rest = _signed_in(connection, request)
        return packed(made[0].render(_values(connection, user_id)))


def _slots(connection: Any, user_id: str) -> Iterator[dict[str, Any]]:
    on = datetime.now(UTC).date()
    for item, name, icon, tone, at, amount, unit in connection.execute(SLOTS, (user_id,)):
        clock = at[:5]
        yield {
            "key": (item, at),
            "id": str(UUID(item)),
            "name": name,
            "icon": icon,
            "tone": tone,
            "at": clock,
            "url": clock.replace(":", "%3A"),
            "amount": f"{amount:,g}",
            "half": f"{amount / 2:,g}",
            "double": f"{amount * 2:,g}",
            "number": f"{amount:g}",
            "unit": unit,
            "on": str(on),
        }


def _values(connection: Any, user_id: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    on, first = str(now.date()), str(now.date() - timedelta(days=6))
    events = {(each[0], each[1]): each for each in connection.execute(EVENTS, (user_id, on, on))}
    rows = list(_slots(connection, user_id))
    for row in rows:
        event = events.get(row["key"])
        row["is_taken"] = event is not None
        row["taken_at"] = event[3][11:16] if event else ""
    scales = connection.execute(CHECK_IN, (user_id, on, on)).fetchone() or (None, None)
    answers = dict(zip(("mood", "energy"), scales, strict=True))
    for symptom, severity in connection.execute(SYMPTOMS, (user_id, on, on)):
        answers[f"symptom-{symptom}"] = severity
    for query in REST:
        connection.execute(query, (user_id, first, on)).fetchall()
    return {
        "rows": rows,
        "answers": answers,
        "week": dict(connection.execute(WEEK, (user_id, first, on))),
        "read_at": int(now.timestamp() * 1_000_000),
        "today": on,
    }


def template_of(html: str, slots: list[dict[str, Any]]) -> str:
    """Make a flat template of Strand's page: the doses in a loop, answers and instants as holes."""
    rows = ROW.findall(html)
    shapes = {
        "taken" if 'data-status="taken"' in row else "open": _with_holes(row, slot)
        for row, slot in zip(rows, slots, strict=True)
    }
    shape = f"{{% if row.is_taken %}}{shapes['taken']}{{% else %}}{shapes['open']}{{% endif %}}"
    for place, row in enumerate(rows):
        html = html.replace(row, f"{{% with row = rows[{place}] %}}{shape}{{% endwith %}}", 1)
    html = SCALE.sub(_with_answer, html)
    html = re.sub(r'data-read-at="\d+"', 'data-read-at="{{ read_at }}"', html)
    return re.sub(r'data-today="[\d-]+"', 'data-today="{{ today }}"', html)


def _with_holes(row: str, slot: Mapping[str, Any]) -> str:
    """Put a hole wherever a row names something of its own."""
    state = "taken" if 'data-status="taken"' in row else "open"
    row = re.sub(r"<span data-when.*?</span>", f"<span data-when>{WHEN[state]}</span>", row)
    amounts = [f"{slot[each]} {slot['unit']}" for each in ("amount", "half", "double")]
    written = (
        (amounts[0] + "|" + "|".join(amounts[1:]) + f"|{slot['unit']}", "amounts"),
        (slot["id"], "id"),
        (escape(slot["name"]), "name"),
        (amounts[0], "said"),
        (slot["url"], "url"),
        (f'value="{slot["number"]}"', "number"),
        (slot["on"], "on"),
        (slot["at"], "at"),
        (f"#i-{slot['icon']}", "icon"),
        (f'data-tone="{slot["tone"]}"', "tone"),
    )
    holes = {
        "amounts": "{{ row.amount }} {{ row.unit }}|{{ row.half }} {{ row.unit }}|"
        "{{ row.double }} {{ row.unit }}|{{ row.unit }}",
        "said": "{{ row.amount }} {{ row.unit }}",
        "number": 'value="{{ row.number }}"',
        "icon": "#i-{{ row.icon }}",
        "tone": 'data-tone="{{ row.tone }}"',
    }
    for text, name in written:
        row = row.replace(text, holes.get(name, f"{{{{ row.{name} }}}}"))
    return row


def _with_answer(found: re.Match[str]) -> str:
    name, value, _checked = found.groups()
    checked = f'{{% if answers["{name}"] == {value} %}} checked{{% endif %}}'
    return f'<input type="radio" name="{name}" value="{value}"{checked}>'
