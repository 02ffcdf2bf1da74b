"""Make the addresses of pages from the names of their routes."""

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

from starlette.routing import BaseRoute, Route


class Paths:
    """Addresses by route name: `paths("show_day", on=day)`, below the path the app is mounted at.

    Starlette's own look-up tries every route in turn, and a page has dozens of links.
    """

    def __init__(self, routes: Iterable[BaseRoute], root: str = "") -> None:
        self.formats: dict[str, str] = {
            route.name: root + route.path_format for route in routes if isinstance(route, Route)
        }
        self._path = lru_cache(maxsize=4096, typed=True)(self._filled)

    def __call__(self, name: str, /, **params: object) -> str:
        """Return the path of the route `name`, cached: a page uses the same few many times."""
        return self._path(name, **params)

    def _filled(self, name: str, /, **params: object) -> str:
        texts = {key: quote(str(value), safe="") for key, value in params.items()}
        return self.formats[name].format(**texts)
