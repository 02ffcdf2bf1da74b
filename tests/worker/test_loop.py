"""The loop that asks what is due."""

import threading
from datetime import datetime, timedelta

from sqlalchemy.exc import OperationalError

from app.worker.loop import Work, Worker, work_until, working
from tests.support.clock import NOW

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


def test_each_work_is_done_at_the_start_and_again_when_it_is_due() -> None:
    done: list[tuple[str, datetime]] = []
    worker = Worker(
        [
            Work(lambda now: done.append(("hourly", now)), AN_HOUR),
            Work(lambda now: done.append(("daily", now)), A_DAY),
        ]
    )

    for minutes in range(24 * 60 + 1):
        worker.do_what_is_due(NOW + timedelta(minutes=minutes))

    assert [at for name, at in done if name == "daily"] == [NOW, NOW + A_DAY]
    assert [at for name, at in done if name == "hourly"] == [NOW + n * AN_HOUR for n in range(25)]


def test_work_for_which_the_database_was_busy_is_tried_again_in_an_hour() -> None:
    tries: list[datetime] = []

    def fail_once(now: datetime) -> None:
        tries.append(now)
        if len(tries) == 1:
            raise OperationalError("DELETE", None, Exception("database is locked"))

    others: list[datetime] = []
    worker = Worker([Work(fail_once, A_DAY), Work(others.append, A_DAY)])
    for hours in range(26):
        worker.do_what_is_due(NOW + hours * AN_HOUR)

    assert tries == [NOW, NOW + AN_HOUR, NOW + AN_HOUR + A_DAY]
    assert others == [NOW, NOW + A_DAY]


def test_the_loop_ends_when_it_is_asked_to() -> None:
    is_over = threading.Event()
    done: list[datetime] = []

    def stop(now: datetime) -> None:
        done.append(now)
        is_over.set()

    work_until(is_over, [Work(stop, AN_HOUR)], lambda: NOW)
    assert done == [NOW]


def test_work_is_done_beside_a_block_and_ends_with_it() -> None:
    is_done = threading.Event()
    with working([Work(lambda _now: is_done.set(), AN_HOUR)], lambda: NOW, timedelta(0)):
        assert is_done.wait(10)
    assert "worker" not in {thread.name for thread in threading.enumerate()}
