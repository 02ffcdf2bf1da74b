"""Cache rendered pages and parts of them while nothing that they say has changed.

`app/db/answer_cache.py` compares the rows. The account and its settings are in the first row that a
request reads, that of its sign-in; everything else that a page depends on is in the key.
"""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from app.i18n import current
from app.web.http.drawn_page import DrawnPage
from app.web.http.templating import answer
from app.web.http.visit import Visit

Part = TypeVar("Part")


class PageAt(NamedTuple):
    """A page drawn at an instant; before `until`, the clock alone changes nothing in it."""

    drawn: DrawnPage
    at: datetime
    until: datetime

    def holds_at(self, now: datetime) -> bool:
        """Whether the page would be the same if it were drawn now."""
        return self.at <= now < self.until


Value = TypeVar("Value")


class Cache(Protocol[Value]):
    """Values made from rows: `app/db/answer_cache.py`."""

    def find(
        self,
        session: Session,
        key: Hashable,
        make: Callable[[], Value],
        holds: Callable[[Value], bool] = ...,
    ) -> Value:
        """Return the value that was made from the same rows, if it still `holds`; else make it."""


class PageCache(NamedTuple):
    """The pages of an app, about 60 KB each, and parts of them."""

    pages: Cache[PageAt]
    parts: Cache[object]


def answer_cached(request: Request, visit: Visit, draw: Callable[[], PageAt]) -> HTMLResponse:
    """Send the cached page of this address if nothing has changed; else draw it.

    Pages with a query are always drawn: it may ask for another time, or offer to undo something.
    """
    if request.scope["query_string"]:
        return answer(request, draw().drawn)
    cache: PageCache = request.app.state.page_cache
    now = visit.diary.now
    page = cache.pages.find(
        visit.diary.session, _key(request, visit), draw, lambda page: page.holds_at(now)
    )
    return answer(request, page.drawn)


def cached_part(request: Request, visit: Visit, name: str, make: Callable[[], Part]) -> Part:
    """Return the cached part of the page of this address if its rows are the same; else make it.

    It may depend on the day, but not on the time of day.
    """
    cache: PageCache = request.app.state.page_cache
    key = (name, *_key(request, visit))
    part: Part = cache.parts.find(visit.diary.session, key, make)  # type: ignore[assignment]
    return part


def _key(request: Request, visit: Visit) -> tuple[Hashable, ...]:
    return (request.scope["path"], visit.sign_in.id, visit.diary.today, current().code)
