"""Send thousands of doses from many phones at once: each is acknowledged once and stored once."""

import re
import statistics
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlmodel import select

from app.db import reading
from app.models import DoseEvent
from scripts.drills.figures import Figure, within, zeros
from scripts.drills.home import Answer, Home, today
from scripts.drills.postgres_server import on_each_database

WRITES = 10_000
AT_ONCE = 32
DAYS = 360
MOST_SECONDS = 10
MOST_GROWTH_MB = 100
ITEM = re.compile(r'href="/regimen/([0-9a-f-]{36})"')


def writes(folder: Path) -> list[Figure]:
    """Log doses over a year, on each kind of database."""
    return on_each_database(folder, _writes)


def _writes(kind: str, home: Home) -> list[Figure]:
    home.add_account("Alice")
    home.add_demo_year("Alice")
    home.start()
    alice = home.sign_in("Alice")
    found = ITEM.search(alice.get("/regimen").text)
    assert found is not None
    path = f"/regimen/{found[1]}/doses"
    earlier, before = _doses(home), home.memory()

    def log(number: int) -> tuple[UUID, Answer]:
        entry = uuid4()
        on = today() - timedelta(days=number % DAYS)
        fields = {"due_on": str(on), "id": str(entry), "time_choice": "on_time"}
        return entry, alice.post(path, fields, str(uuid4()))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = list(pool.map(log, range(WRITES)))
    after = home.memory()
    home.end()
    acknowledged = {entry for entry, answer in sent if 200 <= answer.status < 300}
    kept = _doses(home) - earlier
    seconds = [answer.seconds for _entry, answer in sent]
    return [
        zeros(
            f"{kind}, {WRITES:,} doses, {AT_ONCE} at a time",
            {
                "not acknowledged": len(sent) - len(acknowledged),
                "lost": len(acknowledged - kept),
                "kept besides": len(kept - acknowledged),
            },
        ),
        within(f"{kind}, half of them within", statistics.median(seconds), MOST_SECONDS),
        within(f"{kind}, the slowest", max(seconds), MOST_SECONDS),
        Figure(
            f"{kind}, MB resident before and after",
            f"{before}, {after}",
            after - before <= MOST_GROWTH_MB,
        ),
    ]


def _doses(home: Home) -> set[UUID]:
    with home.engine() as engine, reading(engine) as session:
        return set(session.exec(select(DoseEvent.id)).all())
