"""The baseline: FastAPI and the database driver, with nothing in between.

Each does the least work that could be called the same, on the event loop, with one query per step
and no thread. The dose log reads JSON into a pydantic model, finds the session, inserts one row and
commits. The page reads 41 rows and fills a template of about 15 KB, for nobody in particular.
Telemetry is off, as in Strand.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

import psycopg
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment
from pydantic import BaseModel

from app.db import PRAGMAS, sqlite_module
from app.main import NO_TELEMETRY
from bench import bare_trends
from bench.account import Account, Slot
from bench.packing import packed

ROWS = 41
SCHEMA = (
    "CREATE TABLE bare_sign_in (token_hash text PRIMARY KEY, user_id text NOT NULL)",
    "CREATE TABLE bare_dose (id text PRIMARY KEY, user_id text NOT NULL, item_id text NOT NULL, "
    "due_on text NOT NULL, due_time text NOT NULL, status text NOT NULL, "
    "occurred_at text NOT NULL, amount double precision, unit text NOT NULL)",
    "CREATE INDEX bare_dose_day ON bare_dose (user_id, due_on)",
)
FIND = "SELECT user_id FROM bare_sign_in WHERE token_hash = "
INSERT = "INSERT INTO bare_dose VALUES "
LIST = (
    "SELECT item_id, due_on, due_time, status, occurred_at, amount, unit FROM bare_dose "
    "WHERE user_id = ? ORDER BY due_on DESC LIMIT ?"
)
CONNECTIONS = 8
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Today</title>
<link rel="stylesheet" href="/app.css"></head>
<body><main><h1>Today</h1><ul class="doses">
{% for id, on, at, status, occurred_at, amount, unit in rows %}
<li class="dose" data-subject="dose/{{ id }}/{{ on }}/{{ at }}" data-status="{{ status }}">
  <a href="/days/{{ on }}/doses/{{ id }}/{{ at }}"><span class="name">{{ id }}</span>
  <span class="detail">{{ amount }} {{ unit }}, taken {{ occurred_at }}</span></a>
</li>
{% endfor %}
</ul></main></body></html>
"""


class Dose(BaseModel):
    """A dose as the bare log takes it."""

    item_id: UUID
    due_on: date
    due_time: time
    status: str
    occurred_at: datetime
    amount: float
    unit: str

    def row(self, user_id: str) -> tuple[object, ...]:
        """The columns of the table."""
        return (
            str(uuid4()),
            user_id,
            str(self.item_id),
            self.due_on.isoformat(),
            self.due_time.isoformat(),
            self.status,
            self.occurred_at.isoformat(),
            self.amount,
            self.unit,
        )


def nothing_but_a_route() -> FastAPI:
    """One async route that answers 204."""
    app = FastAPI(openapi_url=None, telemetry=NO_TELEMETRY)
    app.add_api_route("/bare", answer_nothing, methods=["POST"])
    return app


async def answer_nothing() -> Response:
    """The least a route can do."""
    return Response(status_code=204)


def sqlite_log(path: str) -> FastAPI:
    """The dose log and the page on one `sqlite3` connection, as durable as Strand's."""
    app = FastAPI(openapi_url=None, telemetry=NO_TELEMETRY)
    connection: Any = sqlite_module().connect(path)
    for pragma in ("journal_mode = WAL", *PRAGMAS):
        connection.execute(f"PRAGMA {pragma}")
    template = Environment(autoescape=True).from_string(PAGE)
    (user_id,) = connection.execute("SELECT user_id FROM bare_sign_in").fetchone()

    @app.post("/doses")
    async def log(request: Request, dose: Dose) -> Response:
        """Log one dose."""
        found = connection.execute(f"{FIND}?", (hashed(request.cookies["sid"]),)).fetchone()
        if found is None:
            raise HTTPException(401)
        connection.execute(f"{INSERT}(?, ?, ?, ?, ?, ?, ?, ?, ?)", dose.row(found[0]))
        connection.commit()
        return Response(status_code=204)

    @app.get("/")
    async def today() -> HTMLResponse:
        """Show 41 doses."""
        return packed(template.render(rows=connection.execute(LIST, (user_id, ROWS))))

    bare_trends.add_route(app, connection)
    return app


def postgres_log(conninfo: str) -> FastAPI:
    """The dose log on eight asynchronous `psycopg` connections."""
    idle: asyncio.LifoQueue[psycopg.AsyncConnection] = asyncio.LifoQueue()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        for _each in range(CONNECTIONS):
            idle.put_nowait(await psycopg.AsyncConnection.connect(conninfo))
        yield
        while not idle.empty():
            await idle.get_nowait().close()

    app = FastAPI(openapi_url=None, telemetry=NO_TELEMETRY, lifespan=lifespan)

    @app.post("/doses")
    async def log(request: Request, dose: Dose) -> Response:
        """Log one dose."""
        connection = await idle.get()
        try:
            cursor = await connection.execute(f"{FIND}%s", (hashed(request.cookies["sid"]),))
            found = await cursor.fetchone()
            if found is None:
                raise HTTPException(401)
            await connection.execute(
                f"{INSERT}(%s, %s, %s, %s, %s, %s, %s, %s, %s)", dose.row(found[0])
            )
            await connection.commit()
        finally:
            idle.put_nowait(connection)
        return Response(status_code=204)

    return app


def fill_sqlite(path: str, account: Account) -> None:
    """Give the bare log the same session and the same doses."""
    connection: Any = sqlite_module().connect(path)
    for statement in SCHEMA:
        connection.execute(statement)
    owner = str(account.user_id)
    connection.execute("INSERT INTO bare_sign_in VALUES (?, ?)", (hashed(account.token), owner))
    rows = [_dose(slot).row(owner) for slot in account.logged]
    connection.executemany(f"{INSERT}(?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    bare_trends.fill(connection, account.logged)
    connection.commit()
    connection.close()


def fill_postgres(conninfo: str, account: Account) -> None:
    """Give the bare log on PostgreSQL the same."""
    owner = str(account.user_id)
    with psycopg.connect(conninfo) as connection, connection.cursor() as cursor:
        for statement in SCHEMA:
            cursor.execute(statement)
        cursor.execute("INSERT INTO bare_sign_in VALUES (%s, %s)", (hashed(account.token), owner))
        rows: Sequence[tuple[object, ...]] = [_dose(slot).row(owner) for slot in account.logged]
        cursor.executemany(f"{INSERT}(%s, %s, %s, %s, %s, %s, %s, %s, %s)", rows)


def log_request(account: Account, slot: Slot) -> bytes:
    """A dose as JSON, with the cookie."""
    body = json.dumps(_dose(slot).model_dump(mode="json")).encode()
    return (
        f"POST /doses HTTP/1.1\r\nHost: localhost\r\nCookie: sid={account.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def hashed(token: str) -> str:
    """The SHA-256 of a token, as both databases keep it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _dose(slot: Slot) -> Dose:
    return Dose(
        item_id=slot.item_id,
        due_on=slot.on,
        due_time=slot.at,
        status="taken",
        occurred_at=slot.occurred_at,
        amount=slot.amount,
        unit=slot.unit,
    )
