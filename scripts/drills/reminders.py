"""Kill workers while they send reminders: none may come twice, and none may be lost unclaimed."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, update
from sqlmodel import col, select

from app.db import reading, writing
from app.models import Delivery, DeliveryState, PushDevice, ReminderClock
from app.services.reminders import AT_ONCE
from app.worker.reminders import CLAIMED_TOGETHER
from scripts.drills.figures import Figure, zeros
from scripts.drills.home import ROOT, Home
from scripts.drills.postgres_server import postgres_in
from tests.support.push_service import PushService, push_service
from tests.support.reminded import NEVER, make_reminded

RUNS = 200
PEOPLE = 24_000
# So many people are always due, so that both workers have work whenever one is killed.
DUE = 60
# A push service that is as slow as this is often under way when a worker is killed.
ANSWERS_AFTER_SECONDS = 0.3
LONGEST_RUN_SECONDS = 0.8
PATIENCE_SECONDS = 120


def reminders(folder: Path) -> list[Figure]:
    """Run two workers on PostgreSQL; kill either at a random instant, again and again."""
    with postgres_in(folder / "postgres") as server, push_service(ANSWERS_AFTER_SECONDS) as service:
        home = Home(folder / "home", server.url)
        home.add_account("Alice")
        home.environment["STRAND_PUSH_HOSTS"] = service.origin
        with home.engine() as engine:
            due_at = datetime.now(UTC) - timedelta(minutes=1)
            make_reminded(engine, service, due_at, count=PEOPLE, items=1)
            with _always_due(engine):
                workers = _kill_workers(home)
            _wait_until_nobody_is_due(engine)
            for worker in workers:
                worker.terminate()
                worker.wait(PATIENCE_SECONDS)
            return _figures(engine, service)


def _kill_workers(home: Home) -> list[subprocess.Popen[bytes]]:
    """Kill one of two workers in each run, and start another; return those that live."""
    chance = random.Random("reminders")
    workers = [_start(home), _start(home)]
    for _run in range(RUNS):
        time.sleep(chance.uniform(0, LONGEST_RUN_SECONDS))
        victim = workers.pop(chance.randrange(2))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        workers.append(_start(home))
    return workers


def _start(home: Home) -> subprocess.Popen[bytes]:
    """Start a worker, and wait until it says that it works."""
    with home.log.open("ab") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "app", "work"],
            env=home.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
        )
    Home.started.append(worker)
    assert worker.stdout is not None
    if not worker.stdout.readline():
        raise RuntimeError(f"A worker did not start: {home.log.read_text()[-500:]}")
    return worker


@contextmanager
def _always_due(engine: Engine) -> Iterator[None]:
    """Have more people due whenever few are left."""
    over = threading.Event()

    def keep_due() -> None:
        while not over.wait(0.1):
            _make_due(engine, DUE - _due(engine))

    thread = threading.Thread(target=keep_due)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _make_due(engine: Engine, most: int) -> None:
    if most <= 0:
        return
    with writing(engine) as session:
        waiting = select(ReminderClock.user_id).where(col(ReminderClock.next_at) == NEVER)
        chosen = session.exec(waiting.limit(most)).all()
        due = update(ReminderClock).where(col(ReminderClock.user_id).in_(chosen))
        session.execute(due.values(next_at=AT_ONCE))
        session.commit()


def _due(engine: Engine) -> int:
    with reading(engine) as session:
        is_due = col(ReminderClock.next_at) == AT_ONCE
        return session.scalar(select(func.count()).select_from(ReminderClock).where(is_due)) or 0


def _wait_until_nobody_is_due(engine: Engine) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while _due(engine) and time.monotonic() < until:
        time.sleep(0.2)


def _figures(engine: Engine, service: PushService) -> list[Figure]:
    """Compare what came to the phones with what the database says of each person who was due."""
    came = Counter(each.path.rpartition("/")[2] for each in service.take())
    with reading(engine) as session:
        was_due = col(ReminderClock.next_at) != NEVER
        devices = select(PushDevice.endpoint, PushDevice.id).join(
            ReminderClock, col(ReminderClock.user_id) == PushDevice.user_id
        )
        phones = {row[0].rpartition("/")[2]: row[1] for row in session.exec(devices.where(was_due))}
        states = {each.device_id: each.state for each in session.exec(select(Delivery))}
        rows = session.scalar(select(func.count()).select_from(Delivery)) or 0
        unused = session.scalar(select(func.count()).select_from(ReminderClock).where(~was_due))
    missing = {phone: states.get(device) for phone, device in phones.items() if not came[phone]}
    claimed = sum(state is DeliveryState.CLAIMED for state in missing.values())
    most = RUNS * CLAIMED_TOGETHER
    return [
        Figure(
            f"reminders of {len(phones):,} people, two workers, one killed {RUNS} times",
            f"{sum(came.values()):,} came",
            bool(unused) and bool(came),
        ),
        zeros(
            "afterwards",
            {
                "came twice": sum(times > 1 for times in came.values()),
                "claimed twice": rows - len(states),
                "lost that no killed worker had claimed": len(missing) - claimed,
                "still due": _due(engine),
            },
        ),
        Figure(
            "lost, claimed by a worker that was killed",
            f"{claimed} (at most {most:,})",
            claimed <= most,
        ),
    ]
