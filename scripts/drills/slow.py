"""Slow, heavy or vanished clients: others are served within a second, and memory stays flat."""

import random
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert, select

from app.domain.logical_dates import iso_week
from app.models import Note, NoteKind, User
from scripts.drills.figures import Figure
from scripts.drills.home import Home, Person, today
from scripts.drills.hostile_pictures import slow_picture
from scripts.drills.others import Others

MANY = 41
PAGES = ("/", "/calendar", "/trends", "/notes", "/regimen", "/photos", "/settings", "/export")
REQUESTS = 15_000


def slow(folder: Path) -> list[Figure]:
    """Run downloads that nobody reads or that are cut, dribbling uploads, and slow pictures."""
    home = Home(folder / "home")
    for name in ("Alice", "Bob"):
        home.add_account(name)
    _write_much(home)
    home.start()
    alice, bob = home.sign_in("Alice"), home.sign_in("Bob")
    others, figures = Others(bob), []
    bob.get("/")
    for what, begin in _troubles(alice).items():
        with others.asking(), ExitStack() as opened:
            begun = begin()
            for connection in begun:
                opened.enter_context(connection)
            time.sleep(8)
            for connection in begun:
                connection.close()
            time.sleep(3)
        figures.append(others.figure(what))
    with others.asking():
        told = _send_bombs(alice)
    figures += [others.figure(f"{MANY} pictures that take long: {told}"), _memory(home)]
    figures.append(
        Figure("health", alice.get("/healthz").text, alice.get("/healthz").status == 200)
    )
    home.end()
    return figures


def _troubles(alice: Person) -> dict[str, Callable[[], Sequence[socket.socket]]]:
    photos = f"POST /days/{today()}/photos HTTP/1.1"
    upload = [
        photos,
        "Sec-Fetch-Site: same-origin",
        "Content-Type: multipart/form-data; boundary=x",
        "Content-Length: 5000000",
    ]
    sign_in = ["POST /sign-in HTTP/1.1", *upload[1:3], "Content-Length: 100000"]
    many = range(MANY)
    return {
        f"{MANY} downloads of CSV that nobody reads, then cut": lambda: [
            alice.begin(["GET /export/notes.csv HTTP/1.1"]) for _each in many
        ],
        f"{MANY} archives that nobody reads, then cut": lambda: [
            alice.begin(["GET /export/strand.zip HTTP/1.1"]) for _each in many
        ],
        "45 uploads that dribble": lambda: [alice.begin(upload, b"--x\r\n") for _each in range(45)],
        "45 sign-ins that dribble": lambda: [
            alice.begin(sign_in, b"--x\r\n") for _each in range(45)
        ],
        "90 connections that say nothing": lambda: [
            socket.create_connection(("127.0.0.1", alice.port)) for _each in range(90)
        ],
        "pipelined requests that nobody reads": lambda: [_pipeline(alice.port)],
    }


def _pipeline(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), 5)
    try:
        for _again in range(400):
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 1_000)
    except OSError:
        pass
    return connection


def _send_bombs(alice: Person) -> str:
    picture = slow_picture()
    path = f"/days/{today()}/photos"

    def send(_number: int) -> int:
        return alice.upload(path, "vertex", picture, str(uuid4())).status

    with ThreadPoolExecutor(MANY) as pool:
        statuses = list(pool.map(send, range(MANY)))
    return ", ".join(f"{statuses.count(each)} x {each}" for each in sorted(set(statuses)))


def memory(folder: Path) -> list[Figure]:
    """Request pages and write notes, and watch the memory."""
    home = Home(folder / "home")
    home.add_account("Alice")
    home.start()
    alice = home.sign_in("Alice")
    seen, statuses = [], set()
    path = f"/days/{today()}/notes"

    def one(number: int) -> int:
        if number % 10:
            return alice.get(random.choice(PAGES)).status
        return alice.post(path, {"text": f"note {number % 300}"}, str(uuid4())).status

    with ThreadPoolExecutor(4) as pool:
        for start in range(0, REQUESTS, 1_000):
            statuses |= set(pool.map(one, range(start, start + 1_000)))
            seen.append(home.memory())
    home.end()
    shown = ", ".join(map(str, seen))
    return [
        Figure(f"answers to {REQUESTS:,} requests", str(sorted(statuses)), max(statuses) < 400),
        Figure("MB resident after each thousand", shown, seen[-1] - seen[1] <= 25),
    ]


def _memory(home: Home) -> Figure:
    resident = home.memory()
    return Figure("MB resident", str(resident), resident < 400)


def _write_much(home: Home) -> None:
    """Eight megabytes of notes for Alice: more than the network holds for who does not read."""
    with home.engine() as engine, engine.execution_options(writes=True).begin() as connection:
        user_id = connection.execute(select(User.id).where(User.name == "Alice")).scalar_one()  # type: ignore[call-overload]
        now = datetime.now(UTC)
        rows = [
            {
                "id": uuid4(),
                "user_id": user_id,
                "on": now.date(),
                "iso_week": iso_week(now.date()),
                "kind": NoteKind.NOTE,
                "label": "",
                "text": uuid4().hex * 62,
                "logged_at": now,
            }
            for _each in range(4_000)
        ]
        connection.execute(insert(Note), rows)
