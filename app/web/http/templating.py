"""Render Jinja templates into pages."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape
from starlette.datastructures import MutableHeaders

from app import __version__
from app.domain.unchanged import Unchanged
from app.i18n import ENGLISH, LANGUAGES, _, current, pgettext, speaking
from app.language import words
from app.language.device_words import device_words
from app.language.field_words import field_word
from app.web.http.assets import Assets
from app.web.http.compiled_templates import CompiledTemplates
from app.web.http.deletions import deletion_notice
from app.web.http.drawn_page import NEW_ID, READ_AT, DrawnPage
from app.web.http.folding import FoldingEnvironment
from app.web.http.packing import packed
from app.web.http.paths import Paths
from app.web.http.visit import Visit

PROJECT = Path(__file__).parents[3]
STATIC = PROJECT / "static"
TEMPLATES = PROJECT / "templates"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Tell a device whose page it caches, and until when the page is right.
ACCOUNT, EDITION = "strand-account", "strand-edition"
ICONS = ("icon", "glyph", "mark", "hairs", "check_icon")
# Macros of a few words each that a page renders dozens of times.
CACHED_MACROS: Mapping[str, Sequence[str]] = {
    "components/icons.html": ("icon", "glyph"),
    "components/charts.html": ("day_pip",),
    "components/dose_row.html": ("dose_row",),
    "components/forms.html": ("segmented",),
    "components/week_strip.html": ("week_strip",),
    "layouts/_nav.html": ("nav_bar",),
}
# Macros of much markup: given the very values of last time, they return the same markup.
MACROS_OF_PARTS: Mapping[str, Sequence[str]] = {
    "trends/_rows.html": ("table_rows", "year_row"),
    "trends/_shedding.html": ("shedding_panel",),
    "trends/_felt.html": ("felt_panels",),
}
MOST_PARTS = 64


def translate(message: str, /, **given: object) -> str:
    """Translate a message of a template, and escape the values of its placeholders."""
    text = _(message)
    if not given:
        return text
    # `Markup.format` is a few times slower.
    safe = {name: escape(value) for name, value in given.items()}
    return Markup(str(escape(text)).format(**safe))


def translate_in(context: str, message: str, /, **given: object) -> str:
    """Translate a message of a template whose meaning depends on `context`."""
    text = pgettext(context, message)
    return Markup(escape(text)).format(**given) if given else text


class Templates:
    """A template environment per language, made for the first page in that language.

    Compiled templates hold translated constants, and cached macros translated markup.
    """

    def __init__(self, assets: Assets, paths: Paths) -> None:
        self._assets, self._paths = assets, paths
        # Made at startup, when the current language may be the terminal's.
        with speaking(ENGLISH.code):
            self._environments = {ENGLISH.code: make_environment(assets, paths)}

    def of_current_language(self) -> Environment:
        """Return the environment of the current language."""
        code = current().code
        if code not in self._environments:
            self._environments.setdefault(code, make_environment(self._assets, self._paths))
        return self._environments[code]

    def compile_all(self) -> None:
        """Compile every template in every language, for an image."""
        for code in LANGUAGES:
            with speaking(code):
                environment = self.of_current_language()
                for name in environment.list_templates(["html"]):
                    environment.get_template(name)


def make_environment(assets: Assets, paths: Paths) -> Environment:
    """Make the current language's template environment, with everything that pages share."""
    env = FoldingEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=CompiledTemplates(TEMPLATES, assets, paths),
    )
    env.filters.update(words.FILTERS)
    env.filters.update(field_word=field_word, device_words=device_words)
    env.globals.update(
        _=translate,
        pgettext=translate_in,
        # Under a name of its own: messages are collected from calls of plain names.
        counted=words.counted,
        language=current().code,
        words=words,
        new_id=lambda: NEW_ID,
        release=__version__,
        url_path_for=paths,
        asset=assets.url,
        stylesheet_url=assets.stylesheet_url,
        icons_url=assets.url("icons/sprite.svg"),
        import_map_json=Markup(assets.import_map(current().code)),
        zone_script=Markup(assets.inline_scripts["zone"]),
    )
    env.pure.update(_=_, pgettext=pgettext, url_path_for=paths, asset=assets.url)
    icons: Any = env.get_template("components/icons.html").module
    env.pure.update({name: getattr(icons, name) for name in ICONS})
    for keep, names in ((cached_macro, CACHED_MACROS), (macro_of_parts, MACROS_OF_PARTS)):
        for name, macros in names.items():
            env.keepers[name] = dict.fromkeys(macros, keep)
    env.prepare(CACHED_MACROS)
    return env


def cached_macro(macro: Callable[..., Markup]) -> Callable[..., Markup]:
    """Cache a macro's markup by its arguments.

    Types are part of the key: markup equal to a text is not escaped, the text is. Arguments that
    may change (a list) are not cached.
    """
    drawn = lru_cache(maxsize=1024, typed=True)(macro)

    def draw(*given: Any, **named: Any) -> Markup:
        try:
            hash((given, *named.values()))
        except TypeError:
            return macro(*given, **named)
        return drawn(*given, **named)

    return draw


def macro_of_parts(macro: Callable[..., Markup]) -> Callable[..., Markup]:
    """Keep a macro's markup while its first value is the same object and the others are equal."""
    drawn = Unchanged(MOST_PARTS)
    return lambda *given: drawn.made(id(given[0]), macro, *given)


def path_for(request: Request, name: str, **params: object) -> str:
    """Return the address of a route as a path, in a handler."""
    paths: Paths = request.app.state.paths
    return paths(name, **params)


def microseconds(instant: datetime) -> int:
    """Return whole microseconds since 1970, which devices compare exactly."""
    return (instant - EPOCH) // timedelta(microseconds=1)


def edition_of(visit: Visit) -> str:
    """Return the edition of a person's pages: program, regimen and settings, day, and language.

    A device fetches its offline pages again when the edition changes.
    """
    version = visit.diary.owner.regimen_version
    return f"{__version__}.{version}.{visit.diary.today}.{current().code}"


def render(
    request: Request, name: str, context: Mapping[str, Any], *, status_code: int = 200
) -> HTMLResponse:
    """Render the template `name` as the response."""
    return answer(request, draw(request, name, context), status_code=status_code)


def draw(request: Request, name: str, context: Mapping[str, Any]) -> DrawnPage:
    """Draw a page.

    Adds the viewer and the time to a signed-in page, and when its data was read: `now` may be
    later, for a page rendered ahead of its day.
    """
    visit: Visit | None = getattr(request.state, "visit", None)
    page = {
        "viewer": visit.viewer if visit else None,
        "today": visit.diary.today if visit else None,
        "now": visit.diary.now if visit else None,
        "read_at": READ_AT,
        "nav": "none",
        "to_go": "",
        "is_answer": request.method == "POST",
        "deletion": deletion_notice(request, visit) if visit else None,
        **context,
    }
    return DrawnPage(template(request, name).generate(page))


def template(request: Request, name: str) -> Template:
    """Return a template in the current language."""
    templates: Templates = request.app.state.templates
    return templates.of_current_language().get_template(name)


def answer(request: Request, page: DrawnPage, *, status_code: int = 200) -> HTMLResponse:
    """Send a page."""
    visit: Visit | None = getattr(request.state, "visit", None)
    read_at = microseconds(request.state.read_at) if visit else None
    headers = MutableHeaders(
        {ACCOUNT: str(visit.viewer.id), EDITION: edition_of(visit)} if visit else {}
    )
    body = packed(request, page, read_at, headers)
    return HTMLResponse(body, status_code=status_code, headers=headers)
