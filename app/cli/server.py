"""Serve the app, do its regular work, update the database, or serve the demo."""

import argparse
import contextlib
import errno
import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import uvicorn
from sqlalchemy import Engine

from app.cli.bounded_http import bounded_http
from app.cli.installation import Commands, open_installation
from app.cli.log_format import LOG_CONFIG
from app.cli.watch import Watch
from app.db import writing
from app.errors import CommandError
from app.i18n import ENGLISH, _, speaking
from app.language.words import capitalize_first
from app.main import behind_proxies, create_app
from app.models import User
from app.photos.store import PhotoStore
from app.push import push_sender
from app.services.set_up import new_set_up_code
from app.settings import Settings
from app.worker.clean_up import clean_up, clean_up_at_start
from app.worker.loop import Work, work_until, working
from app.worker.reminders import Reminding

ANY_HOST = {"127.0.0.1", "0.0.0.0", "::", "::1", "localhost", ""}
# Less than the ten seconds after which Docker kills a container that it has asked to stop.
GRACE_SECONDS = 8
# The number of new objects after which the collector runs: a page makes a few thousand.
NEW_OBJECTS = 20_000


def add_commands(commands: Commands) -> None:
    """Add `serve`, `work` and `migrate`."""
    for name, run, words in (
        ("serve", serve, _("serve Strand at HOST and PORT (default: 127.0.0.1, 8000)")),
        ("work", work, _("do only the regular work, for a server with STRAND_WORKER=false")),
        ("migrate", migrate, _("update the database to the newest schema")),
    ):
        description = f"{capitalize_first(words)}."
        parser = commands.add_parser(name, help=words, description=description)
        parser.set_defaults(run=run)


def serve(settings: Settings, _given: argparse.Namespace) -> int:
    """Serve Strand until it is stopped, and do the regular work meanwhile."""
    handle_sigterm()
    with (
        open_installation(settings) as engine,
        listening(8000) as listener,
        _working_beside(settings, engine),
    ):
        # Created at startup, so that a failure is reported there.
        _secret = settings.secret
        for address in addresses_of(settings, listener):
            say(address)
        if code := _set_up_code(engine):
            addresses = settings.addresses or addresses_of(settings, listener)
            link = f"{addresses[0]}/set-up#{code}"
            say(_("Create the first account: {link}", link=link))
        run(settings, create_app(settings, engine), listener)
    return 0


@contextlib.contextmanager
def _working_beside(settings: Settings, engine: Engine) -> Iterator[None]:
    if not settings.worker:
        yield
        return
    store = PhotoStore(settings.photo_dir)
    clean_up_at_start(engine, store, now_utc())
    reminding = [_reminding(settings, engine)]
    with working(clean_up(engine, store), now_utc), working(reminding, now_utc):
        yield


def _reminding(settings: Settings, engine: Engine) -> Work:
    """Return the job that sends reminders; it has a thread of its own, to be on time."""
    return Reminding(engine, lambda: push_sender(settings.data_dir, settings.push_services)).work()


def work(settings: Settings, _given: argparse.Namespace) -> int:
    """Do the regular work until it is stopped, without serving pages."""
    handle_sigterm()
    with open_installation(settings) as engine:
        say(_("Strand does the regular work until you stop this command."))
        # No server's first pages have to be waited for.
        with working([_reminding(settings, engine)], now_utc, timedelta(0)):
            work_until(threading.Event(), clean_up(engine, PhotoStore(settings.photo_dir)), now_utc)
    return 0


def now_utc() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


def _set_up_code(engine: Engine) -> str:
    """Return the code for the set-up link; empty if an account exists."""
    with writing(engine) as session:
        is_new = session.exec(User.count()).one() == 0
        code = new_set_up_code(session, now_utc()) if is_new else ""
        session.commit()
    return code


def migrate(settings: Settings, _given: argparse.Namespace) -> int:
    """Bring the database to the newest schema."""
    with open_installation(settings):
        print(_("The database has the newest schema."))
    return 0


@contextlib.contextmanager
def listening(usual_port: int) -> Iterator[socket.socket]:
    """Open a socket at HOST and PORT, before any address is printed."""
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or usual_port
    try:
        found = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
    except (ValueError, OSError, OverflowError) as error:
        raise CommandError(
            _(
                "Strand cannot listen at host {host}, port {port}. Check HOST and PORT.",
                host=host,
                port=port,
            )
        ) from error
    with socket.socket(found[0], socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(found[4])
            listener.listen()
        except OSError as error:
            raise _unbound(host, int(port), error) from error
        yield listener


def _unbound(host: str, port: int, error: OSError) -> CommandError:
    if error.errno == errno.EADDRINUSE:
        return CommandError(
            _(
                "Port {port} is taken. Choose another one, such as PORT={value}.",
                port=port,
                value=port + 1,
            )
        )
    if error.errno == errno.EACCES:
        return CommandError(
            _("Port {port} is reserved for the administrator. Choose one above 1023.", port=port)
        )
    return CommandError(
        _("This computer has no address {host}: {strerror}.", host=host, strerror=error.strerror)
    )


def addresses_of(settings: Settings, listener: socket.socket) -> list[str]:
    """Return the addresses of Strand: the local one, and the configured ones."""
    host, port = listener.getsockname()[:2]
    shown = "localhost" if host in ANY_HOST else host
    here = f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
    return [here, *(address for address in settings.addresses if address != here)]


def run(settings: Settings, app: Callable[..., Any], listener: socket.socket) -> None:
    """Serve an app until it is stopped."""
    config = uvicorn.Config(
        behind_proxies(app, settings),
        http=bounded_http(settings.trusted_proxies),
        log_config=LOG_CONFIG,
        access_log=False,
        server_header=False,
        date_header=True,
        # `behind_proxies` reads the headers of proxies, in more forms than uvicorn does.
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    settle_memory()
    if settings.end_when_unhealthy:
        Watch(*listener.getsockname()[:2]).start()
    # After its shutdown, the server raises again the signal that stopped it. Requests use their
    # senders' languages, never that of the terminal.
    with contextlib.suppress(KeyboardInterrupt, SystemExit), speaking(ENGLISH.code):
        server.run(sockets=[listener])
    if not server.started:
        raise CommandError(_("The server did not start; the lines above say why."))


def settle_memory() -> None:
    """Exclude loaded modules from garbage collection, and collect less often.

    Scanning all of them takes a tenth of a second, here as at any request, and finds nothing.
    """
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 20, 20)


def handle_sigterm() -> None:
    """Handle SIGTERM from the start: by default the first process of a container ignores it."""
    signal.signal(signal.SIGTERM, _leave)


def _leave(_signal: int, _frame: object) -> NoReturn:
    sys.exit(0)


def say(line: str) -> None:
    """Print without buffering, for readers of a container's log."""
    print(line, flush=True)
