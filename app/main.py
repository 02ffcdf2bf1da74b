"""Put the app together: the table of contents."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.telemetry import TelemetryConfig
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from app import __version__
from app.db import make_engine
from app.db.answer_cache import AnswerCache
from app.db.database import Database
from app.errors import AppError, CommandError
from app.i18n import ENGLISH, _, current, preferred, speaking
from app.routers import (
    about,
    access,
    check_ins,
    days,
    deletions,
    dosages,
    dose_events,
    exports,
    first_day,
    hair_reviews,
    item_endings,
    knowledge,
    measurements,
    medicines,
    notes,
    offline,
    pauses,
    phone,
    photos,
    ready_made_sets,
    regimen_items,
    reminders,
    shedding,
    sign_in,
    supply,
    trends,
)
from app.routers.settings import asked_questions, hints, preferences, times_of_day
from app.settings import Settings
from app.web.http.assets import Assets
from app.web.http.deps import clock
from app.web.http.error_pages import (
    ErrorAnswers,
    show_app_error,
    show_bug,
    show_http_error,
    show_nothing,
    show_trouble,
    show_unreadable,
)
from app.web.http.packing_others import PackingOthers
from app.web.http.page_cache import PageCache
from app.web.http.paths import Paths
from app.web.http.proxies import ForwardedRequests
from app.web.http.security import SecurityMiddleware, content_security_policy
from app.web.http.templating import STATIC, Templates

ROUTERS = [
    module.router
    for module in (
        days,
        dose_events,
        check_ins,
        notes,
        shedding,
        photos,
        hair_reviews,
        measurements,
        ready_made_sets,
        knowledge,
        medicines,
        item_endings,
        supply,
        regimen_items,
        dosages,
        first_day,
        pauses,
        deletions,
        trends,
        exports,
        preferences,
        asked_questions,
        times_of_day,
        hints,
        reminders,
        access,
        phone,
        sign_in,
        about,
        offline,
    )
]
LARGEST_BODY = 1_048_576
FOR_EVER = "public, max-age=31536000, immutable"
NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}


def create_app(
    settings: Settings,
    engine: Engine | None = None,
    *,
    cookie_name: str = "sid",
    clock: Callable[[], datetime] = clock,
) -> FastAPI:
    """Build the app for a migrated database.

    A temporary copy that runs beside the real one has another cookie name.
    """
    app = Strand(
        title="Strand",
        openapi_url=None,
        # Starlette's own redirects would go to whatever host `Host` names.
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
        max_body_size=LARGEST_BODY,
    )
    app.state.settings = settings
    app.state.cookie_name = cookie_name
    app.state.clock = clock
    app.state.database = Database(engine or make_engine(settings.url_of_database))
    app.state.assets = assets = Assets(STATIC, settings.prefix)
    app.mount("/static", DigestedFiles(assets), name="static")
    app.add_api_route("/app.css", show_stylesheet, name="stylesheet", include_in_schema=False)
    app.add_api_route("/words/{code}.js", show_words, name="words", include_in_schema=False)
    app.add_api_route("/healthz", show_health, name="health", include_in_schema=False)
    # Added directly: `include_router` adds nothing here, would prepare every route once more, and
    # would be searched twice for each request.
    app.router.routes += [route for router in ROUTERS for route in router.routes]
    app.state.paths = Paths(app.routes, settings.prefix)
    _check_prefix(settings.prefix, app.state.paths)
    app.state.templates = Templates(assets, app.state.paths)
    app.state.page_cache = PageCache(pages=AnswerCache(32), parts=AnswerCache(64))
    app.add_exception_handler(AppError, show_app_error)
    app.add_exception_handler(SQLAlchemyError, show_trouble)
    app.add_exception_handler(OSError, show_trouble)
    app.add_exception_handler(ClientDisconnect, show_nothing)
    app.add_exception_handler(HTTPException, show_http_error)
    app.add_exception_handler(RequestValidationError, show_unreadable)
    app.add_exception_handler(Exception, show_bug)
    return app


def behind_proxies(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Wrap the app so that trusted proxies tell it the client's address and scheme."""
    return ForwardedRequests(app, trusted_proxies=settings.trusted_proxies)


class Strand(FastAPI):
    """The app inside its security middleware, which is outermost so that error pages pass it too.

    Every page is served with and without the prefix: some proxies strip it, others do not, and a
    browser that comes without a proxy follows links that have it.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set the prefix, and add it to a path that lacks it."""
        root, path = self.state.settings.prefix, scope.get("path", "")
        if root and scope["type"] == "http":
            has_it = f"{path}/".startswith(f"{root}/")
            scope = {**scope, "root_path": root, "path": path if has_it else root + path}
        language = requested_language(scope)
        if language == current().code:
            await super().__call__(scope, receive, send)
            return
        with speaking(language):
            await super().__call__(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """Build four layers, which do what the framework's nine would.

        A request for a signed-in person that does nothing takes 182 instead of 228 µs of CPU, with
        the threads of handlers (November 2026).
        """
        assets: Assets = self.state.assets
        policy = content_security_policy(assets.script_hashes)
        packing = PackingOthers(AsyncExitStackMiddleware(self.router))
        answers = ErrorAnswers(packing, self.exception_handlers)
        return SecurityMiddleware(answers, policy=policy)


def requested_language(scope: Scope) -> str:
    """Return the language that the browser asks for; an account may have chosen another."""
    for name, value in scope.get("headers", ()):
        if name == b"accept-language":
            return preferred(value.decode("latin-1"))
    return ENGLISH.code


def _check_prefix(prefix: str, paths: Paths) -> None:
    """Refuse a prefix such as `/photos` that is also the path of a page."""
    pages = {address.removeprefix(prefix).split("/")[1] for address in paths.formats.values()}
    if {"static", *pages} & {prefix.removeprefix("/").split("/")[0]} - {""}:
        raise CommandError(
            _(
                "Strand has pages of its own at {path}. Choose another path in STRAND_BASE_URL, "
                "such as /strand.",
                path=prefix,
            )
        )


class DigestedFiles(StaticFiles):
    """Static files. One requested by its digest is served shortened and may be cached for ever."""

    def __init__(self, assets: Assets) -> None:
        super().__init__(directory=assets.folder)
        self.plain_texts = assets.plain_texts

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve a file, with the time that it may be cached."""
        response = await super().get_response(path, scope)
        is_digested = scope["query_string"].startswith(b"v=")
        if is_digested and path in self.plain_texts and response.status_code == 200:
            media_type = response.headers["content-type"].partition(";")[0]
            response = Response(self.plain_texts[path], media_type=media_type)
        response.headers["cache-control"] = FOR_EVER if is_digested else "no-cache"
        return response


async def show_stylesheet(request: Request) -> Response:
    """Serve all style sheets in one response."""
    assets: Assets = request.app.state.assets
    headers = {"cache-control": FOR_EVER}
    return Response(assets.stylesheet, media_type="text/css", headers=headers)


async def show_words(request: Request, code: str) -> Response:
    """Serve the messages of the phone's own code in a language."""
    assets: Assets = request.app.state.assets
    if code not in assets.words:
        raise HTTPException(404)
    headers = {"cache-control": FOR_EVER}
    return Response(assets.words[code], media_type="text/javascript", headers=headers)


def show_health(request: Request) -> JSONResponse:
    """Report whether the database can be read and written, and in one sentence why not."""
    trouble = request.app.state.database.look()
    if trouble is None:
        return JSONResponse({"status": "ok", "version": __version__})
    told = {"status": "unavailable", "reason": trouble.sentence(), "version": __version__}
    return JSONResponse(told, status_code=503)
