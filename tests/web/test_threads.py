"""The threads of handlers: as many as are needed, and no more than there may be."""

import asyncio
from threading import Barrier, Event, current_thread

import pytest

from app.web.http.threads import Threads, in_thread


def test_calls_at_once_have_a_thread_each_up_to_the_most() -> None:
    threads, all_there, done = Threads(most=3), Barrier(4), []
    for _number in range(3):
        threads.start(lambda: done.append(all_there.wait(10)))
    all_there.wait(10)

    is_over = Event()
    names: set[str] = set()
    for number in range(20):
        threads.start(lambda: names.add(current_thread().name))
        if number == 19:
            threads.start(is_over.set)
    assert is_over.wait(10)
    assert len(names) <= 3


def test_a_call_after_another_uses_its_thread() -> None:
    threads, names = Threads(most=3), []
    for _number in range(5):
        is_over = Event()
        threads.start(lambda: names.append(current_thread().name))
        threads.start(is_over.set)
        assert is_over.wait(10)
    assert len(set(names)) <= 2


def test_a_handler_tells_its_result_or_its_error() -> None:
    def divide(one: int, other: int) -> float:
        return one / other

    async def both() -> None:
        assert await in_thread(divide, one=6, other=3) == 2
        with pytest.raises(ZeroDivisionError):
            await in_thread(divide, one=6, other=0)

    asyncio.run(both())


def test_a_request_that_was_given_up_disturbs_no_other() -> None:
    may_end = Event()

    async def give_up() -> bool:
        task = asyncio.ensure_future(in_thread(may_end.wait, timeout=10))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        may_end.set()
        return await in_thread(may_end.wait, timeout=10)

    assert asyncio.run(give_up())
