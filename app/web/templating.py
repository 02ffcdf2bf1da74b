"""Render Jinja templates into pages."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.routing import BaseRoute, Route

from app import __version__
from app.web import words
from app.web.assets import Assets

PROJECT = Path(__file__).parents[2]
STATIC = PROJECT / "static"
TEMPLATES = PROJECT / "templates"


class Paths:
    """Addresses by route name: `paths("show_day", on=day)`, below the path the app is mounted at.

    Starlette's own look-up tries every route in turn; a page has dozens of links.
    """

    def __init__(self, routes: Iterable[BaseRoute], root: str = "") -> None:
        self.formats: dict[str, str] = {
            route.name: root + route.path_format for route in routes if isinstance(route, Route)
        }

    def __call__(self, name: str, /, **params: object) -> str:
        """The path of the route `name`."""
        filled = {key: quote(str(value), safe="") for key, value in params.items()}
        return self.formats[name].format(**filled)


def make_environment(assets: Assets, paths: Paths) -> Environment:
    """The template environment, with everything that no page varies."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.filters.update(words.FILTERS)
    env.globals.update(
        _=words._,
        words=words,
        release=__version__,
        url_path_for=paths,
        asset=assets.url,
        stylesheet_url=assets.stylesheet_url,
        icons_url=assets.url("icons/sprite.svg"),
        import_map_json=Markup(assets.import_map),
    )
    return env


def path_for(request: Request, name: str, **params: object) -> str:
    """The address of a route as a path, in a handler."""
    paths: Paths = request.app.state.paths
    return paths(name, **params)


def render(
    request: Request, name: str, context: Mapping[str, Any], *, status_code: int = 200
) -> HTMLResponse:
    """Render the template `name` as the response.

    A signed-in page knows its viewer and the time without being told.
    """
    visit = getattr(request.state, "visit", None)
    page = {
        "viewer": visit.user if visit else None,
        "today": visit.today if visit else None,
        "now": visit.now if visit else None,
        "nav": "none",
        "to_go": "",
        **context,
    }
    env: Environment = request.app.state.templates
    return HTMLResponse(env.get_template(name).render(page), status_code=status_code)
